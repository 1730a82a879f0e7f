"""The engine's shell at work: CPU per print, a burst until it is durable, a restart, idle memory.

Prints come by hand, so that the network is left out; the database is real.
"""

import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from decimal import Decimal
from statistics import median

import asyncpg

from db.lease import Lease
from db.pool import Database
from db.store import PostgresStore
from engine.clock import ManualClock, SystemClock
from engine.core.effects import TradeExited
from engine.core.events import PriceTick
from engine.core.trade_table import write
from engine.core.vigil import Vigil
from engine.engine import Engine, EngineParts
from engine.group_commit import GroupCommit
from engine.market.instruments import Instruments
from engine.market.ports import Anchor, Sink
from engine.monitor import Monitor
from engine.recovery import Recovery
from engine.tickets import Told
from tests.support.builders import START_MS, instrument, trade
from tests.support.shell import HandFeed
from tests.support.twin_store import TwinStore

BURST = 1_000
ROUNDS = 3
PRINTS = 100_000
PATIENCE_SECONDS = 120.0

_SEED = """
WITH u AS (
    INSERT INTO users (locale, zone, created_at, last_trade_number)
    SELECT 'en', 'UTC', now(), 1 FROM generate_series(1, $1) RETURNING id),
a AS (
    INSERT INTO accounts (user_id, currency, starting_balance, balance, opened_at)
    SELECT id, 'USDT', 10000, 9499.5, now() FROM u RETURNING id, user_id),
numbered AS (SELECT id, user_id, row_number() OVER (ORDER BY id) AS n FROM a)
INSERT INTO trades (
    id, user_id, account_id, number, symbol, direction, status, revision, after_id, opened_at,
    quantity, entry_quantity, entry_price, entry_notional, reserved, entry_fee, fee_rate, rate,
    route, stop_price, initial_stop_price, targets)
SELECT nextval('engine_ids'), user_id, id, 1, 'BTCUSDT', 'long', 'open', 1, 100, now(), 0.01, 0.01,
    50000.12, 500.0012, 500.0012, 0.5000012, 0.001, 1, '[]', stop, stop,
    '[[1, "52000.5", "1"]]'
FROM numbered, LATERAL (
    SELECT CASE WHEN n <= $2::bigint * $3::bigint THEN 49900 - (n - 1) / $2::bigint * 100
                ELSE 40000 + n % 5000 END AS stop) AS levels
"""

_PLACE = """
INSERT INTO checkpoints (symbol, last_id, price, print_time, segment_after_id)
VALUES ('BTCUSDT', 101, 50000, to_timestamp($1 / 1000.0), 101)
"""

_RSS = """
import bot.terminal_run, pathlib, resource, sys
own = pathlib.Path("/proc/self/status")
if own.exists():  # a child inherits the peak of its parent's
    print(next(line.split()[1] for line in own.open() if line.startswith("VmRSS")))
else:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


class NothingMissed:
    """A past without prints: the restart alone is measured."""

    async def catch_up(self, anchors: Mapping[str, Anchor]) -> AsyncIterator[Sequence[PriceTick]]:
        for _ in ():
            yield ()

    async def prints_before(self, symbol: str, time_ms: int, span_ms: int) -> list[PriceTick]:
        return []


class Lag:
    """Watches how long the loop does not come round."""

    def __init__(self) -> None:
        self.longest = 0.0

    async def run(self) -> None:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0.001)
            self.longest = max(self.longest, time.perf_counter() - began - 0.001)

    def take_ms(self) -> float:
        """Return the longest pause since the last call, in ms."""
        longest, self.longest = self.longest, 0.0
        return longest * 1_000


async def measure(dsn: str, trades: int = 100_000) -> dict[str, float]:
    """Return the figures on an empty migrated database with `trades` >= 3,000 open trades."""
    figures = {
        "on_tick_1k_us": _cpu_per_print(1_000),
        "on_tick_100k_us": _cpu_per_print(100_000),
        "idle_rss_mb": idle_rss_mb(),
    }
    await _seed(dsn, trades)
    async with _running(dsn) as (engine, feed, exits, lag):
        began = time.perf_counter()
        assert await engine.wait_armed(PATIENCE_SECONDS), "not armed"
        figures["restart_armed_seconds"] = time.perf_counter() - began
        figures["restart_longest_block_ms"] = lag.take_ms()
        feed.print("BTCUSDT", "50000")
        bursts = [await _burst(feed, exits, 49_900 - 100 * number) for number in range(ROUNDS)]
        figures["engine_burst_1000_durable_ms"] = median(bursts) * 1_000
        figures["engine_burst_longest_block_ms"] = lag.take_ms()
    return figures


def _cpu_per_print(count: int) -> float:
    """Return microseconds of CPU of one quiet print through the monitor, best of a few rounds."""
    clock = ManualClock(START_MS)
    vigil = Vigil({"BTCUSDT": instrument()})
    vigil.start_symbol("BTCUSDT", 100, "50000", START_MS)
    vigil.load_trades(
        write(trade(number, stop_price=str(Decimal(40_000) + number % 9_000)))
        for number in range(1, count + 1)
    )
    monitor = Monitor(vigil, clock)
    monitor.bind(HandFeed(clock), GroupCommit(TwinStore(), 1, monitor.publish, clock), _ignore)
    best, next_id = float("inf"), 101
    for _ in range(ROUNDS):
        ticks = [
            PriceTick("BTCUSDT", next_id + n, f"{50_000 + n % 50}", START_MS + n)
            for n in range(PRINTS)
        ]
        next_id += PRINTS
        began = time.process_time()
        for tick in ticks:
            monitor.on_tick(tick)
        best = min(best, time.process_time() - began)
    return best / PRINTS * 1e6


def _ignore(_told: Told) -> None:
    """Nobody listens."""


def idle_rss_mb() -> float:
    """Return the resident memory of a process that has imported the whole desk, in MB."""
    command = [sys.executable, "-c", _RSS]
    return int(subprocess.run(command, capture_output=True, check=True, text=True).stdout) / 1024


async def _seed(dsn: str, trades: int) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(_SEED, trades, BURST, ROUNDS, timeout=600)
        await connection.execute(_PLACE, START_MS)
        await connection.execute("VACUUM ANALYZE", timeout=600)
    finally:
        await connection.close()


@asynccontextmanager
async def _running(dsn: str) -> AsyncIterator[tuple[Engine, HandFeed, list[Told], Lag]]:
    clock, system = ManualClock(START_MS), SystemClock()
    feed, exits, lag = HandFeed(clock), list[Told](), Lag()

    def make_feed(sink: Sink) -> HandFeed:
        assert isinstance(sink, Monitor)
        feed.sink = sink
        feed.last["BTCUSDT"] = PriceTick("BTCUSDT", 101, "50000", START_MS)
        return feed

    def keep_exit(told: Told) -> None:
        if isinstance(told.effect, TradeExited):
            exits.append(told)

    instruments = Instruments(None, system)
    instruments.take([instrument()])
    database = await Database.open(dsn)
    store = PostgresStore(database)
    recovery = Recovery(store, NothingMissed(), clock)
    engine = Engine(
        EngineParts(store, Lease(dsn), clock, instruments, make_feed, recovery, keep_exit)
    )
    try:
        async with asyncio.TaskGroup() as group:
            watching = group.create_task(lag.run())
            running = group.create_task(engine.run())
            yield engine, feed, exits, lag
            engine.stop()
            await asyncio.wait({running})
            watching.cancel()
    finally:
        await database.close()


async def _burst(feed: HandFeed, exits: list[Told], price: int) -> float:
    """Return the seconds from a print that fires a thousand stops until all are stored."""
    expected = len(exits) + BURST
    began = time.perf_counter()
    feed.print("BTCUSDT", str(price))
    async with asyncio.timeout(PATIENCE_SECONDS):
        while len(exits) < expected:  # noqa: ASYNC110 - a list has no event
            await asyncio.sleep(0.001)
    return time.perf_counter() - began
