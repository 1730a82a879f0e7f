"""Terms begin, end and follow each other: two engines, a lost lease, a database or venue away."""

import asyncio
import time
from decimal import Decimal

import asyncpg
import pytest

from engine.core.commands import Refusal, RefusalCode
from engine.core.effects import TradeExited
from engine.ports import StoreUnavailable
from tests.support.house import ended, holder, open_house, quick_feed
from tests.support.pg_proxy import PgProxy
from tests.support.shell import soon, until


async def asked(dsn, statement, *arguments):
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(statement, *arguments)
    finally:
        await connection.close()


@pytest.fixture
async def proxy(dsn):
    async with PgProxy(dsn).running() as running:
        yield running


async def opened(house, venue, owner, **plan):
    ticket = await house.buy(owner, "BTCUSDT", "500", **plan)
    venue.print("BTCUSDT", "60000")
    return (await ended(ticket)).effect.trade


async def test_the_second_engine_stands_by_and_takes_over_when_the_first_ends(venue, dsn):
    owner = await holder(dsn)
    async with open_house(dsn, quick_feed(venue)) as first:
        trade = await opened(first, venue, owner, stop="2%")
        async with open_house(dsn, quick_feed(venue), armed_seconds=0) as second:
            assert not await second.engine.wait_armed(0.5)
            refused = await second.wish(owner, "BTCUSDT", "500")
            assert refused.code is RefusalCode.TRY_AGAIN
            began = time.monotonic()
            first.engine.stop()
            assert await second.engine.wait_armed(5)
            assert time.monotonic() - began < 3
            crossing = venue.print("BTCUSDT", "58000")
            closed = await second.next_told(TradeExited)
            assert closed.effect.trade.id == trade.id
            assert closed.effect.fill.print_id == crossing.id
    assert not first.of(TradeExited)


async def test_a_fenced_engine_writes_nothing_answers_everybody_and_stands_by(venue, dsn):
    owner = await holder(dsn)
    async with open_house(dsn, quick_feed(venue)) as zombie:
        trade = await opened(zombie, venue, owner, stop="2%")
        await asked(dsn, "UPDATE lease SET epoch = epoch + 1, owner = 'another' RETURNING 1")
        ticket = await zombie.buy(owner, "BTCUSDT", "500")
        answer = await soon(ticket.ended)
        assert isinstance(answer, Refusal)
        assert answer.code is RefusalCode.TRY_AGAIN
        assert await asked(dsn, "SELECT count(*) FROM orders WHERE status = 'waiting'") == 0
        assert await asked(dsn, "SELECT count(*) FROM orders") == 1
        # nobody else is there after all: it takes the lease again, by the start-up path
        assert await zombie.engine.wait_armed(5)
        crossing = venue.print("BTCUSDT", "58000")
        closed = await zombie.next_told(TradeExited)
        assert (closed.effect.trade.id, closed.effect.fill.print_id) == (trade.id, crossing.id)


async def test_while_the_database_is_away_nothing_is_lost_and_it_comes_back_by_itself(
    venue, dsn, proxy
):
    owner = await holder(dsn)
    async with open_house(proxy.dsn, quick_feed(venue)) as house:
        trade = await opened(house, venue, owner, stop="2%")
        proxy.swallow()
        crossing = venue.print("BTCUSDT", "58000")
        venue.print("BTCUSDT", "60000")
        await until(lambda: house.engine.term.monitor._commits.waiting_seconds > 2.1)
        assert (await house.wish(owner, "BTCUSDT", "500")).code is RefusalCode.TRY_AGAIN
        assert not house.of(TradeExited)
        proxy.pass_on()
        closed = await house.next_told(TradeExited)
        assert (closed.effect.trade.id, closed.effect.fill.print_id) == (trade.id, crossing.id)
        await until(lambda: house.desk.is_armed)
        await opened(house, venue, owner)
    booked = await asked(dsn, "SELECT count(*) FROM fills WHERE trade_id = $1", trade.id)
    assert booked == 2


async def test_a_store_away_for_ids_does_not_end_the_term(venue, dsn):
    owner = await holder(dsn)
    async with open_house(dsn, quick_feed(venue)) as house:
        term = house.engine.term
        real, failures = house.store.reserve_ids, []

        async def away(count):
            failures.append(count)
            if len(failures) < 3:
                raise StoreUnavailable("away")
            return await real(count)

        house.store.reserve_ids = away
        del term.ids[3:]
        await until(lambda: len(term.ids) > 100)
        assert house.engine.term is term
        await opened(house, venue, owner)


async def test_a_database_away_at_the_start_is_waited_for(venue, dsn, proxy):
    owner = await holder(dsn)
    proxy.swallow()
    async with open_house(proxy.dsn, quick_feed(venue), armed_seconds=0) as house:
        assert not await house.engine.wait_armed(0.5)
        assert (await house.wish(owner, "BTCUSDT", "500")).code is RefusalCode.TRY_AGAIN
        proxy.pass_on()
        assert await house.engine.wait_armed(8)
        await opened(house, venue, owner)


async def test_with_the_venue_away_at_the_start_it_arms_soon_and_catches_up_by_itself(venue, dsn):
    owner = await holder(dsn)
    async with open_house(dsn, quick_feed(venue)) as house:
        trade = await opened(house, venue, owner, stop="2%")
        await opened(house, venue, owner, stop="9%")
        await house.crash()
    venue.faults.refuse_status = venue.faults.rest_status = 503
    crossing = venue.print("BTCUSDT", "58000")
    venue.print("BTCUSDT", "60000")
    async with open_house(dsn, quick_feed(venue), armed_seconds=7) as again:
        assert not again.caught_up.is_complete
        assert again.engine.armed.place_of("BTCUSDT").is_fresh is False
        assert (await again.edit(trade, "5%")).code is RefusalCode.TRY_AGAIN
        assert not again.of(TradeExited)
        venue.faults.heal()
        closed = await again.next_told(TradeExited)
        assert (closed.effect.trade.id, closed.effect.fill.print_id) == (trade.id, crossing.id)
        await again.desk.instruments.refresh()
        assert (await again.desk.quote("BTCUSDT")).is_fresh


async def test_a_stop_stores_what_was_decided_and_takes_no_more(venue, dsn):
    owner = await holder(dsn, amount="1000000")
    async with open_house(dsn, quick_feed(venue)) as house:
        tickets = [await house.buy(owner, "BTCUSDT", "100", stop="2%") for _ in range(50)]
        venue.print("BTCUSDT", "60000")
        for ticket in tickets:
            await ended(ticket)
        venue.print("BTCUSDT", "58000")
        await until(lambda: house.engine.term.monitor.decided_count >= 150)
        desk, began = house.desk, time.monotonic()
        house.engine.stop()
        house.engine.stop()
        assert (await house.wish(owner, "BTCUSDT", "500")).code is RefusalCode.TRY_AGAIN
        await asyncio.wait({house.running}, timeout=5)
        assert time.monotonic() - began < 5
        assert not desk.is_armed
    assert await asked(dsn, "SELECT count(*) FROM trades WHERE status = 'open'") == 0
    assert await asked(dsn, "SELECT owner FROM lease") is None


async def test_a_stop_while_the_database_is_away_takes_less_than_five_seconds(venue, dsn, proxy):
    owner = await holder(dsn)
    async with open_house(proxy.dsn, quick_feed(venue)) as house:
        trade = await opened(house, venue, owner, stop="2%")
        proxy.swallow()
        crossing = venue.print("BTCUSDT", "58000")
        await until(lambda: house.engine.term.monitor._commits.waiting_seconds > 0)
        began = time.monotonic()
        house.engine.stop()
        await asyncio.wait({house.running}, timeout=6)
        assert time.monotonic() - began < 5
        proxy.pass_on()
    async with open_house(dsn, quick_feed(venue), armed_seconds=15) as again:
        closed = await again.next_told(TradeExited)
        assert (closed.effect.trade.id, closed.effect.fill.print_id) == (trade.id, crossing.id)


async def test_a_currency_is_converted_by_the_rate_symbol_and_survives_a_crash(venue, dsn):
    owner = await holder(dsn, "BRL", "50000")
    venue.print("USDTBRL", "5.50", venue.venue.now_ms() - 5_000)
    async with open_house(dsn, quick_feed(venue)) as house:
        ticket = await house.buy(owner, "BTCUSDT", "5500", stop="2%")
        venue.print("BTCUSDT", "60000")
        entry = await ended(ticket)
        assert entry.effect.fill.rate == Decimal("5.5")
        assert -entry.effect.fill.amount <= 5500
        await house.crash()  # before the second in which places are stored by the clock
    venue.print("USDTBRL", "5.60", venue.venue.now_ms())
    venue.print("BTCUSDT", "58000", venue.venue.now_ms() + 1_500)
    async with open_house(dsn, quick_feed(venue)) as again:
        closed = await again.next_told(TradeExited)
        assert closed.effect.fill.rate == Decimal("5.6")
    books = """
        SELECT a.balance = a.starting_balance + (SELECT sum(amount) FROM ledger) FROM accounts a
    """
    assert await asked(dsn, books)


SEED = """
WITH made AS (
    INSERT INTO trades (
        id, user_id, account_id, number, symbol, direction, status, revision, after_id, opened_at,
        quantity, entry_quantity, entry_price, entry_notional, reserved, entry_fee, fee_rate, rate,
        route, stop_price, initial_stop_price, targets)
    SELECT nextval('engine_ids'), $1, $2, n, 'BTCUSDT', 'long', 'open', 1, $4, now(), 0.001, 0.001,
        60000, 60, 60, 0.06, 0.001, 1, '[]', 59000, 59000, '[]'
    FROM generate_series(1, $3) AS n RETURNING 1)
SELECT count(*) FROM made
"""
PLACE = """
INSERT INTO checkpoints (symbol, last_id, price, print_time, segment_after_id)
VALUES ('BTCUSDT', $1, 60000, now(), $1) RETURNING 1
"""


async def test_a_print_that_fires_five_thousand_stops_leaves_the_loop_free_and_all_are_booked(
    venue, dsn
):
    owner = await holder(dsn)
    await asked(dsn, SEED, owner.user_id, owner.account_id, 5_000, 1)
    await asked(dsn, PLACE, 1)
    async with open_house(dsn, quick_feed(venue)) as house:
        assert house.vigil.counts().trades == 5_000
        lags = []

        async def sample():
            while True:
                began = time.perf_counter()
                await asyncio.sleep(0.005)
                lags.append(time.perf_counter() - began - 0.005)

        await until(lambda: house.desk.place("BTCUSDT") and house.desk.place("BTCUSDT").is_fresh)
        sampling = asyncio.create_task(sample())
        crossing = venue.print("BTCUSDT", "58500")
        venue.print("BTCUSDT", "60000")
        await until(lambda: len(house.of(TradeExited)) == 5_000, 30)
        sampling.cancel()
        await asyncio.wait({sampling})
        assert {told.effect.fill.print_id for told in house.of(TradeExited)} == {crossing.id}
        ids = [told.effect.trade.id for told in house.of(TradeExited)]
        assert ids == sorted(ids)
        assert len(lags) >= 10, "the loop had its turns between the slices"
    assert await asked(dsn, "SELECT count(*) FROM fills") == 5_000


async def test_a_store_away_while_loading_is_tried_again(venue, dsn):
    owner = await holder(dsn)
    async with open_house(dsn, quick_feed(venue), armed_seconds=0) as house:
        real, calls = house.store.checkpoints, []

        async def away():
            calls.append(1)
            if len(calls) == 1:
                raise StoreUnavailable("away")
            return await real()

        house.store.checkpoints = away
        assert await house.engine.wait_armed(5)
        assert len(calls) == 2
        await opened(house, venue, owner)


async def test_an_engine_that_stands_by_stops_at_once(venue, dsn):
    async with (
        open_house(dsn, quick_feed(venue)) as first,
        open_house(dsn, quick_feed(venue), armed_seconds=0) as second,
    ):
        await asyncio.sleep(0.2)
        second.engine.stop()
        await asyncio.wait({second.running}, timeout=2)
        assert second.running.done()
        assert first.desk.is_armed


async def test_a_lease_found_lost_at_a_renewal_ends_the_term(venue, dsn, monkeypatch):
    monkeypatch.setattr("engine.engine.RENEW_SECONDS", 0.05)
    async with open_house(dsn, quick_feed(venue)) as house:
        term = house.engine.term
        await asked(dsn, "UPDATE lease SET epoch = epoch + 1, owner = 'another' RETURNING 1")
        await until(lambda: house.engine.term is not term)
        assert await house.engine.wait_armed(5)


async def test_a_lease_that_cannot_be_renewed_for_a_moment_is_kept(venue, dsn, monkeypatch):
    monkeypatch.setattr("engine.engine.RENEW_SECONDS", 0.05)
    async with open_house(dsn, quick_feed(venue)) as house:
        term, real, calls = house.engine.term, house.lease.renew, []

        async def away():
            calls.append(1)
            if len(calls) < 3:
                raise StoreUnavailable("away")
            return await real()

        house.lease.renew = away
        await until(lambda: len(calls) > 4)
        assert house.engine.term is term


async def test_a_lease_that_cannot_be_given_back_does_not_hold_up_the_end(venue, dsn):
    async with open_house(dsn, quick_feed(venue)) as house:
        house.lease.release = asyncio.Event().wait
        began = time.monotonic()
        house.engine.stop()
        await asyncio.wait({house.running}, timeout=4)
        assert house.running.done()
        assert time.monotonic() - began < 3
        house.lease._drop()


async def test_a_row_that_cannot_be_watched_keeps_nobody_elses_trade_from_its_stop(venue, dsn):
    owner = await holder(dsn)
    async with open_house(dsn, quick_feed(venue)) as house:
        spoiled = await opened(house, venue, owner, stop="2%")
        trade = await opened(house, venue, owner, stop="2%")
    await asked(dsn, "UPDATE trades SET route = '7' WHERE id = $1", spoiled.id)
    async with open_house(dsn, quick_feed(venue)) as again:
        venue.print("BTCUSDT", "58000")
        closed = await again.next_told(TradeExited)
        assert closed.effect.trade.id == trade.id
        assert again.vigil.counts().trades == 0
    assert await asked(dsn, "SELECT status FROM trades WHERE id = $1", spoiled.id) == "open"
