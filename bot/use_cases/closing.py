"""`/close`: one trade at once, a group after a look at what it closes."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from decimal import Decimal

from msgspec.structs import replace

from bot.grammar.requests import ByNumber, Close, CloseMany, Group, PreviewMany
from bot.use_cases.answering import (
    WAITING_SECONDS,
    Answering,
    answer_order,
    answered,
    claim,
    ended_at_ms,
)
from bot.use_cases.books import NumberedTrade, Waiting
from bot.use_cases.context import Caller, Context
from bot.use_cases.resolving import find_trade
from bot.use_cases.valuing import instrument_of, row_of
from bot.views import (
    ChoiceView,
    ConfirmKind,
    ConfirmView,
    DoneCode,
    DoneView,
    ProblemCode,
    ProblemView,
    TradeRow,
    View,
)
from engine.core.commands import Refusal
from engine.core.numbers import ONE, ZERO
from engine.core.orders import CloseOrder
from engine.desk import CloseWish
from engine.tickets import Ticket

NOTHING = {
    Group.ALL: ProblemCode.NO_OPEN_TRADES,
    Group.WINNERS: ProblemCode.NO_WINNERS,
    Group.LOSERS: ProblemCode.NO_LOSERS,
}


async def close(context: Context, caller: Caller, request: Close) -> AsyncGenerator[View, None]:
    """Close a trade, or show what a group would close and ask; who wants no questions has none."""
    if isinstance(request.target, Group):
        shown = await _preview(context, caller, request.target, request.share)
        many = shown.on_yes if isinstance(shown, ConfirmView) else None
        if isinstance(many, CloseMany) and caller.person.confirm == "never":
            async for view in close_many(context, caller, many):
                yield view
        else:
            yield shown
        return
    assert request.target is not None, "the trade is asked for before"
    found = await find_trade(
        context, caller, request.target, lambda one: replace(request, target=one)
    )
    if isinstance(found, ProblemView | ChoiceView):
        yield found
        return
    if request.is_asking:
        yield await _question(context, caller, found, request.share)
        return
    if await context.books.is_known(caller.person.user_id, caller.key):
        yield DoneView(code=DoneCode.ALREADY_DONE)
        return
    async for view in _close_all(context, caller, {caller.key: found}, request.share):
        yield view


async def preview_many(context: Context, caller: Caller, request: PreviewMany) -> View:
    """Show another page of a group as it was shown before, those of it that are still open."""
    open_now = await context.books.open_trades(caller.person.user_id)
    trades = [one for one in open_now if one.number in request.numbers]
    rows = await _rows(context, trades)
    if not rows:
        return ProblemView(code=ProblemCode.NO_OPEN_TRADES)
    return replace(_asked(caller, rows, request.share), page=request.page)


async def close_many(
    context: Context, caller: Caller, request: CloseMany
) -> AsyncGenerator[View, None]:
    """Close exactly the trades that were shown, those of them that are still open."""
    trades = await context.books.open_trades(caller.person.user_id)
    key = caller.key  # of each its own, whichever of them are left
    chosen = {f"{key}:{one.number}": one for one in trades if one.number in request.numbers}
    if not chosen:
        yield ProblemView(code=ProblemCode.NO_OPEN_TRADES)
        return
    async for view in _close_all(context, caller, chosen, request.share):
        yield view


async def _close_all(
    context: Context, caller: Caller, trades: Mapping[str, NumberedTrade], share: Decimal
) -> AsyncGenerator[View, None]:
    """Close trades, each by its idempotency key."""
    placed: list[tuple[Ticket, Answering]] = []
    for key, item in trades.items():
        wish = CloseWish(caller.owner, item.trade, share)
        place = context.desk.place(item.trade.symbol)
        about = Answering(
            instrument_of(context, item.trade.symbol),
            item.trade.direction,
            started=context.clock.monotonic(),
            number=item.number,
            is_patient=place is None or not place.is_fresh,
        )
        answer = await context.desk.close(wish, key)
        claim(caller, answer)
        if isinstance(answer, Refusal):
            yield answered(context, caller, answer, about)
        else:
            placed.append((answer, about))
    if len(placed) > 1:  # told in the order in which they were booked
        await asyncio.wait([ticket.ended for ticket, _ in placed], timeout=WAITING_SECONDS)
        placed.sort(key=lambda one: ended_at_ms(one[0]))
    for ticket, about in placed:
        async for view in answer_order(context, caller, ticket, about):
            yield view


async def _question(
    context: Context, caller: Caller, found: NumberedTrade, share: Decimal
) -> ConfirmView:
    place = await context.desk.quote(found.trade.symbol)
    row = row_of(context, found, place)
    return ConfirmView(
        kind=ConfirmKind.CLOSE,
        on_yes=Close(ByNumber(found.number), share),
        currency=caller.person.currency,
        rows=(row,),
        pnl=None if row.pnl is None else row.pnl * share,
        share=share,
    )


async def _preview(context: Context, caller: Caller, group: Group, share: Decimal) -> View:
    user_id = caller.person.user_id
    leaving = {one.number for one in await context.books.waiting(user_id) if _closes_all(one)}
    open_now = await context.books.open_trades(user_id)
    trades = [item for item in open_now if item.number not in leaving]
    rows = [row for row in await _rows(context, trades) if _belongs(row, group)]
    return _asked(caller, rows, share) if rows else _nothing(group)


async def _rows(context: Context, trades: Sequence[NumberedTrade]) -> list[TradeRow]:
    for item in trades:
        await context.desk.quote(item.trade.symbol)
    return [row_of(context, item, context.desk.place(item.trade.symbol)) for item in trades]


def _nothing(group: Group) -> ProblemView:
    return ProblemView(code=NOTHING[group], suggestion="/trades")


def _asked(caller: Caller, rows: Sequence[TradeRow], share: Decimal) -> ConfirmView:
    return ConfirmView(
        kind=ConfirmKind.CLOSE,
        on_yes=CloseMany(numbers=tuple(row.number for row in rows), share=share),
        currency=caller.person.currency,
        rows=tuple(rows),
        pnl=sum((row.pnl or ZERO for row in rows), ZERO) * share,
        share=share,
    )


def _closes_all(waiting: Waiting) -> bool:
    return isinstance(waiting.order, CloseOrder) and waiting.order.share >= ONE


def _belongs(row: TradeRow, group: Group) -> bool:
    if group is Group.ALL:
        return True
    if row.pnl is None:
        return False
    return row.pnl > 0 if group is Group.WINNERS else row.pnl < 0
