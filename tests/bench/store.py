"""What storing costs: closes one by one and together, a burst made durable, loading open trades."""

import time
from collections.abc import Sequence
from statistics import median

import asyncpg
import msgspec

from db.pool import Database
from db.store import PostgresStore
from engine.core.effects import TradeExited
from engine.core.trade import Trade
from engine.ports import Batch, Verdict
from tests.support.effects import checkpoint, decided, exited

BATCH = 500
BURST = 1_000
ALONE = 200

# Users with one account and one open trade each, as many as $1.
_SEED = """
WITH u AS (
    INSERT INTO users (locale, zone, created_at, last_trade_number)
    SELECT 'en', 'UTC', now(), 1 FROM generate_series(1, $1) RETURNING id),
a AS (
    INSERT INTO accounts (user_id, currency, starting_balance, balance, opened_at)
    SELECT id, 'USDT', 10000, 9499.5, now() FROM u RETURNING id, user_id)
INSERT INTO trades (
    id, user_id, account_id, number, symbol, direction, status, revision, after_id, opened_at,
    quantity, entry_quantity, entry_price, entry_notional, reserved, entry_fee, fee_rate, rate,
    route, stop_price, initial_stop_price, targets)
SELECT nextval('engine_ids'), user_id, id, 1, 'BTCUSDT', 'long', 'open', 1, 100, now(), 0.01, 0.01,
    50000.12, 500.0012, 500.0012, 0.5000012, 0.001, 1, '[]', 49000.5, 49000.5,
    '[[1, "52000.5", "1"]]'
FROM a
"""


async def measure(dsn: str, trades: int = 20_000) -> dict[str, float]:
    """Return the figures, in ms unless named otherwise, on an empty migrated database.

    `trades` >= 8,000 open trades are made; a batch holds 500 effects and a checkpoint.
    """
    await _seed(dsn, trades)
    database = await Database.open(dsn)
    try:
        store = PostgresStore(database)
        figures, stored = await _load(store)
        await _close(store, stored[:BATCH])
        alone = await _each_alone(store, stored[BATCH : BATCH + ALONE])
        rest = stored[BATCH + ALONE :]
        groups = [await _close(store, rest[at : at + BATCH]) for at in range(0, BATCH * 8, BATCH)]
        rest = rest[BATCH * 8 :]
        bursts = [
            sum([await _close(store, rest[at : at + BATCH]) for at in (first, first + BATCH)])
            for first in range(0, BURST * 3, BURST)
        ]
    finally:
        await database.close()
    together = median(groups) / BATCH
    return figures | {
        "close_alone_ms": alone * 1e3,
        "close_grouped_ms": together * 1e3,
        "close_alone_over_grouped": alone / together,
        "burst_1000_durable_ms": median(bursts) * 1e3,
    }


async def _seed(dsn: str, trades: int) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute("INSERT INTO lease VALUES (0, 1, 'bench', now() + '1 hour')")
        await connection.execute(_SEED, trades, timeout=300)
        await connection.execute("VACUUM ANALYZE", timeout=300)
    finally:
        await connection.close()


async def _load(store: PostgresStore) -> tuple[dict[str, float], list[Trade]]:
    started, slowest = time.perf_counter(), 0.0
    lines: list[bytes] = []
    async for page in store.open_trades():
        lines.extend(page)
    seconds = time.perf_counter() - started
    started = time.perf_counter()
    trades = [msgspec.json.decode(line, type=Trade) for line in lines]
    slowest = time.perf_counter() - started
    million = 1_000_000 / len(lines)
    return {
        "load_lines_s_per_million": seconds * million,
        "decode_lines_s_per_million": slowest * million,
    }, trades


async def _each_alone(store: PostgresStore, trades: Sequence[Trade]) -> float:
    seconds = [await _close(store, [trade]) for trade in trades]
    return median(seconds)


async def _close(store: PostgresStore, trades: Sequence[Trade]) -> float:
    """Close trades in one batch; return the seconds until it is durable."""
    effects: list[TradeExited] = [exited(trade, "49000.25") for trade in trades]
    last_id = 1_000 + trades[-1].id
    batch = Batch(1, decided(*effects), [checkpoint(last_id=last_id)])
    started = time.perf_counter()
    rulings = await store.commit(batch)
    seconds = time.perf_counter() - started
    assert all(ruling.verdict is Verdict.APPLIED for ruling in rulings)
    return seconds
