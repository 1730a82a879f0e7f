"""What a line means beyond its words: whose trade a reply is about, what a phone has changed."""

from bot.conversation.drafts import reads
from bot.conversation.presses import read_line
from bot.grammar.parse import parse
from bot.grammar.requests import Misread, Request
from bot.grammar.words import COMMANDS, bare
from bot.text.catalog import LOCALES
from bot.use_cases.lines import spelled
from bot.views import MisreadView

ON_TRADE = frozenset({"trades", "sl", "tp", "close", "again", "card", "share", "chart"})
LINE_MAX = 4_000


def typed_line(text: str) -> str:
    """Return what was typed as one line of bounded length; a broadcast keeps its own lines."""
    text = text.strip()[:LINE_MAX]
    return text if "broadcast" in text[:40].lower() else " ".join(text.split("\n"))


def parked_line(line: str, locale: str) -> str:
    """Return a typed line as it is read later (`read_kept`), whatever language is spoken then.

    What was understood is kept as a line of `en`, else the line itself with its language.
    """
    request = parse(line, locale)
    return f"{locale}|{line}" if isinstance(request, Misread) else spelled(request)


def is_typed(kept: str) -> bool:
    """Tell whether a kept line is as it was typed."""
    locale, mark, _ = kept.partition("|")
    return bool(mark) and locale in LOCALES


def read_kept(kept: str) -> Request | MisreadView:
    """Read a line that a button carries or that was parked; never raises."""
    if is_typed(kept):
        locale, _, line = kept.partition("|")
        return reads(line, locale)
    answer = read_line(kept)
    return MisreadView(misread=answer, locale="en") if isinstance(answer, Misread) else answer


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
