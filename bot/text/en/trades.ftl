direction-long = long
direction-short = short
share-half = half

stop-plan = Stop { $price } ({ $percent }) → { $money }
target-plan = Target { $price } ({ $percent }) → { $money }
liquidation-level = Liquidation at { $price }
latency = · { $span }

opened-title = { $emoji } { $coin } { $direction } #{ $number } · { $money }
opened-entry = In { $price } · { $quantity } { $base } · fee { $fee }
opened-risk = Risking { $percent } of equity
opened-no-stop = No stop. Set one: /sl { $number } 2%

exit-title = { $emoji } { $what } · { $money } ({ $percent })
exits-closed = ⚪ { $count } trades closed · { $money }
exits-reduced = ⚪ { $count } trades reduced · { $money }
exits-more = … and { $count } more: /history
exit-part = { $coin } { $share } closed
exit-stop_loss = { $coin } stop
exit-trailing_stop = { $coin } trailing stop
exit-break_even = { $coin } break-even
exit-target_stop = { $coin } stop (moved)
exit-take_profit = { $coin } target
exit-time_exit = { $coin } time exit
exit-manual = { $coin } closed
exit-signal = { $coin } out: signal
exit-copy_leader = { $coin } out: leader
exit-copy_stop = { $coin } copy stop
exit-liquidation = { $coin } liquidated
exit-account_reset = { $coin } out: reset
exit-delisted = { $coin } delisted
exit-admin = { $coin } out: admin
exit-route = #{ $number } { $direction } { $entry } → { $exit }
exit-part-long = #{ $number } sold { $share } at { $price }
exit-part-short = #{ $number } bought back { $share } at { $price }
exit-at-stop = Stop { $price } · { $held }
exit-at-stop-slipped = Stop { $price }, slipped { $slippage } · { $held }
exit-at-target = Target { $price } · { $held }
exit-at-target-gained = Target { $price }, gained { $slippage } · { $held }
exit-at-liquidation = Liquidation { $price } · { $held }
exit-held = Held { $held } · fee { $fee }
exit-forgiven = Loss beyond your stake, forgiven: { $money }
exit-balance = Balance { $money }
exit-standing-both = Kept: stop { $stop } · target { $target }
exit-standing-stop = Kept: stop { $stop }
exit-standing-target = Kept: target { $target }

late-happened = Happened { $time }, while I was offline
late-happened-day = Happened { $day } { $time }; I was offline
late-exit = ({ $since }–{ $until }). #{ $number } out at { $price }:
late-entry = ({ $since }–{ $until }). In at { $price }:
late-exit-days = ({ $since }–{ $until }).
    #{ $number } out at { $price }:
late-entry-days = ({ $since }–{ $until }).
    In at { $price }:
late-same = the same fill as if I had been here.

waiting-entry = ⌛ { $coin } { $direction } waits for the next print
waiting-entry-detail = It fills there; the result follows here.
waiting-close = ⌛ Closing { $coin } #{ $number }: waits for a print
waiting-close-patient = Last price { $age } old. It closes at the
    first print that comes, however late.

exits-stop-set = ✅ { $coin } #{ $number } · stop { $price }
exits-stop-off = ✅ { $coin } #{ $number } · stop removed
exits-target-set = ✅ { $coin } #{ $number } · target { $price }
exits-target-off = ✅ { $coin } #{ $number } · target removed
exits-now = Now { $price } · { $percent } away

trades-title = { $count } open · { $arrow } { $money }
trades-none = No open trades
trades-try = Open one: /buy btc 100 sl2% tp4%
trades-row = { $arrow } { $money } ({ $percent })
trades-row-no-price = no price yet
trades-price = { $price }
trades-price-old = { $price } ({ $age } old)
trades-stop = stop { $percent } away
trades-target = target { $percent } away
trades-no-stop = no stop
trades-waiting-entry = { $coin } { $direction }: waiting for its print
trades-waiting-close = #{ $number } { $coin }: close waiting for its print
trades-equity = Equity { $money } · live { $time }
trades-equity-old = Equity { $money } · last known { $time }

trade-open = #{ $number } { $coin } { $direction } · { $arrow } { $money } ({ $percent })
trade-open-no-price = #{ $number } { $coin } { $direction } · no price yet
trade-closed = ⚪ #{ $number } { $coin } { $direction } · { $money } ({ $percent })
trade-now = Now { $price } · { $age } old
trade-size = { $quantity } { $base } · { $money } in, at { $entry }
trade-no-stop = No stop · no target: /sl { $number } 2%
trade-opened = Opened { $when }
trade-span = { $opened } → { $closed } · { $held }
trade-booked = Booked so far { $money }
trade-fill-entry = In { $quantity } at { $price } · fee { $fee }
trade-fill-exit = Out { $quantity } at { $price } · fee { $fee }
trade-fill-result = { $reason } · { $money }
trade-fill-rate = rate { $rate }
trade-fill-print = print { $id } · { $price } · { $time }

reason-stop_loss = stop
reason-trailing_stop = trailing stop
reason-break_even = break-even
reason-target_stop = stop after target
reason-take_profit = target
reason-time_exit = time exit
reason-manual = by hand
reason-signal = signal
reason-copy_leader = leader
reason-copy_stop = copy stop
reason-liquidation = liquidation
reason-account_reset = reset
reason-delisted = delisted
reason-admin = admin
