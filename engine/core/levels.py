"""Where stops and targets stand: from what was asked to a price on the tick, and its right side."""

from decimal import Decimal

from engine.core.commands import Refusal, RefusalCode
from engine.core.instrument import Direction, Instrument
from engine.core.numbers import CONTEXT, MONEY_GRAIN, ONE, ZERO, text_of
from engine.core.orders import Level


def stop_price(
    level: Level, direction: Direction, entry: Decimal, instrument: Instrument
) -> Decimal:
    """Return a stop's price: a ratio counts from `entry`, rounding goes towards the market."""
    is_long = direction is Direction.LONG
    exact = _exact(level, entry, -1 if is_long else 1)
    return instrument.tick_up(exact) if is_long else instrument.tick_down(exact)


def target_price(
    level: Level, direction: Direction, entry: Decimal, instrument: Instrument
) -> Decimal:
    """Return a target's price: a ratio counts from `entry`, rounding goes away from it."""
    is_long = direction is Direction.LONG
    exact = _exact(level, entry, 1 if is_long else -1)
    return instrument.tick_up(exact) if is_long else instrument.tick_down(exact)


def break_even_price(
    direction: Direction, entry: Decimal, fee_rate: Decimal, instrument: Instrument
) -> Decimal:
    """Return the price at which closing costs nothing, both fees paid in quote (RULES 8)."""
    if direction is Direction.LONG:
        exact = CONTEXT.divide(CONTEXT.multiply(entry, ONE + fee_rate), ONE - fee_rate)
        return instrument.tick_up(exact)
    exact = CONTEXT.divide(CONTEXT.multiply(entry, ONE - fee_rate), ONE + fee_rate)
    return instrument.tick_down(exact)


def check_stop(
    stop: Decimal, direction: Direction, last: Decimal, instrument: Instrument
) -> Refusal | None:
    """Return the refusal of a stop that the price `last` has already passed, or None."""
    is_below = direction is Direction.LONG
    return _check(RefusalCode.STOP_WRONG_SIDE, stop, last, instrument, is_below=is_below)


def check_target(
    target: Decimal, direction: Direction, last: Decimal, instrument: Instrument
) -> Refusal | None:
    """Return the refusal of a target that the price `last` has already reached, or None."""
    is_below = direction is Direction.SHORT
    return _check(RefusalCode.TARGET_WRONG_SIDE, target, last, instrument, is_below=is_below)


def _exact(level: Level, entry: Decimal, sign: int) -> Decimal:
    if level.price is not None:
        return level.price
    assert level.ratio is not None, "a level is a price or a ratio"
    return max(ZERO, CONTEXT.multiply(entry, ONE + sign * level.ratio))


def _check(
    code: RefusalCode, level: Decimal, last: Decimal, instrument: Instrument, *, is_below: bool
) -> Refusal | None:
    if ZERO < level < last if is_below else level > last:
        return None
    facts = {
        "level": text_of(level),
        "price": text_of(last),
        "side": "below" if is_below else "above",
        "suggestion": text_of(_nearest(last, instrument, is_below=is_below)),
    }
    return Refusal(code, facts)


def _nearest(last: Decimal, instrument: Instrument, *, is_below: bool) -> Decimal:
    """Return the tick next to `last` on the right side of it."""
    tick = instrument.tick_size or MONEY_GRAIN
    if is_below:
        on_tick = instrument.tick_down(last)
        return on_tick if on_tick < last else last - tick
    on_tick = instrument.tick_up(last)
    return on_tick if on_tick > last else last + tick
