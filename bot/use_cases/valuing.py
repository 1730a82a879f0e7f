"""What open trades are worth now: the result that closing at the last price would book."""

from collections.abc import Sequence
from decimal import Decimal

from msgspec import Struct

from bot.use_cases.books import NumberedTrade
from bot.use_cases.context import Context
from bot.views import ExitPlan, TradeRow
from engine.core.events import Place
from engine.core.fill import unrealized_pnl
from engine.core.instrument import Direction, Instrument
from engine.core.numbers import CONTEXT, ZERO
from engine.core.trade import Trade


class Value(Struct, frozen=True):
    """The sums over an account's open trades, in its currency. `is_live`: every price is fresh."""

    pnl: Decimal
    reserved: Decimal
    rows: tuple[TradeRow, ...]
    is_live: bool


def value_of(context: Context, trades: Sequence[NumberedTrade]) -> Value:
    """Return rows and sums; a trade without a price counts with 0 and makes the sum not live."""
    rows: list[TradeRow] = []
    pnl, reserved, is_live = ZERO, ZERO, True
    for item in trades:
        place = context.desk.place(item.trade.symbol)
        row = row_of(context, item, place)
        rows.append(row)
        pnl += row.pnl or ZERO
        reserved += item.trade.reserved
        is_live = is_live and place is not None and place.is_fresh
    return Value(pnl, reserved, tuple(rows), is_live)


def row_of(context: Context, item: NumberedTrade, place: Place | None) -> TradeRow:
    """Return one trade as a line of the list."""
    trade = item.trade
    price = Decimal(place.last_price) if place else None
    pnl = None if price is None else pnl_at(context, trade, price)
    return TradeRow(
        number=item.number,
        instrument=instrument_of(context, trade.symbol),
        direction=trade.direction,
        pnl=pnl,
        return_ratio=None if pnl is None else ratio(pnl, trade.reserved),
        price=price,
        price_age_ms=place.now_ms - place.last_time_ms if place else None,
        stop_distance_ratio=distance(trade.stop_price, price),
        target_distance_ratio=distance(trade.targets[0].price if trade.targets else None, price),
    )


def pnl_at(context: Context, trade: Trade, price: Decimal) -> Decimal:
    """Return what closing all at `price` would book now, both fees included."""
    return unrealized_pnl(trade, price, context.desk.exit_rate(trade))


def stop_plan(context: Context, trade: Trade) -> ExitPlan | None:
    """Return the stop with its distance and what it would book."""
    return None if trade.stop_price is None else plan_at(context, trade, trade.stop_price)


def target_plan(context: Context, trade: Trade) -> ExitPlan | None:
    """Return the target with its distance and what it would book."""
    return plan_at(context, trade, trade.targets[0].price) if trade.targets else None


def plan_at(context: Context, trade: Trade, price: Decimal) -> ExitPlan:
    """Return a level with its distance from the entry, signed from the trader's side."""
    sign = 1 if trade.direction is Direction.LONG else -1
    distance = CONTEXT.divide(price - trade.entry_price, trade.entry_price) * sign
    return ExitPlan(price=price, ratio=distance, pnl=pnl_at(context, trade, price))


def instrument_of(context: Context, symbol: str) -> Instrument:
    """Return the instrument; one that the venue no longer lists is shown by its symbol."""
    known = context.desk.instrument(symbol)
    return known or Instrument(symbol, base=symbol, quote="", is_trading=False)


def ratio(part: Decimal, whole: Decimal) -> Decimal:
    """Return a ratio; 0 of nothing."""
    return CONTEXT.divide(part, whole) if whole else ZERO


def distance(level: Decimal | None, price: Decimal | None) -> Decimal | None:
    """Return how far a level is from the price, as a ratio of it; None where one is unknown."""
    if level is None or price is None:
        return None
    return abs(CONTEXT.divide(level - price, price))
