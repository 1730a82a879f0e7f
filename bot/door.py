"""One person's way in, on any surface: his requests to the use cases, his notices to him.

Errors never pass it: a broken invariant is logged and told as one sentence.
"""

import logging
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from msgspec import structs

from bot.conversation.said import Room
from bot.delivery.notices import NoticeBoard
from bot.grammar import requests as asked
from bot.grammar.requests import Again, Help, Link, Open, Request, Start, Status
from bot.text.zones import zone_of
from bot.use_cases import (
    account,
    alerts,
    charting,
    closing,
    exits,
    hosting,
    linking,
    listing,
    opening,
    plans,
    practicing,
    preferences,
    starting,
    status,
)
from bot.use_cases.books import Person
from bot.use_cases.context import Caller, Context, Identity
from bot.use_cases.hosting import Gauges
from bot.views import ExitView, HelpView, LinkedView, ProblemCode, ProblemView, View
from engine.defects import DEFECTS
from engine.ports import StoreError, StoreUnavailable

log = logging.getLogger(__name__)

ARMED_SECONDS = 8.0
PRIVATE = Room(id="")
NOBODY = 0
CLOCKS_APART_MS = 5_000  # a platform's and ours
CARDS_MAX = 3
FOR_GUESTS = (asked.Price, asked.Chart, asked.GroupSettings)

Post = Callable[[str, View], None]
Act = Callable[..., AsyncGenerator[View, None]]


@dataclass(frozen=True)
class DoorParts:
    """What every door is made of. `post` shows a view in another chat of somebody: `discord:1`.

    `follow` (channel, trade's number) sends a closed trade's card after the answer that told it.
    """

    context: Context
    board: NoticeBoard
    gauges: Gauges
    post: Post
    follow: Callable[[str, int], None]


class PersonDoor:
    """Requests in, views out, for one identity."""

    def __init__(self, parts: DoorParts, identity: Identity, room: Room = PRIVATE) -> None:
        self._parts = parts
        self._context = parts.context
        self._identity = identity
        self._room = room
        self._person: Person | None = None
        self._is_practicing = False
        self.is_looked_up = False

    @property
    def locale(self) -> str:
        """The person's language now."""
        return self._person.locale if self._person else self._identity.locale

    @property
    def zone(self) -> str:
        """The person's time zone now."""
        return self._person.zone if self._person else self._identity.zone

    @property
    def confirm(self) -> str:
        """When the person wants to be asked."""
        return self._person.confirm if self._person else "buttons"

    async def handle(self, request: Request, key: str) -> AsyncGenerator[View, None]:
        """Do what is asked and yield what followed."""
        try:
            async with aclosing(self._handle(request, key)) as views:
                async for view in views:
                    yield view
        except StoreError as error:
            log.warning("not served, the database is away: %s", error)
            is_away = isinstance(error, StoreUnavailable)
            yield ProblemView(code=ProblemCode.DATABASE_AWAY if is_away else ProblemCode.TRY_AGAIN)
        except DEFECTS:
            log.exception("not served, we are to blame: %s", type(request).__name__)
            yield ProblemView(code=ProblemCode.INTERNAL)

    async def notices(self) -> AsyncIterator[View]:
        """Yield what happened unasked, first what was missed."""
        async for view in self._parts.board.notices(self._context, self._identity, self._refresh):
            yield view

    async def look_up(self) -> bool:
        """Look up who this is; False: a stranger. Raises StoreUnavailable."""
        return await self._refresh() is not None

    async def was_elsewhere(self, at_ms: int) -> bool:
        """Tell whether this chat was not on this account then (ms UTC). Raises StoreError."""
        person = await self._refresh()
        return person is not None and at_ms < person.since_ms - CLOCKS_APART_MS

    async def _handle(self, request: Request, key: str) -> AsyncGenerator[View, None]:
        if isinstance(request, Help):
            yield HelpView(topic=request.topic)
            return
        person = await self._refresh(is_cached=isinstance(request, Status))
        person = person or self._guest(request)
        if person is None:
            yield await self._strange(request)
            return
        async with aclosing(self._serve(Caller(self._identity, person, key), request)) as views:
            async for view in views:
                yield view

    def _serve(self, caller: Caller, request: Request) -> AsyncGenerator[View, None]:
        act = _ACTS.get(type(request))
        if act is not None:
            return self._act(caller, request, act)
        is_practice = isinstance(request, asked.Practice)
        return self._practice(caller) if is_practice else self._tell_once(caller, request)

    async def _tell_once(self, caller: Caller, request: Request) -> AsyncGenerator[View, None]:
        view = await self._tell(caller, request)
        if isinstance(request, asked.Language | asked.Timezone | asked.Settings | Link):
            await self._refresh()  # the answer is in the new language already
        yield view

    async def _refresh(self, *, is_cached: bool = False) -> Person | None:
        """Return the person as stored; with `is_cached` as last heard, if the database is away."""
        identity = self._identity
        try:
            self._person = await self._known(identity)
            self.is_looked_up = True
        except StoreError:
            if not (is_cached and self._person):
                raise
        return self._person

    async def _known(self, identity: Identity) -> Person | None:
        """Look a person up, and keep what he is called from now on."""
        books = self._context.books
        person = await books.person(identity.platform, identity.id)
        if person is not None and identity.name and identity.name != person.name:
            await books.set_name(identity.platform, identity.id, identity.name)
        return person

    def _guest(self, request: Request) -> Person | None:
        """Return a person without account or trades: a room is answered whoever asks there."""
        if self._room.is_private or not isinstance(request, FOR_GUESTS):
            return None
        identity = self._identity
        currency, amount = next(iter(self._context.starting_balance.items()))
        return Person(
            user_id=NOBODY,
            account_id=NOBODY,
            locale=identity.locale,
            zone=identity.zone,
            currency=currency,
            starting_balance=amount,
            balance=amount,
        )

    async def _strange(self, request: Request) -> View:
        context = self._context
        if isinstance(request, Link) and request.code is not None:
            return self._joined(await linking.join(context, self._identity, request))
        if not isinstance(request, Start):
            return ProblemView(code=ProblemCode.NOT_STARTED, suggestion="/start")
        if request.language is not None:
            zone = zone_of(request.language)
            self._identity = replace(self._identity, locale=request.language, zone=zone)
        if request.currency:
            view = await starting.enroll(context, self._identity, request.currency)
            await self._refresh()
            return view
        is_sure = request.language is not None or self._identity.platform == "terminal"
        return starting.welcome_stranger(
            context, self._identity, ticket=request.ticket, is_language_sure=is_sure
        )

    async def _act(self, caller: Caller, request: Request, act: Act) -> AsyncGenerator[View, None]:
        """Do what needs the vigil; the results are told here and not again as notices."""
        context, channel = self._context, caller.identity.channel
        if not await context.desk.wait_armed(ARMED_SECONDS):
            yield ProblemView(code=ProblemCode.CATCHING_UP)
            return
        async with self._parts.board.answering(caller.person.user_id, channel) as claims:
            caller = replace(caller, claims=claims)
            closed: list[int] = []
            async with aclosing(act(context, caller, request)) as views:
                async for view in views:
                    yield view
                    if isinstance(view, ExitView) and view.is_closed:
                        closed.append(view.number)
        for number in closed if len(closed) <= CARDS_MAX else ():  # of many, the summary's buttons
            self._parts.follow(channel, number)

    async def _practice(self, caller: Caller) -> AsyncGenerator[View, None]:
        if self._is_practicing:
            yield ProblemView(code=ProblemCode.PRACTICE_RUNS)
            return
        self._is_practicing = True
        try:
            async with aclosing(practicing.practice(self._context, caller)) as views:
                async for view in views:
                    yield view
        finally:
            self._is_practicing = False

    async def _tell(self, caller: Caller, request: Request) -> View:
        context = self._context
        match request:
            case asked.Price(symbol=None):
                return ProblemView(code=ProblemCode.COIN_MISSING, suggestion="/price btc")
            case asked.Link(code=None):
                return await linking.make_code(context, caller)
            case asked.Link():
                return self._joined(await linking.join(context, self._identity, request))
            case asked.Chart(symbol=str(), target=None) if not self._room.is_private:
                return await charting.chart(context, _nobody(caller), request)
            case asked.Status():
                return await status.status(context, caller, self._parts.gauges.started_at_ms)
            case asked.GroupSettings() | asked.Share() | asked.Admin():
                return await self._of_room(caller, request)
            case _:
                tell = _TELLS.get(type(request))
                if tell is None:
                    return ProblemView(code=ProblemCode.NOTHING_TO_CONFIRM)
                return await tell(context, caller, request)

    async def _of_room(self, caller: Caller, request: Request) -> View:
        """Do what depends on where it is asked, and by whom."""
        context, room = self._context, self._room
        match request:
            case asked.GroupSettings() if room.is_private:
                return ProblemView(code=ProblemCode.ONLY_IN_GROUP)
            case asked.GroupSettings() if room.is_admin:
                platform = self._identity.platform
                return await preferences.group_settings(context, platform, room.id, request)
            case asked.Admin() if self._identity.is_host:  # shown to him alone, wherever he asks
                return await hosting.administer(context, caller, request, self._parts.gauges)
            case asked.Share():
                view = await charting.share(context, caller, request, room.name)
                return charting.asked_where(view) if room.is_private else view
            case _:
                return ProblemView(code=ProblemCode.NOT_ALLOWED)

    def _joined(self, view: View) -> View:
        if isinstance(view, LinkedView):
            here, name = self._identity.channel, self._identity.name
            self._parts.post(view.channel, LinkedView(channel=here, name=name, is_here=False))
        return view


def _nobody(caller: Caller) -> Caller:
    """Return the caller as if he had no trades: what a room sees must not follow them."""
    return replace(caller, person=structs.replace(caller.person, user_id=NOBODY))


async def _again(context: Context, caller: Caller, request: Again) -> AsyncGenerator[View, None]:
    order = await plans.again(context, caller, request)
    if not isinstance(order, Open):
        yield order
        return
    async with aclosing(opening.open_trade(context, caller, order)) as views:
        async for view in views:
            yield view


_ACTS: Mapping[type, Act] = MappingProxyType(
    {
        asked.Open: opening.open_trade,
        asked.Again: _again,
        asked.Close: closing.close,
        asked.CloseMany: closing.close_many,
        asked.SetStop: exits.set_exit,
        asked.SetTarget: exits.set_exit,
        asked.SetAlert: alerts.set_alert,
        asked.RemoveAlerts: alerts.remove_alerts,
        asked.Reset: starting.reset,
        asked.DeleteMe: starting.delete_me,
    }
)
_TELLS: Mapping[type, Callable[[Context, Caller, Any], Awaitable[View]]] = MappingProxyType(
    {
        asked.Start: lambda context, caller, _: starting.welcome(context, caller),
        asked.Menu: lambda context, caller, _: preferences.menu(context, caller),
        asked.ListTrades: lambda context, caller, request: listing.list_trades(
            context, caller, request.page
        ),
        asked.ShowTrade: lambda context, caller, one: listing.show_trade(
            context, caller, one.target
        ),
        asked.History: lambda context, caller, one: listing.history(context, caller, one.page),
        asked.Price: lambda context, caller, one: listing.price(context, caller, one.symbol),
        asked.Balance: lambda context, caller, _: account.balance(context, caller),
        asked.Pnl: lambda context, caller, _: account.pnl(context, caller),
        asked.Export: lambda context, caller, _: account.export(context, caller),
        asked.Language: lambda context, caller, one: account.set_language(
            context, caller, one.code
        ),
        asked.Timezone: lambda context, caller, one: account.set_timezone(
            context, caller, one.name
        ),
        asked.Plan: plans.plans,
        asked.ListAlerts: alerts.list_alerts,
        asked.PreviewMany: closing.preview_many,
        asked.Chart: charting.chart,
        asked.Card: charting.card,
        asked.Settings: preferences.settings,
        asked.Unlink: linking.unlink,
    }
)
