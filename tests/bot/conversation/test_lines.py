"""A reply to a trade's message is about that trade, unless it names another one."""

import pytest

from bot.conversation.lines import on_replied, typed_line


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


def test_a_pasted_line_is_one_line_and_bounded():
    assert typed_line("  /buy btc\n500  ") == "/buy btc 500"
    assert len(typed_line("x" * 10_000)) == 4_000


def test_a_broadcast_keeps_its_lines():
    assert typed_line("/admin broadcast Hello\nall") == "/admin broadcast Hello\nall"
