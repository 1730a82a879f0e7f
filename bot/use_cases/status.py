"""`/status`: how feed, database and engine are, for whoever wonders whether somebody watches."""

from bot.use_cases.context import Caller, Context
from bot.views import CaughtUp, FeedRow, FeedState, StatusView, View
from engine.desk import FeedFacts
from engine.ports import StoreError

ROWS_MAX = 12


async def status(context: Context, caller: Caller, started_at_ms: int) -> View:
    """Return the facts, the caller's own symbols first; the database may be away."""
    facts = context.desk.facts()
    now_ms = context.clock.now_ms()
    symbols: set[str] = set()
    began = context.clock.monotonic()
    try:
        trades = await context.books.open_trades(caller.person.user_id)
        symbols = {item.trade.symbol for item in trades}
        began = context.clock.monotonic()
        await context.books.ping()
        counts = await context.books.counts()
        latency_ms = round((context.clock.monotonic() - began) * 500)
        is_up = True
    except StoreError:
        counts, latency_ms, is_up = None, None, False
    names = sorted(symbols) + sorted(facts.symbols - symbols)
    return StatusView(
        feed=feed_state(facts),
        rows=tuple(_row(context, name, now_ms) for name in names[:ROWS_MAX]),
        database_is_up=is_up,
        open_count=counts.open_trades if counts else 0,
        waiting_count=counts.waiting_orders if counts else 0,
        started_at_ms=started_at_ms,
        now_ms=now_ms,
        database=context.database,
        database_latency_ms=latency_ms,
        clock_offset_ms=facts.clock_offset_ms,
        caught_up=caught_up(facts),
    )


def feed_state(facts: FeedFacts) -> FeedState:
    """Return how the connection to the venue is, in one word."""
    if facts.is_connected:
        return FeedState.LIVE if facts.is_armed else FeedState.CATCHING_UP
    if facts.was_tried:
        return FeedState.OFFLINE
    return FeedState.CONNECTING


def _row(context: Context, symbol: str, now_ms: int) -> FeedRow:
    place = context.desk.place(symbol)
    if place is None:
        return FeedRow(symbol=symbol)
    return FeedRow(
        symbol=symbol,
        last_id=place.after_id,
        age_ms=now_ms - place.last_time_ms,
        is_fresh=place.is_fresh,
    )


def caught_up(facts: FeedFacts) -> CaughtUp | None:
    """Return what the last start found, None when nothing was missed."""
    found = facts.caught_up
    if found is None or found.since_ms == found.until_ms:
        return None
    return CaughtUp(
        since_ms=found.since_ms, until_ms=found.until_ms, prints=found.prints, fills=found.effects
    )
