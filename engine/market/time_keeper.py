"""Keeps venue time: measures the offset against `/time`, at the start, regularly, after a sleep."""

import asyncio

from engine.clock import AnchoredClock
from engine.market.binance_history import BinanceHistory, HistoryError
from engine.market.ports import FeedConfig

SAMPLES = 3


class TimeKeeper:
    """Measures with the midpoint of the quickest of a few round trips."""

    def __init__(self, config: FeedConfig, clock: AnchoredClock, history: BinanceHistory) -> None:
        self._config = config
        self._clock = clock
        self._history = history

    async def run(self) -> None:
        """Work until cancelled; an unreachable venue is asked again."""
        while True:
            if self._clock.needs_measuring(self._config.clock_interval_seconds):
                await self.measure()
            await asyncio.sleep(self._config.watch_interval_seconds)

    async def measure(self) -> bool:
        """Measure once; return whether the venue answered."""
        best: tuple[float, int, float] | None = None
        try:
            for _ in range(SAMPLES):
                started = self._clock.monotonic()
                venue_ms, at = await self._history.measure_clock()
                trip = self._clock.monotonic() - started
                best = min(best or (trip, venue_ms, at), (trip, venue_ms, at))
        except HistoryError:
            pass  # what was measured so far is used
        if best is not None:
            self._clock.anchor(best[1], best[2])
        return best is not None
