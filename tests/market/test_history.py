"""REST questions: pages, times, bars, refusals, bans, other hosts."""

import asyncio
from collections.abc import AsyncIterator
from random import Random

import msgspec
import pytest
import pytest_asyncio

from engine.clock import ManualClock, SystemClock
from engine.market.binance_history import (
    BadRequest,
    BinanceHistory,
    Throttled,
    UnknownSymbol,
    Unreachable,
    contiguous,
    retry_after_seconds,
)
from engine.market.weight_budget import WeightBudget
from tests.market.conftest import SHORT
from tests.support.binance.stand_in import BinanceStandIn
from tests.support.binance.tapes import Walk, random_walk


@pytest_asyncio.fixture
async def history(venue: BinanceStandIn) -> AsyncIterator[BinanceHistory]:
    config = msgspec.structs.replace(SHORT, rest_urls=(venue.rest_url,))
    made = BinanceHistory(config, SystemClock(), Random(1))
    yield made
    await made.close()


async def pages(
    history: BinanceHistory, symbol: str, from_id: int, to_id: int | None = None
) -> list[list[int]]:
    return [[tick.id for tick in page] async for page in history.prints(symbol, from_id, to_id)]


async def test_pages_are_contiguous_and_end_at_the_newest(venue, history):
    venue.venue.load("SOLUSDT", random_walk(Walk(count=2345)))
    got = await pages(history, "SOLUSDT", 1)
    assert [len(page) for page in got] == [1000, 1000, 345]
    assert [item for page in got for item in page] == list(range(1, 2346))
    assert await pages(history, "SOLUSDT", 2346) == []
    assert await pages(history, "SOLUSDT", 5, 7) == [[5, 6, 7]]


@pytest.mark.parametrize("fault", ["rest_429", "rest_500", "lag", "short", "void"])
async def test_pages_are_whole_whatever_rest_does(venue, history, fault):
    venue.venue.load("SOLUSDT", random_walk(Walk(count=50)))
    expected = list(range(1, 53))
    venue.faults.rest_lag_ms = 300 if fault == "lag" else 0
    venue.faults.rest_short_rows = 7 if fault == "short" else 0
    if fault == "void":
        venue.faults.void_ids = {10, 11}
        expected = [item for item in expected if item not in {10, 11}]
    if fault.startswith("rest"):
        venue.faults.rest_status = int(fault.removeprefix("rest_"))
        venue.faults.rest_retry_after = 1
        asyncio.get_running_loop().call_later(0.3, venue.faults.heal)
    venue.print("SOLUSDT", "1.00")
    last = venue.print("SOLUSDT", "2.00").id
    got = await pages(history, "SOLUSDT", 1, last)
    assert [item for page in got for item in page] == expected
    assert venue.counts["rest_in_ban"] == 0


async def test_newest_and_time_and_bars_come_from_the_tape(venue, history):
    assert (await history.newest("BTCUSDT")).id == 3
    venue.venue.add("NEWUSDT")
    assert await history.newest("NEWUSDT") is None
    venue.venue.load("SOLUSDT", random_walk(Walk(count=3000, interval_ms=200)))
    bars = await history.candles("SOLUSDT", "1m", 0, 1 << 50)
    prints = venue.venue.markets["SOLUSDT"].prints
    first = [item for item in prints if item.time_ms <= bars[0].close_ms]
    assert bars[0].open == first[0].price
    assert bars[0].close == first[-1].price
    assert float(bars[0].high) == max(float(item.price) for item in first)
    assert bars[1].open_ms == bars[0].open_ms + 60_000


async def test_prints_before_a_time_are_all_of_the_span(venue, history):
    venue.venue.load("SOLUSDT", random_walk(Walk(count=5000, interval_ms=10)))
    prints = venue.venue.markets["SOLUSDT"].prints
    until_ms, span_ms = prints[3500].time_ms, 25_000
    got = await history.prints_before("SOLUSDT", until_ms, span_ms)
    expected = [p.id for p in prints if until_ms - span_ms <= p.time_ms <= until_ms]
    assert len(expected) > 2000
    assert [tick.id for tick in got] == expected


async def test_the_clock_is_measured_against_the_venue(venue, history):
    clock = SystemClock()
    venue.venue.offset_ms = -1260
    assert clock.needs_measuring(600)
    clock.anchor(*(await history.measure_clock()))
    assert abs(clock.now_ms() - venue.venue.now_ms()) < 100
    assert not clock.needs_measuring(600)
    assert clock.needs_measuring(0)
    assert -1400 < clock.offset_ms() < -1100


async def test_refusals_have_names(venue, history):
    with pytest.raises(UnknownSymbol):
        await history.newest("NOSUCH")
    with pytest.raises(BadRequest):
        await history._get("/api/v3/nothing", {}, 1)
    venue.faults.rest_status, venue.faults.rest_retry_after = 429, 1
    with pytest.raises(Throttled):
        await history.newest("BTCUSDT")
    assert 0 < history.budget.banned_seconds <= 1
    assert (await history.newest("BTCUSDT")).id == 3
    venue.faults.rest_status = 503
    with pytest.raises(Unreachable):
        await history.newest("BTCUSDT")
    assert not history.is_reachable


async def test_questions_that_queue_when_a_ban_comes_are_not_sent(venue, history):
    venue.faults.rest_slow_ms = 200
    venue.faults.rest_status, venue.faults.rest_retry_after = 429, 2
    asked = [history.newest("BTCUSDT") for _ in range(SHORT.rest_parallel_max * 2)]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert {type(answer) for answer in answers} == {Throttled}
    assert venue.counts["rest_in_ban"] == 0


@pytest.mark.parametrize("status", [451, 403, 500])
async def test_another_host_is_asked_when_one_refuses(venue, status):
    async with BinanceStandIn() as other:
        other.faults.rest_status = status
        config = msgspec.structs.replace(SHORT, rest_urls=(other.rest_url, venue.rest_url))
        history = BinanceHistory(config, SystemClock(), Random(1))
        assert (await history.newest("BTCUSDT")).id == 3
        assert history.host == venue.rest_url
        assert (await history.newest("BTCUSDT")).id == 3
        assert other.counts[f"rest_{status}"] == 1
        await history.close()


async def test_nothing_listening_is_unreachable():
    config = msgspec.structs.replace(SHORT, rest_urls=("http://127.0.0.1:9",))
    history = BinanceHistory(config, SystemClock(), Random(1))
    with pytest.raises(Unreachable):
        await history.exchange_info()
    await history.close()


async def test_weight_is_spent_no_faster_than_the_budget():
    clock = ManualClock()
    budget = WeightBudget(clock, per_minute=60, burst=10, limit=6000)
    await budget.take(10)
    assert budget._pause(1) == 1.0
    clock.advance(4)
    assert budget._pause(4) == 0.0
    budget.observe(5000)
    assert budget.used == 5000
    assert budget._pause(1) == 60.0
    clock.advance(61)
    assert budget.used == 0
    budget.ban(120)
    assert budget._pause(1) == 120.0


def test_a_broken_row_of_ids_ends_the_run():
    from engine.core.events import PriceTick

    rows = [PriceTick("X", number, "1", 1) for number in (3, 4, 4, 5, 7)]
    assert [tick.id for tick in contiguous(rows, 3)] == [3, 4, 5]
    assert [tick.id for tick in contiguous(rows, 4, 4)] == [4]
    assert contiguous(rows, 6) == []


@pytest.mark.parametrize(
    ("header", "seconds"), [("7", 7.0), ("", 60.0), ("soon", 60.0), ("²", 60.0)]
)
def test_an_unreadable_retry_after_counts_a_minute(header, seconds):
    assert retry_after_seconds(header) == seconds
