help-screen =
    Vigilante: dinheiro simulado, preço real
    /comprar btc 500 stop2% alvo4%
    /short eth 300 stop2% · short
    /comprar · pergunta passo a passo
    /operacoes · ao vivo; /operacoes 3 · uma
    /stop 3 2% · move; /stop 3 nao · tira
    /stop 3 0x0 · zero a zero; /alvo 3 5%
    /fechar 3 · /fechar btc 50%
    /zerar tudo · mostra antes e pergunta
    /repetir 3 · a mesma outra vez
    /plano 500 stop2% · depois: /comprar btc
    /preco btc · /grafico btc 1h
    /alerta btc 70mil · aviso; /alertas
    /cartao 3 · imagem; /compartilhar 3
    /saldo · /resultado · /historico
    /treino · um minuto, preços inventados
    /ajustes · /idioma en · /fuso · /status
    /vincular · uma conta em todos os chats
    /exportar · /reiniciar · /apagar_me
    Valores: 500, 1,5mil, R$500, 0,01btc, 5%
    Diga o %: stop=2 é um preço de 2.
    Sempre 1x. Taxa: 0,1% em cada execução.
    Mais sobre um deles: /ajuda fechar
group-hello =
    👋 Olá! Aqui: preços e gráficos.
    No privado: seu dinheiro e operações.
    Tente /preco btc · /grafico btc 1h
    /compartilhar mostra um cartão seu aqui.
help-title = { $line }
    { $summary }.
help-buy =
    /comprar btc 500 stop2% alvo4%
    /comprar btc 5% stop2%
    5% é do patrimônio.
    /comprar btc plano=scalp · plano salvo
    /comprar · pergunta o que falta
    Executa no próximo negócio, em 1x.
help-short =
    /short eth 300 stop2% alvo4%
    Você ganha quando o preço cai.
    O stop do short fica acima do preço.
help-sell =
    /vender btc · o que você tem, ou short?
    Nunca abre short por conta própria.
help-trades =
    /operacoes · todas as abertas, ao vivo
    /operacoes 47 · uma, com as execuções
    No chat, toque em uma para agir.
help-sl =
    /stop 47 PREÇO · em um preço
    /stop 47 2% · a 2% da entrada, contra você
    /stop 47 0x0 · zero a zero, taxas pagas
    /stop 47 nao · sem stop
    Executa no primeiro negócio que o atinge,
    mesmo que o preço pule além dele.
help-tp =
    /alvo 47 PREÇO · em um preço
    /alvo 47 4% · a 4% da entrada, a favor
    /alvo 47 nao · sem alvo
help-close =
    /fechar 47 · a operação toda, na hora
    /zerar 47 · o mesmo: sai da operação
    /fechar btc 50% · metade do BTC aberto
    /fechar tudo · mostra antes e pergunta
    /fechar ganhadoras · /fechar perdedoras
help-again =
    /repetir · igual à última
    /repetir 47 · moeda, lado, valor, saídas
    Stop e alvo mantêm a distância em %.
help-plan =
    /plano default 500 stop2% alvo4% · salva
    Daí em diante: /comprar btc
    /plano scalp 200 stop1% · um segundo
    /comprar eth plano=scalp
    /plano scalp nao · apaga
help-price =
    /preco btc · último preço e sua idade
    No privado, "btc?" já basta.
help-chart =
    /grafico btc 1h · 1m 5m 15m 1h 4h 1d 1w
    /grafico 47 · com entrada, stop e alvo
help-alert =
    /alerta btc 70mil · uma vez, ao chegar lá
    /alerta btc +5% · ou -5%, desde agora
    /alerta btc 70mil nao · /alerta btc nao
help-alerts =
    /alertas · todos; um toque remove
    /alertas nao · remove todos
help-card =
    /cartao 47 · a operação como imagem
    Valores ficam ocultos até você mostrar:
    /ajustes valores visiveis
help-share =
    /compartilhar 47 · digite no grupo em que
    quer mostrar. Só você mostra as suas.
help-balance =
    /saldo · livre, em operações e no total
help-pnl =
    /resultado · hoje, 7 dias e total
    Taxas já descontadas.
help-history =
    /historico · fechadas, recentes primeiro
    /historico 2 · a próxima página
help-reset =
    /reiniciar · fecha tudo, abre conta nova
    Pergunta antes. O histórico fica.
help-start =
    /comecar · começar, ou voltar
help-menu =
    /menu · tudo em botões
help-practice =
    /treino · uma operação em 60 segundos:
    alvo, stop no lucro, saída, cartão.
    Preços inventados; seu saldo não muda.
help-settings =
    /ajustes · mostra todos
    /ajustes perguntar sempre · a cada vez
    /ajustes perguntar toques · nos toques
    /ajustes perguntar nunca · age direto
    Nunca vale até para fechar tudo.
    /ajustes valores ocultos · nos cartões
    /ajustes imagens claras
    /ajustes avisos telegram · só lá
help-language =
    /idioma pt · /idioma en
help-timezone =
    /fuso America/Manaus
    Dias e horários seguem este fuso.
help-link =
    /vincular · gera um código (10 minutos)
    /vincular CÓDIGO · digite no outro chat
    Os dois passam a ser uma conta só.
help-export =
    /exportar · seus dados em um arquivo
help-delete_me =
    /apagar_me · fecha tudo, apaga os dados
    Pergunta antes. Não tem volta.
help-help =
    /ajuda · a tela toda
    /ajuda fechar · um comando
help-status =
    /status · preços, banco de dados, início
help-group =
    Para quem administra o grupo:
    /grupo idioma pt · en ou cada
    /grupo intervalo 10 · segundos
help-admin =
    /admin · saúde, filas, plataformas
    /admin pausar · só saídas, sem entradas
    /admin retomar · entradas de novo
    /admin avisar TEXTO · mostra antes
help-wait =
    /esperar 30s · num script, deixa passar
help-quit =
    /sair · deixa o terminal
help-yes =
    sim · faz o que foi perguntado
help-no =
    nao · deixa tudo como está
