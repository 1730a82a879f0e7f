"""Connections: made before they break, never in a storm, subscribed to exactly what is wanted."""

import asyncio
import time

import pytest

from engine.clock import ManualClock
from engine.market.attempt_budget import AttemptBudget
from tests.market.conftest import Desk, desk_on, until
from tests.support.binance.stand_in import BinanceStandIn


async def stream_on(desk: Desk, stop: asyncio.Event) -> None:
    """Print both symbols a hundred times a second."""
    step = 0
    while not stop.is_set():
        step += 1
        desk.print("BTCUSDT", f"{60000 + step}.00")
        desk.print("ETHUSDT", f"{2500 + step}.00")
        await asyncio.sleep(0.01)


async def test_a_shutdown_notice_costs_no_print_and_no_fill(desk: Desk):
    await desk.watch("BTCUSDT", "ETHUSDT")
    await asyncio.sleep(0.6)  # the second look at what REST may have lagged behind with
    asked, stop = desk.venue.counts["/api/v3/aggTrades"], asyncio.Event()
    printing = asyncio.create_task(stream_on(desk, stop))
    old = set(desk.venue.streams.clients)
    desk.venue.streams.announce_shutdown(2000, now_ms=desk.venue.venue.now_ms())
    await until(lambda: not old & desk.venue.streams.clients, 1.5)
    stop.set()
    await printing
    for symbol in ("BTCUSDT", "ETHUSDT"):
        await desk.got(symbol, desk.print(symbol, "1.00"))
        desk.check_tape(symbol)
    assert desk.venue.counts["/api/v3/aggTrades"] == asked
    assert desk.feed.status().connections[0].reconnects == 0
    assert len(desk.venue.streams.clients) == 1


async def test_ten_rollovers_lose_nothing_and_leak_nothing(venue: BinanceStandIn):
    async with desk_on(venue, rollover_seconds=0.35) as desk:
        await desk.watch("BTCUSDT", "ETHUSDT")
        stop = asyncio.Event()
        printing = asyncio.create_task(stream_on(desk, stop))
        tasks = []
        for number in range(1, 11):
            await until(lambda wanted=number: venue.counts["ws_attempts"] > wanted, 5)
            await until(lambda: len(venue.streams.clients) == 1, 5)
            tasks.append(len(asyncio.all_tasks()))
        stop.set()
        await printing
        for symbol in ("BTCUSDT", "ETHUSDT"):
            await desk.got(symbol, desk.print(symbol, "1.00"))
            desk.check_tape(symbol)
        assert desk.feed.status().connections[0].reconnects == 0
        assert max(tasks) - min(tasks) <= 6


async def test_accept_then_close_is_no_storm(venue: BinanceStandIn):
    venue.faults.close_on_accept = 1008
    async with desk_on(venue, backoff_seconds_min=0.25, backoff_seconds_max=30.0) as desk:
        await asyncio.sleep(2)
        assert 2 <= venue.counts["ws_attempts"] <= 5  # 60 s of it: at most 10
        venue.faults.close_on_accept = 0
        await desk.watch("BTCUSDT")


def test_a_minute_of_closing_sees_at_most_ten_attempts():
    from random import Random

    from engine.market.backoff import Backoff

    for seed in range(200):
        backoff, now, attempts = Backoff(0.25, 30.0, Random(seed)), 0.0, 0
        while now <= 60:
            attempts += 1
            now += backoff.next_seconds()
        assert attempts <= 10


@pytest.mark.parametrize("status", [429, 418, 451, 403, 503])
async def test_a_refused_handshake_is_survived(venue: BinanceStandIn, status: int):
    venue.faults.refuse_status = status
    venue.faults.refuse_retry_after = 1 if status in {429, 418} else 0
    async with desk_on(venue) as desk:
        await until(lambda: desk.feed.status().connections[0].last_error == f"status_{status}")
        await asyncio.sleep(0.4)
        if status in {429, 418}:
            assert venue.counts["ws_attempts"] == 1
        assert not desk.feed.status().is_reachable
        venue.faults.refuse_status = 0
        await desk.watch("BTCUSDT")


async def test_a_forbidden_host_is_left_for_the_next(venue: BinanceStandIn):
    async with BinanceStandIn() as first:
        first.faults.refuse_status = 451
        urls = (first.stream_url, venue.stream_url)
        async with desk_on(venue, stream_urls=urls) as desk:
            await desk.watch("BTCUSDT")
            assert desk.feed.status().connections[0].host == venue.stream_url
            assert first.counts["ws_attempts"] == 1


async def test_an_unreachable_venue_is_waited_for():
    venue = BinanceStandIn()
    await venue.start()
    await venue.stop()
    ports = [int(url.rsplit(":", 1)[1]) for url in (venue.stream_url, venue.rest_url)]
    again = BinanceStandIn(stream_port=ports[0], rest_port=ports[1])
    async with desk_on(venue) as desk:
        desk.feed.want("BTCUSDT")
        assert not await desk.feed.wait_ready("BTCUSDT", 0.5)
        status = desk.feed.status()
        assert (status.is_reachable, status.is_rest_reachable) == (False, False)
        async with again:
            again.print("BTCUSDT", "1.00")
            assert await desk.feed.wait_ready("BTCUSDT", 5)


async def test_three_hundred_symbols_in_a_second_keep_the_venue_s_limits(venue: BinanceStandIn):
    symbols = [f"C{number}USDT" for number in range(300)]
    for symbol in symbols:
        venue.print(symbol, "1.00")
    async with desk_on(venue) as desk:
        for symbol in symbols:
            desk.feed.want(symbol)
        for symbol in symbols:
            assert await desk.feed.wait_ready(symbol, 8)
        assert venue.counts["SUBSCRIBE"] <= 6
        for symbol in symbols:
            await desk.got(symbol, desk.print(symbol, "2.00"))


async def test_more_streams_than_a_connection_takes_go_over_several(venue: BinanceStandIn):
    symbols = [f"C{number}USDT" for number in range(25)]
    for symbol in symbols:
        venue.print(symbol, "1.00")
    async with desk_on(venue, streams_per_connection=11) as desk:
        await desk.watch(*symbols)
        assert len(venue.streams.clients) == 3
        assert max(len(client.streams) for client in venue.streams.clients) <= 11
        for symbol in symbols:
            await desk.got(symbol, desk.print(symbol, "2.00"))


async def test_churn_leaves_exactly_what_is_wanted(venue: BinanceStandIn):
    symbols = [f"C{number}USDT" for number in range(40)]
    for symbol in symbols:
        venue.print(symbol, "1.00")
    async with desk_on(venue, linger_seconds=0.05) as desk:
        for step in range(1000):
            change = desk.feed.unwant if step % 3 else desk.feed.want
            change(symbols[step * 7 % 40])
            if step % 20 == 0:
                await asyncio.sleep(0.01)
        wanted = {f"{symbol.lower()}@aggTrade" for symbol in desk.feed.wanted()}
        assert wanted
        await until(lambda: venue.streams.subscriptions() == wanted | {"btcusdt@aggTrade"}, 8)


@pytest.mark.parametrize(
    ("name", "value", "uses_old_errors"),
    [
        ("reject_sub_next", 2, True),
        ("reject_sub_next", 2, False),
        ("no_ack_next", 1, False),
        ("no_ack_next", 5, False),
        ("ack_only_next", 1, False),
        ("late_ack_ms", 700, False),
    ],
)
async def test_a_subscription_gone_wrong_is_repaired(
    venue: BinanceStandIn, name: str, value: int, uses_old_errors: bool
):
    venue.faults.uses_old_errors = uses_old_errors
    setattr(venue.faults, name, value)
    async with desk_on(venue) as desk:
        desk.feed.want("ETHUSDT")
        desk.feed.want("BTCUSDT")
        await asyncio.sleep(0.3)
        last = desk.print("ETHUSDT", "1.00")
        if name == "late_ack_ms":
            await asyncio.sleep(1.0)
            venue.faults.late_ack_ms = 0
        assert await desk.feed.wait_ready("ETHUSDT", 8)
        await until(lambda: "ethusdt@aggTrade" in venue.streams.subscriptions(), 8)
        await until(lambda: desk.feed.place("ETHUSDT").after_id == last, 5)
        await desk.got("ETHUSDT", desk.print("ETHUSDT", "2.00"), 8)


async def test_a_rejected_symbol_does_not_hold_up_the_others(venue: BinanceStandIn):
    config_batch = {"streams_per_message": 1}
    venue.faults.reject_sub_next = 1
    async with desk_on(venue, **config_batch) as desk:
        for symbol in ("AAAUSDT", "ETHUSDT"):
            venue.print(symbol, "1.00")
            desk.feed.want(symbol)
        assert await desk.feed.wait_ready("ETHUSDT", 3)
        assert not desk.feed.status().symbols[0].is_subscribed


async def test_a_wrong_local_clock_changes_nothing(venue: BinanceStandIn):
    venue.venue.offset_ms = -3_600_000
    async with desk_on(venue) as desk:
        await desk.watch("BTCUSDT")
        last = desk.print("BTCUSDT", "1.00")
        await desk.got("BTCUSDT", last)
        place = desk.feed.place("BTCUSDT")
        assert place.is_fresh
        assert abs(place.now_ms - venue.venue.now_ms()) < 100


async def test_an_old_print_is_stale_by_venue_time(desk: Desk):
    old_ms = desk.venue.venue.now_ms() - 61_000
    desk.venue.print("OLDUSDT", "1.00", old_ms)
    desk.feed.want("OLDUSDT")
    await until(lambda: desk.feed.place("OLDUSDT") is not None)
    assert await desk.feed.wait_ready("OLDUSDT", 2)
    assert not desk.feed.place("OLDUSDT").is_fresh


async def test_a_stream_that_runs_behind_is_stale_until_it_has_caught_up(desk: Desk):
    """Whoever sees the venue elsewhere would know the next prints (RULES 3)."""
    await desk.watch("BTCUSDT")
    await desk.watch("ETHUSDT")
    assert desk.feed.place("BTCUSDT").is_fresh
    for second in (10, 9, 8):
        desk.venue.print("ETHUSDT", "2500", desk.venue.venue.now_ms() - second * 1_000)
    await until(lambda: not desk.feed.place("ETHUSDT").is_fresh)
    behind = desk.feed.place("BTCUSDT")
    assert (behind.is_fresh, behind.is_live) == (False, True)
    desk.print("ETHUSDT", "2501")
    await until(lambda: desk.feed.place("BTCUSDT").is_fresh)
    assert desk.feed.place("ETHUSDT").is_fresh


async def test_attempts_are_bounded_in_any_window():
    budget = AttemptBudget(ManualClock(), attempts_max=3, window_seconds=0.2)
    started = time.monotonic()
    for _ in range(3):
        await budget.take()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await budget.take()
    assert time.monotonic() - started < 1


def test_the_defaults_stay_inside_the_venue_s_limits():
    from engine.market.ports import FeedConfig

    config = FeedConfig()
    assert config.streams_per_connection <= 1024
    assert 1 / config.message_spacing_seconds <= 3  # of the venue's 5, pings apart
    assert config.attempts_max <= 300
    assert config.weight_per_minute + config.weight_burst <= 6000
    assert config.rollover_seconds + config.rollover_jitter_seconds < 24 * 3600
