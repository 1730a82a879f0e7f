"""Text of others on Discord: shown as it is, never acting."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.surfaces.discord.escaping import WORD_JOINER, as_code, harmless

# What Discord's markup can be made of, once escapes are taken out.
ACTIVE = re.compile(
    r"""[*`~|]  # emphasis, code, strike, spoiler
    | (?<![A-Za-z0-9])_ | _(?![A-Za-z0-9])
    | \[  # masked link
    | <(?=[@\#:&/A-Za-z])  # mentions, emoji, timestamps, quiet links
    | @(everyone|here|&?\d)
    | (https?|discord|mailto|tel|sms):
    | discord\.(gg|com)
    | ^\s*(\#{1,3}(\s|$)|-\s|-\#|-$|>)  # headings, lists, small print, quotes
    | ^\s*\d+\.(\s|$)
    | :[\w+-]{3,}:
    """,
    re.VERBOSE | re.IGNORECASE,
)
TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u200b\ufeff]")
HOSTILE = [
    "@everyone",
    "@here free coins",
    "<@123456789012345678>",
    "<@!123>",
    "<@&99>",
    "<#42>",
    "</buy:1>",
    "<:smile:123>",
    "<a:wave:5>",
    "<t:0:R>",
    "<id:guide>",
    "[free coins](https://evil.example)",
    "[x](<https://evil.example>)",
    "https://evil.example/path_with_x",
    "HTTPS://EVIL.example",
    "discord.gg/scam",
    "discord://-/channels",
    "# huge",
    "### heading",
    "-# small",
    "- item",
    "> quote",
    ">>> quote all",
    "1. first",
    "é_it_é a__b__c _it_",
    "**bold** __under__ *it* _it_ ~~gone~~ ||spoiler||",
    "```ansi\n\x1b[31mred```",
    "`code`",
    "a\\*b\\",
    "\\",
    "\\\\@everyone",
    "line\nbreak\r\n# heading",
    "para\u2028graph\u2029",
    "\u202egnp.exe",
    "\u2066hidden\u2069",
    "zero\u200bwidth @\u200beveryone",
    "tab\there",
    ":100: :tada:",
]


def shown(escaped: str) -> str:
    """What a reader sees of escaped text."""
    return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", escaped).replace(WORD_JOINER, "")


def acting(escaped: str) -> re.Match[str] | None:
    """Markup that is left when everything that is escaped has been taken out."""
    return ACTIVE.search(re.sub(r"\\[^0-9A-Za-z\s]", "\ue000", escaped))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_never_acts_and_stays_readable(text):
    escaped = harmless(text)
    assert acting(escaped) is None
    assert "\n" not in escaped
    assert not TURNING.search(escaped)
    plain = [one for one in text if unicodedata.category(one) not in ("Cc", "Cf", "Zl", "Zp")]
    assert [one for one in shown(escaped) if one != " "] == [one for one in plain if one != " "]


@given(st.text(max_size=80))
def test_no_text_at_all_acts(text):
    escaped = harmless(text)
    assert acting(escaped) is None
    assert not TURNING.search(escaped)


def test_a_sign_that_cannot_act_is_left_alone():
    assert harmless("Risk: <0.01% of equity") == "Risk: <0.01% of equity"
    assert harmless("a < b") == "a < b"


@given(st.text(alphabet="\\`*_~|[](<>@#:-.1/everyonhtps \u202e\n", max_size=40))
def test_no_text_of_markup_acts(text):
    assert acting(harmless(text)) is None


def test_acting_recognizes_what_is_not_escaped():
    raw = [text for text in HOSTILE if acting(text)]
    assert len(raw) >= len(HOSTILE) - 8


@pytest.mark.parametrize(
    "line", ["#47 BTC · 499.83 USDT", "14:05:33", "-2% (+0.50%)", "/delete_me"]
)
def test_our_own_lines_come_without_backslashes(line):
    assert harmless(line) == line


@given(st.text(max_size=60))
def test_nothing_ends_a_code_block(text):
    code = as_code(text)
    assert "`" not in code
    assert "\n" not in code
