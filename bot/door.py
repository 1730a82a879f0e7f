"""One person's way in, on any surface: his requests to the use cases, his notices to him.

Errors never pass it: a broken invariant is logged and told as one sentence.
"""

import logging
from collections.abc import AsyncIterator
from dataclasses import replace

from bot.delivery.notices import NoticeBoard
from bot.grammar.requests import (
    Balance,
    Close,
    CloseMany,
    DeleteMe,
    Export,
    Help,
    History,
    Language,
    ListTrades,
    Open,
    Pnl,
    Price,
    Request,
    Reset,
    SetStop,
    SetTarget,
    ShowTrade,
    Start,
    Status,
    Timezone,
)
from bot.use_cases import account, closing, exits, listing, opening, starting, status
from bot.use_cases.books import Person
from bot.use_cases.context import Caller, Context, Identity
from bot.views import HelpView, ProblemCode, ProblemView, View
from engine.defects import DEFECTS
from engine.ports import StoreError, StoreUnavailable

log = logging.getLogger(__name__)

ARMED_SECONDS = 8.0
NEED_THE_VIGIL = (Open, Close, CloseMany, SetStop, SetTarget, Reset, DeleteMe)


class PersonDoor:
    """Requests in, views out, for one identity."""

    def __init__(
        self, context: Context, identity: Identity, board: NoticeBoard, started_at_ms: int
    ) -> None:
        self._context = context
        self._identity = identity
        self._board = board
        self._started_at_ms = started_at_ms
        self._person: Person | None = None

    @property
    def locale(self) -> str:
        """The person's language now."""
        return self._person.locale if self._person else self._identity.locale

    @property
    def zone(self) -> str:
        """The person's time zone now."""
        return self._person.zone if self._person else self._identity.zone

    async def handle(self, request: Request, key: str) -> AsyncIterator[View]:
        """Do what is asked and yield what followed."""
        try:
            async for view in self._handle(request, key):
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
        async for view in self._board.notices(self._context, self._identity, self._refresh):
            yield view

    async def _handle(self, request: Request, key: str) -> AsyncIterator[View]:
        if isinstance(request, Help):
            yield HelpView(topic=request.topic)
            return
        person = await self._refresh(is_cached=isinstance(request, Status))
        if person is None:
            yield await self._strange(request)
            return
        caller = Caller(self._identity, person, key)
        if isinstance(request, NEED_THE_VIGIL):
            if not await self._context.desk.wait_armed(ARMED_SECONDS):
                yield ProblemView(code=ProblemCode.CATCHING_UP)
                return
            channel = self._identity.channel
            async with self._board.answering(person.user_id, channel) as claims:
                async for view in self._act(replace(caller, claims=claims), request):
                    yield view
            return
        view = await self._tell(caller, request)
        if isinstance(request, Language | Timezone):
            await self._refresh()  # the answer is in the new language already
        yield view

    async def _refresh(self, *, is_cached: bool = False) -> Person | None:
        """Return the person as stored; with `is_cached` as last heard, if the database is away."""
        identity = self._identity
        try:
            self._person = await self._context.books.person(identity.platform, identity.id)
        except StoreError:
            if not (is_cached and self._person):
                raise
        return self._person

    async def _strange(self, request: Request) -> View:
        if isinstance(request, Start) and request.currency:
            view = await starting.enroll(self._context, self._identity, request.currency)
            await self._refresh()
            return view
        if isinstance(request, Start):
            return starting.welcome_stranger(self._context, self._identity)
        return ProblemView(code=ProblemCode.NOT_STARTED, suggestion="/start")

    def _act(self, caller: Caller, request: Request) -> AsyncIterator[View]:
        context = self._context
        match request:
            case Open():
                return opening.open_trade(context, caller, request)
            case Close():
                return closing.close(context, caller, request)
            case CloseMany():
                return closing.close_many(context, caller, request)
            case SetStop() | SetTarget():
                return exits.set_exit(context, caller, request)
            case Reset():
                return starting.reset(context, caller, request)
            case DeleteMe():
                return starting.delete_me(context, caller, request)
            case _:
                raise AssertionError(f"{type(request).__name__} does not act")

    async def _tell(self, caller: Caller, request: Request) -> View:
        match request:
            case Start():
                return await starting.welcome(self._context, caller)
            case ListTrades():
                return await listing.list_trades(self._context, caller)
            case ShowTrade(target=target):
                return await listing.show_trade(self._context, caller, target)
            case History(page=page):
                return await listing.history(self._context, caller, page)
            case Price(symbol=symbol) if symbol is not None:
                return await listing.price(self._context, caller, symbol)
            case _:
                return await self._tell_own(caller, request)

    async def _tell_own(self, caller: Caller, request: Request) -> View:
        match request:
            case Balance():
                return await account.balance(self._context, caller)
            case Pnl():
                return await account.pnl(self._context, caller)
            case Export():
                return await account.export(self._context, caller)
            case Language(code=code) if code is not None:
                return await account.set_language(self._context, caller, code)
            case Timezone(name=name):
                return await account.set_timezone(self._context, caller, name)
            case Status():
                return await status.status(self._context, caller, self._started_at_ms)
            case _:
                return ProblemView(code=ProblemCode.NOTHING_TO_CONFIRM)
