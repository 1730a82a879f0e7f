"""Makes any text harmless on Discord: it is shown as it is and never acts.

No markup, mention, link, heading or fence comes out of it, and nothing that turns text around.
A sign is escaped only where it could act: push notifications show the backslashes.
"""

import re
import unicodedata

WORD_JOINER = "\u2060"
_ZERO_WIDTH_JOINER = "\u200d"  # keeps a family one emoji
_ACTING = re.compile(r"([\\*~|`\[\]]|<(?=[@#:&/A-Za-z])|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9]))")
_BLOCK = re.compile(r"^(\s*)(#(?=#{0,2}(?:\s|$))|-(?=[\s#]|$)|>)")
_ORDINAL = re.compile(r"^(\s*\d+)\.(?=\s|$)")
_SHORTCODE = re.compile(r":(?=[\w+-]{3,}:|[+-]1:)")
_LINK = re.compile(r"(?i)(https?|discord|mailto|tel|sms)(?=:)|(?<=discord)(?=\.(?:gg|com))")
_SPACED = frozenset("\t\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029")


def harmless(text: str) -> str:
    """Return one line of plain text as markup that shows it: the escape for all that we print."""
    line = _ACTING.sub(r"\\\1", one_line(text))
    line = _SHORTCODE.sub(r"\:", line)
    line = _LINK.sub(lambda found: found[0] + WORD_JOINER, line)
    line = line.replace("@", f"@{WORD_JOINER}")
    line = _ORDINAL.sub(r"\1\.", line)
    return _BLOCK.sub(r"\1\\\2", line)


def as_code(text: str) -> str:
    """Return one line for a code block or a code span: nothing in it ends the code."""
    return one_line(text).replace("`", "\u02cb")


def one_line(text: str) -> str:
    """Take out what breaks a line, is invisible or turns text around."""
    return "".join(_seen(sign) for sign in text)


def _seen(sign: str) -> str:
    if sign in _SPACED:
        return " "
    if sign == _ZERO_WIDTH_JOINER or unicodedata.category(sign) not in ("Cc", "Cf", "Cs"):
        return sign
    return ""
