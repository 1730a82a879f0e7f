"""Stores the place on every tape: watermark segments that ended, and checkpoints, last of all."""

from collections.abc import Iterable, Sequence

from db.pool import Connection
from db.store.rows import Input
from db.store.waves import Item
from engine.core.effects import Checkpoint, TradeOpened

_SEGMENTS = Input(symbol="text", after_id="bigint", last_id="bigint", high="numeric", low="numeric")

_END_SEGMENTS = f"""
INSERT INTO watermark_segments (symbol, after_id, last_id, high, low)
SELECT symbol, after_id, last_id, high, low FROM {_SEGMENTS.source}
ON CONFLICT (symbol, after_id) DO NOTHING
"""

_CHECKPOINTS = Input(
    symbol="text",
    last_id="bigint",
    price="text",
    print_ms="bigint",
    segment_after_id="bigint",
    high="text",
    low="text",
)

_MOVE_CHECKPOINTS = f"""
INSERT INTO checkpoints (symbol, last_id, price, print_time, segment_after_id, high, low)
SELECT symbol, last_id, nullif(price, '')::numeric, ms_to_time(print_ms), segment_after_id,
    nullif(high, '')::numeric, nullif(low, '')::numeric
FROM {_CHECKPOINTS.source} ORDER BY symbol
ON CONFLICT (symbol) DO UPDATE SET
    last_id = excluded.last_id, price = excluded.price, print_time = excluded.print_time,
    segment_after_id = excluded.segment_after_id, high = excluded.high, low = excluded.low
WHERE checkpoints.last_id <= excluded.last_id
"""


async def end_segments(connection: Connection, items: Iterable[Item]) -> None:
    """Store the watermark segments that ended with these effects, once each."""
    rows = [
        (ended.symbol, ended.after_id, ended.last_id, ended.high, ended.low)
        for item in items
        if isinstance(item.effect, TradeOpened) and (ended := item.effect.segment) is not None
    ]
    if rows:
        await connection.execute(_END_SEGMENTS, *_SEGMENTS.arrays(rows))


async def move_checkpoints(connection: Connection, checkpoints: Sequence[Checkpoint]) -> None:
    """Move checkpoints forward; one that is behind what is stored changes nothing."""
    newest: dict[str, Checkpoint] = {}
    for one in checkpoints:
        if one.symbol not in newest or one.last_id >= newest[one.symbol].last_id:
            newest[one.symbol] = one
    rows = [
        (c.symbol, c.last_id, c.price, c.time_ms, c.segment_after_id, c.high, c.low)
        for c in newest.values()
    ]
    if rows:
        await connection.execute(_MOVE_CHECKPOINTS, *_CHECKPOINTS.arrays(rows))
