"""From a typed stop or target to a level, with a question where the number cannot be meant."""

from collections.abc import Callable
from decimal import Decimal

from bot.grammar.requests import LevelText, Request
from bot.use_cases.lines import spelled
from bot.use_cases.resolving import is_far
from bot.views import ChoiceCode, ChoiceView, Option, ProblemCode, ProblemView
from engine.core.instrument import Instrument
from engine.core.numbers import CONTEXT
from engine.core.orders import Level

HUNDRED = Decimal(100)
PERCENT_MEANT_MAX = Decimal(50)

Remake = Callable[[LevelText], Request]


def choose_level(
    typed: LevelText | None, instrument: Instrument, price: Decimal | None, remake: Remake
) -> Level | ProblemView | ChoiceView | None:
    """Return the level, or what to say instead; `remake` builds the request with another level."""
    if typed is None:
        return None
    if typed.is_percent:
        return Level(ratio=CONTEXT.divide(typed.value, HUNDRED))
    if typed.unit is not None and typed.unit != instrument.quote:
        pair = f"{instrument.base}/{instrument.quote}"
        facts = {"unit": typed.unit, "pair": pair, "quote": instrument.quote}
        return ProblemView(code=ProblemCode.LEVEL_UNIT, facts=facts)
    if price is not None and is_far(typed.value, price):
        other = typed.other_reading
        if other is not None and not is_far(other, price):
            return _which_reading(typed, other, remake)
        if typed.value <= PERCENT_MEANT_MAX:
            return _percent_meant(typed, remake)
    return Level(price=typed.value)


def _which_reading(typed: LevelText, other: Decimal, remake: Remake) -> ChoiceView:
    readings = [LevelText(value=other), LevelText(value=typed.value)]
    options = [_option(level, remake) for level in readings]
    facts = {"typed": format(typed.value, "f")}
    return ChoiceView(code=ChoiceCode.WHICH_READING, options=tuple(options), facts=facts)


def _percent_meant(typed: LevelText, remake: Remake) -> ChoiceView:
    option = _option(LevelText(value=typed.value, is_percent=True), remake)
    facts = {"typed": format(typed.value, "f")}
    return ChoiceView(code=ChoiceCode.PERCENT_MEANT, options=(option,), facts=facts)


def _option(level: LevelText, remake: Remake) -> Option:
    request = remake(level)
    return Option(level=level, request=request, line=spelled(request))
