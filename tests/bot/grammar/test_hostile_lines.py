"""No line, however long or odd, raises, takes long, or is half obeyed."""

import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.grammar.line import LINE_MAX
from bot.grammar.numbers import VALUE_MAX
from bot.grammar.parse import parse
from bot.grammar.requests import LevelText, Misread, MisreadCode, Open, SetStop, SizeText
from bot.grammar.words import COMMANDS, LATER_COMMANDS, LATER_OPTIONS

MB = 1_000_000
SECONDS_MAX = 0.05

BOMBS = [
    "x" * MB,
    "\ud800" * MB,
    " " * MB,
    "\x00" * MB,
    "/buy btc " + "9" * MB,
    "🚀" * MB,
    "/buy btc " + "1," * 190,
    "R$ " * 130,
    "= " * 190,
    "/buy " + "btc 5 " * 60,
    "/buy " + "sl=2% 10x " * 35,
    "sl " * 130,
    "a\u0301" * 200,
    "\ufdfa" * LINE_MAX,
    "/" + "o" * 390,
    "/buy btc sl=" + "1." * 190,
    "/wait " + "9" * 380,
    "/fuso " + "\u0344" * 380,
]


@pytest.mark.parametrize("line", BOMBS, ids=range(len(BOMBS)))
@pytest.mark.parametrize("locale", ["en", "pt-BR"])
def test_a_bomb_is_refused_within_50_ms(line, locale):
    best = min(_seconds(line, locale) for _ in range(3))
    assert best < SECONDS_MAX
    assert isinstance(parse(line, locale), Misread)


def _seconds(line, locale):
    start = time.thread_time()
    parse(line, locale)
    return time.thread_time() - start


def test_a_long_line_is_refused_not_cut_and_obeyed():
    line = "/close all " + " " * LINE_MAX + "no, wait"
    answer = parse(line, "en")
    assert isinstance(answer, Misread)
    assert answer.code is MisreadCode.TOO_LONG


WORDS = """
btc eth $BTC btc/usdt 1inch #47 47 500 1.5k 70.000,50 R$500 5% 2% sl=2% sl2% sl tp tp=4% off be
2/4/8% 10x x10 0x0 all winners 50% NaN 1e9 1e999999999 ٥٠٠ -5 +5% = %
"""
PIECES = st.sampled_from(
    ["/" + word for word in [*COMMANDS, *LATER_COMMANDS]] + [*LATER_OPTIONS] + WORDS.split()
)
LINES = st.one_of(
    st.text(max_size=450),
    st.lists(PIECES | st.text(max_size=12), max_size=9).map(" ".join),
    st.text(alphabet="0123456789.,%+-kmRr$eE ", max_size=40).map("/buy btc ".__add__),
)


def _numbers(value):
    if isinstance(value, SizeText | LevelText):
        yield value.value
        if value.other_reading is not None:
            yield value.other_reading
    elif isinstance(value, Open):
        for part in (value.size, value.stop, value.target):
            yield from _numbers(part)
    elif isinstance(value, SetStop):
        yield from _numbers(value.level)


@given(line=LINES, locale=st.sampled_from(["en", "pt-BR"]))
def test_any_line_gives_a_request_in_range_or_a_printable_misread(line, locale):
    answer = parse(line, locale)
    if not isinstance(answer, Misread):
        for number in _numbers(answer):
            assert isinstance(number, Decimal)
            assert 0 < number <= VALUE_MAX
        return
    for text in answer.facts.values():
        assert len(text) <= 32
        text.encode()
    if answer.suggestion is not None:
        assert not isinstance(parse(answer.suggestion, locale), Misread)


@given(
    words=st.permutations(["btc", "500usdt", "sl=2%", "tp=4%"]),
    locale=st.sampled_from(["en", "pt-BR"]),
)
def test_the_order_of_the_options_never_matters(words, locale):
    assert parse("/buy " + " ".join(words), locale) == parse("/buy btc 500usdt sl2% tp4%", locale)
