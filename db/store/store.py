"""The one writer: an engine's batch as one transaction, exactly once, or an error that says why.

It refuses to write when the lease's epoch is not the batch's, and to guess the fate of a commit.
"""

import logging
from collections.abc import AsyncIterator, Collection, Sequence

import asyncpg

from db.pool import DATABASE_ERRORS, Connection, Database, describe
from db.queries import alerts
from db.store import loading
from db.store.booking import Booking
from db.store.places import move_checkpoints
from db.store.waves import Item
from engine.core.alerts import PriceAlert
from engine.core.effects import Checkpoint
from engine.core.orders import WaitingOrder
from engine.ports import Batch, Fenced, OutcomeUnknown, Ruling, Verdict
from engine.reach import whereabouts

log = logging.getLogger(__name__)

# What the data itself is to blame for; asyncpg's own refusal to encode a value is a ValueError.
_DATA_ERRORS = (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError, ValueError)

_BEGIN = "BEGIN ISOLATION LEVEL READ COMMITTED"
_LEASE = "SELECT 1 FROM lease WHERE shard = $1 AND epoch = $2 FOR SHARE"


class PostgresStore:
    """`engine.ports.EngineStore` on Postgres, for one shard; `page_trades` are loaded at once."""

    def __init__(
        self, database: Database, shard: int = 0, page_trades: int = loading.PAGE_TRADES
    ) -> None:
        self._database = database
        self._shard = shard
        self._page_trades = page_trades

    async def commit(self, batch: Batch) -> list[Ruling]:
        """Store a batch exactly once. Raises Fenced, OutcomeUnknown or StoreUnavailable.

        After OutcomeUnknown or StoreUnavailable the same batch may be sent again, and gets the
        rulings that a first, answered commit would have got.
        """
        items = [Item(position, decided) for position, decided in enumerate(batch.effects)]
        async with self._database.writer_session() as connection:
            await self._begin(connection, batch.epoch)
            try:
                rulings = await _book_together(connection, items, batch.checkpoints)
            except _DATA_ERRORS:
                log.exception("a batch of %d effects is booked one by one", len(items))
                await connection.execute("ROLLBACK")
                await self._begin(connection, batch.epoch)
                rulings = await _book_one_by_one(connection, items, batch.checkpoints)
            await _commit(connection)
        return [rulings[item.position] for item in items]

    async def checkpoints(self) -> list[Checkpoint]:
        """Return the checkpoint of every symbol that has one, by symbol."""
        async with self._database.writer_session() as connection:
            return await loading.checkpoints(connection)

    async def segment_cuts(self) -> dict[str, list[int]]:
        """Return by symbol the ends of stored watermark segments ahead of its checkpoint's."""
        async with self._database.writer_session() as connection:
            return await loading.segment_cuts(connection)

    async def waiting_orders(self) -> list[WaitingOrder]:
        """Return the orders that still wait, by id."""
        async with self._database.writer_session() as connection:
            return await loading.waiting_orders(connection)

    async def armed_alerts(self, among: Collection[int] | None = None) -> list[PriceAlert]:
        """Return the alerts that have not fired (of these, if any are named), by id."""
        async with self._database.writer_session() as connection:
            return await alerts.armed(connection, among)

    async def open_trades(self) -> AsyncIterator[list[bytes]]:
        """Yield every open trade as a JSON line, by id, in pages."""
        after_id = -1
        while True:
            async with self._database.writer_session() as connection:
                page = await loading.open_trades(connection, after_id, self._page_trades)
            if not page:
                return
            yield page
            after_id = loading.id_of(page[-1])

    async def trade_line(self, trade_id: int) -> bytes | None:
        """Return one open trade's line, or None when it is closed or unknown."""
        async with self._database.writer_session() as connection:
            return await loading.trade_line(connection, trade_id)

    async def reserve_ids(self, count: int) -> range:
        """Take `count` >= 1 fresh, rising ids for orders, trades and alerts."""
        async with self._database.writer_session() as connection:
            return await loading.reserve_ids(connection, count)

    async def _begin(self, connection: Connection, epoch: int) -> None:
        await connection.execute(_BEGIN)
        if await connection.fetchval(_LEASE, self._shard, epoch) is None:
            await connection.execute("ROLLBACK")
            raise Fenced(f"epoch {epoch} of shard {self._shard}")


async def _book_together(
    connection: Connection, items: Sequence[Item], checkpoints: Sequence[Checkpoint]
) -> dict[int, Ruling]:
    booking = Booking(connection)
    if items:
        await booking.book(items)
    await move_checkpoints(connection, checkpoints)
    return booking.rulings


async def _book_one_by_one(
    connection: Connection, items: Sequence[Item], checkpoints: Sequence[Checkpoint]
) -> dict[int, Ruling]:
    """Book each effect under its own savepoint; a symbol that failed keeps its old checkpoint."""
    booking = Booking(connection)
    failed: set[str] = set()
    for item in items:
        if not await _book_alone(connection, booking, item):
            failed |= set(whereabouts(item.effect).values())
    for checkpoint in checkpoints:
        if checkpoint.symbol not in failed:
            await _move_alone(connection, checkpoint)
    return booking.rulings


async def _book_alone(connection: Connection, booking: Booking, item: Item) -> bool:
    await connection.execute("SAVEPOINT one")
    try:
        await booking.book([item])
    except _DATA_ERRORS:
        log.exception("not stored: %s", item.effect)
        await connection.execute("ROLLBACK TO SAVEPOINT one")
        booking.rule(item, Ruling(Verdict.CONFLICT))
        return False
    await connection.execute("RELEASE SAVEPOINT one")
    return True


async def _move_alone(connection: Connection, checkpoint: Checkpoint) -> None:
    await connection.execute("SAVEPOINT one")
    try:
        await move_checkpoints(connection, [checkpoint])
    except _DATA_ERRORS:
        log.exception("checkpoint not moved: %s", checkpoint)
        await connection.execute("ROLLBACK TO SAVEPOINT one")
    await connection.execute("RELEASE SAVEPOINT one")


async def _commit(connection: Connection) -> None:
    try:
        answer = await connection.execute("COMMIT")
    except DATABASE_ERRORS as error:
        raise OutcomeUnknown(describe(error)) from error
    assert answer == "COMMIT", "an aborted transaction was committed"
