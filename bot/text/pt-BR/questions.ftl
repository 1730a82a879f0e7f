confirm-close = ❓ Zerar { $count ->
    [one] { $trade }
   *[other] { $count } operações
}? Agora { $arrow } { $money }
confirm-close-share = ❓ Fechar { $share } de { $count ->
    [one] { $trade }
   *[other] { $count } operações
}? { $arrow } { $money }
confirm-reset = ❓ Reiniciar com { $money }?
confirm-reset-detail = { $count ->
    [0] Nada está aberto.
    [one] A operação aberta fecha no último preço.
   *[other] As { $count } abertas fecham no último preço.
    }
    O histórico fica.
confirm-delete = ❓ Apagar tudo sobre você?
confirm-delete-detail = As abertas fecham; nome e ajustes somem.
    Ficam só totais anônimos. Não tem volta.
confirm-open = ❓ { $pair } { $direction } · { $size }?
confirm-open-stop = Stop { $level }
confirm-open-target = alvo { $level }
confirm-open-bare = sem stop, sem alvo
confirm-open-now = Agora { $price }
confirm-answer = sim ou não?

choice-which_trade = ❓ { $coin ->
    [any] Qual operação?
   *[other] Qual operação de { $coin }?
}
choice-sell_what = ❓ Vender o que tem, ou abrir short?
choice-sell_whole = ❓ Fechar uma inteira, ou abrir short?
choice-percent_meant = ✕ { $typed } seria um preço. Quis dizer { $typed }%?
choice-thousands_meant = ✕ { $typed } está longe. Quis dizer { $typed } mil?
choice-which_reading = ✕ "{ $typed }" tem duas leituras. Qual?
choice-which_language = ❓ Qual idioma?
choice-which_currency = ❓ USDT ou reais?
choice-option = { $letter }  { $label } · { $line }
choice-short = abrir short
choice-buy = comprar

ask-coin = Qual moeda? (por exemplo btc)
ask-amount = { $coin }: quanto? (por exemplo 100, 1mil, 5%)
ask-stop = Stop? (2%, um preço, ou "não")
ask-target = Alvo? (4%, um preço, ou "não")
ask-level_stop = Novo stop? (2%, um preço, ou "não")
ask-level_target = Novo alvo? (4%, um preço, ou "não")
ask-alert = Aviso em que preço? (70mil, +5%, -5%)
ask-leave = · cancelar desiste

ask-step-coin = Qual moeda?
ask-step-amount = { $coin }: quanto?
ask-step-stop = Onde fica o stop?
ask-step-target = Onde fica o alvo?
ask-step-level_stop = #{ $number }: onde fica o stop?
ask-step-level_target = #{ $number }: onde fica o alvo?
ask-step-alert = { $coin }: alerta em que preço?
ask-so-far = Até aqui: { $line }
ask-from-entry = A porcentagem é a partir da entrada.
ask-now = Agora { $price }

confirm-link = ❓ Entrar na outra conta?
confirm-link-nothing = Nada se perde: este chat não tem conta.
confirm-link-left = Você perde aqui: { $money }
confirm-link-trades = { $count ->
    [0] e nenhuma operação fechada.
    [one] e 1 operação fechada.
   *[other] e { $count } operações fechadas.
}
confirm-link-alerts = { $count ->
    [one] 1 alerta de preço acaba.
   *[other] { $count } alertas de preço acabam.
}
confirm-link-final = Não tem volta.
confirm-broadcast = ❓ Enviar isto a { $count ->
    [one] 1 pessoa
   *[other] { $people } pessoas
}?
