"""The only place that constructs: settings in, a running desk out. It decides nothing."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from random import Random

from bot.delivery.notices import NoticeBoard
from bot.door import PersonDoor
from bot.settings import Settings
from bot.use_cases.context import Context, Identity
from db.books import PostgresBooks
from db.lease import Lease
from db.migrate import MigrationFailed, migrate
from db.outbox import Outbox
from db.pool import Database
from db.retention import forget_old
from db.snapshots import describe_server, load_instruments, save_instruments
from db.store import PostgresStore
from engine.clock import Clock, SystemClock
from engine.desk import Desk
from engine.engine import Engine, EngineParts
from engine.market.binance_history import BinanceHistory
from engine.market.feed import Feed
from engine.market.instruments import BadSnapshot, Instruments
from engine.market.past import Tape, VenueTape
from engine.market.ports import FeedConfig, Sink
from engine.market.price_feed import PriceFeed
from engine.ports import StoreError
from engine.recovery import Recovery

log = logging.getLogger(__name__)

DATABASE_SECONDS = 60.0
DATABASE_RETRY_SECONDS = 1.0
SNAPSHOT_SECONDS = 60.0
FIRST_TIDY_SECONDS = 600.0
TIDY_SECONDS = 86_400.0
SNAPSHOT_RETRY_SECONDS = 2.0
NO_DATABASE = 3


@dataclass(frozen=True)
class App:
    """What a surface needs: doors for people, and the engine that keeps the vigil."""

    context: Context
    engine: Engine
    board: NoticeBoard
    started_at_ms: int

    def door(self, identity: Identity) -> PersonDoor:
        """Return one person's way in."""
        return PersonDoor(self.context, identity, self.board, self.started_at_ms)


@dataclass(frozen=True)
class Venue:
    """Where prices come from: the live venue, or a tape that is at hand.

    `keep` refreshes what is known of the venue until canceled.
    """

    clock: Clock
    instruments: Instruments
    make_feed: Callable[[Sink], PriceFeed]
    tape: Tape
    is_invented: bool
    keep: Callable[[], Coroutine[None, None, None]]


def feed_config(settings: Settings) -> FeedConfig:
    """Return the feed's settings: the hosts that the environment names."""
    return FeedConfig(stream_urls=settings.stream_urls, rest_urls=settings.rest_urls)


def live_venue(config: FeedConfig) -> Venue:
    """Return Binance's public data at the hosts that `config` names."""
    clock, chance = SystemClock(), Random()  # noqa: S311 - spreads attempts, hides nothing
    history = BinanceHistory(config, clock, chance)
    instruments = Instruments(history, clock)

    async def keep() -> None:
        try:
            await instruments.run()
        finally:
            await history.close()

    def make_feed(sink: Sink) -> Feed:
        return Feed(config, sink, clock, chance, history)

    return Venue(
        clock, instruments, make_feed, VenueTape(history, clock), is_invented=False, keep=keep
    )


@asynccontextmanager
async def opened(settings: Settings, dsn: str, venue: Venue) -> AsyncIterator[App]:
    """Run the whole desk while the block runs; end it in order afterwards, within 5 s."""
    database = await Database.open(dsn)
    try:
        store = PostgresStore(database)
        board = NoticeBoard(Outbox(database))
        recovery = Recovery(store, venue.tape, venue.clock)
        parts = EngineParts(
            store=store,
            lease=Lease(dsn),
            clock=venue.clock,
            instruments=venue.instruments,
            make_feed=venue.make_feed,
            recovery=recovery,
            tell=board.hear,
        )
        engine = Engine(parts)
        context = Context(
            desk=Desk(engine, venue.instruments),
            books=PostgresBooks(database),
            clock=venue.clock,
            starting_balance=settings.starting_balance,
            fee_rate=settings.fee_rate,
            database=await describe_server(database, is_embedded=settings.database_url is None),
            is_invented=venue.is_invented,
        )
        await _restore_instruments(database, venue.instruments)
        async with asyncio.TaskGroup() as group:
            running = group.create_task(engine.run())
            helpers = [
                group.create_task(venue.keep()),
                group.create_task(_keep_snapshot(database, venue.instruments)),
                group.create_task(_keep_tidy(database)),
            ]
            try:
                yield App(context, engine, board, venue.clock.now_ms())
            finally:
                engine.stop()
                for task in helpers:
                    task.cancel()
                await asyncio.wait({running})
    finally:
        await database.close()


async def _restore_instruments(database: Database, instruments: Instruments) -> None:
    snapshot = await load_instruments(database)
    if snapshot is None:
        return
    try:
        instruments.restore(snapshot)
    except BadSnapshot:
        log.warning("the stored list of symbols cannot be read; the venue is asked for a new one")


async def _keep_snapshot(database: Database, instruments: Instruments) -> None:
    saved_ms = instruments.refreshed_ms
    while True:
        if instruments.refreshed_ms != saved_ms:
            saved_ms = instruments.refreshed_ms
            try:
                await save_instruments(database, instruments.snapshot())
            except StoreError as error:
                log.warning("the list of symbols is not saved: %s", error)
                saved_ms = 0
        await asyncio.sleep(SNAPSHOT_SECONDS if saved_ms else SNAPSHOT_RETRY_SECONDS)


async def _keep_tidy(database: Database) -> None:
    """Forget every day what is too old to matter; hosts restart daily, so soon after the start."""
    pause = FIRST_TIDY_SECONDS
    while True:
        await asyncio.sleep(pause)
        pause = TIDY_SECONDS
        try:
            gone = await forget_old(database)
        except StoreError as error:
            log.warning("old rows stay for another day: %s", error)
        else:
            log.info("forgot old rows: %s", gone)


async def migrated(dsn: str, say: Callable[[str], None]) -> bool:
    """Bring the database up to date; wait up to a minute for one that is away, and say so."""
    deadline = asyncio.get_running_loop().time() + DATABASE_SECONDS
    has_spoken = False
    while True:
        try:
            await migrate(dsn)
        except MigrationFailed as error:
            if asyncio.get_running_loop().time() >= deadline:
                say(f"The database does not answer ({error}): giving up after a minute.")
                return False
            if not has_spoken:
                say(f"The database does not answer ({error}): trying for a minute.")
                has_spoken = True
            await asyncio.sleep(DATABASE_RETRY_SECONDS)
        else:
            return True
