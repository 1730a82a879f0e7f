"""What the database holds at the end, read in one snapshot: the accused's own account of it all."""

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import asyncpg

from db.store.loading import read_order
from db.store.notices import read_payload
from engine.core.effects import ExitsSet
from engine.core.orders import WaitingOrder

Row = Mapping[str, Any]


@dataclass(frozen=True)
class StoredOrder:
    """An accepted order with what became of it."""

    order: WaitingOrder
    status: str
    code: str | None
    ended_at_ms: int | None
    facts: dict[str, str]


@dataclass(frozen=True)
class Records:
    """Everything that counts. `fills` are in effect order; `edits` are the accepted SetExits.

    `alert_notices` are the alerts that were told, once for each time.
    """

    accounts: list[Row]
    orders: list[StoredOrder]
    fills: list[Row]
    edits: list[ExitsSet]
    ledger: dict[tuple[int, int], dict[str, Decimal]]
    ledger_sums: dict[int, Decimal]
    open_trades: dict[int, Row]
    revisions: dict[int, int]
    keys: dict[str, Row]
    checkpoints: dict[str, int]
    alerts: list[Row]
    alert_notices: list[int]


_FILLS = """
SELECT f.*, t.symbol, t.account_id, time_to_ms(f.booked_at) AS booked_at_ms,
    time_to_ms(f.print_time) AS print_time_ms
FROM fills f JOIN trades t ON t.id = f.trade_id ORDER BY f.trade_id, f.effect_number
"""
_ORDERS = """
SELECT body::text, status, code, time_to_ms(ended_at) AS ended_at_ms, facts::text
FROM orders ORDER BY id
"""


async def read_records(dsn: str) -> Records:
    """Read all of it. Numbers stay exact decimals."""
    connection = await asyncpg.connect(dsn, timeout=10)
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            return await _read(connection)
    finally:
        await connection.close(timeout=5)


async def _read(connection: Any) -> Records:
    async def rows(statement: str) -> list[Row]:
        return await connection.fetch(statement, timeout=60)

    trades = await rows("SELECT * FROM trades ORDER BY id")
    edits = await rows("SELECT payload::text FROM notices WHERE code = 'exits_set' ORDER BY id")
    ledger: dict[tuple[int, int], dict[str, Decimal]] = defaultdict(dict)
    sums: dict[int, Decimal] = defaultdict(Decimal)
    for row in await rows("SELECT * FROM ledger"):
        ledger[row["trade_id"], row["effect_number"]][row["kind"]] = row["amount"]
        sums[row["account_id"]] += row["amount"]
    return Records(
        accounts=await rows("SELECT * FROM accounts ORDER BY id"),
        orders=[
            StoredOrder(
                read_order(row["body"]),
                row["status"],
                row["code"],
                row["ended_at_ms"],
                json.loads(row["facts"]),
            )
            for row in await rows(_ORDERS)
        ],
        fills=await rows(_FILLS),
        edits=[_edit(row["payload"]) for row in edits],
        ledger=dict(ledger),
        ledger_sums=sums,
        open_trades={row["id"]: row for row in trades if row["status"] == "open"},
        revisions={row["id"]: row["revision"] for row in trades},
        keys={row["key"]: row for row in await rows("SELECT * FROM command_keys")},
        checkpoints={
            row["symbol"]: row["last_id"] for row in await rows("SELECT * FROM checkpoints")
        },
        alerts=await rows("SELECT * FROM alerts ORDER BY id"),
        alert_notices=[
            row["alert_id"]
            for row in await rows("SELECT alert_id FROM notices WHERE code = 'alert_fired'")
        ],
    )


def _edit(payload: str) -> ExitsSet:
    effect = read_payload(payload)
    assert isinstance(effect, ExitsSet)
    return effect
