"""What goes wrong while one socket hands over to the next is looked up, not lost."""

import asyncio

from tests.market.conftest import Desk, desk_on, until
from tests.support.binance.stand_in import BinanceStandIn


async def test_the_old_socket_ends_before_the_new_one_speaks(desk: Desk):
    await desk.watch("BTCUSDT", "ETHUSDT")
    desk.venue.faults.no_ack_next = 1
    desk.venue.streams.announce_shutdown(60, now_ms=desk.venue.venue.now_ms())
    await until(lambda: desk.venue.counts["ws_attempts"] == 2)
    await until(lambda: len(desk.venue.streams.clients) == 1)
    missed = desk.print("ETHUSDT", "1.00")
    await desk.got("ETHUSDT", missed, 4)
    await desk.got("ETHUSDT", desk.print("ETHUSDT", "2.00"))
    desk.check_tape("ETHUSDT")


async def test_no_new_socket_is_to_be_had_before_the_old_one_ends(desk: Desk):
    await desk.watch("BTCUSDT", "ETHUSDT")
    desk.venue.faults.refuse_status = 503
    desk.venue.streams.announce_shutdown(200, now_ms=desk.venue.venue.now_ms())
    await until(lambda: not desk.feed.status().is_reachable)
    missed = desk.print("ETHUSDT", "1.00")
    desk.venue.faults.refuse_status = 0
    await desk.got("ETHUSDT", missed)
    assert desk.feed.status().connections[0].reconnects == 1


async def test_an_active_symbol_that_the_new_socket_never_shows_ends_the_overlap_in_time(
    venue: BinanceStandIn,
):
    async with desk_on(venue, overlap_seconds_max=0.4) as desk:
        await desk.watch("BTCUSDT", "ETHUSDT")
        old = set(venue.streams.clients)
        desk.venue.streams.announce_shutdown(5000, now_ms=venue.venue.now_ms())
        await until(lambda: not old & venue.streams.clients, 3)
        await desk.got("ETHUSDT", desk.print("ETHUSDT", "2.00"))
        assert desk.feed.status().connections[0].reconnects == 0


async def test_every_connection_cut_by_the_venue_again_and_again(venue: BinanceStandIn):
    venue.faults.connection_life_seconds = 0.3
    async with desk_on(venue) as desk:
        await desk.watch("BTCUSDT")
        for step in range(60):
            desk.print("BTCUSDT", f"{step + 1}.00")
            await asyncio.sleep(0.02)
        venue.faults.connection_life_seconds = 0
        await desk.got("BTCUSDT", desk.print("BTCUSDT", "9.00"))
        desk.check_tape("BTCUSDT")
        assert desk.feed.status().connections[0].reconnects >= 2


async def test_a_feed_that_is_cancelled_at_any_moment_leaves_nothing(venue: BinanceStandIn):
    for number in range(12):
        before = asyncio.all_tasks()
        async with desk_on(venue) as desk:
            desk.feed.want("BTCUSDT")
            desk.feed.want("ETHUSDT")
            await asyncio.sleep(number * 0.004)
        await asyncio.sleep(0)
        left = {task for task in asyncio.all_tasks() - before if "engine" in repr(task)}
        assert not left
