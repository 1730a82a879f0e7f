price-title = { $coin } { $price }
price-age = { $age } atrás · negócio { $id }
price-old = { $age } atrás: velho para operar
price-none = { $coin }: ainda sem preço

feed-offline = ⛔ Não alcanço a Binance; sigo tentando
feed-connecting = Conectando à Binance …
feed-catching_up = Me atualizando, negócio a negócio …
feed-live = ✅ Preços ao vivo
feed-live-since = Fiquei { $span } fora.
    Conferi todos os negócios do período.

status-feed-live = Preços: ao vivo
status-feed-connecting = Preços: conectando
status-feed-catching_up = Preços: me atualizando
status-feed-offline = Preços: não alcanço a Binance
status-symbol = { $symbol } · { $age } · negócio { $id }
status-symbol-none = { $symbol } · ainda sem negócio
status-symbol-old = { $symbol } · { $age }, velho · nº { $id }
status-database-up = Banco: no ar
status-database-down = Banco: fora do ar
status-open = { $count ->
    [one] { $count } aberta
   *[other] { $count } abertas
} no total · { $waiting } esperando
status-clock = Relógio a { $span } do da Binance
status-caught-up = Ao partir: { $prints ->
    [one] { $prints } negócio
   *[other] { $prints } negócios
}, { $fills ->
    [one] { $fills } execução
   *[other] { $fills } execuções
}
    de { $since } a { $until }, recuperados
status-embedded = embutido
status-nothing-caught-up = Ao partir: nada a recuperar
status-running = No ar há { $span }

chart-title = { $coin } { $interval } · { $price }
chart-title-bare = { $coin } { $interval }
chart-range = Máx. { $high } · mín. { $low } · { $percent }
chart-mine = Com a sua #{ $number } ({ $direction })
chart-none = Ainda sem candles

card-title-numbered = #{ $number } { $coin } { $direction } { $percent }
card-title-shared = { $name }: { $coin } { $direction } { $percent }
card-route = { $entry } → { $exit }
card-facts = { $reason } · { $held }
card-facts-r = { $reason } · { $held } · { $multiple }R
card-money = { $money }
card-invented = Treino · preços inventados
card-simulated = Dinheiro simulado, preços reais
