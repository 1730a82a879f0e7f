"""What a line means beyond its words: whose trade a reply is about, what a phone has changed."""

from bot.grammar.parse import parse
from bot.grammar.requests import Misread
from bot.grammar.words import COMMANDS, bare

ON_TRADE = frozenset({"trades", "sl", "tp", "close", "again", "card", "share", "chart"})
LINE_MAX = 4_000


def typed_line(text: str) -> str:
    """Return what was typed as one line of bounded length; a broadcast keeps its own lines."""
    text = text.strip()[:LINE_MAX]
    return text if "broadcast" in text[:40].lower() else " ".join(text.split("\n"))


def on_replied(line: str, number: int, locale: str) -> str:
    """Return the line with the trade that its message replied to, where it names none itself.

    `/sl 60250` in reply to trade 47 is `/sl 47 60250`; `close` is `/close 47`.
    """
    head, *rest = line.split()
    command = COMMANDS.get(bare(head[:24]).removeprefix("/").partition("@")[0])
    if command not in ON_TRADE or any(word.startswith("#") for word in rest):
        return line
    with_number = " ".join([head, str(number), *rest])
    return line if isinstance(parse(with_number, locale), Misread) else with_number
