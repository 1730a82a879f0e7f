"""Books exits: the trade reduced or closed, the money paid back, and what is to be told of it.

The guard is the trade's revision, in the same statement that pays: a trade is closed once. Two
statements, since joining what the first returns inside one is quadratic in the batch.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from db.pool import Connection
from db.store.notices import json_text, told_of
from db.store.rows import Input
from db.store.waves import Item
from engine.core.effects import TradeExited
from engine.core.numbers import CONTEXT
from engine.ports import Decided, Ruling, Verdict

_MOVES = Input(
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
    credit="numeric",
    pnl="numeric",
    booked_ms="bigint",
)

# Rows of trades that moved, then one row per account with its balance before.
_MOVE = f"""
WITH moved AS (
    UPDATE trades t SET
        revision = i.revision, after_id = i.after_id, quantity = i.rest, reserved = i.reserved,
        entry_fee = i.entry_fee, stop_price = i.stop_price, targets = i.targets,
        realized_pnl = t.realized_pnl + i.pnl,
        status = CASE WHEN i.rest = 0 THEN 'closed' ELSE 'open' END,
        closed_at = CASE WHEN i.rest = 0 THEN ms_to_time(i.booked_ms) END,
        exit_reason = CASE WHEN i.rest = 0 THEN i.reason END
    FROM {_MOVES.named("i")}
    WHERE t.id = i.trade_id AND t.user_id = i.user_id
        AND t.status = 'open' AND t.revision = i.revision - 1
        AND (i.order_id IS NULL OR EXISTS (
            SELECT FROM orders o WHERE o.id = i.order_id AND o.status = 'waiting'))
    RETURNING i.position, t.account_id, t.number, i.credit, i.order_id, i.booked_ms
),
paid AS (
    UPDATE accounts a SET balance = a.balance + c.credit
    FROM (SELECT account_id, sum(credit) AS credit FROM moved GROUP BY account_id) c
    WHERE a.id = c.account_id
    RETURNING a.id, a.balance - c.credit AS before
),
ended AS (
    UPDATE orders o SET status = 'filled', ended_at = ms_to_time(m.booked_ms)
    FROM moved m WHERE o.id = m.order_id
)
SELECT account_id, position, number, NULL AS before FROM moved
UNION ALL
SELECT id, NULL, NULL, before FROM paid
"""

_FILLS = Input(
    trade_id="bigint",
    user_id="bigint",
    account_id="bigint",
    effect_number="int",
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
    balance="numeric",
    payload="jsonb",
    decided_ms="bigint",
    late_ms="bigint",
)

_BOOK = f"""
WITH input AS MATERIALIZED (SELECT * FROM {_FILLS.source}),
filled AS (
    INSERT INTO fills (
        trade_id, effect_number, user_id, kind, reason, quantity, price, rate, amount, fee, pnl,
        released, forgiven, trigger_price, target_number, print_id, print_price, print_time,
        booked_at, balance_after)
    SELECT trade_id, effect_number, user_id, 'exit', reason, quantity, price, rate, amount, fee,
        pnl, released, forgiven, trigger_price, target_number, print_id, print_price,
        ms_to_time(print_ms), ms_to_time(booked_ms), balance
    FROM input
),
entered AS (
    INSERT INTO ledger (account_id, user_id, trade_id, effect_number, kind, amount, booked_at)
    SELECT account_id, user_id, trade_id, effect_number, 'exit', amount, ms_to_time(booked_ms)
    FROM input
    UNION ALL
    SELECT account_id, user_id, trade_id, effect_number, 'fee', -fee, ms_to_time(booked_ms)
    FROM input WHERE fee <> 0
),
noted AS (
    INSERT INTO notices (
        user_id, code, trade_id, effect_number, payload, decided_at, late_since, created_at)
    SELECT user_id, 'trade_exited', trade_id, effect_number, payload, ms_to_time(decided_ms),
        ms_to_time(late_ms), statement_timestamp()
    FROM input WHERE payload IS NOT NULL
    RETURNING id, trade_id
)
SELECT id, trade_id FROM noted
"""


@dataclass(frozen=True)
class _Moved:
    """An exit whose guard held: the trade's number, its account, the balance afterwards."""

    number: int
    account_id: int
    balance: Decimal


@dataclass(frozen=True)
class _Exit:
    position: int
    effect: TradeExited
    note: tuple[str | None, int, int | None]

    @property
    def credit(self) -> Decimal:
        return CONTEXT.subtract(self.effect.fill.amount, self.effect.fill.fee)


async def book_exits(connection: Connection, items: Sequence[Item]) -> dict[int, Ruling]:
    """Book exits of different trades; return the rulings of those that held, by position."""
    exits = [
        _Exit(item.position, item.effect, told_of(item.decided))
        for item in items
        if isinstance(item.effect, TradeExited)
    ]
    return await _book(connection, exits)


async def book_exits_untold(
    connection: Connection, effects: Sequence[TradeExited], decided: Decided
) -> int:
    """Book the exits of a reset, which is told as one; return how many held."""
    note = (None, decided.decided_at_ms, decided.late_since_ms)
    exits = [_Exit(position, effect, note) for position, effect in enumerate(effects)]
    return len(await _book(connection, exits))


async def _book(connection: Connection, exits: Sequence[_Exit]) -> dict[int, Ruling]:
    moved = await _move(connection, exits)
    held = [one for one in exits if one.position in moved]
    if not held:
        return {}
    rows = [_fill_row(one, moved[one.position]) for one in held]
    noted = await connection.fetch(_BOOK, *_FILLS.arrays(rows))
    notices = {row["trade_id"]: row["id"] for row in noted}
    return {
        one.position: Ruling(
            Verdict.APPLIED,
            moved[one.position].number,
            notices.get(one.effect.trade.id),
            format(moved[one.position].balance, "f"),
        )
        for one in held
    }


async def _move(connection: Connection, exits: Sequence[_Exit]) -> dict[int, _Moved]:
    """Move trades and pay their accounts; the balance of each is as of its place in the order."""
    if not exits:
        return {}
    rows = await connection.fetch(_MOVE, *_MOVES.arrays([_move_row(one) for one in exits]))
    balances = {row["account_id"]: row["before"] for row in rows if row["position"] is None}
    trades = {row["position"]: row for row in rows if row["position"] is not None}
    moved: dict[int, _Moved] = {}
    for one in exits:
        if (row := trades.get(one.position)) is not None:
            account_id = row["account_id"]
            balances[account_id] = CONTEXT.add(balances[account_id], one.credit)
            moved[one.position] = _Moved(row["number"], account_id, balances[account_id])
    return moved


def _move_row(one: _Exit) -> tuple[Any, ...]:
    trade, fill = one.effect.trade, one.effect.fill
    return (
        one.position,
        trade.id,
        trade.user_id,
        trade.revision,
        trade.after_id,
        trade.quantity,
        trade.reserved,
        trade.entry_fee,
        trade.stop_price,
        json_text(trade.targets),
        one.effect.order_id,
        fill.reason,
        one.credit,
        fill.pnl,
        fill.booked_at_ms,
    )


def _fill_row(one: _Exit, moved: _Moved) -> tuple[Any, ...]:
    trade, fill = one.effect.trade, one.effect.fill
    return (
        trade.id,
        trade.user_id,
        moved.account_id,
        trade.revision,
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
        moved.balance,
        *one.note,
    )
