"""Plans, charts, links, settings and hosts' orders are read in both languages, or refused whole."""

from decimal import Decimal

import pytest

from bot.grammar.parse import parse
from bot.grammar.requests import (
    BREAK_EVEN,
    Admin,
    Again,
    ByCoin,
    ByNumber,
    Card,
    Chart,
    GroupSettings,
    LevelText,
    Link,
    Menu,
    Misread,
    MisreadCode,
    Open,
    Plan,
    Practice,
    Price,
    SetStop,
    Settings,
    Share,
    SizeText,
    Start,
)
from bot.use_cases.lines import spelled
from engine.core.instrument import Direction

D = Decimal
LONG, SHORT = Direction.LONG, Direction.SHORT
TWO, FOUR = LevelText(D(2), is_percent=True), LevelText(D(4), is_percent=True)


@pytest.mark.parametrize(
    ("line", "request_"),
    [
        ("btc?", Price("BTC")),
        ("$eth/usdt?", Price("ETHUSDT")),
        ("/sl 47 be", SetStop(ByNumber(47), BREAK_EVEN)),
        ("/stop 0x0", SetStop(None, BREAK_EVEN)),
        ("/plan", Plan()),
        ("/plan default sl=2% tp=4%", Plan("default", None, TWO, FOUR)),
        ("/plan sl2% tp4%", Plan("default", None, TWO, FOUR)),
        ("/plano swing 5% stop2%", Plan("swing", SizeText(D(5), "%"), TWO)),
        ("/plan swing", Plan("swing")),
        ("/plan swing off", Plan("swing", is_removed=True)),
        ("/buy btc plan=swing", Open(LONG, "BTC", plan="swing")),
        ("/comprar btc 500 plano=swing", Open(LONG, "BTC", SizeText(D(500)), plan="swing")),
        ("/again", Again()),
        ("/repetir 47", Again(ByNumber(47))),
        ("/again btc", Again(ByCoin("BTC"))),
        ("/chart", Chart()),
        ("/chart btc 4h", Chart("BTC", "4h")),
        ("/grafico 4H", Chart(None, "4h")),
        ("/grafico #47", Chart(target=ByNumber(47))),
        ("/chart 47 15m", Chart(None, "15m", ByNumber(47))),
        ("/card 47", Card(ByNumber(47))),
        ("/compartilhar 47", Share(ByNumber(47))),
        ("/practice", Practice()),
        ("/treino", Practice()),
        ("/link", Link()),
        ("/link ab12-cd34", Link("AB12CD34")),
        ("/settings", Settings()),
        ("/settings confirm", Settings()),
        ("/ajustes dinheiro", Settings()),
        ("/group cooldown", GroupSettings()),
        ("/settings confirm always", Settings("confirm", "always")),
        ("/ajustes confirmar sempre", Settings("confirm", "always")),
        ("/ajustes dinheiro esconder", Settings("money", "hidden")),
        ("/settings alerts discord", Settings("alerts", "discord")),
        ("/settings notifications discord", Settings("alerts", "discord")),
        ("/settings notices all", Settings("alerts", "all")),
        ("/ajustes avisos todos", Settings("alerts", "all")),
        ("/settings pictures light", Settings("theme", "light")),
        ("/ajustes imagens claras", Settings("theme", "light")),
        ("/ajustes imagens escuras", Settings("theme", "dark")),
        ("/settings cards hidden", Settings("money", "hidden")),
        ("/ajustes valores ocultos", Settings("money", "hidden")),
        ("/ajustes valores visíveis", Settings("money", "shown")),
        ("/ajustes dinheiro oculto", Settings("money", "hidden")),
        ("/ajustes dinheiro visível", Settings("money", "shown")),
        ("/ajustes cartões ocultar", Settings("money", "hidden")),
        ("/settings ask taps", Settings("confirm", "buttons")),
        ("/ajustes perguntar toques", Settings("confirm", "buttons")),
        ("/grupo pausa nenhuma", GroupSettings("cooldown", "0")),
        ("/group pause none", GroupSettings("cooldown", "0")),
        ("/group pause 10", GroupSettings("cooldown", "10")),
        ("/group language pt", GroupSettings("language", "pt-BR")),
        ("/group cooldown 10s", GroupSettings("cooldown", "10")),
        ("/grupo idioma cada", GroupSettings("language", "each")),
        ("/admin", Admin()),
        ("/admin pausar", Admin("pause")),
        ("/admin broadcast Hello  you\nall", Admin("broadcast", "Hello  you\nall")),
        ("/menu", Menu()),
        ("/start pt", Start(None, "pt-BR")),
        ("/start brl pt", Start("BRL", "pt-BR")),
        ("/start usdt en aB3dE6gH9kLmN0pQ", Start("USDT", "en", "aB3dE6gH9kLmN0pQ")),
    ],
)
def test_a_line_means_its_request_in_either_language(line, request_):
    assert parse(line, "en") == request_
    assert parse(line, "pt-BR") == request_


@pytest.mark.parametrize(
    "request_",
    [
        Again(ByNumber(47)),
        Chart("BTC", "4h"),
        Chart(None, "15m", ByNumber(47)),
        Card(ByNumber(47)),
        Share(ByNumber(47)),
        Plan("swing", SizeText(D("1.5"), "BTC"), TWO, FOUR),
        Plan("swing", is_removed=True),
        SetStop(ByNumber(47), BREAK_EVEN),
        Settings("confirm", "never"),
        GroupSettings("cooldown", "10"),
        Start("USDT", "pt-BR", "aB3dE6gH9kLmN0pQ"),
        Price("BTC"),
        Open(SHORT, "BTC", SizeText(D(500), "USDT"), TWO, FOUR, "swing"),
        Admin("pause"),
    ],
    ids=lambda request: type(request).__name__,
)
def test_a_request_is_spelled_as_a_line_that_means_it(request_):
    assert parse(spelled(request_), "en") == request_


@pytest.mark.parametrize(
    ("line", "code", "suggestion"),
    [
        ("/chart btc 2h", MisreadCode.BAD_INTERVAL, "/chart btc 1h"),
        ("/chart 4h more", MisreadCode.EXTRA_WORD, "/chart 4h"),
        ("/admin broadcast", MisreadCode.MISSING_TEXT, "/admin"),
        ("/chart !!", MisreadCode.BAD_COIN, "/chart btc 1h"),
        ("/chart btc 1h more", MisreadCode.EXTRA_WORD, "/chart btc 1h"),
        ("/plan swing btc sl2%", MisreadCode.EXTRA_WORD, "/plan swing sl2%"),
        ("/plan !!", MisreadCode.BAD_PLAN_NAME, "/plan default sl=2% tp=4%"),
        ("/plan swing sl=200%", MisreadCode.PERCENT_TOO_LARGE, "/plan swing sl=2%"),
        ("/link 12", MisreadCode.BAD_CODE, "/link"),
        ("/settings confirm dark", MisreadCode.BAD_SETTING, "/settings"),
        ("/settings color blue", MisreadCode.BAD_SETTING, "/settings"),
        ("/group cooldown 2h", MisreadCode.BAD_SETTING, "/group"),
        ("/admin dance", MisreadCode.BAD_SETTING, "/admin"),
        ("/card !!", MisreadCode.BAD_TARGET, "/card"),
        ("/start later", MisreadCode.EXTRA_WORD, "/start"),
        ("/menu now", MisreadCode.EXTRA_WORD, "/menu"),
    ],
)
def test_what_is_not_understood_is_refused_with_a_line_that_works(line, code, suggestion):
    answer = parse(line, "en")
    assert isinstance(answer, Misread)
    assert (answer.code, answer.suggestion) == (code, suggestion)
    assert not isinstance(parse(suggestion, "en"), Misread)
