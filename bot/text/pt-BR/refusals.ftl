refused-open = ⛔ Não abri: { $why }
refused-other = ⛔ Não fiz: { $why }
refused-alert = ⛔ Sem alerta: { $why }
nothing-spent = Nada foi gasto.
try-line = Tente: { $line }

why-not_trading = { $coin } não está em negociação
why-stale_price = preço do { $coin } de { $age } atrás
why-no_price = { $coin } está sem preço atual
why-stale_rate = câmbio sem preço atual
why-no_route = sem câmbio de { $quote } para { $currency }
why-stop_wrong_side = stop do lado errado
why-target_wrong_side = alvo do lado errado
why-below_notional_min = valor pequeno demais
why-below_quantity_min = quantidade pequena demais
why-balance_too_low = saldo insuficiente
why-share_too_small = parte pequena demais
why-trade_not_open = essa operação já fechou
why-order_not_waiting = essa ordem não aguarda mais
why-alert_reached = o preço já está lá
why-alert_not_armed = esse alerta já saiu
why-canceled = a ordem foi cancelada
why-try_again = ainda estou recuperando os preços
why-quota = limite de { $limit } atingido

detail-stale_price = Último: { $price }. Não opero com preço
    que não vejo. { $order ->
    [entry] Nada foi gasto.
   *[other] Nada foi feito.
}
detail-no_price = Não opero com preço que não vejo.
    { $order ->
    [entry] Nada foi gasto.
   *[other] Nada foi feito.
}
detail-stale_price-alert = Último: { $price }. Não dá para vigiar
    um preço que não vejo. Tente daqui a pouco.
detail-no_price-alert = Não dá para vigiar um preço que não vejo.
    Tente daqui a pouco.
detail-not_trading = A Binance suspendeu a negociação.
detail-no_route = Tente o par da moeda em USDT.
detail-stale_rate = Preciso de { $symbols } para converter em { $currency }.
detail-stop_wrong_side = { $side ->
    [below] O stop { $level } não está abaixo do preço
   *[above] O stop { $level } não está acima do preço
    }
    ({ $price }); stop de { $direction } fica { $side ->
    [below] abaixo
   *[above] acima
    }.
detail-target_wrong_side = { $side ->
    [below] O alvo { $level } não está abaixo do preço
   *[above] O alvo { $level } não está acima do preço
    }
    ({ $price }); alvo de { $direction } fica { $side ->
    [below] abaixo
   *[above] acima
    }.
detail-below_notional_min = A ordem é de { $notional };
    o mínimo é { $minimum }.
detail-below_quantity_min = A ordem é de { $quantity } { $base };
    o mínimo é { $minimum } { $base }.
detail-balance_too_low = Custa { $needed };
    você tem { $balance }.
detail-share_too_small = { $share } de { $quantity } { $base } é menos que o
    mínimo ({ $step }). Feche mais, ou tudo.
detail-trade_not_open = Pode ter fechado agora mesmo: /historico
detail-order_not_waiting = Já foi executada ou encerrada: /operacoes
detail-alert_reached = Está em { $price }. Escolha outro preço.
detail-try_again = Tente de novo em instantes.
detail-quota = Contam as abertas e as que aguardam.
    Feche uma antes: /operacoes

problem-unknown_coin = ✕ A Binance não tem "{ $coin }"
problem-coin_missing = ✕ Qual moeda?
problem-amount_missing = ✕ Quanto?
problem-no_open_trades = Nenhuma operação aberta
problem-no_such_trade = ✕ Você não tem a operação #{ $number }
problem-trade_closed = ✕ #{ $number } já está fechada
problem-coin_not_open = ✕ Nenhuma operação aberta em { $coin }
problem-no_winners = Nenhuma operação está no lucro agora
problem-no_losers = Nenhuma operação está no prejuízo agora
problem-no_price = ✕ Ainda sem preço de { $coin }; um segundo
problem-no_feed =
    ⛔ Sem preço de { $coin } agora
    Sem conexão com a Binance; insistindo.
problem-size_unit = ✕ O valor de { $pair } não pode ser em { $unit }
problem-level_unit = ✕ { $pair } não tem preço em { $unit }
    Escreva em { $quote }, ou em porcentagem.
problem-bad_timezone = ✕ Não conheço o fuso "{ $name }"
problem-nothing_to_confirm = Não há nada para confirmar
problem-expired = ✕ Essa pergunta expirou. Peça de novo
problem-former = ✕ Isso era da sua conta anterior
problem-not_started = ✕ Antes, escolha USDT ou R$: /comecar
problem-catching_up = ✕ Ainda estou recuperando os preços
    Tente de novo em instantes.
problem-try_again = ✕ Demorou; nada ficou pela metade
    Veja /operacoes antes de repetir
problem-database_away = ✕ Meu banco de dados não responde
    Nada foi feito e nada se perde.
    Sigo assim que ele voltar.
problem-too_fast = ✕ Rápido demais. Espere { $seconds } e repita
problem-not_saved = ✕ Não consigo gravar em { $name }
problem-internal = ✕ Erro meu. Nada ficou pela metade
    Veja /operacoes antes de repetir
problem-paused = ⛔ Novas entradas estão pausadas
    As abertas seguem vigiadas; dá para sair.
problem-not_yours = ✕ Estes botões são de outra pessoa
problem-not_yours-line = Os seus: { $line }
problem-not_allowed = ✕ Isso é só para administradores
problem-no_plan = ✕ Você não tem o plano "{ $name }"
problem-no_trade_yet = Nenhuma operação ainda: abra a primeira
problem-no_candles = ✕ Sem candles de { $coin } agora
    Tente de novo em instantes.
problem-still_open = ✕ #{ $number } ainda está aberta: sem cartão
problem-break_even_too_early = ✕ Cedo demais: 0x0 é { $price }
    O preço ainda não passou: { $now }.
problem-link_wrong = ✕ Código errado, já usado ou vencido
problem-link_tries = ✕ Muitos códigos errados. Espere { $seconds }
problem-link_self = ✕ Esse código é seu
    Digite-o no outro chat.
problem-link_open = ✕ Ainda há operações abertas aqui
    Feche antes; depois vincule este chat.
problem-in_private = ✕ Isso só funciona no privado
problem-share_closed = ✕ Um de nós não pode escrever ali
problem-alert_quota = ✕ O limite é de { $limit } alertas: tire um
problem-no_such_alert = ✕ Você não tem esse alerta
problem-only_in_group = ✕ Isso só funciona em um grupo
problem-quota = ✕ O limite é de { $limit } planos: apague um
problem-not_linked = ✕ Esse chat não está vinculado à conta
problem-practice_runs = ✕ Um treino já está em andamento
problem-practiced = ✕ A #0 era treino: nada foi feito
