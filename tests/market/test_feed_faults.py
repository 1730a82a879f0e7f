"""Whatever the network does to the stream, every print comes once and in order."""

import asyncio
import time
from pathlib import Path

import pytest

from tests.market.conftest import Desk, desk_on, until
from tests.support.binance.chaos import Chaos
from tests.support.binance.faults import GARBAGE
from tests.support.binance.stand_in import BinanceStandIn
from tests.support.binance.tapes import Walk, random_walk

RATES = ("skip_rate", "duplicate_rate", "swap_rate", "late_rate", "garbage_rate")


@pytest.mark.parametrize("rate", RATES)
async def test_a_fault_per_print_loses_doubles_and_reorders_nothing(
    venue: BinanceStandIn, rate: str
):
    async with desk_on(venue) as desk:
        await desk.watch("BTCUSDT", "ETHUSDT")
        setattr(venue.faults, rate, 0.2)
        venue.faults.late_ms = 30
        for step in range(150):
            desk.print("BTCUSDT", f"{60000 + step}.00")
            desk.print("ETHUSDT", f"{2500 + step}.00")
            await asyncio.sleep(0.001)
        venue.faults.heal()
        for symbol in ("BTCUSDT", "ETHUSDT"):
            await desk.got(symbol, desk.print(symbol, "1.00"))
            desk.check_tape(symbol)


async def test_one_skipped_print_is_fetched_at_once(desk: Desk):
    await desk.watch("BTCUSDT")
    desk.venue.faults.skip_next["BTCUSDT"] = 1
    skipped = desk.print("BTCUSDT", "1.00")
    last = desk.print("BTCUSDT", "60000.00")
    await desk.got("BTCUSDT", last, 1)
    assert skipped in desk.sink.ids("BTCUSDT")


async def test_a_print_skipped_before_silence_is_found_by_asking(desk: Desk):
    await desk.watch("BTCUSDT", "ETHUSDT")
    desk.venue.faults.skip_next["ETHUSDT"] = 1
    await desk.got("ETHUSDT", desk.print("ETHUSDT", "1.00"), 2)


async def test_prints_during_a_lost_connection_are_filled_even_when_none_follows(desk: Desk):
    await desk.watch("BTCUSDT", "ETHUSDT")
    desk.venue.faults.refuse_status = 503
    desk.venue.streams.drop()
    await until(lambda: not desk.feed.status().is_reachable)
    assert not desk.feed.place("ETHUSDT").is_fresh
    last = desk.print("ETHUSDT", "1.00", "2.00")
    desk.venue.faults.refuse_status = 0
    await desk.got("ETHUSDT", last)
    await until(lambda: desk.feed.place("ETHUSDT").is_fresh)
    assert desk.feed.status().connections[0].reconnects == 1


async def test_a_check_that_became_needless_does_not_block_the_next_hole(desk: Desk):
    await desk.watch("BTCUSDT")
    desk.venue.faults.rest_status = 500
    desk.venue.streams.drop()
    await until(lambda: not desk.feed.status().is_reachable)
    await until(lambda: desk.feed.status().is_reachable)
    await asyncio.sleep(0.1)
    await desk.got("BTCUSDT", desk.print("BTCUSDT", "1.00"))
    await asyncio.sleep(0.5)
    desk.venue.faults.heal()
    await asyncio.sleep(0.5)
    desk.venue.faults.skip_next["BTCUSDT"] = 1
    await desk.got("BTCUSDT", desk.print("BTCUSDT", "1.00", "2.00"), 1)


async def test_a_stalled_connection_is_replaced(desk: Desk):
    await desk.watch("BTCUSDT")
    desk.venue.faults.is_stalled = True
    last = desk.print("BTCUSDT", "1.00", "2.00")
    await until(lambda: desk.feed.status().connections[0].reconnects > 0, 3)
    desk.venue.faults.is_stalled = False
    await desk.got("BTCUSDT", last)


async def test_a_deaf_connection_is_replaced(desk: Desk):
    await desk.watch("BTCUSDT", "ETHUSDT")
    desk.venue.streams.deafen()
    last = desk.print("ETHUSDT", "1.00")
    await until(lambda: desk.feed.status().connections[0].reconnects > 0, 4)
    await desk.got("ETHUSDT", last)


async def test_a_muted_symbol_is_filled_and_subscribed_anew_without_a_reconnect(desk: Desk):
    await desk.watch("BTCUSDT", "ETHUSDT")
    desk.venue.faults.muted = {"ETHUSDT"}
    for price in ("1.00", "2.00"):
        await asyncio.sleep(0.5)
        await desk.got("ETHUSDT", desk.print("ETHUSDT", price), 3)
    await until(lambda: desk.venue.counts["UNSUBSCRIBE"] > 0)
    desk.venue.faults.muted = set()
    await desk.got("ETHUSDT", desk.print("ETHUSDT", "2.00"))
    assert desk.feed.status().connections[0].reconnects == 0


async def test_a_quiet_symbol_costs_no_reconnect(desk: Desk):
    await desk.watch("BTCUSDT", "ETHUSDT")
    await asyncio.sleep(1.5)
    assert desk.feed.status().connections[0].reconnects == 0
    assert desk.venue.counts["ws_attempts"] == 1
    assert desk.feed.place("ETHUSDT").is_fresh


@pytest.mark.parametrize("text", GARBAGE)
async def test_garbage_keeps_the_connection(desk: Desk, text: str):
    await desk.watch("BTCUSDT")
    desk.venue.streams._shout(text)
    await desk.got("BTCUSDT", desk.print("BTCUSDT", "1.00"))
    assert desk.venue.counts["ws_attempts"] == 1


@pytest.mark.parametrize("price", ["NaN", "0.00000000", "-1", "٣"])
async def test_an_impossible_price_is_never_taken(desk: Desk, price: str):
    await desk.watch("BTCUSDT")
    bad = desk.print("BTCUSDT", price)
    last = desk.print("BTCUSDT", "5.00")
    await until(lambda: desk.sink.ids("BTCUSDT") == [last], 5)
    assert bad == last - 1


async def test_a_print_whose_price_was_garbled_is_fetched_at_once(venue: BinanceStandIn):
    async with desk_on(venue, deaf_after_seconds=30.0) as desk:
        await desk.watch("ETHUSDT")
        venue.faults.skip_next["ETHUSDT"] = 1
        made = venue.print("ETHUSDT", "7.00")
        data = f'{{"e":"aggTrade","s":"ETHUSDT","a":{made.id},"p":"NaN","T":{made.time_ms}}}'
        venue.streams._shout(f'{{"stream":"ethusdt@aggTrade","data":{data}}}')
        await desk.got("ETHUSDT", made.id, 2)
        desk.check_tape("ETHUSDT")
        assert desk.feed.status().garbage_frames == 1


async def test_a_print_that_rest_shows_late_after_a_reconnect_is_found_by_the_second_look(
    venue: BinanceStandIn,
):
    async with desk_on(venue, deaf_after_seconds=30.0) as desk:
        await desk.watch("BTCUSDT", "ETHUSDT")
        venue.faults.rest_lag_ms = 300
        venue.faults.refuse_status = 503
        venue.streams.drop()
        await until(lambda: not desk.feed.status().is_reachable)
        missed = desk.print("ETHUSDT", "7.00")
        venue.faults.refuse_status = 0
        await desk.got("ETHUSDT", missed, 3)


async def test_microseconds_are_read_as_milliseconds(desk: Desk):
    await desk.watch("BTCUSDT")
    desk.venue.faults.uses_microseconds = True
    await desk.got("BTCUSDT", desk.print("BTCUSDT", "1.00"))
    desk.check_tape("BTCUSDT")


async def test_a_symbol_beyond_ascii_is_a_symbol(desk: Desk):
    desk.print("这是测试币456USDT", "1.00")
    await desk.watch("这是测试币456USDT")
    await desk.got("这是测试币456USDT", desk.print("这是测试币456USDT", "2.00"))


async def test_a_rest_ban_in_mid_fill_is_respected_and_the_hole_still_filled(desk: Desk):
    await desk.watch("BTCUSDT")
    desk.venue.faults.rest_retry_after = 1
    desk.venue.faults.rest_status = 429
    desk.venue.faults.skip_next["BTCUSDT"] = 1
    started = time.monotonic()
    last = desk.print("BTCUSDT", "1.00", "2.00")
    await desk.got("BTCUSDT", last)
    assert time.monotonic() - started >= 1
    assert desk.venue.counts["rest_in_ban"] == 0


async def test_a_lagging_rest_is_asked_until_it_reaches_the_stream(desk: Desk):
    await desk.watch("BTCUSDT")
    desk.venue.faults.rest_lag_ms = 700
    desk.venue.faults.skip_next["BTCUSDT"] = 2
    await desk.got("BTCUSDT", desk.print("BTCUSDT", "1.00", "2.00", "3.00"))


async def test_short_pages_still_make_a_whole(desk: Desk):
    await desk.watch("BTCUSDT")
    desk.venue.faults.rest_short_rows = 7
    desk.venue.faults.skip_next["BTCUSDT"] = 30
    await desk.got("BTCUSDT", desk.print("BTCUSDT", *range(1, 40)))


@pytest.mark.parametrize(("name", "value"), [("rest_status", 500), ("rest_slow_ms", 1500)])
async def test_live_prices_go_on_while_rest_is_ill(desk: Desk, name: str, value: int):
    await desk.watch("BTCUSDT", "ETHUSDT")
    setattr(desk.venue.faults, name, value)
    desk.venue.faults.skip_next["ETHUSDT"] = 1
    last = desk.print("ETHUSDT", "1.00", "2.00")
    await desk.got("BTCUSDT", desk.print("BTCUSDT", "7.00"), 0.5)
    assert not desk.feed.place("ETHUSDT").is_fresh
    assert desk.feed.place("ETHUSDT").after_id == last
    desk.venue.faults.heal()
    await desk.got("ETHUSDT", last)


async def test_an_id_that_the_venue_does_not_have_is_stepped_over(desk: Desk):
    await desk.watch("BTCUSDT")
    void = desk.venue.venue.markets["BTCUSDT"].next_id
    desk.venue.faults.void_ids = {void}
    desk.venue.faults.skip_next["BTCUSDT"] = 1
    last = desk.print("BTCUSDT", "1.00", "2.00")
    await until(lambda: desk.sink.ids("BTCUSDT") == [last], 5)


async def test_a_burst_keeps_its_order_and_the_loop_alive(venue: BinanceStandIn):
    patient = {"frame_timeout_seconds": 20.0, "deaf_after_seconds": 20.0}  # a busy machine's
    async with desk_on(venue, **patient) as desk:
        await desk.watch("BTCUSDT")
        now_ms, lags = desk.venue.venue.now_ms(), []

        async def measure() -> None:
            while True:
                before = time.perf_counter()
                await asyncio.sleep(0.005)
                lags.append(time.perf_counter() - before - 0.005)

        probe = asyncio.create_task(measure())
        for number in range(20):
            for step in range(735):
                desk.venue.print("BTCUSDT", f"{step + 1}.00", now_ms + number)
            await asyncio.sleep(0.02)
        last = desk.print("BTCUSDT", "1.00")
        await desk.got("BTCUSDT", last, 10)
        probe.cancel()
        desk.check_tape("BTCUSDT")
        assert desk.venue.counts["ws_attempts"] == 1
        assert sorted(lags)[len(lags) // 2] < 0.2


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_chaos_loses_doubles_and_reorders_nothing(seed: int):
    async with BinanceStandIn(seed=seed) as venue, desk_on(venue) as desk:
        walks = {
            symbol: random_walk(Walk(seed=seed + number, count=3000, interval_ms=100))
            for number, symbol in enumerate(("BTCUSDT", "ETHUSDT"))
        }
        player = venue.play(walks, speed=150, head_seconds=0.5)
        await desk.watch(*walks)
        chaos = asyncio.create_task(Chaos(venue, seed, interval_seconds=0.25).run())
        await asyncio.wait_for(player.is_over.wait(), 10)
        chaos.cancel()
        await asyncio.gather(chaos, return_exceptions=True)
        for symbol in walks:
            await desk.got(symbol, desk.print(symbol, "1.00"), 10)
            desk.check_tape(symbol)


def test_no_recording_is_part_of_the_project():
    assert not list(Path(__file__).parents[1].rglob("*.jsonl.gz"))
