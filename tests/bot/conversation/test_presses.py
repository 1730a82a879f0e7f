"""A press says the same after any journey, and what nobody of us wrote says nothing."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.presses import (
    BYTES_MAX,
    Press,
    PressKind,
    decode,
    encode,
    hidden_line,
    read_line,
)
from bot.grammar.requests import (
    Admin,
    CloseMany,
    DeleteMe,
    Link,
    Misread,
    Open,
    PickPage,
    Plan,
    PreviewMany,
    Reset,
    Unlink,
)
from bot.views import AskCode

D = Decimal
STEPPING = (PressKind.STEP, PressKind.FORM)


@st.composite
def presses(draw):
    kind = draw(st.sampled_from(PressKind))
    steps = draw(st.lists(st.sampled_from(AskCode), unique=True, max_size=4))
    line = draw(st.from_regex(r"/[a-z]{2,6}( [a-z0-9.%=]{1,8}){0,2}", fullmatch=True))
    owner = draw(st.one_of(st.just(""), st.integers(1, 2**63 - 1).map(str)))
    nonce = draw(st.from_regex(r"[0-9A-Za-z]{0,5}", fullmatch=True))
    is_step = kind in STEPPING and bool(steps)
    return Press(
        kind=kind,
        line=line,
        owner=owner,
        nonce=nonce,
        asks=steps[0] if is_step else None,
        asked=tuple(steps[1:]) if is_step else (),
    )


@given(presses())
def test_a_press_that_fits_comes_back_as_it_was(press):
    try:
        payload = encode(press)
    except ValueError:
        return
    assert len(payload.encode()) <= BYTES_MAX
    assert decode(payload) == press


@given(st.text(max_size=120))
def test_any_text_is_read_without_an_error_and_gives_a_request_or_a_misread(text):
    press = decode(text)
    if press is not None:
        assert read_line(press.line) is not None


def test_a_line_that_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="/plan"):
        encode(Press(kind=PressKind.DO, line="/plan " + "x" * BYTES_MAX))


@pytest.mark.parametrize("payload", ["", "d", "d.:", "q..:/trades", "d.!.:/x", "d..:" + "x" * 200])
def test_what_nobody_wrote_is_no_press(payload):
    assert decode(payload) is None


@pytest.mark.parametrize(
    "request_",
    [
        CloseMany((3, 5, 7), D("0.5")),
        CloseMany((47,), D(1)),
        PreviewMany((3, 5, 7), D("0.5"), 2),
        PickPage("/close btc 50%", 2),
        PickPage("/sl", 1),
        Plan(page=2),
        Reset(is_confirmed=True),
        DeleteMe(is_confirmed=True),
        Link("AB12CD34", is_confirmed=True),
        Unlink("discord:1234567890123456789"),
        Admin("pause", is_confirmed=True),
    ],
    ids=lambda request: type(request).__name__,
)
def test_what_nobody_can_type_comes_back_from_its_hidden_line(request_):
    line = hidden_line(request_)
    assert line is not None
    assert read_line(line) == request_


@pytest.mark.parametrize(
    "line",
    [
        *("=x", "=x 1,2", "=x , 50", "=x 1 0", "=x 1 101", "=x 1 1e9", "=reset now", "=link"),
        *("=nope 1", "=preview 0 1 100", "=preview 1 , 100", "=plans", "=plans 0", "=pick"),
        *("=pick 1", "=pick 0 /close", "=pick 1 /close 47", "=pick 1 /close all"),
        *("=pick 1 /buy btc 100", "=pick 1 /reset", "=pick 1 =reset"),
    ],
)
def test_a_forged_hidden_line_does_nothing(line):
    assert isinstance(read_line(line), Misread)


@pytest.mark.parametrize("line", ["=reset", "=delete_me", "=x 1 100", "=admin pause"])
def test_a_hidden_line_cannot_be_typed(line):
    from bot.grammar.parse import parse

    assert isinstance(parse(line, "en"), Misread)


def test_a_typed_line_is_read_as_in_english():
    assert isinstance(read_line("/buy btc 1.5k sl2%"), Open)
