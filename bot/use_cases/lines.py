"""A request written as the line that asks for it: for suggestions and buttons."""

from bot.grammar.numbers import typed
from bot.grammar.requests import (
    ByNumber,
    Close,
    Group,
    LevelText,
    Off,
    Open,
    Request,
    SetStop,
    SetTarget,
    ShowTrade,
    SizeText,
    Target,
)
from engine.core.instrument import Direction
from engine.core.numbers import ONE


def spelled(request: Request) -> str:
    """Return a line that the grammar reads as this request."""
    match request:
        case Open():
            return _open(request)
        case SetStop():
            return _words("/sl", _target(request.target), _level(request.level))
        case SetTarget():
            return _words("/tp", _target(request.target), _level(request.level))
        case ShowTrade():
            return _words("/trades", _target(request.target))
        case Close():
            share = "" if request.share == ONE else f"{typed(request.share * 100)}%"
            return _words("/close", _target(request.target), share)
        case _:
            return f"/{type(request).__struct_config__.tag}"


def _open(request: Open) -> str:
    verb = "/buy" if request.direction is Direction.LONG else "/short"
    stop = f"sl={_level(request.stop)}" if request.stop else ""
    target = f"tp={_level(request.target)}" if request.target else ""
    return _words(verb, (request.symbol or "").lower(), _size(request.size), stop, target)


def _size(size: SizeText | None) -> str:
    if size is None:
        return ""
    return f"{typed(size.value)}{(size.unit or '').lower()}"


def _target(target: Target | Group | None) -> str:
    if target is None:
        return ""
    if isinstance(target, ByNumber):
        return str(target.number)
    return target.value if isinstance(target, Group) else target.text.lower()


def _level(level: LevelText | Off | None) -> str:
    if level is None:
        return ""
    if isinstance(level, Off):
        return "off"
    return f"{typed(level.value)}{'%' if level.is_percent else ''}"


def _words(*words: str) -> str:
    return " ".join(word for word in words if word)
