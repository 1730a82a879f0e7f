"""Exact money, price and quantity arithmetic: every rounding of RULES 1 has its home here."""

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal

CONTEXT = Context(prec=50)
FLOOR_CONTEXT = Context(prec=50, rounding=ROUND_FLOOR)
MONEY_GRAIN = Decimal("0.00000001")
RATE_CONTEXT = Context(prec=18, rounding=ROUND_HALF_EVEN)
ZERO = Decimal(0)
ONE = Decimal(1)


def money_up(exact: Decimal) -> Decimal:
    """Round an exact amount up to the ledger's 8 decimals: fees and costs (RULES 1)."""
    return exact.quantize(MONEY_GRAIN, rounding=ROUND_CEILING, context=CONTEXT)


def money_down(exact: Decimal) -> Decimal:
    """Round an exact amount down to the ledger's 8 decimals: proceeds and releases (RULES 1)."""
    return exact.quantize(MONEY_GRAIN, rounding=ROUND_FLOOR, context=CONTEXT)


def product(*factors: Decimal) -> Decimal:
    """Multiply exactly (50 digits), so that the one rounding comes afterwards."""
    result = ONE
    for factor in factors:
        result = CONTEXT.multiply(result, factor)
    return result


def pro_rata(amount: Decimal, part: Decimal, whole: Decimal) -> Decimal:
    """Return the floored share of `amount` that `part` of `whole` carries (RULES 1)."""
    return money_down(CONTEXT.divide(CONTEXT.multiply(amount, part), whole))


def floor_to(value: Decimal, grain: Decimal) -> Decimal:
    """Floor `value` >= 0 to a multiple of `grain`; a grain of 0 means no limit."""
    return _to_grain(value, grain, ROUND_FLOOR)


def ceil_to(value: Decimal, grain: Decimal) -> Decimal:
    """Raise `value` >= 0 to a multiple of `grain`; a grain of 0 means no limit."""
    return _to_grain(value, grain, ROUND_CEILING)


def rate_from(exact: Decimal) -> Decimal:
    """Round a conversion rate to the 18 significant digits that are stored (RULES 2)."""
    return RATE_CONTEXT.plus(exact)


def text_of(value: Decimal) -> str:
    """Return a number as plain text without an exponent or needless zeros, for facts."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _to_grain(value: Decimal, grain: Decimal, rounding: str) -> Decimal:
    if grain == 0:
        return value
    steps = CONTEXT.divide(value, grain).to_integral_value(rounding=rounding)
    return CONTEXT.multiply(steps, grain)
