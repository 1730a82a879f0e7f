help-screen =
    Vigilante: dinheiro simulado, preços reais da Binance. Digite, por exemplo:

      /preco btc                       quanto custa agora
      /comprar btc 500 stop2% alvo4%   comprado em 500, stop 2 % abaixo, alvo 4 %
      /vendido eth 300 stop=14.800     vendido (short), stop em um preço
      /comprar                         pergunta passo a passo
      /vender                          vender o que tem, ou ficar vendido?

      /operacoes    /operacoes 3       todas abertas, ao vivo; uma, com execuções
      /stop 3 327.810   /alvo 3 5%     muda stop ou alvo; nao remove
      /fechar 3    /fechar btc 50%     fecha toda, ou uma parte
      /fechar tudo   /fechar ganhadoras   mostra antes e pergunta

      /saldo   /resultado   /historico   dinheiro, resultado, fechadas
      /exportar   /reiniciar   /apagar_me   seus dados, recomeçar, sumir
      /idioma en   /fuso America/Manaus   /status   /sair

    Valores: 500, 1,5mil, 500usdt, R$500, 0,01btc, 5% (do patrimônio). Taxa 0,1 %.
    Porcentagem sempre com %: stop=2 é um preço de 2. Sem alavancagem: só 1x.
    O stop executa no negócio que o alcança, mesmo se o preço saltou além dele.
    Inglês também vale: /buy btc 500 sl2% tp4%
