help-screen =
    Vigilante: simulated money, real prices
    /buy btc 500 sl2% tp4% · long, guarded
    /short eth 300 sl2% · short
    /buy · asks step by step
    /trades · all, live; /trades 3 · one
    /sl 3 2% · stop; /sl 3 off · removes it
    /sl 3 be · break-even; /tp 3 5% · target
    /close 3 · /close btc 50% · /close all
    /again 3 · the same once more
    /plan 500 sl2% · from then on: /buy btc
    /price btc · /chart btc 1h
    /alert btc 70k · tells you once; /alerts
    /card 3 · its picture; /share 3 · shows it
    /balance · /pnl · /history
    /practice · a minute, invented prices
    /settings · /language pt · /timezone
    /link · one account in all your chats
    /export · /reset · /delete_me · /status
    Amounts: 500, 1.5k, R$500, 0.01btc, 5%
    Say % when you mean it: sl=2 is a price.
    No leverage: 1x. Fee 0.1% of each fill.
    More on one: /help close
group-hello =
    👋 Hello! Here: prices and charts.
    In private: your money and your trades.
    Try /price btc · /chart btc 1h
    /share puts a closed trade's card here.
help-title = { $line }
    { $summary }.
help-buy =
    /buy btc 500 sl2% tp4%
    /buy btc 5% sl2% · 5% of equity
    /buy btc plan=scalp · by a saved plan
    /buy · asks for what is missing
    Fills at the market's next print, at 1x.
help-short =
    /short eth 300 sl2% tp4%
    You gain when the price falls.
    A short's stop stands above the price.
help-sell =
    /sell btc · what you hold of it, or short?
    It never goes short by itself.
help-trades =
    /trades · all open ones, live
    /trades 47 · one, with every fill
    In a chat, tap one for what can be done.
help-sl =
    /sl 47 PRICE · at a price
    /sl 47 2% · 2% against you from the entry
    /sl 47 be · break-even, fees paid
    /sl 47 off · no stop
    It fills at the print that reaches it,
    even if the price has jumped past it.
help-tp =
    /tp 47 PRICE · at a price
    /tp 47 4% · 4% in your favor, from entry
    /tp 47 off · no target
help-close =
    /close 47 · all of it, at once
    /close btc 50% · half of your BTC trade
    /close all · shows them first, then asks
    /close winners · /close losers
help-again =
    /again · like the last trade
    /again 47 · coin, side, amount and exits
    Exits keep their distance in percent.
help-plan =
    /plan default 500 sl2% tp4% · saves it
    From then on: /buy btc
    /plan scalp 200 sl1% · a second one
    /buy eth plan=scalp · /plan scalp off
help-price =
    /price btc · the last price and its age
    In a private chat "btc?" is enough.
help-chart =
    /chart btc 1h · 1m 5m 15m 1h 4h 1d 1w
    /chart 47 · with your entry, stop, target
help-alert =
    /alert btc 70k · once, when it gets there
    /alert btc +5% · or -5%, from now
    /alert btc 70k off · /alert btc off
help-alerts =
    /alerts · all of them; a tap removes one
    /alerts off · removes all
help-card =
    /card 47 · a closed trade as a picture
    Money stays hidden unless you show it:
    /settings money shown
help-share =
    /share 47 · typed in a group, shows it
    there. Nobody else can share your trades.
help-balance =
    /balance · free, in trades, and in all
help-pnl =
    /pnl · today, 7 days, all; after fees
help-history =
    /history · closed trades, newest first
    /history 2 · the next page
help-reset =
    /reset · closes all, begins a new account
    It asks first. Your history stays.
help-start =
    /start · begin, or come back
help-menu =
    /menu · everything as buttons
help-practice =
    /practice · a whole trade in 60 seconds:
    target, stop in profit, exit, card.
    Prices are invented; your money is safe.
help-settings =
    /settings · shows all of them
    /settings confirm always · ask each time
    /settings confirm taps · ask on taps
    /settings confirm never · no questions
    Never is for groups of trades as well.
    /settings money hidden · on cards
    /settings theme light · of pictures
    /settings notices telegram · only there
help-language =
    /language en · /language pt
help-timezone =
    /timezone Europe/Lisbon
    Days and times follow this zone.
help-link =
    /link · gives a code, good for 10 minutes
    /link CODE · typed in your other chat
    Both are one account then.
help-export =
    /export · all your data as one file
help-delete_me =
    /delete_me · closes all, deletes your data
    It asks first. This can't be undone.
help-help =
    /help · the whole screen
    /help close · one command
help-status =
    /status · feed, database, last start
help-group =
    For admins of a group or server:
    /group language en · pt or each
    /group cooldown 10 · seconds
help-admin =
    /admin · health, queues, platforms
    /admin pause · no new entries; exits work
    /admin resume · entries again
    /admin broadcast TEXT · shown first
help-wait =
    /wait 30s · in a script, lets time pass
help-quit =
    /quit · leaves the terminal
help-yes =
    yes · does what was asked about
help-no =
    no · leaves everything as it is
