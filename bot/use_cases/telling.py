"""From a stored effect to the view that tells it, for replies and for notices alike."""

from decimal import Decimal

from msgspec import Struct

from bot.use_cases.context import Context
from bot.use_cases.valuing import instrument_of, ratio, stop_plan, target_plan
from bot.views import (
    AlertEndedView,
    AlertFiredView,
    AlertRow,
    ExitView,
    Late,
    OpenedView,
    OrderFailedView,
    Print,
    View,
)
from engine.core.alerts import PriceAlert
from engine.core.commands import Refusal
from engine.core.effects import (
    AlertEnded,
    AlertFired,
    Effect,
    OrderEnded,
    TradeExited,
    TradeOpened,
)
from engine.core.instrument import Direction
from engine.core.numbers import CONTEXT, ONE
from engine.core.orders import CloseOrder
from engine.core.trade import Fill

PERCENT = Decimal("0.01")


class Particulars(Struct, frozen=True, kw_only=True):
    """What an effect itself does not know. `number`: the trade's, for its owner."""

    currency: str
    number: int | None = None
    balance: Decimal | None = None
    equity: Decimal | None = None
    late: Late | None = None
    latency_ms: int | None = None
    direction: Direction | None = None


def view_of(context: Context, effect: Effect, known: Particulars) -> View | None:
    """Return the view of an effect that people are told about; None for the others."""
    match effect:
        case TradeOpened():
            return _opened(context, effect, known)
        case TradeExited():
            return _exited(context, effect, known)
        case OrderEnded():
            return _failed(context, effect, known)
        case AlertFired(alert=alert):
            row = _alert_row(context, alert)
            return AlertFiredView(
                row=row, price=effect.price, time_ms=effect.time_ms, late=known.late
            )
        case AlertEnded(alert=alert):
            return AlertEndedView(row=_alert_row(context, alert))
        case _:
            return None


def _opened(context: Context, effect: TradeOpened, known: Particulars) -> OpenedView:
    trade, fill = effect.trade, effect.fill
    stop = stop_plan(context, trade)
    risk = None
    if stop is not None and known.equity:
        risk = max(-stop.pnl, Decimal(0)) / known.equity
    return OpenedView(
        number=known.number or 0,
        instrument=instrument_of(context, trade.symbol),
        direction=trade.direction,
        currency=known.currency,
        notional=-fill.amount,
        price=fill.price,
        quantity=fill.quantity,
        fee=fill.fee,
        justified_by=print_of(fill),
        stop=stop,
        target=target_plan(context, trade),
        risk_ratio=risk,
        liquidation_price=trade.liquidation_price,
        latency_ms=known.latency_ms,
        late=known.late,
    )


def _exited(context: Context, effect: TradeExited, known: Particulars) -> ExitView:
    trade, fill = effect.trade, effect.fill
    assert fill.reason is not None, "an exit has its reason"
    before = trade.quantity + fill.quantity
    return ExitView(
        number=known.number or 0,
        instrument=instrument_of(context, trade.symbol),
        direction=trade.direction,
        currency=known.currency,
        reason=fill.reason,
        is_closed=not trade.is_open,
        share=shown_share(fill.quantity, before),
        quantity=fill.quantity,
        entry_price=trade.entry_price,
        exit_price=fill.price,
        pnl=fill.pnl,
        return_ratio=ratio(fill.pnl, fill.released),
        fee=fill.fee,
        opened_at_ms=trade.opened_at_ms,
        closed_at_ms=fill.booked_at_ms,
        justified_by=print_of(fill),
        trigger_price=fill.trigger_price,
        balance=known.balance,
        forgiven=fill.forgiven,
        stop_price=trade.stop_price,
        target_price=trade.targets[0].price if trade.targets else None,
        late=known.late,
    )


def _failed(context: Context, effect: OrderEnded, known: Particulars) -> OrderFailedView | None:
    order = effect.order
    direction = known.direction if isinstance(order, CloseOrder) else order.direction
    if direction is None:  # a close whose trade is gone: its exit was told
        return None
    return OrderFailedView(
        instrument=instrument_of(context, order.symbol),
        direction=direction,
        refusal=Refusal(effect.code, effect.facts),
        currency=known.currency,
        number=known.number,
    )


def _alert_row(context: Context, alert: PriceAlert) -> AlertRow:
    instrument = instrument_of(context, alert.symbol)
    return AlertRow(instrument=instrument, price=alert.price, crossing=alert.crossing)


def shown_share(part: Decimal, whole: Decimal) -> Decimal:
    """Return a share in whole percents, as it was asked: steps leave half of it at 49.94 %."""
    if part == whole:
        return ONE
    share = CONTEXT.divide(part, whole).quantize(PERCENT)
    return min(max(share, PERCENT), ONE - PERCENT)


def print_of(fill: Fill) -> Print:
    """Return the print that justifies a fill."""
    return Print(id=fill.print_id, price=fill.print_price, time_ms=fill.print_time_ms)
