"""A reply to a trade's message is about that trade, unless it names another one."""

import pytest

from bot.conversation.lines import on_replied, parked_line, read_kept, typed_line
from bot.grammar.parse import parse
from bot.grammar.requests import Misread
from bot.views import MisreadView


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
        ("/buy btc 500", "/buy btc 500"),
        ("/balance", "/balance"),
        ("hello", "hello"),
    ],
)
def test_a_reply_names_its_trade(line, meant):
    assert on_replied(line, 47, "en") == meant


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
