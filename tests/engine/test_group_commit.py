"""The queue to the store: in order, each once, whatever the store answers."""

import asyncio
from typing import Any

import pytest

from engine.clock import ManualClock
from engine.core.effects import AccountReset
from engine.group_commit import CommitConfig, GroupCommit
from engine.ports import Fenced, OutcomeUnknown, Ruling, StoreUnavailable, Verdict
from engine.reach import rests_on, subjects
from tests.support.effects import (
    Owner,
    checkpoint,
    close_order,
    decided,
    entry_order,
    exited,
    opened,
    placed,
)
from tests.support.twin_store import TwinStore

OWNER = Owner(1, 2)
APPLIED = Ruling(Verdict.APPLIED)


class ScriptedStore(TwinStore):
    """Answers each commit by its script; after the script's end it stores."""

    def __init__(self, *script: Any) -> None:
        super().__init__()
        self.script = list(script)
        self.sent: list[Any] = []

    async def commit(self, batch):
        self.sent.append(batch)
        await asyncio.sleep(0)
        if self.script and (error := self.script.pop(0)) is not None:
            raise error
        return [APPLIED for _ in batch.effects]


def orders(*ids):
    return decided(*(placed(entry_order(OWNER, one)) for one in ids))


async def committed(store: Any, *puts, **config):
    """Queue `(effects, checkpoint)` pairs and return the ids published, in order."""
    published: list[int] = []

    def publish(one: Any, _ruling: Ruling) -> None:
        published.append(one.effect.order.id)

    settings = CommitConfig(retry_seconds_min=0.001, retry_seconds_max=0.004, **config)
    commits = GroupCommit(
        store,
        7,
        publish,
        ManualClock(),
        settings,
    )
    for effects, place in puts:
        commits.put(effects, place)
    async with asyncio.TaskGroup() as group:
        running = group.create_task(commits.run())
        async with asyncio.timeout(3):
            await commits.drained()
        running.cancel()
    assert commits.effects_queued == 0
    return published


async def test_what_is_queued_together_is_stored_together_and_published_in_order():
    store = ScriptedStore()
    assert await committed(store, (orders(1, 2), None), (orders(3), checkpoint())) == [1, 2, 3]
    (batch,) = store.sent
    assert (batch.epoch, len(batch.effects), len(batch.checkpoints)) == (7, 3, 1)


async def test_a_large_queue_is_cut_and_a_place_never_travels_before_what_it_completes():
    store = ScriptedStore()
    puts = [(orders(1, 2, 3), checkpoint(last_id=120)), (orders(4), checkpoint(last_id=121))]
    assert await committed(store, *puts, batch_effects_max=2) == [1, 2, 3, 4]
    stored = [[place.last_id for place in batch.checkpoints] for batch in store.sent]
    assert stored == [[], [121]]
    assert [len(batch.effects) for batch in store.sent] == [2, 2]


async def test_places_right_behind_a_full_batch_travel_with_it():
    store = ScriptedStore()
    puts = [(orders(1, 2), checkpoint()), ((), checkpoint("ETHUSDT"))]
    await committed(store, *puts, batch_effects_max=2)
    (batch,) = store.sent
    assert {place.symbol for place in batch.checkpoints} == {"BTCUSDT", "ETHUSDT"}


@pytest.mark.parametrize("error", [OutcomeUnknown("reply lost"), StoreUnavailable("away")])
async def test_the_very_same_batch_is_sent_until_its_fate_is_known(error):
    store = ScriptedStore(error, error, error)
    assert await committed(store, (orders(1, 2), checkpoint())) == [1, 2]
    assert len(store.sent) == 4
    assert all(batch is store.sent[0] for batch in store.sent)


async def test_being_fenced_ends_the_writing_and_publishes_nothing():
    store, published = ScriptedStore(Fenced("epoch 8")), []
    commits = GroupCommit(store, 7, lambda *one: published.append(one), ManualClock())
    commits.put(orders(1))
    with pytest.raises(Fenced):
        await commits.run()
    assert published == []


async def test_the_time_that_the_store_owes_an_answer_is_known_even_while_it_is_frozen():
    clock, frozen = ManualClock(), asyncio.Event()

    class Frozen(ScriptedStore):
        async def commit(self, batch):
            await frozen.wait()
            return await super().commit(batch)

    commits = GroupCommit(Frozen(), 7, lambda *_: None, clock)
    commits.put(orders(1))
    async with asyncio.TaskGroup() as group:
        running = group.create_task(commits.run())
        await asyncio.sleep(0.01)
        clock.advance(4)
        assert (commits.waiting_seconds, commits.is_failing) == (4, False)
        frozen.set()
        await commits.drained()
        assert commits.waiting_seconds == 0
        running.cancel()


async def test_room_ends_at_the_capacity_and_comes_back_with_a_purge():
    commits = GroupCommit(ScriptedStore(), 7, print, ManualClock(), CommitConfig(capacity=2))
    commits.put(orders(1))
    assert commits.has_room
    commits.put(orders(2))
    assert not commits.has_room
    assert [subjects(one.effect) for one in commits.purge({2})] == [{2}]
    assert commits.has_room


async def test_a_purge_takes_what_rests_on_what_it_takes_and_leaves_the_rest():
    commits = GroupCommit(ScriptedStore(), 7, print, ManualClock())
    opening = opened(entry_order(OWNER, 1))
    other = placed(entry_order(OWNER, 9))
    closing = placed(close_order(opening.trade, 5))
    exit_ = exited(opening.trade, "49000", order_id=5)
    commits.put(decided(opening, other, closing, exit_), checkpoint())
    voided = commits.purge({1})
    assert [one.effect for one in voided] == [opening, closing, exit_]
    assert commits.effects_queued == 1
    assert commits.purge({1}) == []


def test_an_effect_reaches_what_it_changes_and_rests_on_what_it_needs():
    opening = opened(entry_order(OWNER, 1))
    closing = placed(close_order(opening.trade, 5))
    exit_ = exited(opening.trade, "49000", order_id=5)
    reset = AccountReset("k", 1, 2, "USDT", opening.trade.quantity, 0, (exit_,), (8,))
    assert subjects(opening) == rests_on(opening) == {1}
    assert (subjects(closing), rests_on(closing)) == ({5}, {5, 1})
    assert subjects(exit_) == {1, 5}
    assert subjects(reset) == {1, 8}
