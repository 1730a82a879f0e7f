"""How often this process may knock at the venue's stream door: a hard bound over all lanes.

The venue bans an IP after 300 attempts in 5 minutes; no backoff is trusted to stay below that.
"""

import asyncio
from collections import deque

from engine.clock import Clock


class AttemptBudget:
    """At most `attempts_max` in any `window_seconds`."""

    def __init__(self, clock: Clock, attempts_max: int, window_seconds: float) -> None:
        self._clock = clock
        self._window = window_seconds
        self._attempts: deque[float] = deque(maxlen=attempts_max)

    async def take(self) -> None:
        """Wait until another attempt is allowed, and count it."""
        while len(self._attempts) == self._attempts.maxlen:
            pause = self._attempts[0] + self._window - self._clock.monotonic()
            if pause <= 0:
                break
            await asyncio.sleep(pause)
        self._attempts.append(self._clock.monotonic())
