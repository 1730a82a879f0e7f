"""How patient the surface is: pauses between clients, and the budget of sessions.

Discord allows 1,000 IDENTIFY a day; who uses them up has his token reset.
"""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

IDENTIFY_BURST = 10
IDENTIFY_SECONDS = 120.0  # 720 a day and a burst


@dataclass(frozen=True)
class Pace:
    """Seconds, all of them. A session that lasted `steady` makes the next failure the first."""

    first: float = 2.0
    longest: float = 300.0
    bad_token: float = 600.0
    steady: float = 600.0
    identify_again: float = 5.0
    heartbeat: float = 60.0
    login: float = 90.0
    lease: float = 40.0
    part: float = 0.8
    drain: float = 1.6
    close: float = 0.5


class TooManySessions(Exception):
    """No session may begin now; `seconds` until one may."""

    def __init__(self, seconds: float) -> None:
        """Keep the wait."""
        super().__init__(seconds)
        self.seconds = seconds


class Sessions:
    """The budget of IDENTIFY: a burst, then one in two minutes; kept over all clients."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._tokens = float(IDENTIFY_BURST)
        self._counted_at = monotonic()

    def take(self) -> None:
        """Use one up. Raises TooManySessions."""
        now = self._monotonic()
        gained = (now - self._counted_at) / IDENTIFY_SECONDS
        self._tokens = min(IDENTIFY_BURST, self._tokens + gained)
        self._counted_at = now
        if self._tokens < 1:
            raise TooManySessions((1 - self._tokens) * IDENTIFY_SECONDS)
        self._tokens -= 1


class BackOff:
    """The pause before the next client: doubled with every failure, spread by chance."""

    def __init__(self, pace: Pace, chance: Random) -> None:
        self._pace = pace
        self._chance = chance
        self._failures = 0

    def next(self, lasted_seconds: float) -> float:
        """Return the pause after a client that lasted so long."""
        if lasted_seconds >= self._pace.steady:
            self._failures = 0
        pause = min(self._pace.longest, self._pace.first * 2 ** min(self._failures, 30))
        self._failures += 1
        return pause * self._chance.uniform(0.5, 1.0)

    def slowly(self) -> float:
        """Return the pause after a token that Discord does not know."""
        return self._pace.bad_token * self._chance.uniform(0.8, 1.2)
