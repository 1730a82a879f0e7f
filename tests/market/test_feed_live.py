"""The feed without faults: from want to prints, places, holding, leaving."""

import asyncio
from random import Random

import msgspec

from engine.clock import SystemClock
from engine.core.events import PriceTick
from engine.market.binance_history import BinanceHistory
from engine.market.feed import Feed
from engine.market.ports import Anchor
from tests.market.conftest import SHORT, Desk, RecordingSink, desk_on, until
from tests.support.binance.stand_in import BinanceStandIn


async def test_a_new_symbol_starts_after_the_newest_print_and_gets_every_later_one(desk: Desk):
    await desk.watch("BTCUSDT")
    assert desk.feed.place("BTCUSDT").last_price == "60000.00"
    assert desk.feed.place("BTCUSDT").is_fresh
    last = desk.print("BTCUSDT", "60001.00", "60002.00")
    await desk.got("BTCUSDT", last)
    assert desk.sink.ids("BTCUSDT") == [4, 5]
    place = desk.feed.place("BTCUSDT")
    assert (place.after_id, place.last_price) == (5, "60002.00")
    desk.check_tape("BTCUSDT")


async def test_an_anchor_brings_back_everything_missed_before_the_live_prints(
    venue: BinanceStandIn,
):
    for step in range(2500):
        venue.print("ETHUSDT", f"{2500 + step}.00")
    async with desk_on(venue) as desk:
        desk.feed.want("ETHUSDT", Anchor(2, "2500.00", 1))
        await asyncio.sleep(0.05)
        last = desk.print("ETHUSDT", "1.00")
        await desk.got("ETHUSDT", last)
        assert desk.sink.ids("ETHUSDT")[0] == 3
        desk.check_tape("ETHUSDT")


async def test_a_busy_sink_gets_its_prints_again_after_release(desk: Desk):
    await desk.watch("BTCUSDT")
    desk.sink.is_busy = True
    last = desk.print("BTCUSDT", *range(100, 400))
    await until(lambda: desk.feed.place("BTCUSDT").after_id == last)
    assert desk.sink.refusals == 1
    desk.sink.is_busy = False
    desk.feed.release("BTCUSDT")
    await desk.got("BTCUSDT", last)
    desk.check_tape("BTCUSDT")


async def test_an_overflow_of_held_prints_becomes_a_hole_that_is_fetched(venue: BinanceStandIn):
    async with desk_on(venue, held_prints_max=10, drain_prints_max=3) as desk:
        await desk.watch("BTCUSDT")
        desk.sink.is_busy = True
        last = desk.print("BTCUSDT", *range(100, 400))
        await until(lambda: desk.feed.place("BTCUSDT").after_id == last)
        desk.sink.is_busy = False
        desk.feed.release("BTCUSDT")
        await desk.got("BTCUSDT", last)
        desk.check_tape("BTCUSDT")


async def test_an_unwanted_symbol_lingers_then_leaves_and_starts_anew(desk: Desk):
    await desk.watch("ETHUSDT")
    desk.feed.unwant("ETHUSDT")
    assert desk.feed.wanted() == set()
    desk.feed.want("ETHUSDT")
    assert desk.feed.wanted() == {"ETHUSDT"}
    desk.feed.unwant("ETHUSDT")
    await until(lambda: desk.feed.place("ETHUSDT") is None)
    await until(lambda: "ethusdt@aggTrade" not in desk.venue.streams.subscriptions())
    desk.print("ETHUSDT", "1.00")
    await desk.watch("ETHUSDT")
    last = desk.print("ETHUSDT", "2.00")
    await desk.got("ETHUSDT", last)
    assert desk.sink.ids("ETHUSDT") == [last]


async def test_a_symbol_nobody_traded_yet_starts_with_its_first_print(desk: Desk):
    desk.venue.venue.add("NEWUSDT", first_id=1)
    desk.feed.want("NEWUSDT")
    assert not await desk.feed.wait_ready("NEWUSDT", 0.3)
    assert desk.feed.place("NEWUSDT") is None
    last = desk.print("NEWUSDT", "3.5")
    await desk.got("NEWUSDT", last)
    assert await desk.feed.wait_ready("NEWUSDT", 2)


async def test_status_tells_the_facts(desk: Desk):
    await desk.watch("BTCUSDT", "ETHUSDT")
    status = desk.feed.status()
    assert status.is_reachable
    assert status.is_rest_reachable
    assert status.connections[0].streams == 2
    assert (status.connections[0].frame_age_seconds or 9) < 2
    assert {item.symbol: item.last_id for item in status.symbols} == {"BTCUSDT": 3, "ETHUSDT": 3}
    assert status.weight_used > 0


async def test_nobody_waits_for_a_symbol_that_is_not_wanted(desk: Desk):
    assert not await desk.feed.wait_ready("ETHUSDT", 0.1)
    desk.feed.release("ETHUSDT")
    desk.feed.unwant("ETHUSDT")
    assert desk.feed.place("ETHUSDT") is None


async def test_a_history_handed_in_is_shared_and_left_open(venue: BinanceStandIn):
    urls = {"stream_urls": (venue.stream_url,), "rest_urls": (venue.rest_url,)}
    config, clock = msgspec.structs.replace(SHORT, **urls), SystemClock()
    history = BinanceHistory(config, clock, Random(1))
    feed = Feed(config, RecordingSink(), clock, Random(1), history)
    feed.want("BTCUSDT")
    running = asyncio.create_task(feed.run())
    assert await feed.wait_ready("BTCUSDT", 3)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert history.budget.used > 0
    assert (await history.newest("BTCUSDT")) is not None
    await history.close()


async def test_a_symbol_may_be_wanted_from_within_a_print(venue: BinanceStandIn):
    class Wanting(RecordingSink):
        feed: Feed

        def on_tick(self, tick: PriceTick) -> bool:
            self.feed.want("ETHUSDT")
            self.feed.unwant("BTCUSDT")
            return super().on_tick(tick)

    async with desk_on(venue) as desk:
        sink = Wanting()
        sink.feed = desk.feed
        desk.feed._sink = sink
        await desk.watch("BTCUSDT")
        desk.print("BTCUSDT", "1.00")
        await until(lambda: desk.feed.wanted() == {"ETHUSDT"})
        assert await desk.feed.wait_ready("ETHUSDT", 3)
        desk.print("ETHUSDT", "1.00")
        await until(lambda: sink.ids("ETHUSDT") == [4])
