"""`/sl 47 2%`, `/tp btc off`, `/close 3 50%`: what changes or ends an open trade."""

from decimal import Decimal
from typing import Any

from msgspec import structs

from bot.grammar.levels import break_even_word, is_break_even, read_level, read_stop_level
from bot.grammar.line import shown
from bot.grammar.numbers import read_quantity
from bot.grammar.requests import (
    BREAK_EVEN,
    BreakEven,
    ByNumber,
    Close,
    Group,
    LevelText,
    ListTrades,
    Misread,
    MisreadCode,
    Off,
    SetStop,
    SetTarget,
    ShowTrade,
    Target,
)
from bot.grammar.symbols import read_target
from bot.grammar.words import BREAK_EVEN_HEADS, GROUPS, HALF_WORDS, OFF_WORDS, bare, spoken

ONE = Decimal(1)
BREAK_EVEN_WORDS_MAX = 4


def read_trades(words: list[str], locale: str) -> ListTrades | ShowTrade | Misread:
    """Read `/trades` and `/trades 3`."""
    del locale
    if len(words) == 1:
        return ListTrades()
    target = read_target(words[1])
    if isinstance(target, Misread):
        return structs.replace(target, suggestion=words[0])
    return extra(words, 2) or ShowTrade(target)


def read_set_stop(words: list[str], locale: str) -> SetStop | Misread:
    """Read `/sl [trade] [level]`, or a break-even that is said alone or with a trade."""
    if bare(words[0][:16]).removeprefix("/") in BREAK_EVEN_HEADS:
        return _break_even(words, locale)
    parts = _target_and_level(_with_break_even(words, locale), locale, is_stop=True)
    return parts if isinstance(parts, Misread) else SetStop(*parts)


def _break_even(words: list[str], locale: str) -> SetStop | Misread:
    """Read `zero a zero`, and a trade among or around its words: `be 47`, `zero 47 a zero`."""
    said = [words[0].removeprefix("/"), *words[1:BREAK_EVEN_WORDS_MAX]]
    is_whole = len(words) <= BREAK_EVEN_WORDS_MAX
    if is_whole and is_break_even(" ".join(said)):
        return SetStop(None, BREAK_EVEN)
    for at in range(1, len(said)):
        if is_whole and is_break_even(" ".join(said[:at] + said[at + 1 :])):
            target = read_target(said[at])
            return target if isinstance(target, Misread) else SetStop(target, BREAK_EVEN)
    line = f"{spoken('sl', locale)} {break_even_word(locale)}"
    return Misread(MisreadCode.EXTRA_WORD, {"text": shown(words[-1])}, suggestion=line)


def _with_break_even(words: list[str], locale: str) -> list[str]:
    """Put one word for a break-even of several: `zero a zero`, `break even`."""
    for count in (3, 2):
        if len(words) > count and is_break_even(" ".join(words[-count:])):
            return [*words[:-count], break_even_word(locale)]
    return words


def read_set_target(words: list[str], locale: str) -> SetTarget | Misread:
    """Read `/tp [trade] [level]`."""
    parts = _target_and_level(words, locale, is_stop=False)
    return parts if isinstance(parts, Misread) else SetTarget(*parts)


def _target_and_level(
    words: list[str], locale: str, *, is_stop: bool
) -> tuple[Target | None, Any] | Misread:
    if len(words) == 3 and bare(words[1]) in OFF_WORDS:  # `/stop tirar 47`
        words = [words[0], words[2], words[1]]
    target, at = _leading_target(words, locale, is_stop=is_stop)
    if isinstance(target, Misread):
        return target
    if at == len(words):
        return target, None
    level = _level(words[at], locale, is_stop=is_stop)
    is_last = at + 1 == len(words)
    if isinstance(level, Misread):
        is_final = is_last or level.code is MisreadCode.NOT_YET
        return _in_line(level, words, at) if is_final else _superfluous(words, at)
    return (target, level) if is_last else _superfluous(words, at + 1)


def _level(text: str, locale: str, *, is_stop: bool) -> LevelText | Off | BreakEven | Misread:
    return read_stop_level(text, locale) if is_stop else read_level(text, locale, is_stop=False)


def _leading_target(
    words: list[str], locale: str, *, is_stop: bool
) -> tuple[Target | Misread | None, int]:
    """Read the trade, if one is named; the second value is where the level would stand.

    A lone level (`/sl 2%`, `/sl off`) is meant for the one open trade; a lone whole number is a
    trade's number, since a level without a trade is never guessed.
    """
    if len(words) == 1:
        return None, 1
    target = read_target(words[1])
    if len(words) > 2 or isinstance(target, ByNumber):
        is_word = bare(words[1]) in OFF_WORDS
        return (None, 1) if is_word else (_named(target, words), 2)
    level = _level(words[1], locale, is_stop=is_stop)
    has_digit = words[1][:1].isdecimal() or words[1][:1] in "+-$"
    is_level = not isinstance(level, Misread) or has_digit or level.code is MisreadCode.NOT_YET
    return (None, 1) if is_level else (_named(target, words), 2)


def _named(target: Target | Misread, words: list[str]) -> Target | Misread:
    if isinstance(target, Misread):
        return structs.replace(target, suggestion=words[0])
    return target


def _in_line(misread: Misread, words: list[str], at: int) -> Misread:
    """Put a suggested level in its place; without one, the line without a level asks for it."""
    if misread.suggestion is None:
        return structs.replace(misread, suggestion=" ".join(words[:at]))
    line = " ".join([*words[:at], misread.suggestion])
    return structs.replace(misread, suggestion=line)


def read_close(words: list[str], locale: str) -> Close | Misread:
    """Read `/close [trade or group] [share]`; a share is a percentage."""
    if len(words) == 1:
        return Close()
    target = _close_target(words[1])
    if isinstance(target, Misread):
        share = _share(words[1], locale) if len(words) == 2 else target
        if isinstance(share, Misread):
            return structs.replace(target, suggestion=words[0])
        return Close(None, share)
    if len(words) == 2:
        return Close(target)
    share = _share(words[2], locale)
    if isinstance(share, Misread):
        return structs.replace(share, suggestion=_with_share(words, locale))
    return extra(words, 3) or Close(target, share)


def _with_share(words: list[str], locale: str) -> str | None:
    """Suggest a typed number as a percentage; never the whole where some amount was meant."""
    quantity = read_quantity(words[2], locale)
    if quantity is None and not words[2][0].isdecimal():
        return " ".join(words[:2])
    is_share = quantity is not None and quantity.unit is None and quantity.value <= 100
    return " ".join(words) + "%" if is_share and len(words) == 3 else None


def _close_target(word: str) -> Target | Group | Misread:
    if bare(word) in HALF_WORDS or word.endswith("%"):
        return Misread(MisreadCode.BAD_TARGET, {"text": shown(word)})
    group = GROUPS.get(bare(word))
    return Group(group) if group else read_target(word)


def _share(word: str, locale: str) -> Decimal | Misread:
    if bare(word) in HALF_WORDS:
        return ONE / 2
    if bare(word) in GROUPS and GROUPS[bare(word)] == "all":
        return ONE
    quantity = read_quantity(word, locale)
    if quantity is None or quantity.sign or not quantity.is_percent or quantity.value > 100:
        return Misread(MisreadCode.BAD_SHARE, {"text": shown(word)})
    return quantity.value / 100


def extra(words: list[str], at: int) -> Misread | None:
    """Refuse the words from `at` on, if there are any, suggesting the line without them."""
    if len(words) <= at:
        return None
    facts = {"text": shown(words[at])}
    return Misread(MisreadCode.EXTRA_WORD, facts, suggestion=" ".join(words[:at]))


def _superfluous(words: list[str], at: int) -> Misread:
    """Refuse the one word at `at`, suggesting the line without it."""
    line = " ".join(words[:at] + words[at + 1 :])
    return Misread(MisreadCode.EXTRA_WORD, {"text": shown(words[at])}, suggestion=line)
