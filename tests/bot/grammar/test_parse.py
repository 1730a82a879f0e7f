"""What people type is understood in both languages, or refused whole with a line that works."""

from decimal import Decimal

import pytest

from bot.grammar.numbers import typed
from bot.grammar.parse import parse
from bot.grammar.requests import (
    BREAK_EVEN,
    OFF,
    Balance,
    ByCoin,
    ByNumber,
    Close,
    DeleteMe,
    Export,
    Group,
    Help,
    History,
    Language,
    LevelText,
    ListTrades,
    Misread,
    MisreadCode,
    No,
    Open,
    Pnl,
    Price,
    Quit,
    Reset,
    SellPicker,
    SetStop,
    SetTarget,
    ShowTrade,
    SizeText,
    Start,
    Status,
    Timezone,
    Wait,
    Yes,
)
from bot.grammar.words import in_words_of
from engine.core.instrument import Direction

D = Decimal
LONG, SHORT = Direction.LONG, Direction.SHORT


def percent(value: str) -> LevelText:
    return LevelText(D(value), is_percent=True)


PLAN = Open(LONG, "BTC", SizeText(D(500)), percent("2"), percent("4"))


@pytest.mark.parametrize("locale", ["en", "pt-BR"])
@pytest.mark.parametrize(
    "line",
    [
        "/buy btc 500 sl2% tp4%",
        "buy btc 500 sl=2% tp=4%",
        "/b BTC 500 sl 2% tp 4%",
        "/long btc tp=4% 500 sl2%",
        "/long sl 2% btc tp4% 500",
        "/comprar btc 500 stop2% alvo4%",
        "/c btc 500 stop=2% alvo=4%",
        "/c $BTC 500 stop: 2% alvo: 4 %",
        "/compra btc 500 stop −2% alvo +4%",
        "  /BUY\u00a0btc “500” sl = 2% tp\u200b=4%  ",
        "/buy@vigilante_bot btc 500 sl2% tp4%",
        "/buy btc 500 sl2% tp4% 1x",
    ],
)
def test_one_order_has_many_spellings_in_either_locale(line, locale):
    assert parse(line, locale) == PLAN


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("/buy", Open(LONG)),
        ("/comprar", Open(LONG)),
        ("/short eth 300", Open(SHORT, "ETH", SizeText(D(300)))),
        ("/vendido eth 300", Open(SHORT, "ETH", SizeText(D(300)))),
        ("/buy btc/usdt 1.5k", Open(LONG, "BTCUSDT", SizeText(D("1500")))),
        ("/buy btc-brl 2m", Open(LONG, "BTCBRL", SizeText(D(2_000_000)))),
        ("/buy btc 1mil", Open(LONG, "BTC", SizeText(D(1000)))),
        ("/buy btc R$500", Open(LONG, "BTC", SizeText(D(500), "BRL"))),
        ("/buy btc R$\u00a02.498,72", Open(LONG, "BTC", SizeText(D("2498.72"), "BRL"))),
        ("/buy btc 500usdt", Open(LONG, "BTC", SizeText(D(500), "USDT"))),
        ("/buy btc 500 usdt", Open(LONG, "BTC", SizeText(D(500), "USDT"))),
        ("/buy 500usdt btc", Open(LONG, "BTC", SizeText(D(500), "USDT"))),
        ("/buy btc 1.5kusdt", Open(LONG, "BTC", SizeText(D(1500), "USDT"))),
        ("/buy btc US$500", Open(LONG, "BTC", SizeText(D(500), "USDT"))),
        ("/buy btc 500 reais", Open(LONG, "BTC", SizeText(D(500), "BRL"))),
        ("/buy btc 0.01btc", Open(LONG, "BTC", SizeText(D("0.01"), "BTC"))),
        ("/buy 0.01btc", Open(LONG, None, SizeText(D("0.01"), "BTC"))),
        ("/buy btc 5%", Open(LONG, "BTC", SizeText(D(5), "%"))),
        ("/buy 1inch 500", Open(LONG, "1INCH", SizeText(D(500)))),
        ("/buy 1inch", Open(LONG, "1INCH")),
        ("/buy btc 500 sl=60250", Open(LONG, "BTC", SizeText(D(500)), LevelText(D(60250)))),
        ("/buy btc 500 sl=2", Open(LONG, "BTC", SizeText(D(500)), LevelText(D(2)))),
        ("/buy btc 500 sl=off", Open(LONG, "BTC", SizeText(D(500)))),
        (
            "/buy btc 500 sl=R$330.000,50",
            Open(LONG, "BTC", SizeText(D(500)), LevelText(D("330000.50"), unit="BRL")),
        ),
        ("/sell", SellPicker()),
        ("/vender btc 500", SellPicker("BTC", SizeText(D(500)))),
        ("/trades", ListTrades()),
        ("/op", ListTrades()),
        ("/operações", ListTrades()),
        ("/t 3", ShowTrade(ByNumber(3))),
        ("/trades #3", ShowTrade(ByNumber(3))),
        ("/operacoes btc", ShowTrade(ByCoin("BTC"))),
        ("#47", ShowTrade(ByNumber(47))),
        ("/sl 47 60250", SetStop(ByNumber(47), LevelText(D(60250)))),
        ("/stop #47 2%", SetStop(ByNumber(47), percent("2"))),
        ("/sl btc 65k", SetStop(ByCoin("BTC"), LevelText(D(65000)))),
        ("/sl 47 off", SetStop(ByNumber(47), OFF)),
        ("/stop 47 não", SetStop(ByNumber(47), OFF)),
        ("/sl off", SetStop(None, OFF)),
        ("/stop 47 tirar", SetStop(ByNumber(47), OFF)),
        ("/stop tirar 47", SetStop(ByNumber(47), OFF)),
        ("/sl remove btc", SetStop(ByCoin("BTC"), OFF)),
        ("/alvo 47 remover", SetTarget(ByNumber(47), OFF)),
        ("/stop 47 zero a zero", SetStop(ByNumber(47), BREAK_EVEN)),
        ("/stop 47 zero-a-zero", SetStop(ByNumber(47), BREAK_EVEN)),
        ("/stop btc Zero a Zero", SetStop(ByCoin("BTC"), BREAK_EVEN)),
        ("/sl 47 break even", SetStop(ByNumber(47), BREAK_EVEN)),
        ("/sl 47 break-even", SetStop(ByNumber(47), BREAK_EVEN)),
        ("/sl break even", SetStop(None, BREAK_EVEN)),
        ("/stop zero a zero", SetStop(None, BREAK_EVEN)),
        ("/sl 47 be", SetStop(ByNumber(47), BREAK_EVEN)),
        ("/stop 47 0 x 0", SetStop(ByNumber(47), BREAK_EVEN)),
        ("/sl 2%", SetStop(None, percent("2"))),
        ("/sl 60250.5", SetStop(None, LevelText(D("60250.5")))),
        ("/sl 47", SetStop(ByNumber(47))),
        ("/sl btc", SetStop(ByCoin("BTC"))),
        ("/sl", SetStop()),
        ("/tp 47 4%", SetTarget(ByNumber(47), percent("4"))),
        ("/alvo btc +4%", SetTarget(ByCoin("BTC"), percent("4"))),
        ("/tp 47 off", SetTarget(ByNumber(47), OFF)),
        ("/close 3", Close(ByNumber(3))),
        ("/x btc 50%", Close(ByCoin("BTC"), D("0.5"))),
        ("/fechar 3 metade", Close(ByNumber(3), D("0.5"))),
        ("/zerar", Close()),
        ("/zerar tudo", Close(Group.ALL)),
        ("/close all", Close(Group.ALL)),
        ("/close winners", Close(Group.WINNERS)),
        ("/fechar perdedoras 12,5%", Close(Group.LOSERS, D("0.125"))),
        ("/close 3 all", Close(ByNumber(3))),
        ("/close 50%", Close(None, D("0.5"))),
        ("/price btc", Price("BTC")),
        ("/preço btc/usdt", Price("BTCUSDT")),
        ("/preco", Price()),
        ("/saldo", Balance()),
        ("/resultado", Pnl()),
        ("/history 2", History(2)),
        ("/historico", History()),
        ("/reiniciar", Reset()),
        ("/apagar_me", DeleteMe()),
        ("/exportar", Export()),
        ("/idioma português", Language("pt-BR")),
        ("/language en", Language("en")),
        ("/fuso São Paulo", Timezone("Sao_Paulo")),
        ("/timezone Europe/Lisbon", Timezone("Europe/Lisbon")),
        ("/timezone", Timezone()),
        ("/status", Status()),
        ("/wait 30s", Wait(30.0)),
        ("/esperar 1,5 min", Wait(90.0)),
        ("/wait 250ms", Wait(0.25)),
        ("/help", Help()),
        ("/ajuda comprar", Help("buy")),
        ("/start brl", Start("BRL")),
        ("sim", Yes()),
        ("yes", Yes()),
        ("não", No()),
        ("/sair", Quit()),
    ],
)
def test_every_command_of_both_languages_is_understood(line, expected):
    assert parse(line, "en") == expected
    assert parse(line, "pt-BR") == expected


@pytest.mark.parametrize(
    ("text", "locale", "value", "other"),
    [
        ("60.250", "en", "60.250", "60250"),
        ("60.250", "pt-BR", "60250", "60.250"),
        ("60,250", "en", "60250", "60.250"),
        ("60,250", "pt-BR", "60.250", "60250"),
        ("0.250", "pt-BR", "0.250", None),
        ("1234.567", "pt-BR", "1234.567", None),
        ("70.000,50", "en", "70000.50", None),
        ("70,000.50", "pt-BR", "70000.50", None),
        ("1.234.567", "en", "1234567", None),
        ("70\u00a0000,5", "en", "70000.5", None),
        ("70mil", "en", "70000", None),
        (".5", "en", "0.5", None),
        ("0,00001234", "en", "0.00001234", None),
        ("0.0₄1234", "en", "0.00001234", None),
        ("0,0₄1234", "pt-BR", "0.00001234", None),
    ],
)
def test_one_mark_before_three_digits_is_read_by_locale_with_its_other_reading(
    text, locale, value, other
):
    level = LevelText(D(value), other_reading=None if other is None else D(other))
    assert parse(f"/sl 47 {text}", locale) == SetStop(ByNumber(47), level)


C = MisreadCode


@pytest.mark.parametrize(
    ("line", "code", "suggestion"),
    [
        ("", C.EMPTY, "/help"),
        ("/byu btc 500", C.UNKNOWN_COMMAND, "/buy btc 500"),
        ("/comprarr btc 500", C.UNKNOWN_COMMAND, "/buy btc 500"),
        ("good morning", C.UNKNOWN_COMMAND, "/help"),
        ("quanto ta o btc", C.UNKNOWN_COMMAND, "/help"),
        ("/quitt", C.UNKNOWN_COMMAND, "/help"),
        ("/trail 47 2%", C.NOT_YET, "/help"),
        ("/movel 47 2%", C.NOT_YET, "/help"),
        ("/buy btc 500 10x", C.NO_LEVERAGE, "/buy btc 500"),
        ("/buy x10 btc 500 tp2/4/8%", C.NO_LEVERAGE, "/buy btc 500 tp2%"),
        ("/buy btc 500 tp=2%:50/4%:30/8%:20", C.NOT_YET, "/buy btc 500 tp=2%"),
        ("/buy btc 500 trail=2%@3%", C.NOT_YET, "/buy btc 500"),
        ("/buy btc 500 trail2%", C.NOT_YET, "/buy btc 500"),
        ("/buy btc 500 at=60000", C.NOT_YET, "/buy btc 500"),
        ("/buy btc 500 acima=60000", C.NOT_YET, "/buy btc 500"),
        ("/buy btc max", C.NOT_YET, "/buy btc 100"),
        ("/tp 47 2/4/8%", C.NOT_YET, "/tp 47 2%"),
        ("/buy 500 btc", C.AMOUNT_BEFORE_COIN, "/buy btc 500"),
        ("/buy 500 sl2% btc", C.AMOUNT_BEFORE_COIN, "/buy sl2% btc 500"),
        ("/buy btc 70 000,50", C.EXTRA_WORD, None),
        ("/buy btc 500 thanks", C.EXTRA_WORD, "/buy btc 500"),
        ("/sell btc 500 sl2%", C.EXTRA_WORD, "/sell btc 500"),
        ("/buy btc 500 sl", C.MISSING_LEVEL, "/buy btc 500 sl=2%"),
        ("/buy btc 500 sl2% sl3%", C.TWICE, "/buy btc 500 sl2%"),
        ("/buy btc 500 sl=nan", C.BAD_NUMBER, "/buy btc 500 sl=2%"),
        ("/buy btc 500 tp 1e999999999", C.BAD_NUMBER, "/buy btc 500 tp 4%"),
        ("/buy btc 500 sl=+2%", C.BAD_SIGN, "/buy btc 500 sl=2%"),
        ("/tp 47 -4%", C.BAD_SIGN, "/tp 47 4%"),
        ("/buy btc 500 sl=100%", C.PERCENT_TOO_LARGE, "/buy btc 500 sl=2%"),
        ("/buy btc 101%", C.PERCENT_TOO_LARGE, "/buy btc 100"),
        ("/buy btc NaN", C.BAD_NUMBER, "/buy btc 100"),
        ("/buy btc 1e999999999", C.BAD_NUMBER, "/buy btc 100"),
        ("/buy btc 1_000", C.BAD_NUMBER, "/buy btc 100"),
        ("/buy btc ٥٠٠", C.BAD_NUMBER, "/buy btc 100"),
        ("/buy btc ５００", C.BAD_NUMBER, "/buy btc 100"),
        ("/buy btc 0", C.BAD_NUMBER, "/buy btc 100"),
        ("/buy btc 9999999999999999", C.BAD_NUMBER, "/buy btc 100"),
        ("/buy btc -500", C.BAD_SIGN, "/buy btc 100"),
        ("/buy 🚀 500", C.BAD_COIN, "/buy btc 500"),
        ("/price 🚀", C.BAD_COIN, "/price btc"),
        ("/sl 47 to 60250", C.EXTRA_WORD, "/sl 47 60250"),
        ("/close 3 200", C.BAD_SHARE, None),
        ("/close 3 150%", C.BAD_SHARE, None),
        ("/close 🚀", C.BAD_TARGET, "/close"),
        ("/close #0", C.BAD_TARGET, "/close"),
        ("/trades 3 4", C.EXTRA_WORD, "/trades 3"),
        ("/balance now", C.EXTRA_WORD, "/balance"),
        ("/history 0", C.BAD_NUMBER, "/history 2"),
        ("/language klingon", C.BAD_LANGUAGE, "/language en"),
        ("/timezone <b>", C.BAD_TIMEZONE, "/timezone America/Sao_Paulo"),
        ("/tp 47 0", C.BAD_NUMBER, "/tp 47"),
        ("/sl 47 150%", C.PERCENT_TOO_LARGE, "/sl 47"),
        ("/sl 47 soon", C.BAD_NUMBER, "/sl 47"),
        ("/sl 47 soon please", C.EXTRA_WORD, "/sl 47"),
        ("/tp 47 break even", C.EXTRA_WORD, "/tp 47"),
        ("/sl 47 brekeven", C.BAD_NUMBER, "/sl 47 be"),
        ("/sl 47 entry", C.BAD_NUMBER, "/sl 47 be"),
        ("/sl 47 to break even", C.EXTRA_WORD, "/sl 47 be"),
        ("/trades 🚀", C.BAD_TARGET, "/trades"),
        ("/sl 🚀 2%", C.BAD_TARGET, "/sl"),
        ("/close 3 50% 4", C.EXTRA_WORD, "/close 3 50%"),
        ("/close todos 4", C.BAD_SHARE, "/close todos 4%"),
        ("/start eur", C.EXTRA_WORD, "/start"),
        ("/buy btc 500 2k%", C.EXTRA_WORD, "/buy btc 500"),
        ("#47 2%", C.EXTRA_WORD, "#47"),
        ("/wait forever", C.BAD_PERIOD, "/wait 30s"),
        ("/wait 25h", C.BAD_PERIOD, "/wait 30s"),
        ("/buy btc\x07 500", C.ODD_CHARACTER, None),
        ("/buy btc\u202e 500", C.ODD_CHARACTER, None),
        ("/buy \ud800", C.NO_TEXT, None),
        ("/buy btc 500\x00", C.ODD_CHARACTER, None),
    ],
)
def test_what_is_not_understood_is_refused_whole_with_a_line_that_works(line, code, suggestion):
    answer = parse(line, "en")
    assert isinstance(answer, Misread)
    assert (answer.code, answer.suggestion) == (code, suggestion)


@pytest.mark.parametrize("locale", ["en", "pt-BR"])
@pytest.mark.parametrize("value", ["61479.99", "2.345", "0.123", "12.3450", "61480", "0.00001234"])
def test_a_number_in_a_suggested_line_is_read_alike_in_both_locales(value, locale):
    assert parse(f"/sl 47 {typed(D(value))}", locale) == SetStop(ByNumber(47), LevelText(D(value)))


def test_numbers_that_the_reader_typed_stay_as_he_typed_them():
    line = "/buy btc 70.000 sl 2,5%"
    assert in_words_of(line, "pt-BR", is_typed=True) == "/comprar btc 70.000 stop 2,5%"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("/help", "/ajuda"),
        ("/buy btc 100 sl2% tp=4%", "/comprar btc 100 stop2% alvo=4%"),
        ("/short btc 0.5btc sl=70000.5", "/short btc 0,5btc stop=70000,5"),
        ("/sl 47 off", "/stop 47 nao"),
        ("/buy btc 100 sl 2% tp 4%", "/comprar btc 100 stop 2% alvo 4%"),
        ("/close all", "/fechar tudo"),
        ("/close winners", "/fechar ganhadoras"),
        ("/close losers", "/fechar perdedoras"),
        ("/settings alerts all", "/ajustes alerts tudo"),
        ("/trades 3", "/operacoes 3"),
    ],
)
def test_a_suggested_line_is_told_in_the_reader_s_words_and_means_the_same(line, told):
    assert in_words_of(line, "pt-BR") == told
    assert in_words_of(line, "en") == line
    assert parse(told, "pt-BR") == parse(line, "en")
    assert parse(told, "en") == parse(line, "pt-BR")


@pytest.mark.parametrize("word", ["zero", "entrada", "empate", "zeroazer"])
def test_a_word_near_break_even_is_never_taken_for_a_distance(word):
    answer = parse(f"/stop 47 {word}", "pt-BR")
    assert isinstance(answer, Misread)
    assert answer.suggestion == "/stop 47 0x0"


def test_a_misread_teaches_in_the_reader_s_language():
    answer = parse("bom dia", "pt-BR")
    assert answer == Misread(C.UNKNOWN_COMMAND, {"text": "bom"}, suggestion="/ajuda")


@pytest.mark.parametrize(
    ("line", "suggestion"),
    [("hello", "/help"), ("/byu btc 100", "/buy btc 100"), ("buyy btc 100", "/buy btc 100")],
)
def test_a_greeting_is_no_mistyped_command(line, suggestion):
    answer = parse(line, "en")
    assert isinstance(answer, Misread)
    assert answer.suggestion == suggestion


def test_a_number_is_written_back_as_short_as_both_locales_allow():
    shares = {"50.0": "50", "60.000": "60", "60000": "60000", "60.125": "60.1250", "1.50": "1.5"}
    assert {text: typed(Decimal(text)) for text in shares} == shares
