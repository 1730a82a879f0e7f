"""What people say around an order is understood, and no price is ever suggested as an amount."""

from decimal import Decimal

import pytest

from bot.conversation.lines import on_replied
from bot.grammar.parse import parse
from bot.grammar.requests import (
    BREAK_EVEN,
    ByCoin,
    ByNumber,
    Close,
    Group,
    Language,
    LevelText,
    Misread,
    No,
    Open,
    Pnl,
    Price,
    SellPicker,
    SetStop,
    SizeText,
)
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
        ("buy eth 2500 limit", None),
        ("buy btc 70 000", None),
        ("buy btc price 59000", None),
        ("buy btc 100 trail 2%", "buy btc 100"),
    ],
)
def test_no_price_is_suggested_as_an_amount(line, suggestion, locale):
    answer = parse(line, locale)
    assert isinstance(answer, Misread)
    if suggestion is not None and locale == "pt-BR":  # his own word for the command
        suggestion = suggestion.replace("/alert ", "/alerta ")
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
        (
            "buy btc 1 m sl 2%",
            Open(LONG, "BTC", SizeText(D(10**6)), LevelText(D(2), is_percent=True)),
        ),
        ("buy btc 1 mi", Open(LONG, "BTC", SizeText(D(10**6)))),
        ("compra 100 de btc", HUNDRED),
        ("buy 100 of btc", HUNDRED),
        ("buy btc 100 please", HUNDRED),
        ("compra 100 reais de btc", Open(LONG, "BTC", SizeText(D(100), "BRL"))),
        ("buy 100 usdt of btc", Open(LONG, "BTC", SizeText(D(100), "USDT"))),
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


@pytest.mark.parametrize("locale", ["en", "pt-BR"])
@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize("said", ["zero a zero", "0x0", "be", "break even", "break-even"])
def test_break_even_is_said_alone_or_with_a_trade(said, slash, locale):
    line = slash + said
    head, *rest = line.split()
    replied = on_replied(line, 47, locale)
    assert replied is not None
    assert replied == " ".join([head, "47", *rest])
    assert parse(line, locale) == SetStop(None, BREAK_EVEN)
    assert parse(f"{line} btc", locale) == SetStop(ByCoin("BTC"), BREAK_EVEN)
    assert parse(f"{line} 47", locale) == SetStop(ByNumber(47), BREAK_EVEN)
    assert parse(replied, locale) == SetStop(ByNumber(47), BREAK_EVEN)


@pytest.mark.parametrize(
    ("line", "locale", "suggestion"),
    [
        ("zero", "pt-BR", "/stop 0x0"),
        ("/zero btc", "en", "/sl be"),
        ("zero a zero btc agora ja", "pt-BR", "/stop 0x0"),
        ("fecha eth agora", "pt-BR", "fecha eth"),
        ("fechar eth 10 usdt", "pt-BR", None),
        ("fechar eth 10usdt", "pt-BR", None),
        ("close eth 50", "en", "close eth 50%"),
        ("fecharr eth", "pt-BR", "/fechar eth"),
        ("fecharr eth", "en", "/close eth"),
        ("conta btc", "pt-BR", "/ajuda"),
        ("pause now", "en", "/help"),
        ("opa tudo", "pt-BR", "/ajuda"),
    ],
)
def test_a_guess_invents_nothing(line, locale, suggestion):
    answer = parse(line, locale)
    assert isinstance(answer, Misread)
    assert answer.suggestion == suggestion


@pytest.mark.parametrize("locale", ["en", "pt-BR"])
@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("buy bitcoin 100", HUNDRED),
        ("buy Bitcoin/usdt 100", Open(LONG, "BTCUSDT", SizeText(D(100)))),
        ("price ethereum", Price("ETH")),
        ("price ether", Price("ETH")),
        ("bitcoin", Price("BTC")),
        ("close solana", Close(ByCoin("SOL"))),
        ("price dogecoin", Price("DOGE")),
        ("price cardano", Price("ADA")),
        ("price ripple", Price("XRP")),
        ("price litecoin", Price("LTC")),
        ("price binancecoin", Price("BNB")),
        ("fecha eth", Close(ByCoin("ETH"))),
        ("zera eth", Close(ByCoin("ETH"))),
        ("feche eth", Close(ByCoin("ETH"))),
        ("vende eth 50%", SellPicker("ETH", SizeText(D(50), "%"))),
        ("vende metade do eth", SellPicker("ETH", SizeText(D(50), "%"))),
        ("sell eth half", SellPicker("ETH", SizeText(D(50), "%"))),
        ("venda eth", SellPicker("ETH")),
        ("compre btc 100", HUNDRED),
        ("lucro", Pnl()),
        ("lang pt", Language("pt-BR")),
        ("cancela", No()),
        ("sell all", Close(Group.ALL)),
        ("vende tudo", Close(Group.ALL)),
    ],
)
def test_names_and_forms_of_a_verb_are_known(line, expected, locale):
    assert parse(line, locale) == expected
