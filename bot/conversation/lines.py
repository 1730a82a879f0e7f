"""What a line means beyond its words: whose trade a reply is about, what a phone has changed."""

import re
from collections.abc import Iterable

from bot.conversation.drafts import reads
from bot.conversation.presses import PressKind, decode, read_line
from bot.conversation.said import Said
from bot.grammar.parse import parse
from bot.grammar.requests import (
    ByNumber,
    Close,
    CloseMany,
    ListTrades,
    Misread,
    PreviewMany,
    Request,
    ShowTrade,
)
from bot.grammar.words import COMMANDS, bare
from bot.text.catalog import LOCALES
from bot.use_cases.lines import spelled
from bot.views import MisreadView

ON_TRADE = frozenset({"trades", "sl", "tp", "close", "again", "card", "share", "chart"})
LINE_MAX = 4_000
PRACTICE = 0
"""The number of the trade that is practiced; nobody's trade has it."""
_NUMBER = re.compile(r"#([0-9]{1,9})\b", re.ASCII)


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


def on_replied(line: str, number: int, locale: str) -> str | None:
    """Return the line with the trade that its message replied to, where it names none itself.

    `/sl 60250` in reply to trade 47 is `/sl 47 60250`; `close` is `/close 47`. A line that makes
    no sense with it is not done without it. None: it is about a trade of practice.
    """
    head, *rest = line.split()
    command = COMMANDS.get(bare(head[:24]).removeprefix("/").partition("@")[0])
    if command not in ON_TRADE or any(word.startswith("#") for word in rest):
        return line
    with_number = " ".join([head, str(number or 1), *rest])
    is_misread = isinstance(parse(with_number, locale), Misread)
    if is_misread and _names_its_own(parse(line, locale), number):
        return line
    return with_number if number != PRACTICE else None


def _names_its_own(request: Request | Misread, number: int) -> bool:
    """Tell whether a request names what it is about; `close 50` may mean a half as well as a trade.

    `number` is that of the trade it replies to.
    """
    if isinstance(request, Close) and isinstance(request.target, ByNumber):
        return request.target.number == number
    named = (getattr(request, name, None) for name in ("target", "symbol"))
    return any(one is not None for one in named)


def acts_on_trade(said: Said, own_id: str) -> bool:
    """Tell whether what was said is about a trade by its number; every account counts anew.

    `own_id`: a button that is another's than his is about no trade of his.
    """
    press = decode(said.payload) if said.payload is not None else None
    if press is not None and press.owner not in ("", own_id):
        return False
    if press is None:
        return said.replied_number is not None or _bears_number(said.request)
    return press.kind is PressKind.PARKED or _bears_number(read_line(press.line))


def _bears_number(request: object) -> bool:
    target = getattr(request, "target", None)
    return isinstance(target, ByNumber) or isinstance(request, CloseMany | PreviewMany)


def trade_of(payloads: Iterable[str], text: str) -> int | None:
    """Return the trade that a message of ours is about, None for several or none.

    Its buttons tell: a text may name a trade as a list does, or by chance as a host's words. A
    list is about none of its trades, even where it has only one. Practice has no buttons, and
    its number in the text: PRACTICE.
    """
    presses = [press for press in map(decode, payloads) if press is not None]
    if not presses:
        told = {int(number) for number in _NUMBER.findall(text)}
        return PRACTICE if told == {PRACTICE} else None
    requests = [read_line(press.line) for press in presses]
    shown, acted = set[int](), set[int]()
    for request in requests:
        target = getattr(request, "target", None)
        if isinstance(request, CloseMany):
            acted.update(request.numbers)
        elif isinstance(target, ByNumber):
            (shown if isinstance(request, ShowTrade) else acted).add(target.number)
    is_list = any(isinstance(request, ListTrades) for request in requests)
    named = acted or (set[int]() if is_list else shown)
    return next(iter(named)) if len(named) == 1 else None
