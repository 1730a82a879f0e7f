alert-set = 🔔 Alerta: { $coin } em { $price }
alert-set-known = 🔔 { $coin } em { $price } já está na lista
alert-away = Agora { $now } · faltam { $percent }
alert-fired-up = { $mark } { $coin } subiu a { $price }
alert-fired-down = { $mark } { $coin } caiu a { $price }
alert-level = Seu alerta: { $price } · { $time }
alert-late = Visto depois: fora do ar { $since }–{ $until }
alert-ended = ⚪ Fim do alerta: { $coin } em { $price }
alert-ended-detail = A Binance não negocia mais esse par.
alerts-title = { $count ->
    [one] 1 alerta
   *[other] { $count } alertas
}
alerts-none = Nenhum alerta
alerts-removed = { $count ->
    [one] ✅ Alerta removido
   *[other] ✅ { $count } alertas removidos
}
alert-row = { $coin } { $arrow } { $price } · faltam { $percent }
alert-row-bare = { $coin } { $arrow } { $price }
