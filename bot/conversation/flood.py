"""Token buckets: how fast somebody may ask, and when he is told. Pure; callers tell the time."""

from collections import OrderedDict
from dataclasses import dataclass
from enum import Enum, auto

BURST = 12.0
PER_SECOND = 2.0
PEOPLE_MAX = 20_000


@dataclass
class Bucket:
    """What is left. `burst` at most; `per_second` flows in."""

    burst: float = BURST
    per_second: float = PER_SECOND
    left: float = BURST
    at: float = 0.0

    def take(self, now: float) -> bool:
        """Take one; False when there is none. `now` is monotonic seconds."""
        self.left = min(self.burst, self.left + (now - self.at) * self.per_second)
        self.at = now
        if self.left < 1:
            return False
        self.left -= 1
        return True


class Pace(Enum):
    """What becomes of one who asks: he is heard, told that he is too fast, or not answered."""

    HEARD = auto()
    TOLD = auto()
    SILENCE = auto()


class Floods:
    """Everybody's buckets, one each wherever he speaks; the longest unused is forgotten first.

    Who is too fast is told once, and again only after he has been calm: half a bucket's worth.
    """

    def __init__(self, people_max: int = PEOPLE_MAX) -> None:
        self._people_max = people_max
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()
        self._told: set[str] = set()

    def __len__(self) -> int:
        """Return how many people it remembers."""
        return len(self._buckets)

    def judge(self, who: str, now: float) -> Pace:
        """Say what becomes of somebody who asks now; `now` is monotonic seconds."""
        bucket = self._buckets.setdefault(who, Bucket())
        self._buckets.move_to_end(who)
        while len(self._buckets) > self._people_max:
            self._told.discard(self._buckets.popitem(last=False)[0])
        if bucket.take(now):
            if bucket.left >= bucket.burst / 2:
                self._told.discard(who)
            return Pace.HEARD
        if who in self._told:
            return Pace.SILENCE
        self._told.add(who)
        return Pace.TOLD
