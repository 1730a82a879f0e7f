"""The only place that constructs: settings in, a running desk out. It decides nothing."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from random import Random

from bot.candles import VenueCandles
from bot.charts.studio import PictureStudio
from bot.delivery.cards import CardParts, Cards
from bot.delivery.courier import Courier
from bot.delivery.health import LagMeter, Platforms, memory_mb
from bot.delivery.live import LiveLists, LiveParts
from bot.delivery.notices import NoticeBoard
from bot.delivery.posting import Posting
from bot.delivery.postman import RelayParts
from bot.delivery.relay import Relay
from bot.delivery.way import GatedWay, make_way
from bot.delivery.wording import Wording
from bot.door import DoorParts, PersonDoor
from bot.front import Front
from bot.messages.layout import ended
from bot.settings import PlatformId, Settings
from bot.talks import AllTalks, TalksParts, allowed_rooms
from bot.text import Catalog, load_catalog
from bot.use_cases.candles import Candles
from bot.use_cases.context import Context, Identity
from bot.use_cases.hosting import Gauges
from bot.views import PlatformState, View
from db.books import PostgresBooks
from db.house import PostgresHouse
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
from engine.tickets import Told

log = logging.getLogger(__name__)

DATABASE_SECONDS = 60.0
DATABASE_RETRY_SECONDS = 1.0
SNAPSHOT_SECONDS = 60.0
FIRST_TIDY_SECONDS = 600.0
TIDY_SECONDS = 86_400.0
SNAPSHOT_RETRY_SECONDS = 2.0
NO_DATABASE = 3
PLATFORMS = ("telegram", "discord")


@dataclass(frozen=True)
class Delivery:
    """The ways out to the chat platforms, and how they are."""

    catalog: Catalog
    way: GatedWay
    relay: Relay
    live: LiveLists
    posting: Posting
    cards: Cards
    studio: PictureStudio
    platforms: Platforms
    lag: LagMeter

    @property
    def running(self) -> tuple[Relay | LiveLists | Posting | Cards | LagMeter, ...]:
        """Return the parts that run as long as the desk."""
        return (self.relay, self.live, self.posting, self.cards, self.lag)


@dataclass(frozen=True)
class App:
    """What a surface needs: doors and talks for people, the ways out, and the engine."""

    context: Context
    engine: Engine
    doors: DoorParts
    talks: AllTalks
    delivery: Delivery
    allowed: frozenset[PlatformId]

    def door(self, identity: Identity) -> PersonDoor:
        """Return one person's way in."""
        return PersonDoor(self.doors, identity)

    def post(self, channel: str, view: View) -> None:
        """Show a view in somebody's private chat, `telegram:123`."""
        self.delivery.posting.post(channel, view)

    def front(self, platform: str) -> Front:
        """Return what a platform's surface is given."""
        delivery = self.delivery

        async def attach(courier: Courier | None) -> None:
            await delivery.relay.attach(platform, courier)
            delivery.live.attach(platform, courier)
            delivery.posting.attach(platform, courier)
            delivery.cards.attach(platform, courier)
            if courier is None:
                return
            try:
                await delivery.live.resume(platform, self.talks)
            except StoreError as error:
                log.warning("live lists of before stay as they are: %s", error)

        def report(state: PlatformState, reason: str) -> None:
            delivery.platforms.report(platform, state, reason)

        return Front(
            talks=self.talks,
            way=delivery.way,
            live=delivery.live,
            house=self.context.house,
            painter=delivery.studio,
            catalog=delivery.catalog,
            clock=self.context.clock,
            wait_for_lease=self.engine.wait_term,
            is_allowed=allowed_rooms(platform, self.allowed),
            report=report,
            attach=attach,
        )


@dataclass(frozen=True)
class Venue:
    """Where prices come from: the live venue, or a tape that is at hand.

    `keep` refreshes what is known of the venue until canceled.
    """

    clock: Clock
    instruments: Instruments
    make_feed: Callable[[Sink], PriceFeed]
    tape: Tape
    candles: Candles
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
        clock=clock,
        instruments=instruments,
        make_feed=make_feed,
        tape=VenueTape(history, clock),
        candles=VenueCandles(history),
        is_invented=False,
        keep=keep,
    )


@asynccontextmanager
async def opened(settings: Settings, dsn: str, venue: Venue) -> AsyncIterator[App]:
    """Run the whole desk while the block runs; end it in order afterwards, within 5 s."""
    database = await Database.open(dsn)
    try:
        app = await _built(settings, dsn, venue, database)
        await _restore_instruments(database, venue.instruments)
        async with asyncio.TaskGroup() as group:
            running = group.create_task(app.engine.run())
            helpers = [
                *(group.create_task(part.run()) for part in app.delivery.running),
                group.create_task(venue.keep()),
                group.create_task(_keep_snapshot(database, venue.instruments)),
                group.create_task(_keep_tidy(database)),
            ]
            try:
                yield app
            finally:
                await app.delivery.studio.close()
                app.engine.stop()
                for task in helpers:
                    task.cancel()
                await asyncio.wait({running})
    finally:
        await database.close()


async def _built(settings: Settings, dsn: str, venue: Venue, database: Database) -> App:
    """Build engine, use cases and ways out; nothing runs yet."""
    store, outbox = PostgresStore(database), Outbox(database)
    board = NoticeBoard(outbox)
    hearers: list[Callable[[Told], None]] = [board.hear]

    def tell(told: Told) -> None:
        for hear in hearers:
            hear(told)

    parts = EngineParts(
        store=store,
        lease=Lease(dsn),
        clock=venue.clock,
        instruments=venue.instruments,
        make_feed=venue.make_feed,
        recovery=Recovery(store, venue.tape, venue.clock),
        tell=tell,
    )
    engine = Engine(parts)
    context = Context(
        desk=Desk(engine, venue.instruments),
        books=PostgresBooks(database),
        house=PostgresHouse(database),
        candles=venue.candles,
        clock=venue.clock,
        starting_balance=settings.starting_balance,
        fee_rate=settings.fee_rate,
        database=await describe_server(database, is_embedded=settings.database_url is None),
        is_invented=venue.is_invented,
    )
    delivery = _delivery(context, outbox, board, load_catalog())
    hearers.append(delivery.relay.hear)
    return _app(settings, engine, context, board, delivery)


def _delivery(context: Context, outbox: Outbox, board: NoticeBoard, catalog: Catalog) -> Delivery:
    """Build the ways out to the chat platforms; nothing is sent before a courier is attached."""
    clock, house = context.clock, context.house
    way = make_way(clock)
    cards = Cards(CardParts(context, way, catalog))
    relay = RelayParts(
        outbox=outbox,
        board=board,
        way=way,
        house=house,
        wording=Wording(context, catalog),
        clock=clock,
        after_sent=cards.after_sent,
    )
    live = LiveParts(way=way, house=house, clock=clock, ended=ended)
    queued = {name: partial(_queued, way, name) for name in PLATFORMS}
    return Delivery(
        catalog=catalog,
        way=way,
        relay=Relay(relay, PLATFORMS),
        live=LiveLists(live, PLATFORMS),
        posting=Posting(context.books, way, catalog, clock),
        cards=cards,
        studio=PictureStudio(),
        platforms=Platforms(clock, queued),
        lag=LagMeter(clock),
    )


def _queued(way: GatedWay, platform: str) -> int:
    return way.gate(platform).queued


def _app(
    settings: Settings, engine: Engine, context: Context, board: NoticeBoard, delivery: Delivery
) -> App:
    gauges = Gauges(
        platforms=delivery.platforms.rows,
        memory_mb=memory_mb,
        lag_ms=delivery.lag.worst_ms,
        started_at_ms=context.clock.now_ms(),
    )
    doors = DoorParts(context, board, gauges, delivery.posting.post, delivery.cards.follow)
    catalog = delivery.catalog
    talks = AllTalks(TalksParts(doors, catalog, settings.admins, settings.default_locale))
    return App(
        context=context,
        engine=engine,
        doors=doors,
        talks=talks,
        delivery=delivery,
        allowed=settings.allowed_chats,
    )


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
