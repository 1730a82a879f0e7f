"""What people typed reaches Telegram as text and nothing else, within its limits."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import Message
from bot.surfaces.telegram.markup import (
    CAPTION_MAX,
    TEXT_MAX,
    clean,
    escape,
    plain_text,
    rich_html,
    text_html,
)
from tests.support.telegram.entities import read_text
from tests.support.telegram.rich import plain, read_rich

HOSTILE = (
    "<b>bold</b>",
    "<a href='https://evil.example'>here</a>",
    "</b></pre><tg-spoiler>",
    "&lt;b&gt; &amp; &copy;",
    "tg://user?id=1",
    "https://evil.example/x",
    "evil.example",
    "t.me/evil",
    "Eve @evil_bot @all",
    "me@evil.example",
    "#moon $MOON",
    "\u202eevil\u202c \u2066x\u2069",
    "two\nlines\r\nthree",
    "zero\u200bwidth\ufeff",
    "nul\x00\x1b[31m",
    "*bold* _italic_ [x](http://evil.example)",
)


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("place", ["first", "line", "table", "footer"])
def test_a_hostile_name_is_shown_as_it_is_and_does_nothing(name, place):
    given = {
        "first": Message(lines=(f"Hello {name}",)),
        "line": Message(lines=("Hello", name)),
        "table": Message(lines=("Hello",), table=(name,)),
        "footer": Message(lines=("Hello",), table=("1",), footer=(name,)),
    }[place]
    shown = read_text(text_html(given), "HTML", None)
    kinds = {entity["type"] for entity in shown.entities}
    assert kinds <= {"bold", "pre"}
    bold = [entity for entity in shown.entities if entity["type"] == "bold"]
    assert [entity["offset"] for entity in bold] == [0]
    assert "\u202e" not in shown.plain
    assert "\x00" not in shown.plain
    assert shown.plain.count("\n") == text_html(given).count("\n")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_does_nothing_in_a_rich_message_either(name):
    message = Message(lines=(f"Hi {name}",), table=("Trade P", f"{name} 1"), footer=(name,))
    blocks = read_rich({"html": rich_html(message)})
    assert [block["type"] for block in blocks] == ["paragraph", "table", "footer"]
    assert "\u202e" not in plain(blocks)


def test_what_is_ours_stays_readable():
    line = "#47 BTC long ▲ +2.51 (+0.50%) · /sl 47 60250 & more"
    assert unescape(escape(line)) == line


def test_emoji_keep_their_joiners():
    assert clean("👩‍🚀") == "👩‍🚀"


@pytest.mark.parametrize(
    ("limit", "lines"),
    [
        (TEXT_MAX, ("First", *(f"line {n} & more <b>" for n in range(900)))),
        (TEXT_MAX, ("First", "x" * 9_000)),
        (TEXT_MAX, ("y" * 9_000, "second")),
        (TEXT_MAX, ("😀" * 5_000,)),
        (CAPTION_MAX, ("First", *("@a_name in a line" for _ in range(300)))),
    ],
)
def test_what_is_too_long_is_cut_at_a_line_and_never_inside_a_tag(limit, lines):
    shown = read_text(text_html(Message(lines=lines), limit), "HTML", None)
    length = len(shown.plain.encode("utf-16-le")) // 2
    assert limit // 3 < length <= limit
    assert shown.plain.endswith("…")
    assert len(plain_text(Message(lines=lines), limit).encode("utf-16-le")) // 2 <= limit


def test_a_long_table_keeps_its_footer():
    rows = tuple(f"#{n} long BTC +1.00 2.0%" for n in range(1, 400))
    shown = read_text(
        text_html(Message(lines=("399 open",), table=rows, footer=("live 14:32",))), "HTML", None
    )
    assert shown.plain.endswith("live 14:32")
    assert len(shown.plain) <= TEXT_MAX


def test_a_table_has_at_most_28_columns():
    html = text_html(Message(lines=("x",), table=("a" * 40, "b" * 28)))
    assert re.findall(r"^(?:<pre>)?([ab]+)", html, re.MULTILINE) == ["a" * 28, "b" * 28]


def test_an_aligned_block_becomes_a_table_with_a_header_and_figures_to_the_right():
    table = (
        "Trade           PnL  Stop",
        "#47 long BTC  +2.51  2.7%",
        "#8 short ETH  −3.90     –",
    )
    table_block = read_rich({"html": rich_html(Message(lines=("2 open",), table=table))})[1]
    rows = [[cell["text"] for cell in row] for row in table_block["cells"]]
    assert rows == [
        ["Trade", "PnL", "Stop"],
        ["#47 long BTC", "+2.51", "2.7%"],
        ["#8 short ETH", "−3.90", "–"],
    ]
    assert all(cell["is_header"] for cell in table_block["cells"][0])
    assert {cell["align"] for row in table_block["cells"] for cell in row[1:]} == {"right"}


@pytest.mark.parametrize("table", [("only one",), ("Trade", "#1"), ("a b", "c 1", "d")])
def test_any_block_becomes_a_table(table):
    cells = read_rich({"html": rich_html(Message(lines=(), table=table))})[0]["cells"]
    assert len(cells) == len(table)
    assert len({len(row) for row in cells}) == 1


def test_nothing_to_say_is_still_a_message():
    assert text_html(Message(lines=())) == "…"
    assert plain_text(Message(lines=())) == "…"


@given(st.lists(st.text(max_size=40), max_size=8), st.lists(st.text(max_size=40), max_size=4))
def test_any_text_at_all_is_readable_html(lines, table):
    message = Message(lines=tuple(lines), table=tuple(table), footer=("x",))
    shown = read_text(text_html(message), "HTML", None)
    kinds = {entity["type"] for entity in shown.entities}
    assert kinds <= {"bold", "pre", "bot_command", "phone_number", "bank_card"}
