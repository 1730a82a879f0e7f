"""The monitor's own promises, in memory: nothing stays half done, whatever the store says."""

import asyncio

import pytest

from engine.core.commands import CancelOrder, Refusal, RefusalCode
from engine.core.effects import AccountReset, OrderEnded, TradeExited, TradeOpened
from engine.core.events import PriceTick, TapeQuiet
from engine.core.instrument import Leg
from engine.ports import StoreUnavailable, Verdict
from engine.tickets import Ticket, Told
from tests.support.shell import open_shell, soon, until
from tests.support.twin_store import Fault, TwinStore


@pytest.fixture
def store():
    return TwinStore()


async def test_a_proof_of_quiet_that_fills_more_than_a_slice_goes_on_to_its_end(store):
    owner = store.add_owner("1000000")
    async with open_shell(store=store, slice_size=3) as shell:
        tickets = [shell.buy(owner) for _ in range(7)]
        await shell.stored()
        deadline = shell.clock.now_ms() + 3_000
        shell.clock.set_ms(deadline + 1)
        shell.monitor.on_quiet(TapeQuiet("BTCUSDT", 101, deadline))
        for ticket in tickets:
            assert isinstance((await soon(ticket.ended)).effect, TradeOpened)
        shell.print("BTCUSDT", "101")
        assert shell.vigil.last("BTCUSDT").price == "101"


async def test_a_large_print_is_fired_in_slices_while_the_next_prints_wait_in_order(store):
    owner = store.add_owner("1000000")
    async with open_shell(store=store, slice_size=2) as shell:
        tickets = [shell.buy(owner, stop="95", target="103") for _ in range(5)]
        shell.print("BTCUSDT", "100")
        for ticket in tickets:
            await soon(ticket.ended)
        first, second = shell.print("BTCUSDT", "94"), shell.print("BTCUSDT", "104")
        assert shell.vigil.is_busy("BTCUSDT")
        assert shell.vigil.last("BTCUSDT").id == first.id
        await until(lambda: len(shell.kinds(TradeExited)) == 5)
        assert {told.effect.fill.print_id for told in shell.kinds(TradeExited)} == {first.id}
        await until(lambda: shell.vigil.last("BTCUSDT").id == second.id)


async def test_every_slice_of_a_print_found_late_is_told_as_late(store):
    owner = store.add_owner("1000000")
    async with open_shell(store=store, slice_size=2) as shell:
        tickets = [shell.buy(owner, stop="95") for _ in range(5)]
        shell.print("BTCUSDT", "100")
        for ticket in tickets:
            await soon(ticket.ended)
        await until(lambda: shell.store.places)
        shell.monitor.attention.note_whole()
        whole_ms = shell.clock.now_ms()
        late = shell.print("BTCUSDT", "99")
        shell.clock.set_ms(late.time_ms + 20_000)
        shell.monitor.on_tick(type(late)("BTCUSDT", late.id + 1, "94", late.time_ms + 1))
        await until(lambda: len(shell.kinds(TradeExited)) == 5)
        since = {told.decided.late_since_ms for told in shell.kinds(TradeExited)}
        assert len(since) == 1
        assert whole_ms <= since.pop() <= shell.clock.now_ms()


async def test_a_deferred_command_that_is_refused_is_answered_though_nothing_is_stored(store):
    owner = store.add_owner()
    async with open_shell(store=store) as shell:
        trade = await shell.bought(owner)
        shell.monitor._barred["BTCUSDT"] += 1
        shell.print("BTCUSDT", "99")  # held: the place of what follows is beyond what is applied
        ticket = shell.edit(trade, "edit", stop="150")
        assert isinstance(ticket, Ticket)
        shell.monitor._unbar(["BTCUSDT"])
        answer = await soon(ticket.ended)
        assert isinstance(answer, Refusal)
        assert answer.code is RefusalCode.STOP_WRONG_SIDE


async def test_somebody_elses_equal_key_waits_while_a_deferred_command_has_it(store):
    one, two = store.add_owner(), store.add_owner()
    async with open_shell(store=store) as shell:
        trades = [await shell.bought(owner) for owner in (one, two)]
        shell.monitor._barred["BTCUSDT"] += 1
        shell.print("BTCUSDT", "99")
        first = shell.edit(trades[0], "same", stop="90")
        assert shell.edit(trades[1], "same", stop="91").code is RefusalCode.TRY_AGAIN
        shell.monitor._unbar(["BTCUSDT"])
        assert (await soon(first.ended)).effect.trade.stop_price == 90
        second = shell.edit(trades[1], "same", stop="91")
        assert (await soon(second.ended)).ruling.verdict is Verdict.APPLIED


async def test_two_users_with_the_same_key_each_get_their_own_answer(store):
    owners = [store.add_owner(), store.add_owner()]
    async with open_shell(store=store) as shell:
        tickets = [shell.buy(owner, key="1") for owner in owners]
        answers = [await soon(ticket.accepted) for ticket in tickets]
        assert [told.effect.order.user_id for told in answers] == [o.user_id for o in owners]


async def test_a_key_that_is_pending_gets_the_ticket_that_it_has(store):
    owner = store.add_owner()
    async with open_shell(store=store) as shell:
        first, again = shell.buy(owner, key="once"), shell.buy(owner, key="once")
        assert again is first
        shell.print("BTCUSDT", "100")
        await soon(first.ended)
        await shell.stored()
        assert len(store.trades) == 1


async def test_a_key_stored_before_opens_nothing_more_and_leaves_no_ticket(store):
    owner = store.add_owner()
    async with open_shell(store=store) as shell:
        trade = await shell.bought(owner, key="once")
        again = shell.buy(owner, key="once")
        shell.print("BTCUSDT", "100")
        told = await soon(again.ended)
        assert (told.ruling.verdict, told.ruling.original_id) == (Verdict.DUPLICATE, trade.id)
        await shell.stored()
        assert len(store.trades) == 1
        assert shell.vigil.counts().trades == 1
        assert len(shell.monitor._tickets) == 0


async def test_a_repeated_edit_is_never_judged_by(store):
    owner = store.add_owner()
    async with open_shell(store=store) as shell:
        trade = await shell.bought(owner, stop="90")
        await soon(shell.edit(trade, "edit", stop="91").ended)
        await soon(shell.edit(trade, "other", stop="80").ended)
        again = shell.edit(trade, "edit", stop="99.5")
        shell.print("BTCUSDT", "99")  # beyond the repeated stop, far from the true one
        assert (await soon(again.ended)).ruling.verdict is Verdict.DUPLICATE
        crossing = shell.print("BTCUSDT", "79")
        shell.print("BTCUSDT", "100")
        await until(lambda: shell.kinds(TradeExited))
        (closed,) = shell.kinds(TradeExited)
        assert closed.effect.fill.print_id == crossing.id
        assert closed.ruling.verdict is Verdict.APPLIED


async def test_a_close_repeated_after_a_partial_one_reduces_once(store):
    owner = store.add_owner()
    async with open_shell(store=store) as shell:
        trade = await shell.bought(owner, stop="90")
        first = shell.sell(trade, key="half", share="0.5")
        await soon(first.accepted)
        shell.print("BTCUSDT", "101")
        await soon(first.ended)
        again = shell.sell(trade, key="half", share="0.5")
        shell.print("BTCUSDT", "102")
        assert (await soon(again.ended)).ruling.verdict is Verdict.DUPLICATE
        crossing = shell.print("BTCUSDT", "89")
        await until(lambda: len(shell.kinds(TradeExited)) == 2)
        last = shell.kinds(TradeExited)[-1].effect
        assert (last.fill.print_id, last.trade.quantity) == (crossing.id, 0)


async def test_an_entry_that_the_balance_refuses_voids_what_was_decided_on_it(store):
    owner = store.add_owner("10000")
    async with open_shell(store=store) as shell:
        fault = Fault.UNAVAILABLE
        store.fault = lambda: fault
        ticket = shell.buy(owner, amount="20000", stop="95")
        shell.print("BTCUSDT", "100")
        assert shell.vigil.counts().trades == 1
        shell.print("BTCUSDT", "94")  # closed in memory while the entry is still provisional
        fault = None
        refused = await soon(ticket.ended)
        assert refused.ruling.verdict is Verdict.REFUSED
        await shell.stored()
        assert store.trades == {}
        assert store.books(owner.account_id) == 10_000
        assert shell.vigil.counts().trades == shell.vigil.counts().orders == 0


async def test_a_reset_voided_by_a_refused_entry_leaves_the_other_stops_armed(store):
    owner = store.add_owner("10000")
    async with open_shell(store=store) as shell:
        kept = await shell.bought(owner, stop="95")
        fault = Fault.UNAVAILABLE
        store.fault = lambda: fault
        refused = shell.buy(owner, amount="20000")
        shell.print("BTCUSDT", "100")
        ticket = shell.reset(owner, kept, shell.vigil.trade(refused.order_id))
        assert isinstance(ticket, Ticket)
        crossing = shell.print("BTCUSDT", "94")
        shell.print("BTCUSDT", "100")
        fault = None
        assert (await soon(ticket.ended)).ruling.verdict is Verdict.VOID
        await until(lambda: shell.kinds(TradeExited))
        (closed,) = shell.kinds(TradeExited)
        assert (closed.effect.trade.id, closed.effect.fill.print_id) == (kept.id, crossing.id)


async def test_a_reset_that_missed_a_trade_is_refused_and_stops_stay_armed(store):
    owner = store.add_owner()
    async with open_shell(store=store) as shell:
        listed = await shell.bought(owner, stop="95")
        await shell.bought(owner, stop="90")
        ticket = shell.reset(owner, listed)
        crossing = shell.print("BTCUSDT", "94")
        assert (await soon(ticket.ended)).ruling.verdict is Verdict.CONFLICT
        await until(lambda: shell.kinds(TradeExited))
        assert shell.kinds(TradeExited)[0].effect.fill.print_id == crossing.id


async def test_a_reset_closes_on_every_symbol_and_ends_the_orders_that_wait(store):
    owner = store.add_owner()
    async with open_shell("BTCUSDT", "ETHUSDT", store=store) as shell:
        trades = [await shell.bought(owner, symbol) for symbol in ("BTCUSDT", "ETHUSDT")]
        waiting = shell.buy(owner)
        await soon(waiting.accepted)
        ticket = shell.reset(owner, *trades, orders={waiting.order_id: "BTCUSDT"})
        told = await soon(ticket.ended)
        assert (told.ruling.verdict, len(told.effect.exits)) == (Verdict.APPLIED, 2)
        assert isinstance((await soon(waiting.ended)).effect, AccountReset)
        assert len(shell.monitor._tickets) == 0
        assert not [one for one in store.trades.values() if one.trade.is_open]


async def test_an_order_is_canceled_and_both_tickets_are_answered(store):
    owner = store.add_owner()
    async with open_shell(store=store) as shell:
        waiting = shell.buy(owner)
        await soon(waiting.accepted)
        command = CancelOrder("cancel", owner.user_id, waiting.order_id, "BTCUSDT")
        canceling = shell.monitor.accept(command)
        assert isinstance((await soon(canceling.ended)).effect, OrderEnded)
        assert (await soon(waiting.ended)).effect.code is RefusalCode.CANCELED
        assert len(shell.monitor._tickets) == 0


async def test_commands_are_refused_while_the_store_is_away_and_nothing_is_lost(store):
    owner = store.add_owner()
    async with open_shell(store=store) as shell:
        trade = await shell.bought(owner, stop="95")
        fault = Fault.UNAVAILABLE
        store.fault = lambda: fault
        crossing = shell.print("BTCUSDT", "94")
        await until(lambda: shell.commits.is_failing)
        shell.clock.advance(3)
        assert shell.buy(owner).code is RefusalCode.TRY_AGAIN
        fault = None
        await until(lambda: shell.kinds(TradeExited))
        assert store.trades[trade.id].trade.quantity == 0
        assert shell.kinds(TradeExited)[0].effect.fill.print_id == crossing.id
        assert shell.commits.waiting_seconds == 0
        assert isinstance(shell.buy(owner), Ticket)


async def test_places_do_not_pile_up_while_the_store_is_away(store):
    owner = store.add_owner()
    async with open_shell(store=store) as shell:
        await shell.bought(owner, stop="50")
        store.fault = lambda: Fault.UNAVAILABLE
        shell.print("BTCUSDT", "99")
        await until(lambda: shell.commits.is_failing)
        before = len(shell.commits._queue)
        for _ in range(10):
            shell.print("BTCUSDT", "99")
            await asyncio.sleep(0.03)
        assert len(shell.commits._queue) <= before + 1


async def test_a_full_queue_holds_the_tape_and_loses_no_print(store):
    owner = store.add_owner("1000000")
    async with open_shell(store=store, capacity=4, slice_size=2) as shell:
        for number in range(12):
            await shell.bought(owner, stop=f"{95 - number}")
        fault = Fault.UNAVAILABLE
        store.fault = lambda: fault
        for price in range(99, 80, -1):
            shell.print("BTCUSDT", str(price))
        await asyncio.sleep(0.05)
        assert shell.feed.held["BTCUSDT"]
        assert shell.buy(owner).code is RefusalCode.TRY_AGAIN
        assert shell.commits.effects_queued < 8
        fault = None
        await until(lambda: len(shell.kinds(TradeExited)) == 12)
        prices = [int(told.effect.fill.price) for told in shell.kinds(TradeExited)]
        assert prices == list(range(95, 83, -1))
        await until(lambda: not shell.feed.held["BTCUSDT"])


async def test_a_lost_reply_books_once(store):
    owner = store.add_owner()
    async with open_shell(store=store) as shell:
        faults = [Fault.REPLY_LOST, Fault.REPLY_LOST]
        store.fault = lambda: faults.pop() if faults else None
        trade = await shell.bought(owner, stop="95")
        shell.print("BTCUSDT", "94")
        await until(lambda: shell.kinds(TradeExited))
        assert store.trades[trade.id].trade.quantity == 0
        assert len(store.fills) == 2


async def test_a_symbol_that_nobody_needs_is_let_go_with_the_commands_that_wait_for_it(store):
    owner = store.add_owner()
    async with open_shell(store=store) as shell:
        place = shell.feed.place("BTCUSDT")
        ahead = shell.feed.last["BTCUSDT"]
        shell.feed.last["BTCUSDT"] = type(ahead)("BTCUSDT", ahead.id + 5, "100", ahead.time_ms)
        shell.monitor.attention.display("BTCUSDT")
        ticket = shell.buy(owner)
        assert isinstance(ticket, Ticket)
        assert place.after_id < shell.feed.place("BTCUSDT").after_id
        shell.clock.advance(100)
        assert (await soon(ticket.ended)).code is RefusalCode.TRY_AGAIN
        assert shell.feed.wanted() == set()
        assert shell.vigil.last("BTCUSDT") is None


async def test_the_places_of_rate_symbols_are_stored_with_the_first_order(store):
    owner = store.add_owner("100000", "BRL")
    async with open_shell("BTCUSDT", "USDTBRL", store=store) as shell:
        shell.vigil.watch_rate("USDTBRL")
        shell.clock.set_ms(shell.clock.now_ms() + 2_000)
        ticket = shell.buy(owner, route=(Leg("USDTBRL"),))
        await soon(ticket.accepted)
        assert {"BTCUSDT", "USDTBRL"} <= store.places.keys()


async def test_a_rate_symbol_without_a_place_is_followed_from_its_first_live_print(store):
    owner = store.add_owner("100000", "BRL")
    async with open_shell("BTCUSDT", "USDTBRL", store=store) as shell:
        shell.vigil.watch_rate("USDTBRL")
        shell.clock.set_ms(shell.clock.now_ms() + 2_000)
        await shell.bought(owner, route=(Leg("USDTBRL"),))
        del shell.vigil._symbols["USDTBRL"]  # as after a start whose store knew no place
        shell.monitor.go_live()
        await until(lambda: shell.vigil.last("USDTBRL") is not None)
        await shell.stored()


async def test_after_its_end_a_monitor_takes_nothing_and_answers_everybody(store):
    owner = store.add_owner()
    async with open_shell(store=store) as shell:
        ticket = shell.buy(owner)
        shell.monitor.end(Refusal(RefusalCode.TRY_AGAIN))
        assert ticket.ended.done()
        assert shell.buy(owner).code is RefusalCode.TRY_AGAIN
        assert not shell.monitor.on_tick(shell.feed.last["BTCUSDT"])
        assert not isinstance(ticket.ended.result(), Told)


async def test_memory_is_mended_only_once_the_store_is_back(store):
    owner = store.add_owner()
    async with open_shell(store=store) as shell:
        trade = await shell.bought(owner, stop="95")
        is_away = True
        line = store.trade_line

        async def slow_line(trade_id):
            if is_away:
                raise StoreUnavailable("away")
            return await line(trade_id)

        store.trade_line = slow_line
        shell.vigil.void(trade.id)
        shell.monitor._doubt({trade.id: "BTCUSDT"})
        crossing = shell.print("BTCUSDT", "94")
        assert shell.sell(trade).code is RefusalCode.TRY_AGAIN
        await asyncio.sleep(0.05)
        assert not shell.kinds(TradeExited)
        is_away = False
        await until(lambda: shell.kinds(TradeExited))
        assert shell.kinds(TradeExited)[0].effect.fill.print_id == crossing.id


async def test_an_order_that_memory_lost_is_taken_up_again_from_the_store(store):
    owner = store.add_owner()
    async with open_shell(store=store) as shell:
        waiting = shell.buy(owner)
        await soon(waiting.accepted)
        shell.vigil.void(waiting.order_id)
        shell.monitor._doubt({waiting.order_id: "BTCUSDT"})
        shell.print("BTCUSDT", "101")
        assert isinstance((await soon(waiting.ended)).effect, TradeOpened)


async def test_a_place_is_remembered_when_the_feed_knows_nothing(store):
    async with open_shell(store=store) as shell:
        place = shell.monitor.attention.remembered_place("BTCUSDT")
        assert (place.after_id, place.is_fresh, place.is_live) == (101, False, False)
        assert shell.monitor.attention.remembered_place("NONEUSDT") is None


async def test_a_catch_up_waits_for_a_print_that_is_being_fired(store):
    owner = store.add_owner("1000000")
    async with open_shell(store=store, slice_size=2) as shell:
        tickets = [shell.buy(owner, stop="95") for _ in range(9)]
        shell.print("BTCUSDT", "100")
        for ticket in tickets:
            await soon(ticket.ended)
        shell.print("BTCUSDT", "94")
        next_id = shell.vigil.last("BTCUSDT").id + 1
        following = PriceTick("BTCUSDT", next_id, "93", shell.clock.now_ms())
        assert not shell.monitor.on_tick(following)
        await shell.monitor.wait_room("BTCUSDT")
        assert shell.monitor.on_tick(following)
        await shell.stored()


async def test_waiting_until_nothing_is_half_fired_takes_no_longer(store):
    owner = store.add_owner("1000000")
    async with open_shell(store=store, slice_size=1) as shell:
        tickets = [shell.buy(owner, stop="95") for _ in range(4)]
        shell.print("BTCUSDT", "100")
        for ticket in tickets:
            await soon(ticket.ended)
        shell.print("BTCUSDT", "94")
        await shell.monitor.fired()
        assert not shell.vigil.is_busy("BTCUSDT")
        await shell.stored()
        assert len(shell.kinds(TradeExited)) == 4


async def test_a_command_that_is_refused_at_once_leaves_no_ticket(store):
    owner = store.add_owner()
    async with open_shell(store=store) as shell:
        assert shell.buy(owner, stop="150").code is RefusalCode.STOP_WRONG_SIDE
        assert len(shell.monitor._tickets) == 0
        shell.monitor._tickets.refuse((1, "unknown"), Refusal(RefusalCode.TRY_AGAIN))


async def converted(shell, owner):
    """Open a trade whose money is converted by USDTBRL at 100."""
    shell.vigil.watch_rate("USDTBRL")
    shell.clock.advance(2)
    trade = await shell.bought(owner, stop="95", route=(Leg("USDTBRL"),))
    await shell.stored()
    return trade


async def test_a_print_that_books_money_waits_until_its_rate_is_whole(store):
    owner = store.add_owner("100000", "BRL")
    async with open_shell("BTCUSDT", "USDTBRL", store=store) as shell:
        await converted(shell, owner)
        shell.feed.dead.add("USDTBRL")
        quiet = shell.print("BTCUSDT", "99", after_ms=3_000)
        assert shell.vigil.last("BTCUSDT").id == quiet.id  # what books nothing goes on
        crossing = shell.print("BTCUSDT", "94", after_ms=3_000)
        await asyncio.sleep(0.03)
        assert shell.vigil.last("BTCUSDT").id == quiet.id
        missed = PriceTick(
            "USDTBRL", shell.feed.last["USDTBRL"].id + 1, "110", crossing.time_ms - 2_000
        )
        assert shell.monitor.on_tick(missed)
        shell.feed.last["USDTBRL"] = missed
        shell.feed.dead.clear()
        await until(lambda: shell.kinds(TradeExited))
        fill = shell.kinds(TradeExited)[0].effect.fill
        assert (fill.print_id, fill.rate) == (crossing.id, 110)


async def test_a_stop_waits_for_a_dead_rate_no_longer_than_its_patience(store):
    owner = store.add_owner("100000", "BRL")
    async with open_shell("BTCUSDT", "USDTBRL", store=store) as shell:
        await converted(shell, owner)
        shell.feed.dead.add("USDTBRL")
        shell.print("BTCUSDT", "94", after_ms=3_000)
        await asyncio.sleep(0.03)
        assert not shell.kinds(TradeExited)
        shell.clock.advance(10)
        await until(lambda: shell.kinds(TradeExited))
        assert shell.kinds(TradeExited)[0].effect.fill.rate == 100
        assert shell.vigil.rates_of("BTCUSDT") == ()
