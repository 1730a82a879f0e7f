"""The exact numbers of the tables: in SQL, domains which keep every digit they are given."""

from decimal import Decimal
from typing import Any

from tortoise.fields import DecimalField


def money_amount(**options: Any) -> DecimalField[Decimal]:
    """Return an amount in account currency, 8 decimals (domain `money_amount`)."""
    return DecimalField(max_digits=38, decimal_places=8, **options)


def positive_number(**options: Any) -> DecimalField[Decimal]:
    """Return a price, rate or ratio above 0 (domain `positive_number`)."""
    return DecimalField(max_digits=60, decimal_places=30, **options)


def base_quantity(**options: Any) -> DecimalField[Decimal]:
    """Return an number of at least 0 (domain `base_quantity`)."""
    return DecimalField(max_digits=60, decimal_places=30, **options)
