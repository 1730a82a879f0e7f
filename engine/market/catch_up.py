"""Brings back what all symbols missed, merged into one tape by venue time (RULES 4).

Streams with bounded memory: at most two pages per symbol are at hand. It replays nothing itself.
"""

import asyncio
import heapq
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Mapping

from engine.core.events import PriceTick
from engine.market.binance_history import BadRequest, BinanceHistory, UnknownSymbol
from engine.market.ports import Anchor

BATCH_MAX = 500

logger = logging.getLogger(__name__)


async def catch_up(
    history: BinanceHistory, anchors: Mapping[str, Anchor]
) -> AsyncGenerator[list[PriceTick], None]:
    """Yield every print after its symbol's anchor up to the newest that REST knew at the start.

    Order: venue time, ties by symbol, within a symbol by id. Batches of 1 to 500. Outages are
    waited out; a symbol that the venue no longer knows is left out and logged.
    """
    reels = [
        _Reel(symbol, history.prints(symbol, anchor.last_id + 1))
        for symbol, anchor in sorted(anchors.items())
    ]
    try:
        for reel in reels:
            reel.prefetch()
        heads = [(reel.time_ms, reel.symbol, reel) for reel in reels if await reel.load()]
        heapq.heapify(heads)
        batch: list[PriceTick] = []
        while heads:
            reel = heads[0][2]
            batch.append(reel.take())
            if reel.has_row or await reel.load():
                heapq.heapreplace(heads, (reel.time_ms, reel.symbol, reel))
            else:
                heapq.heappop(heads)
            if len(batch) >= BATCH_MAX:
                yield batch
                batch = []
        if batch:
            yield batch
    finally:
        await asyncio.gather(*(reel.close() for reel in reels))


class _Reel:
    """The missing prints of one symbol: the page in use, and the next one on its way."""

    def __init__(self, symbol: str, pages: AsyncIterator[list[PriceTick]]) -> None:
        self.symbol = symbol
        self.time_ms = 0
        self._pages = pages
        self._rows: list[PriceTick] = []
        self._at = 0
        self._next: asyncio.Task[list[PriceTick]] | None = None

    @property
    def has_row(self) -> bool:
        """Whether a print is at hand."""
        return self._at < len(self._rows)

    def prefetch(self) -> None:
        """Begin to fetch the next page."""
        self._next = asyncio.ensure_future(self._fetch())

    def take(self) -> PriceTick:
        """Hand out the print at hand; `time_ms` is then that of the one after it."""
        tick = self._rows[self._at]
        self._at += 1
        self._note_time()
        return tick

    async def load(self) -> bool:
        """Take over the next page and begin to fetch the one after; return whether there is one."""
        assert self._next is not None
        self._rows, self._at = await self._next, 0
        if self._rows:
            self.prefetch()
        self._note_time()
        return self.has_row

    async def close(self) -> None:
        """Stop fetching."""
        if self._next is not None:
            self._next.cancel()
            await asyncio.gather(self._next, return_exceptions=True)

    def _note_time(self) -> None:
        if self.has_row:
            self.time_ms = self._rows[self._at].time_ms

    async def _fetch(self) -> list[PriceTick]:
        try:
            return await anext(self._pages)
        except StopAsyncIteration:
            return []
        except (UnknownSymbol, BadRequest) as refusal:
            logger.warning("catch_up_refused %s %s", self.symbol, refusal)
            return []
