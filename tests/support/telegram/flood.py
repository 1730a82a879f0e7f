"""Flood limits like the real ones, and pauses forced on a chat or on everybody."""

import math
import time
from collections import Counter, deque
from collections.abc import Callable

from tests.support.telegram.refusals import too_many


class Flood:
    """Limits on what writes into chats (sends and edits). All times are seconds.

    `is_on`: over the limits means 429. Off, `counts["over"]` still tells how often a limit would
    have been broken. `counts["in_pause"]`: calls made although a pause was asked for. `clock` can
    be set.
    """

    def __init__(self) -> None:
        self.is_on = False
        self.clock: Callable[[], float] = time.monotonic
        self.per_second = 30
        self.per_chat_seconds = 1.0
        self.chat_burst = 3
        self.per_group_minute = 20
        self.counts: Counter[str] = Counter()
        self._all: deque[float] = deque()
        self._due: dict[int, float] = {}
        self._groups: dict[int, deque[float]] = {}
        self._next: dict[int, deque[int]] = {}
        self._until: dict[int, float] = {}

    def refuse_next(self, chat_id: int, seconds: int, *, times: int = 1) -> None:
        """Answer the next calls into a chat with 429; a call after that goes through at once."""
        self._next.setdefault(chat_id, deque()).extend([seconds] * times)

    def pause(self, seconds: float, chat_id: int = 0) -> None:
        """Refuse a chat (0: all of them) with 429 until the time is over."""
        self._until[chat_id] = self.clock() + seconds

    def heal(self) -> None:
        """End what was forced, and forget who wrote when."""
        for kept in (self._next, self._until, self._due, self._groups, self._all):
            kept.clear()

    def spend(self, chat_id: int) -> None:
        """Take one call into a chat, or raise 429."""
        now = self.clock()
        self._refuse_forced(chat_id, now)
        wait = max(self._wait_all(now), self._wait_chat(chat_id, now))
        if wait > 0:
            self.counts["over"] += 1
            if self.is_on:
                self.counts["refused"] += 1
                raise too_many(math.ceil(wait))
        self._count(chat_id, now)

    def _refuse_forced(self, chat_id: int, now: float) -> None:
        forced = self._next.get(chat_id)
        if forced:
            self.counts["forced"] += 1
            raise too_many(forced.popleft())
        until = max(self._until.get(chat_id, 0.0), self._until.get(0, 0.0))
        if now < until:
            self.counts["in_pause"] += 1
            raise too_many(math.ceil(until - now))

    def _wait_all(self, now: float) -> float:
        while self._all and self._all[0] <= now - 1:
            self._all.popleft()
        return self._all[0] + 1 - now if len(self._all) >= self.per_second else 0.0

    def _wait_chat(self, chat_id: int, now: float) -> float:
        if chat_id > 0:
            slack = self.per_chat_seconds * (self.chat_burst - 1)
            return self._due.get(chat_id, now) - slack - now
        sent = self._groups.setdefault(chat_id, deque())
        while sent and sent[0] <= now - 60:
            sent.popleft()
        return sent[0] + 60 - now if len(sent) >= self.per_group_minute else 0.0

    def _count(self, chat_id: int, now: float) -> None:
        self._all.append(now)
        if chat_id > 0:
            self._due[chat_id] = max(self._due.get(chat_id, now), now) + self.per_chat_seconds
        else:
            self._groups.setdefault(chat_id, deque()).append(now)
