"""Every message exists in both languages with the same placeholders, and is used."""

import re
from pathlib import Path

import pytest
from fluent.syntax import ast, parse, visitor

from bot.grammar.catalogue import COMMANDS, Kind
from bot.grammar.parse import parse as read
from bot.grammar.requests import LevelText, Misread, MisreadCode
from bot.grammar.words import _LATER_COMMANDS, _LATER_OPTIONS
from bot.grammar.words import COMMANDS as TYPED
from bot.text import Words, load_catalog
from bot.text.catalog import FOLDER, LOCALES
from bot.views import (
    AskCode,
    ChoiceCode,
    DoneCode,
    FeedState,
    PlatformState,
    ProblemCode,
)
from bot.views.plain.refusals import _WITHOUT_DETAIL
from engine.core.alerts import Crossing
from engine.core.commands import RefusalCode
from engine.core.instrument import Direction
from engine.core.trade import ExitReason

BOT = Path(__file__).parents[3] / "bot"
LITERAL = re.compile(r"[\"']([a-z]+(?:-[a-z_]+)*)[\"']")
COMMAND_NAMED = re.compile(r"(?<![\w/])/([a-z_]+)")
EXAMPLE = re.compile(r"(?<![\w/])(/[^·;]+)")
PLACEHOLDER = re.compile(r"CODE|CÓDIGO|TEXT|PRICE|PREÇO|·")
PREFIX = re.compile(r'f"([a-z]+(?:-[a-z]+)*-)\{')

# `do` is Discord's own way to type a line.
NAMES = [*(each.name for each in COMMANDS), "do"]
PARAMETERS = sorted({one.name for each in COMMANDS for one in each.parameters} | {"do"})
FIXED = [one for each in COMMANDS for one in each.parameters if one.kind is not Kind.INTERVAL]
VALUES_NAMED = sorted({choice for each in FIXED for choice in each.choices})
SUMMARY_MAX, DESCRIPTION_MAX = 60, 100
HELP_LINES_MAX, TOPIC_LINES_MAX, COLUMNS_MAX = 24, 8, 42

FAMILIES = {
    "direction-": [each.value for each in Direction],
    "exit-": [each.value for each in ExitReason],
    "exit-part-": [each.value for each in Direction],
    "exit-standing-": ["both", "stop", "target"],
    "exits-": ["stop-off", "stop-set", "target-off", "target-set"],
    "reason-": [each.value for each in ExitReason],
    "why-": [*(each.value for each in RefusalCode), "no_price"],
    "detail-": [
        *(each.value for each in RefusalCode if each not in _WITHOUT_DETAIL),
        *("no_price", "no_price-alert", "stale_price-alert"),
    ],
    "problem-": [each.value for each in ProblemCode],
    "misread-": [each.value for each in MisreadCode],
    "feature-": [*_LATER_COMMANDS, *_LATER_OPTIONS, "ladder", "volatility"],
    "alert-fired-": [each.value for each in Crossing],
    "choice-": [each.value for each in ChoiceCode],
    "confirm-open-": ["stop", "target"],
    "done-": [each.value for each in DoneCode],
    "feed-": [each.value for each in FeedState],
    "status-feed-": [each.value for each in FeedState],
    "pnl-": ["today", "week", "all"],
    "ask-": [each.value for each in AskCode],
    "ask-step-": [each.value for each in AskCode],
    "command-": NAMES,
    "help-": [each.name for each in COMMANDS],
    "parameter-": PARAMETERS,
    "value-": VALUES_NAMED,
    "practice-": ["begin", "begin-detail", "end", "end-detail"],
    "settings-": ["confirm", "money", "theme", "alerts", "language", "zone"],
    "setting-": ["always", "buttons", "never", "shown", "hidden", "dark", "light"],
    "chat-": ["telegram", "discord", "terminal"],
    "health-platform-": [each.value for each in PlatformState],
    "admin-done-": ["pause", "resume", "broadcast"],
    "table-": ["trade", "pnl", "stop", "to-stop"],
    "form-": [
        f"{name}{part}"
        for name in ("line", "coin", "amount", "stop", "target", "alert", "zone")
        for part in ("", "-label", "-example")
    ],
    "button-language-": ["en", "pt", "each"],
    "button-": [
        *("confirm-always", "confirm-buttons", "confirm-never"),
        *("money-shown", "money-hidden", "theme-dark", "theme-light"),
    ],
}


class Placeholders(visitor.Visitor):
    """Gathers the variables of one message."""

    def __init__(self):
        self.names = set()

    def visit_VariableReference(self, node):  # noqa: N802 - the library's name
        self.names.add(node.id.name)


def messages(locale):
    found = {}
    for path in sorted((FOLDER / locale).glob("*.ftl")):
        for entry in parse(path.read_text(encoding="utf-8")).body:
            assert not isinstance(entry, ast.Junk), (path.name, entry.content)
            if isinstance(entry, ast.Message):
                assert entry.id.name not in found, entry.id.name
                placeholders = Placeholders()
                placeholders.visit(entry)
                found[entry.id.name] = placeholders.names
    return found


def test_both_languages_have_the_same_messages_with_the_same_placeholders():
    english, portuguese = (messages(locale) for locale in LOCALES)
    assert english.keys() == portuguese.keys()
    # The direction is English grammar's need here and there; all else is the same.
    different = {name for name in english if english[name] != portuguese[name]}
    assert different == set()


def source():
    return "\n".join(path.read_text(encoding="utf-8") for path in BOT.rglob("*.py"))


def test_every_family_of_messages_is_whole():
    known = messages("en")
    for prefix, names in FAMILIES.items():
        missing = {prefix + name for name in names} - known.keys()
        assert missing == set()


def test_no_message_is_unused():
    text = source()
    used = set(LITERAL.findall(text))
    in_messages = "\n".join(path.read_text() for path in (BOT / "messages").glob("*.py"))
    used |= {"button-" + name for name in LITERAL.findall(in_messages)}
    for prefix in PREFIX.findall(text):
        used |= {prefix + name for name in FAMILIES.get(prefix, ())}
    assert messages("en").keys() - used == set()


def prices_of(request):
    """Return the stops and targets of a request that are prices: only a day's market fits them."""
    levels = [getattr(request, name, None) for name in ("stop", "target", "level")]
    return [one for one in levels if isinstance(one, LevelText) and not one.is_percent]


def texts_of(locale, prefix, names):
    words = Words(load_catalog(), locale)
    return {name: words.say(prefix + name).splitlines() for name in names}


@pytest.mark.parametrize("locale", LOCALES)
def test_the_help_is_one_screen_of_a_phone(locale):
    (lines,) = texts_of(locale, "help-", ["screen"]).values()
    assert len(lines) <= HELP_LINES_MAX
    assert max(map(len, lines)) <= COLUMNS_MAX


@pytest.mark.parametrize("locale", LOCALES)
def test_every_command_is_taught_in_a_few_lines(locale):
    for name, lines in texts_of(locale, "help-", [each.name for each in COMMANDS]).items():
        assert 1 <= len(lines) <= TOPIC_LINES_MAX, name
        assert max(map(len, lines)) <= COLUMNS_MAX, (name, lines)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_command_and_parameter_has_a_summary_that_fits_a_menu(locale):
    for name, lines in texts_of(locale, "command-", NAMES).items():
        assert len(lines) == 1, name
        assert 0 < len(lines[0]) <= SUMMARY_MAX, name
    for name, lines in texts_of(locale, "parameter-", PARAMETERS).items():
        assert len(lines) == 1, name
        assert 0 < len(lines[0]) <= DESCRIPTION_MAX, name


@pytest.mark.parametrize("locale", LOCALES)
def test_help_names_only_what_can_be_typed(locale):
    words = Words(load_catalog(), locale)
    topics = ["screen", *(each.name for each in COMMANDS)]
    text = "\n".join(words.say(f"help-{topic}") for topic in topics)
    named = COMMAND_NAMED.findall(text)
    assert len(named) > 40
    assert set(named) - TYPED.keys() == set()


@pytest.mark.parametrize("locale", LOCALES)
def test_every_example_of_the_help_is_understood(locale):
    words = Words(load_catalog(), locale)
    taught = 0
    for topic in ["screen", *(each.name for each in COMMANDS)]:
        for line in words.say(f"help-{topic}").splitlines():
            for example in EXAMPLE.findall(line):
                if not PLACEHOLDER.search(example):
                    answer = read(example.strip(), locale)
                    assert not isinstance(answer, Misread), (example, answer)
                    assert not prices_of(answer), f"{example}: the market is elsewhere"
                    taught += 1
    assert taught > 60
