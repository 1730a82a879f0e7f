"""`/buy btc 500 sl2% tp4%` and its kin: coin, amount and exits of a trade to open, in any order."""

import re

from msgspec import Struct, structs

from bot.grammar.edits import read_close
from bot.grammar.fillers import PRICE_WORDS, names_coin, without_fillers
from bot.grammar.levels import Option, later_option, option_of, read_level
from bot.grammar.line import shown
from bot.grammar.numbers import read_number, read_quantity
from bot.grammar.requests import (
    Close,
    LevelText,
    Misread,
    MisreadCode,
    Off,
    Open,
    SellPicker,
    SizeText,
)
from bot.grammar.symbols import is_amount, read_symbol
from bot.grammar.words import CURRENCIES, GROUPS, HALF_WORDS, bare, spoken
from engine.core.instrument import Direction

_LEVERAGE = re.compile(r"(?:([0-9]{1,4})x|x([0-9]{1,4}))", re.ASCII | re.IGNORECASE)
_AT_PRICE = frozenset({"limit", "entry_trigger"})
_OF_WORDS = frozenset({"de", "do", "da", "of", "em", "in"})
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


def read_sell(words: list[str], locale: str) -> SellPicker | Close | Misread:
    """Read `/sell`: it only asks, so exits have no place in it; `/sell all` is `/close all`."""
    if len(words) > 1 and bare(words[1]) in GROUPS:
        return read_close(words, locale)
    words = [words[0], *("50%" if bare(word) in HALF_WORDS else word for word in words[1:])]
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
    is_of_money = _is_of_money(words, locale)
    words = without_fillers(words, locale)
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
    return entry if is_of_money else _ordered(entry, words, locale)


def _is_of_money(words: list[str], locale: str) -> bool:
    """Tell whether an amount is said to be of a coin: `100 de btc` is no 100 BTC."""
    return any(
        bare(word) in _OF_WORDS and is_amount(before, locale) and read_symbol(after) is not None
        for before, word, after in zip(words, words[1:], words[2:], strict=False)
    )


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
        if level.code is MisreadCode.NOT_YET and later_option(text) and value_at > at:
            words = [*words[: value_at + 1], *words[_after_value(words, value_at, locale) :]]
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
    feature = later_option(word) or _price_word(words, at, locale)
    if feature is not None:
        return _not_yet(feature, entry, words, at, locale)
    return _read_coin_or_size(entry, words, at, locale)


def _price_word(words: list[str], at: int, locale: str) -> str | None:
    """Return the option that `a 2000` means; alone, `a` is the coin of that name."""
    is_coin = at == 1 and not names_coin(words, locale)
    is_price = bare(words[at]) in PRICE_WORDS and _after_value(words, at, locale) > at + 1
    return "limit" if is_price and not is_coin else None


def _after_value(words: list[str], at: int, locale: str) -> int:
    """Return where the line goes on after a word and the number behind it, if there is one."""
    has_value = at + 1 < len(words) and read_quantity(words[at + 1], locale) is not None
    return at + 2 if has_value else at + 1


def _not_yet(feature: str, entry: Entry, words: list[str], at: int, locale: str) -> Misread:
    """Refuse an option that does not exist yet; its number never becomes the amount.

    A price to wait for, with no amount, is suggested as an alert.
    """
    facts = {"feature": feature, "text": shown(words[at])}
    value = words[at].partition("=")[2]
    end = at + 1 if value else _after_value(words, at, locale)
    price = value or (words[at + 1] if end > at + 1 else "")
    line = _without(words, at, end)
    if feature in _AT_PRICE and end == at + 1 == len(words) and not value:
        return Misread(MisreadCode.NOT_YET, facts)
    has_size = entry.size is not None or any(is_amount(word, locale) for word in words[end:])
    if feature in _AT_PRICE and price and entry.symbol is not None and not has_size:
        line = f"{spoken('alert', locale)} {entry.symbol.lower()} {price}"
    return Misread(MisreadCode.NOT_YET, facts, suggestion=line)


def _read_coin_or_size(entry: Entry, words: list[str], at: int, locale: str) -> Entry | Misread:
    word = words[at]
    if entry.size is None and _is_size(entry, words, at, locale):
        size = _read_size(word, locale)
        if isinstance(size, Misread):
            return structs.replace(size, suggestion=_without(words, at, at + 1))
        is_first = entry.symbol is None and size.unit is None
        return structs.replace(entry, size=size, is_amount_first=is_first)
    is_behind = entry.is_amount_first and is_amount(words[at - 1], locale)
    if is_behind and word.lower() in CURRENCIES:
        return _in_currency(entry, CURRENCIES[word.lower()])
    symbol = read_symbol(word)
    if entry.symbol is None and symbol is not None:
        return structs.replace(entry, symbol=symbol)
    unit = _unit_after_amount(entry, words, at, locale)
    if unit is not None and entry.size is not None:
        return structs.replace(entry, size=structs.replace(entry.size, unit=unit))
    return _unplaced(entry, words, at, locale)


def _in_currency(entry: Entry, currency: str) -> Entry:
    """Take a currency behind the amount for its unit: `100 reais de btc` leaves no doubt."""
    assert entry.size is not None, "an amount came first"
    size = structs.replace(entry.size, unit=currency)
    return structs.replace(entry, size=size, is_amount_first=False)


def _unplaced(entry: Entry, words: list[str], at: int, locale: str) -> Misread:
    """Refuse a word; the line without it is suggested unless a number would change its meaning."""
    facts = {"text": shown(words[at])}
    line = _without(words, at, at + 1)
    if entry.symbol is None:
        return Misread(MisreadCode.BAD_COIN, facts, suggestion=line)
    if entry.size is None:
        has_number = _after_value(words, at, locale) > at + 1
        return Misread(MisreadCode.BAD_NUMBER, facts, suggestion=None if has_number else line)
    is_number = read_number(words[at], locale) is not None
    return Misread(MisreadCode.EXTRA_WORD, facts, suggestion=None if is_number else line)


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
