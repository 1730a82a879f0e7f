balance-title = Balance { $money }
balance-reserved = In trades { $money } · open { $arrow } { $pnl }
balance-equity = Equity { $money }
balance-since = Since the start { $arrow } { $money } ({ $percent })
balance-old = At last known prices: not live now.

pnl-title = PnL in { $currency }, after fees
pnl-today = Today
pnl-week = 7 days
pnl-all = All time
pnl-row = { $period } { $arrow } { $money } · { $closed ->
    [0] none closed
   *[other] { $won } of { $closed } won
}
pnl-open = { $count } open { $arrow } { $money }

history-title = Closed trades · page { $page } of { $pages }
history-none = No closed trades yet
history-row-detail = { $reason } · { $when } · { $held }
history-more = More: /history { $page }

done-reset = ✅ New account: { $money }
done-reset-detail = { $count ->
    [0] Nothing was open.
    [one] One trade was closed at the last price.
   *[other] { $count } trades were closed at the last price.
    }
    /history keeps everything.
done-deleted = ✅ Your account is deleted
done-deleted-detail = Your name, chats and settings are gone.
done-language = ✅ I speak English now
done-timezone = ✅ Time zone: { $name }
done-timezone_now = Time zone: { $name }
    Change it: /timezone Europe/Lisbon
done-unlinked = ✅ { $name } is unlinked
done-shared = ✅ It is in { $name }
done-not_done = OK. Nothing was done.
done-already_done = That was done already.

welcome-new = Welcome to Vigilante, { $name }.
welcome-what =
    A trading desk with simulated money
    and real Binance prices.
welcome-invented =
    A trading desk with simulated money,
    here on an invented market.
welcome-which = Your account in dollars (USDT) or reais?
welcome-choice = { $number }  { $money }
welcome-money = You have { $money }, simulated.
welcome-try =
    Try /price btc, then
    /buy btc 100 sl2% tp4% · /help shows all.
welcome-first = Start small, with a stop:
welcome-language = English: /start en
welcome-language-also = Português: /start pt
welcome-which-language = Which language? / Qual idioma?
welcome-back = Welcome back, { $name } · balance { $money }
welcome-open = { $count ->
    [0] No open trades
    [one] One open trade: /trades
   *[other] { $count } open trades: /trades
}

export-title = ✅ All your data
export-path = Saved as { $path }
