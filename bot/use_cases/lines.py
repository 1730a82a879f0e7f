"""A request written as the line that asks for it: for suggestions and buttons."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from bot.grammar.numbers import doubted, typed
from bot.grammar.parts import Move
from bot.grammar.requests import (
    Admin,
    Again,
    BreakEven,
    ByNumber,
    Card,
    Chart,
    Close,
    Group,
    GroupSettings,
    Help,
    History,
    Language,
    LevelText,
    Link,
    ListTrades,
    Off,
    Open,
    Plan,
    Price,
    RemoveAlerts,
    Request,
    SellPicker,
    SetAlert,
    SetStop,
    SetTarget,
    Settings,
    Share,
    ShowTrade,
    SizeText,
    Start,
    Target,
    Timezone,
)
from bot.grammar.words import CURRENCIES
from engine.core.instrument import Direction
from engine.core.numbers import ONE

_WHOLE = re.compile(r"^[0-9]+(?=[a-z]*$)")


def spelled(request: Request) -> str:
    """Return the line of `en` that the grammar reads as exactly this request.

    It may be kept, parked or pressed: a number that could be read in two ways still can be.
    """
    write = _WRITERS.get(type(request))
    return write(request) if write else f"/{type(request).__struct_config__.tag}"


def _chart(request: Chart) -> str:
    name = (request.symbol or "").lower() or _target(request.target)
    return _words("/chart", name, request.interval or "")


def _close(request: Close) -> str:
    share = "" if request.share == ONE else f"{typed(request.share * 100)}%"
    return _words("/close", _target(request.target), share)


def _history(request: History) -> str:
    return _words("/history", "" if request.page == 1 else str(request.page))


def _start(request: Start) -> str:
    parts = ((request.currency or "").lower(), request.language or "", request.ticket or "")
    return _words("/start", *parts)


def _open(request: Open) -> str:
    verb = "/buy" if request.direction is Direction.LONG else "/short"
    stop = f"sl={_level(request.stop)}" if request.stop else ""
    target = f"tp={_level(request.target)}" if request.target else ""
    plan = f"plan={request.plan}" if request.plan else ""
    return _words(verb, *_coin_and_size(request), stop, target, plan)


def _plan(request: Plan) -> str:
    if request.is_removed:
        return _words("/plan", request.name or "", "off")
    stop = f"sl={_level(request.stop)}" if request.stop else ""
    target = f"tp={_level(request.target)}" if request.target else ""
    size = size_line(request.size) if request.size else ""
    return _words("/plan", request.name or "", size, stop, target)


def size_line(size: SizeText) -> str:
    """Return an amount as `en` reads it where no coin stands before it (`2btc` could be one)."""
    is_coins = size.unit not in {None, "%", *CURRENCIES.values()}
    return _marked(_size(size)) if is_coins else _size(size)


def level_line(level: LevelText) -> str:
    """Return a price or a percentage as `en` reads it."""
    unit = "%" if level.is_percent else (level.unit or "").lower()
    return f"{doubted(level.value, level.other_reading)}{unit}"


def _size(size: SizeText | None) -> str:
    if size is None:
        return ""
    return f"{doubted(size.value, size.other_reading)}{(size.unit or '').lower()}"


def _coin_and_size(request: Open | SellPicker) -> tuple[str, str]:
    if request.symbol is None:
        return "", size_line(request.size) if request.size else ""
    return request.symbol.lower(), _size(request.size)


def _target(target: Target | Group | None) -> str:
    if target is None:
        return ""
    if isinstance(target, ByNumber):
        return str(target.number)
    return target.value if isinstance(target, Group) else target.text.lower()


def _level(level: LevelText | Off | BreakEven | None) -> str:
    if level is None:
        return ""
    if isinstance(level, BreakEven):
        return "be"
    if isinstance(level, Off):
        return "off"
    return level_line(level)


def _alert(request: SetAlert) -> str:
    return _words("/alert", (request.symbol or "").lower(), _reach(request.price))


def _alert_off(request: RemoveAlerts) -> str:
    return _words("/alert", (request.symbol or "").lower(), _reach(request.price), "off")


def _reach(price: LevelText | Move | None) -> str:
    if isinstance(price, Move):
        return f"{'+' if price.percent > 0 else '-'}{typed(abs(price.percent))}%"
    return _level(price)


def _words(*words: str) -> str:
    return " ".join(word for word in words if word)


def _of_target(verb: str) -> Callable[[Any], str]:
    return lambda request: _words(verb, _target(request.target))


def _of_level(verb: str) -> Callable[[Any], str]:
    def write(request: SetStop | SetTarget) -> str:
        level = _level(request.level)
        if request.target is None:  # `/sl 60000` would be about a trade of that number
            level = _marked(level)
        return _words(verb, _target(request.target), level)

    return write


def _marked(text: str) -> str:
    """Give a whole number a decimal mark, so that it can be nothing else."""
    return _WHOLE.sub(r"\g<0>.0", text)


def _of_setting(verb: str) -> Callable[[Any], str]:
    return lambda request: _words(verb, request.name or "", request.value or "")


_WRITERS: Mapping[type, Callable[[Any], str]] = MappingProxyType(
    {
        Open: _open,
        SetStop: _of_level("/sl"),
        SetTarget: _of_level("/tp"),
        ShowTrade: _of_target("/trades"),
        ListTrades: lambda request: "/trades" if request.page == 1 else f"=trades {request.page}",
        SellPicker: lambda request: _words("/sell", *_coin_and_size(request)),
        Close: _close,
        Again: _of_target("/again"),
        Card: _of_target("/card"),
        Share: _of_target("/share"),
        Chart: _chart,
        Plan: _plan,
        SetAlert: _alert,
        RemoveAlerts: _alert_off,
        Price: lambda request: _words("/price", (request.symbol or "").lower()),
        History: _history,
        Start: _start,
        Help: lambda request: _words("/help", request.topic or ""),
        Language: lambda request: _words("/language", request.code or ""),
        Timezone: lambda request: _words("/timezone", request.name or ""),
        Link: lambda request: _words("/link", request.code or ""),
        Settings: _of_setting("/settings"),
        GroupSettings: _of_setting("/group"),
        Admin: lambda request: _words("/admin", request.action, request.text),
    }
)
