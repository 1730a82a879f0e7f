"""After a no to an entry: the line that would work, when one is known. Nothing is tried here."""

from decimal import ROUND_DOWN, ROUND_UP, Decimal

from msgspec.structs import replace

from bot.grammar.requests import LevelText, Open
from bot.use_cases.lines import spelled
from engine.core.commands import Refusal, RefusalCode
from engine.core.numbers import CONTEXT, ONE, ZERO

PASSING = (RefusalCode.STALE_PRICE, RefusalCode.STALE_RATE, RefusalCode.TRY_AGAIN)
SLACK = Decimal("1.05")
DIGITS = 2
PERCENT_MAX = 100


def retry_of(request: Open, refusal: Refusal) -> str | None:
    """Return the line that would be taken: another level or size, or the same in a moment.

    2 % for a stop and 4 % for a target on the wrong side; the least that the venue takes, or the
    most that the balance pays for, with a twentieth to spare.
    """
    match refusal.code:
        case RefusalCode.STOP_WRONG_SIDE:
            return spelled(replace(request, stop=LevelText(Decimal(2), is_percent=True)))
        case RefusalCode.TARGET_WRONG_SIDE:
            return spelled(replace(request, target=LevelText(Decimal(4), is_percent=True)))
        case RefusalCode.BELOW_NOTIONAL_MIN:
            return _sized(request, refusal, "notional_min", "notional")
        case RefusalCode.BELOW_QUANTITY_MIN:
            return _sized(request, refusal, "quantity_min", "quantity")
        case RefusalCode.BALANCE_TOO_LOW:
            return _sized(request, refusal, "balance", "needed")
        case code:
            return spelled(request) if code in PASSING else None


def _sized(request: Open, refusal: Refusal, wanted: str, given: str) -> str | None:
    """Return the order with its size times `wanted` over `given`, in two digits."""
    asked, by = refusal.facts.get(wanted), refusal.facts.get(given)
    if request.size is None or not asked or not by or Decimal(by) <= ZERO:
        return None
    share = CONTEXT.divide(Decimal(asked), Decimal(by))
    is_more = share > ONE
    value = CONTEXT.multiply(request.size.value, share)
    value = CONTEXT.multiply(value, SLACK) if is_more else CONTEXT.divide(value, SLACK)
    value = _rounded(value, ROUND_UP if is_more else ROUND_DOWN)
    if value <= ZERO or (request.size.unit == "%" and value > PERCENT_MAX):
        return None
    return spelled(replace(request, size=replace(request.size, value=value, other_reading=None)))


def _rounded(value: Decimal, rounding: str) -> Decimal:
    if value <= ZERO:
        return ZERO
    step = Decimal(1).scaleb(value.adjusted() - DIGITS + 1)
    return value.quantize(step, rounding=rounding)
