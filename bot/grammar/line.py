"""A raw line becomes clean words: bounded first, then pasted marks and invisible signs undone."""

import re
import unicodedata

from bot.grammar.requests import Misread, MisreadCode

LINE_MAX = 400
SHOWN_MAX = 24

_DROPPED = dict.fromkeys(
    [*"\"'`´“”„‟‘’‚‛«»\ufeff\u200b\u200c\u200d\u200e\u200f\u2060\ufe0e\ufe0f"], None
)
_SPACES = dict.fromkeys(
    "\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008"
    "\u2009\u200a\u202f\u205f\u3000",
    " ",
)
_MENDED = str.maketrans(
    _DROPPED | _SPACES | dict.fromkeys("\u2212\u2010\u2011\u2012\u2013\u2014", "-")
)
_SPACES_TABLE = str.maketrans(_SPACES)
_SPACED_GROUP = re.compile(r"(?<=[0-9])[\u00a0\u202f](?=[0-9]{3}(?:[^0-9]|$))")
_SPACED_CURRENCY = re.compile(r"(?i)(?<!\S)(us\$|r\$|\$) +(?=[0-9])")
_SPACED_PERCENT = re.compile(r"(?<=[0-9]) +%")
_SPACED_EQUALS = re.compile(r" *= *")
_COLON = re.compile(r"(?i)(?<!\S)(sl|stop|tp|alvo|target) ?: *(?=\S)")
_SPACED_MULTIPLIER = re.compile(
    r"(?i)(?<!\S)((?:(?:sl|stop|tp|alvo|target)=?)?(?:us\$|r\$|\$)?[0-9][0-9.,]*)"
    r" +(k|mil|mi|m)(?![^\s.,!])",
    re.ASCII,
)
_COUNTED_ZEROS = re.compile(r"(?<![0-9])0([.,])0([\u2080-\u2089]{1,2})(?=[0-9])")
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def words_of(line: str) -> list[str] | Misread:
    """Return the words of a line of at most 400 characters, or why it cannot be read."""
    text = line.strip()
    if len(text) > LINE_MAX:
        facts = {"length": str(len(text)), "limit": str(LINE_MAX)}
        return Misread(MisreadCode.TOO_LONG, facts)
    text = _SPACED_GROUP.sub("", text).translate(_MENDED)
    odd = next((sign for sign in text if unicodedata.category(sign) in _UNPRINTABLE), None)
    if odd is not None and unicodedata.category(odd) == "Cs":  # bytes that were no UTF-8
        return Misread(MisreadCode.NO_TEXT)
    if odd is not None:
        return Misread(MisreadCode.ODD_CHARACTER, {"character": f"U+{ord(odd):04X}"})
    text = _COUNTED_ZEROS.sub(_zeros, text)
    text = _SPACED_CURRENCY.sub(r"\1", text)
    text = _SPACED_PERCENT.sub("%", text)
    text = _SPACED_EQUALS.sub("=", text)
    text = _COLON.sub(r"\1=", text)
    text = _SPACED_MULTIPLIER.sub(r"\1\2", text)
    return [word.rstrip(".!,") or word for word in text.split()]


def _zeros(found: re.Match[str]) -> str:
    """Write out a tiny price as we show it: 0.0₄1234 is 0.00001234."""
    return f"0{found[1]}{'0' * int(found[2].translate(_SUBSCRIPTS))}"


def printable(text: str) -> str:
    """Return text without anything that could move a cursor or hide: for echoes."""
    mended = text[: 2 * LINE_MAX].translate(_SPACES_TABLE)
    return "".join("�" if unicodedata.category(sign) in _UNPRINTABLE else sign for sign in mended)


def shown(word: str) -> str:
    """Return a word short enough to be echoed."""
    return word if len(word) <= SHOWN_MAX else word[: SHOWN_MAX - 1] + "…"
