"""What every EngineStore owes the engine: run against Postgres and against the in-memory twin."""

from decimal import Decimal
from itertools import pairwise
from typing import Protocol

import msgspec
import pytest
from msgspec.structs import replace

from db.store.quotas import ARMED_ALERTS_MAX, OPEN_TRADES_MAX, WAITING_ENTRIES_MAX
from engine.core.commands import RefusalCode
from engine.core.effects import AccountReset, AlertEnded, Checkpoint, Segment
from engine.core.trade import Trade
from engine.ports import Batch, EngineStore, Fenced, Ruling, Verdict
from tests.support.effects import (
    T0_MS,
    Owner,
    alert_fired,
    alert_placed,
    alert_removed,
    canceled,
    checkpoint,
    close_order,
    decided,
    entry_order,
    exited,
    exits_set,
    failed,
    opened,
    placed,
    price_alert,
)

APPLIED, DUPLICATE, REFUSED = Verdict.APPLIED, Verdict.DUPLICATE, Verdict.REFUSED
VOID, CONFLICT = Verdict.VOID, Verdict.CONFLICT


class Bench(Protocol):
    """A store under test, with what stands around it."""

    @property
    def store(self) -> EngineStore: ...
    @property
    def epoch(self) -> int: ...

    async def owner(self, balance: str = "10000") -> Owner: ...
    async def raise_epoch(self) -> None: ...
    async def open_account(self, user_id: int) -> int: ...
    async def balance(self, account_id: int) -> Decimal: ...
    async def books(self, account_id: int) -> Decimal:
        """Return start + sum of the ledger, which must equal the balance."""
        ...


async def commit(bench: Bench, *effects, checkpoints=(), epoch: int | None = None) -> list[Ruling]:
    batch = Batch(epoch or bench.epoch, decided(*effects), checkpoints)
    return await bench.store.commit(batch)


def verdicts(rulings: list[Ruling]) -> list[Verdict]:
    return [ruling.verdict for ruling in rulings]


def balance_of(ruling: Ruling) -> Decimal:
    assert ruling.balance is not None
    return Decimal(ruling.balance)


async def open_trade(bench: Bench, owner: Owner, order_id: int = 1, **options: str) -> Trade:
    order = entry_order(owner, order_id)
    effect = opened(order, **options)
    assert verdicts(await commit(bench, placed(order), effect)) == [APPLIED, APPLIED]
    return effect.trade


async def lines(bench: Bench) -> list[Trade]:
    return [
        msgspec.json.decode(line, type=Trade)
        async for page in bench.store.open_trades()
        for line in page
    ]


class StoreContract:
    """The promises; a subclass gives the fixture `bench`."""

    async def test_an_entry_is_paid_and_can_be_loaded_as_it_was(self, bench):
        owner = await bench.owner()
        order = entry_order(owner, 1)
        effect = opened(order)
        rulings = await commit(bench, placed(order), effect)
        assert rulings[0] == Ruling(APPLIED)
        assert (rulings[1].verdict, rulings[1].number) == (APPLIED, 1)
        assert rulings[1].notice_id is not None
        assert balance_of(rulings[1]) == Decimal("9499.5")
        assert await bench.balance(owner.account_id) == Decimal("9499.5")
        assert await lines(bench) == [effect.trade]
        line = await bench.store.trade_line(1)
        assert msgspec.json.decode(line, type=Trade) == effect.trade
        assert await bench.store.waiting_orders() == []

    async def test_an_entry_that_the_balance_cannot_pay_is_refused_and_voids_what_follows(
        self, bench
    ):
        owner = await bench.owner("500")
        order = entry_order(owner, 1)
        effect = opened(order)
        rulings = await commit(bench, placed(order), effect, exited(effect.trade, "49000"))
        assert verdicts(rulings) == [APPLIED, REFUSED, VOID]
        assert rulings[1].notice_id is not None
        assert balance_of(rulings[1]) == 500, "what there was, for the sentence"
        assert await bench.balance(owner.account_id) == Decimal(500)
        assert await lines(bench) == []
        assert await bench.store.waiting_orders() == []
        assert await bench.store.trade_line(1) is None

    async def test_a_balance_that_is_just_enough_pays_to_the_last_digit(self, bench):
        owner = await bench.owner("500.5")
        await open_trade(bench, owner)
        assert await bench.balance(owner.account_id) == 0
        assert await bench.books(owner.account_id) == 0

    async def test_two_entries_of_one_account_are_paid_in_their_order(self, bench):
        owner = await bench.owner("600")
        first, second = entry_order(owner, 1), entry_order(owner, 2)
        rulings = await commit(bench, placed(first), placed(second), opened(first), opened(second))
        assert verdicts(rulings) == [APPLIED, APPLIED, APPLIED, REFUSED]
        assert await bench.books(owner.account_id) == await bench.balance(owner.account_id)

    async def test_an_exit_pays_before_the_entry_behind_it(self, bench):
        owner = await bench.owner("600")
        trade = await open_trade(bench, owner)
        second = entry_order(owner, 2)
        rulings = await commit(bench, placed(second), exited(trade, "51000"), opened(second))
        assert verdicts(rulings) == [APPLIED] * 3
        assert [ruling.number for ruling in rulings[1:]] == [1, 2]

    async def test_numbers_count_per_user(self, bench):
        ana, bob = await bench.owner(), await bench.owner()
        for order_id, owner, number in ((1, ana, 1), (2, bob, 1), (3, ana, 2)):
            order = entry_order(owner, order_id)
            rulings = await commit(bench, placed(order), opened(order))
            assert rulings[1].number == number

    async def test_a_trade_is_reduced_and_then_closed_once(self, bench):
        owner = await bench.owner()
        trade = await open_trade(bench, owner)
        half = exited(trade, "51000", quantity="0.005")
        rest = exited(half.trade, "49000")
        rulings = await commit(bench, half, rest)
        assert verdicts(rulings) == [APPLIED, APPLIED]
        assert await lines(bench) == []
        expected = 10_000 + Decimal(half.fill.pnl) + Decimal(rest.fill.pnl)
        assert await bench.balance(owner.account_id) == expected
        assert await bench.books(owner.account_id) == expected
        assert balance_of(rulings[1]) == expected

    async def test_a_second_close_of_the_same_trade_conflicts_and_pays_nothing(self, bench):
        owner = await bench.owner()
        trade = await open_trade(bench, owner)
        await commit(bench, exited(trade, "51000"))
        before = await bench.balance(owner.account_id)
        assert verdicts(await commit(bench, exited(trade, "52000"))) == [CONFLICT]
        assert await bench.balance(owner.account_id) == before

    async def test_an_exit_decided_on_an_old_revision_conflicts(self, bench):
        owner = await bench.owner()
        trade = await open_trade(bench, owner)
        await commit(bench, exits_set(trade, "49500", "k1"))
        stale = exited(trade, "49000", quantity="0.005")
        rulings = await commit(bench, stale, exited(stale.trade, "49000"))
        assert verdicts(rulings) == [CONFLICT, VOID]
        assert (await lines(bench))[0].stop_price == Decimal(49500)

    async def test_an_exit_that_skips_revisions_conflicts(self, bench):
        owner = await bench.owner()
        trade = await open_trade(bench, owner)
        ahead = exited(replace(trade, revision=4), "51000")
        assert verdicts(await commit(bench, ahead)) == [CONFLICT]
        assert await lines(bench) == [trade]

    async def test_an_exit_of_a_trade_that_is_closed_conflicts_at_any_revision(self, bench):
        owner = await bench.owner()
        trade = await open_trade(bench, owner)
        await commit(bench, exited(trade, "51000"))
        before = await bench.balance(owner.account_id)
        again = exited(replace(trade, revision=2), "51000")
        assert verdicts(await commit(bench, again)) == [CONFLICT]
        assert await bench.balance(owner.account_id) == before

    async def test_an_entry_is_not_paid_with_the_exit_behind_it(self, bench):
        owner = await bench.owner("600")
        trade = await open_trade(bench, owner)
        second = entry_order(owner, 2)
        await commit(bench, placed(second))
        rulings = await commit(bench, opened(second), exited(trade, "51000"))
        assert verdicts(rulings) == [REFUSED, APPLIED]

    async def test_an_entry_waits_for_the_exit_that_waits_for_an_edit(self, bench):
        owner = await bench.owner("600")
        trade = await open_trade(bench, owner)
        second = entry_order(owner, 2)
        await commit(bench, placed(second))
        moved = exits_set(trade, "49000", "k")
        rulings = await commit(bench, moved, exited(moved.trade, "51000"), opened(second))
        assert verdicts(rulings) == [APPLIED] * 3

    async def test_an_exit_of_somebody_elses_trade_conflicts(self, bench):
        ana, bob = await bench.owner(), await bench.owner()
        trade = await open_trade(bench, ana)
        stolen = replace(trade, user_id=bob.user_id, account_id=bob.account_id)
        assert verdicts(await commit(bench, exited(stolen, "51000"))) == [CONFLICT]
        assert await bench.balance(bob.account_id) == 10_000

    async def test_many_exits_of_one_account_in_one_batch_all_pay(self, bench):
        owner = await bench.owner()
        trades = [
            await open_trade(bench, owner, number, quantity="0.001") for number in range(1, 11)
        ]
        exits = [exited(trade, str(50_000 + trade.id)) for trade in trades]
        rulings = await commit(bench, *exits)
        assert verdicts(rulings) == [APPLIED] * 10
        running = [balance_of(ruling) for ruling in rulings]
        paid = [one.fill.amount - one.fill.fee for one in exits]
        assert [b - a for a, b in pairwise(running)] == paid[1:]
        assert running[-1] == await bench.balance(owner.account_id)
        assert running[-1] == await bench.books(owner.account_id)

    async def test_a_close_by_order_fills_the_order(self, bench):
        owner = await bench.owner()
        trade = await open_trade(bench, owner)
        order = close_order(trade, 7)
        await commit(bench, placed(order))
        assert await bench.store.waiting_orders() == [order]
        rulings = await commit(bench, exited(trade, "50500", order_id=7))
        assert verdicts(rulings) == [APPLIED]
        assert await bench.store.waiting_orders() == []

    async def test_an_exit_by_an_order_that_waits_no_more_conflicts(self, bench):
        owner = await bench.owner()
        trade = await open_trade(bench, owner)
        order = close_order(trade, 7)
        await commit(bench, placed(order), canceled(order, "k-cancel"))
        rulings = await commit(bench, exited(trade, "50500", order_id=7))
        assert verdicts(rulings) == [CONFLICT]
        assert await lines(bench) == [trade]

    async def test_the_same_batch_sent_again_gets_the_same_rulings(self, bench):
        owner = await bench.owner("1200")
        first, second, third = (entry_order(owner, number) for number in (1, 2, 3))
        one, two = opened(first), opened(second)
        half = exited(one.trade, "50500", quantity="0.005")
        moved = exits_set(half.trade, "49900", "k-exits")
        effects = [
            *(placed(first), placed(second), placed(third)),
            *(one, two, opened(third)),
            *(half, moved, exited(moved.trade, "49900")),
        ]
        rulings = await commit(bench, *effects, checkpoints=[checkpoint()])
        assert verdicts(rulings) == [APPLIED] * 5 + [REFUSED] + [APPLIED] * 3
        balance = await bench.balance(owner.account_id)
        assert await commit(bench, *effects, checkpoints=[checkpoint()]) == rulings
        assert await bench.balance(owner.account_id) == balance
        assert await bench.books(owner.account_id) == balance

    async def test_a_key_used_again_for_another_order_names_the_first(self, bench):
        owner = await bench.owner()
        first, second = entry_order(owner, 1), entry_order(owner, 2)
        await commit(bench, placed(first, "same"))
        rulings = await commit(bench, placed(second, "same"), opened(second))
        assert rulings == [Ruling(DUPLICATE, original_id=1), Ruling(VOID)]
        assert await bench.store.waiting_orders() == [first]

    async def test_a_key_used_twice_in_one_batch_counts_once(self, bench):
        owner = await bench.owner()
        first, second = entry_order(owner, 1), entry_order(owner, 2)
        rulings = await commit(bench, placed(first, "same"), placed(second, "same"))
        assert rulings == [Ruling(APPLIED), Ruling(DUPLICATE, original_id=1)]

    async def test_the_same_key_of_two_users_is_no_duplicate(self, bench):
        ana, bob = await bench.owner(), await bench.owner()
        rulings = await commit(
            bench, placed(entry_order(ana, 1), "same"), placed(entry_order(bob, 2), "same")
        )
        assert verdicts(rulings) == [APPLIED, APPLIED]

    async def test_a_level_set_twice_with_one_key_is_set_once(self, bench):
        owner = await bench.owner()
        trade = await open_trade(bench, owner)
        first = exits_set(trade, "49500", "same")
        second = exits_set(first.trade, "49600", "same")
        assert verdicts(await commit(bench, first)) == [APPLIED]
        rulings = await commit(bench, second, exited(second.trade, "49600"))
        assert rulings == [Ruling(DUPLICATE, original_id=trade.id), Ruling(VOID)]
        assert (await lines(bench))[0].stop_price == Decimal(49500)

    async def test_the_key_of_a_command_that_conflicted_can_be_used_again(self, bench):
        owner = await bench.owner()
        trade = await open_trade(bench, owner)
        wrong = exits_set(replace(trade, revision=7), "49000", "k")
        assert verdicts(await commit(bench, wrong)) == [CONFLICT]
        assert verdicts(await commit(bench, exits_set(trade, "49000", "k"))) == [APPLIED]

    async def test_an_order_ends_once_and_the_cancel_that_came_late_conflicts(self, bench):
        owner = await bench.owner()
        order = entry_order(owner, 1)
        assert verdicts(await commit(bench, placed(order), failed(order))) == [APPLIED, APPLIED]
        assert verdicts(await commit(bench, failed(order))) == [APPLIED], "our own, sent again"
        assert verdicts(await commit(bench, canceled(order, "k"))) == [CONFLICT]
        assert verdicts(await commit(bench, opened(order))) == [CONFLICT]
        assert await bench.balance(owner.account_id) == 10_000

    async def test_an_entry_without_a_stored_order_conflicts(self, bench):
        owner = await bench.owner()
        assert verdicts(await commit(bench, opened(entry_order(owner, 1)))) == [CONFLICT]
        assert await bench.balance(owner.account_id) == 10_000

    async def test_an_order_on_a_trade_that_is_not_open_conflicts(self, bench):
        owner = await bench.owner()
        trade = await open_trade(bench, owner)
        await commit(bench, exited(trade, "51000"))
        assert verdicts(await commit(bench, placed(close_order(trade, 7)))) == [CONFLICT]

    async def test_a_batch_of_an_old_epoch_is_fenced_and_leaves_nothing(self, bench):
        owner = await bench.owner()
        old = bench.epoch
        await bench.raise_epoch()
        order = entry_order(owner, 1)
        with pytest.raises(Fenced):
            await commit(bench, placed(order), opened(order), epoch=old)
        assert await bench.store.waiting_orders() == []
        assert await bench.balance(owner.account_id) == 10_000
        assert verdicts(await commit(bench, placed(order))) == [APPLIED]

    async def test_a_checkpoint_never_goes_back(self, bench):
        far, near = checkpoint(last_id=120), checkpoint(last_id=119, price="1")
        await commit(bench, checkpoints=[far])
        await commit(bench, checkpoints=[near, checkpoint("ETHUSDT", 5)])
        assert await bench.store.checkpoints() == [far, checkpoint("ETHUSDT", 5)]

    async def test_a_checkpoint_without_segment_prints_comes_back_as_it_was(self, bench):
        empty = Checkpoint("BTCUSDT", 120, "50000.10", T0_MS, 120)
        await commit(bench, checkpoints=[empty])
        assert await bench.store.checkpoints() == [empty]

    async def test_ends_of_segments_ahead_of_the_checkpoint_are_known(self, bench):
        owner = await bench.owner()
        order = entry_order(owner, 1)
        segment = Segment("BTCUSDT", 90, 100, Decimal(51000), Decimal(49000))
        behind = Checkpoint("BTCUSDT", 99, "50000", T0_MS, 90)
        await commit(bench, placed(order), checkpoints=[behind])
        await commit(bench, replace(opened(order), segment=segment))
        assert await bench.store.segment_cuts() == {"BTCUSDT": [100]}
        ahead = Checkpoint("BTCUSDT", 120, "50000", T0_MS, 100)
        await commit(bench, checkpoints=[ahead])
        assert await bench.store.segment_cuts() == {}

    async def test_a_segment_is_stored_once(self, bench):
        owner = await bench.owner()
        order = entry_order(owner, 1)
        segment = Segment("BTCUSDT", 90, 100, Decimal(51000), Decimal(49000))
        effect = replace(opened(order), segment=segment)
        assert verdicts(await commit(bench, placed(order), effect)) == [APPLIED, APPLIED]
        assert verdicts(await commit(bench, placed(order), effect)) == [APPLIED, APPLIED]

    async def test_ids_are_fresh_and_rise(self, bench):
        first, second = await bench.store.reserve_ids(3), await bench.store.reserve_ids(1000)
        assert (len(first), len(second)) == (3, 1000)
        assert second.start >= first.stop

    async def test_a_reset_closes_all_cancels_all_and_starts_anew(self, bench):
        owner = await bench.owner()
        trade = await open_trade(bench, owner)
        order = entry_order(owner, 2, "ETHUSDT")
        await commit(bench, placed(order))
        reset = _reset(owner, exits=(exited(trade, "51000"),), orders=(2,))
        rulings = await commit(bench, reset)
        assert verdicts(rulings) == [APPLIED]
        assert balance_of(rulings[0]) == 50_000
        assert await lines(bench) == []
        assert await bench.store.waiting_orders() == []
        assert await bench.books(owner.account_id) == await bench.balance(owner.account_id)
        assert await commit(bench, reset) == rulings, "our own, sent again"

    async def test_a_reset_that_overlooked_a_trade_does_nothing_at_all(self, bench):
        owner = await bench.owner()
        first = await open_trade(bench, owner, 1)
        second = await open_trade(bench, owner, 2)
        before = await bench.balance(owner.account_id)
        reset = _reset(owner, exits=(exited(first, "51000"),))
        assert verdicts(await commit(bench, reset)) == [CONFLICT]
        assert await lines(bench) == [first, second]
        assert await bench.balance(owner.account_id) == before

    async def test_a_reset_that_overlooked_an_order_does_nothing_at_all(self, bench):
        owner = await bench.owner()
        order = entry_order(owner, 1)
        await commit(bench, placed(order))
        assert verdicts(await commit(bench, _reset(owner))) == [CONFLICT]
        assert verdicts(await commit(bench, opened(order))) == [APPLIED]

    async def test_a_reset_with_a_wrong_exit_or_by_a_stranger_does_nothing_at_all(self, bench):
        ana, bob = await bench.owner(), await bench.owner()
        trade = await open_trade(bench, ana)
        stale = exited(replace(trade, revision=4), "51000")
        assert verdicts(await commit(bench, _reset(ana, exits=(stale,)))) == [CONFLICT]
        stolen = Owner(bob.user_id, ana.account_id)
        reset = _reset(stolen, exits=(exited(trade, "51000"),))
        assert verdicts(await commit(bench, reset)) == [CONFLICT]
        assert await lines(bench) == [trade]
        assert await bench.balance(ana.account_id) == await bench.books(ana.account_id)

    async def test_after_a_reset_the_old_account_is_closed_and_numbers_go_on(self, bench):
        owner = await bench.owner()
        trade = await open_trade(bench, owner)
        await commit(bench, _reset(owner, exits=(exited(trade, "51000"),)))
        old = entry_order(owner, 2)
        assert verdicts(await commit(bench, placed(old))) == [CONFLICT]
        renewed = Owner(owner.user_id, await bench.open_account(owner.user_id))
        order = entry_order(renewed, 3)
        rulings = await commit(bench, placed(order), opened(order))
        assert (verdicts(rulings), rulings[1].number) == ([APPLIED, APPLIED], 2)

    async def test_one_more_trade_than_may_be_open_is_refused_until_one_is_closed(self, bench):
        owner, other = await bench.owner("1000000"), await bench.owner()
        orders = [entry_order(owner, number) for number in range(1, OPEN_TRADES_MAX + 3)]
        effects = [opened(order, quantity="0.001") for order in orders]
        for at in range(0, OPEN_TRADES_MAX, 40):
            await commit(bench, *(placed(order) for order in orders[at : at + 40]))
            rulings = await commit(bench, *effects[at : at + 40])
            assert verdicts(rulings) == [APPLIED] * 40
        before = await bench.balance(owner.account_id)
        beyond, last = orders[-2:]
        refused = (placed(beyond), effects[-2], exits_set(effects[-2].trade, "49000", "k"))
        rulings = await commit(bench, *refused)
        assert verdicts(rulings) == [APPLIED, REFUSED, VOID]
        assert (rulings[1].balance, rulings[1].notice_id is None) == (None, False)
        assert await commit(bench, *refused) == rulings, "our own, sent again"
        assert await bench.balance(owner.account_id) == before
        assert await bench.store.waiting_orders() == []
        await open_trade(bench, other, 999)
        closing = exited(effects[0].trade, "51000")
        assert verdicts(await commit(bench, placed(last), closing, effects[-1])) == [APPLIED] * 3

    async def test_one_more_entry_than_may_wait_is_refused_but_never_a_close(self, bench):
        owner, other = await bench.owner(), await bench.owner()
        trade = await open_trade(bench, owner, 500)
        orders = [entry_order(owner, number) for number in range(1, WAITING_ENTRIES_MAX + 3)]
        one, more, close = entry_order(other, 400), orders[-1], close_order(trade, 600)
        await commit(bench, *(placed(order) for order in orders[:30]))
        rulings = await commit(bench, *(placed(order) for order in (*orders[30:], one, close)))
        assert verdicts(rulings) == [APPLIED] * (WAITING_ENTRIES_MAX - 30) + [REFUSED] * 2 + [
            APPLIED,
            APPLIED,
        ]
        assert rulings[-3] == Ruling(REFUSED)
        void = await commit(bench, placed(more, "again"), opened(more))
        assert verdicts(void) == [REFUSED, VOID]
        await commit(bench, canceled(orders[0], "k-cancel"))
        assert verdicts(await commit(bench, placed(more, "again"))) == [APPLIED], "the key is free"

    async def test_an_alert_is_armed_and_told_once(self, bench):
        owner = await bench.owner()
        alert = price_alert(owner, 1)
        assert await commit(bench, alert_placed(alert)) == [Ruling(APPLIED)]
        assert await bench.store.armed_alerts() == [alert]
        assert await bench.store.armed_alerts([2]) == []
        (ruling,) = await commit(bench, alert_fired(alert))
        assert ruling.verdict is APPLIED
        assert ruling.notice_id is not None
        assert await bench.store.armed_alerts() == []
        assert await commit(bench, alert_fired(alert)) == [ruling], "our own, sent again"
        assert verdicts(await commit(bench, alert_fired(alert, 102))) == [VOID]
        assert verdicts(await commit(bench, alert_removed(alert))) == [VOID]

    async def test_an_alert_that_is_set_and_reached_in_one_batch_is_told(self, bench):
        owner = await bench.owner()
        alert = price_alert(owner, 1)
        both = (alert_placed(alert), alert_fired(alert))
        rulings = await commit(bench, *both)
        assert verdicts(rulings) == [APPLIED, APPLIED]
        assert await commit(bench, *both) == rulings, "our own, sent again"

    async def test_an_alert_that_was_taken_back_is_not_told(self, bench):
        owner = await bench.owner()
        alert = price_alert(owner, 1)
        await commit(bench, alert_placed(alert))
        taken_back = [Ruling(APPLIED, notice_id=None)]
        assert await commit(bench, alert_removed(alert)) == taken_back
        assert await commit(bench, alert_removed(alert)) == taken_back, "our own, sent again"
        assert verdicts(await commit(bench, alert_fired(alert))) == [VOID]
        (again,) = await commit(bench, alert_removed(alert, "another-key"))
        assert again.verdict in (VOID, APPLIED)

    async def test_an_alert_on_a_dropped_symbol_is_told(self, bench):
        owner = await bench.owner()
        alert = price_alert(owner, 1)
        ended = AlertEnded(alert, RefusalCode.NOT_TRADING, T0_MS + 5000)
        rulings = await commit(bench, alert_placed(alert), ended)
        assert verdicts(rulings) == [APPLIED, APPLIED]
        assert rulings[1].notice_id is not None
        assert await commit(bench, ended) == rulings[1:]

    async def test_the_same_alert_and_one_more_than_may_be_are_refused(self, bench):
        ana, bob = await bench.owner(), await bench.owner()
        alerts = [price_alert(ana, at, f"{51_000 + at}") for at in range(1, ARMED_ALERTS_MAX + 2)]
        twin = price_alert(ana, 900, "51001.00")
        rulings = await commit(bench, *(alert_placed(one) for one in alerts[:-2]))
        assert set(verdicts(rulings)) == {APPLIED}
        assert verdicts(await commit(bench, alert_placed(twin))) == [REFUSED]
        last = (alert_placed(alerts[-2]), alert_placed(alerts[-1]), alert_fired(alerts[-1]))
        assert verdicts(await commit(bench, *last)) == [APPLIED, REFUSED, VOID]
        assert verdicts(await commit(bench, alert_placed(price_alert(bob, 901)))) == [APPLIED]
        await commit(bench, alert_fired(alerts[0]))
        assert verdicts(await commit(bench, alert_placed(alerts[-1]))) == [APPLIED]

    async def test_a_key_sets_one_alert(self, bench):
        owner = await bench.owner()
        first, second = price_alert(owner, 1), price_alert(owner, 2, "52000")
        await commit(bench, alert_placed(first, "k"))
        (ruling,) = await commit(bench, alert_placed(second, "k"))
        assert (ruling.verdict, ruling.original_id) == (DUPLICATE, 1)
        assert await bench.store.armed_alerts() == [first]

    async def test_an_effect_that_cannot_be_stored_conflicts_alone(self, bench):
        ana, bob = await bench.owner(), await bench.owner()
        good, bad = entry_order(ana, 1), entry_order(bob, 2, "ETHUSDT")
        broken = opened(bad)
        broken = replace(broken, fill=replace(broken.fill, print_price=Decimal(0)))
        await commit(bench, checkpoints=[checkpoint("ETHUSDT", 50)])
        rulings = await commit(
            bench,
            *(placed(good), placed(bad), broken, exited(broken.trade, "1"), opened(good)),
            checkpoints=[checkpoint("ETHUSDT", 99), checkpoint("BTCUSDT", 99)],
        )
        assert verdicts(rulings) == [APPLIED, APPLIED, CONFLICT, VOID, APPLIED]
        assert await bench.balance(bob.account_id) == 10_000
        places = {one.symbol: one.last_id for one in await bench.store.checkpoints()}
        assert places == {"BTCUSDT": 99, "ETHUSDT": 50}


def _reset(owner: Owner, exits=(), orders=()) -> AccountReset:
    return AccountReset(
        key="reset-key",
        user_id=owner.user_id,
        account_id=owner.account_id,
        currency="BRL",
        starting_balance=Decimal(50_000),
        at_ms=T0_MS + 9000,
        exits=exits,
        orders=orders,
    )
