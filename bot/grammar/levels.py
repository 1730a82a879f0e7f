"""Stops and targets inside a line: `sl=2%`, `sl 2%`, `sl2%`, `alvo=65k`, `off`."""

import re
from difflib import get_close_matches

from msgspec import Struct, structs

from bot.grammar.line import shown
from bot.grammar.numbers import read_quantity
from bot.grammar.requests import (
    BREAK_EVEN,
    OFF,
    BreakEven,
    LevelText,
    Misread,
    MisreadCode,
    Off,
)
from bot.grammar.words import (
    BREAK_EVEN_LIKE,
    BREAK_EVEN_WORDS,
    LATER_OPTIONS,
    OFF_WORDS,
    STOP_WORDS,
    bare,
)

STOP_PERCENT_MAX = 100
TARGET_PERCENT_MAX = 1_000

_OPTION = re.compile(
    r"(?P<name>stop_loss|stoploss|stop|sl|take_profit|takeprofit|target|tp|alvo)"
    r"(?:=(?P<value>.*)|(?P<glued>[-+]?(?:r\$|us\$|\$)?[0-9].*))?",
    re.ASCII | re.IGNORECASE,
)
_LATER = re.compile(r"(?P<name>[a-z0-9_]{2,16})=.*|(?P<glued>trail|movel)[-+0-9].*", re.ASCII)


class Option(Struct, frozen=True):
    """A named level in a line; `value` is None when the next word must be it."""

    is_stop: bool
    value: str | None


def option_of(word: str) -> Option | None:
    """Return the option that a word begins or holds, or None."""
    found = _OPTION.fullmatch(word)
    if found is None:
        return None
    value = found["glued"] if found["value"] is None else found["value"]
    return Option(found["name"].lower() in STOP_WORDS, value)


def later_option(word: str) -> str | None:
    """Return the name of the option that a word means and that does not exist yet, or None."""
    plain = bare(word)
    found = _LATER.fullmatch(plain)
    name = (found["name"] or found["glued"]) if found else plain
    return LATER_OPTIONS.get(name)


def read_level(text: str, locale: str, *, is_stop: bool) -> LevelText | Off | Misread:
    """Read a level: a percentage is explicit, a stop's sign may be `-`, a target's `+`."""
    plain = bare(text)
    if plain in OFF_WORDS:
        return OFF
    if "/" in text or ":" in text:
        return _ladder(text)
    later = LATER_OPTIONS.get(plain)
    if later is not None:
        return Misread(MisreadCode.NOT_YET, {"feature": later, "text": shown(text)})
    return _plain_level(text, locale, is_stop=is_stop)


def read_stop_level(text: str, locale: str) -> LevelText | Off | BreakEven | Misread:
    """Read the level of a stop that is moved: break-even too (`be`, `0x0`)."""
    if is_break_even(text):
        return BREAK_EVEN
    level = read_level(text, locale, is_stop=True)
    is_near = isinstance(level, Misread) and level.code is MisreadCode.BAD_NUMBER
    if is_near and get_close_matches(_joined(text), BREAK_EVEN_LIKE, n=1, cutoff=0.7):
        return structs.replace(level, suggestion=break_even_word(locale))
    return level


def is_break_even(text: str) -> bool:
    """Tell whether a word, or several, mean break-even: `be`, `0x0`, `zero a zero`."""
    return _joined(text) in BREAK_EVEN_WORDS


def break_even_word(locale: str) -> str:
    """Return the word that teaches break-even in a language."""
    return "0x0" if locale == "pt-BR" else "be"


def _joined(text: str) -> str:
    return re.sub("[ _-]", "", bare(text[:24]))


def _plain_level(text: str, locale: str, *, is_stop: bool) -> LevelText | Misread:
    quantity = read_quantity(text, locale)
    facts = {"text": shown(text)}
    if quantity is None:
        return Misread(MisreadCode.BAD_NUMBER, facts)
    allowed = ("", "-" if is_stop else "+") if quantity.is_percent else ("",)
    if quantity.sign not in allowed:
        return Misread(MisreadCode.BAD_SIGN, facts, suggestion=text.lstrip("+-"))
    if not quantity.is_percent:
        return LevelText(quantity.value, unit=quantity.unit, other_reading=quantity.other)
    limit = STOP_PERCENT_MAX if is_stop else TARGET_PERCENT_MAX
    if quantity.value >= limit:
        return Misread(MisreadCode.PERCENT_TOO_LARGE, facts | {"limit": str(limit)})
    other = quantity.other if quantity.other is not None and quantity.other < limit else None
    return LevelText(quantity.value, is_percent=True, other_reading=other)


def _ladder(text: str) -> Misread:
    """Name the ladder, and suggest its first rung alone."""
    first = text.partition("/")[0].partition(":")[0]
    is_percent = "%" in text and "%" not in first
    rung = first + "%" if is_percent else first
    facts = {"feature": "ladder", "text": shown(text)}
    return Misread(MisreadCode.NOT_YET, facts, suggestion=rung)
