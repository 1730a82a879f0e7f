"""Pauses between attempts: jittered, so that many clients do not come back at once.

The lower half of each step is kept: it bounds how many attempts a minute can see.
"""

from random import Random


class Backoff:
    """Each pause lies between half and the whole of a step that doubles up to a cap."""

    __slots__ = ("_max", "_min", "_rng", "_step")

    def __init__(self, seconds_min: float, seconds_max: float, rng: Random) -> None:
        self._min = seconds_min
        self._max = seconds_max
        self._rng = rng
        self._step = seconds_min

    def next_seconds(self) -> float:
        """Return the next pause in seconds."""
        step = self._step
        self._step = min(self._max, step * 2)
        return self._rng.uniform(step / 2, step)

    def reset(self) -> None:
        """Start from the shortest pause again."""
        self._step = self._min
