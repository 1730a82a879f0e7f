"""`/alert btc 70k`, `/alert btc +5%`, `/alert btc 70k off`, `/alerts`: what to be told of."""

from bot.grammar.asks import INTERVALS
from bot.grammar.edits import extra
from bot.grammar.line import shown
from bot.grammar.numbers import Quantity, read_quantity, typed
from bot.grammar.parts import LevelText, Move
from bot.grammar.requests import ListAlerts, Misread, MisreadCode, RemoveAlerts, SetAlert
from bot.grammar.symbols import read_symbol
from bot.grammar.words import OFF_WORDS, bare

EXAMPLE = "+5%"
UP_PERCENT_MAX, DOWN_PERCENT_MAX = 1_000, 100
AT_WORDS = frozenset(
    {
        *("in", "at", "above", "below", "over", "under", ">", "<", ">=", "<="),
        *("em", "acima", "abaixo", "de"),
    }
)
OF_TIME = frozenset({"in", "em", "high", "low", "max", "min", "maxima", "minima"})

Read = SetAlert | RemoveAlerts | Misread


def read_alert(words: list[str], locale: str) -> Read:
    """Read `/alert [coin] [price] [off]`; a percentage says by its sign which way."""
    if len(words) == 1:
        return SetAlert()
    if bare(words[1]) in OFF_WORDS:
        return extra(words, 2) or RemoveAlerts()
    symbol = read_symbol(words[1])
    if symbol is None:
        facts, line = {"text": shown(words[1])}, f"{words[0]} btc {EXAMPLE}"
        return Misread(MisreadCode.BAD_COIN, facts, suggestion=line)
    words = _without_at(words, locale)
    if len(words) == 2:
        return SetAlert(symbol)
    if bare(words[2]) in OFF_WORDS:
        return extra(words, 3) or RemoveAlerts(symbol)
    if not OF_TIME.isdisjoint(map(bare, words[2:4])):
        facts, line = {"feature": "volatility", "text": shown(words[2])}, " ".join(words[:2])
        return Misread(MisreadCode.NOT_YET, facts, suggestion=f"{line} {EXAMPLE}")
    return _priced(words, symbol, locale)


def _without_at(words: list[str], locale: str) -> list[str]:
    """Leave out the words right before a price that say no more than it does (`at`, `em`)."""
    first = next((i for i, word in enumerate(words) if i > 1 and bare(word) not in AT_WORDS), None)
    is_price = first is not None and words[first].lower() not in INTERVALS
    if first is None or not is_price or read_quantity(words[first], locale) is None:
        return words
    return [*words[:2], *words[first:]]


def read_alerts(words: list[str], locale: str) -> ListAlerts | Read:
    """Read `/alerts`; with anything behind it, it means one of them, like `/alert`."""
    return ListAlerts() if len(words) == 1 else read_alert(words, locale)


def _priced(words: list[str], symbol: str, locale: str) -> Read:
    price = _price(words[2], locale)
    if isinstance(price, Misread):
        line = " ".join([*words[:2], price.suggestion or EXAMPLE])
        return Misread(price.code, price.facts, suggestion=line)
    if len(words) > 3 and bare(words[3]) in OFF_WORDS and isinstance(price, LevelText):
        return extra(words, 4) or RemoveAlerts(symbol, price)
    return extra(words, 3) or SetAlert(symbol, price)


def _price(text: str, locale: str) -> LevelText | Move | Misread:
    quantity, facts = read_quantity(text, locale), {"text": shown(text)}
    if quantity is None or (quantity.sign and not quantity.is_percent):
        return Misread(MisreadCode.BAD_NUMBER, facts)
    if quantity.is_percent:
        return _move(quantity, facts)
    return LevelText(quantity.value, unit=quantity.unit, other_reading=quantity.other)


def _move(quantity: Quantity, facts: dict[str, str]) -> Move | Misread:
    if not quantity.sign:
        suggestion = f"+{typed(quantity.value)}%"
        return Misread(MisreadCode.NO_SIGN, facts, suggestion=suggestion)
    is_up = quantity.sign == "+"
    limit = UP_PERCENT_MAX if is_up else DOWN_PERCENT_MAX
    if quantity.value >= limit:
        facts = facts | {"limit": str(limit)}
        return Misread(MisreadCode.PERCENT_TOO_LARGE, facts)
    return Move(quantity.value if is_up else -quantity.value)
