"""Tells one platform's people what is due: a few hands, each with one notice, lanes in order.

What happens to a message that cannot be sent is decided here: a pause, another try, or its death.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol

from bot.delivery.courier import (
    Courier,
    CourierError,
    Gone,
    Handle,
    Priority,
    TryLater,
    Unreachable,
    Unsendable,
)
from bot.delivery.gate import Gate
from bot.delivery.lanes import Lane, Lanes
from bot.delivery.notices import Fate, NoticeBoard
from bot.delivery.way import CHAT_REST_SECONDS, GatedWay, NoTurn
from bot.delivery.wording import Wording, nonce_of, plain, priority_of
from bot.messages import Message
from bot.use_cases.house_books import HouseBooks
from db.outbox import Claimed, Due
from db.queries.records import Notice
from engine.clock import Clock
from engine.defects import DEFECTS
from engine.ports import StoreError

log = logging.getLogger(__name__)

HANDS = 64
TAKEN_AT_ONCE = 16
TURN_SECONDS = 12.0
REPLY_SECONDS = 2.0
STORE_SECONDS = 1.0
SPARE_SECONDS = 0.1
OUTAGE_FAILURES = 3
PAUSE_SECONDS_MAX = 60.0
SENT_KEPT = 10_000


class RelayOutbox(Protocol):
    """The stored deliveries. Raises StoreUnavailable."""

    async def due(
        self, platforms: Sequence[str], limit: int = 500, user_ids: Sequence[int] | None = None
    ) -> list[Due]:
        """Return the chats that have something to be told now, the most urgent first."""
        ...

    async def take(
        self, chats: Sequence[Due], limit: int = 500, per_chat: int = 20
    ) -> list[Claimed]:
        """Take notices for these chats, each chat's oldest first; ours for half a minute."""
        ...

    async def told(self, notice_id: int, channel: str, *, everywhere: bool = False) -> None:
        """Note that a notice was told on a channel."""
        ...

    async def failed(
        self, notice_id: int, channel: str, reason: str, retry_seconds: float | None = None
    ) -> None:
        """Try again later; at last give up."""
        ...

    async def release(self, notice_id: int, channel: str, seconds: float) -> None:
        """Give a claim back as if never taken, due in `seconds`."""
        ...

    async def dead(self, notice_id: int, channel: str, reason: str) -> None:
        """Give one delivery up."""
        ...


@dataclass(frozen=True, kw_only=True)
class RelayParts:
    """What relay and postmen work with.

    `after_sent` hears of every notice that arrived, and on which channel.
    """

    outbox: RelayOutbox
    board: NoticeBoard
    way: GatedWay
    house: HouseBooks
    wording: Wording
    clock: Clock
    after_sent: Callable[[Notice, str], None] | None = None
    sweep_seconds: float = 15.0


@dataclass
class Counted:
    """What came of it all. `repeated`: sent again because the answer to the first was lost."""

    delivered: int = 0
    repeated: int = 0
    failed: int = 0
    dead: int = 0


@dataclass(eq=False, slots=True)
class _Errand:
    """One claimed notice on its way, and the lane that waits for it."""

    lane: Lane
    priority: Priority
    claimed: Claimed

    @property
    def name(self) -> tuple[int, str]:
        return (self.claimed.notice.id, self.claimed.channel)


@dataclass
class _Trouble:
    """How the platform fails: consecutively, and until when it is left alone."""

    failures: int = 0
    until: float = 0.0
    lost: dict[tuple[int, str], None] = field(default_factory=dict)

    @property
    def is_outage(self) -> bool:
        return self.failures >= OUTAGE_FAILURES

    def note(self, now: float) -> None:
        """Count a failure; what was under way when the pause began makes it no longer."""
        if now < self.until:
            return
        self.failures += 1
        if self.is_outage:
            beyond = min(self.failures - OUTAGE_FAILURES, 6)
            self.until = now + min(2.0**beyond, PAUSE_SECONDS_MAX)


class Postman:
    """One platform's lanes and hands."""

    def __init__(self, platform: str, parts: RelayParts) -> None:
        self.platform = platform
        self.lanes = Lanes()
        self.counted = Counted()
        self.has_more = False
        self._parts = parts
        self._courier: Courier | None = None
        self._changed = asyncio.Event()
        self._work: asyncio.Queue[_Errand] = asyncio.Queue()
        self._trouble = _Trouble()
        self._sent: dict[tuple[int, str], None] = {}
        self._busy = 0

    @property
    def is_attached(self) -> bool:
        """Whether there is a way out to the platform."""
        return self._courier is not None

    def attach(self, courier: Courier | None) -> None:
        """Take the way out; None: forget whose news wait, the database knows."""
        self._courier = courier
        self._trouble.failures, self._trouble.until = 0, 0.0
        if courier is None:
            self.lanes.clear()
            self.has_more = False
        self._changed.set()

    def wake(self, lane: Lane, priority: Priority) -> None:
        """Note that a lane has something to tell."""
        if self.is_attached:
            self.lanes.wake(lane, priority)
            self._changed.set()

    def is_full(self, lanes_max: int) -> bool:
        """Tell whether no more lanes should be looked for."""
        return len(self.lanes) >= lanes_max or not self.is_attached

    async def run(self) -> None:
        """Tell until canceled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._hand_out(), name=f"postman {self.platform}")
            for _ in range(HANDS):
                group.create_task(self._carry(), name=f"postman {self.platform}")

    # who is next

    async def _hand_out(self) -> None:
        while True:
            lanes = await self._next_lanes()
            try:
                await self._take(lanes)
            except StoreError as error:
                log.warning("notices wait, the database is away: %s", error)
                until = self._parts.clock.monotonic() + STORE_SECONDS
                for lane, priority in lanes.items():
                    self.lanes.park(lane, priority, until)
                await asyncio.sleep(STORE_SECONDS)

    async def _next_lanes(self) -> dict[Lane, Priority]:
        """Wait for lanes whose chats may be written to now; at most as many as hands are free."""
        while True:
            self._changed.clear()
            now = self._parts.clock.monotonic()
            rest = self._pause(now)
            if rest <= 0:
                lanes = self._ready_lanes(now)
                if lanes:
                    return lanes
                next_at = self.lanes.next_at()
                rest = PAUSE_SECONDS_MAX if next_at is None else max(0.0, next_at - now)
            with suppress(TimeoutError):
                async with asyncio.timeout(rest):
                    await self._changed.wait()

    def _pause(self, now: float) -> float:
        """Return for how long nobody is told anything: the platform is away, or wants a rest."""
        if not self.is_attached or self._busy >= HANDS:
            return PAUSE_SECONDS_MAX
        if self._trouble.is_outage and self._busy:
            return PAUSE_SECONDS_MAX  # one probe at a time
        held = self._gate.rest_seconds("")
        return max(self._trouble.until - now, held)

    def _ready_lanes(self, now: float) -> dict[Lane, Priority]:
        most = 1 if self._trouble.is_outage else min(TAKEN_AT_ONCE, HANDS - self._busy)
        lanes: dict[Lane, Priority] = {}
        while len(lanes) < most and (taken := self.lanes.take(now)) is not None:
            lane, priority = taken
            rest = self._gate.rest_seconds(lane.chat_id)
            if rest > CHAT_REST_SECONDS:
                self.lanes.park(lane, priority, now + rest)
            else:
                lanes[lane] = priority
        return lanes

    async def _take(self, lanes: dict[Lane, Priority]) -> None:
        chats = [Due(lane.user_id, lane.channel) for lane in lanes]
        claimed = await self._parts.outbox.take(chats, len(chats), 1)
        for one in claimed:
            lane = Lane(one.notice.user_id, one.channel)
            self._busy += 1
            self._work.put_nowait(_Errand(lane, lanes.pop(lane), one))
        for lane in lanes:
            self.lanes.done(lane)

    # one errand

    async def _carry(self) -> None:
        while True:
            errand = await self._work.get()
            try:
                await self._run_errand(errand)
            finally:
                self._busy -= 1
                self._changed.set()

    async def _run_errand(self, errand: _Errand) -> None:
        """Tell one notice; whatever happens, its lane goes on or is left alone for a while."""
        try:
            rest_seconds = await self._tell(errand)
        except StoreError as error:
            log.warning("not noted, the database is away: %s", error)
            rest_seconds = STORE_SECONDS
        except DEFECTS:
            log.exception("a notice cannot be told: %d", errand.claimed.notice.id)
            rest_seconds = await self._give_up(errand, "untellable")
        if rest_seconds is None:
            self.lanes.more(errand.lane, self._next_priority(errand))
        else:
            until = self._parts.clock.monotonic() + rest_seconds + SPARE_SECONDS
            self.lanes.park(errand.lane, errand.priority, until)

    def _next_priority(self, errand: _Errand) -> Priority:
        """Return a lane's class once its first notice is told: an exit behind it keeps it."""
        own = priority_of(errand.claimed.notice)
        return errand.priority if own > errand.priority else max(own, Priority.ALERT)

    async def _tell(self, errand: _Errand) -> float | None:
        """Tell a notice; return for how many seconds its lane rests, None: it goes on."""
        outbox, (notice_id, channel) = self._parts.outbox, errand.name
        fate = self._parts.board.fate(errand.claimed.notice)
        if fate is Fate.SOON:
            await outbox.release(notice_id, channel, REPLY_SECONDS)
            return REPLY_SECONDS
        is_told = fate is Fate.TOLD or errand.name in self._sent
        message = None if is_told else self._parts.wording.message(errand.claimed)
        if message is None:
            await outbox.told(notice_id, channel, everywhere=fate is Fate.TOLD)
            return None
        try:
            await self._send(errand, message)
        except CourierError as error:
            return await self._failed(errand, error)
        await self._arrived(errand)
        return None

    async def _send(self, errand: _Errand, message: Message) -> Handle:
        courier = self._courier
        if courier is None:
            raise Unreachable("the platform is away")
        chat_id = errand.claimed.platform_id or errand.lane.chat_id
        try:
            return await self._attempt(courier, chat_id, errand, message)
        except Gone as error:
            if not error.moved_to:
                raise
            return await self._attempt(courier, error.moved_to, errand, message)
        except Unsendable as error:
            log.warning("sent as plain text: %d: %s", errand.claimed.notice.id, error.reason)
            return await self._attempt(courier, chat_id, errand, plain(message))

    async def _attempt(
        self, courier: Courier, chat_id: str, errand: _Errand, message: Message
    ) -> Handle:
        """Take a turn and send; a chat that rests meanwhile holds no hand."""
        priority = min(errand.priority, priority_of(errand.claimed.notice))
        await self._parts.way.turn_soon(courier, chat_id, priority, TURN_SECONDS)
        if errand.name in self._trouble.lost:
            del self._trouble.lost[errand.name]
            self.counted.repeated += 1
        nonce = nonce_of(errand.claimed)
        return await self._parts.way.send_now(courier, chat_id, message, nonce=nonce)

    async def _arrived(self, errand: _Errand) -> None:
        self.counted.delivered += 1
        self._trouble.failures = 0
        _keep(self._sent, errand.name)
        if self._parts.after_sent is not None:
            self._parts.after_sent(errand.claimed.notice, errand.claimed.channel)
        await self._parts.outbox.told(*errand.name)
        self._sent.pop(errand.name, None)

    # what failed

    async def _failed(self, errand: _Errand, error: CourierError) -> float | None:
        """Note a failure; return for how many seconds the lane rests, None: it goes on."""
        match error:
            case TryLater():
                await self._parts.outbox.release(*errand.name, error.seconds)
                return error.seconds
            case Gone():
                reason = error.reason or "gone"
                await self._parts.house.mark_gone(self.platform, errand.lane.chat_id, reason)
                self.counted.dead += 1
                return None
            case Unsendable():
                return await self._give_up(errand, error.reason or "unsendable")
            case Unreachable() if self._courier is not None and not isinstance(error, NoTurn):
                return await self._unreachable(errand, error)
            case _:  # no turn in time, or no way out any more: nothing was tried
                await self._parts.outbox.release(*errand.name, STORE_SECONDS)
                return STORE_SECONDS

    async def _unreachable(self, errand: _Errand, error: Unreachable) -> float:
        """Try one notice again later; an outage is nobody's fault and counts against none."""
        if error.is_unknown:
            _keep(self._trouble.lost, errand.name)
        self.counted.failed += 1
        self._trouble.note(self._parts.clock.monotonic())
        if self._trouble.is_outage:  # the pause is everybody's, so nobody needs one of his own
            await self._parts.outbox.release(*errand.name, STORE_SECONDS)
            return STORE_SECONDS
        seconds = min(2.0 ** (errand.claimed.attempt - 1), PAUSE_SECONDS_MAX)
        await self._parts.outbox.failed(*errand.name, error.reason, seconds)
        return seconds

    async def _give_up(self, errand: _Errand, reason: str) -> float | None:
        self.counted.dead += 1
        try:
            await self._parts.outbox.dead(*errand.name, reason)
        except StoreError as error:
            log.warning("not noted as dead, the database is away: %s", error)
            return STORE_SECONDS
        return None

    @property
    def _gate(self) -> Gate:
        return self._parts.way.gate(self.platform)


def _keep(names: dict[tuple[int, str], None], name: tuple[int, str]) -> None:
    """Remember a name; the oldest beyond the limit is forgotten."""
    names[name] = None
    while len(names) > SENT_KEPT:
        names.pop(next(iter(names)))
