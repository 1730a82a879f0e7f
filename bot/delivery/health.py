"""How the platforms are and how the loop runs, for a host and `doctor`; it repairs nothing."""

import asyncio
import resource
import sys
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path

from bot.views import PlatformRow, PlatformState
from engine.clock import Clock

LOOK_SECONDS = 0.25
BUCKET_SECONDS = 1.0
BUCKETS = 60
REASON_MAX = 200


class Platforms:
    """The last report of each platform; `queued` says how many messages wait for a turn there."""

    def __init__(self, clock: Clock, queued: Mapping[str, Callable[[], int]]) -> None:
        self._clock = clock
        self._queued = queued
        now_ms = clock.now_ms()
        self._rows = {
            name: PlatformRow(platform=name, state=PlatformState.OFF, since_ms=now_ms)
            for name in queued
        }

    def report(self, platform: str, state: PlatformState, reason: str = "") -> None:
        """Note how a platform is; since when is kept while its state is the same."""
        before = self._rows[platform]
        since_ms = before.since_ms if before.state is state else self._clock.now_ms()
        self._rows[platform] = PlatformRow(
            platform=platform, state=state, since_ms=since_ms, reason=reason[:REASON_MAX]
        )

    def rows(self) -> tuple[PlatformRow, ...]:
        """Return every platform as it is now."""
        return tuple(
            PlatformRow(
                platform=row.platform,
                state=row.state,
                since_ms=row.since_ms,
                queued=self._queued[row.platform](),
                reason=row.reason,
            )
            for row in self._rows.values()
        )


class LagMeter:
    """How late the loop runs its timers: the worst of the last minute, four looks a second."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._worst: deque[float] = deque(maxlen=BUCKETS)
        self._bucket_at = clock.monotonic()

    def worst_ms(self) -> int:
        """Return the worst lateness of the last minute in milliseconds."""
        return round(max(self._worst, default=0.0) * 1000)

    async def run(self) -> None:
        """Measure until canceled."""
        while True:
            began = self._clock.monotonic()
            await asyncio.sleep(LOOK_SECONDS)
            now = self._clock.monotonic()
            self.note(max(0.0, now - began - LOOK_SECONDS), now)

    def note(self, late_seconds: float, now: float) -> None:
        """Take one measurement."""
        if not self._worst or now - self._bucket_at >= BUCKET_SECONDS:
            self._bucket_at = now
            self._worst.append(late_seconds)
        else:
            self._worst[-1] = max(self._worst[-1], late_seconds)


def memory_mb() -> int:
    """Return the process's resident memory in megabytes: now on Linux, else its peak."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak >> 20 if sys.platform == "darwin" else peak >> 10
    return pages * resource.getpagesize() >> 20
