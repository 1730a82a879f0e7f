"""Ends what is open on symbols that the venue has dropped for good (RULES 5, `delisted`).

It refuses to end anything while a print may exist that nobody here has heard of.
"""

import asyncio
import logging

from engine.clock import Clock
from engine.core.events import SymbolDelisted
from engine.market.instruments import Instruments
from engine.market.price_feed import PriceFeed
from engine.monitor import Monitor

log = logging.getLogger(__name__)

LOOK_SECONDS = 60.0


class DelistingWatch:
    """Looks every minute whether a symbol that is needed is gone."""

    def __init__(
        self, monitor: Monitor, feed: PriceFeed, instruments: Instruments, clock: Clock
    ) -> None:
        self._monitor = monitor
        self._feed = feed
        self._instruments = instruments
        self._clock = clock

    async def run(self) -> None:
        """Look until canceled."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Close at its last print whatever is open on a dropped symbol, and end what waits."""
        for symbol in self._monitor.vigil.needed_symbols():
            if self._instruments.is_delisted(symbol) and self._is_whole(symbol):
                trades = await self._trades_on(symbol)
                log.warning("%s is delisted: up to %d trades close", symbol, len(trades))
                now_ms = self._clock.now_ms()
                self._monitor.on_delisted(SymbolDelisted(symbol, tuple(trades), now_ms))

    def _is_whole(self, symbol: str) -> bool:
        """Whether all that the venue printed is applied; of a symbol that is gone it says no more.

        One that is only halted answers, so that its tape can be proven whole.
        """
        place, last = self._feed.place(symbol), self._monitor.vigil.last(symbol)
        if last is None or (place is not None and place.after_id != last.id):
            return False
        is_gone = self._instruments.gone_since_ms(symbol) is not None
        return is_gone or (place is not None and place.is_live)

    async def _trades_on(self, symbol: str) -> list[int]:
        found: list[int] = []
        for some in self._monitor.vigil.trades_on(symbol):
            found += some
            await asyncio.sleep(0)
        return found
