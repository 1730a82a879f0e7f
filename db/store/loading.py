"""Reads what an engine starts from: open trades as lines, waiting orders, places on the tapes."""

import logging

import msgspec

from db.pool import Connection
from engine.core.effects import Checkpoint
from engine.core.orders import WaitingOrder

log = logging.getLogger(__name__)

PAGE_TRADES = 20_000

# The fields of engine.core.trade.Trade, in its order; every exact number as text.
TRADE_LINE = """
json_build_array(
    id, user_id, account_id, symbol, direction, revision, after_id, time_to_ms(opened_at),
    quantity::text, entry_price::text, reserved::text, entry_fee::text, fee_rate::text, rate::text,
    route, liquidation_price::text, stop_price::text, targets)
"""

_PAGE = f"""
SELECT {TRADE_LINE} FROM trades WHERE status = 'open' AND id > $1 ORDER BY id LIMIT $2
"""

_ONE = f"SELECT ({TRADE_LINE})::text FROM trades WHERE id = $1 AND status = 'open'"

_WAITING = "SELECT body::text FROM orders WHERE status = 'waiting' ORDER BY id"

_CHECKPOINTS = """
SELECT symbol, last_id, coalesce(price::text, '') AS price, time_to_ms(print_time) AS time_ms,
    segment_after_id, coalesce(high::text, '') AS high, coalesce(low::text, '') AS low
FROM checkpoints ORDER BY symbol
"""

_CUTS = """
SELECT s.symbol, array_agg(s.last_id ORDER BY s.last_id) AS cuts
FROM watermark_segments s JOIN checkpoints c USING (symbol)
WHERE s.last_id > c.segment_after_id GROUP BY s.symbol
"""

_RESERVE = "SELECT setval('engine_ids', nextval('engine_ids') + $1 - 1)"

_orders = msgspec.json.Decoder(WaitingOrder)


async def open_trades(connection: Connection, after_id: int, count: int) -> list[bytes]:
    """Return the next `count` open trades with a higher id, as JSON lines; empty at the end.

    COPY is by far the cheapest way out; its text format doubles the backslash, which is undone.
    """
    chunks: list[bytes] = []

    async def keep(chunk: bytes) -> None:
        chunks.append(chunk)

    await connection.copy_from_query(_PAGE, after_id, count, output=keep)
    text = b"".join(chunks)
    if b"\\" in text:
        text = text.replace(b"\\\\", b"\\")
    return text.splitlines()


def id_of(line: bytes) -> int:
    """Return the trade's id, the line's first field."""
    return int(line[1 : line.index(b",")])


async def trade_line(connection: Connection, trade_id: int) -> bytes | None:
    """Return one open trade's line, or None."""
    line = await connection.fetchval(_ONE, trade_id)
    return line.encode() if line is not None else None


async def waiting_orders(connection: Connection) -> list[WaitingOrder]:
    """Return the orders that still wait, by id; one that cannot be read keeps none of the others.

    It stays as it is, for whoever reads the log.
    """
    orders: list[WaitingOrder] = []
    for row in await connection.fetch(_WAITING):
        try:
            orders.append(read_order(row["body"]))
        except msgspec.DecodeError:
            log.exception("a stored order cannot be read: %s", row["body"])
    return orders


def read_order(body: str) -> WaitingOrder:
    """Return an order from its stored JSON. Raises msgspec.ValidationError."""
    return _orders.decode(body)


async def checkpoints(connection: Connection) -> list[Checkpoint]:
    """Return every checkpoint, by symbol."""
    return [Checkpoint(**row) for row in await connection.fetch(_CHECKPOINTS)]


async def segment_cuts(connection: Connection) -> dict[str, list[int]]:
    """Return by symbol the ends of stored watermark segments ahead of its checkpoint's."""
    return {row["symbol"]: row["cuts"] for row in await connection.fetch(_CUTS)}


async def reserve_ids(connection: Connection, count: int) -> range:
    """Take `count` >= 1 ids in one piece: the lock keeps two takers apart."""
    assert count >= 1, "at least one id is taken"
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock(hashtext('engine_ids'))")
        last = await connection.fetchval(_RESERVE, count)
    return range(last - count + 1, last + 1)
