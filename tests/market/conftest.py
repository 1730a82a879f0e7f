"""A venue on loopback, a sink that remembers, and a feed between them with short intervals."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from random import Random

import msgspec
import pytest_asyncio

from engine.clock import SystemClock
from engine.core.events import PriceTick, TapeQuiet
from engine.market.feed import Feed
from engine.market.ports import FeedConfig
from tests.support.binance.stand_in import BinanceStandIn

SHORT = FeedConfig(
    ack_timeout_seconds=0.5,
    refused_seconds=0.3,
    connect_timeout_seconds=2.0,
    close_timeout_seconds=0.2,
    frame_timeout_seconds=1.0,
    ping_after_seconds=0.3,
    canary_timeout_seconds=0.6,
    deaf_after_seconds=0.4,
    deaf_check_seconds_max=2.0,
    watch_interval_seconds=0.05,
    backoff_seconds_min=0.05,
    backoff_seconds_max=0.5,
    healthy_after_seconds=1.0,
    overlap_seconds_max=1.0,
    linger_seconds=0.3,
    recheck_seconds=0.4,
    fill_retry_seconds=0.05,
    fill_retry_seconds_max=0.3,
    quiet_grace_ms=50,
    quiet_retry_seconds=0.1,
    quiet_retry_seconds_max=0.3,
    rest_timeout_seconds=2.0,
    message_spacing_seconds=0.25,
    weight_per_minute=60_000,
    weight_burst=6_000,
    rollover_jitter_seconds=0.0,
)


class RecordingSink:
    """Takes every print and remembers it; refuses while told to."""

    def __init__(self) -> None:
        self.ticks: dict[str, list[PriceTick]] = {}
        self.quiets: list[TapeQuiet] = []
        self.is_busy = False
        self.refusals = 0

    def on_tick(self, tick: PriceTick) -> bool:
        if self.is_busy:
            self.refusals += 1
            return False
        self.ticks.setdefault(tick.symbol, []).append(tick)
        return True

    def on_quiet(self, quiet: TapeQuiet) -> None:
        self.quiets.append(quiet)

    def ids(self, symbol: str) -> list[int]:
        return [tick.id for tick in self.ticks.get(symbol, [])]


class Desk:
    """A running feed on a stand-in, with what a test asks of both."""

    def __init__(self, venue: BinanceStandIn, config: FeedConfig) -> None:
        self.venue = venue
        self.sink = RecordingSink()
        self.clock = SystemClock()
        self.feed = Feed(config, self.sink, self.clock, Random(7))

    async def watch(self, *symbols: str) -> None:
        for symbol in symbols:
            self.feed.want(symbol)
        for symbol in symbols:
            assert await self.feed.wait_ready(symbol, 5), symbol

    def print(self, symbol: str, *prices: object) -> int:
        return max(self.venue.print(symbol, price).id for price in prices)

    async def got(self, symbol: str, last_id: int, seconds: float = 5) -> None:
        """Wait until the sink has the print `last_id`; then all up to it must have come once."""
        await until(lambda: self.sink.ids(symbol)[-1:] >= [last_id], seconds)
        ids = self.sink.ids(symbol)
        assert ids == list(range(ids[0], last_id + 1))

    def check_tape(self, symbol: str) -> None:
        """Compare all that the sink got with the venue's tape, print by print."""
        tape = {item.id: item for item in self.venue.venue.markets[symbol].prints}
        ticks = self.sink.ticks[symbol]
        assert [tick.id for tick in ticks] == list(range(ticks[0].id, ticks[-1].id + 1))
        for tick in ticks:
            made = tape[tick.id]
            assert (tick.price, tick.time_ms) == (made.price, made.time_ms)


async def until(condition: Callable[[], bool], seconds: float = 5) -> None:
    """Wait until a condition holds; fail when it does not in time."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - the condition is on the other side of a socket
            await asyncio.sleep(0.005)


@contextlib.asynccontextmanager
async def desk_on(venue: BinanceStandIn, **changes: object) -> AsyncIterator[Desk]:
    """Run a feed on a stand-in; at the end it must stop cleanly and within the rules."""
    urls = {"stream_urls": (venue.stream_url,), "rest_urls": (venue.rest_url,)}
    desk = Desk(venue, msgspec.structs.replace(SHORT, **(urls | changes)))
    running = asyncio.create_task(desk.feed.run())
    try:
        yield desk
        assert not running.done()
    finally:
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            async with asyncio.timeout(5):
                await running
    assert not venue.broken_rules


@pytest_asyncio.fixture
async def venue() -> AsyncIterator[BinanceStandIn]:
    async with BinanceStandIn() as stand_in:
        for symbol, price in (("BTCUSDT", "60000.00"), ("ETHUSDT", "2500.00")):
            for _ in range(3):
                stand_in.print(symbol, price)
        yield stand_in


@pytest_asyncio.fixture
async def desk(venue: BinanceStandIn) -> AsyncIterator[Desk]:
    async with desk_on(venue) as made:
        yield made
