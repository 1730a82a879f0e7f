"""Everything that can be said or pressed, made from the catalogue, the layouts and hidden lines."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from bot.conversation.presses import Press, PressKind, read_line
from bot.grammar.catalogue import COMMANDS, Command, Kind, Parameter
from bot.grammar.requests import Misread
from bot.messages.layout import ended, lay
from tests.bot.views.samples import ENGLISH, PORTUGUESE
from tests.security.rules import ACTS, HIDDEN, RULES, TEXTS, VALUES, Rule
from tests.transcripts.samples import SAMPLES

_SHOWN_TRADE = re.compile(r"(?<![\w.])(4[78]|49|5[0-5])(?![\w.%])")


@dataclass(frozen=True)
class Thing:
    """One thing to say (`press` None) or to press; `line` may have `{n}`, `{m}` and `{victim}`."""

    line: str
    press: Press | None = None

    @property
    def name(self) -> str:
        kind = self.press.kind.name if self.press else "SAY"
        return f"{kind} {self.line}"

    @property
    def names_trade(self) -> bool:
        return "{n}" in self.line

    def request(self, number: int = 2) -> object:
        """Return what its line asks for; a Misread when nothing."""
        return read_line(self.filled(number))

    def rule(self) -> Rule:
        """Return its row; a request without one is a KeyError."""
        return RULES[type(self.request())]

    def acts(self) -> bool:
        return self.press is None or ACTS[self.press.kind]

    def filled(self, number: int, victim: str = "1") -> str:
        found = self.line.replace("{n}", str(number)).replace("{m}", str(number + 1))
        return found.replace("{victim}", victim)


@cache
def everything() -> list[Thing]:
    """Return all things, each once."""
    found = [*said(), *pressed(), *hidden()]
    return list({(one.name, one.press and one.press.asks): one for one in found}.values())


def said() -> list[Thing]:
    """Return lines of every command: alone, with every parameter, each choice, both languages."""
    return [
        Thing(f"/{word} {rest}".rstrip())
        for command in COMMANDS
        for word in dict.fromkeys((command.words[0], command.spoken))
        for rest in ("", *_arguments(command))
    ]


def pressed() -> list[Thing]:
    """Return every button that any view lays in either language, its trades' numbers left open."""
    found: list[Thing] = []
    for words in (ENGLISH, PORTUGUESE):
        for view in SAMPLES.values():
            message = lay(view, words)
            for shown in (message, ended(message, words) if message.rows else message):
                presses = (one.press for row in shown.rows for one in row)
                found += [Thing(_opened(press), press) for press in presses if press]
    return found


def hidden() -> list[Thing]:
    """Return the lines that nobody can type, as buttons."""
    lines = (line for lines in HIDDEN.values() for line in lines)
    return [Thing(line, Press(kind=PressKind.DO, nonce="abcde")) for line in lines]


def misread(thing: Thing) -> bool:
    """Tell whether a thing's line means nothing by itself."""
    return isinstance(thing.request(), Misread)


def _opened(press: Press) -> str:
    count = 0

    def put(found: re.Match[str]) -> str:
        nonlocal count
        count += 1
        return "{n}" if count == 1 else "{m}"

    has_trade = re.match(
        r"(/(trades|sl|tp|close|again|card|share|chart|stop|alvo|fechar)|=x) ", press.line
    )
    line = _SHOWN_TRADE.sub(put, press.line) if has_trade else press.line
    return re.sub(r"=unlink (\w+):\d+", r"=unlink \1:{victim}", line)


def _arguments(command: Command) -> Iterator[str]:
    if not command.parameters:
        return
    first = command.parameters[0]
    if first.kind is Kind.TEXT:
        for choice in first.choices or (first.name,):
            yield TEXTS[f"{command.name} {choice}"]
        return
    typed: list[str] = []
    for parameter in command.parameters:
        typed.append(_typed(command, parameter))
        yield " ".join(typed)


def _typed(command: Command, parameter: Parameter) -> str:
    if (command.name, parameter.name) == ("plan", "name"):
        return "swing"
    value = VALUES[parameter.kind]
    return f"{parameter.word}={value}" if parameter.word else value
