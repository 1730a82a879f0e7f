"""`/admin`: what a host sees and orders, each order audited. Who is a host is checked before."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.grammar.requests import Admin
from bot.use_cases.context import Caller, Context
from bot.use_cases.opening import PAUSED
from bot.use_cases.status import feed_state
from bot.views import (
    AdminDoneView,
    BroadcastPreview,
    ConfirmKind,
    ConfirmView,
    DoneCode,
    DoneView,
    FeedState,
    HealthView,
    PlatformRow,
    View,
)
from engine.ports import StoreError


@dataclass(frozen=True)
class Gauges:
    """What the running process knows of itself. `lag_ms`: the loop's worst of the last minute."""

    platforms: Callable[[], tuple[PlatformRow, ...]]
    memory_mb: Callable[[], int]
    lag_ms: Callable[[], int]
    started_at_ms: int


async def administer(context: Context, caller: Caller, request: Admin, gauges: Gauges) -> View:
    """Tell how everything is, or do what the host orders."""
    match request.action:
        case "pause" | "resume" as action:
            kept = "1" if action == "pause" else None
            await context.house.order(caller.identity.channel, action, (PAUSED, kept))
            return AdminDoneView(action=action)
        case "broadcast":
            return await _broadcast(context, caller, request)
        case _:
            return await health(context, gauges)


async def _broadcast(context: Context, caller: Caller, request: Admin) -> View:
    if not request.is_confirmed:
        counts = await context.house.counts()
        return ConfirmView(
            kind=ConfirmKind.BROADCAST,
            on_yes=Admin("broadcast", request.text, is_confirmed=True),
            currency="",
            broadcast=BroadcastPreview(text=request.text, count=counts.people),
        )
    channel = caller.identity.channel
    count = await context.house.broadcast(channel, request.text, caller.key)
    if count is None:
        return DoneView(code=DoneCode.ALREADY_DONE)
    return AdminDoneView(action="broadcast", count=count)


async def health(context: Context, gauges: Gauges) -> View:
    """Tell how everything is; the database may be away."""
    is_paused, counts = False, None
    try:
        is_paused = await context.house.value(PAUSED) is not None
        counts = await context.house.counts()
    except StoreError:
        counts = None
    return HealthView(
        platforms=gauges.platforms(),
        is_armed=feed_state(context.desk.facts()) is FeedState.LIVE,
        database_is_up=counts is not None,
        is_paused=is_paused,
        people=counts.people if counts else 0,
        open_trades=counts.open_trades if counts else 0,
        waiting_orders=counts.waiting_orders if counts else 0,
        pending_deliveries=counts.pending_deliveries if counts else 0,
        dead_deliveries=counts.dead_deliveries if counts else 0,
        memory_mb=gauges.memory_mb(),
        lag_ms=gauges.lag_ms(),
        up_ms=context.clock.now_ms() - gauges.started_at_ms,
    )
