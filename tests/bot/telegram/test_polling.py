"""What is taken is held back for a while, and how long to wait after what went wrong."""

import asyncio
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TimedOut

from bot.surfaces.telegram.lanes import LANE_MAX, WAITING_MAX, Lanes
from bot.surfaces.telegram.polling import Held, Inbox, Pace, Pauses, Poller
from bot.surfaces.telegram.rooms import KEPT_MAX, Recent
from bot.surfaces.telegram.wire import WireBot
from bot.views import PlatformState
from engine.clock import ManualClock
from tests.bot.telegram.scene import QUICK, until


def test_nothing_is_confirmed_before_it_was_served():
    held = Held(ManualClock())
    assert held.offset == 0
    assert [held.take(number) for number in (5, 6, 7, 6)] == [True, True, True, False]
    assert held.offset == 5
    held.served(6)
    assert held.offset == 5
    held.served(5)
    assert held.offset == 7
    held.served(7)
    assert (held.offset, bool(held)) == (8, False)


def test_what_takes_long_is_confirmed_all_the_same():
    clock = ManualClock()
    held = Held(clock)
    held.take(5)
    clock.advance(9)
    held.take(6)
    assert held.offset == 5
    clock.advance(2)
    assert (held.offset, bool(held)) == (6, True)
    clock.advance(9)
    assert (held.offset, bool(held)) == (7, False)


def test_no_more_is_held_than_leaves_room_for_news():
    held = Held(ManualClock())
    for number in range(1, 100):
        held.take(number)
        if number > 1:
            held.served(number)
    assert held.offset == 100
    for number in range(100, 200):
        held.take(number)
    assert held.offset == 150


def test_after_a_long_silence_any_number_may_come():
    held = Held(ManualClock())
    held.take(500)
    held.forget()
    assert not held.take(3)
    held.served(500)
    held.forget()
    assert held.offset == 0
    assert held.take(3)


@pytest.mark.parametrize(
    ("error", "state", "least", "most"),
    [
        (InvalidToken(), PlatformState.BAD_TOKEN, 60, 120),
        (Conflict("x"), PlatformState.OTHER_POLLER, 1.5, 3),
        (RetryAfter(timedelta(seconds=7)), PlatformState.AWAY, 7, 7),
        (NetworkError("x"), PlatformState.AWAY, 0.25, 0.5),
        (TimedOut(), PlatformState.AWAY, 0.25, 0.5),
        (ValueError(), PlatformState.AWAY, 0.25, 0.5),
    ],
)
def test_how_long_to_wait_after_what(error, state, least, most):
    told, pause = Pauses(Pace()).after(error)
    assert told is state
    assert least <= pause <= most


def test_pauses_grow_up_to_a_limit_and_begin_anew():
    pauses = Pauses(Pace())
    grown = [pauses.after(TimedOut())[1] for _ in range(12)]
    assert 15 <= grown[-1] <= 30
    pauses.reset()
    assert pauses.after(TimedOut())[1] <= 0.5


async def test_a_webhook_of_another_program_is_taken_down():
    told: list[Any] = []

    class Bot:
        deleted = 0

        async def raw_updates(self, offset: int, seconds: int, limit: int = 100) -> list[Any]:
            if self.deleted < 2:
                raise Conflict("can't use getUpdates method while webhook is active")
            await asyncio.sleep(60)
            return []

        async def delete_webhook(self) -> None:
            self.deleted += 1
            if self.deleted == 1:
                raise NetworkError("x")

    async def nothing() -> None:
        return

    bot = Bot()
    inbox = Inbox(lambda *_: None, nothing)
    poller = Poller(
        cast("WireBot", bot), inbox, ManualClock(), QUICK, lambda *state: told.append(state)
    )
    running = asyncio.create_task(poller.run(nothing))
    await until(lambda: bot.deleted == 2)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert told[0] == (PlatformState.OTHER_POLLER, "Conflict")


async def test_an_hour_of_silence_lets_any_number_come():
    clock = ManualClock()
    asked: list[int] = []
    batches = [[{"update_id": 900}], [], [{"update_id": 3}]]
    taken: list[int] = []

    async def raw_updates(offset: int, seconds: int, limit: int = 100) -> list[Any]:
        asked.append(offset)
        clock.advance(4_000)
        if not batches:
            await asyncio.sleep(60)
        return batches.pop(0)

    async def nothing() -> None:
        return

    def put(update: Any, done: Any) -> None:
        taken.append(update["update_id"])
        done()

    bot = cast("WireBot", SimpleNamespace(raw_updates=raw_updates))
    poller = Poller(bot, Inbox(put, nothing), clock, QUICK, lambda *_: None)
    running = asyncio.create_task(poller.run(nothing))
    await until(lambda: taken == [900, 3])
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert asked[:3] == [0, 901, 0]


async def test_a_full_house_takes_no_more_until_somebody_was_served():
    gate = asyncio.Event()

    async def work(event: int, passed: Any) -> None:
        await gate.wait()

    lanes: Lanes[int] = Lanes(work)
    served: list[int] = []
    for number in range(WAITING_MAX):
        lanes.put(number, number, lambda number=number: served.append(number))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await lanes.has_room()
    gate.set()
    async with asyncio.timeout(2):
        await lanes.has_room()
    await lanes.finish(2)
    assert len(served) == WAITING_MAX


async def test_a_crowded_lane_drops_what_comes_and_the_end_cuts_off_what_is_left():
    async def work(event: int, passed: Any) -> None:
        await asyncio.sleep(60)

    lanes: Lanes[int] = Lanes(work)
    done: list[int] = []
    for number in range(LANE_MAX + 5):
        lanes.put("one", number, lambda number=number: done.append(number))
    await asyncio.sleep(0)
    await lanes.finish(0.02)
    assert done == list(range(LANE_MAX, LANE_MAX + 5))


def test_answers_are_kept_for_a_while_and_for_a_bounded_crowd():
    clock = ManualClock()
    recent = Recent(clock, 60)
    assert recent.get("a") is None
    assert recent.put("a", answer=True)
    clock.advance(59)
    assert recent.get("a") is True
    clock.advance(2)
    assert recent.get("a") is None
    for number in range(KEPT_MAX + 1):
        recent.put(number, answer=False)
    assert recent.get(0) is None
    assert recent.get(1) is False
    recent.drop(1)
    assert recent.get(1) is None
