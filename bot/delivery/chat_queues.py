"""What is worth sending soon and not worth storing: each chat's in order, carried by a few hands.

A chat that must rest is put back and another one goes on. What does not fit is refused.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.delivery.courier import TryLater
from engine.clock import Clock

log = logging.getLogger(__name__)

HANDS = 4
PER_CHAT_MAX = 20
TRY_SECONDS = 600.0

Item = TypeVar("Item")


@dataclass(eq=False, slots=True)
class _Waiting(Generic[Item]):
    """One thing to carry, not before `at`; `until`: when trying ends, known since a first pause."""

    item: Item
    at: float
    until: float | None = None


class ChatQueues(Generic[Item]):
    """The queues of one platform's chats, `most` things in all.

    `carry` sends one thing to a chat; where it raises TryLater the thing stays and its chat rests,
    for ten minutes at most. Whatever else goes wrong is its own affair.
    """

    def __init__(
        self, carry: Callable[[str, Item], Awaitable[None]], clock: Clock, most: int
    ) -> None:
        self._carry = carry
        self._clock = clock
        self._most = most
        self._queues: dict[str, deque[_Waiting[Item]]] = {}
        self._ready: asyncio.Queue[str] = asyncio.Queue()  # each chat once, so `most` bounds it
        self._count = 0

    def put(self, chat_id: str, item: Item, after_seconds: float = 0.0) -> bool:
        """Take a thing in for a chat, to be carried after a while; False: there is no room."""
        queue = self._queues.get(chat_id)
        if self._count >= self._most or (queue is not None and len(queue) >= PER_CHAT_MAX):
            return False
        if queue is None:
            queue = self._queues[chat_id] = deque()
            self._again(chat_id, after_seconds)
        queue.append(_Waiting(item, self._clock.monotonic() + after_seconds))
        self._count += 1
        return True

    async def run(self) -> None:
        """Carry until canceled."""
        async with asyncio.TaskGroup() as group:
            for _ in range(HANDS):
                group.create_task(self._work())

    async def _work(self) -> None:
        while True:
            chat_id = await self._ready.get()
            queue = self._queues[chat_id]
            rest_seconds = await self._tried(chat_id, queue[0])
            if not rest_seconds:
                queue.popleft()
                self._count -= 1
            if queue:
                self._again(chat_id, rest_seconds)
            else:
                del self._queues[chat_id]

    async def _tried(self, chat_id: str, waiting: _Waiting[Item]) -> float:
        """Carry one thing; return for how long its chat rests first, 0: it is done with."""
        now = self._clock.monotonic()
        if waiting.at > now:
            return waiting.at - now
        try:
            await self._carry(chat_id, waiting.item)
        except TryLater as error:
            now = self._clock.monotonic()
            if waiting.until is None:
                waiting.until = now + TRY_SECONDS
            if now + error.seconds < waiting.until:
                return max(error.seconds, 0.001)
            log.info("given up, its chat rests for too long: %s", type(waiting.item).__name__)
        return 0.0

    def _again(self, chat_id: str, seconds: float) -> None:
        """Put a chat in line, now or when its rest is over."""
        if seconds > 0:
            asyncio.get_running_loop().call_later(seconds, self._ready.put_nowait, chat_id)
        else:
            self._ready.put_nowait(chat_id)
