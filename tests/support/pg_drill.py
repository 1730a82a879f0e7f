"""A writer that books without pause through a fault, and the audit of what it left behind."""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

import asyncpg

from db.pool import Database, PoolConfig
from db.store import PostgresStore
from engine.core.effects import Effect, TradeOpened
from engine.ports import Batch, OutcomeUnknown, Ruling, StoreUnavailable, Verdict
from tests.support.effects import Owner, checkpoint, decided, entry_order, exited, opened, placed
from tests.support.pg_faults import Fault, FaultyServer

OWNERS = 8

_OWNERS = """
WITH u AS (
    INSERT INTO users (locale, zone, created_at)
    SELECT 'en', 'UTC', now() FROM generate_series(1, $1) RETURNING id)
INSERT INTO accounts (user_id, currency, starting_balance, balance, opened_at)
SELECT id, 'USDT', 1000000, 1000000, now() FROM u RETURNING user_id, id
"""

_UNSOUND = """
SELECT a.id FROM accounts a
WHERE a.balance <> a.starting_balance
    + (SELECT coalesce(sum(amount), 0) FROM ledger l WHERE l.account_id = a.id)
"""


@dataclass
class Audit:
    """What the writer was told against what is stored; every list and difference must be empty."""

    unsound_accounts: list[int]
    verdicts: Counter[Verdict]
    opened: int
    closed: int
    stored_opened: int
    stored_closed: int
    stored_fills: int
    stored_notices: int
    money_error: Decimal
    recovery_seconds: float
    outcomes_unknown: int

    @property
    def is_clean(self) -> bool:
        """Whether nothing was lost or doubled, to the last digit."""
        return (
            not self.unsound_accounts
            and set(self.verdicts) == {Verdict.APPLIED}
            and (self.opened, self.closed) == (self.stored_opened, self.stored_closed)
            and self.stored_fills == self.stored_notices == self.opened + self.closed
            and self.money_error == 0
        )


class Writer:
    """Opens and closes a trade per owner, batch after batch, each until it is answered."""

    def __init__(self, store: PostgresStore, owners: list[Owner], first_id: int) -> None:
        self._store = store
        self._owners = owners
        self._next_id = first_id
        self._open: list[TradeOpened] = []
        self.batches = 0
        self.verdicts: Counter[Verdict] = Counter()
        self.opened = self.closed = self.outcomes_unknown = 0
        self.pnl = Decimal(0)
        self.is_ending = False
        self.stored = asyncio.Event()

    async def run(self) -> None:
        while not self.is_ending:
            await self._batch()

    async def _batch(self) -> None:
        exits = [exited(one.trade, "51000.01") for one in self._open]
        orders = [entry_order(owner, self._next_id + n) for n, owner in enumerate(self._owners)]
        self._next_id += len(orders)
        entries = [opened(order) for order in orders]
        effects: list[Effect] = [*exits, *(placed(order) for order in orders), *entries]
        batch = Batch(1, decided(*effects), [checkpoint(last_id=self._next_id)])
        for ruling in await self._store_until_known(batch):
            self.verdicts[ruling.verdict] += 1
        self.opened += len(entries)
        self.closed += len(exits)
        self.pnl += sum((one.fill.pnl for one in exits), Decimal(0))
        self._open = entries
        self.batches += 1
        self.stored.set()

    async def _store_until_known(self, batch: Batch) -> list[Ruling]:
        while True:
            try:
                return await self._store.commit(batch)
            except OutcomeUnknown:
                self.outcomes_unknown += 1
            except StoreUnavailable:
                pass
            await asyncio.sleep(0.02)


async def drill(server: FaultyServer, fault: Fault) -> Audit:
    """Book through one fault; return the audit and how long after the fault booking went on."""
    connection = await asyncpg.connect(server.dsn)
    owners = [Owner(row[0], row[1]) for row in await connection.fetch(_OWNERS, OWNERS)]
    await connection.execute(
        "INSERT INTO lease VALUES (0, 1, 'drill', now() + '1 day') ON CONFLICT DO NOTHING"
    )
    await connection.close()
    database = await Database.open(server.proxy.dsn, PoolConfig(timeout_seconds=1.0))
    store = PostgresStore(database)
    ids = await store.reserve_ids(1_000_000)
    writer = Writer(store, owners, ids.start)
    task = asyncio.create_task(writer.run())
    try:
        await _progress(writer, task, 3)
        async with fault(server):
            pass
        lifted = time.monotonic()
        await _progress(writer, task, 2)
        recovery = time.monotonic() - lifted
        writer.is_ending = True
        await task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await database.close()
    return await _audit(server, writer, owners, recovery)


async def _progress(writer: Writer, task: asyncio.Task[None], batches: int) -> None:
    """Wait for so many batches more; a writer that fell over is heard of at once."""
    goal = writer.batches + batches
    async with asyncio.timeout(30):
        while writer.batches < goal:
            writer.stored.clear()
            storing = asyncio.create_task(writer.stored.wait())
            await asyncio.wait({storing, task}, return_when=asyncio.FIRST_COMPLETED)
            storing.cancel()
            if task.done():
                await task


async def _audit(
    server: FaultyServer, writer: Writer, owners: list[Owner], recovery: float
) -> Audit:
    users = [owner.user_id for owner in owners]
    connection = await asyncpg.connect(server.dsn)

    async def count(query: str) -> int:
        return await connection.fetchval(f"SELECT count(*) FROM {query}", users)

    try:
        balance = await connection.fetchval(
            "SELECT sum(balance + (SELECT coalesce(sum(reserved + entry_fee), 0) FROM trades t "
            "WHERE t.account_id = a.id AND status = 'open')) FROM accounts a "
            "WHERE user_id = ANY($1::bigint[])",
            users,
        )
        expected = Decimal(1_000_000 * len(owners)) + writer.pnl
        return Audit(
            unsound_accounts=[row[0] for row in await connection.fetch(_UNSOUND)],
            verdicts=writer.verdicts,
            opened=writer.opened,
            closed=writer.closed,
            stored_opened=await count("trades WHERE user_id = ANY($1::bigint[])"),
            stored_closed=await count(
                "trades WHERE user_id = ANY($1::bigint[]) AND status = 'closed'"
            ),
            stored_fills=await count("fills WHERE user_id = ANY($1::bigint[])"),
            stored_notices=await count("notices WHERE user_id = ANY($1::bigint[])"),
            money_error=balance - expected,
            recovery_seconds=recovery,
            outcomes_unknown=writer.outcomes_unknown,
        )
    finally:
        await connection.close()
