"""Live lists: fresh while somebody looks, silent while nothing changes, ended in time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec.structs import replace

from bot.conversation.said import Room
from bot.delivery.courier import Budget, Gone, Handle, TryLater, Unreachable, Unsendable
from bot.delivery.gate import Gate
from bot.delivery.live import HANDS, LiveLists, LiveParts, without_time
from bot.delivery.way import GatedWay
from bot.grammar.requests import ListTrades
from bot.messages import Message
from bot.use_cases.house_books import LiveRecord
from engine.clock import SystemClock
from engine.ports import StoreUnavailable
from tests.bot.delivery.scene import QUICK, ListCourier

PACE = 0.05


class ListTalk:
    """A talk whose list shows a price that the test sets; its last line tells the time."""

    def __init__(self, person: str = "1", *, is_private: bool = True) -> None:
        self.identity: Any = SimpleNamespace(id=person)
        self.room = Room(id=person, is_private=is_private)
        self.words: Any = None
        self.price = "100"
        self.looks = 0
        self.is_live = True

    async def look(self, _: object) -> Message:
        self.looks += 1
        return Message(lines=(self.price, f"live {self.looks}"), is_live=self.is_live)


class Records:
    """The house's live lists, in memory."""

    def __init__(self) -> None:
        self.records: dict[str, LiveRecord] = {}
        self.is_away = False

    async def save_live(self, record: LiveRecord) -> None:
        self._answer()
        self.records[record.message_id] = record

    async def end_live(self, platform: str, chat_id: str, message_id: str) -> None:
        self._answer()
        self.records.pop(message_id, None)

    async def live(self, platform: str) -> list[LiveRecord]:
        return [one for one in self.records.values() if one.platform == platform]

    def _answer(self) -> None:
        if self.is_away:
            raise StoreUnavailable("away")


def ended(message: Message, _: object) -> Message:
    return Message(lines=(message.lines[0], "ended"))


class Stage:
    """A live board over a platform that is a list."""

    def __init__(self, budget: Budget = QUICK, lists_max: int = 50) -> None:
        self.courier = ListCourier("telegram")
        self.house: Any = Records()
        clock = SystemClock()
        self.way = GatedWay({"telegram": Gate(budget, clock)}, clock)
        self.parts = LiveParts(
            way=self.way, house=self.house, clock=clock, ended=ended, lists_max=lists_max
        )
        self.lists = LiveLists(self.parts, ("telegram",))

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        self.lists.attach("telegram", self.courier)
        task = asyncio.create_task(self.lists.run())
        try:
            yield
            assert not task.done(), task.exception()
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def watch(self, talk: Any, message_id: str = "5", **handle: Any) -> Handle:
        shown = await talk.look(None)
        chat_id = handle.pop("chat_id", talk.identity.id)
        known = Handle(platform="telegram", chat_id=chat_id, message_id=message_id, **handle)
        await self.lists.watch(known, talk, ListTrades(), shown)
        return known

    def texts(self, message_id: str = "5") -> list[str]:
        edits = self.courier.edits
        return ["|".join(message.lines) for of, message in edits if of == message_id]

    async def until_kept(self, count: int) -> None:
        async with asyncio.timeout(5):
            while True:
                if len(self.lists) == count:
                    return
                await asyncio.sleep(0.005)

    async def until_edits(self, count: int, message_id: str = "5") -> list[str]:
        async with asyncio.timeout(5):
            while True:
                if len(self.texts(message_id)) >= count:
                    return self.texts(message_id)
                await asyncio.sleep(0.005)


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    stage = Stage()
    async with stage.running():
        yield stage


async def test_a_list_is_refreshed_when_it_changed_and_only_then(stage: Stage):
    talk = ListTalk()
    await stage.watch(talk)
    await asyncio.sleep(4 * PACE)
    assert talk.looks > 2
    assert stage.texts() == [], "a new time alone is no news"
    talk.price = "101"
    assert (await stage.until_edits(1))[0].startswith("101|live")
    await asyncio.sleep(3 * PACE)
    assert len(stage.texts()) == 1


async def test_a_list_ends_by_itself_with_a_way_to_go_on():
    stage = Stage(Budget(per_second=500, chat_per_second=500, chat_burst=500, live_minutes=0.005))
    async with stage.running():
        await stage.watch(ListTalk())
        assert list(stage.house.records) == ["5"]
        assert await stage.until_edits(1) == ["100|ended"]
        await asyncio.sleep(PACE)
    assert (len(stage.lists), stage.house.records) == (0, {})


async def test_what_can_soon_not_be_edited_any_more_ends_before(stage: Stage):
    now_ms = stage.parts.clock.now_ms()
    talk = ListTalk()
    await stage.watch(talk, token="t", until_ms=now_ms + 15_100)
    assert stage.house.records == {}, "a handle with a secret is not stored"
    assert await stage.until_edits(1) == ["100|ended"]


async def test_a_new_list_of_the_same_person_in_the_same_room_ends_the_old(stage: Stage):
    talk, other = ListTalk(), ListTalk("2")
    await stage.watch(talk, "5")
    await stage.watch(other, "6")
    await stage.watch(talk, "7")
    assert await stage.until_edits(1, "5") == ["100|ended"]
    await asyncio.sleep(PACE)
    assert sorted(stage.house.records) == ["6", "7"]
    assert len(stage.lists) == 2
    await stage.watch(talk, "7")
    await asyncio.sleep(2 * PACE)
    assert stage.texts("7") == [], "the same message watched again goes on in silence"


async def test_a_list_that_was_left_is_never_edited_again(stage: Stage):
    talk = ListTalk()
    handle = await stage.watch(talk)
    talk.price = "101"
    await stage.lists.leave(handle)
    await asyncio.sleep(3 * PACE)
    assert (stage.texts(), len(stage.lists), stage.house.records) == ([], 0, {})
    await stage.lists.leave(handle)


@pytest.mark.parametrize("error", [Gone("blocked"), Unsendable("message to edit not found")])
async def test_a_message_that_is_gone_is_forgotten(stage: Stage, error):
    talk = ListTalk()
    stage.courier.script["1"] = [error]
    await stage.watch(talk)
    talk.price = "101"
    await stage.until_kept(0)
    assert stage.courier.calls == 1


async def test_a_pause_or_a_failure_only_delays_its_own_list(stage: Stage):
    ana, bob = ListTalk("1"), ListTalk("2")
    stage.courier.script["1"] = [TryLater(0.6), Unreachable("down")]
    await stage.watch(ana, "5")
    await stage.watch(bob, "6")
    ana.price = bob.price = "101"
    assert len(await stage.until_edits(1, "6")) == 1
    ana.price = "102"
    assert (await stage.until_edits(1, "5"))[0].startswith("102"), "a superseded edit never exists"


async def test_a_hiccup_is_not_shown_but_an_empty_list_is(stage: Stage):
    talk: Any = ListTalk()
    looked, is_first = talk.look, iter([True])

    async def look(request: object) -> Message:
        message = await looked(request)
        is_hiccup = talk.looks > 2 and next(is_first, False)
        return Message(lines=("away", "x")) if is_hiccup else message

    talk.look = look
    await stage.watch(talk)
    await asyncio.sleep(6 * PACE)
    assert stage.texts() == []
    talk.is_live, talk.price = False, "none open"
    assert (await stage.until_edits(1))[0].startswith("none open")


async def test_lists_of_the_process_before_go_on_or_end():
    first = Stage()
    async with first.running():
        await first.watch(ListTalk("1"), "5")
        await first.watch(ListTalk("2"), "6")
    second = Stage()
    second.house.records = dict(first.house.records)
    second.house.records["6"] = replace(first.house.records["6"], until_ms=1)
    talks: Any = SimpleNamespace(
        identity=lambda platform, person, *_: SimpleNamespace(id=person),
        of=lambda identity, room: ListTalk(identity.id),
    )
    async with second.running():
        await second.lists.resume("telegram", talks)
        await second.lists.resume("telegram", talks)
        assert (await second.until_edits(1, "5"))[0].startswith("100|live")
        assert await second.until_edits(1, "6") == ["100|ended"]
        await asyncio.sleep(PACE)
        assert list(second.house.records) == ["5"]


async def test_the_oldest_list_ends_when_there_are_too_many():
    stage = Stage(lists_max=3)
    async with stage.running():
        for number in range(5):
            await stage.watch(ListTalk(str(number)), f"m{number}")
        assert await stage.until_edits(1, "m0") == ["100|ended"]
        assert await stage.until_edits(1, "m1") == ["100|ended"]
        await asyncio.sleep(PACE)
        assert len(stage.lists) == 3
    stage.lists.attach("telegram", None)
    for number in range(20):
        await stage.watch(ListTalk(f"x{number}"), f"x{number}")
    assert len(stage.lists) <= 7, "what cannot even be ended is dropped"


async def test_a_database_that_is_away_stops_no_list(stage: Stage):
    stage.house.is_away = True
    talk = ListTalk()
    handle = await stage.watch(talk)
    talk.price = "101"
    await stage.until_edits(1)
    await stage.lists.leave(handle)
    assert len(stage.lists) == 0


async def test_many_lists_of_one_crowded_chat_hold_up_no_other_chats_list():
    slow = replace(QUICK, chat_per_second=0.5, chat_burst=1)
    stage = Stage(slow)
    async with stage.running():
        crowd = [ListTalk(str(number)) for number in range(HANDS + 2)]
        for talk in crowd:
            await stage.watch(talk, f"m{talk.identity.id}", chat_id="crowd")
        other = ListTalk("other")
        await stage.watch(other, "other")
        for talk in crowd:
            talk.price = "101"
        await asyncio.sleep(3 * PACE)
        other.price = "101"
        began = asyncio.get_running_loop().time()
        assert (await stage.until_edits(1, "other"))[0].startswith("101")
        assert asyncio.get_running_loop().time() - began < 1


async def test_a_pause_that_begins_while_lists_wait_for_their_turn_holds_no_hand():
    stage = Stage(replace(QUICK, per_second=10, chat_burst=2, chat_per_second=2))
    async with stage.running():
        gate = stage.way.gate("telegram")
        crowd = [ListTalk(str(number)) for number in range(HANDS)]
        for talk in crowd:
            await stage.watch(talk, f"m{talk.identity.id}", chat_id="crowd")
            talk.price = "101"
        gate.hold("", 4 * PACE)
        await asyncio.sleep(3 * PACE)
        gate.hold("crowd", 30)
        other = ListTalk("other")
        await stage.watch(other, "other")
        other.price = "101"
        began = asyncio.get_running_loop().time()
        await stage.until_edits(1, "other")
        assert asyncio.get_running_loop().time() - began < 2
        assert len(stage.lists) == HANDS + 1


async def test_a_defect_ends_its_own_list_only(stage: Stage):
    talk: Any = ListTalk("1")
    other = ListTalk("2")
    await stage.watch(talk, "5")
    await stage.watch(other, "6")

    async def look(_: object) -> Message:
        raise KeyError("a defect")

    talk.look = look
    other.price = "101"
    await stage.until_edits(1, "6")
    await stage.until_kept(1)


async def test_a_list_that_cannot_be_looked_up_now_is_looked_up_later(stage: Stage):
    talk: Any = ListTalk()
    looked, failures = talk.look, iter([True, True])
    await stage.watch(talk)

    async def look(request: object) -> Message:
        if next(failures, False):
            raise StoreUnavailable("away")
        return await looked(request)

    talk.look, talk.price = look, "101"
    assert (await stage.until_edits(1))[0].startswith("101")


async def test_nothing_is_edited_while_the_platform_is_away(stage: Stage):
    talk = ListTalk()
    await stage.watch(talk)
    stage.lists.attach("telegram", None)
    talk.price = "101"
    await asyncio.sleep(3 * PACE)
    assert stage.texts() == []
    stage.lists.attach("telegram", stage.courier)
    await stage.until_edits(1)


async def test_hundreds_of_refreshes_make_no_task_and_keep_nothing(stage: Stage):
    talks = [ListTalk(str(number)) for number in range(100)]
    for talk in talks:
        await stage.watch(talk, f"m{talk.identity.id}")
    await asyncio.sleep(2 * PACE)
    before = len(asyncio.all_tasks())
    agenda = stage.lists._platforms["telegram"].agenda
    for price in range(3):
        for talk in talks:
            talk.price = str(price)
        await asyncio.sleep(4 * PACE)
        assert len(asyncio.all_tasks()) == before
        assert len(agenda) <= 160
    assert stage.courier.calls >= 150


def test_two_messages_that_differ_in_their_time_only_are_the_same():
    one = Message(lines=("a", "14:00"), table=("t",), footer=("f", "14:00"))
    two = Message(lines=("a", "14:05"), table=("t",), footer=("f", "14:05"))
    other = Message(lines=("b", "14:05"), table=("t",), footer=("f", "14:05"))
    assert without_time(one) == without_time(two) != without_time(other)


async def test_before_the_end_of_the_process_lists_by_a_token_are_ended_and_no_others():
    stage = Stage()
    async with stage.running():
        await stage.watch(ListTalk(), "5", token="t")
        await stage.watch(ListTalk("2"), "6")
        stage.courier.script["3"] = [Unreachable("away")]
        await stage.watch(ListTalk("3"), "7", token="t")
        await stage.lists.part("telegram")
        assert len(stage.lists) == 1
        assert stage.texts("5") == ["100|ended"]
        assert stage.texts("6") == stage.texts("7") == []
        stage.lists.attach("telegram", None)
        await stage.lists.part("telegram")
