"""What requests are made of: amounts, prices and moves as they were typed.

Numbers are finite and positive. `other_reading` is set where one separator before three digits
could mean either a decimal or a thousands mark: `value` is the reading by the user's locale.
"""

from decimal import Decimal

from msgspec import Struct


class SizeText(Struct, frozen=True):
    """An amount as typed. `unit`: None = account currency, `%` = of equity, else an asset code."""

    value: Decimal
    unit: str | None = None
    other_reading: Decimal | None = None


class LevelText(Struct, frozen=True):
    """A stop or target as typed: a price, or a percentage (2 means 2 %) when `is_percent`.

    `unit` is the asset code that was typed beside a price (`R$330.000` gives BRL), else None.
    """

    value: Decimal
    is_percent: bool = False
    unit: str | None = None
    other_reading: Decimal | None = None


class Move(Struct, frozen=True):
    """A price by its distance from the present one, in percent: above 0 up, below 0 down."""

    percent: Decimal
