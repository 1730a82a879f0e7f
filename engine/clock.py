"""The only file that reads time.

Venue time stands on the monotonic clock, so a stepped wall clock changes nothing.
It refuses to ask the network: whoever measures the venue's `/time` tells the clock with `anchor`.
"""

import time
from typing import Protocol

RESUMED_SECONDS = 1.0


class Clock(Protocol):
    """What the engine needs of time."""

    def now_ms(self) -> int:
        """Return venue time: milliseconds UTC."""
        ...

    def monotonic(self) -> float:
        """Return seconds that never go back; only differences mean anything."""
        ...


class AnchoredClock(Clock, Protocol):
    """A clock that can be set against the venue's."""

    def anchor(self, venue_ms: int, at_monotonic: float) -> None:
        """Say that it was `venue_ms` at the venue when `monotonic()` showed `at_monotonic`."""
        ...

    def needs_measuring(self, every_seconds: float) -> bool:
        """Return whether the offset is unknown, old, or doubtful after a sleep of the machine."""
        ...


class SystemClock:
    """Venue time = the last measurement of `/time` plus what the monotonic clock counted since.

    Before the first measurement the wall clock is believed as it is.
    """

    def __init__(self) -> None:
        self._base_monotonic = time.monotonic()
        self._base_ms = time.time() * 1000
        self._base_wall = time.time()
        self._is_measured = False

    def now_ms(self) -> int:
        """Return venue time: milliseconds UTC."""
        return int(self._base_ms + (time.monotonic() - self._base_monotonic) * 1000)

    def monotonic(self) -> float:
        """Return the machine's monotonic seconds."""
        return time.monotonic()

    def anchor(self, venue_ms: int, at_monotonic: float) -> None:
        """Set venue time from one measurement (midpoint of the round trip)."""
        self._base_ms = float(venue_ms)
        self._base_monotonic = at_monotonic
        self._base_wall = time.time() - (time.monotonic() - at_monotonic)
        self._is_measured = True

    def needs_measuring(self, every_seconds: float) -> bool:
        """Return whether the offset is unknown, older than `every_seconds`, or doubtful.

        Doubtful: wall and monotonic clock went apart by over a second. Either the wall clock was
        stepped (a measurement does no harm) or the machine slept (then it is needed).
        """
        passed = time.monotonic() - self._base_monotonic
        apart = abs((time.time() - self._base_wall) - passed)
        return not self._is_measured or passed >= every_seconds or apart > RESUMED_SECONDS

    def offset_ms(self) -> int:
        """Return venue time minus the local wall clock, for `/status` and `doctor`."""
        return self.now_ms() - int(time.time() * 1000)


class ManualClock:
    """A clock that moves only when told to: for tests, replays and backtests."""

    def __init__(self, now_ms: int = 0, monotonic: float = 0.0) -> None:
        self._now_ms = now_ms
        self._monotonic = monotonic

    def now_ms(self) -> int:
        """Return the venue time that was set."""
        return self._now_ms

    def monotonic(self) -> float:
        """Return the seconds that were let pass."""
        return self._monotonic

    def advance(self, seconds: float) -> None:
        """Let both clocks run on by `seconds` >= 0."""
        assert seconds >= 0
        self._now_ms += round(seconds * 1000)
        self._monotonic += seconds

    def set_ms(self, now_ms: int) -> None:
        """Put venue time where a tape wants it; the monotonic clock stays."""
        self._now_ms = now_ms

    def anchor(self, venue_ms: int, at_monotonic: float) -> None:
        """Take a measurement, as the system clock does."""
        self._now_ms = venue_ms + round((self._monotonic - at_monotonic) * 1000)

    def needs_measuring(self, every_seconds: float) -> bool:
        """Return false: nobody has to measure a clock that is moved by hand."""
        return every_seconds < 0
