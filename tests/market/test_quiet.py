"""Quiet is reported only when it is proven, and never twice."""

import asyncio

from engine.core.events import TapeQuiet
from tests.market.conftest import Desk, until


async def test_quiet_is_proven_after_the_time_has_passed(desk: Desk):
    await desk.watch("BTCUSDT", "ETHUSDT")
    until_ms = desk.clock.now_ms() + 300
    desk.feed.watch_quiet("ETHUSDT", 3, until_ms)
    desk.feed.watch_quiet("ETHUSDT", 3, until_ms)
    await asyncio.sleep(0.2)
    assert desk.sink.quiets == []
    await until(lambda: desk.sink.quiets != [], 3)
    await asyncio.sleep(0.3)
    assert desk.sink.quiets == [TapeQuiet("ETHUSDT", 3, until_ms)]


async def test_a_print_after_the_time_makes_the_proof_needless(desk: Desk):
    await desk.watch("ETHUSDT")
    until_ms = desk.clock.now_ms() + 100
    desk.feed.watch_quiet("ETHUSDT", 3, until_ms)
    await asyncio.sleep(0.12)
    await desk.got("ETHUSDT", desk.print("ETHUSDT", "1.00"))
    await asyncio.sleep(0.4)
    assert desk.sink.quiets == []


async def test_a_missed_print_is_found_instead_of_quiet(desk: Desk):
    await desk.watch("ETHUSDT")
    until_ms = desk.clock.now_ms() + 150
    desk.venue.faults.skip_next["ETHUSDT"] = 1
    missed = desk.print("ETHUSDT", "1.00")
    desk.feed.watch_quiet("ETHUSDT", missed - 1, until_ms)
    await until(lambda: desk.sink.quiets != [], 3)
    assert desk.sink.ids("ETHUSDT") == [missed]
    assert desk.sink.quiets == [TapeQuiet("ETHUSDT", missed, until_ms)]


async def test_a_lagging_rest_proves_no_quiet(desk: Desk):
    await desk.watch("ETHUSDT")
    desk.venue.faults.rest_lag_ms = 900
    desk.venue.faults.skip_next["ETHUSDT"] = 1
    missed = desk.print("ETHUSDT", "1.00")
    desk.print("BTCUSDT", "1.00")
    until_ms = desk.clock.now_ms() + 50
    desk.feed.watch_quiet("ETHUSDT", missed - 1, until_ms)
    await until(lambda: desk.sink.quiets != [], 4)
    assert desk.sink.quiets == [TapeQuiet("ETHUSDT", missed, until_ms)]


async def test_nothing_is_proven_while_rest_or_the_stream_is_away(desk: Desk):
    await desk.watch("ETHUSDT")
    desk.venue.faults.rest_status = 500
    until_ms = desk.clock.now_ms() + 50
    desk.feed.watch_quiet("ETHUSDT", 3, until_ms)
    await asyncio.sleep(0.7)
    assert desk.sink.quiets == []
    desk.venue.faults.refuse_status = 503
    desk.venue.streams.drop()
    await until(lambda: not desk.feed.status().is_reachable)
    desk.venue.faults.rest_status = 0
    await asyncio.sleep(0.5)
    assert desk.sink.quiets == []
    desk.venue.faults.heal()
    await until(lambda: desk.sink.quiets == [TapeQuiet("ETHUSDT", 3, until_ms)])


async def test_a_held_print_is_no_quiet(desk: Desk):
    await desk.watch("ETHUSDT")
    desk.sink.is_busy = True
    last = desk.print("ETHUSDT", "1.00")
    until_ms = desk.clock.now_ms() + 100
    desk.feed.watch_quiet("ETHUSDT", 3, until_ms)
    await asyncio.sleep(0.6)
    assert desk.sink.quiets == []
    desk.sink.is_busy = False
    desk.feed.release("ETHUSDT")
    await until(lambda: desk.sink.quiets == [TapeQuiet("ETHUSDT", last, until_ms)])


async def test_an_unwanted_symbol_is_watched_no_more(desk: Desk):
    await desk.watch("ETHUSDT")
    desk.feed.watch_quiet("ETHUSDT", 3, desk.clock.now_ms() + 800)
    desk.feed.watch_quiet("NOSUCH", 3, desk.clock.now_ms() + 100)
    desk.feed.unwant("ETHUSDT")
    await until(lambda: desk.feed.place("ETHUSDT") is None)
    await asyncio.sleep(0.7)
    assert desk.sink.quiets == []
