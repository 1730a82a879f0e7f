"""What the venue and the network do to a tape, and what the ledger must not notice."""

import asyncio
import time
from decimal import Decimal
from random import Random

import engine.clock
from engine.core.commands import RefusalCode
from engine.core.effects import OrderEnded, TradeExited, TradeOpened
from engine.core.instrument import Direction
from engine.core.trade import ExitReason
from engine.ports import Verdict
from tests.support.binance.tapes import Walk, random_walk
from tests.support.house import ended, holder, open_house, quick_feed
from tests.support.shell import until


def first_crossing(prints, trade, entry_id):
    """Return (print id, price, reason) of the close that a plain loop finds, or None."""
    sign = 1 if trade.direction is Direction.LONG else -1
    for made in prints:
        price = Decimal(made.price)
        if made.id <= entry_id:
            continue
        if (price - trade.stop_price) * sign <= 0:
            return made.id, price, ExitReason.STOP_LOSS
        if (price - trade.targets[-1].price) * sign >= 0:
            return made.id, price, ExitReason.TAKE_PROFIT
    return None


async def test_closures_of_random_trades_equal_a_straight_loop_over_the_tape(venue, dsn):
    rng = Random(5)
    tape = random_walk(Walk(seed=5, count=5_000, interval_ms=50, first_id=500))
    owner = await holder(dsn, amount="1000000")
    venue.play({"ETHUSDT": tape}, speed=40, head_seconds=1)
    async with open_house(dsn, quick_feed(venue)) as house:
        for _ in range(60):
            await house.buy(
                owner,
                "ETHUSDT",
                "100",
                direction=rng.choice(tuple(Direction)),
                stop=f"{rng.uniform(0.05, 0.8):.3f}%",
                target=f"{rng.uniform(0.05, 0.8):.3f}%",
            )
            await asyncio.sleep(0.04)
        await until(lambda: not venue._players, 20)
        last_id = venue.venue.markets["ETHUSDT"].next_id - 1
        await until(lambda: house.vigil.last("ETHUSDT").id == last_id)
        await asyncio.sleep(0.2)
        prints = venue.venue.markets["ETHUSDT"].prints
        expected = {}
        for told in house.of(TradeOpened):
            trade = told.effect.trade
            crossing = first_crossing(prints, trade, told.effect.fill.print_id)
            if crossing:
                expected[trade.id] = crossing
        found = {
            told.effect.trade.id: (
                told.effect.fill.print_id,
                told.effect.fill.price,
                told.effect.fill.reason,
            )
            for told in house.of(TradeExited)
        }
    assert len(house.of(TradeOpened)) >= 55
    assert len(expected) >= 30
    assert found == expected


async def test_a_skipped_print_that_alone_crossed_the_stop_closes_the_trade(venue, dsn):
    owner = await holder(dsn)
    async with open_house(dsn, quick_feed(venue)) as house:
        ticket = await house.buy(owner, "BTCUSDT", "500", stop="2%")
        venue.print("BTCUSDT", "60000")
        await ended(ticket)
        venue.faults.skip_next = {"BTCUSDT": 1}
        crossing = venue.print("BTCUSDT", "58000")
        venue.print("BTCUSDT", "60000")
        closed = await house.next_told(TradeExited)
        assert (closed.effect.fill.print_id, closed.effect.fill.price) == (crossing.id, 58000)


async def test_what_crossed_while_the_engine_was_down_closes_there_and_stop_before_target(
    venue, dsn
):
    owner = await holder(dsn)
    async with open_house(dsn, quick_feed(venue)) as house:
        tickets = [await house.buy(owner, "BTCUSDT", "500", stop="2%", target="4%")]
        tickets.append(await house.buy(owner, "BTCUSDT", "500", stop="5%"))
        venue.print("BTCUSDT", "60000")
        opened = [await ended(ticket) for ticket in tickets]
        before_ms = opened[0].effect.fill.print_time_ms
        await house.crash()
    now_ms = venue.venue.now_ms()
    crossing = venue.print("BTCUSDT", "58000", now_ms + 1)
    venue.print("BTCUSDT", "63000", now_ms + 20)  # the target, within the same minute
    venue.print("BTCUSDT", "60000", now_ms + 30)
    async with open_house(dsn, quick_feed(venue)) as again:
        closed = await again.next_told(TradeExited)
        assert closed.effect.trade.id == opened[0].effect.trade.id
        assert closed.effect.fill.print_id == crossing.id
        assert closed.effect.fill.reason is ExitReason.STOP_LOSS
        assert again.caught_up.prints == 3
        assert again.caught_up.since_ms >= before_ms
        kept = again.vigil.counts()
        assert kept.trades == 1
    assert len(again.of(TradeExited)) == 1


async def test_what_was_found_late_is_told_as_late_and_booked_at_the_tapes_time(venue, dsn):
    owner = await holder(dsn)
    async with open_house(dsn, quick_feed(venue)) as house:
        ticket = await house.buy(owner, "BTCUSDT", "500", stop="2%")
        venue.print("BTCUSDT", "60000", venue.venue.now_ms())
        opened = await ended(ticket)
        await house.crash()
    now_ms = venue.venue.now_ms()
    venue.venue.offset_ms = 60_000  # a minute passes
    crossing = venue.print("BTCUSDT", "58000", now_ms + 10)
    async with open_house(dsn, quick_feed(venue)) as again:
        closed = await again.next_told(TradeExited)
        assert closed.effect.fill.booked_at_ms == crossing.time_ms
        assert closed.decided.late_since_ms == opened.effect.fill.print_time_ms


async def test_what_a_start_finds_is_late_however_short_the_silence_was(venue, dsn):
    owner = await holder(dsn)
    async with open_house(dsn, quick_feed(venue)) as house:
        ticket = await house.buy(owner, "BTCUSDT", "500", stop="2%")
        venue.print("BTCUSDT", "60000")
        await ended(ticket)
        await house.crash()
    venue.print("BTCUSDT", "58000")
    async with open_house(dsn, quick_feed(venue)) as again:
        assert (await again.next_told(TradeExited)).decided.late_since_ms is not None
        ticket = await again.buy(owner, "BTCUSDT", "500", stop="2%")
        venue.print("BTCUSDT", "58000")
        assert (await ended(ticket)).decided.late_since_ms is None


async def test_a_halt_refuses_new_trades_and_the_reopening_print_closes_beyond_the_stop(venue, dsn):
    owner = await holder(dsn)
    async with open_house(dsn, quick_feed(venue)) as house:
        ticket = await house.buy(owner, "BTCUSDT", "500", stop="2%")
        venue.print("BTCUSDT", "60000")
        opened = await ended(ticket)
        venue.faults.halted = {"BTCUSDT"}
        await house.desk.instruments.refresh()
        refused = await house.wish(owner, "BTCUSDT", "500")
        assert refused.code is RefusalCode.NOT_TRADING
        await asyncio.sleep(0.5)
        assert house.vigil.trade(opened.effect.trade.id) is not None
        patient = await house.sell(owner, opened.effect.trade, "0.5")
        assert (await patient.accepted).effect.order.is_patient
        venue.faults.halted = set()
        await house.desk.instruments.refresh()
        reopening = venue.print("BTCUSDT", "55000", venue.venue.now_ms() + 50)
        await until(lambda: len(house.of(TradeExited)) == 2)
        by_hand, stopped = (told.effect.fill for told in house.of(TradeExited))
        assert (by_hand.reason, by_hand.print_id) == (ExitReason.MANUAL, reopening.id)
        assert (stopped.reason, stopped.price) == (ExitReason.STOP_LOSS, 55000)
        assert stopped.trigger_price == opened.effect.trade.stop_price
        assert venue.counts["accepted"] <= 2


async def test_a_stepped_wall_clock_and_one_that_is_off_change_nothing(venue, dsn, monkeypatch):
    class Wall:
        step = 3_600.0
        monotonic = staticmethod(time.monotonic)

        def time(self):
            return time.time() + self.step

    wall = Wall()
    monkeypatch.setattr(engine.clock, "time", wall)
    venue.venue.offset_ms = 1_260
    venue.print("BTCUSDT", "60000")
    owner = await holder(dsn)
    async with open_house(dsn, quick_feed(venue)) as house:
        assert await house.desk.quote("BTCUSDT")
        await until(lambda: abs((house.engine.clock_offset_ms() or 0) - 1_260 + 3_600_000) < 200)
        wall.step = -3_600.0
        ticket = await house.buy(owner, "BTCUSDT", "500", stop="2%")
        made = venue.print("BTCUSDT", "60001")
        opened = await ended(ticket)
        assert opened.effect.fill.print_id == made.id
        wall.step = 3_600.0
        crossing = venue.print("BTCUSDT", "58000")
        closed = await house.next_told(TradeExited)
        assert closed.effect.fill.print_id == crossing.id
        assert closed.decided.late_since_ms is None


async def test_a_print_older_than_the_entrys_place_never_triggers_it(venue, dsn):
    owner = await holder(dsn)
    async with open_house(dsn, quick_feed(venue)) as house:
        await house.desk.quote("BTCUSDT")
        venue.faults.muted = {"BTCUSDT"}
        low = venue.print("BTCUSDT", "50000")  # only REST knows it
        venue.faults.muted = set()
        venue.print("BTCUSDT", "60000")
        await until(lambda: house.desk.place("BTCUSDT").after_id > low.id)
        ticket = await house.buy(owner, "BTCUSDT", "500", stop="2%")
        entry = venue.print("BTCUSDT", "60010")
        await ended(ticket)
        venue.streams.on_print("BTCUSDT", low, venue.venue.now_ms())
        venue.streams.on_print("BTCUSDT", entry, venue.venue.now_ms())
        venue.print("BTCUSDT", "60020")
        await asyncio.sleep(0.3)
        assert not house.of(TradeExited)
        await house.crash()
    async with open_house(dsn, quick_feed(venue)) as again:
        await asyncio.sleep(0.2)
        assert not again.of(TradeExited)
        assert again.vigil.counts().trades == 1


async def test_an_order_without_a_print_fills_at_the_last_one_unless_that_is_a_minute_old(
    venue, dsn
):
    owner = await holder(dsn)
    stale = venue.print("ETHUSDT", "2500", venue.venue.now_ms() - 57_500)
    async with open_house(dsn, quick_feed(venue)) as house:
        last = venue.print("BTCUSDT", "60005")
        tickets = [
            await house.buy(owner, "BTCUSDT", "500"),
            await house.buy(owner, "ETHUSDT", "500"),
        ]
        filled, failed = [await ended(ticket) for ticket in tickets]
        fill, order = filled.effect.fill, filled.effect.trade
        assert (fill.print_id, fill.price) == (last.id, 60005)
        assert fill.booked_at_ms == order.opened_at_ms > last.time_ms + 2_900
        assert isinstance(failed.effect, OrderEnded)
        assert failed.effect.code is RefusalCode.STALE_PRICE
        assert failed.effect.at_ms - stale.time_ms > 60_000


async def test_on_a_dead_connection_a_close_waits_for_its_own_time_and_edits_are_refused(
    venue, dsn
):
    owner = await holder(dsn)
    async with open_house(dsn, quick_feed(venue)) as house:
        ticket = await house.buy(owner, "BTCUSDT", "500", stop="9%")
        venue.print("BTCUSDT", "60000")
        trade = (await ended(ticket)).effect.trade
        venue.faults.refuse_status = 503
        venue.streams.drop()
        await until(lambda: not house.desk.place("BTCUSDT").is_live)
        venue.print("BTCUSDT", "61000")  # others see it, the engine does not
        await asyncio.sleep(0.05)
        closing = await house.sell(owner, trade)
        assert (await closing.accepted).effect.order.is_patient
        assert (await house.edit(trade, "5%")).code is RefusalCode.TRY_AGAIN
        assert (await house.wish(owner, "BTCUSDT", "500")).code is RefusalCode.STALE_PRICE
        await asyncio.sleep(0.05)
        taken = venue.print("BTCUSDT", "59000", venue.venue.now_ms() + 20)
        venue.faults.refuse_status = 0
        closed = await ended(closing)
        assert closed.effect.fill.print_id == taken.id
        assert closed.ruling.verdict is Verdict.APPLIED


async def test_a_burst_is_decided_in_order_and_the_loop_stays_free(venue, dsn):
    owner = await holder(dsn, amount="1000000")
    async with open_house(dsn, quick_feed(venue)) as house:
        for number in range(40):
            await house.buy(owner, "BTCUSDT", "100", stop=f"{0.5 + number / 20:.2f}%")
        venue.print("BTCUSDT", "60000")
        await until(lambda: len(house.of(TradeOpened)) == 40)
        lags = []

        async def sample():
            while True:
                began = time.perf_counter()
                await asyncio.sleep(0.005)
                lags.append(time.perf_counter() - began - 0.005)

        sampling = asyncio.create_task(sample())
        made = [venue.print("BTCUSDT", f"{60000 - number * 3}") for number in range(600)]
        await until(lambda: len(house.of(TradeExited)) == 40, 10)
        await until(lambda: house.vigil.last("BTCUSDT").id == made[-1].id)
        sampling.cancel()
        await asyncio.wait({sampling})
        ids = [told.effect.fill.print_id for told in house.of(TradeExited)]
        assert ids == sorted(ids)
        for told in house.of(TradeExited):
            crossing = next(m for m in made if Decimal(m.price) <= told.effect.fill.trigger_price)
            assert told.effect.fill.print_id == crossing.id
        assert max(lags) < 0.5


async def test_an_order_that_waited_through_a_crash_fills_at_its_own_print(venue, dsn):
    owner = await holder(dsn, amount="1000000")
    venue.print("ETHUSDT", "2500")
    async with open_house(dsn, quick_feed(venue)) as house:
        done = await house.buy(owner, "BTCUSDT", "500")
        venue.print("BTCUSDT", "60000")
        trade = (await ended(done)).effect.trade
        closing = await house.sell(owner, trade)
        venue.print("BTCUSDT", "60010")
        await ended(closing)
        waiting = [await house.buy(owner, "ETHUSDT", "100", stop="2%") for _ in range(3)]
        for ticket in waiting:
            assert await ticket.accepted
        await house.crash()
    entry = venue.print("ETHUSDT", "2510")
    crossing = venue.print("ETHUSDT", "2400")
    async with open_house(dsn, quick_feed(venue)) as again:
        await until(lambda: len(again.of(TradeExited)) == 3)
        assert {told.effect.fill.print_id for told in again.of(TradeOpened)} == {entry.id}
        assert {told.effect.fill.print_id for told in again.of(TradeExited)} == {crossing.id}
        assert again.vigil.last("BTCUSDT") is None  # nobody needs it any more
