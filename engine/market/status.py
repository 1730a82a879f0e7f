"""Gathers the feed's facts for `/status` and `doctor`; it judges nothing."""

from collections.abc import Iterable

from engine.market.lane import Lane, LaneContext
from engine.market.ports import ConnectionStatus, FeedStatus, SymbolStatus
from engine.market.symbol_tape import SymbolTape


def describe(
    lanes: Iterable[Lane], tapes: Iterable[SymbolTape], context: LaneContext
) -> FeedStatus:
    """Return the facts as they are now."""
    budget = context.history.budget
    return FeedStatus(
        connections=tuple(_describe_lane(lane) for lane in lanes),
        symbols=tuple(_describe_tape(tape) for tape in tapes),
        rest_host=context.history.host,
        is_rest_reachable=context.history.is_reachable,
        weight_used=budget.used,
        banned_seconds=budget.banned_seconds,
        garbage_frames=context.garbage_frames,
    )


def _describe_lane(lane: Lane) -> ConnectionStatus:
    frame_at = lane.last_frame_at
    return ConnectionStatus(
        host=lane.host,
        is_connected=lane.is_connected,
        frame_age_seconds=None if frame_at is None else lane.context.clock.monotonic() - frame_at,
        streams=len(lane.symbols | {lane.context.config.canary}),
        reconnects=lane.reconnects,
        last_error=lane.last_error,
    )


def _describe_tape(tape: SymbolTape) -> SymbolStatus:
    return SymbolStatus(
        symbol=tape.symbol,
        last_id=tape.last_id if tape.is_anchored else None,
        last_time_ms=tape.last_time_ms if tape.is_anchored else None,
        has_hole=tape.has_hole,
        is_subscribed=tape.is_subscribed,
        is_held=tape.is_held,
        holes_filled=tape.holes_filled,
        duplicates=tape.duplicates,
    )
