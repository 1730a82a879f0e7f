"""Two engines at once: restarts that overlap, and a holder that was frozen and comes back late."""

import asyncio
import time
from dataclasses import dataclass, field
from signal import SIGCONT, SIGSTOP

from tests.campaign.kills import spread
from tests.campaign.oracle import Verdict
from tests.campaign.scene import TERM_SECONDS_MAX, Scene, Worker

ARMED_SECONDS_MAX = 40.0


@dataclass
class Overlaps:
    """What a campaign of overlapping restarts came to; durations in milliseconds."""

    verdict: Verdict = field(default_factory=Verdict)
    count: int = 0
    zombies: int = 0
    handover_ms: list[float] = field(default_factory=list)
    stop_ms: list[float] = field(default_factory=list)
    takeover_ms: list[float] = field(default_factory=list)

    def judge(self, verdict: Verdict) -> None:
        """Take the oracle's word, and hold every end to its time."""
        self.verdict = verdict
        late = [ms for ms in self.stop_ms if ms >= TERM_SECONDS_MAX * 1000]
        if late:
            verdict.note(f"SIGTERM to exit took {TERM_SECONDS_MAX:.0f} s or more: {late} ms")

    def say(self) -> str:
        """Return the figures."""
        lines = [
            f"overlapping restarts: {self.count}, frozen holders that came back: {self.zombies}",
            self.verdict.say(),
            f"SIGTERM to exit: {spread(self.stop_ms)}",
            f"SIGTERM to the next one armed: {spread(self.handover_ms)}",
        ]
        if self.takeover_ms:
            lines.append(f"frozen to the next one armed: {spread(self.takeover_ms)}")
        return "\n".join(lines)


async def overlaps(scene: Scene, count: int, zombies: int = 2) -> Overlaps:
    """Hand over `count` times with both running, let holders freeze, settle, judge."""
    found = Overlaps(count=count, zombies=zombies)
    old = await scene.spawn()
    await _armed(old)
    freezes = set(scene.rng.sample(range(count), min(zombies, count)))
    for number in range(count):
        await asyncio.sleep(scene.rng.uniform(0.5, 2.5))
        if number in freezes:
            old = await _freeze(scene, old, found)
        old = await _hand_over(scene, old, found)
        if (number + 1) % 10 == 0:
            print(f"{number + 1} restarts", flush=True)
    await old.stop()
    await scene.settle()
    found.judge(await scene.judge())
    return found


async def _hand_over(scene: Scene, old: Worker, found: Overlaps) -> Worker:
    """Start the next one, and tell the old one to end while that one is starting or waiting."""
    new = await scene.spawn()
    await asyncio.sleep(scene.rng.uniform(0, 2))
    since_ms = time.monotonic() * 1000
    found.stop_ms.append(await old.stop() * 1000)
    await _armed(new)
    assert new.armed_ms is not None
    found.handover_ms.append(new.armed_ms - since_ms)
    return new


async def _freeze(scene: Scene, old: Worker, found: Overlaps) -> Worker:
    """Stop the holder in its tracks past its lease, then let it go on beside its successor."""
    old.process.send_signal(SIGSTOP)
    since_ms = time.monotonic() * 1000
    new = await scene.spawn()
    await _armed(new)
    assert new.armed_ms is not None
    found.takeover_ms.append(new.armed_ms - since_ms)
    await asyncio.sleep(scene.rng.uniform(0, 2))
    old.process.send_signal(SIGCONT)
    await asyncio.sleep(scene.rng.uniform(1, 4))
    await old.stop()
    return new


async def _armed(worker: Worker) -> None:
    assert await worker.wait_armed(ARMED_SECONDS_MAX), "an engine did not arm in time"
