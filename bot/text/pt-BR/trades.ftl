direction-long = comprado
direction-short = vendido
share-half = metade

stop-plan = Stop { $price } ({ $percent }) → { $money }
target-plan = Alvo { $price } ({ $percent }) → { $money }
liquidation-level = Liquidação em { $price }
latency = · { $span }

opened-title = { $emoji } { $coin } { $direction } #{ $number } · { $money }
opened-entry = Entrada { $price } · { $quantity } { $base } · taxa { $fee }
opened-risk = Risco: { $percent } do patrimônio
opened-no-stop = Sem stop. Defina: /stop { $number } 2%

exit-title = { $emoji } { $what } · { $money } ({ $percent })
exits-closed = ⚪ { $count } operações fechadas · { $money }
exits-reduced = ⚪ { $count } operações reduzidas · { $money }
exits-more = … e mais { $count }: /historico
exit-part = { $coin }: fechei { $share }
exit-stop_loss = Stop em { $coin }
exit-trailing_stop = Stop móvel em { $coin }
exit-break_even = 0x0 em { $coin }
exit-target_stop = Stop pós-alvo { $coin }
exit-take_profit = Alvo em { $coin }
exit-time_exit = { $coin } saiu: prazo
exit-manual = { $coin } fechado
exit-signal = { $coin } saiu: sinal
exit-copy_leader = { $coin } saiu: líder
exit-copy_stop = Stop do copy em { $coin }
exit-liquidation = { $coin } liquidado
exit-account_reset = { $coin } saiu: reinício
exit-delisted = { $coin } deslistado
exit-admin = { $coin } saiu: admin
exit-route = #{ $number } { $direction } { $entry } → { $exit }
exit-part-long = #{ $number } vendi { $share } a { $price }
exit-part-short = #{ $number } recomprei { $share } a { $price }
exit-at-stop = Stop { $price } · { $held }
exit-at-stop-slipped = Stop { $price }, slippage { $slippage } · { $held }
exit-at-target = Alvo { $price } · { $held }
exit-at-target-gained = Alvo { $price }, ganhou { $slippage } · { $held }
exit-at-liquidation = Liquidação { $price } · { $held }
exit-held = Durou { $held } · taxa { $fee }
exit-forgiven = Perda além da margem, perdoada: { $money }
exit-balance = Saldo { $money }
exit-standing-both = Mantidos: stop { $stop } · alvo { $target }
exit-standing-stop = Mantido: stop { $stop }
exit-standing-target = Mantido: alvo { $target }

late-happened = Foi às { $time }, comigo fora do ar
late-happened-day = Foi em { $day } às { $time }, comigo fora do ar
late-exit = ({ $since }–{ $until }). #{ $number } saiu a { $price }:
late-entry = ({ $since }–{ $until }). Entrada a { $price }:
late-exit-days = ({ $since }–{ $until }).
    #{ $number } saiu a { $price }:
late-entry-days = ({ $since }–{ $until }).
    Entrada a { $price }:
late-same = o mesmo que se eu estivesse no ar.

waiting-entry = ⌛ { $coin } { $direction }: aguarda o próximo negócio
waiting-entry-detail = Executa nele; o resultado vem aqui.
waiting-close = ⌛ Fechando { $coin } #{ $number }: aguarda um negócio
waiting-close-patient = O último preço é de { $age } atrás. Fecha no
    primeiro negócio, demore o que demorar.

exits-stop-set = ✅ { $coin } #{ $number } · stop { $price }
exits-stop-off = ✅ { $coin } #{ $number } · stop removido
exits-target-set = ✅ { $coin } #{ $number } · alvo { $price }
exits-target-off = ✅ { $coin } #{ $number } · alvo removido
exits-now = Agora { $price } · faltam { $percent }

trades-title = { $count ->
    [one] { $count } aberta
   *[other] { $count } abertas
} · { $arrow } { $money }
trades-none = Nenhuma operação aberta
trades-try = Abra uma: /comprar btc 100 stop2% alvo4%
trades-row = { $arrow } { $money } ({ $percent })
trades-row-no-price = ainda sem preço
trades-price = { $price }
trades-price-old = { $price } ({ $age } atrás)
trades-stop = stop a { $percent }
trades-target = alvo a { $percent }
trades-no-stop = sem stop
trades-waiting-entry = { $coin } { $direction }: aguarda um negócio
trades-waiting-close = #{ $number } { $coin }: fechamento aguarda um negócio
trades-equity = Patrimônio { $money } · ao vivo { $time }
trades-equity-old = Patrimônio { $money } · preços de { $time }

trade-open = #{ $number } { $coin } { $direction } · { $arrow } { $money } ({ $percent })
trade-open-no-price = #{ $number } { $coin } { $direction } · ainda sem preço
trade-closed = ⚪ #{ $number } { $coin } { $direction } · { $money } ({ $percent })
trade-now = Agora { $price } · { $age } atrás
trade-size = { $quantity } { $base } · { $money } a { $entry }
trade-no-stop = Sem stop · sem alvo: /stop { $number } 2%
trade-opened = Aberta em { $when }
trade-span = { $opened } → { $closed } · { $held }
trade-booked = Já realizado { $money }
trade-fill-entry = Entrada { $quantity } a { $price } · taxa { $fee }
trade-fill-exit = Saída { $quantity } a { $price } · taxa { $fee }
trade-fill-result = { $reason } · { $money }
trade-fill-rate = câmbio { $rate }
trade-fill-print = nº { $id } · { $price } · { $time }

reason-stop_loss = stop
reason-trailing_stop = stop móvel
reason-break_even = zero a zero
reason-target_stop = stop após alvo
reason-take_profit = alvo
reason-time_exit = prazo
reason-manual = manual
reason-signal = sinal
reason-copy_leader = líder
reason-copy_stop = stop de cópia
reason-liquidation = liquidação
reason-account_reset = reinício
reason-delisted = deslistado
reason-admin = admin
