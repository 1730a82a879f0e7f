"""`kill -9` of the engine at random moments, some of them in the middle of its own recovery."""

import asyncio
from dataclasses import dataclass, field
from statistics import median

from tests.campaign.oracle import Verdict
from tests.campaign.scene import Scene, Worker

ARMED_SECONDS_MAX = 30.0
HIT_RECOVERY = 0.3
"""The share of kills that do not wait until the engine is armed."""

STAY_DOWN = 0.1
"""The share of kills after which nobody is there for some seconds; their times are not counted."""


@dataclass
class Kills:
    """What a campaign of kills came to. `armed_ms`: from each kill to the vigil complete again."""

    verdict: Verdict = field(default_factory=Verdict)
    armed_ms: list[float] = field(default_factory=list)
    in_recovery: int = 0
    count: int = 0

    def say(self) -> str:
        """Return the figures."""
        return (
            f"kills: {self.count}, {self.in_recovery} of them before the engine was armed\n"
            f"{self.verdict.say()}\n"
            f"kill to armed: {spread(self.armed_ms)}"
        )


def spread(times_ms: list[float]) -> str:
    """Return median, 95th percentile and maximum of durations, in seconds."""
    times = sorted(times_ms)
    p95 = times[min(len(times) - 1, int(len(times) * 0.95))]
    figures = {"median": median(times), "p95": p95, "max": times[-1]}
    return ", ".join(f"{name} {value / 1000:.2f} s" for name, value in figures.items())


async def kills(scene: Scene, count: int, quiet_seconds: float = 0.0) -> Kills:
    """Let people trade for `quiet_seconds`, kill `count` times, let all settle, and judge."""
    found = Kills(count=count)
    killed_ms: float | None = None
    worker, start_seconds = await scene.spawn(), 2.0
    await asyncio.sleep(quiet_seconds)
    for number in range(count):
        if scene.rng.random() < HIT_RECOVERY:
            await asyncio.sleep(scene.rng.uniform(0, start_seconds))
        else:
            await _armed(worker)
            await asyncio.sleep(scene.rng.choice((1, 1, 3)) * scene.rng.uniform(0, 1.5))
        if worker.armed_ms is None:
            found.in_recovery += 1
        elif killed_ms is not None:
            found.armed_ms.append(worker.armed_ms - killed_ms)
            start_seconds = median(found.armed_ms) / 1000
        killed_ms = await worker.kill()
        if scene.rng.random() < STAY_DOWN:
            await asyncio.sleep(scene.rng.uniform(1, 8))
            killed_ms = None
        worker = await scene.spawn()
        if (number + 1) % 20 == 0:
            print(f"{number + 1} kills, {found.in_recovery} in recovery", flush=True)
    await _armed(worker)
    await worker.stop()
    await scene.settle()
    found.verdict = await scene.judge()
    return found


async def _armed(worker: Worker) -> None:
    assert await worker.wait_armed(ARMED_SECONDS_MAX), "an engine did not arm in time"
