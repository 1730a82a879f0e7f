"""What chats show is as it was last read by a critical eye, for every view, surface and locale."""

import html
import re
from enum import StrEnum

import pytest

from bot.grammar.catalogue import COMMANDS
from bot.grammar.requests import MisreadCode
from bot.text import Words
from bot.text.catalog import LOCALES
from bot.views import (
    AskCode,
    ChoiceCode,
    ConfirmKind,
    DoneCode,
    FeedState,
    PlatformState,
    PracticeStep,
    ProblemCode,
)
from bot.views.plain import lines_of
from engine.core.commands import RefusalCode
from engine.core.trade import ExitReason
from tests.bot.views.samples import CATALOG
from tests.transcripts.samples import KINDS, SAMPLES
from tests.transcripts.writing import FOLDER, message_of, transcripts

COLUMNS_MAX = 42
TABLE_COLUMNS_MAX = 28
# How wide a character is on a phone, where a digit is 1.
NARROW, WIDE = frozenset("ijlftrI.,:;·'|!()[]/ "), frozenset("mwMWQOG%@—⏳✅🛑🛡🎯⚪💥⛔❓")
CODES: tuple[type[StrEnum], ...] = (
    *(AskCode, ChoiceCode, ConfirmKind, DoneCode, ExitReason, FeedState, MisreadCode),
    *(PlatformState, PracticeStep, ProblemCode, RefusalCode),
)
EXPECTED = dict(transcripts())


@pytest.mark.parametrize("path", EXPECTED, ids=lambda path: str(path.relative_to(FOLDER)))
def test_a_transcript_is_as_it_was_read(path):
    """Read the difference; then `python -m tests.transcripts --write`."""
    assert path.read_text(encoding="utf-8") == EXPECTED[path]


def test_no_transcript_is_left_over():
    assert set(FOLDER.glob("*/*/*.txt")) == EXPECTED.keys()


def test_the_samples_hold_every_kind_of_view():
    assert {type(view) for view in SAMPLES.values()} == set(KINDS)


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.__name__)
def test_the_samples_hold_every_member(code):
    shown = "".join(map(repr, SAMPLES.values()))
    assert [member for member in code if repr(member) not in shown] == []


def test_the_samples_hold_help_on_every_command():
    topics = {getattr(view, "topic", None) for view in SAMPLES.values()}
    assert {command.name for command in COMMANDS} <= topics


def width(line):
    """Return how many digits of a proportional font take as much room."""
    return sum(0.55 if char in NARROW else 1.45 if char in WIDE else 1.0 for char in line)


def test_width_counts_narrow_and_wide_letters():
    assert width("ill") < width("000") < width("www")


@pytest.mark.parametrize("locale", LOCALES)
def test_every_line_fits_a_narrow_phone(locale):
    words = Words(CATALOG, locale)
    wide = [
        (name, line)
        for name, view in SAMPLES.items()
        for line in [*message_of(view, words).lines, *message_of(view, words).footer]
        if width(line) > COLUMNS_MAX
    ]
    assert wide == []


@pytest.mark.parametrize("locale", LOCALES)
def test_every_table_fits_an_aligned_block(locale):
    words = Words(CATALOG, locale)
    tables = [message_of(view, words).table for view in SAMPLES.values()]
    lines = [line for table in tables for line in table]
    assert lines
    assert max(map(len, lines)) <= TABLE_COLUMNS_MAX


@pytest.mark.parametrize("locale", LOCALES)
def test_a_chat_never_shows_a_placeholder_that_was_not_filled(locale):
    words = Words(CATALOG, locale)
    for name, view in SAMPLES.items():
        for text in (lines_of(view, words), message_of(view, words).lines):
            assert not re.search(r"\{|\}|None", html.unescape("\n".join(text))), name
