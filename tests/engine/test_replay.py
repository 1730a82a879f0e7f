"""A tape at hand through the live doors: in order, held when told, silent when it is silent."""

import asyncio
from contextlib import asynccontextmanager

from engine.clock import ManualClock
from engine.core.events import PriceTick, TapeQuiet
from engine.market.replay import ReplayFeed
from tests.support.builders import START_MS
from tests.support.shell import until


class Sink:
    def __init__(self):
        self.events = []
        self.is_busy = False

    def on_tick(self, tick):
        if not self.is_busy:
            self.events.append(tick)
        return not self.is_busy

    def on_quiet(self, quiet):
        self.events.append(quiet)


def tick(print_id, after_ms, price="100", symbol="BTCUSDT"):
    return PriceTick(symbol, print_id, price, START_MS + after_ms)


@asynccontextmanager
async def played(tape, *, speed=100.0):
    sink, clock = Sink(), ManualClock(START_MS)
    feed = ReplayFeed(tape, sink, clock, speed)
    feed.want("BTCUSDT")
    running = asyncio.create_task(feed.run())
    try:
        yield feed, sink, clock
    finally:
        running.cancel()
        await asyncio.wait({running})


async def test_prints_of_wanted_symbols_come_in_order_and_the_clock_goes_with_them():
    tape = [tick(1, 0), tick(9, 100, symbol="ETHUSDT"), tick(2, 2_000)]
    async with played(tape) as (feed, sink, clock):
        assert await feed.wait_ready("BTCUSDT", 1)
        assert not await feed.wait_ready("DOGEUSDT", 0.03)
        await until(feed.is_over.is_set)
        assert sink.events == [tape[0], tape[2]]
        assert clock.now_ms() >= START_MS + 2_000
        assert feed.place("ETHUSDT").after_id == 9
        assert not feed.place("BTCUSDT").is_fresh  # the market has closed
        assert feed.wanted() == {"BTCUSDT"}
        feed.unwant("BTCUSDT")
        assert feed.wanted() == set()
        assert feed.status().rest_host == "generated"


async def test_what_the_sink_cannot_take_is_held_and_offered_again_in_order():
    tape = [tick(number, number * 10) for number in range(1, 6)]
    async with played(tape) as (feed, sink, _):
        sink.is_busy = True
        await until(feed.is_over.is_set)
        assert sink.events == []
        feed.release("BTCUSDT")  # still busy: held on
        sink.is_busy = False
        feed.release("BTCUSDT")
        assert sink.events == tape
        feed.release("BTCUSDT")
        feed.release("UNKNOWN")
        assert sink.events == tape


async def test_the_place_of_a_held_tape_is_the_highest_print_that_is_known():
    tape = [tick(1, 0), tick(2, 300, "101"), tick(3, 310, "102")]
    async with played(tape, speed=5.0) as (feed, sink, _):
        await until(lambda: sink.events)
        sink.is_busy = True
        await until(feed.is_over.is_set)
        place = feed.place("BTCUSDT")
        assert (place.after_id, place.last_price) == (3, "100")


async def test_quiet_is_told_once_the_tape_is_past_and_before_the_next_print():
    tape = [tick(1, 0), tick(2, 5_000)]
    async with played(tape, speed=20.0) as (feed, sink, _):
        await until(lambda: sink.events)
        for _ in range(3):
            feed.watch_quiet("BTCUSDT", 1, START_MS + 3_000)
        feed.watch_quiet("UNKNOWN", 1, START_MS + 10)
        await until(feed.is_over.is_set)
        assert sink.events == [tape[0], TapeQuiet("BTCUSDT", 1, START_MS + 3_000), tape[1]]


async def test_a_print_exactly_at_the_deadline_comes_before_the_quiet():
    tape = [tick(1, 0), tick(2, 3_000)]
    async with played(tape, speed=20.0) as (feed, sink, _):
        await until(lambda: sink.events)
        feed.watch_quiet("BTCUSDT", 1, START_MS + 3_000)
        await until(lambda: len(sink.events) == 3)
        assert sink.events[1:] == [tape[1], TapeQuiet("BTCUSDT", 2, START_MS + 3_000)]


async def test_quiet_waits_while_prints_are_held():
    tape = [tick(1, 0), tick(2, 1_000)]
    async with played(tape, speed=10.0) as (feed, sink, _):
        await until(lambda: sink.events)
        sink.is_busy = True
        feed.watch_quiet("BTCUSDT", 1, START_MS + 1_500)
        await until(feed.is_over.is_set)
        await asyncio.sleep(0.1)
        assert len(sink.events) == 1
        sink.is_busy = False
        feed.release("BTCUSDT")
        await until(lambda: len(sink.events) == 3)  # proven after the end of the tape, too
        assert sink.events == [*tape, TapeQuiet("BTCUSDT", 2, START_MS + 1_500)]


async def test_a_dense_tape_leaves_the_loop_free():
    tape = [tick(number, 1) for number in range(1, 2_000)]
    turns = 0
    async with played(tape) as (feed, sink, _):
        while len(sink.events) < len(tape):
            turns += 1
            await asyncio.sleep(0)
        assert feed.place("BTCUSDT").after_id == tape[-1].id
    assert turns >= 3
