refused-open = ⛔ Not opened: { $why }
refused-other = ⛔ Not done: { $why }
refused-alert = ⛔ No alert set: { $why }
nothing-spent = Nothing spent.
try-line = Try: { $line }

why-not_trading = { $coin } is not trading now
why-stale_price = { $coin } price is { $age } old
why-no_price = no fresh { $coin } price
why-stale_rate = no fresh exchange rate
why-no_route = no rate from { $quote } to { $currency }
why-stop_wrong_side = stop on the wrong side
why-target_wrong_side = target on the wrong side
why-below_notional_min = too small
why-below_quantity_min = too small
why-balance_too_low = not enough balance
why-share_too_small = share too small
why-trade_not_open = that trade is closed
why-order_not_waiting = that order is no longer waiting
why-alert_reached = the price is there now
why-alert_not_armed = that alert is gone
why-canceled = the order was canceled
why-try_again = I am just catching up
why-quota = limit of { $limit } reached

detail-stale_price = Last seen { $price }. I don't trade
    on a price I can't see. { $order ->
    [entry] Nothing spent.
   *[other] Nothing was done.
}
detail-no_price = I don't trade on a price I can't see.
    { $order ->
    [entry] Nothing spent.
   *[other] Nothing was done.
}
detail-stale_price-alert = Last seen { $price }. I can't watch
    a price I don't see. Try again in a moment.
detail-no_price-alert = I can't watch a price I don't see.
    Try again in a moment.
detail-not_trading = Binance has halted trading in it.
detail-no_route = Try the coin's USDT pair.
detail-stale_rate = I need { $symbols } to convert to { $currency }.
detail-stop_wrong_side = { $side ->
    [below] Stop { $level } is not below the price
   *[above] Stop { $level } is not above the price
    }
    ({ $price }); a { $direction }'s stop goes { $side }.
detail-target_wrong_side = { $side ->
    [below] Target { $level } is not below the price
   *[above] Target { $level } is not above the price
    }
    ({ $price }); a { $direction }'s target goes { $side }.
detail-below_notional_min = The order is { $notional };
    the minimum is { $minimum }.
detail-below_quantity_min = The order is { $quantity } { $base };
    the minimum is { $minimum } { $base }.
detail-balance_too_low = It costs { $needed }; you have { $balance }.
detail-share_too_small = { $share } of { $quantity } { $base } is less than
    one step ({ $step }). Close more, or all.
detail-trade_not_open = It may have closed a moment ago: /history
detail-order_not_waiting = It was just filled or ended: /trades
detail-alert_reached = It is at { $price }. Choose another price.
detail-try_again = Try again in a moment.
detail-quota = That counts open and waiting trades.
    Close one first: /trades

problem-unknown_coin = ✕ Binance has no "{ $coin }"
problem-coin_missing = ✕ Which coin?
problem-amount_missing = ✕ How much?
problem-no_open_trades = No open trades
problem-no_such_trade = ✕ You have no trade #{ $number }
problem-trade_closed = ✕ #{ $number } is closed already
problem-coin_not_open = ✕ No open trade in { $coin }
problem-no_winners = No open trade is winning now
problem-no_losers = No open trade is losing now
problem-no_price = ✕ No price of { $coin } yet; give it a second
problem-no_feed =
    ⛔ No price of { $coin } now
    Can't reach Binance; still trying.
problem-size_unit = ✕ A { $pair } amount can't be in { $unit }
problem-level_unit = ✕ { $pair } has no prices in { $unit }
    Write it in { $quote }, or in percent.
problem-bad_timezone = ✕ I don't know the time zone "{ $name }"
problem-nothing_to_confirm = Nothing is waiting for an answer
problem-expired = ✕ That question is too old. Ask again
problem-former = ✕ That was on your former account
problem-not_started = ✕ First choose USDT or R$: /start
problem-catching_up = ✕ I am just catching up
    Try again in a moment.
problem-try_again = ✕ That took too long; nothing is half done
    Look at /trades before you try again
problem-database_away = ✕ My database does not answer
    Nothing was done and nothing is lost.
    I go on as soon as it is back.
problem-too_fast = ✕ Too fast. Wait { $seconds } and send it again
problem-not_saved = ✕ I can't write to { $name }
problem-internal = ✕ My mistake. Nothing is half done
    Look at /trades before you try again
problem-paused = ⛔ New entries are paused by the host
    Open trades stay guarded; exits work.
problem-not_yours = ✕ These buttons are somebody else's
problem-not_yours-line = Yours: { $line }
problem-not_allowed = ✕ That is for admins only
problem-no_plan = ✕ You have no plan "{ $name }"
problem-no_trade_yet = No trade yet: open a first one
problem-no_candles = ✕ No candles of { $coin } now
    Try again in a moment.
problem-still_open = ✕ #{ $number } is still open: no card yet
problem-break_even_too_early = ✕ Too early: break-even is { $price }
    The price has not passed it: { $now }.
problem-link_wrong = ✕ That code is wrong, used up or expired
problem-link_tries = ✕ Too many wrong codes. Wait { $seconds }
problem-link_self = ✕ That is your own code
    Type it in your other chat.
problem-link_open = ✕ Trades are still open here
    Close them first; then link this chat.
problem-in_private = ✕ That works in private only
problem-only_in_group = ✕ That works in a group only
problem-share_closed = ✕ One of us cannot write there
problem-quota = ✕ { $limit } plans is the limit: remove one first
problem-alert_quota = ✕ { $limit } alerts is the limit: remove one
problem-no_such_alert = ✕ You have no such alert
problem-not_linked = ✕ That chat is not linked to your account
problem-practice_runs = ✕ A practice minute is running already
problem-practiced = ✕ #0 was practice: nothing was done
