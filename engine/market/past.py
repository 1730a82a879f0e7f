"""The venue's past, for start-ups: what was missed, merged, and what was before.

It waits a few seconds for an answer to begin with; an outage after that is sat out.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Protocol

from engine.core.events import PriceTick
from engine.market.binance_history import BinanceHistory, HistoryError, UnknownSymbol
from engine.market.catch_up import catch_up
from engine.market.ports import Anchor

ANSWER_SECONDS = 6.0


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


class NoPast:
    """The past of a market that begins now: there is nothing to catch up with."""

    async def catch_up(self, anchors: Mapping[str, Anchor]) -> AsyncIterator[Sequence[PriceTick]]:
        """Yield nothing."""
        for _ in ():
            yield ()

    async def prints_before(self, symbol: str, time_ms: int, span_ms: int) -> list[PriceTick]:
        """Return nothing."""
        return []


class VenueTape:
    """The past as Binance's REST knows it."""

    def __init__(self, history: BinanceHistory) -> None:
        self._history = history

    async def catch_up(self, anchors: Mapping[str, Anchor]) -> AsyncIterator[Sequence[PriceTick]]:
        """Yield every print after the anchors by venue time, ties by symbol."""
        if not anchors:
            return
        await self._knock(min(anchors))
        async for ticks in catch_up(self._history, anchors):
            yield ticks

    async def prints_before(self, symbol: str, time_ms: int, span_ms: int) -> list[PriceTick]:
        """Return the prints of the `span_ms` before `time_ms` in id order."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return await self._history.prints_before(symbol, time_ms, span_ms)
        except (HistoryError, TimeoutError) as error:
            raise TapeUnreachable(symbol) from error

    async def _knock(self, symbol: str) -> None:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await self._history.newest(symbol)
        except UnknownSymbol:
            return  # it answered: that this one symbol is gone keeps nobody from starting
        except (HistoryError, TimeoutError) as error:
            raise TapeUnreachable(symbol) from error
