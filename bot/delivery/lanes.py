"""Whose news are next: one lane per person and channel, each told one thing at a time, in order.

It keeps names only, never a message; what is to be told lies in the database.
"""

import heapq
import math
from dataclasses import dataclass
from itertools import count
from typing import NamedTuple

from bot.delivery.courier import Priority


class Lane(NamedTuple):
    """A person's channel, as deliveries are kept by."""

    user_id: int
    channel: str

    @property
    def chat_id(self) -> str:
        """The person's id on his platform."""
        return self.channel.partition(":")[2]


@dataclass(eq=False, slots=True)
class _Entry:
    lane: Lane
    priority: Priority
    ready_at: float
    is_busy: bool = False
    woken: Priority | None = None


class Lanes:
    """The lanes of one platform that have, or may have, something to tell."""

    def __init__(self) -> None:
        self._entries: dict[Lane, _Entry] = {}
        self._ready: list[tuple[Priority, int, _Entry]] = []
        self._parked: list[tuple[float, int, _Entry]] = []
        self._numbers = count()

    def __len__(self) -> int:
        """Return how many lanes are kept, the busy ones too."""
        return len(self._entries)

    def wake(self, lane: Lane, priority: Priority) -> None:
        """Note that a lane has something to tell; a parked one stays parked until its time."""
        entry = self._entries.get(lane)
        if entry is None:
            entry = self._entries[lane] = _Entry(lane, priority, -math.inf)
            self._push(entry)
        elif entry.is_busy:
            entry.woken = _better(entry.woken, priority)
        elif priority < entry.priority:
            entry.priority = priority
            if entry.ready_at == -math.inf:
                self._push(entry)

    def take(self, now: float) -> tuple[Lane, Priority] | None:
        """Return the next lane, busy from now on until it is `done` or `parked`."""
        while self._parked and self._parked[0][0] <= now:
            at, _, entry = heapq.heappop(self._parked)
            if entry.ready_at == at and self._entries.get(entry.lane) is entry:
                entry.ready_at = -math.inf
                self._push(entry)
        while self._ready:
            priority, _, entry = heapq.heappop(self._ready)
            is_it = self._entries.get(entry.lane) is entry and priority == entry.priority
            if is_it and not entry.is_busy and entry.ready_at == -math.inf:
                entry.is_busy = True
                return entry.lane, priority
        return None

    def next_at(self) -> float | None:
        """Return when a parked lane is ready, None when none is parked."""
        return self._parked[0][0] if self._parked else None

    def done(self, lane: Lane) -> None:
        """Forget a lane that has nothing more to tell, unless it was woken meanwhile."""
        entry = self._entries.get(lane)
        if entry is None:
            return
        if entry.woken is None:
            del self._entries[lane]
        else:
            self._again(entry, entry.woken)

    def more(self, lane: Lane, priority: Priority) -> None:
        """Put a lane back in line: it may have more to tell."""
        if entry := self._entries.get(lane):
            self._again(entry, _better(entry.woken, priority))

    def park(self, lane: Lane, priority: Priority, until: float) -> None:
        """Leave a lane alone until then."""
        if entry := self._entries.get(lane):
            entry.is_busy = False
            entry.priority = _better(entry.woken, priority)
            entry.woken = None
            entry.ready_at = until
            heapq.heappush(self._parked, (until, next(self._numbers), entry))

    def clear(self) -> None:
        """Forget every lane."""
        self._entries.clear()
        self._ready.clear()
        self._parked.clear()

    def _again(self, entry: _Entry, priority: Priority) -> None:
        entry.is_busy = False
        entry.woken = None
        entry.priority = priority
        self._push(entry)

    def _push(self, entry: _Entry) -> None:
        heapq.heappush(self._ready, (entry.priority, next(self._numbers), entry))


def _better(woken: Priority | None, priority: Priority) -> Priority:
    return priority if woken is None else min(woken, priority)
