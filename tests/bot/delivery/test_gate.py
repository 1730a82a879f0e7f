"""The gate in a running loop: turns in order, places freed, and no long block."""

import asyncio
import time

import pytest

from bot.delivery.courier import Budget, Priority
from bot.delivery.gate import Gate
from bot.delivery.turns import Crowded, Resting
from engine.clock import SystemClock

QUICK = Budget(per_second=200, chat_per_second=1, chat_burst=1)


def gate_of(budget: Budget = QUICK, waiters_max: int = 50_000) -> Gate:
    return Gate(budget, SystemClock(), waiters_max)


async def test_a_turn_that_is_free_is_given_at_once():
    gate = gate_of()
    began = time.perf_counter()
    await gate.turn("1", Priority.ALERT)
    assert time.perf_counter() - began < 0.05
    assert (gate.queued, gate.granted_count) == (0, 1)


async def test_an_exit_overtakes_whoever_waits_and_nobody_goes_over_the_budget():
    gate, order, times = gate_of(), [], []

    async def send(name: str, priority: Priority) -> None:
        await gate.turn(name, priority)
        order.append(name)
        times.append(time.monotonic())

    async with asyncio.TaskGroup() as group:
        for number in range(60):
            group.create_task(send(f"alert {number}", Priority.ALERT))
        await asyncio.sleep(0)
        group.create_task(send("exit", Priority.EXIT))
    assert order.index("exit") <= 12
    assert order[:4] == [f"alert {number}" for number in range(4)]
    assert times[-1] - times[0] >= (61 - 4) / 200 - 0.005
    assert gate.queued == 0


async def test_who_is_canceled_frees_his_place_and_delays_nobody():
    gate = gate_of(waiters_max=2)
    await gate.turn("1", Priority.ALERT)
    first = asyncio.create_task(gate.turn("1", Priority.ALERT))
    second = asyncio.create_task(gate.turn("1", Priority.ALERT))
    await asyncio.sleep(0)
    with pytest.raises(Crowded):
        await gate.turn("2", Priority.ALERT)
    first.cancel()
    await asyncio.wait({first})
    await gate.turn("2", Priority.ALERT)
    assert gate.queued == 1
    await asyncio.wait_for(second, 3)


async def test_a_live_edit_gives_its_place_to_an_exit_and_is_told_so():
    gate = gate_of(waiters_max=1)
    gate.hold("", 0.1)
    edit = asyncio.create_task(gate.turn("1", Priority.LIVE))
    await asyncio.sleep(0)
    await gate.turn("2", Priority.EXIT)
    with pytest.raises(Crowded):
        await edit


async def test_a_held_chat_waits_alone_and_a_held_platform_waits_whole():
    gate = gate_of()
    gate.hold("1", 30)
    assert 29 < gate.rest_seconds("1") <= 30
    assert gate.rest_seconds("2") == 0
    held = asyncio.create_task(gate.turn("1", Priority.EXIT))
    await asyncio.wait_for(gate.turn("2", Priority.BROADCAST), 1)
    assert not held.done()
    began = time.monotonic()
    gate.hold("", 0.1)
    await asyncio.wait_for(gate.turn("3", Priority.EXIT), 1)
    assert time.monotonic() - began >= 0.099
    held.cancel()
    await asyncio.wait({held})
    assert gate.queued == 0


async def test_who_will_not_wait_for_a_chats_rest_is_told_of_it_at_once():
    gate = gate_of(Budget(per_second=5, chat_per_second=1, chat_burst=1))
    for number in range(4):
        await gate.turn(f"busy {number}", Priority.EXIT)
    first, second = (
        asyncio.create_task(gate.turn("1", Priority.ALERT, patience=0.3)) for _ in range(2)
    )
    await asyncio.sleep(0)
    assert gate.queued == 2, "the queue of all is waited for"
    await asyncio.wait_for(first, 2)
    with pytest.raises(Resting) as resting:
        await asyncio.wait_for(second, 0.1)
    assert 0.3 < resting.value.seconds <= 1
    with pytest.raises(Resting):
        await gate.turn("1", Priority.EXIT, patience=0.3)
    hurried = asyncio.create_task(gate.turn("2", Priority.ALERT, patience=5))
    patient = asyncio.create_task(gate.turn("2", Priority.ALERT))
    await asyncio.sleep(0)
    gate.hold("2", 30)
    with pytest.raises(Resting):
        await asyncio.wait_for(hurried, 0.1)
    assert not patient.done()
    patient.cancel()
    await asyncio.wait({patient})
    assert gate.queued == 0


async def test_fifty_thousand_waiters_never_block_the_loop():
    gate = gate_of(Budget(per_second=500, chat_per_second=1, chat_burst=1))
    tasks = []
    for number in range(50_000):
        tasks.append(asyncio.create_task(gate.turn(str(number), Priority(number % 5))))
        if number % 100 == 0:
            await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert gate.queued + gate.granted_count == 50_000
    assert gate.queued > 25_000
    before = gate.granted_count
    worst = 0.0
    until = time.perf_counter() + 1
    while (now := time.perf_counter()) < until:
        await asyncio.sleep(0)
        worst = max(worst, time.perf_counter() - now)
    granted = gate.granted_count - before
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert gate.queued == 0
    assert granted > 50
    assert worst < 0.5
