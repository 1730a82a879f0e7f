"""The gate of one platform: who wants to send waits here until the budget and his class allow it.

It sends nothing and makes no task: one timer wakes it when the next turn is due.
"""

import asyncio
import math
from collections.abc import Mapping

from bot.delivery.courier import DISCORD_BUDGET, TELEGRAM_BUDGET, Budget, Priority
from bot.delivery.turns import Crowded, Resting, Turns
from engine.clock import Clock

WAITERS_MAX = 50_000
BUDGETS: Mapping[str, Budget] = {"telegram": TELEGRAM_BUDGET, "discord": DISCORD_BUDGET}


class Gate:
    """Turns for whoever awaits them. When full, the youngest of the lowest class is refused."""

    def __init__(self, budget: Budget, clock: Clock, waiters_max: int = WAITERS_MAX) -> None:
        self.budget = budget
        self._clock = clock
        self._turns = Turns(budget, waiters_max)
        self._timer: asyncio.TimerHandle | None = None
        self._due_at: float | None = None
        self.granted_count = 0
        self.idle_seconds = 0.0

    @property
    def queued(self) -> int:
        """How many wait for a turn."""
        return len(self._turns)

    async def turn(
        self,
        chat_id: str,
        priority: Priority,
        *,
        is_group: bool = False,
        patience: float = math.inf,
    ) -> None:
        """Wait for a turn in a chat and use it up. Raises Crowded when too many wait.

        Raises Resting as soon as the chat gets none for more than `patience` seconds, whoever else
        waits: who sends for many has others to go on with. Who is canceled frees his place.
        """
        rest = self.rest_seconds(chat_id)
        if rest > patience:
            raise Resting(rest)
        displaced = self._turns.displaced(priority)
        if displaced is not None and displaced.granted and not displaced.granted.done():
            displaced.granted.set_exception(Crowded(displaced.priority.name))
        waiter = self._turns.add(chat_id, priority, self._clock.monotonic(), is_group=is_group)
        waiter.granted = asyncio.get_running_loop().create_future()
        if patience < math.inf:
            self._turns.hurry(waiter, patience)
        self._give()
        try:
            await waiter.granted
        finally:
            if self._turns.remove(waiter):
                self._give()

    def hold(self, chat_id: str, seconds: float) -> None:
        """Give a chat (an empty id: all of them) no turn for `seconds`."""
        self._turns.hold(chat_id, self._clock.monotonic() + max(0.0, seconds))
        self._put_back(chat_id)
        self._give()

    def rest_seconds(self, chat_id: str) -> float:
        """Return for how long a chat gets no turn, whoever else waits."""
        return max(0.0, self._turns.ready_at(chat_id) - self._clock.monotonic())

    def _give(self) -> None:
        """Give every turn that is due, and come back when the next one is."""
        now = self._clock.monotonic()
        while (waiter := self._turns.take(now)) is not None:
            self.granted_count += 1
            if self._due_at is not None:
                self.idle_seconds += max(0.0, now - self._due_at)
                self._due_at = None
            if waiter.granted is not None and not waiter.granted.done():
                waiter.granted.set_result(None)
            self._put_back(waiter.chat.id)
        self._wait_until(self._turns.next_at(now), now)

    def _put_back(self, chat_id: str) -> None:
        """Tell those who will not wait for a chat's rest that it rests."""
        for waiter in self._turns.wearied(chat_id, self._clock.monotonic()):
            if waiter.granted is not None and not waiter.granted.done():
                waiter.granted.set_exception(Resting(self.rest_seconds(chat_id)))

    def _wait_until(self, due_at: float | None, now: float) -> None:
        if due_at == self._due_at and (due_at is None or self._timer is not None):
            return
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._due_at = due_at
        if due_at is not None:
            self._timer = asyncio.get_running_loop().call_later(max(0.0, due_at - now), self._ring)

    def _ring(self) -> None:
        self._timer = None
        self._give()
