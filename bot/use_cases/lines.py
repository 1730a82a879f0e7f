"""A request written as the line that asks for it: for suggestions and buttons."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from bot.grammar.numbers import typed
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
from engine.core.instrument import Direction
from engine.core.numbers import ONE


def spelled(request: Request) -> str:
    """Return a line that the grammar reads as this request."""
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
    return _words(verb, (request.symbol or "").lower(), _size(request.size), stop, target, plan)


def _plan(request: Plan) -> str:
    if request.is_removed:
        return _words("/plan", request.name or "", "off")
    stop = f"sl={_level(request.stop)}" if request.stop else ""
    target = f"tp={_level(request.target)}" if request.target else ""
    return _words("/plan", request.name or "", _size(request.size), stop, target)


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


def _level(level: LevelText | Off | BreakEven | None) -> str:
    if level is None:
        return ""
    if isinstance(level, BreakEven):
        return "be"
    if isinstance(level, Off):
        return "off"
    return f"{typed(level.value)}{'%' if level.is_percent else ''}"


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
    return lambda request: _words(verb, _target(request.target), _level(request.level))


def _of_setting(verb: str) -> Callable[[Any], str]:
    return lambda request: _words(verb, request.name or "", request.value or "")


_WRITERS: Mapping[type, Callable[[Any], str]] = MappingProxyType(
    {
        Open: _open,
        SetStop: _of_level("/sl"),
        SetTarget: _of_level("/tp"),
        ShowTrade: _of_target("/trades"),
        ListTrades: lambda request: "/trades" if request.page == 1 else f"=trades {request.page}",
        SellPicker: lambda request: _words(
            "/sell", (request.symbol or "").lower(), _size(request.size)
        ),
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
