"""What a button carries: a few bytes that say what it does, for whom, and that survive a restart.

A press authorizes nothing: whoever presses is looked up, and every trade by its owner.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from msgspec import Struct

from bot.grammar.numbers import typed
from bot.grammar.parse import parse
from bot.grammar.requests import (
    Admin,
    ByCoin,
    Close,
    CloseMany,
    DeleteMe,
    Link,
    ListTrades,
    Misread,
    PickPage,
    Plan,
    PreviewMany,
    Request,
    Reset,
    SellPicker,
    SetStop,
    SetTarget,
    ShowTrade,
    Unlink,
)
from bot.views import AskCode

BYTES_MAX = 64
NUMBERS_MAX = 9
BROADCAST = "broadcast "


class PressKind(StrEnum):
    """What happens when it is pressed."""

    DO = "d"  # the line is done
    ASK = "a"  # the line is previewed and asked about, unless its owner wants no questions
    STEP = "s"  # the line is an order that is still growing
    FORM = "f"  # the line wants one more word, typed
    PARKED = "p"  # the line is the ticket of a parked request
    LEAVE = "x"  # the question is dropped
    MORE = "m"  # a live list that has ended goes on


class Press(Struct, frozen=True, kw_only=True):
    """One button's meaning. `line` is in the words of `en`; `asked` are a STEP's or FORM's steps.

    `owner` is the platform's id of the only one who may press it, empty in a private chat.
    `nonce` makes pressing it twice the same as once.
    """

    kind: PressKind
    line: str = ""
    owner: str = ""
    nonce: str = ""
    asks: AskCode | None = None
    asked: tuple[AskCode, ...] = ()


_PAYLOAD = re.compile(
    r"(?P<kind>[dasfpxm])(?P<steps>[a-z]*)\.(?P<owner>[0-9a-z]*)\.(?P<nonce>[0-9A-Za-z]*):(?P<line>.*)",
    re.ASCII | re.DOTALL,
)
_NUMBERS = re.compile(r"[0-9]{1,9}(,[0-9]{1,9}){0,199}", re.ASCII)
_PERCENT = re.compile(r"[0-9]{1,3}(\.[0-9]{1,4})?", re.ASCII)
_PAGE = re.compile(r"[1-9][0-9]{0,2}", re.ASCII)
_STEPS = tuple(AskCode)
_LETTERS = "abcdefghij"
_HIDDEN = re.compile(r"=(?P<word>[a-z_]+)(?: (?P<rest>.*))?", re.ASCII | re.DOTALL)
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def encode(press: Press) -> str:
    """Write a press as at most 64 ASCII bytes. Raises ValueError when it does not fit."""
    steps = [press.asks, *press.asked] if press.asks else list(press.asked)
    letters = "".join(_LETTERS[_STEPS.index(step)] for step in steps if step)
    text = f"{press.kind}{letters}.{_base36(press.owner)}.{press.nonce}:{press.line}"
    if len(text.encode()) > BYTES_MAX:
        raise ValueError(text)
    return text


def decode(payload: str) -> Press | None:
    """Read a press; None for one that nobody of us wrote."""
    found = _PAYLOAD.fullmatch(payload) if len(payload) <= 100 else None
    if found is None:
        return None
    letters = [_LETTERS.find(letter) for letter in found["steps"]]
    if any(not 0 <= at < len(_STEPS) for at in letters):
        return None
    kind, steps = PressKind(found["kind"]), tuple(_STEPS[at] for at in letters)
    has_asks = kind in (PressKind.STEP, PressKind.FORM) and bool(steps)
    return Press(
        kind=kind,
        line=found["line"],
        owner=str(int(found["owner"], 36)) if found["owner"] else "",
        nonce=found["nonce"],
        asks=steps[0] if has_asks else None,
        asked=steps[1:] if has_asks else steps,
    )


def hidden_line(request: Request) -> str | None:
    """Write a request that nobody can type; None for one that is typed (`lines.spelled`)."""
    return _page_line(request) or _confirmed_line(request)


def _page_line(request: Request) -> str | None:
    """Write a request for another page of what is shown; it changes nothing."""
    match request:
        case PreviewMany(numbers=numbers, share=share, page=page):
            return f"=preview {page} {_many(numbers, share)}"
        case PickPage(line=line, page=page):
            return f"=pick {page} {line}"
        case Plan(name=None, page=page) if page > 1:
            return f"=plans {page}"
        case ListTrades(page=page) if page > 1:
            return f"=trades {page}"
        case _:
            return None


def _confirmed_line(request: Request) -> str | None:
    match request:
        case CloseMany(numbers=numbers, share=share):
            return f"=x {_many(numbers, share)}"
        case Reset(is_confirmed=True):
            return "=reset"
        case DeleteMe(is_confirmed=True):
            return "=delete_me"
        case Link(code=code, is_confirmed=True) if code is not None:
            return f"=link {code}"
        case Unlink(channel=channel):
            return f"=unlink {channel}"
        case Admin(action=action, text=text, is_confirmed=True):
            return f"=admin {action} {text}".rstrip()
        case _:
            return None


def _many(numbers: tuple[int, ...], share: Decimal) -> str:
    return f"{','.join(map(str, numbers))} {typed(share * 100)}"


def read_line(line: str) -> Request | Misread:
    """Read a button's line, typed or hidden; never raises."""
    found = _HIDDEN.fullmatch(line)
    if found is None:
        return parse(line, "en")
    rest = found["rest"] or ""
    if found["word"] == "admin" and rest.startswith(BROADCAST):
        return Admin("broadcast", rest.removeprefix(BROADCAST), is_confirmed=True)
    if found["word"] == "pick":
        return _pick_page(*rest.partition(" ")[::2]) or parse("", "en")
    return _hidden(found["word"], rest.split()) or parse("", "en")


def _pick_page(page: str, line: str) -> PickPage | None:
    """Read which page of which trades is wanted; a line that names its trade picks none."""
    request = parse(line, "en")
    is_pick = isinstance(request, SellPicker) or (
        isinstance(request, Close | SetStop | SetTarget | ShowTrade)
        and (request.target is None or isinstance(request.target, ByCoin))
    )
    return PickPage(line, int(page)) if is_pick and _PAGE.fullmatch(page) else None


def _hidden(word: str, rest: list[str]) -> Request | None:
    match word, rest:
        case "x", [numbers, percent]:
            return _close_many(numbers, percent)
        case "preview", [page, numbers, percent] if _PAGE.fullmatch(page):
            many = _close_many(numbers, percent)
            return many and PreviewMany(many.numbers, many.share, int(page))
        case "trades", [page] if _PAGE.fullmatch(page):
            return ListTrades(int(page))
        case "plans", [page] if _PAGE.fullmatch(page):
            return Plan(page=int(page))
        case "link", [code]:
            return Link(code, is_confirmed=True)
        case "unlink", [channel]:
            return Unlink(channel)
        case "admin", [action] if action != "broadcast":
            return Admin(action, is_confirmed=True)
        case _:
            return None if rest else _ALONE.get(word)


_ALONE: Mapping[str, Request] = MappingProxyType(
    {"reset": Reset(is_confirmed=True), "delete_me": DeleteMe(is_confirmed=True)}
)


def _close_many(numbers: str, percent: str) -> CloseMany | None:
    if not _NUMBERS.fullmatch(numbers) or not _PERCENT.fullmatch(percent):
        return None
    share = Decimal(percent) / 100
    chosen = tuple(int(number) for number in numbers.split(",") if number)
    return CloseMany(chosen, share) if chosen and 0 < share <= 1 else None


def _base36(owner: str) -> str:
    """Shorten an id; a Discord id takes 13 letters instead of 19 digits."""
    if not owner:
        return ""
    number, letters = int(owner), ""
    while number:
        number, digit = divmod(number, 36)
        letters = _DIGITS[digit] + letters
    return letters
