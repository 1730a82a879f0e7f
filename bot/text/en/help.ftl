help-screen =
    Vigilante: simulated money, real Binance prices. Type, for instance:

      /price btc                     what it costs now
      /buy btc 500 sl2% tp4%         long 500, stop 2 % below, target 4 % above
      /short eth 300 sl=2700         short, with the stop at a price
      /buy                           asks step by step
      /sell                          sell what you hold, or short?

      /trades    /trades 3           all open, live; one with every fill
      /sl 3 60250   /tp 3 5%         move a stop or target; off removes it
      /close 3    /close btc 50%     close all of it, or a part
      /close all    /close winners   shows them first, then asks

      /balance   /pnl   /history     money, results, closed trades
      /export   /reset   /delete_me  your data, start over, be forgotten
      /language pt   /timezone Europe/Lisbon   /status   /quit

    Amounts: 500, 1.5k, 500usdt, R$500, 0.01btc, 5% (of equity). Fee 0.1 %.
    A % is always a percentage: sl=2 is a price of 2. No leverage: 1x.
    A stop fills at the print that reaches it, even if the price jumped past.
    Portuguese works too: /comprar btc 500 stop2% alvo4%
