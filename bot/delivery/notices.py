"""Tells one person what happened unasked: what was missed first, then everything as it comes.

What a command's own reply tells is not told again; what nobody saw stays until somebody does.
"""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Protocol

from bot.delivery.weather import Weather
from bot.use_cases.books import Person
from bot.use_cases.context import Context, Identity
from bot.use_cases.telling import Particulars, view_of
from bot.views import BroadcastView, Late, View
from db.outbox import Address, Claimed
from db.queries.records import Broadcast, Notice
from engine.core.effects import (
    AlertEnded,
    AlertFired,
    Effect,
    OrderEnded,
    TradeExited,
    TradeOpened,
)
from engine.defects import DEFECTS
from engine.ports import StoreError
from engine.tickets import Told

log = logging.getLogger(__name__)

LOOK_SECONDS = 15.0
RETRY_SECONDS = 1.0
STRANGER_SECONDS = 0.5
ANSWERED_KEPT = 1_000


class Outbox(Protocol):
    """The stored notices' way out. Raises StoreUnavailable."""

    async def claim(self, addresses: Sequence[Address], limit: int = 100) -> list[Claimed]:
        """Return what these channels have not told yet, oldest first; ours for half a minute."""
        ...

    async def told(self, notice_id: int, channel: str, *, everywhere: bool = False) -> None:
        """Note that a channel has told a notice, `everywhere`: for the other channels too."""
        ...

    async def dead(self, notice_id: int, channel: str, reason: str) -> None:
        """Give a delivery up."""
        ...


class Fate(Enum):
    """What replies have to do with a notice."""

    TOLD = auto()
    SOON = auto()
    OPEN = auto()


Refresh = Callable[[], Awaitable[Person | None]]


@dataclass
class _Reply:
    """A reply on its way: the orders whose end it tells, and the notices written for them."""

    orders: set[int] = field(default_factory=set[int])
    notices: set[int] = field(default_factory=set[int])


class NoticeBoard:
    """Wakes whoever waits for news, and knows which news a reply is telling already."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._news: dict[int, asyncio.Event] = {}
        self._replies: dict[int, list[_Reply]] = {}
        self._answered: deque[int] = deque(maxlen=ANSWERED_KEPT)
        self._on_silence: Callable[[int], None] | None = None

    def hear(self, told: Told) -> None:
        """Take what was stored, on the loop's thread, before anybody else runs."""
        notice_id, user_id = told.ruling.notice_id, owner_of(told.effect)
        if notice_id is None:
            return
        order_id = order_of(told.effect)
        for reply in self._replies.get(user_id, ()):
            if order_id in reply.orders:
                reply.notices.add(notice_id)
        self._wake(user_id)

    def on_silence(self, wake: Callable[[int], None]) -> None:
        """Call `wake` with the user whose reply broke off before it could tell everything."""
        self._on_silence = wake

    @asynccontextmanager
    async def answering(self, user_id: int, channel: str) -> AsyncIterator[set[int]]:
        """Lend a set for the orders whose end a reply tells; afterwards they count as told."""
        reply = _Reply()
        self._replies.setdefault(user_id, []).append(reply)
        is_told = False
        try:
            yield reply.orders
            is_told = True
            self._answered.extend(reply.notices)
            await self._note_told(reply.notices, channel)
        finally:
            self._replies[user_id].remove(reply)
            if not self._replies[user_id]:
                del self._replies[user_id]
            self._wake(user_id)
            if self._on_silence is not None and not is_told:
                self._on_silence(user_id)

    def fate(self, notice: Notice) -> Fate:
        """Return whether a reply has told a notice, is about to, or has nothing to do with it."""
        if notice.id in self._answered:  # its reply overtook a look into the database
            return Fate.TOLD
        if self.is_replied(notice.effect, notice.user_id):
            return Fate.SOON
        return Fate.OPEN

    def is_replied(self, effect: Effect | Broadcast, user_id: int) -> bool:
        """Return whether a reply on its way tells this."""
        order_id = order_of(effect)
        return any(order_id in reply.orders for reply in self._replies.get(user_id, ()))

    async def _note_told(self, notices: Iterable[int], channel: str) -> None:
        """Note what a reply has told; if it cannot be noted now, then when it is claimed."""
        try:
            for notice_id in notices:
                await self._outbox.told(notice_id, channel, everywhere=True)
        except StoreError as error:
            log.warning("not noted as told, the database is away: %s", error)

    def _wake(self, user_id: int) -> None:
        if user_id in self._news:
            self._news[user_id].set()

    async def notices(
        self, context: Context, identity: Identity, refresh: Refresh
    ) -> AsyncIterator[View]:
        """Yield what the person's channel has not told; asking for the next counts as told."""
        weather = Weather(context)
        while True:
            person = await self._person(refresh)
            news = self._news.setdefault(person.user_id, asyncio.Event())
            news.clear()
            try:
                async for view in self._untold(context, person.user_id, identity.channel):
                    yield view
            except StoreError as error:
                log.warning("notices wait, the database is away: %s", error)
                await asyncio.sleep(RETRY_SECONDS)
                continue
            async for view in weather.until(news, LOOK_SECONDS):
                yield view

    async def _untold(self, context: Context, user_id: int, channel: str) -> AsyncIterator[View]:
        while claimed := await self._outbox.claim([Address(user_id, channel)]):
            for notice in (one.notice for one in claimed):
                fate = self.fate(notice)
                if fate is Fate.TOLD:
                    await self._outbox.told(notice.id, channel, everywhere=True)
                    continue
                if fate is Fate.SOON:
                    continue  # if no reply comes, the claim runs out
                try:
                    view = told_view(context, notice)
                except DEFECTS:
                    log.exception("a notice cannot be told: %d", notice.id)
                    await self._outbox.dead(notice.id, channel, "untellable")
                    continue
                if view is not None:
                    yield view
                await self._outbox.told(notice.id, channel)

    async def _person(self, refresh: Refresh) -> Person:
        while True:
            try:
                person = await refresh()
            except StoreError:
                person = None
            if person is not None:
                return person
            await asyncio.sleep(STRANGER_SECONDS)


def told_view(context: Context, notice: Notice) -> View | None:
    """Return the view that tells a notice; None: it is nothing to tell."""
    if isinstance(notice.effect, Broadcast):
        return BroadcastView(text=notice.effect.text)
    return view_of(context, notice.effect, particulars(notice))


def particulars(notice: Notice) -> Particulars:
    """Return what the effect itself does not know."""
    late = None
    if notice.late_since_ms is not None:
        late = Late(since_ms=notice.late_since_ms, until_ms=notice.decided_at_ms)
    return Particulars(
        currency=notice.currency,
        number=notice.number,
        balance=notice.balance,
        late=late,
    )


def owner_of(effect: Effect) -> int:
    """Return the user whom an effect concerns."""
    match effect:
        case TradeOpened() | TradeExited():
            return effect.trade.user_id
        case OrderEnded():
            return effect.order.user_id
        case AlertFired() | AlertEnded():
            return effect.alert.user_id
        case _:
            return getattr(effect, "user_id", 0)


def order_of(effect: Effect | Broadcast) -> int | None:
    """Return the order that an effect ends, None for one that no order asked for."""
    match effect:
        case TradeOpened():
            return effect.trade.id
        case TradeExited():
            return effect.order_id
        case OrderEnded():
            return effect.order.id
        case _:
            return None
