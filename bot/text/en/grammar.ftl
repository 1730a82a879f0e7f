misread-empty = Type a command; /help shows them all.
misread-too_long = ✕ That line has { $length } characters
    I read at most { $limit }.
misread-odd_character = ✕ It has an invisible character ({ $character })
    Type the line again without it.
misread-no_text = ✕ That line is not text (UTF-8)
    Type it again.
misread-unknown_command = ✕ I don't know "{ $text }".
misread-not_yet = ✕ { $feature }: not yet here
    Nothing was done.
misread-no_leverage = ✕ No leverage here: 1x only
    Same order without { $text }?
misread-bad_number = ✕ "{ $text }" is not a number I can use.
misread-bad_coin = ✕ "{ $text }" is not a coin.
misread-bad_target = ✕ "{ $text }" is not a trade
    Use its number or its coin.
misread-bad_share = ✕ "{ $text }" is not a share
    Use a percentage up to 100%.
misread-bad_sign = ✕ "{ $text }": leave the sign out
    A stop is always against you,
    a target always in your favor.
misread-no_sign = ✕ "{ $text }": up or down? Put + or −
misread-percent_too_large = ✕ "{ $text }" is too much: less than { $limit }%.
misread-missing_level = ✕ "{ $text }" needs a price or a percentage.
misread-twice = ✕ "{ $text }" is there twice.
misread-amount_before_coin = ✕ { $amount } { $coin }: money or coins?
    First the coin, then the amount.
misread-extra_word = ✕ I don't understand "{ $text }" here.
misread-bad_language = ✕ I don't speak "{ $text }"
    I speak English (en), Portuguese (pt).
misread-bad_timezone = ✕ "{ $text }" is not a time zone.
misread-bad_period = ✕ { $text ->
    [none] How long? Up to { $limit } h.
   *[other] "{ $text }" is not a wait: up to { $limit } h.
}
misread-bad_interval = ✕ "{ $text }" is not an interval
    Use 1m 5m 15m 1h 4h 1d 1w
misread-bad_plan_name = ✕ "{ $text }" can't be a plan's name
    Start it with a letter.
misread-bad_code = ✕ "{ $text }" is not a code (8 characters).
misread-bad_setting = ✕ I don't know "{ $text }"
    The choices are on the screen:

feature-trail = Trailing stop
feature-add = Adding to a trade
feature-when = If-then orders
feature-volatility = Alerts on moves and highs
feature-backtest = Backtests
feature-whatif = What-if
feature-orders = Resting orders
feature-wallet = Wallet
feature-journal = Journal
feature-note = Notes
feature-limit = Limit orders
feature-entry_trigger = Stop entries
feature-risk = Size by risk
feature-oco = OCO
feature-expiry = Expiring orders
feature-after_target = Stop moves after a target
feature-break_even = Break-even
feature-stop_timeout = Stop timeout
feature-time_exit = Closing by time
feature-max = Size "max"
feature-ladder = Several targets
