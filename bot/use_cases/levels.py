"""From a typed stop or target to a level, with a question where the number cannot be meant."""

from collections.abc import Callable
from decimal import Decimal

from bot.grammar.numbers import doubted
from bot.grammar.requests import LevelText, Request
from bot.use_cases.lines import spelled
from bot.use_cases.resolving import is_far
from bot.views import ChoiceCode, ChoiceView, Option, ProblemCode, ProblemView
from engine.core.instrument import Instrument
from engine.core.numbers import CONTEXT, text_of
from engine.core.orders import Level

HUNDRED = Decimal(100)
PERCENT_MEANT_MAX = Decimal(50)
THOUSAND = Decimal(1000)

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
            return which_reading(typed.value, other, lambda new: remake(LevelText(new)))
        if typed.value <= PERCENT_MEANT_MAX:
            return _percent_meant(typed, remake)
        if not is_far(typed.value * THOUSAND, price):
            return _thousands_meant(typed, remake)
    return Level(price=typed.value)


def which_reading(
    value: Decimal, other: Decimal, remake: Callable[[Decimal], Request]
) -> ChoiceView:
    """Ask which of its two readings a number has; `remake` builds the request with one of them."""
    options = [_option(LevelText(number), remake(number)) for number in (other, value)]
    facts = {"typed": doubted(value, other)}
    return ChoiceView(code=ChoiceCode.WHICH_READING, options=tuple(options), facts=facts)


def _percent_meant(typed: LevelText, remake: Remake) -> ChoiceView:
    percent = LevelText(value=typed.value, is_percent=True)
    option = _option(percent, remake(percent))
    facts = {"typed": text_of(typed.value)}
    return ChoiceView(code=ChoiceCode.PERCENT_MEANT, options=(option,), facts=facts)


def _thousands_meant(typed: LevelText, remake: Remake) -> ChoiceView:
    """Ask about 58 where 58,000 is near: as a price it would protect nothing."""
    level = LevelText(value=typed.value * THOUSAND)
    option = _option(level, remake(level))
    facts = {"typed": text_of(typed.value)}
    return ChoiceView(code=ChoiceCode.THOUSANDS_MEANT, options=(option,), facts=facts)


def _option(level: LevelText, request: Request) -> Option:
    """Return an answer that is shown as a number, and named by it when somebody types it."""
    label = f"{text_of(level.value)}{'%' if level.is_percent else ''}"
    return Option(level=level, label=label, request=request, line=spelled(request))
