"""Whose turn it is under a platform's budget: a pure schedule, told what time it is.

Exits go first, then answers; every tenth contested turn goes to a lower class, so none starves.
A chat that must rest is out of everybody's way until its rest is over. A turn costs O(log n).
"""

import math
from asyncio import Future
from collections import OrderedDict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from heapq import heappop, heappush, heapreplace
from itertools import count

from bot.delivery.courier import Budget, CourierError, Priority, TryLater

NEVER = -math.inf
PLATFORM_BURST = 4
GROUP_SECONDS = 60.0
SHARE = 10


class Crowded(CourierError):
    """Too many wait already; who matters less was turned away first."""


class Resting(TryLater):
    """The chat rests for longer than its sender would wait: nothing was sent."""


class Pace:
    """A token bucket: `rate` per second on the whole, `burst` at once."""

    __slots__ = ("_full_at", "_interval", "_slack")

    def __init__(self, rate: float, burst: int) -> None:
        self._interval = 1 / rate
        self._slack = (burst - 1) * self._interval
        self._full_at = NEVER

    @property
    def full_at(self) -> float:
        """When the bucket is full again, so that nothing need be remembered."""
        return self._full_at

    def free_at(self) -> float:
        """Return from when on one more may pass."""
        return self._full_at - self._slack

    def spend(self, now: float) -> None:
        """Let one pass."""
        self._full_at = max(self._full_at, now) + self._interval


class Window:
    """At most `most` in any `seconds`."""

    __slots__ = ("_seconds", "_times")

    def __init__(self, most: int, seconds: float) -> None:
        self._seconds = seconds
        self._times: deque[float] = deque(maxlen=most)

    @property
    def full_at(self) -> float:
        """When everything that passed is out of the window."""
        return self._times[-1] + self._seconds if self._times else NEVER

    def free_at(self) -> float:
        """Return from when on one more may pass."""
        is_full = len(self._times) == self._times.maxlen
        return self._times[0] + self._seconds if is_full else NEVER

    def spend(self, now: float) -> None:
        """Let one pass."""
        self._times.append(now)


@dataclass(eq=False, slots=True)
class Chat:
    """One chat: who waits for it by class, and until when it rests."""

    id: str
    pace: Pace
    window: Window | None = None
    held_until: float = NEVER
    alarm: float = math.inf
    listed: set[Priority] = field(default_factory=set[Priority])
    hurried: set["Waiter"] = field(default_factory=set["Waiter"])
    waiting: dict[Priority, "OrderedDict[int, Waiter]"] = field(default_factory=dict)

    def ready_at(self) -> float:
        """Return when its next message may go."""
        group = self.window.free_at() if self.window else NEVER
        return max(self.pace.free_at(), group, self.held_until)

    def rested_at(self) -> float:
        """Return when nothing about it is worth remembering."""
        group = self.window.full_at if self.window else NEVER
        return max(self.pace.full_at, group, self.held_until)

    def spend(self, now: float) -> None:
        """Let one message go."""
        self.pace.spend(now)
        if self.window:
            self.window.spend(now)


@dataclass(eq=False, slots=True)
class Waiter:
    """Somebody who waits for a turn. `granted` is for who waits in a loop.

    `patience`: for how many seconds of his chat's rest he waits; the queue of all is another thing.
    """

    chat: Chat
    priority: Priority
    number: int
    patience: float = math.inf
    granted: "Future[None] | None" = None


class Turns:
    """The schedule of one platform. Times are monotonic seconds and never go back."""

    def __init__(self, budget: Budget, waiters_max: int) -> None:
        self._budget = budget
        self._waiters_max = waiters_max
        most = max(1, int(budget.per_second))
        self._pace = Pace(budget.per_second, min(PLATFORM_BURST, most))
        self._window = Window(most, most / budget.per_second)
        self._held_until = NEVER
        self._numbers = count()
        self._chats: dict[str, Chat] = {}
        self._waiting: dict[Priority, OrderedDict[int, Waiter]] = {
            priority: OrderedDict() for priority in Priority
        }
        self._ready: dict[Priority, list[tuple[int, Chat]]] = {one: [] for one in Priority}
        self._alarms: list[tuple[float, int, Chat]] = []
        self._contested = 0
        self._served_at = dict.fromkeys(Priority, 0)
        self._served = 0

    def __len__(self) -> int:
        """Return how many wait."""
        return sum(len(waiting) for waiting in self._waiting.values())

    @property
    def chats_kept(self) -> int:
        """How many chats are remembered."""
        return len(self._chats)

    def displaced(self, priority: Priority) -> Waiter | None:
        """Make room for one more: return who gave way, None if nobody had to.

        The youngest of the lowest class gives way to a higher one. Raises Crowded when there is
        no lower class waiting.
        """
        if len(self) < self._waiters_max:
            return None
        for lower in reversed(Priority):
            if lower > priority and self._waiting[lower]:
                waiter = next(reversed(self._waiting[lower].values()))
                self.remove(waiter)
                return waiter
        raise Crowded(priority.name)

    def add(
        self, chat_id: str, priority: Priority, now: float, *, is_group: bool = False
    ) -> Waiter:
        """Let somebody wait for a turn in a chat."""
        chat = self._chat(chat_id, is_group=is_group)
        waiter = Waiter(chat, priority, next(self._numbers))
        self._waiting[priority][waiter.number] = waiter
        chat.waiting.setdefault(priority, OrderedDict())[waiter.number] = waiter
        if priority not in chat.listed:
            self._look(chat, now)
        return waiter

    def remove(self, waiter: Waiter) -> bool:
        """Let somebody wait no longer; False for who did not wait."""
        if self._waiting[waiter.priority].pop(waiter.number, None) is None:
            return False
        waiter.chat.hurried.discard(waiter)
        of_chat = waiter.chat.waiting[waiter.priority]
        del of_chat[waiter.number]
        if not of_chat:
            del waiter.chat.waiting[waiter.priority]
        if not waiter.chat.waiting and waiter.chat.alarm == math.inf:
            self._alarm(waiter.chat, waiter.chat.rested_at())
        return True

    def hold(self, chat_id: str, until: float) -> None:
        """Give a chat (an empty id: all of them) no turn before `until`."""
        if not chat_id:
            self._held_until = max(self._held_until, until)
            return
        chat = self._chat(chat_id, is_group=False)
        chat.held_until = max(chat.held_until, until)
        self._alarm(chat, chat.ready_at() if chat.waiting else chat.rested_at())

    def hurry(self, waiter: Waiter, patience: float) -> None:
        """Let somebody wait only while his chat rests no longer than that."""
        waiter.patience = patience
        waiter.chat.hurried.add(waiter)

    def wearied(self, chat_id: str, now: float) -> list[Waiter]:
        """Take out who will not wait for as long as the chat rests now."""
        chat = self._chats.get(chat_id)
        if chat is None or not chat.hurried:
            return []
        rest = chat.ready_at() - now
        gone = [waiter for waiter in chat.hurried if waiter.patience < rest]
        for waiter in gone:
            self.remove(waiter)
        return gone

    def ready_at(self, chat_id: str) -> float:
        """Return from when on a chat may have a turn, budget of all aside."""
        chat = self._chats.get(chat_id)
        return max(self._held_until, chat.ready_at() if chat else NEVER)

    def take(self, now: float) -> Waiter | None:
        """Give the next turn, if there is one now."""
        self._wake(now)
        if now < self._free_at():
            return None
        waiter = self._next(now)
        if waiter is None:
            return None
        self._pace.spend(now)
        self._window.spend(now)
        waiter.chat.spend(now)
        self.remove(waiter)
        self._look(waiter.chat, now)
        self._served += 1
        self._served_at[waiter.priority] = self._served
        return waiter

    def next_at(self, now: float) -> float | None:
        """Return when `take` is worth calling next; None: when somebody else comes."""
        self._wake(now)
        if not len(self):
            return None
        if any(self._head(priority, now) for priority in Priority):
            return max(now, self._free_at())
        alarms = self._alarms
        while alarms and alarms[0][2].alarm != alarms[0][0]:
            heappop(alarms)
        assert alarms, "who waits for a resting chat has its alarm"
        return max(alarms[0][0], self._free_at())

    def _free_at(self) -> float:
        return max(self._pace.free_at(), self._window.free_at(), self._held_until)

    def _chat(self, chat_id: str, *, is_group: bool) -> Chat:
        chat = self._chats.get(chat_id)
        if chat is None:
            pace = Pace(self._budget.chat_per_second, self._budget.chat_burst)
            chat = self._chats[chat_id] = Chat(chat_id, pace)
        if is_group and chat.window is None and self._budget.group_per_minute:
            chat.window = Window(self._budget.group_per_minute, GROUP_SECONDS)
        return chat

    def _next(self, now: float) -> Waiter | None:
        heads = list(self._heads(now))
        if len(heads) < 2:
            return heads[0] if heads else None
        self._contested += 1
        if self._contested % SHARE:
            return heads[0]
        return min(heads[1:], key=lambda waiter: self._served_at[waiter.priority])

    def _heads(self, now: float) -> Iterator[Waiter]:
        for priority in Priority:
            if waiter := self._head(priority, now):
                yield waiter

    def _head(self, priority: Priority, now: float) -> Waiter | None:
        """Return who came first of a class, of those whose chat is ready."""
        heap = self._ready[priority]
        while heap:
            number, chat = heap[0]
            waiting = chat.waiting.get(priority)
            if not waiting or chat.ready_at() > now:
                heappop(heap)
                chat.listed.discard(priority)
                continue
            first = next(iter(waiting))
            if first == number:
                return waiting[first]
            heapreplace(heap, (first, chat))
        return None

    def _wake(self, now: float) -> None:
        """Look at the chats whose rest is over."""
        alarms = self._alarms
        while alarms and alarms[0][0] <= now:
            at, _, chat = heappop(alarms)
            if chat.alarm == at:
                chat.alarm = math.inf
                self._look(chat, now)

    def _look(self, chat: Chat, now: float) -> None:
        """Put a chat where it belongs: in line, at rest, or out of mind."""
        if chat.ready_at() > now:
            self._alarm(chat, chat.ready_at() if chat.waiting else chat.rested_at())
        elif chat.waiting:
            for priority, waiting in chat.waiting.items():
                if priority not in chat.listed:
                    chat.listed.add(priority)
                    heappush(self._ready[priority], (next(iter(waiting)), chat))
        elif chat.rested_at() > now:
            self._alarm(chat, chat.rested_at())
        else:
            self._chats.pop(chat.id, None)

    def _alarm(self, chat: Chat, at: float) -> None:
        if at < chat.alarm:
            chat.alarm = at
            heappush(self._alarms, (at, next(self._numbers), chat))
