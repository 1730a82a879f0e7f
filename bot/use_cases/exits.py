"""`/sl` and `/tp`: set, move or take away a trade's stop or target."""

from collections.abc import AsyncGenerator
from decimal import Decimal

from msgspec import UNSET
from msgspec.structs import replace

from bot.grammar.requests import BreakEven, ByNumber, LevelText, Off, SetStop, SetTarget
from bot.use_cases.answering import STORED_SECONDS, unstored, within
from bot.use_cases.books import NumberedTrade
from bot.use_cases.context import Caller, Context
from bot.use_cases.levels import choose_level
from bot.use_cases.lines import spelled
from bot.use_cases.resolving import find_trade
from bot.use_cases.valuing import instrument_of, stop_plan, target_plan
from bot.views import (
    ChoiceView,
    DoneCode,
    DoneView,
    ExitsSetView,
    ProblemCode,
    ProblemView,
    RefusedView,
    View,
)
from engine.core.commands import Refusal, RefusalCode
from engine.core.effects import ExitsSet
from engine.core.instrument import Instrument
from engine.core.levels import break_even_price, check_stop
from engine.core.numbers import text_of
from engine.core.orders import Level
from engine.core.trade import Trade

Wish = SetStop | SetTarget


async def set_exit(context: Context, caller: Caller, request: Wish) -> AsyncGenerator[View, None]:
    """Set, move or take away a stop (`SetStop`) or a target (`SetTarget`)."""
    assert request.target is not None, "the trade is asked for before"
    found = await find_trade(
        context, caller, request.target, lambda one: replace(request, target=one)
    )
    if isinstance(found, ProblemView | ChoiceView):
        yield found
        return
    yield await _set(context, caller, request, found)


async def _set(context: Context, caller: Caller, request: Wish, found: NumberedTrade) -> View:
    instrument = instrument_of(context, found.trade.symbol)
    place = await context.desk.quote(found.trade.symbol)
    price = Decimal(place.last_price) if place else None
    level = _level(request, found, instrument, price)
    if isinstance(level, ProblemView | ChoiceView):
        return level
    if await context.books.is_known(caller.person.user_id, caller.key):
        return DoneView(code=DoneCode.ALREADY_DONE)
    is_stop = isinstance(request, SetStop)
    answer = await context.desk.set_exits(
        found.trade,
        caller.key,
        stop=level if is_stop else UNSET,
        target=UNSET if is_stop else level,
    )
    if not isinstance(answer, Refusal):
        told = await within(answer.accepted, STORED_SECONDS)
        if told is None:
            return ProblemView(code=ProblemCode.TRY_AGAIN)
        if not isinstance(told, Refusal):
            problem = unstored(told)
            if problem is not None:
                return problem
            assert isinstance(told.effect, ExitsSet)
            stored = replace(found, trade=told.effect.trade)
            return _set_view(context, caller, stored, is_stop=is_stop)
        answer = told
    return _refused(caller, request, found, instrument, answer)


def _level(
    request: Wish, found: NumberedTrade, instrument: Instrument, price: Decimal | None
) -> Level | ProblemView | ChoiceView | None:
    if isinstance(request.level, Off):
        return None
    if isinstance(request.level, BreakEven):
        return _break_even(found.trade, instrument, price)
    by_number = replace(request, target=ByNumber(found.number))
    level = choose_level(
        request.level, instrument, price, lambda new: replace(by_number, level=new)
    )
    if isinstance(level, ProblemView):  # it is asked for: one tap must not choose it
        return replace(level, suggestion=spelled(replace(by_number, level=None)))
    return level


def _break_even(trade: Trade, instrument: Instrument, price: Decimal | None) -> Level | ProblemView:
    """Return the stop that costs nothing, or say from which price it works."""
    free = break_even_price(trade.direction, trade.entry_price, trade.fee_rate, instrument)
    if price is not None and check_stop(free, trade.direction, price, instrument) is not None:
        facts = {"price": text_of(free), "now": text_of(price)}
        code = ProblemCode.BREAK_EVEN_TOO_EARLY
        return ProblemView(code=code, facts=facts, instrument=instrument)
    return Level(price=free)


def _set_view(context: Context, caller: Caller, found: NumberedTrade, *, is_stop: bool) -> View:
    place = context.desk.place(found.trade.symbol)
    return ExitsSetView(
        number=found.number,
        instrument=instrument_of(context, found.trade.symbol),
        direction=found.trade.direction,
        currency=caller.person.currency,
        is_stop=is_stop,
        stop=stop_plan(context, found.trade),
        target=target_plan(context, found.trade),
        price=Decimal(place.last_price) if place else None,
    )


def _refused(
    caller: Caller, request: Wish, found: NumberedTrade, instrument: Instrument, refusal: Refusal
) -> View:
    retry = None
    if refusal.code in (RefusalCode.STOP_WRONG_SIDE, RefusalCode.TARGET_WRONG_SIDE):
        near = _inside(Decimal(refusal.facts["price"]), refusal.facts["side"], instrument)
        level = LevelText(near)
        retry = spelled(replace(request, target=ByNumber(found.number), level=level))
    return RefusedView(
        refusal=refusal,
        currency=caller.person.currency,
        instrument=instrument,
        direction=found.trade.direction,
        number=found.number,
        retry=retry,
    )


def _inside(price: Decimal, side: str, instrument: Instrument) -> Decimal:
    """Return a level 2 % on the right side of the price, on the tick."""
    if side == "below":
        return instrument.tick_down(price * Decimal("0.98"))
    return instrument.tick_up(price * Decimal("1.02"))
