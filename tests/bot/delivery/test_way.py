"""The way out: what is tried again, for how long, and what is raised at once."""

import asyncio

import pytest

from bot.delivery import way as way_module
from bot.delivery.courier import Budget, Gone, Handle, Priority, TryLater, Unreachable, Unsendable
from bot.delivery.gate import Gate
from bot.delivery.way import GatedWay, NoTurn, is_group, make_way
from bot.messages import Message
from engine.clock import SystemClock
from tests.bot.delivery.scene import QUICK, ListCourier

HELLO = Message(lines=("hello",))
HANDLE = Handle(platform="telegram", chat_id="1", message_id="5")


@pytest.fixture
def way(monkeypatch) -> GatedWay:
    monkeypatch.setattr(way_module, "PAUSE_SECONDS", 0.01)
    return GatedWay({"telegram": Gate(QUICK, SystemClock())}, SystemClock())


@pytest.fixture
def courier() -> ListCourier:
    return ListCourier("telegram")


async def test_an_answer_outlives_a_platform_that_does_not_answer(way, courier):
    courier.script["1"] = [Unreachable("down"), Unreachable("down"), TryLater(0.05)]
    handle = await way.send(courier, "1", HELLO, Priority.ANSWER, nonce="n")
    assert (handle.chat_id, courier.calls) == ("1", 4)
    assert courier.sent == [("1", "hello", "n")]


@pytest.mark.parametrize(
    ("error", "priority"),
    [
        (Unreachable("lost", is_unknown=True), Priority.ANSWER),
        (Unreachable("down"), Priority.ALERT),
        (Gone("blocked"), Priority.ANSWER),
        (Unsendable("too long"), Priority.ANSWER),
    ],
)
async def test_what_must_not_or_need_not_be_repeated_is_raised(way, courier, error, priority):
    courier.script["1"] = [error]
    with pytest.raises(type(error)):
        await way.send(courier, "1", HELLO, priority)
    assert courier.calls == 1


async def test_an_edit_is_repeated_even_when_it_may_have_arrived(way, courier):
    courier.script["1"] = [Unreachable("lost", is_unknown=True)]
    await way.edit(courier, HANDLE, HELLO, Priority.ANSWER)
    assert [message for _, message in courier.edits] == [HELLO, HELLO]


async def test_an_answer_is_given_up_when_the_pause_is_longer_than_its_time(way, courier):
    courier.script["1"] = [TryLater(61)]
    with pytest.raises(TryLater):
        await way.send(courier, "1", HELLO, Priority.ANSWER)
    assert way.gate("telegram").rest_seconds("1") > 60


async def test_a_platform_that_wants_a_pause_gets_it_from_everybody(way, courier):
    courier.script["2"] = [TryLater(30, is_global=True)]
    waiting = asyncio.create_task(way.send(courier, "2", HELLO, Priority.LIVE))
    await asyncio.sleep(0.05)
    assert way.gate("telegram").rest_seconds("3") > 29
    with pytest.raises(NoTurn):
        await way.turn(courier, "3", Priority.EXIT, 0.02)
    waiting.cancel()
    await asyncio.wait({waiting})
    assert way.gate("telegram").queued == 0


async def test_an_answer_gives_up_in_the_end(way, courier, monkeypatch):
    monkeypatch.setattr(way_module, "ANSWER_SECONDS", 0.1)
    courier.is_down = True
    with pytest.raises(Unreachable):
        await way.send(courier, "1", HELLO, Priority.ANSWER)
    assert 2 <= courier.calls <= 6


async def test_a_network_error_that_slipped_through_may_have_arrived(way, courier):
    async def broken(*_: object, **__: object) -> Handle:
        raise ConnectionResetError("bot123:secret")

    courier.send = courier.edit = broken
    for attempt in (
        way.send_now(courier, "1", HELLO),
        way.edit_now(courier, HANDLE, HELLO),
    ):
        with pytest.raises(Unreachable) as raised:
            await attempt
        assert (raised.value.reason, raised.value.is_unknown) == ("ConnectionResetError", True)


async def test_a_held_edit_waits_for_its_chat(way, courier):
    courier.script["1"] = [TryLater(0.1)]
    began = asyncio.get_running_loop().time()
    await way.edit(courier, HANDLE, HELLO, Priority.LIVE)
    assert asyncio.get_running_loop().time() - began >= 0.1


async def test_both_platforms_have_a_gate_with_their_own_budget():
    way = make_way(SystemClock())
    assert isinstance(way.gate("discord").budget, Budget)
    assert way.gate("telegram").budget.group_per_minute == 18
    assert (is_group("-100123"), is_group("123")) == (True, False)
