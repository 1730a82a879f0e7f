"""A user's trades: the open ones, one with its fills, the closed ones by page, what waits."""

from typing import Any

import msgspec

from db.pool import Connection
from db.queries.records import (
    ClosedTrade,
    EntryRecord,
    NumberedTrade,
    Result,
    TradeFile,
    Waiting,
)
from db.store.loading import TRADE_LINE, read_order
from engine.core.numbers import ZERO
from engine.core.orders import EntryOrder
from engine.core.trade import ExitReason, Fill, Trade

_trade = msgspec.json.Decoder(Trade)

_OPEN = f"""
SELECT number, ({TRADE_LINE})::text AS line FROM trades
WHERE user_id = $1 AND status = 'open' ORDER BY number
"""

_ONE = f"""
SELECT t.number, (SELECT ({TRADE_LINE})::text FROM trades WHERE id = t.id) AS line, a.currency,
    t.entry_quantity, time_to_ms(t.closed_at) AS closed_at_ms, t.id
FROM trades t JOIN accounts a ON a.id = t.account_id
WHERE t.user_id = $1 AND t.number = $2
"""

_FILLS = """
SELECT quantity, price, rate, amount, fee, time_to_ms(booked_at) AS booked_at_ms, print_id,
    print_price, time_to_ms(print_time) AS print_time_ms, reason, trigger_price, target_number,
    pnl, released, forgiven
FROM fills WHERE trade_id = $1 AND user_id = $2 ORDER BY effect_number
"""

_CLOSED = f"""
SELECT number, symbol, ({TRADE_LINE})::text AS line, realized_pnl, entry_notional, exit_reason,
    time_to_ms(closed_at) AS closed_at_ms
FROM trades WHERE user_id = $1 AND status = 'closed'
ORDER BY closed_at DESC, id DESC LIMIT $2 OFFSET $3
"""

_CLOSED_COUNT = "SELECT count(*) FROM trades WHERE user_id = $1 AND status = 'closed'"

_WAITING = """
SELECT o.body::text AS body, t.number
FROM orders o LEFT JOIN trades t ON t.id = o.trade_id AND t.user_id = o.user_id
WHERE o.user_id = $1 AND o.status = 'waiting' ORDER BY o.id
"""

_ENTRY = """
SELECT t.number, o.body::text AS body FROM trades t JOIN orders o ON o.id = t.id
WHERE t.user_id = $1 AND t.number = coalesce($2, (
    SELECT max(number) FROM trades WHERE user_id = $1))
"""

_PNL = """
SELECT coalesce(sum(f.pnl), 0)
FROM accounts a
JOIN fills f ON f.user_id = a.user_id AND f.kind = 'exit'
JOIN trades t ON t.id = f.trade_id AND t.account_id = a.id
WHERE a.id = $1 AND f.booked_at >= coalesce(ms_to_time($2), '-infinity')
"""

_CLOSINGS = """
SELECT count(*) AS closed_count, count(*) FILTER (WHERE t.realized_pnl > 0) AS winner_count
FROM accounts a
JOIN trades t ON t.user_id = a.user_id AND t.account_id = a.id AND t.status = 'closed'
WHERE a.id = $1 AND t.closed_at >= coalesce(ms_to_time($2), '-infinity')
"""


async def open_trades(connection: Connection, user_id: int) -> list[NumberedTrade]:
    """Return the user's open trades by number."""
    return [
        NumberedTrade(number=row["number"], trade=_trade.decode(row["line"]))
        for row in await connection.fetch(_OPEN, user_id)
    ]


async def trade(connection: Connection, user_id: int, number: int) -> TradeFile | None:
    """Return one trade of the user with its fills, open or closed."""
    row = await connection.fetchrow(_ONE, user_id, number)
    if row is None:
        return None
    fills = await connection.fetch(_FILLS, row["id"], user_id)
    return TradeFile(
        number=row["number"],
        trade=_trade.decode(row["line"]),
        currency=row["currency"],
        entry_quantity=row["entry_quantity"],
        fills=tuple(_fill(one) for one in fills),
        closed_at_ms=row["closed_at_ms"],
    )


async def history(
    connection: Connection, user_id: int, page: int, size: int
) -> tuple[list[ClosedTrade], int]:
    """Return one page (from 1) of closed trades, newest first, and how many there are."""
    rows = await connection.fetch(_CLOSED, user_id, size, (page - 1) * size)
    closed = [
        ClosedTrade(
            number=row["number"],
            symbol=row["symbol"],
            trade=_trade.decode(row["line"]),
            realized_pnl=row["realized_pnl"],
            entry_notional=row["entry_notional"],
            exit_reason=ExitReason(row["exit_reason"]),
            closed_at_ms=row["closed_at_ms"],
        )
        for row in rows
    ]
    return closed, await connection.fetchval(_CLOSED_COUNT, user_id)


async def waiting(connection: Connection, user_id: int) -> list[Waiting]:
    """Return the user's waiting orders by id."""
    return [
        Waiting(order=read_order(row["body"]), number=row["number"])
        for row in await connection.fetch(_WAITING, user_id)
    ]


async def entry(connection: Connection, user_id: int, number: int | None) -> EntryRecord | None:
    """Return how a trade of the user (None: the last) was asked for."""
    row = await connection.fetchrow(_ENTRY, user_id, number)
    if row is None:
        return None
    order = read_order(row["body"])
    assert isinstance(order, EntryOrder), "a trade bears the id of the entry that opened it"
    return EntryRecord(number=row["number"], order=order)


async def result_since(connection: Connection, account_id: int, since_ms: int | None) -> Result:
    """Return the results booked since an instant, or of the account's whole life.

    The sum is that of the exits' fills by the time they were booked at; a trade counts in the
    period in which it was closed.
    """
    pnl = await connection.fetchval(_PNL, account_id, since_ms)
    row = await connection.fetchrow(_CLOSINGS, account_id, since_ms)
    assert row is not None, "a SELECT of counts returns a row"
    return Result(realized_pnl=pnl or ZERO, **row)


def _fill(row: Any) -> Fill:
    fields = dict(row)
    reason = fields.pop("reason")
    return Fill(**fields, reason=ExitReason(reason) if reason else None)
