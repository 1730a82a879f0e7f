"""Numbers as people write them, in both locales' forms, checked before any Decimal is made.

Only ASCII digits count; at most 15 before and 12 after the mark; nothing is read as NaN,
infinity or an exponent (facts: number bombs).
"""

import re
from decimal import Decimal

from msgspec import Struct

from bot.grammar.words import CURRENCIES, MULTIPLIERS

VALUE_MAX = Decimal(10) ** 15
PERCENT = "%"
THOUSAND = Decimal(1_000)

_PLAIN = re.compile(r"[0-9]{1,15}")
_ONE_MARK = re.compile(r"([0-9]{0,15})([.,])([0-9]{1,12})")
_MANY_MARKS = re.compile(r"[0-9]{1,3}(?:(?:\.[0-9]{3}){2,4}|(?:,[0-9]{3}){2,4})")
_BOTH_MARKS = re.compile(
    r"([0-9]{1,3}(?:,[0-9]{3}){1,4})\.([0-9]{1,12})|([0-9]{1,3}(?:\.[0-9]{3}){1,4}),([0-9]{1,12})"
)
_QUANTITY = re.compile(
    r"(?P<sign>[+-]?)(?P<prefix>r\$|us\$|\$)?(?P<number>[0-9.,]{1,32})"
    r"(?P<rest>%|(?!e[0-9])[a-z][a-z0-9]{0,14})?",
    re.ASCII | re.IGNORECASE,
)


class Reading(Struct, frozen=True):
    """A number and, where one mark before three digits leaves it open, its other reading."""

    value: Decimal
    other: Decimal | None = None


class Quantity(Struct, frozen=True):
    """A number with what stood around it; `unit` as in `SizeText`, `sign` is `+`, `-` or empty.

    `is_marked` is true when it had a decimal or thousands mark.
    """

    value: Decimal
    other: Decimal | None
    unit: str | None
    sign: str
    is_marked: bool

    @property
    def is_percent(self) -> bool:
        """Whether it is a percentage."""
        return self.unit == PERCENT


def read_number(text: str, locale: str) -> Reading | None:
    """Read digits with marks; None when they make no number in either locale's form."""
    if _PLAIN.fullmatch(text):
        return Reading(Decimal(text))
    if found := _ONE_MARK.fullmatch(text):
        return _one_mark(found[1], found[2], found[3], locale)
    if _MANY_MARKS.fullmatch(text):
        return Reading(Decimal(text.replace(",", "").replace(".", "")))
    if found := _BOTH_MARKS.fullmatch(text):
        whole, fraction = (found[1], found[2]) if found[1] else (found[3], found[4])
        return Reading(Decimal(f"{whole.replace(',', '').replace('.', '')}.{fraction}"))
    return None


def typed(value: Decimal) -> str:
    """Write a number so that both locales read it alike: never one mark before three digits."""
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text + "0" if text[-4:].startswith(".") else text


def doubted(value: Decimal, other: Decimal | None) -> str:
    """Write a number with its other reading, for `en`: one mark before three digits.

    Without another reading both locales read it alike (`typed`).
    """
    if other is None:
        return typed(value)
    small = min(value, other)
    factor, mark = Decimal(1), ""
    for word in ("k", "m"):  # `1.500k`: what was multiplied may be too large for its mark
        if small / factor >= THOUSAND:
            factor, mark = MULTIPLIERS[word], word
    text = f"{small / factor:.3f}{mark}"
    return text if value == small else text.replace(".", ",")


def _one_mark(whole: str, mark: str, fraction: str, locale: str) -> Reading:
    as_decimal = Decimal(f"{whole or '0'}.{fraction}")
    if len(fraction) != 3 or not 1 <= len(whole) <= 3 or whole.startswith("0"):
        return Reading(as_decimal)
    as_thousands = Decimal(whole + fraction)
    decimal_mark = "," if locale == "pt-BR" else "."
    if mark == decimal_mark:
        return Reading(as_decimal, as_thousands)
    return Reading(as_thousands, as_decimal)


def read_quantity(text: str, locale: str) -> Quantity | None:
    """Read a signed number with its currency, asset, percent or multiplier; None: it is none.

    The value is above 0 and at most 10^15.
    """
    found = _QUANTITY.fullmatch(text)
    if found is None:
        return None
    reading = read_number(found["number"], locale)
    around = _around(found["prefix"], found["rest"])
    if reading is None or around is None:
        return None
    factor, unit = around
    value = reading.value * factor
    if not 0 < value <= VALUE_MAX:
        return None
    return Quantity(
        value=value,
        other=None if reading.other is None else reading.other * factor,
        unit=unit,
        sign=found["sign"],
        is_marked=not _PLAIN.fullmatch(found["number"]),
    )


def _around(prefix: str | None, rest: str | None) -> tuple[Decimal, str | None] | None:
    factor, unit = _split(rest.lower()) if rest else (Decimal(1), None)
    if prefix is None:
        return factor, unit
    currency = CURRENCIES[prefix.lower()]
    return (factor, currency) if unit in (None, currency) else None


def _split(rest: str) -> tuple[Decimal, str | None]:
    if rest in MULTIPLIERS:
        return MULTIPLIERS[rest], None
    for word, factor in MULTIPLIERS.items():
        currency = CURRENCIES.get(rest.removeprefix(word))
        if rest.startswith(word) and currency:
            return factor, currency
    return Decimal(1), CURRENCIES.get(rest, rest.upper())
