"""The venue's past over loopback: asked in time, or said to be unreachable."""

import asyncio
from random import Random

import pytest

import engine.market.past
from engine.clock import SystemClock
from engine.core.effects import Checkpoint
from engine.core.events import PriceTick
from engine.core.vigil import Vigil
from engine.market.binance_history import BinanceHistory
from engine.market.past import TapeUnreachable, VenueTape
from engine.market.ports import Anchor
from engine.recovery import anchors_of
from tests.support.house import quick_feed


@pytest.fixture
async def tape(venue):
    history = BinanceHistory(quick_feed(venue), SystemClock(), Random(1))
    yield VenueTape(history, SystemClock())
    await history.close()


async def collected(tape, anchors):
    return [tick async for ticks in tape.catch_up(anchors) for tick in ticks]


async def test_every_print_after_the_anchors_comes_merged_by_time(venue, tape):
    now_ms = venue.venue.now_ms()
    venue.print("ETHUSDT", "2500", now_ms)
    for number in range(1, 4):
        venue.print("BTCUSDT", "60001", now_ms + number * 2)
        venue.print("ETHUSDT", "2501", now_ms + number * 2 + 1)
    anchors = {"BTCUSDT": Anchor(1, "60000", 0), "ETHUSDT": Anchor(1, "2500", 0)}
    ticks = await collected(tape, anchors)
    assert [(t.symbol[:3], t.id) for t in ticks] == [
        ("BTC", 2),
        ("ETH", 2),
        ("BTC", 3),
        ("ETH", 3),
        ("BTC", 4),
        ("ETH", 4),
    ]
    assert await collected(tape, {}) == []


async def test_a_venue_that_refuses_at_first_is_unreachable(venue, tape):
    venue.faults.rest_status = 503
    with pytest.raises(TapeUnreachable):
        await collected(tape, {"BTCUSDT": Anchor(1, "60000", 0)})
    with pytest.raises(TapeUnreachable):
        await tape.prints_before("BTCUSDT", venue.venue.now_ms(), 1_000)


async def test_a_venue_that_falls_silent_in_the_middle_is_unreachable(venue, tape, monkeypatch):
    monkeypatch.setattr(engine.market.past, "STALL_SECONDS", 0.3)
    for _ in range(3):
        venue.print("BTCUSDT", "60001")
    knocked = tape._history.newest

    async def newest(symbol):
        found = await knocked(symbol)
        venue.faults.rest_status = 503
        return found

    tape._history.newest = newest
    tape._clock = None
    with pytest.raises(TapeUnreachable):
        await asyncio.wait_for(collected(tape, {"BTCUSDT": Anchor(1, "60000", 0)}), 5)


async def test_a_clock_that_cannot_be_set_is_no_answer(venue, tape, monkeypatch):
    knocked = tape._history.newest

    async def newest(symbol):
        found = await knocked(symbol)
        venue.faults.rest_status = 503
        return found

    tape._history.newest = newest
    with pytest.raises(TapeUnreachable):
        await collected(tape, {"BTCUSDT": Anchor(1, "60000", 0)})


async def test_a_symbol_that_is_gone_keeps_nobody_from_starting(venue, tape):
    venue.print("BTCUSDT", "60001")
    anchors = {"AAAUSDT": Anchor(7, "1", 0), "BTCUSDT": Anchor(1, "60000", 0)}
    assert [tick.id for tick in await collected(tape, anchors)] == [2]


async def test_the_prints_before_a_time_are_those_of_the_span(venue, tape):
    now_ms = venue.venue.now_ms() + 10_000
    for number in range(5):
        venue.print("USDTBRL", f"5.{number}", now_ms + number * 1_000)
    ticks = await tape.prints_before("USDTBRL", now_ms + 3_000, 2_000)
    assert [tick.price for tick in ticks] == ["5.1", "5.2", "5.3"]


def test_a_vigil_forgets_nothing_that_a_checkpoint_says():
    place = Checkpoint("BTCUSDT", 5, "100", 9, 5)
    assert anchors_of([place]) == {"BTCUSDT": Anchor(5, "100", 9)}
    vigil = Vigil({})
    vigil.restore_symbol(place)
    assert vigil.last("BTCUSDT") == PriceTick("BTCUSDT", 5, "100", 9)
