"""Stores orders as they are placed and as they end, and the levels that owners set on trades."""

from collections.abc import Sequence
from typing import Any

from db.pool import Connection
from db.store.notices import json_text, told_of
from db.store.quotas import WAITING_ENTRIES_MAX
from db.store.rows import Input
from db.store.waves import Item
from engine.core.commands import RefusalCode
from engine.core.effects import ExitsSet, OrderEnded, OrderPlaced
from engine.core.orders import CloseOrder
from engine.ports import Ruling, Verdict

_PLACED = Input(
    id="bigint",
    user_id="bigint",
    account_id="bigint",
    symbol="text",
    kind="text",
    trade_id="bigint",
    body="jsonb",
    placed_ms="bigint",
)

# `place` counts the entries of an account inside the batch, on top of those that wait already.
_PLACE = f"""
WITH asked AS MATERIALIZED (
    SELECT i.* FROM (
        SELECT input.*, row_number() OVER (PARTITION BY account_id, kind ORDER BY id) AS place
        FROM {_PLACED.source}) i
    JOIN accounts a ON a.id = i.account_id AND a.user_id = i.user_id AND a.closed_at IS NULL
    WHERE i.trade_id IS NULL OR EXISTS (
        SELECT FROM trades t
        WHERE t.id = i.trade_id AND t.account_id = i.account_id AND t.status = 'open')
    FOR KEY SHARE OF a
),
judged AS MATERIALIZED (
    SELECT asked.*, kind = 'entry' AND place > {WAITING_ENTRIES_MAX} - (
        SELECT count(*) FROM (
            SELECT FROM orders o WHERE o.account_id = asked.account_id
                AND o.status = 'waiting' AND o.kind = 'entry'
            LIMIT {WAITING_ENTRIES_MAX}) waiting) AS is_beyond
    FROM asked
),
placed AS (
    INSERT INTO orders (
        id, user_id, account_id, symbol, kind, trade_id, body, status, placed_at)
    SELECT id, user_id, account_id, symbol, kind, trade_id, body, 'waiting',
        ms_to_time(placed_ms)
    FROM judged WHERE NOT is_beyond
)
SELECT id, is_beyond FROM judged
"""

_ENDED = Input(
    id="bigint",
    user_id="bigint",
    status="text",
    code="text",
    facts="jsonb",
    ended_ms="bigint",
    payload="jsonb",
    decided_ms="bigint",
    late_ms="bigint",
)

_END = f"""
WITH ended AS (
    UPDATE orders o SET
        status = i.status, code = i.code, facts = i.facts, ended_at = ms_to_time(i.ended_ms)
    FROM {_ENDED.named("i")} WHERE o.id = i.id AND o.user_id = i.user_id AND o.status = 'waiting'
    RETURNING i.id, i.user_id, i.payload, i.decided_ms, i.late_ms
)
INSERT INTO notices (user_id, code, order_id, payload, decided_at, late_since, created_at)
SELECT user_id, 'order_ended', id, payload, ms_to_time(decided_ms), ms_to_time(late_ms),
    statement_timestamp()
FROM ended
RETURNING id, order_id
"""

_LEVELS = Input(
    id="bigint",
    user_id="bigint",
    revision="int",
    after_id="bigint",
    stop_price="numeric",
    targets="jsonb",
    payload="jsonb",
    decided_ms="bigint",
    late_ms="bigint",
)

_SET = f"""
WITH moved AS (
    UPDATE trades t SET
        revision = i.revision, after_id = i.after_id, stop_price = i.stop_price,
        targets = i.targets
    FROM {_LEVELS.named("i")}
    WHERE t.id = i.id AND t.user_id = i.user_id
        AND t.status = 'open' AND t.revision = i.revision - 1
    RETURNING t.id, t.number, i.user_id, i.revision, i.payload, i.decided_ms, i.late_ms
),
noted AS (
    INSERT INTO notices (
        user_id, code, trade_id, effect_number, payload, decided_at, late_since, created_at)
    SELECT user_id, 'exits_set', id, revision, payload, ms_to_time(decided_ms),
        ms_to_time(late_ms), statement_timestamp()
    FROM moved
    RETURNING id, trade_id
)
SELECT id AS trade_id, number, NULL AS notice_id FROM moved
UNION ALL
SELECT trade_id, NULL, id FROM noted
"""


async def place_orders(connection: Connection, items: Sequence[Item]) -> dict[int, Ruling]:
    """Store accepted orders; return the rulings of those whose account (and trade) is open.

    An entry is refused when as many wait as may.
    """
    placed = {
        effect.order.id: (item.position, effect.order)
        for item in items
        if isinstance(effect := item.effect, OrderPlaced)
    }
    rows = [
        (
            order.id,
            order.user_id,
            order.account_id,
            order.symbol,
            "close" if isinstance(order, CloseOrder) else "entry",
            order.trade_id if isinstance(order, CloseOrder) else None,
            json_text(order),
            order.received_at_ms,
        )
        for _, order in placed.values()
    ]
    stored = await connection.fetch(_PLACE, *_PLACED.arrays(rows))
    return {
        placed[row["id"]][0]: Ruling(Verdict.REFUSED if row["is_beyond"] else Verdict.APPLIED)
        for row in stored
    }


async def end_orders(connection: Connection, items: Sequence[Item]) -> dict[int, Ruling]:
    """End orders without a fill; return the rulings of those that still waited."""
    positions: dict[int, int] = {}
    rows: list[tuple[Any, ...]] = []
    for item in items:
        if not isinstance(effect := item.effect, OrderEnded):
            continue
        positions[effect.order.id] = item.position
        rows.append(
            (
                effect.order.id,
                effect.order.user_id,
                "canceled" if effect.code is RefusalCode.CANCELED else "failed",
                effect.code,
                json_text(effect.facts),
                effect.at_ms or item.decided.decided_at_ms,
                *told_of(item.decided),
            )
        )
    return {
        positions[row["order_id"]]: Ruling(Verdict.APPLIED, notice_id=row["id"])
        for row in await connection.fetch(_END, *_ENDED.arrays(rows))
    }


async def set_levels(connection: Connection, items: Sequence[Item]) -> dict[int, Ruling]:
    """Set stops and targets; return the rulings of trades still at the revision decided on."""
    positions: dict[int, int] = {}
    rows: list[tuple[Any, ...]] = []
    for item in items:
        if not isinstance(effect := item.effect, ExitsSet):
            continue
        trade = effect.trade
        positions[trade.id] = item.position
        rows.append(
            (
                trade.id,
                trade.user_id,
                trade.revision,
                trade.after_id,
                trade.stop_price,
                json_text(trade.targets),
                *told_of(item.decided),
            )
        )
    found = await connection.fetch(_SET, *_LEVELS.arrays(rows))
    notices = {row["trade_id"]: row["notice_id"] for row in found if row["number"] is None}
    return {
        positions[row["trade_id"]]: Ruling(Verdict.APPLIED, row["number"], notices[row["trade_id"]])
        for row in found
        if row["number"] is not None
    }
