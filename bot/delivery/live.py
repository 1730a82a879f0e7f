"""Keeps live lists fresh, each at its platform's pace, and ends them in time with a way to go on.

One scheduler and a few hands per platform, whatever the number of lists; no task per refresh.
"""

import asyncio
import heapq
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count

from bot.conversation.presses import read_line
from bot.conversation.said import Room
from bot.delivery.courier import (
    Courier,
    CourierError,
    Gone,
    Handle,
    Priority,
    Unsendable,
)
from bot.delivery.gate import Gate
from bot.delivery.turns import Resting
from bot.delivery.way import CHAT_REST_SECONDS, GatedWay
from bot.front import Talk, Talks
from bot.grammar.requests import ListTrades, Misread, Request
from bot.messages import Message
from bot.text import Words
from bot.use_cases.house_books import HouseBooks, LiveRecord
from bot.use_cases.lines import spelled
from engine.clock import Clock
from engine.defects import DEFECTS
from engine.ports import StoreError

log = logging.getLogger(__name__)

LISTS_MAX = 2_000
HANDS = 8
STALE_SECONDS = 0.5
TURN_SECONDS = 60.0
TOKEN_SPARE_SECONDS = 15.0
LAST_TRIES = 5

Ended = Callable[[Message, Words], Message]
Name = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class LiveParts:
    """What live lists need. `ended` turns a list's message into its last, with a way to go on."""

    way: GatedWay
    house: HouseBooks
    clock: Clock
    ended: Ended
    lists_max: int = LISTS_MAX


@dataclass(eq=False, slots=True)
class _Live:
    """One live list. `shown` is None when nobody knows what stands there now."""

    handle: Handle
    talk: Talk
    request: Request
    shown: Message | None
    until: float
    is_left: bool = False
    is_busy: bool = False
    doubts: int = 0
    tries: int = 0

    @property
    def name(self) -> Name:
        return (self.handle.chat_id, self.handle.message_id)

    @property
    def place(self) -> tuple[str, str, str]:
        return (self.talk.identity.id, self.handle.chat_id, self.handle.topic)


def without_time(message: Message) -> tuple[object, ...]:
    """Return what makes two messages the same but for their last line, which tells the time."""
    return (message.lines[:-1], message.table, message.footer[:-1], message.rows, message.tone)


@dataclass(eq=False)
class _Platform:
    """The lists of one platform and who is due when."""

    lists: dict[Name, _Live] = field(default_factory=dict[Name, _Live])
    places: dict[tuple[str, str, str], _Live] = field(default_factory=dict)
    agenda: list[tuple[float, int, _Live]] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    up: asyncio.Event = field(default_factory=asyncio.Event)
    work: asyncio.Queue[_Live] = field(default_factory=lambda: asyncio.Queue(HANDS))
    courier: Courier | None = None


class LiveLists:
    """The live board of both platforms. A list that is superseded or gone is forgotten."""

    def __init__(self, parts: LiveParts, platforms: tuple[str, ...]) -> None:
        self._parts = parts
        self._platforms: Mapping[str, _Platform] = {name: _Platform() for name in platforms}
        self._numbers = count()

    def __len__(self) -> int:
        """Return how many lists are kept."""
        return sum(len(platform.lists) for platform in self._platforms.values())

    def attach(self, platform: str, courier: Courier | None) -> None:
        """Take the way out to a platform; None: its lists wait."""
        at = self._platforms[platform]
        at.courier = courier
        if courier is None:
            at.up.clear()
        else:
            at.up.set()

    async def watch(self, handle: Handle, talk: Talk, request: Request, shown: Message) -> None:
        """Keep a message live from now on; one in the same room for the same person ends."""
        live = _Live(handle, talk, request, shown, self._until(handle))
        self._begin(live)
        if not handle.token and talk.room.is_private:
            await self._save(live)

    async def leave(self, handle: Handle) -> None:
        """Stop refreshing a message: something else stands there now."""
        live = self._platforms[handle.platform].lists.get((handle.chat_id, handle.message_id))
        if live is not None:
            await self._forget(live)

    async def resume(self, platform: str, talks: Talks) -> None:
        """Go on with the lists of the process before, or end them. Raises StoreUnavailable."""
        clock = self._parts.clock
        for record in await self._parts.house.live(platform):
            name = (record.chat_id, record.message_id)
            if name in self._platforms[platform].lists:
                continue
            identity = talks.identity(platform, record.platform_user_id, "", "")
            room = Room(id=record.chat_id, topic=record.topic)
            handle = Handle(
                platform=platform,
                chat_id=record.chat_id,
                message_id=record.message_id,
                topic=record.topic,
            )
            until = clock.monotonic() + (record.until_ms - clock.now_ms()) / 1000
            self._begin(_Live(handle, talks.of(identity, room), _request(record), None, until))

    async def part(self, platform: str) -> None:
        """End at once what no process after this one can go on with: the lists by a token.

        They end as they stand, each once; what fails is not tried again.
        """
        at, gate = self._platforms[platform], asyncio.Semaphore(HANDS)
        leaving = [live for live in at.lists.values() if live.handle.token]
        for live in leaving:
            live.is_left = True
            _remove(at, live)
        if at.courier is not None:
            await asyncio.gather(*(self._parted(at.courier, live, gate) for live in leaving))

    async def _parted(self, courier: Courier, live: _Live, gate: asyncio.Semaphore) -> None:
        if live.shown is None:
            return
        last = self._parts.ended(live.shown, live.talk.words)
        async with gate:
            try:
                await self._parts.way.edit_now(courier, live.handle, last)
            except CourierError as error:
                log.info("a live list is not ended: %r: %r", live.handle, error)

    async def run(self) -> None:
        """Refresh until canceled."""
        async with asyncio.TaskGroup() as group:
            for name, platform in self._platforms.items():
                group.create_task(self._schedule(platform), name=f"live {name}")
                for _ in range(HANDS):
                    group.create_task(self._work(platform), name=f"live hand {name}")

    def _until(self, handle: Handle) -> float:
        clock = self._parts.clock
        now = clock.monotonic()
        seconds = self._parts.way.gate(handle.platform).budget.live_minutes * 60
        if handle.until_ms is not None:
            left = (handle.until_ms - clock.now_ms()) / 1000 - TOKEN_SPARE_SECONDS
            seconds = min(seconds, max(0.0, left))
        return now + seconds

    def _begin(self, live: _Live) -> None:
        platform = self._platforms[live.handle.platform]
        before = platform.lists.pop(live.name, None)
        if before is not None:
            before.is_left = True
        other = platform.places.get(live.place)
        if other is not None and not other.is_left:
            self._end_soon(platform, other)
        platform.lists[live.name] = live
        platform.places[live.place] = live
        self._bound(platform)
        pace = self._parts.way.gate(live.handle.platform).budget.live_seconds
        now = self._parts.clock.monotonic()
        self._due(platform, live, min(now + pace, max(now, live.until)))

    def _bound(self, platform: _Platform) -> None:
        """End the oldest beyond the limit; drop it unsaid where even its end cannot be said."""
        beyond = len(platform.lists) - self._parts.lists_max
        if beyond > 0:
            oldest = next((one for one in platform.lists.values() if one.until > 0), None)
            if oldest is not None:
                self._end_soon(platform, oldest)
        if beyond > self._parts.lists_max:
            dropped = next(iter(platform.lists.values()))
            dropped.is_left = True
            _remove(platform, dropped)

    def _end_soon(self, platform: _Platform, live: _Live) -> None:
        live.until = 0.0
        self._due(platform, live, self._parts.clock.monotonic())

    def _due(self, platform: _Platform, live: _Live, at: float) -> None:
        heapq.heappush(platform.agenda, (at, next(self._numbers), live))
        platform.changed.set()

    async def _schedule(self, platform: _Platform) -> None:
        """Hand out the lists as they fall due; a chat that rests is left for later."""
        while True:
            await platform.up.wait()
            platform.changed.clear()
            now = self._parts.clock.monotonic()
            if not platform.agenda or platform.agenda[0][0] > now:
                seconds = platform.agenda[0][0] - now if platform.agenda else None
                await _changed_within(platform.changed, seconds)
                continue
            _, _, live = heapq.heappop(platform.agenda)
            if live.is_left or live.is_busy:
                continue
            rest = self._gate(live).rest_seconds(live.handle.chat_id)
            if rest > CHAT_REST_SECONDS:
                self._due(platform, live, now + rest)
                continue
            live.is_busy = True
            await platform.work.put(live)

    async def _work(self, platform: _Platform) -> None:
        while True:
            live = await platform.work.get()
            try:
                is_kept = await self._refreshed(platform, live)
            except DEFECTS:
                log.exception("a live list is given up: %r", live.handle)
                is_kept = False
            live.is_busy = False
            if not is_kept:
                await self._forget(live)
                continue
            now = self._parts.clock.monotonic()
            pace = self._gate(live).budget.live_seconds
            soonest = now if live.tries == 0 else now + pace
            self._due(platform, live, max(soonest, min(now + pace, live.until)))

    async def _refreshed(self, platform: _Platform, live: _Live) -> bool:
        """Show what is new, or the end; return whether the list is kept."""
        is_last = self._parts.clock.monotonic() >= live.until
        if live.is_left or platform.courier is None:
            return not live.is_left
        try:
            if is_last:
                await self._end(platform.courier, live)
                return False
            await self._tick(platform.courier, live)
        except (Gone, Unsendable):
            return False
        except Resting:  # nothing was tried: the chat's turn comes later
            return True
        except (CourierError, StoreError) as error:
            live.tries += 1
            log.info("a live list waits: %r: %r", live.handle, error)
            return not (is_last and live.tries >= LAST_TRIES)
        live.tries = 0
        return True

    async def _tick(self, courier: Courier, live: _Live) -> None:
        """Look whether there is news; take a turn for it, and say what is true when it comes."""
        message = await live.talk.look(live.request)
        if not self._is_news(live, message):
            return
        asked_at = self._parts.clock.monotonic()
        await self._parts.way.turn_soon(courier, live.handle.chat_id, Priority.LIVE, TURN_SECONDS)
        if self._parts.clock.monotonic() - asked_at > STALE_SECONDS:
            message = await live.talk.look(live.request)
        if not live.is_left:
            await self._parts.way.edit_now(courier, live.handle, message)
            live.shown = message

    def _is_news(self, live: _Live, message: Message) -> bool:
        """Tell whether to show it. What is no list any more must be so twice: a hiccup passes."""
        live.doubts = 0 if message.is_live else live.doubts + 1
        if live.shown is None:
            return True
        if live.shown.is_live and live.doubts == 1:
            return False
        return without_time(message) != without_time(live.shown)

    async def _end(self, courier: Courier, live: _Live) -> None:
        await self._parts.way.turn_soon(courier, live.handle.chat_id, Priority.LIVE, TURN_SECONDS)
        message = await live.talk.look(live.request)
        if not live.is_left:
            last = self._parts.ended(message, live.talk.words)
            await self._parts.way.edit_now(courier, live.handle, last)

    async def _forget(self, live: _Live) -> None:
        live.is_left = True
        _remove(self._platforms[live.handle.platform], live)
        if live.handle.token:
            return
        try:
            await self._parts.house.end_live(
                live.handle.platform, live.handle.chat_id, live.handle.message_id
            )
        except StoreError as error:
            log.warning("an ended live list is still noted: %s", error)

    async def _save(self, live: _Live) -> None:
        clock = self._parts.clock
        seconds = live.until - clock.monotonic()
        record = LiveRecord(
            platform=live.handle.platform,
            chat_id=live.handle.chat_id,
            message_id=live.handle.message_id,
            topic=live.handle.topic,
            platform_user_id=live.talk.identity.id,
            line=spelled(live.request),
            until_ms=clock.now_ms() + round(seconds * 1000),
        )
        try:
            await self._parts.house.save_live(record)
        except StoreError as error:
            log.warning("a live list is not noted: %s", error)

    def _gate(self, live: _Live) -> Gate:
        return self._parts.way.gate(live.handle.platform)


def _request(record: LiveRecord) -> Request:
    request = read_line(record.line)
    return ListTrades() if isinstance(request, Misread) else request


def _remove(platform: _Platform, live: _Live) -> None:
    if platform.lists.get(live.name) is live:
        del platform.lists[live.name]
    if platform.places.get(live.place) is live:
        del platform.places[live.place]


async def _changed_within(changed: asyncio.Event, seconds: float | None) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await changed.wait()
