"""The shared budget of REST weight per IP: a token bucket, the venue's own count, and its bans.

After a 429 or 418 nobody calls until Retry-After has passed: calling on would turn it into a ban.
"""

import asyncio

from engine.clock import Clock

COUNT_WINDOW_SECONDS = 60.0
CAREFUL_SHARE = 0.8


class WeightBudget:
    """Tokens refill at `per_minute` up to `burst`; `limit` is the venue's, per IP and minute."""

    def __init__(self, clock: Clock, per_minute: int, burst: int, limit: int) -> None:
        self._clock = clock
        self._rate = per_minute / 60.0
        self._burst = float(burst)
        self._limit = limit
        self._tokens = float(burst)
        self._filled_at = clock.monotonic()
        self._banned_until = 0.0
        self._used = 0
        self._used_at = clock.monotonic() - COUNT_WINDOW_SECONDS

    @property
    def banned_seconds(self) -> float:
        """Return how long the venue still wants silence."""
        return max(0.0, self._banned_until - self._clock.monotonic())

    @property
    def used(self) -> int:
        """Return the weight that the venue counted for this minute, as last heard."""
        is_current = self._clock.monotonic() - self._used_at < COUNT_WINDOW_SECONDS
        return self._used if is_current else 0

    async def take(self, weight: int) -> None:
        """Wait until `weight` may be spent, and spend it."""
        while (pause := self._pause(weight)) > 0:  # noqa: ASYNC110 - time is what is waited for
            await asyncio.sleep(pause)
        self._tokens -= weight

    def ban(self, seconds: float) -> None:
        """Keep silent for `seconds` (Retry-After of a 429 or 418)."""
        self._banned_until = max(self._banned_until, self._clock.monotonic() + seconds)

    def observe(self, used: int) -> None:
        """Learn the venue's own count, which other processes on this IP share."""
        self._used = used
        self._used_at = self._clock.monotonic()

    def _pause(self, weight: int) -> float:
        now = self._clock.monotonic()
        self._tokens = min(self._burst, self._tokens + (now - self._filled_at) * self._rate)
        self._filled_at = now
        short = max(0.0, min(weight, self._burst) - self._tokens) / self._rate
        crowd = 0.0
        if self.used + weight > self._limit * CAREFUL_SHARE:
            crowd = COUNT_WINDOW_SECONDS - (now - self._used_at)
        return max(short, crowd, self._banned_until - now)
