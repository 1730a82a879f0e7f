"""What is traded: a symbol with its grain, its limits and the way to the account's money."""

from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from msgspec import Struct

from engine.core.numbers import ZERO, ceil_to, floor_to


class Direction(StrEnum):
    """Which way a trade earns."""

    LONG = "long"
    SHORT = "short"


class Instrument(Struct, frozen=True):
    """One symbol of exchangeInfo. A grain or minimum of 0 means that the venue names none."""

    symbol: str
    base: str
    quote: str
    is_trading: bool
    tick_size: Decimal = ZERO
    step_size: Decimal = ZERO
    quantity_min: Decimal = ZERO
    notional_min: Decimal = ZERO

    def tick_up(self, price: Decimal) -> Decimal:
        """Return the lowest tick at or above `price`."""
        return ceil_to(price, self.tick_size)

    def tick_down(self, price: Decimal) -> Decimal:
        """Return the highest tick at or below `price`."""
        return floor_to(price, self.tick_size)


class InstrumentSource(Protocol):
    """Where instruments are looked up; what it answers may change as the venue changes."""

    def get(self, symbol: str, /) -> Instrument | None:
        """Return the instrument of an exact symbol, or None."""
        ...


class Leg(Struct, frozen=True, array_like=True):
    """One step of a conversion: the last price of `symbol`, or one divided by it."""

    symbol: str
    is_inverse: bool = False


Route = tuple[Leg, ...]
"""Legs from a quote asset to the account's currency; empty when they are the same."""
