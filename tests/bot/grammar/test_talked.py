"""What people say around an order is understood, and no price is ever suggested as an amount."""

from decimal import Decimal

import pytest

from bot.grammar.parse import parse
from bot.grammar.requests import LevelText, Misread, Open, Price, SizeText
from engine.core.instrument import Direction

D = Decimal
LONG = Direction.LONG
HUNDRED = Open(LONG, "BTC", SizeText(D(100)))
STOPPED = Open(LONG, "BTC", SizeText(D(100)), LevelText(D(58000)))


@pytest.mark.parametrize("locale", ["en", "pt-BR"])
@pytest.mark.parametrize(
    ("line", "suggestion"),
    [
        ("buy eth at 2500", "/alert eth 2500"),
        ("buy eth @ 2500", "/alert eth 2500"),
        ("buy eth at=2500", "/alert eth 2500"),
        ("compra eth limite 2000", "/alert eth 2000"),
        ("compra eth a 2000", "/alert eth 2000"),
        ("comprar btc em 59000", "/alert btc 59000"),
        ("compra eth abaixo 2 mil", "/alert eth 2mil"),
        ("buy btc at 59000 100", "buy btc 100"),
        ("buy btc 100 at 59000", "buy btc 100"),
        ("compra btc por 59000", "compra btc 100"),
        ("compra a 2000 eth", "compra eth 100"),
        ("buy btc stop limit 58000", "buy btc 100 stop 2%"),
        ("buy btc 59000 100", None),
        ("buy btc 70 000", None),
        ("buy btc price 59000", None),
        ("buy btc 100 trail 2%", "buy btc 100"),
    ],
)
def test_no_price_is_suggested_as_an_amount(line, suggestion, locale):
    answer = parse(line, locale)
    assert isinstance(answer, Misread)
    assert answer.suggestion == suggestion


@pytest.mark.parametrize("locale", ["en", "pt-BR"])
@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("buy btc 100 sl 58 k", STOPPED),
        ("buy btc 100 sl=58 k", STOPPED),
        ("buy btc 100 sl58 K", STOPPED),
        ("buy btc 100 stop 58 mil", STOPPED),
        ("buy btc 100 stop at 58 k", STOPPED),
        ("comprar btc 1 mil", Open(LONG, "BTC", SizeText(D(1000)))),
        ("comprar btc R$ 1 mil", Open(LONG, "BTC", SizeText(D(1000), "BRL"))),
        ("buy btc 1 k", Open(LONG, "BTC", SizeText(D(1000)))),
        ("buy btc 1 m sl 2%", Open(LONG, "BTC", SizeText(D(10**6)), LevelText(D(2), True))),
        ("buy btc 1 mi", Open(LONG, "BTC", SizeText(D(10**6)))),
        ("compra 100 de btc", HUNDRED),
        ("buy 100 of btc", HUNDRED),
        ("buy btc 100 please", HUNDRED),
        ("compra btc 100 por favor", HUNDRED),
        ("buy me some btc", Open(LONG, "BTC")),
        ("buy me some 100", Open(LONG, None, SizeText(D(100)))),
        ("buy me 100", Open(LONG, "ME", SizeText(D(100)))),
        ("buy a 100", Open(LONG, "A", SizeText(D(100)))),
        ("preço do btc", Price("BTC")),
        ("price of btc", Price("BTC")),
        ("price btc?", Price("BTC")),
        ("price btc ?", Price("BTC")),
        ("price me", Price("ME")),
        ("price", Price()),
        ("Buy Btc 100.", HUNDRED),
        ("/buy btc 100!", HUNDRED),
        ("/buy btc, 100,", HUNDRED),
    ],
)
def test_what_is_said_around_an_order_changes_nothing(line, expected, locale):
    assert parse(line, locale) == expected
