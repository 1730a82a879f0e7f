"""What a print, a deadline or a command does to one trade or order. Pure: values in, values out.

The order of the phases over many trades, and what is remembered between prints, is vigil's.
"""

from decimal import Decimal

from msgspec import UNSET, Struct
from msgspec.structs import replace

from engine.core.commands import Refusal, RefusalCode, SetExits
from engine.core.events import Place, PriceTick
from engine.core.fill import (
    ExitOrder,
    FillPoint,
    check_quantity,
    entry_quantity,
    fill_entry,
    fill_exit,
    liquidation_price,
)
from engine.core.instrument import Direction, Instrument
from engine.core.levels import check_stop, check_target, stop_price, target_price
from engine.core.numbers import ONE, ZERO, floor_to, product, text_of
from engine.core.orders import (
    FILL_WINDOW_MS,
    PRICE_AGE_MAX_MS,
    CloseOrder,
    EntryOrder,
    Level,
    WaitingOrder,
)
from engine.core.trade import ExitReason, Fill, Target, Trade

Filled = tuple[Trade, Fill]


class Exits(Struct, frozen=True):
    """The exits that an entry's plan comes to at a price."""

    stop_price: Decimal | None
    targets: tuple[Target, ...]


def liquidation_on(trade: Trade, price: Decimal) -> ExitOrder | None:
    """Return the close of a short whose collateral is lost at `price` (RULES 2; phase 1)."""
    level = trade.liquidation_price
    if level is None or price < level:
        return None
    return ExitOrder(trade.quantity, ExitReason.LIQUIDATION, level)


def stop_on(trade: Trade, price: Decimal) -> ExitOrder | None:
    """Return the close of a trade whose stop a print at `price` reaches (RULES 3; phase 2)."""
    level = trade.stop_price
    if level is None or (price > level if trade.is_long else price < level):
        return None
    return ExitOrder(trade.quantity, ExitReason.STOP_LOSS, level)


def target_on(trade: Trade, price: Decimal) -> ExitOrder | None:
    """Return the close of a trade whose last target a print at `price` reaches (phase 3)."""
    if not trade.targets:
        return None
    target = trade.targets[-1]
    if price < target.price if trade.is_long else price > target.price:
        return None
    return ExitOrder(trade.quantity, ExitReason.TAKE_PROFIT, target.price, target.number)


def deadline_ms(order: WaitingOrder) -> int | None:
    """Return the last venue time whose prints fill the order; None: it waits for any (RULES 3)."""
    if isinstance(order, CloseOrder) and order.is_patient:
        return None
    return order.received_at_ms + FILL_WINDOW_MS


def fills_at(order: WaitingOrder, tick: PriceTick) -> bool:
    """Return whether a print is one that the order may take (RULES 3).

    Beyond its place; and for a close on a stale price, whose place may lag behind what others can
    see already, not older than its receipt.
    """
    if order.after_id >= tick.id:
        return False
    is_patient = isinstance(order, CloseOrder) and order.is_patient
    return not is_patient or tick.time_ms >= order.received_at_ms


def accept_entry(
    order: EntryOrder, instrument: Instrument | None, place: Place, rate: Decimal | None
) -> Refusal | None:
    """Return why an entry is refused on receipt, or None: stale or halted market, size, levels.

    `rate` is the conversion at receipt, None when there is no fresh one.
    """
    if instrument is None or not instrument.is_trading:
        return Refusal(RefusalCode.NOT_TRADING, {"symbol": order.symbol})
    if not place.is_fresh:
        age_ms = place.now_ms - place.last_time_ms
        return Refusal(RefusalCode.STALE_PRICE, {"price": place.last_price, "age_ms": str(age_ms)})
    if rate is None:
        return stale_rate(order)
    price = Decimal(place.last_price)
    exits = plan_exits(order, instrument, price)
    if isinstance(exits, Refusal):
        return exits
    return check_quantity(entry_quantity(order, instrument, price, rate), instrument, price)


def fill_waiting_entry(
    order: EntryOrder, instrument: Instrument, point: FillPoint, rate: Decimal | None
) -> Filled | Refusal:
    """Fill a market entry at a point of the tape, or say why it fails there (RULES 3)."""
    age_ms = point.booked_at_ms - point.print.time_ms
    if age_ms > PRICE_AGE_MAX_MS:
        facts = {"price": point.print.price, "age_ms": str(age_ms)}
        return Refusal(RefusalCode.STALE_PRICE, facts)
    if rate is None:
        return stale_rate(order)
    exits = plan_exits(order, instrument, point.price)
    if isinstance(exits, Refusal):
        return exits
    quantity = entry_quantity(order, instrument, point.price, rate)
    too_small = check_quantity(quantity, instrument, point.price)
    if too_small is not None:
        return too_small
    trade, fill = fill_entry(order, quantity, point, rate)
    liquidation = None
    if not trade.is_long:
        liquidation = liquidation_price(trade.entry_price, trade.fee_rate, instrument)
    armed = replace(
        trade,
        liquidation_price=liquidation,
        stop_price=exits.stop_price,
        targets=exits.targets,
    )
    return armed, fill


def fill_close(
    trade: Trade, order: CloseOrder, instrument: Instrument, point: FillPoint, rate: Decimal
) -> Filled | Refusal:
    """Close the order's share of what is open now, floored to the step; 1 closes all."""
    quantity = close_quantity(trade, order.share, instrument)
    if quantity == ZERO:
        return share_too_small(trade, order.share, instrument)
    return fill_exit(trade, ExitOrder(quantity, order.reason), point, rate)


def close_quantity(trade: Trade, share: Decimal, instrument: Instrument) -> Decimal:
    """Return what a share of the open quantity comes to; 0 when it is less than a step."""
    if share >= ONE:
        return trade.quantity
    return floor_to(product(trade.quantity, share), instrument.step_size)


def set_exits(
    trade: Trade, command: SetExits, instrument: Instrument, last: Decimal, after_id: int
) -> Trade | Refusal:
    """Return the trade with its stop and target set, moved or removed at the last price `last`.

    What it sets sees prints beyond `after_id` only. A level that `last` has passed is refused.
    """
    stop, targets = trade.stop_price, trade.targets
    direction, entry = trade.direction, trade.entry_price
    if command.stop is not UNSET:
        stop = _stop(command.stop, direction, entry, instrument)
        wrong = None if stop is None else check_stop(stop, direction, last, instrument)
        if wrong is not None:
            return wrong
    if command.target is not UNSET:
        targets = _targets(command.target, direction, entry, instrument)
        for target in targets:
            wrong = check_target(target.price, direction, last, instrument)
            if wrong is not None:
                return wrong
    return replace(
        trade,
        revision=trade.revision + 1,
        after_id=max(trade.after_id, after_id),
        stop_price=stop,
        targets=targets,
    )


def plan_exits(order: EntryOrder, instrument: Instrument, price: Decimal) -> Exits | Refusal:
    """Return the exits of an entry at `price`, or the refusal of one that `price` has passed."""
    stop = _stop(order.stop, order.direction, price, instrument)
    if stop is not None:
        wrong = check_stop(stop, order.direction, price, instrument)
        if wrong is not None:
            return wrong
    targets = _targets(order.target, order.direction, price, instrument)
    for target in targets:
        wrong = check_target(target.price, order.direction, price, instrument)
        if wrong is not None:
            return wrong
    return Exits(stop, targets)


def stale_rate(order: EntryOrder) -> Refusal:
    """Return the refusal of an entry whose conversion rate is unknown or too old (RULES 2)."""
    return Refusal(
        RefusalCode.STALE_RATE, {"rate_symbols": " ".join(leg.symbol for leg in order.route)}
    )


def share_too_small(trade: Trade, share: Decimal, instrument: Instrument) -> Refusal:
    """Return the refusal of a close that would sell less than one step."""
    facts = {
        "share": text_of(share),
        "quantity": text_of(trade.quantity),
        "step_size": text_of(instrument.step_size),
    }
    return Refusal(RefusalCode.SHARE_TOO_SMALL, facts)


def _stop(
    level: Level | None, direction: Direction, entry: Decimal, instrument: Instrument
) -> Decimal | None:
    return None if level is None else stop_price(level, direction, entry, instrument)


def _targets(
    level: Level | None, direction: Direction, entry: Decimal, instrument: Instrument
) -> tuple[Target, ...]:
    if level is None:
        return ()
    return (Target(1, target_price(level, direction, entry, instrument), ONE),)
