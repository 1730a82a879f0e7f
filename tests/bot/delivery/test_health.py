"""What a host sees of the platforms and of the loop."""

import asyncio
import time

from bot.delivery.health import LagMeter, Platforms
from bot.views import PlatformState
from engine.clock import ManualClock, SystemClock


def test_a_state_keeps_the_moment_it_began_and_shows_what_waits():
    clock = ManualClock(now_ms=1_000)
    platforms = Platforms(clock, {"telegram": lambda: 7, "discord": lambda: 0})
    clock.advance(1)
    platforms.report("telegram", PlatformState.AWAY, "x" * 500)
    clock.advance(1)
    platforms.report("telegram", PlatformState.AWAY, "timed out")
    telegram, discord = platforms.rows()
    assert (telegram.state, telegram.since_ms, telegram.queued) == (PlatformState.AWAY, 2_000, 7)
    assert telegram.reason == "timed out"
    assert (discord.state, discord.since_ms) == (PlatformState.OFF, 1_000)


def test_the_worst_lag_is_forgotten_after_a_minute():
    meter = LagMeter(ManualClock())
    meter.note(0.2, 0.0)
    meter.note(0.1, 0.5)
    assert meter.worst_ms() == 200
    for second in range(1, 61):
        meter.note(0.001, float(second))
    assert meter.worst_ms() == 1


async def test_a_blocked_loop_is_measured():
    meter = LagMeter(SystemClock())
    task = asyncio.create_task(meter.run())
    await asyncio.sleep(0)
    time.sleep(0.4)
    await asyncio.sleep(0.05)
    task.cancel()
    await asyncio.wait({task})
    assert 100 <= meter.worst_ms() < 2_000
