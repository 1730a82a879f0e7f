confirm-close = ❓ Close { $count ->
    [one] { $trade }
   *[other] these { $count } trades
}? Now { $arrow } { $money }
confirm-close-share = ❓ Close { $share } of { $count ->
    [one] { $trade }
   *[other] { $count } trades
}? { $arrow } { $money }
confirm-reset = ❓ Start over with { $money }?
confirm-reset-detail = { $count ->
    [0] Nothing is open.
    [one] One open trade closes at the last price.
   *[other] { $count } open trades close at the last price.
    }
    Your history stays.
confirm-delete = ❓ Delete everything about you?
confirm-delete-detail = Open trades close; name and settings go.
    Only anonymous totals stay.
    This can't be undone.
confirm-open = ❓ { $pair } { $direction } · { $size }?
confirm-open-stop = Stop { $level }
confirm-open-target = target { $level }
confirm-open-bare = no stop, no target
confirm-open-now = Now { $price }
confirm-answer = yes or no?

choice-which_trade = ❓ { $coin ->
    [any] Which trade?
   *[other] Which { $coin } trade?
}
choice-sell_what = ❓ Sell what you hold, or go short?
choice-sell_whole = ❓ Close a whole trade, or go short?
choice-percent_meant = ✕ { $typed } would be a price. Did you mean { $typed }%?
choice-thousands_meant = ✕ { $typed } is far off. Did you mean { $typed } thousand?
choice-which_reading = ✕ "{ $typed }" can be read in two ways. Which?
choice-which_language = ❓ Which language?
choice-which_currency = ❓ USDT or reais?
choice-option = { $letter }  { $label } · { $line }
choice-short = short
choice-buy = buy

ask-coin = Which coin? (for instance btc)
ask-amount = { $coin }: how much? (for instance 100, 1k, 5%)
ask-stop = Stop? (2%, a price, or off)
ask-target = Target? (4%, a price, or off)
ask-level_stop = New stop? (2%, a price, or off)
ask-level_target = New target? (4%, a price, or off)
ask-alert = Tell you at which price? (70k, +5%, -5%)
ask-leave = · cancel leaves it

ask-step-coin = Which coin?
ask-step-amount = { $coin }: how much?
ask-step-stop = Where does the stop go?
ask-step-target = Where is the target?
ask-step-level_stop = #{ $number }: where does the stop go?
ask-step-level_target = #{ $number }: where is the target?
ask-step-alert = { $coin }: alert at which price?
ask-so-far = So far: { $line }
ask-from-entry = A percentage counts from the entry.
ask-now = Now { $price }

confirm-link = ❓ Join the other account?
confirm-link-nothing = Nothing is lost: this chat has no account.
confirm-link-left = You lose here: { $money }
confirm-link-trades = { $count ->
    [0] and no closed trade.
    [one] and 1 closed trade.
   *[other] and { $count } closed trades.
    }
confirm-link-alerts = { $count ->
    [one] 1 price alert ends.
   *[other] { $count } price alerts end.
    }
confirm-link-final = This can't be undone.
confirm-broadcast = ❓ Send this to { $count ->
    [one] 1 person
   *[other] { $people } people
}?
