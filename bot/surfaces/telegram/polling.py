"""Takes updates from Telegram, one poller in all the world, for ever; loses none, doubles none.

An update is confirmed to the server when it was served; one that takes long, after ten seconds.
So what a killed process had in hand comes again, under the same key.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Any

from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.surfaces.telegram.faults import FAULTS, log_fault, says, seconds_of
from bot.surfaces.telegram.wire import POLL_SECONDS, WireBot
from bot.views import PlatformState
from engine.clock import Clock

log = logging.getLogger(__name__)

HELD_SECONDS = 10.0
FULL = 100  # updates that one answer has at most
HELD_SPAN = FULL // 2
IDLE_SECONDS = 3_600.0


@dataclass(frozen=True, kw_only=True)
class Pace:
    """Pauses in seconds. `away` doubles up to `away_max`; each is spread by half of itself."""

    away: float = 0.5
    away_max: float = 30.0
    bad_token: float = 120.0
    other_poller: float = 3.0
    held: float = 0.2
    grace: float = 1.5


class Pauses:
    """How long to wait after what went wrong; grows while it goes on."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._away = pace.away
        self._chance = Random()  # noqa: S311 - spreads attempts, hides nothing

    def reset(self) -> None:
        """Begin again: it works."""
        self._away = self._pace.away

    def after(self, error: BaseException) -> tuple[PlatformState, float]:
        """Return the state that an error means, and the seconds until the next attempt."""
        match error:
            case InvalidToken():
                return PlatformState.BAD_TOKEN, self._spread(self._pace.bad_token)
            case Conflict():
                return PlatformState.OTHER_POLLER, self._spread(self._pace.other_poller)
            case RetryAfter():
                return PlatformState.AWAY, seconds_of(error.retry_after)
            case _:
                pause, self._away = self._away, min(self._away * 2, self._pace.away_max)
                return PlatformState.AWAY, self._spread(pause)

    def _spread(self, seconds: float) -> float:
        return seconds * self._chance.uniform(0.5, 1.0)


class Held:
    """Which updates were taken and not yet served: they are not confirmed for a while."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._taken: dict[int, float] = {}
        self._last = -1
        self._all_served = asyncio.Event()

    def __bool__(self) -> bool:
        """Return whether any is still held back."""
        self._let_go()
        return bool(self._taken)

    @property
    def offset(self) -> int:
        """The first update that is not to be confirmed; 0 where nothing was taken."""
        self._let_go()
        return min(self._taken, default=self._last + 1)

    def take(self, update_id: int) -> bool:
        """Note an update as taken; False: it was before."""
        if update_id <= self._last:
            return False
        self._last = update_id
        self._taken[update_id] = self._clock.monotonic()
        self._all_served.clear()
        return True

    def served(self, update_id: int) -> None:
        """Note that an update needs not come again."""
        self._taken.pop(update_id, None)
        if not self._taken:
            self._all_served.set()

    async def settle(self, seconds: float) -> None:
        """Wait until all is served, at most so long."""
        try:
            async with asyncio.timeout(seconds):
                await self._all_served.wait()
        except TimeoutError:
            return

    def forget(self) -> None:
        """Take any id from now on: after a week without updates Telegram begins anew."""
        if not self._taken:
            self._last = -1

    def _let_go(self) -> None:
        """Stop holding what takes long, and what would leave news no room in an answer."""
        since, first = self._clock.monotonic() - HELD_SECONDS, self._last - HELD_SPAN
        for update_id in [key for key, at in self._taken.items() if at < since or key <= first]:
            self.served(update_id)


@dataclass(frozen=True)
class Inbox:
    """Where updates go. `put` gets one as JSON and what to call when it is served.

    `has_room` returns once more may be put.
    """

    put: Callable[[Any, Callable[[], None]], None]
    has_room: Callable[[], Awaitable[None]]


class Poller:
    """The loop that asks for updates. `report` is told how it goes, whenever that changes."""

    def __init__(
        self,
        bot: WireBot,
        inbox: Inbox,
        clock: Clock,
        pace: Pace,
        report: Callable[[PlatformState, str], None],
    ) -> None:
        self._bot = bot
        self._inbox = inbox
        self._clock = clock
        self._pace = pace
        self._report = report
        self._pauses = Pauses(pace)
        self._held = Held(clock)
        self._heard_at = clock.monotonic()
        self._is_up = False

    async def run(self, wait_for_lease: Callable[[], Awaitable[None]]) -> None:
        """Poll until canceled; asks nothing of Telegram while another process has the lease."""
        while True:
            await wait_for_lease()
            try:
                await self._round()
            except FAULTS as error:
                await self._recover(error)

    async def confirm(self) -> None:
        """Tell Telegram, at the end, what need not come again."""
        if self._held.offset:
            await self._bot.raw_updates(self._held.offset, 0, limit=1)

    async def _round(self) -> None:
        found = await self._bot.raw_updates(self._held.offset, POLL_SECONDS if self._is_up else 0)
        self._pauses.reset()
        self._is_up = True
        self._report(PlatformState.UP, "")
        readable = {key: one for one in found if (key := _id_of(one)) is not None}
        for update_id in sorted(readable):
            if self._held.take(update_id):
                self._inbox.put(readable[update_id], partial(self._held.served, update_id))
        if len(readable) < len(found):
            log.error("updates without an id: %d", len(found) - len(readable))
        if found and not readable:
            raise TypeError(type(found[0]))
        if found:
            self._heard_at = self._clock.monotonic()
        elif self._clock.monotonic() - self._heard_at > IDLE_SECONDS:
            self._held.forget()
        if self._held and len(found) < FULL:  # behind a full answer wait others: no time to lose
            await self._held.settle(self._pace.held)
        await self._inbox.has_room()

    async def _recover(self, error: Exception) -> None:
        state, pause = self._pauses.after(error)
        self._is_up = False  # the next answer comes at once, so that its state is known
        self._report(state, type(error).__name__)
        if not isinstance(error, TelegramError):
            log_fault(log, "an answer made no sense", error)
        if isinstance(error, Conflict) and says(error, "webhook"):
            await self._leave_webhook()
        await asyncio.sleep(pause)

    async def _leave_webhook(self) -> None:
        """Take updates by asking, should some other program have had them delivered."""
        try:
            await self._bot.delete_webhook()
        except FAULTS as error:
            log_fault(log, "the webhook stays", error)


def _id_of(update: Any) -> int | None:
    """Return an update's id; None for what is no update."""
    update_id = update.get("update_id") if isinstance(update, dict) else None
    return update_id if type(update_id) is int and 0 <= update_id < 2**63 else None
