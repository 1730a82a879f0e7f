balance-title = Saldo { $money }
balance-reserved = Em operações { $money } · em aberto { $arrow } { $pnl }
balance-equity = Patrimônio { $money }
balance-since = Desde o início { $arrow } { $money } ({ $percent })
balance-old = Preços de antes: sem dados ao vivo.

pnl-title = Resultado em { $currency }, taxas descontadas
pnl-today = Hoje
pnl-week = 7 dias
pnl-all = Total
pnl-row = { $period } { $arrow } { $money } · { $closed ->
    [0] nenhuma fechada
   *[other] { $won } de { $closed } no lucro
}
pnl-open = { $count ->
    [one] { $count } aberta
   *[other] { $count } abertas
} { $arrow } { $money }

history-title = Operações fechadas · página { $page } de { $pages }
history-none = Nenhuma operação fechada ainda
history-row-detail = { $reason } · { $when } · { $held }
history-more = Mais: /historico { $page }

done-reset = ✅ Conta nova: { $money }
done-reset-detail = { $count ->
    [0] Nada estava aberto.
    [one] Fechei uma operação no último preço.
   *[other] Fechei { $count } operações no último preço.
    }
    O /historico fica.
done-deleted = ✅ Sua conta foi apagada
done-deleted-detail = Nome, chats e ajustes foram apagados.
done-language = ✅ Agora falo português
done-timezone = ✅ Fuso: { $name }
done-timezone_now = Fuso: { $name }
    Mude: /fuso America/Manaus
done-unlinked = ✅ { $name } saiu da sua conta
done-shared = ✅ Está em { $name }
done-not_done = Certo. Nada foi feito.
done-already_done = Isso já foi feito.

welcome-new = Boas-vindas ao Vigilante, { $name }.
welcome-what =
    Uma mesa de operações com dinheiro
    simulado e preços reais da Binance.
welcome-invented =
    Uma mesa de operações com dinheiro
    simulado, aqui num mercado inventado.
welcome-which = Sua conta em dólar (USDT) ou em reais?
welcome-choice = { $number }  { $money }
welcome-money = Você tem { $money }, simulados.
welcome-try =
    Tente /preco btc, depois
    /comprar btc 100 stop2% alvo4% · /ajuda
welcome-first = Comece pequeno, e com stop:
welcome-language = English: /start en
welcome-language-also = Português: /start pt
welcome-which-language = Which language? / Qual idioma?
welcome-back = Olá de novo, { $name } · saldo { $money }
welcome-open = { $count ->
    [0] Nenhuma operação aberta
    [one] Uma operação aberta: /operacoes
   *[other] { $count } operações abertas: /operacoes
}

export-title = ✅ Todos os seus dados
export-path = Gravei em { $path }
