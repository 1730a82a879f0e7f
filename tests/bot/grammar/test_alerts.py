"""`/alert` in both languages: prices, moves with a sign, what is taken back, what is not yet."""

from decimal import Decimal

import pytest

from bot.grammar.parse import parse
from bot.grammar.parts import LevelText, Move
from bot.grammar.requests import ListAlerts, Misread, MisreadCode, RemoveAlerts, SetAlert
from bot.use_cases.lines import spelled

D = Decimal


@pytest.mark.parametrize(
    ("line", "locale", "request_"),
    [
        ("/alert", "en", SetAlert()),
        ("/alert btc", "en", SetAlert("BTC")),
        ("/alert btc 70k", "en", SetAlert("BTC", LevelText(D(70000)))),
        ("/alerta btc 70mil", "pt-BR", SetAlert("BTC", LevelText(D(70000)))),
        ("/alert btc +5%", "en", SetAlert("BTC", Move(D(5)))),
        ("/alerta eth -2,5%", "pt-BR", SetAlert("ETH", Move(D("-2.5")))),
        ("/alert btc \u22121 %", "en", SetAlert("BTC", Move(D(-1)))),
        ("/alert btcbrl R$400.000", "pt-BR", SetAlert("BTCBRL", LevelText(D(400000), unit="BRL"))),
        ("/alert btc at 70k", "en", SetAlert("BTC", LevelText(D(70000)))),
        ("/alert btc in 70k", "en", SetAlert("BTC", LevelText(D(70000)))),
        ("/alert btc above 70k", "en", SetAlert("BTC", LevelText(D(70000)))),
        ("/alert btc > 70k", "en", SetAlert("BTC", LevelText(D(70000)))),
        ("/alerta btc em 61000", "pt-BR", SetAlert("BTC", LevelText(D(61000)))),
        ("/alerta btc acima de 70.000", "pt-BR", SetAlert("BTC", LevelText(D(70000)))),
        ("/alerta btc abaixo de 50mil", "pt-BR", SetAlert("BTC", LevelText(D(50000)))),
        ("/alert btc above 70k off", "en", RemoveAlerts("BTC", LevelText(D(70000)))),
        ("/alert btc 70k off", "en", RemoveAlerts("BTC", LevelText(D(70000)))),
        ("/alerta btc nao", "pt-BR", RemoveAlerts("BTC")),
        ("/alerts", "en", ListAlerts()),
        ("/alertas", "pt-BR", ListAlerts()),
        ("/alerts off", "en", RemoveAlerts()),
        ("/alertas btc 70mil", "pt-BR", SetAlert("BTC", LevelText(D(70000)))),
    ],
)
def test_what_is_asked_is_understood(line, locale, request_):
    assert same(parse(line, locale)) == request_


def same(request):
    """Leave the other reading of a number out."""
    price = getattr(request, "price", None)
    if not isinstance(price, LevelText):
        return request
    return type(request)(request.symbol, LevelText(price.value, unit=price.unit))


@pytest.mark.parametrize(
    ("line", "code", "suggestion"),
    [
        ("/alert btc 5%", MisreadCode.NO_SIGN, "/alert btc +5%"),
        ("/alert btc +1000%", MisreadCode.PERCENT_TOO_LARGE, "/alert btc +5%"),
        ("/alert btc -100%", MisreadCode.PERCENT_TOO_LARGE, "/alert btc +5%"),
        ("/alert btc -70000", MisreadCode.BAD_NUMBER, "/alert btc +5%"),
        ("/alert btc soon", MisreadCode.BAD_NUMBER, "/alert btc +5%"),
        ("/alert 70000", MisreadCode.BAD_COIN, "/alert btc +5%"),
        ("/alert btc 70k now", MisreadCode.EXTRA_WORD, "/alert btc 70k"),
        ("/alert btc +5% off", MisreadCode.EXTRA_WORD, "/alert btc +5%"),
        ("/alert btc off now", MisreadCode.EXTRA_WORD, "/alert btc off"),
        ("/alert btc 3% in 15m", MisreadCode.NOT_YET, "/alert btc +5%"),
        ("/alert btc in 15m 3%", MisreadCode.NOT_YET, "/alert btc +5%"),
        ("/alert btc above", MisreadCode.BAD_NUMBER, "/alert btc +5%"),
        ("/alert btc above 70k now", MisreadCode.EXTRA_WORD, "/alert btc 70k"),
        ("/alert btc high 24h", MisreadCode.NOT_YET, "/alert btc +5%"),
    ],
)
def test_what_is_not_understood_gets_a_line_that_would_be(line, code, suggestion):
    answer = parse(line, "en")
    assert isinstance(answer, Misread)
    assert (answer.code, answer.suggestion) == (code, suggestion)
    assert not isinstance(parse(suggestion, "en"), Misread)


@pytest.mark.parametrize(
    "line",
    [
        "/alert btc 70000",
        "/alert btc +5%",
        "/alert btc -2.5%",
        "/alert btc 70000 off",
        "/alert btc off",
        "/alert off",
        "/alerts",
    ],
)
def test_a_request_is_spelled_as_it_was_read(line):
    request = parse(line, "en")
    assert not isinstance(request, Misread)
    assert spelled(request) == line
