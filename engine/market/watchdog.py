"""Finds symbols that fell silent on a connection that otherwise speaks.

Silence alone proves nothing (an illiquid or halted market): REST is asked whether newer prints
exist. Only then is the subscription renewed, and only a deaf one that stays deaf costs the socket.
"""

import asyncio
from collections.abc import Callable, Mapping

from engine.clock import Clock
from engine.market.hole_filler import HoleFiller
from engine.market.ports import FeedConfig
from engine.market.symbol_tape import SymbolTape

CHECK_WEIGHT = 4
CHECK_WEIGHT_PER_MINUTE = 600


class _Silence:
    """Since when a symbol shows the same highest id, and how long to wait before asking again."""

    __slots__ = ("highest_id", "since", "wait_seconds")

    def __init__(self, highest_id: int, since: float, wait_seconds: float) -> None:
        self.highest_id = highest_id
        self.since = since
        self.wait_seconds = wait_seconds


class Watchdog:
    """Looks over all tapes twice a second; nothing of it is on the path of a print."""

    def __init__(
        self,
        tapes: Mapping[str, SymbolTape],
        filler: HoleFiller,
        resubscribe: Callable[[str], None],
        config: FeedConfig,
        clock: Clock,
    ) -> None:
        self._tapes = tapes
        self._filler = filler
        self._resubscribe = resubscribe
        self._config = config
        self._clock = clock
        self._silences: dict[str, _Silence] = {}

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            await asyncio.sleep(self._config.watch_interval_seconds)
            now = self._clock.monotonic()
            for tape in self._tapes.values():
                self._look(tape, now)
            while self._filler.found_missed:
                self._resubscribe(self._filler.found_missed.pop())

    def forget(self, symbol: str) -> None:
        """Drop a symbol that nobody wants any more."""
        self._silences.pop(symbol, None)

    def _look(self, tape: SymbolTape, now: float) -> None:
        silence = self._silences.get(tape.symbol)
        if silence is None or silence.highest_id != tape.highest_id or not tape.is_subscribed:
            wait = self._config.deaf_after_seconds
            self._silences[tape.symbol] = _Silence(tape.highest_id, now, wait)
        elif now - silence.since >= silence.wait_seconds:
            silence.since = now
            silence.wait_seconds = min(silence.wait_seconds * 2, self._wait_max())
            self._filler.suspect(tape)

    def _wait_max(self) -> float:
        """Return the longest wait between questions, so that many quiet symbols stay affordable."""
        affordable = len(self._tapes) * CHECK_WEIGHT * 60 / CHECK_WEIGHT_PER_MINUTE
        return max(self._config.deaf_check_seconds_max, affordable)
