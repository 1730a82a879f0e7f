menu-title = 📋 Menu · { $count ->
    [0] nada aberto
    [one] 1 operação aberta
   *[other] { $count } operações abertas
}
menu-new = 👋 Tudo pronto
menu-new-detail = Sua primeira operação, já com stop:
menu-hint = /comprar btc 100 stop2% alvo4%
    /operacoes /saldo /historico
    /grafico btc /treino /ajustes /ajuda

plans-title = 📌 { $count ->
    [one] 1 plano
   *[other] { $count } planos
}
plans-none = Nenhum plano ainda
plans-none-detail = O plano completa o que você não digita.
plans-row = { $name } · { $parts }
plans-stop = stop { $level }
plans-target = alvo { $level }
plans-empty = nada definido
plans-saved = ✅ Plano "{ $name }" salvo
plans-removed = ✅ Plano "{ $name }" apagado
plans-hint = Use um: /comprar btc plano={ $name }

practice-begin = 🎓 Treino: um minuto de operação
practice-begin-detail = As mensagens são as reais, os preços,
    inventados. Seu saldo não muda.
practice-label = Treino · preços inventados
practice-end = 🎓 Fim do treino
practice-end-detail = Foi tudo inventado; seu saldo não mudou.
    Uma operação de verdade é igual.

link-title = 🔗 Seu código: { $code }
link-detail = Digite no outro chat até { $time }:
link-line = { $line }
link-warning = Vale uma vez. Não passe a ninguém.
link-chats = Vinculados: { $chats }
linked-here = ✅ Este chat está vinculado
linked-here-detail = Mesma conta: mesmas operações e saldo.
linked-there = 🔗 { $chat } vinculado: { $name }
linked-there-detail = Não foi você? Desfaça já.

settings-title = ⚙️ Ajustes
settings-saved = ✅ { $line }
settings-confirm = Perguntar antes: { $value }
settings-money = Valores nos cartões: { $value }
settings-theme = Imagens: { $value }
settings-alerts = Avisos em: { $value }
settings-language = Idioma: { $value }
settings-zone = Fuso: { $value }
settings-gone = { $chat } inacessível: avisos esperam
settings-hint = Mude um: /ajustes perguntar nunca
setting-always = sempre, até digitando
setting-buttons = nos toques e fechar tudo
setting-never = nunca, nem no fechar tudo
setting-shown = visíveis
setting-hidden = ocultos
setting-dark = escuras
setting-light = claras
setting-all = todos os chats
setting-none = nenhum chat

chat-telegram = Telegram
chat-discord = Discord
chat-terminal = Terminal

group-title = ⚙️ Este grupo
group-saved = ✅ Salvo para este grupo
group-language = Idioma: { $value }
group-each = o de cada um
group-cooldown = Pausa entre respostas: { $value }
group-no-cooldown = nenhuma
group-hint = Mude: /grupo intervalo 10

hand-off-title = 👉 { $name }, respondo no privado
answered-in-private = Respondi no privado
hand-off-detail = Guardei o seu pedido; continue por lá.

health-title = 🩺 No ar há { $span } · { $count ->
    [one] 1 pessoa
   *[other] { $people } pessoas
}
health-platform-off = { $chat }: desligado
health-platform-starting = { $chat }: iniciando
health-platform-up = { $chat }: no ar desde { $since }
health-platform-away = { $chat }: fora desde { $since }
health-platform-bad_token = { $chat }: token recusado
health-platform-other_poller = { $chat }: outro bot usa o token
health-queued = { $count } na fila
health-reason = { $reason }
health-engine = { $armed ->
    [yes] Motor armado
   *[no] Motor desarmado
} · banco de dados { $database ->
    [yes] no ar
   *[no] fora
}
health-paused = Novas entradas: pausadas
health-trades = { $count ->
    [0] nenhuma aberta
    [one] 1 aberta
   *[other] { $open } abertas
} · { $waiting } aguardando
health-deliveries = A entregar { $pending } · perdidas { $dead }
health-machine = Memória { $memory } MB · atraso { $lag }

receipt-title = ✅ De volta após { $span }
receipt-detail = { $count ->
    [0] Nenhum negócio a conferir
    [one] Conferi 1 negócio
   *[other] Conferi { $prints } negócios
}, { $fills ->
    [0] nenhuma saída tardia
    [one] 1 saída tardia
   *[other] { $exits } saídas tardias
}
admin-done-pause = ✅ Novas entradas pausadas
admin-done-pause-detail = As abertas seguem vigiadas; dá para sair.
admin-done-resume = ✅ Novas entradas liberadas
admin-done-broadcast = ✅ A caminho de { $count ->
    [one] 1 pessoa
   *[other] { $people } pessoas
}
broadcast-title = 📣 { $text }
misread-missing_text = ✕ Qual é o aviso?
    Escreva assim: /admin avisar TEXTO

share-title = 🖼 Onde mostrar o cartão #{ $number }?
share-detail = Digite no grupo ou servidor onde estou:
share-line = { $line }
share-your-group = seu grupo
share-shown = 🖼 Mostrei em { $place }.
share-refused = ✕ Não posso escrever em { $place }.
share-failed = ✕ Não mostrei em { $place }: o Telegram
    não respondeu. Escolha de novo.
