price-title = { $coin } { $price }
price-age = { $age } atrás · negócio { $id }
price-old = { $age } atrás: desatualizado, não opero
price-none = { $coin }: ainda sem preço

feed-offline = ⛔ Sem conexão com a Binance; insistindo
feed-connecting = Conectando à Binance …
feed-catching_up = Recuperando os negócios que faltam …
feed-live = ✅ Preços ao vivo
feed-live-since = Fiquei { $span } fora.
    Conferi todos os negócios do período.

status-feed-live = Preços: ao vivo
status-feed-connecting = Preços: conectando
status-feed-catching_up = Preços: recuperando
status-feed-offline = Preços: sem conexão com a Binance
status-symbol = { $symbol } · { $age } · negócio { $id }
status-symbol-none = { $symbol } · ainda sem negócio
status-symbol-old = { $symbol } · { $age }, defasado · nº { $id }
status-database-up = Banco de dados: no ar
status-database-down = Banco de dados: fora do ar
status-open = { $count ->
    [0] nenhuma aberta
    [one] { $count } aberta
   *[other] { $count } abertas
} no total · { $waiting } aguardando
status-clock = Relógio: { $span } fora do da Binance
status-caught-up = Início: { $prints ->
    [0] nenhum negócio
    [one] { $prints } negócio
   *[other] { $prints } negócios
}, { $fills ->
    [0] nenhuma execução
    [one] { $fills } execução
   *[other] { $fills } execuções
}
    de { $since } a { $until }, recuperados
status-embedded = embutido
status-nothing-caught-up = Ao iniciar: nada a recuperar
status-running = No ar há { $span }

chart-title = { $coin } { $interval } · { $price }
chart-title-bare = { $coin } { $interval }
chart-range = Máx. { $high } · mín. { $low } · { $percent }
chart-mine-several = Com as suas { $numbers }
chart-mine-last = Com as últimas { $shown } das suas { $count }
chart-mine = Com a sua operação #{ $number } ({ $direction })
chart-none = Ainda sem candles

card-title-numbered = #{ $number } { $coin } { $direction } { $percent }
card-title-shared = { $name }: { $coin } { $direction } { $percent }
card-route = { $entry } → { $exit }
card-facts = { $reason } · { $held }
card-facts-r = { $reason } · { $held } · { $multiple }R
card-money = { $money }
card-invented = Treino · preços inventados
card-simulated = Dinheiro simulado, preços reais
