"""One bot's queue of updates and its long poll: confirmation by offset, one poller at a time."""

import asyncio
import random
import time
from collections import deque
from typing import Any

from tests.support.telegram.refusals import CONFLICT, Refusal

WAIT_SECONDS_MAX = 50
LIMIT_MAX = 100
_ONLY_ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


class Updates:
    """What a bot has not confirmed yet. `polling` is set while it waits for more.

    `confirmed` is the highest id that it has.
    """

    def __init__(self) -> None:
        self._waiting: deque[dict[str, Any]] = deque()
        self._next_id = random.randint(100_000_000, 900_000_000)
        self._allowed: set[str] = set()
        self._poll = 0
        self._wake = asyncio.Event()
        self._is_closed = False
        self.polling = asyncio.Event()
        self.confirmed = self._next_id - 1

    def __len__(self) -> int:
        return len(self._waiting)

    def push(self, kind: str, body: dict[str, Any]) -> None:
        """Queue an update, unless the bot does not want its kind."""
        is_wanted = kind in self._allowed if self._allowed else kind not in _ONLY_ON_REQUEST
        if is_wanted:
            self._waiting.append({"update_id": self._next_id, kind: body})
            self._next_id += 1
            self._wake.set()

    def repeat(self, update: dict[str, Any]) -> None:
        """Deliver an update once more, as happens after an unconfirmed poll."""
        self._waiting.appendleft(update)
        self._wake.set()

    def drop(self) -> None:
        """Forget everything that waits."""
        self._waiting.clear()

    def allow(self, kinds: list[str] | None) -> None:
        """Keep the kinds that are wanted from now on; None changes nothing."""
        if kinds is not None:
            self._allowed = set(kinds)

    def open(self) -> None:
        self._is_closed = False

    def close(self) -> None:
        """End the poll that waits."""
        self._is_closed = True
        self._wake.set()

    async def poll(self, offset: int, limit: int, wait_seconds: float) -> list[dict[str, Any]]:
        """Return what waits, at once or after at most `wait_seconds`; 409 when another polls."""
        self._poll += 1
        mine = self._poll
        self._wake.set()
        self._confirm(offset)
        end = time.monotonic() + min(wait_seconds, WAIT_SECONDS_MAX)
        while not self._waiting and not self._is_closed and mine == self._poll:
            self._wake = asyncio.Event()
            self.polling.set()
            try:
                await asyncio.wait_for(self._wake.wait(), max(0, end - time.monotonic()))
            except TimeoutError:
                break
            finally:
                if mine == self._poll:
                    self.polling.clear()
        if mine != self._poll:
            raise Refusal(*CONFLICT)
        return list(self._waiting)[: min(max(limit, 1), LIMIT_MAX)]

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            while len(self._waiting) > -offset:
                self._waiting.popleft()
            return
        while self._waiting and self._waiting[0]["update_id"] < offset:
            self.confirmed = max(self.confirmed, self._waiting.popleft()["update_id"])
