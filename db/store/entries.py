"""Books entries: the account pays or the entry is refused, in one conditional statement.

A refusal, for lack of money or for too many open trades, is the account's row not coming back;
the CHECK is only the last wall.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from db.pool import Connection
from db.store.notices import json_text, told_of
from db.store.quotas import OPEN_TRADES_MAX
from db.store.rows import Input
from db.store.waves import Item
from engine.core.commands import RefusalCode
from engine.core.effects import TradeOpened
from engine.core.numbers import CONTEXT
from engine.ports import Ruling, Verdict

_COSTS = Input(position="int", id="bigint", user_id="bigint", account_id="bigint", cost="numeric")

# One row per entry that was due, with the balance before; one more per entry that was paid.
_PAY = f"""
WITH due AS MATERIALIZED (
    SELECT i.position, i.user_id, i.account_id, i.cost, a.balance AS before,
        (SELECT count(*) FROM (
            SELECT FROM trades t WHERE t.account_id = i.account_id AND t.status = 'open'
            LIMIT {OPEN_TRADES_MAX}) held) >= {OPEN_TRADES_MAX} AS is_full
    FROM {_COSTS.named("i")}
    JOIN orders o ON o.id = i.id AND o.status = 'waiting' AND o.kind = 'entry'
        AND o.user_id = i.user_id AND o.account_id = i.account_id
    JOIN accounts a ON a.id = o.account_id AND a.closed_at IS NULL
),
paid AS (
    UPDATE accounts a SET balance = a.balance - d.cost
    FROM due d WHERE a.id = d.account_id AND a.closed_at IS NULL AND a.balance >= d.cost
        AND NOT d.is_full
    RETURNING d.position, d.user_id, a.balance
),
numbered AS (
    UPDATE users u SET last_trade_number = u.last_trade_number + 1
    FROM paid p WHERE u.id = p.user_id
    RETURNING p.position, u.last_trade_number AS number, p.balance
)
SELECT position, NULL AS number, before AS balance, is_full FROM due
UNION ALL
SELECT position, number, balance, false FROM numbered
"""

_OPENED = Input(
    id="bigint",
    user_id="bigint",
    account_id="bigint",
    number="int",
    symbol="text",
    direction="text",
    revision="int",
    after_id="bigint",
    opened_ms="bigint",
    quantity="numeric",
    entry_price="numeric",
    reserved="numeric",
    entry_fee="numeric",
    fee_rate="numeric",
    rate="numeric",
    route="jsonb",
    liquidation_price="numeric",
    stop_price="numeric",
    targets="jsonb",
    fill_quantity="numeric",
    price="numeric",
    fill_rate="numeric",
    amount="numeric",
    fee="numeric",
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
WITH input AS MATERIALIZED (SELECT * FROM {_OPENED.source}),
opened AS (
    INSERT INTO trades (
        id, user_id, account_id, number, symbol, direction, status, revision, after_id, opened_at,
        quantity, entry_quantity, entry_price, entry_notional, reserved, entry_fee, fee_rate, rate,
        route, liquidation_price, stop_price, initial_stop_price, targets)
    SELECT id, user_id, account_id, number, symbol, direction, 'open', revision, after_id,
        ms_to_time(opened_ms), quantity, quantity, entry_price, -amount, reserved, entry_fee,
        fee_rate, rate, route, liquidation_price, stop_price, stop_price, targets
    FROM input
),
filled AS (
    INSERT INTO fills (
        trade_id, effect_number, user_id, kind, quantity, price, rate, amount, fee, pnl, released,
        forgiven, print_id, print_price, print_time, booked_at, balance_after)
    SELECT id, revision, user_id, 'entry', fill_quantity, price, fill_rate, amount, fee, 0, 0,
        0, print_id, print_price, ms_to_time(print_ms), ms_to_time(booked_ms), balance
    FROM input
),
entered AS (
    INSERT INTO ledger (account_id, user_id, trade_id, effect_number, kind, amount, booked_at)
    SELECT account_id, user_id, id, revision, 'entry', amount, ms_to_time(booked_ms) FROM input
    UNION ALL
    SELECT account_id, user_id, id, revision, 'fee', -fee, ms_to_time(booked_ms)
    FROM input WHERE fee <> 0
),
ended AS (
    UPDATE orders o SET status = 'filled', ended_at = ms_to_time(i.booked_ms)
    FROM input i WHERE o.id = i.id
),
noted AS (
    INSERT INTO notices (
        user_id, code, trade_id, effect_number, payload, decided_at, late_since, created_at)
    SELECT user_id, 'trade_opened', id, revision, payload, ms_to_time(decided_ms),
        ms_to_time(late_ms), statement_timestamp()
    FROM input
    RETURNING id, trade_id
)
SELECT id, trade_id AS subject FROM noted
"""

_REFUSED = Input(
    id="bigint",
    code="text",
    facts="jsonb",
    booked_ms="bigint",
    decided_ms="bigint",
    late_ms="bigint",
)

_REFUSE = f"""
WITH refused AS (
    UPDATE orders o SET
        status = 'failed', code = i.code, facts = i.facts,
        ended_at = ms_to_time(i.booked_ms)
    FROM {_REFUSED.named("i")} WHERE o.id = i.id
    RETURNING o.id, o.user_id, o.body, i.code, i.facts, i.booked_ms, i.decided_ms, i.late_ms
)
INSERT INTO notices (user_id, code, order_id, payload, decided_at, late_since, created_at)
SELECT user_id, 'order_ended', id,
    jsonb_build_object('type', 'order_ended', 'order', body,
        'code', code, 'facts', facts, 'at_ms', booked_ms),
    ms_to_time(decided_ms), ms_to_time(late_ms), statement_timestamp()
FROM refused
RETURNING id, order_id AS subject
"""


@dataclass(frozen=True)
class _Entry:
    item: Item
    effect: TradeOpened

    @property
    def cost(self) -> Decimal:
        return CONTEXT.subtract(self.effect.fill.fee, self.effect.fill.amount)


@dataclass(frozen=True)
class _Due:
    """An entry that was due: the balance before, and whether no more trades may be open."""

    before: Decimal
    is_full: bool


@dataclass(frozen=True)
class _Paid:
    number: int
    balance: Decimal


async def book_entries(connection: Connection, items: Sequence[Item]) -> dict[int, Ruling]:
    """Book entries of different accounts; return the rulings of those that were due.

    One that is refused for too many open trades has a ruling without a balance.
    """
    entries = [_Entry(item, item.effect) for item in items if isinstance(item.effect, TradeOpened)]
    due, paid = await _pay(connection, entries)
    rulings: dict[int, Ruling] = {}
    if held := [one for one in entries if one.item.position in paid]:
        rows = [_opened_row(one, paid[one.item.position]) for one in held]
        notices = await _noted(connection, _BOOK, _OPENED.arrays(rows))
        for one in held:
            got = paid[one.item.position]
            rulings[one.item.position] = Ruling(
                Verdict.APPLIED, got.number, notices[one.effect.trade.id], format(got.balance, "f")
            )
    if unpaid := [one for one in entries if one.item.position in due.keys() - paid.keys()]:
        rows = [_refused_row(one, due[one.item.position]) for one in unpaid]
        notices = await _noted(connection, _REFUSE, _REFUSED.arrays(rows))
        for one in unpaid:
            was = due[one.item.position]
            rulings[one.item.position] = Ruling(
                Verdict.REFUSED,
                notice_id=notices[one.effect.trade.id],
                balance=None if was.is_full else format(was.before, "f"),
            )
    return rulings


async def _pay(
    connection: Connection, entries: Sequence[_Entry]
) -> tuple[dict[int, _Due], dict[int, _Paid]]:
    """Take the money; return all that were due, and those that paid."""
    costs = [
        (one.item.position, trade.id, trade.user_id, trade.account_id, one.cost)
        for one in entries
        for trade in [one.effect.trade]
    ]
    due: dict[int, _Due] = {}
    paid: dict[int, _Paid] = {}
    for row in await connection.fetch(_PAY, *_COSTS.arrays(costs)):
        if row["number"] is None:
            due[row["position"]] = _Due(row["balance"], row["is_full"])
        else:
            paid[row["position"]] = _Paid(row["number"], row["balance"])
    return due, paid


async def _noted(connection: Connection, statement: str, columns: list[Any]) -> dict[int, int]:
    return {row["subject"]: row["id"] for row in await connection.fetch(statement, *columns)}


def _refused_row(one: _Entry, was: _Due) -> tuple[Any, ...]:
    code, facts = RefusalCode.QUOTA, {"limit": str(OPEN_TRADES_MAX)}
    if not was.is_full:
        code = RefusalCode.BALANCE_TOO_LOW
        facts = {"balance": format(was.before, "f"), "needed": format(one.cost, "f")}
    decided = one.item.decided
    booked_ms = one.effect.fill.booked_at_ms
    return (
        one.effect.trade.id,
        code,
        json_text(facts),
        booked_ms,
        decided.decided_at_ms,
        decided.late_since_ms,
    )


def _opened_row(one: _Entry, paid: _Paid) -> tuple[Any, ...]:
    trade, fill = one.effect.trade, one.effect.fill
    return (
        trade.id,
        trade.user_id,
        trade.account_id,
        paid.number,
        trade.symbol,
        trade.direction,
        trade.revision,
        trade.after_id,
        trade.opened_at_ms,
        trade.quantity,
        trade.entry_price,
        trade.reserved,
        trade.entry_fee,
        trade.fee_rate,
        trade.rate,
        json_text(trade.route),
        trade.liquidation_price,
        trade.stop_price,
        json_text(trade.targets),
        fill.quantity,
        fill.price,
        fill.rate,
        fill.amount,
        fill.fee,
        fill.print_id,
        fill.print_price,
        fill.print_time_ms,
        fill.booked_at_ms,
        paid.balance,
        *told_of(one.item.decided),
    )
