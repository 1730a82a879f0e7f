"""Price alerts: a level, and from which side the price was to reach it. They move no money."""

from decimal import Decimal
from enum import StrEnum

from msgspec import Struct


class Crossing(StrEnum):
    """Which way the price has to go to reach a level (RULES 11, price level)."""

    UP = "up"
    DOWN = "down"


class PriceAlert(Struct, frozen=True):
    """A level of a symbol that somebody wants to hear of, once.

    It sees prints beyond `after_id` only; `placed_at_ms` is the venue time at which it was set.
    The way is known by the last price at its place, so that a replay needs no other print.
    """

    id: int
    user_id: int
    symbol: str
    price: Decimal
    crossing: Crossing
    after_id: int
    placed_at_ms: int


def crossing_of(level: Decimal, last: Decimal) -> Crossing | None:
    """Return which way leads from the last price to a level; None: it is there already."""
    if level == last:
        return None
    return Crossing.UP if level > last else Crossing.DOWN


def is_reached(alert: PriceAlert, price: Decimal) -> bool:
    """Return whether a print at `price` is at or beyond the level (RULES 3: inclusive)."""
    return price >= alert.price if alert.crossing is Crossing.UP else price <= alert.price
