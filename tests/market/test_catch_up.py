"""What was missed comes back once, merged by venue time, whatever REST does meanwhile."""

import asyncio
from random import Random

import msgspec

from engine.clock import SystemClock
from engine.core.events import PriceTick
from engine.market.binance_history import BinanceHistory
from engine.market.catch_up import catch_up
from engine.market.ports import Anchor
from tests.market.conftest import SHORT
from tests.support.binance.stand_in import BinanceStandIn
from tests.support.binance.tapes import Walk, random_walk

SYMBOLS = ("AAAUSDT", "BBBUSDT", "CCCUSDT")


async def collect(venue: BinanceStandIn, anchors: dict[str, Anchor]) -> list[PriceTick]:
    config = msgspec.structs.replace(SHORT, rest_urls=(venue.rest_url,))
    history = BinanceHistory(config, SystemClock(), Random(1))
    got: list[PriceTick] = []
    async for batch in catch_up(history, anchors):
        assert 0 < len(batch) <= 500
        got.extend(batch)
    await history.close()
    return got


def load(venue: BinanceStandIn, count: int) -> dict[str, Anchor]:
    for seed, symbol in enumerate(SYMBOLS):
        walk = Walk(seed=seed, count=count * (seed + 1), interval_ms=60 // (seed + 1))
        venue.venue.load(symbol, random_walk(walk))
    return {symbol: Anchor(10, "1", 0) for symbol in SYMBOLS}


def expected(venue: BinanceStandIn) -> list[tuple[int, str, int]]:
    return sorted(
        (item.time_ms, symbol, item.id)
        for symbol in SYMBOLS
        for item in venue.venue.markets[symbol].prints
        if item.id > 10
    )


async def test_all_symbols_are_merged_by_time_then_symbol_then_id(venue):
    got = await collect(venue, load(venue, 1100))
    assert [(tick.time_ms, tick.symbol, tick.id) for tick in got] == expected(venue)


async def test_faults_of_rest_change_nothing(venue):
    anchors = load(venue, 200)
    venue.faults.rest_short_rows = 50
    venue.faults.rest_status, venue.faults.rest_retry_after = 429, 1
    loop = asyncio.get_running_loop()
    loop.call_later(0.2, setattr, venue.faults, "rest_status", 500)
    loop.call_later(1.4, venue.faults.heal)
    got = await collect(venue, anchors)
    assert [(tick.time_ms, tick.symbol, tick.id) for tick in got] == expected(venue)
    assert venue.counts["rest_in_ban"] == 0


async def test_a_clock_that_goes_back_does_not_reorder_ids(venue):
    for time_ms in (1000, 3000, 2000, 4000):
        venue.print("AAAUSDT", "1", time_ms)
    venue.print("BBBUSDT", "1", 2500)
    got = await collect(venue, {"AAAUSDT": Anchor(0, "", 0), "BBBUSDT": Anchor(0, "", 0)})
    assert [(tick.symbol[0], tick.id) for tick in got] == [
        ("A", 1),
        ("B", 1),
        ("A", 2),
        ("A", 3),
        ("A", 4),
    ]


async def test_nothing_missed_is_nothing_and_a_delisted_symbol_is_left_out(venue):
    assert await collect(venue, {"BTCUSDT": Anchor(3, "1", 0), "GONEUSDT": Anchor(1, "1", 0)}) == []
    assert await collect(venue, {}) == []


async def test_leaving_early_leaves_no_task(venue):
    anchors = load(venue, 1100)
    config = msgspec.structs.replace(SHORT, rest_urls=(venue.rest_url,))
    history = BinanceHistory(config, SystemClock(), Random(1))
    before = len(asyncio.all_tasks())
    ticks = catch_up(history, anchors)
    await anext(ticks)
    await ticks.aclose()
    await history.close()
    await asyncio.sleep(0.05)
    assert len([task for task in asyncio.all_tasks() if "_Reel" in repr(task)]) == 0
    assert before <= len(asyncio.all_tasks())
