"""Plays tapes through the stand-in: each print when the venue's clock reaches its time."""

import asyncio
import heapq
from collections.abc import Iterator
from dataclasses import replace

from tests.support.binance.tapes import Print, retimed
from tests.support.binance.venue import Venue

PAUSE_SECONDS = 0.002
BATCH_MAX = 500


class Player:
    """Holds the prints to come. `speed`: seconds of tape per second of the venue's clock."""

    def __init__(self, venue: Venue, *, speed: float = 1.0) -> None:
        self._venue = venue
        self._speed = speed
        self._tapes: dict[str, list[Print]] = {}
        self.is_over = asyncio.Event()
        self.is_paused = False

    def add(
        self, symbol: str, tape: list[Print], *, origin_ms: int, head_seconds: float = 0
    ) -> None:
        """Schedule a tape so that `origin_ms` is now; its first `head_seconds` are past already."""
        start_ms = self._venue.now_ms() - int(head_seconds * 1000)
        moved = retimed(tape, start_ms, self._speed, origin_ms)
        now_ms = self._venue.now_ms()
        past = [item for item in moved if item.time_ms < now_ms]
        self._venue.load(symbol, past)
        self._tapes[symbol] = moved[len(past) :]
        if not past and moved:
            self._venue.add(symbol, first_id=moved[0].id)

    async def run(self) -> None:
        """Play to the end."""
        for played, (time_ms, symbol, item) in enumerate(self._merged()):
            while self._venue.now_ms() < time_ms or self.is_paused:  # noqa: ASYNC110 - a clock
                await asyncio.sleep(PAUSE_SECONDS)
            if symbol not in self._venue.faults.halted:
                # After a halt the ids go on without a hole, as the venue's do.
                next_id = self._venue.add(symbol, first_id=item.id).next_id
                self._venue.put(symbol, replace(item, id=next_id))
            if played % BATCH_MAX == 0:
                await asyncio.sleep(0)
        self.is_over.set()

    def _merged(self) -> Iterator[tuple[int, str, Print]]:
        streams = [
            [(item.time_ms, symbol, item) for item in tape] for symbol, tape in self._tapes.items()
        ]
        return heapq.merge(*streams, key=lambda entry: entry[0])
