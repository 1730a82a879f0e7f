"""Words that say nothing in an order or a question for a price: `100 de btc`, `me some btc`."""

from collections.abc import Iterator
from itertools import pairwise

from bot.grammar.levels import later_option, option_of
from bot.grammar.numbers import read_quantity
from bot.grammar.symbols import is_amount, read_symbol
from bot.grammar.words import bare

FILLERS = frozenset(["de", "do", "da", "em", "a", "o", "of", "in", "me", "some", "please", "pls"])
# Before a number these say at which price.
PRICE_WORDS = frozenset({"a", "em", "in"})
_AT_WORDS = PRICE_WORDS | {"at", "@"}
_PLEASE = ["por", "favor"]


def without_fillers(words: list[str], locale: str) -> list[str]:
    """Return a line without its fillers; a lone one that stands for the coin is the coin (`ME`)."""
    words = _without_please(words)
    fillers = [word for word in words[1:] if bare(word) in FILLERS]
    is_coin = len(fillers) == 1 and words[1] == fillers[0] and not names_coin(words, locale)
    return words if is_coin else [words[0], *_meaning(words, locale)]


def names_coin(words: list[str], locale: str) -> bool:
    """Tell whether a word of the line after the first is a coin, and no filler."""
    plain = [
        word
        for before, word in pairwise(words)
        if not _opens_option(before) and option_of(word) is None and later_option(word) is None
    ]
    return any(
        read_symbol(word) is not None and bare(word) not in FILLERS and not is_amount(word, locale)
        for word in plain
    )


def _meaning(words: list[str], locale: str) -> Iterator[str]:
    for at, word in enumerate(words[1:], start=1):
        plain = bare(word)
        is_before_number = at + 1 < len(words) and read_quantity(words[at + 1], locale) is not None
        if _opens_option(words[at - 1]) and plain in _AT_WORDS and is_before_number:
            continue
        if plain not in FILLERS or (plain in PRICE_WORDS and is_before_number):
            yield word


def _opens_option(word: str) -> bool:
    option = option_of(word)
    return option is not None and option.value is None


def _without_please(words: list[str]) -> list[str]:
    plain = [bare(word) for word in words]
    for at in range(1, len(words) - 1):
        if plain[at : at + 2] == _PLEASE:
            return words[:at] + words[at + 2 :]
    return words
