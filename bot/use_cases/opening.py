"""`/buy` and `/short`: from a wish to a trade, or to one clear sentence."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from decimal import ROUND_DOWN, Decimal

from msgspec.structs import replace

from bot.grammar.requests import LevelText, Open, SizeText
from bot.use_cases.amounts import ask_of_coins, ask_of_money, rate_between
from bot.use_cases.answering import Answering, answer_order, claim
from bot.use_cases.books import NumberedTrade
from bot.use_cases.context import Caller, Context
from bot.use_cases.levels import choose_level
from bot.use_cases.lines import spelled
from bot.use_cases.plans import PLAN_DEFAULT, plan_request
from bot.use_cases.resolving import find_instrument
from bot.use_cases.retrying import retry_of
from bot.use_cases.valuing import value_of
from bot.views import (
    AskCode,
    AskView,
    ChoiceView,
    ConfirmKind,
    ConfirmView,
    DoneCode,
    DoneView,
    OrderFailedView,
    ProblemCode,
    ProblemView,
    RefusedView,
    View,
)
from engine.core.commands import Refusal
from engine.core.instrument import Instrument
from engine.core.numbers import CONTEXT, money_down
from engine.core.orders import Level, Size, SizeUnit
from engine.desk import EntryWish

PAUSED = "entries.paused"
CENT = Decimal("0.01")
# What is suggested in the place of what cannot be.
SIZE_EXAMPLE = SizeText(Decimal(500))
LEVEL_EXAMPLES = {
    "stop": LevelText(Decimal(2), is_percent=True),
    "target": LevelText(Decimal(4), is_percent=True),
}


async def open_trade(context: Context, caller: Caller, request: Open) -> AsyncGenerator[View, None]:
    """Open a trade at the market, or show it and ask; a wish without a coin is not for us.

    What was not typed comes from the saved plan; without an amount it is asked for.
    """
    planned = await with_plan(context, caller, request)
    if not isinstance(planned, Open):
        yield planned
        return
    instrument = await _instrument(context, caller, planned)
    if not isinstance(instrument, Instrument):
        yield instrument
        return
    async for view in _place(context, caller, planned, instrument):
        yield view


async def _instrument(context: Context, caller: Caller, request: Open) -> Instrument | View:
    """Return the pair, or what is said instead of opening anything."""
    assert request.symbol is not None, "the coin is asked for before"
    currency = caller.person.currency
    instrument = await find_instrument(context, request.symbol, currency)
    if isinstance(instrument, ProblemView):
        return instrument
    if request.is_asking:
        return await _preview(context, caller, request, instrument)
    if await context.house.value(PAUSED) is not None:
        return ProblemView(code=ProblemCode.PAUSED)
    return instrument


async def _place(
    context: Context, caller: Caller, request: Open, instrument: Instrument
) -> AsyncGenerator[View, None]:
    currency = caller.person.currency
    wish = await _wish(context, caller, request, instrument)
    if not isinstance(wish, EntryWish):
        yield wish
        return
    trades = await context.books.open_trades(caller.person.user_id)
    equity = _equity(context, caller, trades)
    if await context.books.is_known(caller.person.user_id, caller.key):
        yield DoneView(code=DoneCode.ALREADY_DONE)
        return
    started = context.clock.monotonic()
    answer = await context.desk.open(wish, caller.key)
    claim(caller, answer)
    if isinstance(answer, Refusal):
        yield RefusedView(
            refusal=answer,
            currency=currency,
            instrument=instrument,
            direction=request.direction,
            retry=retry_of(request, answer),
        )
        return
    answering = Answering(instrument, request.direction, started=started, equity=equity)
    async with aclosing(answer_order(context, caller, answer, answering)) as views:
        async for view in views:
            is_failed = isinstance(view, OrderFailedView)
            yield replace(view, retry=retry_of(request, view.refusal)) if is_failed else view


async def with_plan(context: Context, caller: Caller, request: Open) -> Open | View:
    """Fill what was not typed from the plan that is named, or from the default one."""
    if request.plan is None and request.size is not None:
        return request
    plans = await context.books.plans(caller.person.user_id)
    name = request.plan or PLAN_DEFAULT
    plan = next((one for one in plans if one.name == name), None)
    if plan is None and request.plan is not None:
        code = ProblemCode.NO_PLAN
        return ProblemView(code=code, facts={"name": name}, suggestion="/plan")
    filled = replace(request, plan=None)
    if plan is not None:
        saved = plan_request(plan)
        filled = replace(
            filled,
            size=request.size or saved.size,
            stop=request.stop or saved.stop,
            target=request.target or saved.target,
        )
    if filled.size is None:
        coin = filled.symbol or ""
        return AskView(code=AskCode.AMOUNT, coin=coin, line=spelled(filled))
    return filled


async def _preview(context: Context, caller: Caller, request: Open, instrument: Instrument) -> View:
    """Show what a yes would do, to the number; what cannot be meant is asked about before."""
    wish = await _wish(context, caller, request, instrument)
    if not isinstance(wish, EntryWish):
        return wish
    place = await context.desk.quote(instrument.symbol)
    return ConfirmView(
        kind=ConfirmKind.OPEN,
        on_yes=replace(_settled(request), is_asking=False),
        currency=caller.person.currency,
        pair=f"{instrument.base}/{instrument.quote}",
        price=Decimal(place.last_price) if place else None,
        instrument=instrument,
    )


async def _wish(
    context: Context, caller: Caller, request: Open, instrument: Instrument
) -> EntryWish | ProblemView | ChoiceView:
    assert request.size is not None
    size = await _size(context, caller, request.size, instrument)
    if isinstance(size, ProblemView):
        near = await _converted(context, caller, request.size) or SIZE_EXAMPLE
        return replace(size, suggestion=spelled(replace(request, size=near)))
    asked = await _ask_of_size(context, caller, request, instrument)
    if asked is not None:
        return asked
    place = await context.desk.quote(instrument.symbol)
    price = Decimal(place.last_price) if place else None
    levels: list[Level | None] = []
    for name, typed in (("stop", request.stop), ("target", request.target)):
        level = choose_level(typed, instrument, price, lambda new, n=name: _with(request, n, new))
        if isinstance(level, ProblemView):
            line = spelled(_with(request, name, LEVEL_EXAMPLES[name]))
            return replace(level, suggestion=line)
        if isinstance(level, ChoiceView):
            return level
        levels.append(level)
    return EntryWish(
        caller.owner,
        instrument.symbol,
        request.direction,
        size,
        context.fee_rate,
        stop=levels[0],
        target=levels[1],
    )


async def _ask_of_size(
    context: Context, caller: Caller, request: Open, instrument: Instrument
) -> ChoiceView | None:
    def remake(size: SizeText) -> Open:
        return replace(request, size=size)

    size = request.size
    if size is None or size.unit != instrument.base:
        return ask_of_money(size, remake)
    return await ask_of_coins(context, caller, size, instrument, remake)


async def _size(
    context: Context, caller: Caller, typed: SizeText, instrument: Instrument
) -> Size | ProblemView:
    currency = caller.person.currency
    if typed.unit is None or typed.unit == currency:
        return Size(typed.value, SizeUnit.ACCOUNT)
    if typed.unit == "%":
        trades = await context.books.open_trades(caller.person.user_id)
        equity = _equity(context, caller, trades)
        share = CONTEXT.divide(typed.value, Decimal(100))
        return Size(money_down(CONTEXT.multiply(equity, share)), SizeUnit.ACCOUNT)
    if typed.unit == instrument.quote:
        return Size(typed.value, SizeUnit.QUOTE)
    if typed.unit == instrument.base:
        return Size(typed.value, SizeUnit.BASE)
    facts = {"unit": typed.unit, "pair": f"{instrument.base}/{instrument.quote}"}
    return ProblemView(code=ProblemCode.SIZE_UNIT, facts=facts)


async def _converted(context: Context, caller: Caller, typed: SizeText) -> SizeText | None:
    """Return what an amount in another money or coin is worth about now, in the account's."""
    rate = await rate_between(context, typed.unit or "", caller.person.currency)
    if rate is None:
        return None
    worth = CONTEXT.multiply(typed.value, rate).quantize(CENT, ROUND_DOWN)
    return SizeText(worth) if worth > 0 else None


def _equity(context: Context, caller: Caller, trades: Sequence[NumberedTrade]) -> Decimal:
    value = value_of(context, trades)
    return caller.person.balance + value.reserved + value.pnl


def _settled(request: Open) -> Open:
    """Return an order with its numbers as they are shown: they have one reading now."""
    parts = {"size": request.size, "stop": request.stop, "target": request.target}
    read = {name: replace(part, other_reading=None) for name, part in parts.items() if part}
    return replace(request, **read)


def _with(request: Open, name: str, level: LevelText) -> Open:
    return replace(request, **{name: level})
