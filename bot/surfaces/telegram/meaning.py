"""What a line or a press asks for, as far as the surface must know before the talk hears it."""

from bot.conversation.presses import decode, read_line
from bot.conversation.said import Said
from bot.grammar.catalogue import Audience
from bot.grammar.parse import parse
from bot.grammar.requests import (
    ByNumber,
    Language,
    ListTrades,
    Menu,
    Misread,
    Request,
    Share,
)
from bot.surfaces.telegram.intake import COMMAND_OF

PRIVATE = (Audience.OWNER, Audience.HOST)


def asked(said: Said, locale: str) -> Request | None:
    """Return what is asked for; None for what is no request by itself."""
    if said.request is not None:
        return said.request
    if said.payload is not None:
        press = decode(said.payload)
        found = read_line(press.line) if press is not None and press.line else None
    else:
        found = parse(said.line or "", locale)
    return None if isinstance(found, Misread) else found


def audience(said: Said) -> Audience | None:
    """Return for whom the answer is, by the command's word; None for what bears none."""
    line = said.line or ""
    if said.payload is not None:
        press = decode(said.payload)
        line = press.line if press is not None else ""
    if line.startswith("="):  # what nobody can type is always about one's own
        return Audience.OWNER
    if not line.startswith("/"):
        return None
    command = COMMAND_OF.get(line[1:].split(maxsplit=1)[0].lower() if line[1:].strip() else "")
    return command.audience if command is not None else None


def wants_keys(request: Request | None, *, is_typed: bool) -> bool:
    """Return whether a request brings the keys below the typing field.

    A typed `/menu` does, and a language that is chosen: the keys are in the new one.
    """
    if isinstance(request, Menu):
        return is_typed
    return isinstance(request, Language) and request.code is not None


def shared_number(request: Request | Misread | None) -> int | None:
    """Return the trade whose card is to be shared, 0 for the last; None: nothing is shared."""
    if not isinstance(request, Share):
        return None
    if request.target is None:
        return 0
    return request.target.number if isinstance(request.target, ByNumber) else None


def watched(request: Request | None) -> Request:
    """Return what a live message asks for, again and again: never what changes anything."""
    return request if isinstance(request, ListTrades) else ListTrades()
