"""The money of a fill: what an entry costs, what an exit pays, to the last digit (RULES 1, 2).

It decides nothing: which print fills what is said in decide.
"""

from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from engine.core.commands import Refusal, RefusalCode
from engine.core.events import PriceTick
from engine.core.instrument import Instrument
from engine.core.numbers import (
    CONTEXT,
    FLOOR_CONTEXT,
    ONE,
    ZERO,
    floor_to,
    money_down,
    money_up,
    pro_rata,
    product,
    text_of,
)
from engine.core.orders import EntryOrder, SizeUnit
from engine.core.trade import ExitReason, Fill, Trade


class FillPoint(Struct, frozen=True):
    """Where on the tape something fills: the print, its exact price, the time it is booked at.

    `after_id` is the last print whose rules are all applied to what is filled: the print before,
    where the print's later rules still follow.
    """

    print: PriceTick
    price: Decimal
    booked_at_ms: int
    after_id: int


class ExitOrder(Struct, frozen=True):
    """How much of a trade to close, why, and what it was triggered by."""

    quantity: Decimal
    reason: ExitReason
    trigger_price: Decimal | None = None
    target_number: int | None = None


def entry_quantity(
    order: EntryOrder, instrument: Instrument, price: Decimal, rate: Decimal
) -> Decimal:
    """Return the quantity of base that an entry's size buys at `price`, floored to the step."""
    size = order.size
    if size.unit is SizeUnit.BASE:
        return floor_to(size.amount, instrument.step_size)
    unit_cost = price if size.unit is SizeUnit.QUOTE else product(price, rate)
    return floor_to(FLOOR_CONTEXT.divide(size.amount, unit_cost), instrument.step_size)


def check_quantity(quantity: Decimal, instrument: Instrument, price: Decimal) -> Refusal | None:
    """Return the refusal of an entry that is too small for the venue, or None (RULES 1)."""
    notional = product(price, quantity)
    if notional < instrument.notional_min:
        return Refusal(
            RefusalCode.BELOW_NOTIONAL_MIN,
            {
                "notional": text_of(notional),
                "notional_min": text_of(instrument.notional_min),
                "quote": instrument.quote,
            },
        )
    if quantity <= ZERO or quantity < instrument.quantity_min:
        return Refusal(
            RefusalCode.BELOW_QUANTITY_MIN,
            {
                "quantity": text_of(quantity),
                "quantity_min": text_of(max(instrument.quantity_min, instrument.step_size)),
                "base": instrument.base,
            },
        )
    return None


def fill_entry(
    order: EntryOrder, quantity: Decimal, point: FillPoint, rate: Decimal
) -> tuple[Trade, Fill]:
    """Return the trade that an entry opens, still without exits, and its fill.

    The cost is rounded up and becomes the reserve, the fee is rounded up and spent (RULES 2).
    """
    cost = money_up(product(point.price, quantity, rate))
    fee = money_up(product(point.price, quantity, rate, order.fee_rate))
    trade = Trade(
        id=order.id,
        user_id=order.user_id,
        account_id=order.account_id,
        symbol=order.symbol,
        direction=order.direction,
        revision=1,
        after_id=point.after_id,
        opened_at_ms=point.booked_at_ms,
        quantity=quantity,
        entry_price=point.price,
        reserved=cost,
        entry_fee=fee,
        fee_rate=order.fee_rate,
        rate=rate,
        route=order.route,
    )
    return trade, _fill(point, quantity, rate, -cost, fee)


def fill_exit(
    trade: Trade, order: ExitOrder, point: FillPoint, rate: Decimal
) -> tuple[Trade, Fill]:
    """Return the trade after a close of `order.quantity` (0 < quantity <= open), and its fill.

    Long: the proceeds, rounded down. Short: the released collateral plus the profit in quote at
    the exit's rate, rounded down. The fee is rounded up; what a payout would fall below zero is
    forgiven (RULES 1, 2). The last exit releases all that is left.
    """
    quantity = order.quantity
    is_last = quantity == trade.quantity
    released = trade.reserved if is_last else pro_rata(trade.reserved, quantity, trade.quantity)
    entry_fee = trade.entry_fee if is_last else pro_rata(trade.entry_fee, quantity, trade.quantity)
    fee = money_up(product(point.price, quantity, rate, trade.fee_rate))
    if trade.is_long:
        payback = money_down(product(point.price, quantity, rate))
    else:
        gain = CONTEXT.subtract(trade.entry_price, point.price)
        payback = released + money_down(product(gain, quantity, rate))
    amount = max(payback, fee)
    fill = _fill(point, quantity, rate, amount, fee)
    fill = replace(
        fill,
        reason=order.reason,
        trigger_price=order.trigger_price,
        target_number=order.target_number,
        pnl=amount - fee - released - entry_fee,
        released=released,
        forgiven=amount - payback,
    )
    rest = replace(
        trade,
        revision=trade.revision + 1,
        after_id=max(trade.after_id, point.after_id),
        quantity=trade.quantity - quantity,
        reserved=trade.reserved - released,
        entry_fee=trade.entry_fee - entry_fee,
    )
    return rest, fill


def liquidation_price(entry_price: Decimal, fee_rate: Decimal, instrument: Instrument) -> Decimal:
    """Return where a short's loss reaches its collateral: entry x 2 / (1 + fee), tick down."""
    level = CONTEXT.divide(product(entry_price, Decimal(2)), ONE + fee_rate)
    return instrument.tick_down(level)


def unrealized_pnl(trade: Trade, price: Decimal, rate: Decimal) -> Decimal:
    """Return what closing all at `price` would book, both fees included (RULES 2)."""
    point = FillPoint(PriceTick(trade.symbol, 0, str(price), 0), price, 0, 0)
    return fill_exit(trade, ExitOrder(trade.quantity, ExitReason.MANUAL), point, rate)[1].pnl


def _fill(
    point: FillPoint, quantity: Decimal, rate: Decimal, amount: Decimal, fee: Decimal
) -> Fill:
    return Fill(
        quantity=quantity,
        price=point.price,
        rate=rate,
        amount=amount,
        fee=fee,
        booked_at_ms=point.booked_at_ms,
        print_id=point.print.id,
        print_price=Decimal(point.print.price),
        print_time_ms=point.print.time_ms,
    )
