"""A reply to a trade's message is about that trade, unless it names another one."""

import pytest
from msgspec import structs

from bot.conversation.lines import (
    PRACTICE,
    on_replied,
    parked_line,
    read_kept,
    trade_of,
    typed_line,
)
from bot.conversation.presses import Press, PressKind, encode
from bot.grammar.parse import parse
from bot.grammar.requests import Misread
from bot.messages.layout import ended, lay
from bot.text import Words
from bot.views import BroadcastView, MisreadView, PracticeStep, PracticeView
from tests.bot.views.samples import CATALOG, OPENED_USDT
from tests.transcripts.samples import SAMPLES


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("/sl 60250", "/sl 47 60250"),
        ("stop 2%", "stop 47 2%"),
        ("/sl be", "/sl 47 be"),
        ("close", "close 47"),
        ("/fechar 50%", "/fechar 47 50%"),
        ("/tp off", "/tp 47 off"),
        ("/chart 4h", "/chart 47 4h"),
        ("/again", "/again 47"),
        ("/sl #3 2%", "/sl #3 2%"),
        ("/close btc", "/close btc"),
        ("/sl 3 2%", "/sl 3 2%"),
        ("/close winners", "/close winners"),
        ("/chart btc", "/chart btc"),
        ("close 47", "close 47"),
        ("/buy btc 500", "/buy btc 500"),
        ("/balance", "/balance"),
        ("hello", "hello"),
    ],
)
def test_a_reply_names_its_trade(line, meant):
    assert on_replied(line, 47, "en") == meant


@pytest.mark.parametrize("line", ["close 50", "sl 2% now", "/tp 2/4/8%", "/sl 2 3 4"])
def test_a_line_that_makes_no_sense_with_its_trade_is_not_done_without_it(line):
    meant = on_replied(line, 47, "en")
    assert meant == line.replace(" ", " 47 ", 1)
    assert isinstance(parse(meant or "", "en"), Misread)


@pytest.mark.parametrize(
    "line", ["close", "/sl 3%", "sl be", "close 50", "/again", "card", "tp 4%"]
)
def test_a_line_about_a_practiced_trade_means_nothing(line):
    assert on_replied(line, PRACTICE, "en") is None


@pytest.mark.parametrize("line", ["/balance", "hello", "/sl #2 3%", "/close btc", "/buy btc 500"])
def test_a_line_about_anything_else_is_itself_beside_practice_too(line):
    assert on_replied(line, PRACTICE, "en") == line


def trade_named(message) -> int | None:
    """Return the trade that a message is about, as it is sent."""
    presses = [one.press for row in message.rows for one in row if one.press]
    payloads = [encode(press) if len(press.line) < 40 else "p..:T" for press in presses]
    return trade_of(payloads, "\n".join((*message.lines, *message.table, *message.footer)))


@pytest.mark.parametrize("locale", ["en", "pt-BR"])
def test_a_message_of_one_trade_names_it_and_every_other_message_none(locale):
    words = Words(CATALOG, locale)
    of_none = ("trades", "history", "many closed", "very many closed", "close all", "practice")
    seen = set()
    for name, view in SAMPLES.items():
        number = getattr(view, "number", None)
        message = lay(view, words)
        if name.startswith(of_none):
            expected = PRACTICE if name == "practice event" else None
            assert trade_named(message) == expected, name
            assert trade_named(ended(message, words)) is None, name
            seen.add(next(one for one in of_none if name.startswith(one)))
        elif number is not None and message.rows and not message.asks_room:
            assert trade_named(message) == number, name
    assert seen == set(of_none)


def test_what_only_names_a_trade_is_not_about_it():
    words = Words(CATALOG, "en")
    assert trade_named(lay(BroadcastView(text="Back soon, see #5"), words)) is None
    sure = encode(Press(kind=PressKind.DO, line="=admin broadcast see #5"))
    assert trade_of([sure], "Send to 5 people? See #5") is None
    picker = [encode(Press(kind=PressKind.DO, line=f"/sl {number} 2%")) for number in (1, 2)]
    assert trade_of(picker, "#1 and #2") is None
    page = [encode(Press(kind=PressKind.DO, line=line)) for line in ("/trades 11", "=trades 2")]
    assert trade_of(page, "11 open #11") is None


def test_what_is_practiced_is_told_by_its_number():
    view = PracticeView(step=PracticeStep.EVENT, event=structs.replace(OPENED_USDT, number=0))
    assert trade_named(lay(view, Words(CATALOG, "pt-BR"))) == PRACTICE


@pytest.mark.parametrize("locale", ["en", "pt-BR"])
@pytest.mark.parametrize(
    "line",
    [
        "/buy btc 1.500 sl=58.500 tp 2,5%",
        "/comprar eth 1,250eth",
        "/buy 2.0btc",
        "/sl 60k",
        "/sl R$330.000",
        "/vender btc 1.500k",
        "/close 12,5%",
        "/buy btc 1.500 10x",
        "nonsense|1.500",
    ],
)
def test_a_parked_line_is_read_as_it_was_typed(line, locale):
    kept = read_kept(parked_line(line, locale))
    read = parse(line, locale)
    assert kept == (MisreadView(misread=read, locale=locale) if isinstance(read, Misread) else read)


def test_a_pasted_line_is_one_line_and_bounded():
    assert typed_line("  /buy btc\n500  ") == "/buy btc 500"
    assert len(typed_line("x" * 10_000)) == 4_000


def test_a_broadcast_keeps_its_lines():
    assert typed_line("/admin broadcast Hello\nall") == "/admin broadcast Hello\nall"
