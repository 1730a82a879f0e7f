alert-set = 🔔 { $coin } alert at { $price }
alert-set-known = 🔔 { $coin } at { $price } is set already
alert-away = Now { $now } · { $percent } away
alert-fired-up = { $mark } { $coin } rose to { $price }
alert-fired-down = { $mark } { $coin } fell to { $price }
alert-level = Your alert: { $price } · { $time }
alert-late = Found late: I was away { $since }–{ $until }
alert-ended = ⚪ { $coin } alert at { $price } ended
alert-ended-detail = Binance no longer trades it.
alerts-title = { $count ->
    [one] 1 alert
   *[other] { $count } alerts
}
alerts-none = No alerts
alerts-removed = { $count ->
    [one] ✅ Alert removed
   *[other] ✅ { $count } alerts removed
}
alert-row = { $coin } { $arrow } { $price } · { $percent } away
alert-row-bare = { $coin } { $arrow } { $price }
