"""A lock that may be let go before its block ends: an order that waits lets the next one pass."""

import asyncio
from typing import Self


class Held:
    """Holds a lock in its block, or until it is let go."""

    def __init__(self, lock: asyncio.Lock) -> None:
        self._lock = lock
        self.is_held = False

    async def __aenter__(self) -> Self:
        await self._lock.acquire()
        self.is_held = True
        return self

    def let_go(self) -> None:
        """Let the next one in."""
        if self.is_held:
            self.is_held = False
            self._lock.release()

    async def __aexit__(self, *_: object) -> None:
        self.let_go()
