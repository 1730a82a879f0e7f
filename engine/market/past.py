"""The venue's past, for start-ups: what was missed, merged, and what was before.

It waits a few seconds for an answer to begin with and some more in the middle; whoever asked
goes on without the rest then.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from math import inf
from typing import Protocol

from engine.clock import AnchoredClock
from engine.core.events import PriceTick
from engine.market.binance_history import BinanceHistory, HistoryError, UnknownSymbol
from engine.market.catch_up import catch_up
from engine.market.ports import Anchor

ANSWER_SECONDS = 4.0
STALL_SECONDS = 30.0


class TapeUnreachable(Exception):
    """The venue's past cannot be asked now."""


class Tape(Protocol):
    """What a start-up asks of the past."""

    def catch_up(self, anchors: Mapping[str, Anchor]) -> AsyncIterator[Sequence[PriceTick]]:
        """Yield every print after the anchors by venue time, ties by symbol.

        Raises TapeUnreachable when the venue does not answer for some seconds.
        """
        ...

    async def prints_before(self, symbol: str, time_ms: int, span_ms: int) -> list[PriceTick]:
        """Return the prints of the `span_ms` before `time_ms`. Raises TapeUnreachable."""
        ...


class VenueTape:
    """The past as Binance's REST knows it, and its clock, which a start-up sets first."""

    def __init__(self, history: BinanceHistory, clock: AnchoredClock | None = None) -> None:
        self._history = history
        self._clock = clock

    async def catch_up(self, anchors: Mapping[str, Anchor]) -> AsyncIterator[Sequence[PriceTick]]:
        """Yield every print after the anchors by venue time, ties by symbol."""
        if not anchors:
            return
        await self._knock(min(anchors))
        await self._set_clock()
        pages = catch_up(self._history, anchors)
        try:
            while (ticks := await self._next(pages)) is not None:
                yield ticks
        finally:
            await pages.aclose()

    async def prints_before(self, symbol: str, time_ms: int, span_ms: int) -> list[PriceTick]:
        """Return the prints of the `span_ms` before `time_ms` in id order."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return await self._history.prints_before(symbol, time_ms, span_ms)
        except UnknownSymbol:
            return []
        except (HistoryError, TimeoutError) as error:
            raise TapeUnreachable(symbol) from error

    async def _set_clock(self) -> None:
        """Measure the venue's time once, so that what is found late is known to be late."""
        if self._clock is None or not self._clock.needs_measuring(inf):
            return
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                self._clock.anchor(*await self._history.measure_clock())
        except (HistoryError, TimeoutError) as error:
            raise TapeUnreachable("the venue's clock") from error

    @staticmethod
    async def _next(pages: AsyncGenerator[list[PriceTick], None]) -> list[PriceTick] | None:
        try:
            async with asyncio.timeout(STALL_SECONDS):
                return await anext(pages, None)
        except TimeoutError as error:
            raise TapeUnreachable("the venue fell silent") from error

    async def _knock(self, symbol: str) -> None:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await self._history.newest(symbol)
        except UnknownSymbol:
            return  # it answered: that this one symbol is gone keeps nobody from starting
        except (HistoryError, TimeoutError) as error:
            raise TapeUnreachable(symbol) from error
