price-title = { $coin } { $price }
price-age = { $age } ago · print { $id }
price-old = { $age } old: too old to trade on
price-none = { $coin }: no price yet

feed-offline = ⛔ Can't reach Binance; still trying
feed-connecting = Connecting to Binance …
feed-catching_up = Catching up with Binance, print by print …
feed-live = ✅ Prices are live
feed-live-since = Away for { $span }.
    Every missed print was checked.

status-feed-live = Feed: live
status-feed-connecting = Feed: connecting
status-feed-catching_up = Feed: catching up
status-feed-offline = Feed: Binance cannot be reached
status-symbol = { $symbol } · { $age } · print { $id }
status-symbol-none = { $symbol } · no print yet
status-symbol-old = { $symbol } · { $age }, stale · { $id }
status-database-up = Database: up
status-database-down = Database: cannot be reached
status-open = { $count ->
    [0] none
   *[other] { $count }
} open in all · { $waiting } waiting
status-clock = Clock { $span } off Binance's
status-caught-up = Last start: { $prints ->
    [0] no prints
    [one] { $prints } print
   *[other] { $prints } prints
}, { $fills ->
    [0] no fills
    [one] { $fills } fill
   *[other] { $fills } fills
    }
    missed from { $since } to { $until }
status-embedded = embedded
status-nothing-caught-up = Last start: nothing to catch up
status-running = Running for { $span }

chart-title = { $coin } { $interval } · { $price }
chart-title-bare = { $coin } { $interval }
chart-range = High { $high } · low { $low } · { $percent }
chart-mine-several = With your { $numbers } on it
chart-mine-last = With the last { $shown } of your { $count } trades
chart-mine = With your #{ $number } ({ $direction }) on it
chart-none = No candles yet

card-title-numbered = #{ $number } { $coin } { $direction } { $percent }
card-title-shared = { $name }: { $coin } { $direction } { $percent }
card-route = { $entry } → { $exit }
card-facts = { $reason } · { $held }
card-facts-r = { $reason } · { $held } · { $multiple }R
card-money = { $money }
card-invented = Practice · invented prices
card-simulated = Simulated money, real prices
