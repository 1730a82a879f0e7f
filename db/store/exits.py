"""Books exits: the trade reduced or closed, the money paid back, and what is to be told of it.

The guard is the trade's revision, in the same statement that pays: a trade is closed once.
"""

from collections.abc import Sequence
from typing import Any

from db.pool import Connection
from db.store.notices import json_text, told_of
from db.store.rows import Input
from db.store.waves import Item
from engine.core.effects import TradeExited
from engine.ports import Decided, Ruling, Verdict

_COLUMNS = Input(
    position="int",
    trade_id="bigint",
    user_id="bigint",
    revision="int",
    after_id="bigint",
    rest="numeric",
    reserved="numeric",
    entry_fee="numeric",
    stop_price="numeric",
    targets="jsonb",
    order_id="bigint",
    reason="text",
    quantity="numeric",
    price="numeric",
    rate="numeric",
    amount="numeric",
    fee="numeric",
    pnl="numeric",
    released="numeric",
    forgiven="numeric",
    trigger_price="numeric",
    target_number="int",
    print_id="bigint",
    print_price="numeric",
    print_ms="bigint",
    booked_ms="bigint",
    payload="jsonb",
    decided_ms="bigint",
    late_ms="bigint",
)

_BOOK = f"""
WITH input AS MATERIALIZED (SELECT * FROM {_COLUMNS.source}),
moved AS (
    UPDATE trades t SET
        revision = i.revision, after_id = i.after_id, quantity = i.rest, reserved = i.reserved,
        entry_fee = i.entry_fee, stop_price = i.stop_price, targets = i.targets,
        realized_pnl = t.realized_pnl + i.pnl,
        status = CASE WHEN i.rest = 0 THEN 'closed' ELSE 'open' END,
        closed_at = CASE WHEN i.rest = 0 THEN ms_to_time(i.booked_ms) END,
        exit_reason = CASE WHEN i.rest = 0 THEN i.reason END
    FROM input i
    WHERE t.id = i.trade_id AND t.user_id = i.user_id
        AND t.status = 'open' AND t.revision = i.revision - 1
        AND (i.order_id IS NULL OR EXISTS (
            SELECT FROM orders o WHERE o.id = i.order_id AND o.status = 'waiting'))
    RETURNING i.position, t.account_id, t.number
),
paid AS (
    UPDATE accounts a SET balance = a.balance + c.credit
    FROM (SELECT m.account_id, sum(i.amount - i.fee) AS credit
          FROM input i JOIN moved m USING (position) GROUP BY m.account_id) c
    WHERE a.id = c.account_id
    RETURNING a.id, a.balance - c.credit AS before
),
booked AS (
    SELECT i.*, m.account_id, m.number,
        p.before + sum(i.amount - i.fee) OVER (PARTITION BY p.id ORDER BY i.position) AS balance
    FROM input i JOIN moved m USING (position) JOIN paid p ON p.id = m.account_id
),
filled AS (
    INSERT INTO fills (
        trade_id, effect_number, user_id, kind, reason, quantity, price, rate, amount, fee, pnl,
        released, forgiven, trigger_price, target_number, print_id, print_price, print_time,
        booked_at, balance_after)
    SELECT trade_id, revision, user_id, 'exit', reason, quantity, price, rate, amount, fee, pnl,
        released, forgiven, trigger_price, target_number, print_id, print_price,
        ms_to_time(print_ms), ms_to_time(booked_ms), balance
    FROM booked
),
entered AS (
    INSERT INTO ledger (account_id, user_id, trade_id, effect_number, kind, amount, booked_at)
    SELECT account_id, user_id, trade_id, revision, 'exit', amount, ms_to_time(booked_ms)
    FROM booked
    UNION ALL
    SELECT account_id, user_id, trade_id, revision, 'fee', -fee, ms_to_time(booked_ms)
    FROM booked WHERE fee <> 0
),
ended AS (
    UPDATE orders o SET status = 'filled', ended_at = ms_to_time(b.booked_ms)
    FROM booked b WHERE o.id = b.order_id
),
noted AS (
    INSERT INTO notices (
        user_id, code, trade_id, effect_number, payload, decided_at, late_since, created_at)
    SELECT user_id, 'trade_exited', trade_id, revision, payload, ms_to_time(decided_ms),
        ms_to_time(late_ms), statement_timestamp()
    FROM booked WHERE payload IS NOT NULL
    RETURNING id, trade_id
)
SELECT b.position, b.number, n.id AS notice_id, b.balance::text AS balance
FROM booked b LEFT JOIN noted n ON n.trade_id = b.trade_id
"""


async def book_exits(connection: Connection, items: Sequence[Item]) -> dict[int, Ruling]:
    """Book exits of different trades; return the rulings of those that held, by position."""
    rows = [
        _row(item.position, item.effect, told_of(item.decided))
        for item in items
        if isinstance(item.effect, TradeExited)
    ]
    return await _book(connection, rows)


async def book_exits_untold(
    connection: Connection, exits: Sequence[TradeExited], decided: Decided
) -> int:
    """Book the exits of a reset, which is told as one; return how many held."""
    if not exits:
        return 0
    note = (None, decided.decided_at_ms, decided.late_since_ms)
    rows = [_row(position, effect, note) for position, effect in enumerate(exits)]
    return len(await _book(connection, rows))


async def _book(connection: Connection, rows: Sequence[tuple[Any, ...]]) -> dict[int, Ruling]:
    return {
        row["position"]: Ruling(
            Verdict.APPLIED, row["number"], row["notice_id"], balance=row["balance"]
        )
        for row in await connection.fetch(_BOOK, *_COLUMNS.arrays(rows))
    }


def _row(
    position: int, effect: TradeExited, note: tuple[str | None, int, int | None]
) -> tuple[Any, ...]:
    trade, fill = effect.trade, effect.fill
    return (
        position,
        trade.id,
        trade.user_id,
        trade.revision,
        trade.after_id,
        trade.quantity,
        trade.reserved,
        trade.entry_fee,
        trade.stop_price,
        json_text(trade.targets),
        effect.order_id,
        fill.reason,
        fill.quantity,
        fill.price,
        fill.rate,
        fill.amount,
        fill.fee,
        fill.pnl,
        fill.released,
        fill.forgiven,
        fill.trigger_price,
        fill.target_number,
        fill.print_id,
        fill.print_price,
        fill.print_time_ms,
        fill.booked_at_ms,
        *note,
    )
