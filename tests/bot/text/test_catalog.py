"""Every message exists in both languages with the same placeholders, and is used."""

import re
from pathlib import Path

import pytest
from fluent.syntax import ast, parse, visitor

from bot.grammar.requests import MisreadCode
from bot.grammar.words import _LATER_COMMANDS, _LATER_OPTIONS
from bot.text.catalog import FOLDER, LOCALES
from bot.views import AskCode, ChoiceCode, DoneCode, FeedState, ProblemCode
from engine.core.commands import RefusalCode
from engine.core.instrument import Direction
from engine.core.trade import ExitReason

BOT = Path(__file__).parents[3] / "bot"
LITERAL = re.compile(r"[\"']([a-z]+(?:-[a-z_]+)*)[\"']")
PREFIX = re.compile(r'f"([a-z]+(?:-[a-z]+)*-)\{')

FAMILIES = {
    "direction-": [each.value for each in Direction],
    "exit-": [each.value for each in ExitReason],
    "exit-part-": [each.value for each in Direction],
    "exit-standing-": ["both", "stop", "target"],
    "exits-": ["stop-off", "stop-set", "target-off", "target-set"],
    "reason-": [each.value for each in ExitReason],
    "why-": [*(each.value for each in RefusalCode), "no_price"],
    "detail-": [
        *(each.value for each in RefusalCode if each.value not in {"canceled", "no_route"}),
        "no_price",
    ],
    "problem-": [each.value for each in ProblemCode],
    "misread-": [each.value for each in MisreadCode],
    "feature-": [*_LATER_COMMANDS, *_LATER_OPTIONS, "ladder"],
    "choice-": [each.value for each in ChoiceCode],
    "confirm-open-": ["stop", "target"],
    "done-": [each.value for each in DoneCode],
    "feed-": [each.value for each in FeedState],
    "status-feed-": [each.value for each in FeedState],
    "pnl-": ["today", "week", "all"],
    "ask-": [each.value for each in AskCode],
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
    for prefix in PREFIX.findall(text):
        used |= {prefix + name for name in FAMILIES.get(prefix, ())}
    assert messages("en").keys() - used == set()


@pytest.mark.parametrize("locale", LOCALES)
def test_the_help_is_one_screen(locale):
    body = (FOLDER / locale / "help.ftl").read_text(encoding="utf-8")
    lines = [line.removeprefix("    ") for line in body.splitlines()[1:]]
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 80
