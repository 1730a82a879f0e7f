"""`/trades`, one trade in detail, `/history`, `/price`: what is and what was."""

from decimal import Decimal

from bot.grammar.requests import ByNumber, ShowTrade, Target
from bot.use_cases.books import NumberedTrade, TradeFile, Waiting
from bot.use_cases.context import Caller, Context
from bot.use_cases.resolving import find_instrument, find_trade
from bot.use_cases.status import feed_state
from bot.use_cases.telling import print_of
from bot.use_cases.valuing import (
    instrument_of,
    pnl_at,
    ratio,
    stop_plan,
    target_plan,
    value_of,
)
from bot.views import (
    FeedState,
    FillRow,
    HistoryRow,
    HistoryView,
    PriceView,
    ProblemCode,
    ProblemView,
    TradesView,
    TradeView,
    View,
    WaitingRow,
)
from engine.core.instrument import Direction
from engine.core.numbers import ZERO, product
from engine.core.orders import CloseOrder
from engine.core.trade import Fill

PAGE_ROWS = 10


async def list_trades(context: Context, caller: Caller, page: int = 1) -> View:
    """Return the open trades and waiting orders with their live results; a chat shows `page`."""
    person = caller.person
    trades = await context.books.open_trades(person.user_id)
    for item in trades:
        await context.desk.quote(item.trade.symbol, 0.5)
    value = value_of(context, trades)
    directions = {item.trade.id: item.trade.direction for item in trades}
    waiting = await context.books.waiting(person.user_id)
    return TradesView(
        rows=value.rows,
        currency=person.currency,
        pnl=value.pnl,
        equity=person.balance + value.reserved + value.pnl,
        at_ms=context.clock.now_ms(),
        is_live=value.is_live and feed_state(context.desk.facts()) is not FeedState.OFFLINE,
        waiting=tuple(_waiting(context, item, directions) for item in waiting),
        page=page,
    )


async def show_trade(context: Context, caller: Caller, target: Target) -> View:
    """Return one trade, open or closed, with the prints that justify its fills."""
    number = await _number(context, caller, target)
    if not isinstance(number, int):
        return number
    found = await context.books.trade(caller.person.user_id, number)
    if found is None:
        facts = {"number": str(number)}
        return ProblemView(code=ProblemCode.NO_SUCH_TRADE, facts=facts, suggestion="/trades")
    return await _detail(context, found)


async def history(context: Context, caller: Caller, page: int) -> View:
    """Return one page of closed trades, newest first; beyond the last page, the last."""
    rows, count = await context.books.history(caller.person.user_id, page, PAGE_ROWS)
    if count and not rows:
        page = -(-count // PAGE_ROWS)
        rows, count = await context.books.history(caller.person.user_id, page, PAGE_ROWS)
    return HistoryView(
        rows=tuple(
            HistoryRow(
                number=row.number,
                instrument=instrument_of(context, row.symbol),
                direction=row.trade.direction,
                pnl=row.realized_pnl,
                return_ratio=ratio(row.realized_pnl, row.entry_notional),
                reason=row.exit_reason,
                opened_at_ms=row.trade.opened_at_ms,
                closed_at_ms=row.closed_at_ms,
            )
            for row in rows
        ),
        currency=caller.person.currency,
        page=page,
        page_count=max(1, -(-count // PAGE_ROWS)),
    )


async def price(context: Context, caller: Caller, text: str) -> View:
    """Return a coin's last price with its age."""
    instrument = await find_instrument(context, text, caller.person.currency)
    if isinstance(instrument, ProblemView):
        return instrument
    place = await context.desk.quote(instrument.symbol)
    if place is None:
        return PriceView(instrument=instrument)
    return PriceView(
        instrument=instrument,
        price=Decimal(place.last_price),
        age_ms=place.now_ms - place.last_time_ms,
        print_id=place.after_id,
        is_fresh=place.is_fresh,
    )


async def _number(context: Context, caller: Caller, target: Target) -> int | View:
    if isinstance(target, ByNumber):
        return target.number
    found = await find_trade(context, caller, target, lambda one: ShowTrade(target=one))
    return found.number if isinstance(found, NumberedTrade) else found


async def _detail(context: Context, found: TradeFile) -> View:
    trade = found.trade
    place = await context.desk.quote(trade.symbol, 1.0) if trade.is_open else None
    realized = sum((fill.pnl for fill in found.fills), ZERO)
    entry = product(trade.entry_price, found.entry_quantity, trade.rate)
    current = pnl_at(context, trade, Decimal(place.last_price)) if place else None
    pnl = realized if not trade.is_open else None if current is None else realized + current
    return TradeView(
        number=found.number,
        instrument=instrument_of(context, trade.symbol),
        direction=trade.direction,
        currency=found.currency,
        is_open=trade.is_open,
        quantity=trade.quantity if trade.is_open else found.entry_quantity,
        notional=entry,
        entry_price=trade.entry_price,
        opened_at_ms=trade.opened_at_ms,
        fills=tuple(_fill_row(fill) for fill in found.fills),
        realized_pnl=realized,
        pnl=pnl,
        return_ratio=None if pnl is None else ratio(pnl, entry),
        price=Decimal(place.last_price) if place else None,
        price_age_ms=place.now_ms - place.last_time_ms if place else None,
        stop=stop_plan(context, trade) if trade.is_open else None,
        target=target_plan(context, trade) if trade.is_open else None,
        liquidation_price=trade.liquidation_price,
        closed_at_ms=found.closed_at_ms,
    )


def _fill_row(fill: Fill) -> FillRow:
    return FillRow(
        quantity=fill.quantity,
        price=fill.price,
        fee=fill.fee,
        booked_at_ms=fill.booked_at_ms,
        justified_by=print_of(fill),
        reason=fill.reason,
        pnl=fill.pnl,
        trigger_price=fill.trigger_price,
        rate=fill.rate,
    )


def _waiting(context: Context, item: Waiting, directions: dict[int, Direction]) -> WaitingRow:
    order = item.order
    if isinstance(order, CloseOrder):
        direction = directions.get(order.trade_id, Direction.LONG)
    else:
        direction = order.direction
    return WaitingRow(
        instrument=instrument_of(context, order.symbol),
        direction=direction,
        received_at_ms=order.received_at_ms,
        number=item.number,
    )
