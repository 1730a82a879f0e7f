"""Bars made of prints, and longer ones of shorter: for tapes that no venue keeps candles of."""

from collections.abc import Sequence
from decimal import Decimal

from bot.use_cases.candles import INTERVAL_MS
from bot.views import Candle
from engine.core.events import PriceTick

MINUTE_MS = INTERVAL_MS["1m"]


def add_print(bars: list[Candle], tick: PriceTick) -> None:
    """Put a print into the last of a tape's minutes, or begin the next with it."""
    price, open_ms = Decimal(tick.price), tick.time_ms // MINUTE_MS * MINUTE_MS
    if not bars or bars[-1].open_ms < open_ms:
        bars.append(Candle(open_ms, price, price, price, price, Decimal(1)))
        return
    last = bars[-1]
    high, low = max(last.high, price), min(last.low, price)
    bars[-1] = Candle(last.open_ms, last.open, high, low, price, last.volume + 1)


def merged(bars: Sequence[Candle], interval_ms: int) -> list[Candle]:
    """Return shorter bars put together into those of an interval."""
    found: list[Candle] = []
    for bar in bars:
        open_ms = bar.open_ms // interval_ms * interval_ms
        if not found or found[-1].open_ms < open_ms:
            found.append(Candle(open_ms, bar.open, bar.high, bar.low, bar.close, bar.volume))
            continue
        last = found[-1]
        high, low = max(last.high, bar.high), min(last.low, bar.low)
        found[-1] = Candle(open_ms, last.open, high, low, bar.close, last.volume + bar.volume)
    return found
