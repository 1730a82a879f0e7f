"""A typed amount that cannot be meant as it was read is asked about, never guessed."""

from collections.abc import Callable
from decimal import Decimal

from bot.grammar.requests import Request, SizeText
from bot.use_cases.context import Caller, Context
from bot.use_cases.levels import which_reading
from bot.views import ChoiceView
from engine.core.instrument import Instrument
from engine.core.numbers import CONTEXT, ONE

Remake = Callable[[SizeText], Request]


def ask_of_money(size: SizeText | None, remake: Remake) -> ChoiceView | None:
    """Ask about money that was read in thousandths (1.500 by who writes 1,500): nobody means it."""
    if size is None or size.other_reading is None or size.unit == "%":
        return None
    is_doubted = size.value < size.other_reading
    return _ask(size, size.other_reading, remake) if is_doubted else None


async def ask_of_coins(
    context: Context, caller: Caller, size: SizeText, instrument: Instrument, remake: Remake
) -> ChoiceView | None:
    """Ask about a quantity of coins where its other reading could be traded.

    Not where it was read in thousands, as its writer does, and can be traded as it is.
    """
    other, currency = size.other_reading, caller.person.currency
    place = await context.desk.quote(instrument.symbol)
    rate = await rate_between(context, instrument.quote, currency)
    if other is None or place is None or rate is None:
        return None
    price = Decimal(place.last_price)

    def is_likely(quantity: Decimal) -> bool:
        notional = CONTEXT.multiply(quantity, price)
        is_payable = CONTEXT.multiply(notional, rate) <= caller.person.balance
        return instrument.notional_min <= notional and is_payable

    is_doubted = is_likely(other) and (size.value < other or not is_likely(size.value))
    return _ask(size, other, remake) if is_doubted else None


def _ask(size: SizeText, other: Decimal, remake: Remake) -> ChoiceView:
    return which_reading(size.value, other, lambda new: remake(SizeText(new, size.unit)))


async def rate_between(context: Context, quote: str, currency: str) -> Decimal | None:
    """Return what one of `quote` is worth about now, None when nobody knows."""
    route, rate = context.desk.instruments.route(quote, currency), ONE
    if route is None:
        return None
    for leg in route:
        place = await context.desk.quote(leg.symbol)
        if place is None:
            return None
        price = Decimal(place.last_price)
        rate = CONTEXT.divide(rate, price) if leg.is_inverse else CONTEXT.multiply(rate, price)
    return rate
