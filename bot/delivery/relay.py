"""From stored notices to the platforms: each told at least once, in order, or dead with a reason.

The deliveries table is the record; here are only the names of lanes that have something to tell.
"""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress

from bot.delivery.courier import Courier, Priority
from bot.delivery.lanes import Lane
from bot.delivery.notices import owner_of
from bot.delivery.postman import Postman, RelayParts
from db.outbox import Due
from engine.core.effects import TradeExited
from engine.ports import StoreError
from engine.tickets import Told

log = logging.getLogger(__name__)

SOON_SECONDS = 2.0
RETRY_SECONDS = 1.0
FOUND_MAX = 500
ASKED_MAX = 500
HEARD_MAX = 50_000
LANES_MAX = 20_000
FEW_LANES = 100


class Relay:
    """Finds what is due, by ear and by sweeping, and lets each platform's postman tell it."""

    def __init__(self, parts: RelayParts, platforms: Sequence[str]) -> None:
        self._parts = parts
        self._postmen = {name: Postman(name, parts) for name in platforms}
        self._heard: dict[int, Priority] = {}
        self._news = asyncio.Event()
        self._sweep_at = 0.0
        parts.board.on_silence(self._wake)

    def postman(self, platform: str) -> Postman:
        """Return who tells on a platform, with what he counted."""
        return self._postmen[platform]

    async def attach(self, platform: str, courier: Courier | None) -> None:
        """Take the way out to a platform; None: it is away, and nothing is kept for it here."""
        self._postmen[platform].attach(courier)
        if courier is not None:
            self._sweep_at = 0.0
            self._news.set()

    def hear(self, told: Told) -> None:
        """Take what was stored, on the loop's thread; it wakes its owner's lanes only."""
        if told.ruling.notice_id is None or not self._attached():
            return
        user_id = owner_of(told.effect)
        if self._parts.board.is_replied(told.effect, user_id):
            return
        is_exit = isinstance(told.effect, TradeExited)
        self._wake(user_id, Priority.EXIT if is_exit else Priority.ALERT)

    async def run(self) -> None:
        """Find and tell until canceled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._find(), name="relay")
            for postman in self._postmen.values():
                group.create_task(postman.run(), name=f"relay {postman.platform}")

    def _wake(self, user_id: int, priority: Priority = Priority.ALERT) -> None:
        """Look for a user's news soon; one too many is found by the next sweep."""
        if user_id in self._heard or len(self._heard) < HEARD_MAX:
            self._heard[user_id] = min(self._heard.get(user_id, priority), priority)
            self._news.set()

    def _attached(self) -> list[str]:
        return [name for name, postman in self._postmen.items() if postman.is_attached]

    async def _find(self) -> None:
        clock = self._parts.clock
        while True:
            self._news.clear()
            try:
                await self._find_heard()
                if clock.monotonic() >= self._sweep_at or self._is_hungry():
                    await self._sweep()
            except StoreError as error:
                log.warning("the relay waits, the database is away: %s", error)
                self._sweep_at = 0.0
                await asyncio.sleep(RETRY_SECONDS)
                continue
            if not self._heard:
                await self._rest(max(0.0, self._sweep_at - clock.monotonic()))

    async def _rest(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(min(seconds, RETRY_SECONDS)):
                await self._news.wait()

    async def _find_heard(self) -> None:
        """Look for the news of those who were heard of, exits first; in one query for many."""
        platforms = self._attached()
        heard, self._heard = self._heard, {}
        if not platforms:
            return
        waiting = sorted(heard, key=lambda user_id: heard[user_id])
        if all(postman.is_full(LANES_MAX) for postman in self._postmen.values()):
            waiting = [user_id for user_id in waiting if heard[user_id] is Priority.EXIT]
        try:
            while waiting:
                asked, waiting = waiting[:ASKED_MAX], waiting[ASKED_MAX:]
                limit = ASKED_MAX * len(platforms)
                found = await self._parts.outbox.due(platforms, limit, asked)
                if {one.user_id for one in found} != set(asked):
                    soon = self._parts.clock.monotonic() + SOON_SECONDS
                    self._sweep_at = min(self._sweep_at, soon)
                self._sort(found)
        except StoreError:
            for user_id in waiting:
                self._heard.setdefault(user_id, heard[user_id])
            raise

    def _is_hungry(self) -> bool:
        """Tell whether a sweep that left something behind has mostly been worked off."""
        return any(one.has_more and len(one.lanes) < FEW_LANES for one in self._postmen.values())

    async def _sweep(self) -> None:
        """Look for whatever is due: what was missed, what failed before, what an outage left."""
        self._sweep_at = self._parts.clock.monotonic() + self._parts.sweep_seconds
        for platform in self._attached():
            found = await self._parts.outbox.due([platform], FOUND_MAX)
            self._postmen[platform].has_more = bool(found)
            self._sort(found)

    def _sort(self, found: Sequence[Due]) -> None:
        for due in found:
            lane = Lane(due.user_id, due.channel)
            self._postmen[due.channel.partition(":")[0]].wake(lane, Priority(due.priority))
