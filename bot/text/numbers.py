"""Exact numbers as a language writes them: grouped, rounded half even, never through a float."""

from decimal import ROUND_HALF_EVEN, Decimal

from babel import Locale
from babel.numbers import format_decimal

from engine.core.numbers import CONTEXT

MINUS = "−"
DECIMALS_MAX = 8
TINY_ZEROS = 4
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def fixed(value: Decimal, decimals: int, locale: Locale) -> str:
    """Write `value` with exactly so many decimals and the market's minus sign."""
    rounded = value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_EVEN, CONTEXT)
    pattern = "#,##0." + "0" * decimals if decimals else "#,##0"
    text = format_decimal(abs(rounded), format=pattern, locale=locale, decimal_quantization=False)
    return MINUS + text if rounded < 0 else text


def trimmed(value: Decimal, decimals: int, locale: Locale) -> str:
    """Write `value` with at most so many decimals and no needless zeros."""
    rounded = value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_EVEN, CONTEXT)
    return fixed(rounded, min(decimals, places(rounded)), locale)


def signed(text: str, value: Decimal) -> str:
    """Put a plus before a positive number; a minus is there already, zero has no sign."""
    is_shown_above_zero = value > 0 and any(digit in "123456789" for digit in text)
    return f"+{text}" if is_shown_above_zero else text


def places(value: Decimal) -> int:
    """Return how many decimals a number really has."""
    exponent = value.normalize(CONTEXT).as_tuple().exponent
    assert isinstance(exponent, int), "a finite number"
    return max(0, -exponent)


def price_text(value: Decimal, tick_size: Decimal, locale: Locale) -> str:
    """Write a price with its tick's decimals; four zeros and more are counted: 0.0₄1234."""
    decimals = max(places(tick_size), 0) if tick_size > 0 else min(places(value), DECIMALS_MAX)
    text = fixed(value, decimals, locale)
    whole, mark, fraction = text[:1], text[1:2], text[2:]
    digits = fraction.lstrip("0")
    zeros = len(fraction) - len(digits)
    if whole != "0" or zeros < TINY_ZEROS or not digits:
        return text
    return f"{whole}{mark}0{str(zeros).translate(SUBSCRIPTS)}{digits}"
