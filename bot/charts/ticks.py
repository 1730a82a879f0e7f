"""Where an axis is marked: round prices, and round moments of the viewer's own clock."""

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from math import floor, log10
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_datetime

from bot.charts.canvas import width_of
from bot.text import Words
from bot.text.times import moment

NICE = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
MINUTES = (5, 10, 15, 30, 60, 120, 180, 240, 360, 720)
DAYS = (1, 2, 7, 14)
MONTHS = (1, 2, 3, 6, 12, 24)
GAP = 36


def price_ticks(low: float, high: float, count_max: int) -> list[Decimal]:
    """Return at most `count_max` (>= 2) round prices between two."""
    if count_max < 2 or not high > low:
        return []
    rough = (high - low) / count_max
    unit = Decimal(1).scaleb(floor(log10(rough)))
    step = next(unit * nice for nice in NICE if float(unit * nice) >= rough)
    first = int(Decimal(low) / step) + (1 if low > 0 else 0)
    found = [step * (first + index) for index in range(count_max + 1)]
    return [price for price in found if low <= price <= high][:count_max]


def time_ticks(
    opens: Sequence[int], words: Words, px: float, place: Callable[[int], float]
) -> list[tuple[float, str]]:
    """Return (x, label) of candles that begin a round span of local time, with room between.

    `place` gives the x of a candle by its index; the finest spacing that has room is taken.
    """
    zone = ZoneInfo(words.zone)
    moments = [moment(open_ms, zone) for open_ms in opens]
    for key, label in _steps(words):
        starts = [
            index
            for index in range(1, len(moments))
            if key(moments[index]) != key(moments[index - 1])
        ]
        ticks = [(place(index), label(opens[index], moments[index])) for index in starts]
        if all(_has_room(a, b, px) for a, b in pairwise(ticks)):
            return ticks
    return []


def month_of(time_ms: int, words: Words) -> str:
    """Return a moment's local month and year: `Nov 2026`, `nov. 2026`."""
    local = moment(time_ms, ZoneInfo(words.zone))
    return format_datetime(local, "MMM y", locale=Locale.parse(words.locale, sep="-"))


def _has_room(left: tuple[float, str], right: tuple[float, str], px: float) -> bool:
    needed = (width_of(left[1], px) + width_of(right[1], px)) / 2 + GAP
    return right[0] - left[0] >= needed


def _steps(
    words: Words,
) -> list[tuple[Callable[[datetime], int], Callable[[int, datetime], str]]]:
    """Return (which span a moment is in, how its beginning is called), the finest first."""

    def hour(open_ms: int, local: datetime) -> str:
        is_new_day = local.hour == 0 and local.minute == 0
        return words.day(open_ms) if is_new_day else words.minute(open_ms)

    def day(open_ms: int, _: datetime) -> str:
        return words.day(open_ms)

    def month(open_ms: int, _: datetime) -> str:
        return month_of(open_ms, words)

    return [
        *((_in_minutes(span), hour) for span in MINUTES),
        *((_in_days(span), day) for span in DAYS),
        *((_in_months(span), month) for span in MONTHS),
    ]


def _in_minutes(span: int) -> Callable[[datetime], int]:
    return lambda local: (local.toordinal() * 1_440 + local.hour * 60 + local.minute) // span


def _in_days(span: int) -> Callable[[datetime], int]:
    return lambda local: local.toordinal() // span


def _in_months(span: int) -> Callable[[datetime], int]:
    return lambda local: (local.year * 12 + local.month - 1) // span
