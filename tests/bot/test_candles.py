"""Candles for pictures: few questions, short patience, nothing wrong ever shown."""

import asyncio
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from bot.candles import IN_FLIGHT_MAX, KEPT_MAX, InventedCandles, NoCandles, VenueCandles
from bot.use_cases.bars import add_print, merged
from bot.views import Candle
from engine.clock import ManualClock, SystemClock
from engine.core.events import PriceTick
from engine.market.binance_history import BinanceHistory, Throttled, UnknownSymbol, Unreachable
from engine.market.candles import Bar
from engine.market.generated import GeneratedDay, GeneratedSymbol
from engine.market.ports import FeedConfig
from tests.support.binance.stand_in import BinanceStandIn
from tests.support.binance.tapes import Walk, random_walk
from tests.support.builders import START_MS, instrument

D = Decimal
MINUTE_MS, HOUR_MS = 60_000, 3_600_000
DAY_MS = START_MS // 86_400_000 * 86_400_000


class History:
    """The venue's history: answers, fails, or hangs."""

    def __init__(self, error: Exception | None = None):
        self.error, self.asked, self.at_once, self.most = error, [], 0, 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def candles(self, symbol, interval, start_ms, end_ms):
        self.asked.append((symbol, interval, start_ms, end_ms))
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        try:
            await self.gate.wait()
            if self.error is not None:
                raise self.error
        finally:
            self.at_once -= 1
        return [Bar(start_ms + n, "1.5", "2", "1", "1.8", "12.5", start_ms + n) for n in range(9)]


def venue(history, seconds=3.0):
    role: Any = history
    return VenueCandles(role, seconds)


async def test_bars_become_exact_candles_of_the_asked_span():
    history = History()
    found = await venue(history).candles("BTCUSDT", "1h", START_MS, 5)
    assert found[0] == Candle(START_MS, D("1.5"), D(2), D(1), D("1.8"), D("12.5"))
    assert len(found) == 5
    assert history.asked == [("BTCUSDT", "1h", START_MS, START_MS + 5 * HOUR_MS - 1)]


async def test_an_answer_is_remembered_for_a_moment_only(monkeypatch):
    history = History()
    candles, loop = venue(history), asyncio.get_running_loop()
    now = loop.time()
    await candles.candles("BTCUSDT", "1h", START_MS, 5)
    await candles.candles("BTCUSDT", "1h", START_MS, 5)
    assert len(history.asked) == 1
    await candles.candles("BTCUSDT", "1m", START_MS, 5)
    assert len(history.asked) == 2
    monkeypatch.setattr(loop, "time", lambda: now + 4)
    await candles.candles("BTCUSDT", "1h", START_MS, 5)
    await candles.candles("BTCUSDT", "1m", START_MS, 5)
    assert [asked[1] for asked in history.asked] == ["1h", "1m", "1m"]
    monkeypatch.setattr(loop, "time", lambda: now + 61)
    await candles.candles("BTCUSDT", "1h", START_MS, 5)
    assert [asked[1] for asked in history.asked] == ["1h", "1m", "1m", "1h"]


async def test_only_so_much_is_remembered():
    history = History()
    candles = venue(history)
    for count in range(1, KEPT_MAX + 3):
        await candles.candles("BTCUSDT", "1d", START_MS, count)
    assert len(candles._kept) == KEPT_MAX
    asked = len(history.asked)
    await candles.candles("BTCUSDT", "1d", START_MS, 1)
    assert len(history.asked) == asked + 1


@pytest.mark.parametrize(
    "error", [Unreachable("no_host"), Throttled("429"), UnknownSymbol("-1121")]
)
async def test_a_venue_that_refuses_gives_no_candles_and_is_asked_again(error):
    history = History(error)
    candles = venue(history)
    assert await candles.candles("BTCUSDT", "1h", START_MS, 5) == ()
    history.error = None
    assert len(await candles.candles("BTCUSDT", "1h", START_MS, 5)) == 5


async def test_a_silent_venue_is_not_waited_for():
    history = History()
    history.gate.clear()
    assert await venue(history, 0.05).candles("BTCUSDT", "1h", START_MS, 5) == ()


async def test_a_nonsense_number_gives_no_candles():
    class Nonsense(History):
        async def candles(self, symbol, interval, start_ms, end_ms):
            return [Bar(start_ms, "x", "2", "1", "1.8", "1", end_ms)]

    assert await venue(Nonsense()).candles("BTCUSDT", "1h", START_MS, 5) == ()


async def test_only_a_few_questions_are_asked_at_once():
    history = History()
    history.gate.clear()
    candles = venue(history)
    asked = [
        asyncio.create_task(candles.candles("BTCUSDT", "1h", START_MS, count))
        for count in range(1, 12)
    ]
    for _ in range(5):
        await asyncio.sleep(0)
    assert history.at_once == IN_FLIGHT_MAX
    history.gate.set()
    assert [len(found) for found in await asyncio.gather(*asked)] == [*range(1, 10), 9, 9]
    assert history.most == IN_FLIGHT_MAX


async def test_no_candles_are_none():
    assert await NoCandles().candles("BTCUSDT", "1h", START_MS, 5) == ()


async def test_an_invented_day_has_the_bars_of_what_it_printed_so_far():
    symbol = GeneratedSymbol(instrument(), D(100), prints_per_second=0.5)
    day = GeneratedDay((symbol,), DAY_MS, seed=3)
    clock = ManualClock(DAY_MS + 3 * HOUR_MS)
    candles = InventedCandles(day, clock)
    found = list(await candles.candles("BTCUSDT", "1h", DAY_MS + HOUR_MS, 100))
    played = [tick for tick in day.tape(symbol) if tick.time_ms <= clock.now_ms()]
    second = [D(t.price) for t in played if DAY_MS + HOUR_MS <= t.time_ms < DAY_MS + 2 * HOUR_MS]
    assert found[0] == Candle(
        DAY_MS + HOUR_MS, second[0], max(second), min(second), second[-1], D(len(second))
    )
    assert len(found) in (2, 3)
    clock.advance(3_600)
    more = list(await candles.candles("BTCUSDT", "1h", DAY_MS + HOUR_MS, 100))
    assert len(more) == len(found) + 1
    assert len(await candles.candles("BTCUSDT", "1m", DAY_MS, 10)) == 10
    assert await candles.candles("NOPEUSDT", "1h", DAY_MS, 10) == ()


async def test_a_tape_that_ends_is_all_there_is():
    symbol = GeneratedSymbol(instrument(), D(100))
    candles = InventedCandles(GeneratedDay((symbol,), DAY_MS, seconds=600), ManualClock(DAY_MS * 2))
    found = await candles.candles("BTCUSDT", "5m", DAY_MS, 100)
    assert [candle.open_ms for candle in found] == [DAY_MS, DAY_MS + 5 * MINUTE_MS]


def test_prints_make_minutes_and_minutes_make_more():
    bars: list[Candle] = []
    for at, price in ((0, "5"), (1_000, "7"), (59_999, "6"), (60_000, "4"), (180_000, "8")):
        add_print(bars, PriceTick("BTCUSDT", at, price, START_MS // MINUTE_MS * MINUTE_MS + at))
    assert [(bar.open, bar.high, bar.low, bar.close, bar.volume) for bar in bars] == [
        (5, 7, 5, 6, 3),
        (4, 4, 4, 4, 1),
        (8, 8, 8, 8, 1),
    ]
    whole = merged(bars, 86_400_000)
    assert [(bar.open, bar.high, bar.low, bar.close, bar.volume) for bar in whole] == [
        (5, 8, 4, 8, 5)
    ]


async def test_the_venues_own_bars_arrive_over_the_wire():
    async with BinanceStandIn() as stand_in:
        stand_in.venue.load("SOLUSDT", random_walk(Walk(count=500)))
        prints = stand_in.venue.markets["SOLUSDT"].prints
        first_ms = prints[0].time_ms // MINUTE_MS * MINUTE_MS
        config = FeedConfig(stream_urls=(), rest_urls=(stand_in.rest_url,))
        history = BinanceHistory(config, SystemClock(), Random(1))
        try:
            found = await VenueCandles(history).candles("SOLUSDT", "1m", first_ms, 3)
            assert await VenueCandles(history).candles("NOPEUSDT", "1m", first_ms, 3) == ()
        finally:
            await history.close()
    in_first = [D(row.price) for row in prints if row.time_ms < first_ms + MINUTE_MS]
    assert 1 <= len(found) <= 3
    assert (found[0].open_ms, found[0].open) == (first_ms, in_first[0])
    assert (found[0].high, found[0].low) == (max(in_first), min(in_first))
