"""Coins, pairs and trade numbers as typed; which of them exist is not known here."""

import re
from types import MappingProxyType

from bot.grammar.line import shown
from bot.grammar.numbers import read_quantity
from bot.grammar.requests import ByCoin, ByNumber, Misread, MisreadCode, Target
from bot.grammar.words import CURRENCIES

NAMES = MappingProxyType(
    {
        "bitcoin": "BTC",
        "ethereum": "ETH",
        "ether": "ETH",
        "solana": "SOL",
        "dogecoin": "DOGE",
        "cardano": "ADA",
        "ripple": "XRP",
        "litecoin": "LTC",
        "binancecoin": "BNB",
    }
)
# Said alone, these ask for a price; other names need a question mark.
WELL_KNOWN = frozenset(
    {"btc", "eth", "sol", "bnb", "xrp", "doge", "ada", "avax", "btcusdt", "btcbrl", *NAMES}
)

_SYMBOL = re.compile(r"\$?([a-z0-9]{1,20})(?:[/-]([a-z0-9]{1,10}))?", re.ASCII | re.IGNORECASE)
_NUMBER = re.compile(r"#?([0-9]{1,9})")


def read_symbol(word: str) -> str | None:
    """Return a coin or pair in upper case without marks (`$btc/usdt`: BTCUSDT), or None.

    A well-known name is its symbol (`bitcoin`: BTC).
    """
    found = _SYMBOL.fullmatch(word)
    if found is None:
        return None
    text = (NAMES.get(found[1].lower(), found[1]) + (found[2] or "")).upper()
    return None if text.isdecimal() else text


def read_target(word: str) -> Target | Misread:
    """Read `#47`, `47` or a coin."""
    found = _NUMBER.fullmatch(word)
    if found and int(found[1]) > 0:
        return ByNumber(int(found[1]))
    symbol = read_symbol(word)
    if symbol is None:
        return Misread(MisreadCode.BAD_TARGET, {"text": shown(word)})
    return ByCoin(symbol)


def is_amount(word: str, locale: str) -> bool:
    """Tell whether a word is surely an amount: not a coin whose name begins with digits."""
    quantity = read_quantity(word, locale)
    if quantity is None:
        return False
    is_known = quantity.unit is None or quantity.is_percent or quantity.unit in CURRENCIES.values()
    return is_known or quantity.is_marked or bool(quantity.sign)
