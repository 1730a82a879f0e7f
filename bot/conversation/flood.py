"""The one judge of how fast somebody may ask, and a chat be asked in. Pure; callers tell the time.

Each person has a bucket wherever he speaks, each room of many has one, and so has the typing of
each: choices offered meanwhile cost no command.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

BURST = 12.0
PER_SECOND = 2.0
ROOM_BURST = 40.0
ROOM_PER_SECOND = 5.0
TYPING_BURST = 30.0
TYPING_PER_SECOND = 5.0
PEOPLE_MAX = 20_000
INVITE_SECONDS = 60.0


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
    """What becomes of one who asks: he is heard, told that it is too fast, or not answered."""

    HEARD = auto()
    TOLD = auto()
    SILENCE = auto()


class _Buckets:
    """One bucket each; the longest unused is forgotten first.

    Who is too fast is told once, and again only after he has been calm: half a bucket's worth.
    """

    def __init__(self, make: Callable[[], Bucket], most: int) -> None:
        self._make = make
        self._most = most
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()
        self._told: set[str] = set()

    def __len__(self) -> int:
        return len(self._buckets)

    def judge(self, name: str, now: float) -> Pace:
        bucket = self._buckets.get(name)
        if bucket is None:
            bucket = self._buckets[name] = self._make()
        self._buckets.move_to_end(name)
        while len(self._buckets) > self._most:
            self._told.discard(self._buckets.popitem(last=False)[0])
        if bucket.take(now):
            if bucket.left >= bucket.burst / 2:
                self._told.discard(name)
            return Pace.HEARD
        if name in self._told:
            return Pace.SILENCE
        self._told.add(name)
        return Pace.TOLD


class Floods:
    """Everybody's buckets and every room's."""

    def __init__(self, people_max: int = PEOPLE_MAX) -> None:
        self._people = _Buckets(Bucket, people_max)
        self._rooms = _Buckets(lambda: Bucket(ROOM_BURST, ROOM_PER_SECOND, ROOM_BURST), people_max)
        self._typing = _Buckets(
            lambda: Bucket(TYPING_BURST, TYPING_PER_SECOND, TYPING_BURST), people_max
        )

    def __len__(self) -> int:
        """Return how many people it remembers."""
        return len(self._people)

    def judge(self, who: str, room: str, now: float) -> Pace:
        """Say what becomes of somebody who asks now; `now` is monotonic seconds.

        `room` is a room of many, empty for a chat of his own. Who is too fast himself takes
        nothing from the room's bucket.
        """
        pace = self._people.judge(who, now)
        if pace is not Pace.HEARD or not room:
            return pace
        return self._rooms.judge(room, now)

    def may_complete(self, who: str, now: float) -> bool:
        """Tell whether somebody who types is offered choices."""
        return self._typing.judge(who, now) is Pace.HEARD


class Invitations:
    """Who was invited out of which room a moment ago, and by what ticket: once in a minute."""

    def __init__(self, most: int = PEOPLE_MAX) -> None:
        self._most = most
        self._given: OrderedDict[tuple[str, str], tuple[float, str]] = OrderedDict()

    def ticket(self, who: str, room: str, now: float) -> str | None:
        """Return the ticket of an invitation that still counts."""
        at, ticket = self._given.get((who, room), (float("-inf"), ""))
        return ticket if now - at < INVITE_SECONDS else None

    def note(self, who: str, room: str, ticket: str, now: float) -> None:
        """Note an invitation."""
        self._given[who, room] = now, ticket
        self._given.move_to_end((who, room))
        if len(self._given) > self._most:
            self._given.popitem(last=False)
