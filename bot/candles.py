"""Candles for pictures: the venue's, remembered for moments; an invented market's; or none."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation

from bot.use_cases.bars import add_print, merged
from bot.use_cases.candles import INTERVAL_MS
from bot.views import Candle
from engine.clock import Clock
from engine.core.events import PriceTick
from engine.market.binance_history import BinanceHistory, HistoryError
from engine.market.candles import Bar
from engine.market.generated import GeneratedDay

log = logging.getLogger(__name__)

COUNT_MAX = 1_000
ANSWER_SECONDS = 3.0
IN_FLIGHT_MAX = 4
KEPT_MAX = 16
AGE_SHARE = 20
AGE_SECONDS = (3.0, 60.0)
PRINTS_AT_ONCE = 2_000

Key = tuple[str, str, int, int]


class VenueCandles:
    """The venue's bars. At most four questions at a time, each three seconds long at most.

    An answer is good for a twentieth of its interval, between 3 and 60 seconds.
    """

    def __init__(self, history: BinanceHistory, seconds: float = ANSWER_SECONDS) -> None:
        self._history = history
        self._seconds = seconds
        self._slots = asyncio.Semaphore(IN_FLIGHT_MAX)
        self._kept: OrderedDict[Key, tuple[float, tuple[Candle, ...]]] = OrderedDict()

    async def candles(
        self, symbol: str, interval: str, start_ms: int, count: int
    ) -> Sequence[Candle]:
        """Return up to `count` (at most 1,000) bars from `start_ms` on, oldest first.

        Empty when the venue cannot be reached or knows none.
        """
        key = (symbol, interval, start_ms, min(count, COUNT_MAX))
        now = asyncio.get_running_loop().time()
        kept = self._kept.get(key)
        if kept is not None and now - kept[0] < _age_max(interval):
            self._kept.move_to_end(key)
            return kept[1]
        found = await self._ask(key)
        if found:
            self._kept[key] = now, found
            self._kept.move_to_end(key)
            while len(self._kept) > KEPT_MAX:
                self._kept.popitem(last=False)
        return found

    async def _ask(self, key: Key) -> tuple[Candle, ...]:
        symbol, interval, start_ms, count = key
        end_ms = start_ms + count * INTERVAL_MS[interval] - 1
        try:
            async with asyncio.timeout(self._seconds), self._slots:
                bars = await self._history.candles(symbol, interval, start_ms, end_ms)
            return tuple(_candle(bar) for bar in bars[:count])
        except (HistoryError, TimeoutError, InvalidOperation) as error:
            log.info("no candles of %s %s: %r", symbol, interval, error)
            return ()


class NoCandles:
    """Where there is no history to be had."""

    async def candles(
        self,
        symbol: str,  # noqa: ARG002 - the role's signature
        interval: str,  # noqa: ARG002 - the same
        start_ms: int,  # noqa: ARG002 - the same
        count: int,  # noqa: ARG002 - the same
    ) -> Sequence[Candle]:
        """Return nothing."""
        return ()


class InventedCandles:
    """Bars of an invented day, from its beginning up to now; volume counts prints."""

    def __init__(self, day: GeneratedDay, clock: Clock) -> None:
        self._clock = clock
        self._tapes = {one.instrument.symbol: _Minutes(day.tape(one)) for one in day.symbols}

    async def candles(
        self, symbol: str, interval: str, start_ms: int, count: int
    ) -> Sequence[Candle]:
        """Return up to `count` bars from `start_ms` on, oldest first."""
        minutes = self._tapes.get(symbol)
        if minutes is None:
            return ()
        is_behind = True
        while is_behind:
            is_behind = minutes.read(self._clock.now_ms(), PRINTS_AT_ONCE)
            await asyncio.sleep(0)
        wanted = [
            one for one in merged(minutes.bars, INTERVAL_MS[interval]) if one.open_ms >= start_ms
        ]
        return wanted[:count]


class _Minutes:
    """The minutes of one tape, read as far as it has been played."""

    def __init__(self, tape: Iterator[PriceTick]) -> None:
        self.bars: list[Candle] = []
        self._tape = tape
        self._next = next(self._tape, None)

    def read(self, until_ms: int, count: int) -> bool:
        """Take in up to `count` prints with `T <= until_ms`; return whether there may be more."""
        for _ in range(count):
            if self._next is None or self._next.time_ms > until_ms:
                return False
            add_print(self.bars, self._next)
            self._next = next(self._tape, None)
        return True


def _candle(bar: Bar) -> Candle:
    return Candle(
        bar.open_ms,
        Decimal(bar.open),
        Decimal(bar.high),
        Decimal(bar.low),
        Decimal(bar.close),
        Decimal(bar.volume),
    )


def _age_max(interval: str) -> float:
    share = INTERVAL_MS[interval] / 1_000 / AGE_SHARE
    return min(max(share, AGE_SECONDS[0]), AGE_SECONDS[1])
