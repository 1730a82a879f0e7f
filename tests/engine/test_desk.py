"""The one door: what it answers at once, and what it never lets through."""

import asyncio
from decimal import Decimal
from typing import Any

from engine.core.commands import CancelOrder, Refusal, RefusalCode, ResetAccount
from engine.core.effects import AccountReset, OrderEnded, TradeExited
from engine.core.orders import Level
from engine.desk import AlertWish, CloseWish
from engine.market.past import TapeUnreachable
from engine.tickets import Ticket
from tests.support.house import ended, holder, open_house, quick_feed
from tests.support.shell import soon, until


async def test_before_the_vigil_is_complete_everything_is_asked_to_try_again(venue, dsn):
    owner = await holder(dsn)
    async with open_house(dsn, quick_feed(venue)) as house:
        ticket = await house.buy(owner, "BTCUSDT", "500")
        venue.print("BTCUSDT", "60000")
        trade = (await ended(ticket)).effect.trade
        term = house.engine.term
        term.is_armed = False
        cancel = CancelOrder("c", owner.user_id, 1, "BTCUSDT")
        reset = ResetAccount("r", owner.user_id, owner.account_id, 0, "USDT", Decimal(1), {}, {})
        answers = [
            await house.wish(owner, "BTCUSDT", "500"),
            await house.desk.close(CloseWish(owner, trade), "k"),
            await house.edit(trade, "5%"),
            house.desk.cancel(cancel),
            house.desk.reset(reset),
        ]
        assert {answer.code for answer in answers} == {RefusalCode.TRY_AGAIN}
        term.is_armed = True
        ids, term.ids = term.ids, []
        answers = [
            await house.wish(owner, "BTCUSDT", "500"),
            await house.desk.close(CloseWish(owner, trade), "k"),
        ]
        assert {answer.code for answer in answers} == {RefusalCode.TRY_AGAIN}
        term.ids = ids
        assert house.desk.facts().symbols == {"BTCUSDT"}
        assert house.desk.facts().is_connected
        assert not house.desk.facts().was_tried
        assert house.desk.exit_rate(trade) == 1
        assert house.desk.instrument("BTCUSDT").base == "BTC"
        assert await house.desk.wait_armed(1)
        house.engine.term = None
        assert await house.desk.quote("BTCUSDT") is None
        assert house.desk.place("BTCUSDT") is None
        assert house.desk.exit_rate(trade) == trade.rate
        assert house.desk.facts().symbols == frozenset()
        house.engine.term = term


async def test_orders_are_canceled_edited_and_reset_through_the_desk(venue, dsn):
    owner = await holder(dsn)
    async with open_house(dsn, quick_feed(venue)) as house:
        waiting = await house.buy(owner, "BTCUSDT", "500")
        assert (await soon(waiting.accepted)).effect.order.symbol == "BTCUSDT"
        cancel = CancelOrder("c", owner.user_id, waiting.order_id, "BTCUSDT")
        assert isinstance((await ended(house.desk.cancel(cancel))).effect, OrderEnded)
        ticket = await house.buy(owner, "BTCUSDT", "500")
        venue.print("BTCUSDT", "60000")
        trade = (await ended(ticket)).effect.trade
        edited = await house.desk.set_exits(trade, "e", target=Level(ratio=Decimal("0.1")))
        assert (await ended(edited)).effect.trade.targets[-1].price == 66000
        reset = ResetAccount(
            "r",
            owner.user_id,
            owner.account_id,
            venue.venue.now_ms(),
            "USDT",
            Decimal(10_000),
            {trade.id: "BTCUSDT"},
            {},
        )
        told = await ended(house.desk.reset(reset))
        assert isinstance(told.effect, AccountReset)
        assert house.vigil.counts().trades == 0


async def test_an_entry_needs_a_known_symbol_a_live_price_and_a_way_to_the_accounts_money(
    venue, dsn
):
    owner, dollars = await holder(dsn, "BRL", "50000"), await holder(dsn)
    venue.venue.add("ETHUSDT")
    venue.print("BNBUSDT", "500", venue.venue.now_ms() - 200_000)
    async with open_house(dsn, quick_feed(venue)) as house:

        async def refusal(owner, symbol) -> Refusal:
            answer = await house.wish(owner, symbol, "5000")
            assert isinstance(answer, Refusal)
            return answer

        assert (await refusal(dollars, "NONEUSDT")).code is RefusalCode.TRY_AGAIN
        assert (await refusal(owner, "BTCUSDT")).code is RefusalCode.NO_ROUTE
        silent = await refusal(dollars, "ETHUSDT")
        assert (silent.code, silent.facts) == (RefusalCode.STALE_PRICE, {"symbol": "ETHUSDT"})
        old = await refusal(dollars, "BNBUSDT")
        assert old.facts["price"] == "500"
        assert int(old.facts["age_ms"]) > 190_000
        venue.print("USDTBRL", "5.5", venue.venue.now_ms() - 90_000)
        await house.desk.instruments.refresh()
        assert (await refusal(owner, "BTCUSDT")).code is RefusalCode.STALE_RATE


async def test_a_rate_whose_past_cannot_be_asked_refuses_the_entry(venue, dsn):
    owner = await holder(dsn, "BRL", "50000")
    venue.print("USDTBRL", "5.5", venue.venue.now_ms() - 5_000)
    async with open_house(dsn, quick_feed(venue)) as house:
        tape: Any = house.engine.term.recovery._tape

        async def away(*_):
            raise TapeUnreachable("USDTBRL")

        tape.prints_before = away
        answer = await house.wish(owner, "BTCUSDT", "5000")
        assert answer.code is RefusalCode.STALE_RATE


async def test_a_crowd_that_keeps_moving_stops_holds_up_no_print(venue, dsn):
    owner = await holder(dsn, amount="1000000")
    async with open_house(dsn, quick_feed(venue)) as house:
        tickets = [await house.buy(owner, "BTCUSDT", "500", stop="10%") for _ in range(24)]
        venue.print("BTCUSDT", "60000")
        trades = [(await ended(ticket)).effect.trade for ticket in tickets]
        hit = await house.buy(owner, "BTCUSDT", "500", stop="59000")
        venue.print("BTCUSDT", "60000")
        await ended(hit)
        edits = 0

        async def fidget(trade) -> None:
            nonlocal edits
            while True:
                ticket = await house.edit(trade, f"{50000 + edits % 999}")
                edits += not isinstance(ticket, Refusal)
                await asyncio.sleep(0.002 + edits % 7 / 1_000)

        async with asyncio.TaskGroup() as crowd:
            tasks = [crowd.create_task(fidget(trade)) for trade in trades]
            await asyncio.sleep(0.3)
            venue.print("BTCUSDT", "58900")
            async with asyncio.timeout(1):
                await house.next_told(TradeExited)
            for task in tasks:
                task.cancel()
        assert edits > 24


async def test_an_alert_needs_a_live_tape_but_no_recent_print(venue, dsn):
    owner = await holder(dsn)
    venue.print("BTCUSDT", "60000", venue.venue.now_ms() - 200_000)
    async with open_house(dsn, quick_feed(venue)) as house:
        wish = AlertWish(owner.user_id, "BTCUSDT", Decimal(61000))
        ticket = await house.desk.set_alert(wish, "quiet")
        assert isinstance(ticket, Ticket)
        assert (await soon(ticket.accepted)).effect.alert.price == 61000
        venue.faults.refuse_status = 503
        venue.streams.drop()
        await until(lambda: not house.desk.place("BTCUSDT").is_live)
        wish = AlertWish(owner.user_id, "BTCUSDT", Decimal(62000))
        refusal = await house.desk.set_alert(wish, "deaf")
        assert isinstance(refusal, Refusal)
        assert refusal.code is RefusalCode.STALE_PRICE
        assert int(refusal.facts["age_ms"]) > 190_000
        venue.faults.refuse_status = 0
