"""The venue's past, for start-ups: what was missed, merged, and what was before.

It waits a few seconds for an answer to begin with and some more in the middle; whoever asked
goes on without the rest then.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from typing import Protocol

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


class NoPast:
    """The past of a market that begins now: there is nothing to catch up with."""

    async def catch_up(
        self,
        anchors: Mapping[str, Anchor],  # noqa: ARG002 - as live
    ) -> AsyncIterator[Sequence[PriceTick]]:
        """Yield nothing."""
        for _ in ():
            yield ()

    async def prints_before(
        self,
        symbol: str,  # noqa: ARG002 - as live
        time_ms: int,  # noqa: ARG002 - as live
        span_ms: int,  # noqa: ARG002 - as live
    ) -> list[PriceTick]:
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
