"""`/buy btc 500 sl2% tp4%` and its kin: coin, amount and exits of a trade to open, in any order."""

import re

from msgspec import Struct, structs

from bot.grammar.levels import Option, later_option, option_of, read_level
from bot.grammar.line import shown
from bot.grammar.numbers import read_quantity
from bot.grammar.requests import (
    LevelText,
    Misread,
    MisreadCode,
    Off,
    Open,
    SellPicker,
    SizeText,
)
from bot.grammar.symbols import is_amount, read_symbol
from bot.grammar.words import CURRENCIES
from engine.core.instrument import Direction

_LEVERAGE = re.compile(r"(?:([0-9]{1,4})x|x([0-9]{1,4}))", re.ASCII | re.IGNORECASE)
_SPACED_GROUP = re.compile(r"[0-9]{3}(?:[.,][0-9]+)?")
_PLAN = re.compile(r"plan[eo]?=([a-z][a-z0-9_-]{0,23})", re.ASCII)
SIZE_PERCENT_MAX = 100


class Entry(Struct, frozen=True):
    """What was read of an entry so far; `is_amount_first`: a bare amount stood before the coin."""

    symbol: str | None = None
    size: SizeText | None = None
    stop: LevelText | Off | None = None
    target: LevelText | Off | None = None
    is_amount_first: bool = False
    plan: str | None = None


def read_open(words: list[str], locale: str, direction: Direction) -> Open | Misread:
    """Read an entry; `words[0]` is the command and stays in what is suggested."""
    entry = read_entry(words, locale)
    if isinstance(entry, Misread):
        return entry
    stop = None if isinstance(entry.stop, Off) else entry.stop
    target = None if isinstance(entry.target, Off) else entry.target
    return Open(direction, entry.symbol, entry.size, stop, target, entry.plan)


def read_sell(words: list[str], locale: str) -> SellPicker | Misread:
    """Read `/sell`: it only asks, so exits have no place in it."""
    entry = read_entry(words, locale)
    if isinstance(entry, Misread):
        return entry
    if entry.stop is not None or entry.target is not None:
        return _without_options(words)
    return SellPicker(entry.symbol, entry.size)


def _without_options(words: list[str]) -> Misread:
    extra = next(word for word in words[1:] if option_of(word))
    kept = words[: words.index(extra)]
    return Misread(MisreadCode.EXTRA_WORD, {"text": shown(extra)}, suggestion=" ".join(kept))


def read_entry(words: list[str], locale: str) -> Entry | Misread:
    """Read coin, amount, exits and plan from the words after the first, in any order."""
    entry = Entry()
    at = 1
    while at < len(words):
        option = option_of(words[at])
        if plan := _PLAN.fullmatch(words[at].lower()):
            entry = structs.replace(entry, plan=plan[1])
            at += 1
            continue
        if option is None:
            step = _read_plain(entry, words, at, locale)
        else:
            step = _read_option(entry, words, at, locale, option)
        if isinstance(step, Misread):
            return step
        at += 2 if option is not None and option.value is None else 1
        entry = step
    return _ordered(entry, words, locale)


def _ordered(entry: Entry, words: list[str], locale: str) -> Entry | Misread:
    """Refuse `500 btc`, which could mean 500 BTC or 500 of money (positional words deceive)."""
    if not entry.is_amount_first or entry.symbol is None:
        return entry
    amount = next(word for word in words[1:] if is_amount(word, locale))
    rest = [word for word in words[1:] if word != amount]
    coin = next(word for word in rest if read_symbol(word) == entry.symbol)
    rest.insert(rest.index(coin) + 1, amount)
    facts = {"amount": shown(amount), "coin": shown(coin)}
    line = " ".join([words[0], *rest])
    return Misread(MisreadCode.AMOUNT_BEFORE_COIN, facts, suggestion=line)


def _read_option(
    entry: Entry, words: list[str], at: int, locale: str, option: Option
) -> Entry | Misread:
    text = option.value
    value_at = at
    if text is None:
        value_at = at + 1
        text = words[value_at] if value_at < len(words) else ""
    if not text:
        facts = {"text": shown(words[at])}
        line = " ".join([*words[:at], words[at].rstrip("=") + "=2%"])
        return Misread(MisreadCode.MISSING_LEVEL, facts, suggestion=line)
    if (entry.stop if option.is_stop else entry.target) is not None:
        return Misread(
            MisreadCode.TWICE, {"text": shown(words[at])}, _without(words, at, value_at + 1)
        )
    level = read_level(text, locale, is_stop=option.is_stop)
    if isinstance(level, Misread):
        return _in_line(level, words, value_at, (text, "2%" if option.is_stop else "4%"))
    if option.is_stop:
        return structs.replace(entry, stop=level)
    return structs.replace(entry, target=level)


def _in_line(misread: Misread, words: list[str], at: int, level: tuple[str, str]) -> Misread:
    """Turn a suggested level into a suggested line.

    `level` is what was typed and an example: a line without its stop is never suggested.
    """
    typed, example = level
    word = words[at].removesuffix(typed) + (misread.suggestion or example)
    line = " ".join([*words[:at], word, *words[at + 1 :]])
    return structs.replace(misread, suggestion=line)


def _without(words: list[str], start: int, end: int) -> str:
    return " ".join(words[:start] + words[end:])


def _read_plain(entry: Entry, words: list[str], at: int, locale: str) -> Entry | Misread:
    word = words[at]
    if found := _LEVERAGE.fullmatch(word):
        times = int(found[1] or found[2])
        if times == 1:
            return entry
        if times > 1:
            line = _without(words, at, at + 1)
            return Misread(MisreadCode.NO_LEVERAGE, {"text": shown(word)}, suggestion=line)
    feature = later_option(word)
    if feature is not None:
        facts = {"feature": feature, "text": shown(word)}
        return Misread(MisreadCode.NOT_YET, facts, suggestion=_without(words, at, at + 1))
    return _read_coin_or_size(entry, words, at, locale)


def _read_coin_or_size(entry: Entry, words: list[str], at: int, locale: str) -> Entry | Misread:
    word = words[at]
    if entry.size is None and _is_size(entry, words, at, locale):
        size = _read_size(word, locale)
        if isinstance(size, Misread):
            return structs.replace(size, suggestion=_without(words, at, at + 1))
        is_first = entry.symbol is None and size.unit is None
        return structs.replace(entry, size=size, is_amount_first=is_first)
    symbol = read_symbol(word)
    if entry.symbol is None and symbol is not None:
        return structs.replace(entry, symbol=symbol)
    unit = _unit_after_amount(entry, words, at, locale)
    if unit is not None and entry.size is not None:
        return structs.replace(entry, size=structs.replace(entry.size, unit=unit))
    return _unplaced(entry, words, at)


def _unplaced(entry: Entry, words: list[str], at: int) -> Misread:
    facts = {"text": shown(words[at])}
    if entry.symbol is None:
        return Misread(MisreadCode.BAD_COIN, facts, suggestion=_without(words, at, at + 1))
    if entry.size is None:
        return Misread(MisreadCode.BAD_NUMBER, facts, suggestion=_without(words, at, at + 1))
    if _SPACED_GROUP.fullmatch(words[at]) and words[at - 1][-1].isdecimal():
        line = " ".join([*words[: at - 1], words[at - 1] + words[at], *words[at + 1 :]])
        return Misread(MisreadCode.EXTRA_WORD, facts, suggestion=line)
    return Misread(MisreadCode.EXTRA_WORD, facts, suggestion=_without(words, at, at + 1))


def _is_size(entry: Entry, words: list[str], at: int, locale: str) -> bool:
    """Decide whether `1inch` is 1 INCH or a coin: a coin, unless one was named already."""
    if is_amount(words[at], locale):
        return True
    return entry.symbol is not None and read_quantity(words[at], locale) is not None


def _unit_after_amount(entry: Entry, words: list[str], at: int, locale: str) -> str | None:
    """Return the currency, or the coin that is bought, when it follows a bare amount."""
    before = read_quantity(words[at - 1], locale)
    if before is None or before.unit is not None or entry.size is None or entry.size.unit:
        return None
    symbol = read_symbol(words[at])
    is_bought = symbol is not None and entry.symbol is not None and entry.symbol.startswith(symbol)
    return CURRENCIES.get(words[at].lower(), symbol if is_bought else None)


def _read_size(word: str, locale: str) -> SizeText | Misread:
    quantity = read_quantity(word, locale)
    facts = {"text": shown(word)}
    if quantity is None:
        return Misread(MisreadCode.BAD_NUMBER, facts)
    if quantity.sign:
        return Misread(MisreadCode.BAD_SIGN, facts)
    if quantity.is_percent and quantity.value > SIZE_PERCENT_MAX:
        return Misread(MisreadCode.PERCENT_TOO_LARGE, facts | {"limit": str(SIZE_PERCENT_MAX)})
    return SizeText(quantity.value, quantity.unit, quantity.other)
