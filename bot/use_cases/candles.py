"""Where a picture's candles come from: a role that the venue's history plays."""

from collections.abc import Sequence
from typing import Protocol

from bot.views import Candle

INTERVAL_MS = {
    "1m": 60_000,
    "5m": 300_000,
    "15m": 900_000,
    "1h": 3_600_000,
    "4h": 14_400_000,
    "1d": 86_400_000,
    "1w": 604_800_000,
}


class Candles(Protocol):
    """The venue's bars, with a limit on time and a small memory of recent answers."""

    async def candles(
        self, symbol: str, interval: str, start_ms: int, count: int
    ) -> Sequence[Candle]:
        """Return up to `count` (at most 1,000) bars from `start_ms` on, oldest first.

        Empty when the venue cannot be reached or knows none: a picture is never worth an error.
        """
        ...
