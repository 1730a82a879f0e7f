"""Books entries: the account pays or the entry is refused, in one conditional statement.

A refusal for lack of money is the account's row not coming back; the CHECK is only the last wall.
"""

from collections.abc import Sequence
from typing import Any

from db.pool import Connection
from db.store.notices import json_text, told_of
from db.store.rows import Input
from db.store.waves import Item
from engine.core.commands import RefusalCode
from engine.core.effects import TradeOpened
from engine.ports import Ruling, Verdict

_COLUMNS = Input(
    position="int",
    id="bigint",
    user_id="bigint",
    account_id="bigint",
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
    payload="jsonb",
    decided_ms="bigint",
    late_ms="bigint",
)

_BOOK = f"""
WITH input AS MATERIALIZED (SELECT * FROM {_COLUMNS.source}),
due AS MATERIALIZED (
    SELECT i.*, i.fee - i.amount AS cost, o.body, a.balance AS before
    FROM input i
    JOIN orders o ON o.id = i.id AND o.status = 'waiting' AND o.kind = 'entry'
        AND o.user_id = i.user_id AND o.account_id = i.account_id
    JOIN accounts a ON a.id = o.account_id AND a.closed_at IS NULL
),
paid AS (
    UPDATE accounts a SET balance = a.balance - d.cost
    FROM due d WHERE a.id = d.account_id AND a.closed_at IS NULL AND a.balance >= d.cost
    RETURNING d.position, a.balance
),
numbered AS (
    UPDATE users u SET last_trade_number = u.last_trade_number + 1
    FROM due d JOIN paid p USING (position) WHERE u.id = d.user_id
    RETURNING d.position, u.last_trade_number AS number
),
booked AS (
    SELECT d.*, p.balance, n.number
    FROM due d JOIN paid p USING (position) JOIN numbered n USING (position)
),
opened AS (
    INSERT INTO trades (
        id, user_id, account_id, number, symbol, direction, status, revision, after_id, opened_at,
        quantity, entry_quantity, entry_price, entry_notional, reserved, entry_fee, fee_rate, rate,
        route, liquidation_price, stop_price, initial_stop_price, targets)
    SELECT id, user_id, account_id, number, symbol, direction, 'open', revision, after_id,
        ms_to_time(opened_ms), quantity, quantity, entry_price, -amount, reserved, entry_fee,
        fee_rate, rate, route, liquidation_price, stop_price, stop_price, targets
    FROM booked
),
filled AS (
    INSERT INTO fills (
        trade_id, effect_number, user_id, kind, quantity, price, rate, amount, fee, pnl, released,
        forgiven, print_id, print_price, print_time, booked_at, balance_after)
    SELECT id, revision, user_id, 'entry', fill_quantity, price, fill_rate, amount, fee, 0, 0,
        0, print_id, print_price, ms_to_time(print_ms), ms_to_time(booked_ms), balance
    FROM booked
),
entered AS (
    INSERT INTO ledger (account_id, user_id, trade_id, effect_number, kind, amount, booked_at)
    SELECT account_id, user_id, id, revision, 'entry', amount, ms_to_time(booked_ms) FROM booked
    UNION ALL
    SELECT account_id, user_id, id, revision, 'fee', -fee, ms_to_time(booked_ms)
    FROM booked WHERE fee <> 0
),
refused AS (
    SELECT d.*, jsonb_build_object('balance', before::text, 'needed', cost::text) AS facts
    FROM due d WHERE NOT EXISTS (SELECT FROM paid p WHERE p.position = d.position)
),
ended AS (
    UPDATE orders o SET
        status = CASE WHEN r.id IS NULL THEN 'filled' ELSE 'failed' END,
        code = CASE WHEN r.id IS NOT NULL THEN '{RefusalCode.BALANCE_TOO_LOW}' END,
        facts = coalesce(r.facts, '{{}}'), ended_at = ms_to_time(d.booked_ms)
    FROM due d LEFT JOIN refused r USING (position) WHERE o.id = d.id
),
noted AS (
    INSERT INTO notices (
        user_id, code, trade_id, effect_number, order_id, payload, decided_at, late_since,
        created_at)
    SELECT user_id, 'trade_opened', id, revision, NULL, payload, ms_to_time(decided_ms),
        ms_to_time(late_ms), statement_timestamp()
    FROM booked
    UNION ALL
    SELECT user_id, 'order_ended', NULL, NULL, id,
        jsonb_build_object('type', 'order_ended', 'order', body,
            'code', '{RefusalCode.BALANCE_TOO_LOW}', 'facts', facts, 'at_ms', booked_ms),
        ms_to_time(decided_ms), ms_to_time(late_ms), statement_timestamp()
    FROM refused
    RETURNING id, coalesce(trade_id, order_id) AS subject
)
SELECT d.position, b.number, n.id AS notice_id, b.balance::text AS balance
FROM due d LEFT JOIN booked b USING (position) JOIN noted n ON n.subject = d.id
"""


async def book_entries(connection: Connection, items: Sequence[Item]) -> dict[int, Ruling]:
    """Book entries of different accounts; return the rulings of those that were due."""
    rows = [_row(item, item.effect) for item in items if isinstance(item.effect, TradeOpened)]
    return {
        row["position"]: Ruling(
            Verdict.REFUSED if row["number"] is None else Verdict.APPLIED,
            row["number"],
            row["notice_id"],
            balance=row["balance"],
        )
        for row in await connection.fetch(_BOOK, *_COLUMNS.arrays(rows))
    }


def _row(item: Item, effect: TradeOpened) -> tuple[Any, ...]:
    trade, fill = effect.trade, effect.fill
    return (
        item.position,
        trade.id,
        trade.user_id,
        trade.account_id,
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
        *told_of(item.decided),
    )
