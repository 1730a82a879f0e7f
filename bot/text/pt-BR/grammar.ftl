misread-empty = Digite um comando; /ajuda mostra todos.
misread-too_long = ✕ Essa linha tem { $length } caracteres
    Leio no máximo { $limit }.
misread-odd_character = ✕ Há um caractere invisível ({ $character })
    Digite a linha de novo sem ele.
misread-no_text = ✕ Essa linha não é texto (UTF-8)
    Digite de novo.
misread-unknown_command = ✕ Não conheço "{ $text }".
misread-not_yet = ✕ { $feature }: ainda não disponível
    Nada foi feito.
misread-no_leverage = ✕ Sem alavancagem aqui: só 1x
    A mesma ordem sem { $text }?
misread-bad_number = ✕ "{ $text }" não é um número válido.
misread-bad_coin = ✕ "{ $text }" não é uma moeda.
misread-bad_target = ✕ "{ $text }" não é operação
    Use o número ou a moeda.
misread-bad_share = ✕ "{ $text }" não é uma parte
    Use uma porcentagem até 100%.
misread-bad_sign = ✕ "{ $text }": tire o sinal
    O stop é sempre contra você,
    o alvo, sempre a favor.
misread-no_sign = ✕ "{ $text }": sobe ou cai? Ponha + ou −
misread-percent_too_large = ✕ "{ $text }" é demais: menos de { $limit }%.
misread-missing_level = ✕ "{ $text }" precisa de um preço ou %.
misread-twice = ✕ "{ $text }" aparece duas vezes.
misread-amount_before_coin = ✕ { $amount } { $coin }: dinheiro ou moeda?
    Primeiro a moeda, depois o valor.
misread-extra_word = ✕ Não entendi "{ $text }" aqui.
misread-bad_language = ✕ Não falo "{ $text }"
    Falo português (pt) e inglês (en).
misread-bad_timezone = ✕ "{ $text }" não é um fuso horário.
misread-bad_period = ✕ { $text ->
    [none] Quanto tempo? Até { $limit } h.
   *[other] "{ $text }" não é uma espera: até { $limit } h.
}
misread-bad_interval = ✕ "{ $text }" não é um intervalo
    Use 1m 5m 15m 1h 4h 1d 1w
misread-bad_plan_name = ✕ "{ $text }" não serve: comece com letra.
misread-bad_code = ✕ "{ $text }" não é um código (8 caracteres).
misread-bad_setting = ✕ Não conheço "{ $text }"
    As opções estão na tela:

feature-trail = Stop móvel
feature-add = Aumentar uma operação
feature-when = Ordens condicionais
feature-volatility = Alertas de variação e máxima
feature-backtest = Backtests
feature-whatif = Simular "e se"
feature-orders = Ordens pendentes
feature-wallet = Carteira
feature-journal = Diário
feature-note = Notas
feature-limit = Ordens limitadas
feature-entry_trigger = Entrada por rompimento
feature-risk = Tamanho por risco
feature-oco = OCO
feature-expiry = Ordens com validade
feature-after_target = Stop que muda após o alvo
feature-break_even = Zero a zero
feature-stop_timeout = Stop com espera
feature-time_exit = Fechar por tempo
feature-max = Tamanho "max"
feature-ladder = Vários alvos
