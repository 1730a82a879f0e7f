"""A whole engine over stand-ins: real sockets, real Postgres, its own account holders."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any

import asyncpg

from db.lease import Lease
from db.pool import Database
from db.store import PostgresStore
from engine.clock import SystemClock
from engine.core.instrument import Direction
from engine.core.orders import Level, Size
from engine.desk import CloseWish, Desk, EntryWish, Owner
from engine.engine import Engine, EngineParts
from engine.market.binance_history import BinanceHistory
from engine.market.feed import Feed
from engine.market.instruments import Instruments
from engine.market.past import VenueTape
from engine.market.ports import FeedConfig
from engine.recovery import Recovery
from engine.tickets import Ticket, Told

FEE = Decimal("0.001")

_HOLDER = """
WITH person AS (
    INSERT INTO users (locale, zone, created_at) VALUES ('en', 'UTC', now()) RETURNING id
)
INSERT INTO accounts (user_id, currency, starting_balance, balance, opened_at)
SELECT id, $1, $2, $2, now() FROM person RETURNING user_id, id
"""


@dataclass
class House:
    """An engine that runs, with the desk to reach it."""

    engine: Engine
    desk: Desk
    store: PostgresStore
    told: list[Told] = field(default_factory=list)
    running: Any = None
    lease: Any = None

    @property
    def vigil(self) -> Any:
        """The present term's memory."""
        assert self.engine.term is not None
        return self.engine.term.monitor.vigil

    @property
    def caught_up(self) -> Any:
        """What the present term found of the time before it."""
        return self.engine.caught_up

    async def crash(self) -> None:
        """End the engine between two turns of the loop, with nothing stored on the way out."""
        assert self.running is not None
        self.running.cancel()
        await asyncio.wait({self.running})
        self.lease._drop()

    def of(self, kind: type) -> list[Any]:
        """Return what was told of this kind."""
        return [told for told in self.told if isinstance(told.effect, kind)]

    async def next_told(self, kind: type, seconds: float = 10) -> Any:
        """Wait until an effect of this kind has been stored, and return the last one."""
        async with asyncio.timeout(seconds):
            while True:
                found = [told for told in self.told if isinstance(told.effect, kind)]
                if found:
                    return found[-1]
                await asyncio.sleep(0.005)

    async def wish(self, owner: Owner, symbol: str, amount: str, **plan) -> Any:
        """Ask for an entry; return whatever the desk says."""
        wish = EntryWish(
            owner,
            symbol,
            plan.get("direction", Direction.LONG),
            Size(Decimal(amount)),
            FEE,
            stop=_level(plan.get("stop")),
            target=_level(plan.get("target")),
        )
        return await self.desk.open(wish, plan.get("key") or f"buy-{Random().random()}")

    async def buy(self, owner: Owner, symbol: str, amount: str, **plan) -> Any:
        """Ask for an entry that the desk must accept."""
        ticket = await self.wish(owner, symbol, amount, **plan)
        assert isinstance(ticket, Ticket), ticket
        return ticket

    async def edit(self, trade, stop: str | None) -> Any:
        """Ask for another stop; return whatever the desk says."""
        return await self.desk.set_exits(trade, f"edit-{Random().random()}", stop=_level(stop))

    async def sell(self, owner: Owner, trade, share: str = "1") -> Any:
        wish = CloseWish(owner, trade, Decimal(share))
        ticket = await self.desk.close(wish, f"close-{Random().random()}")
        assert isinstance(ticket, Ticket), ticket
        return ticket


async def ended(ticket: Any, seconds: float = 10) -> Any:
    """Return how an order ended; a refusal fails the test."""
    async with asyncio.timeout(seconds):
        told = await ticket.ended
    assert isinstance(told, Told), told
    return told


def quick_feed(stand_in, **changes) -> FeedConfig:
    """Return a feed's settings for a stand-in, with short pauses."""
    settings = {
        "stream_urls": (stand_in.stream_url,),
        "rest_urls": (stand_in.rest_url,),
        "backoff_seconds_min": 0.05,
        "backoff_seconds_max": 0.5,
        "fill_retry_seconds": 0.05,
        "fill_retry_seconds_max": 0.5,
        "recheck_seconds": 0.3,
        "quiet_grace_ms": 100,
        "quiet_retry_seconds": 0.1,
        "watch_interval_seconds": 0.1,
        "ping_after_seconds": 0.5,
        "message_spacing_seconds": 0.21,
    }
    return FeedConfig(**(settings | changes))


async def holder(dsn: str, currency: str = "USDT", amount: str = "10000") -> Owner:
    """Make a user with an account."""
    connection = await asyncpg.connect(dsn)
    try:
        row = await connection.fetchrow(_HOLDER, currency, Decimal(amount))
    finally:
        await connection.close()
    return Owner(row["user_id"], row["id"], currency)


@asynccontextmanager
async def open_house(
    dsn: str, config: FeedConfig, armed_seconds: float = 10
) -> AsyncIterator[House]:
    """Run an engine until the block ends; the block begins once it is armed.

    `armed_seconds`: how long that may take; 0 begins at once.
    """
    clock, chance = SystemClock(), Random(7)
    history = BinanceHistory(config, clock, chance)
    instruments = Instruments(history, clock)
    await instruments.refresh()
    database = await Database.open(dsn)
    store = PostgresStore(database)
    told: list[Told] = []
    parts = EngineParts(
        store=store,
        lease=Lease(dsn),
        clock=clock,
        instruments=instruments,
        make_feed=lambda sink: Feed(config, sink, clock, chance),
        recovery=Recovery(store, VenueTape(history, clock), clock),
        tell=told.append,
    )
    engine = Engine(parts)
    house = House(engine, Desk(engine, instruments), store, told)
    house.lease = parts.lease
    try:
        async with asyncio.TaskGroup() as group:
            house.running = running = group.create_task(engine.run())
            if armed_seconds:
                assert await engine.wait_armed(armed_seconds), "the engine did not arm"
            yield house
            engine.stop()
            await asyncio.wait({running}, timeout=5)
            assert running.done(), "the engine did not stop within 5 s"
    finally:
        await history.close()
        await database.close()


def _level(text: str | None) -> Level | None:
    if text is None:
        return None
    if text.endswith("%"):
        return Level(ratio=Decimal(text[:-1]) / 100)
    return Level(price=Decimal(text))
