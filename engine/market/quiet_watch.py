"""Proves that a symbol had no further print up to a time, so that waiting orders need not wait.

Proof (RULES 3): venue time is past it, a frame came on the connection after it and within 5 s,
and REST, asked after it, knows no newer id than ours. REST may lag, so it must first show the
canary's newest streamed print. Without proof it says nothing.
"""

import asyncio
from collections.abc import Callable, Mapping
from random import Random

from engine.clock import Clock
from engine.core.events import TapeQuiet
from engine.market.backoff import Backoff
from engine.market.binance_history import BinanceHistory, HistoryError, UnknownSymbol
from engine.market.ports import FeedConfig, Sink
from engine.market.symbol_tape import SymbolTape, TapeNeed

QUESTIONS_PER_ROUND = 8


class _Watch:
    """One wait for quiet: of a symbol, after an id, until a venue time."""

    __slots__ = ("after_id", "backoff", "next_at", "symbol", "until_ms")

    def __init__(self, symbol: str, after_id: int, until_ms: int, backoff: Backoff) -> None:
        self.symbol = symbol
        self.after_id = after_id
        self.until_ms = until_ms
        self.backoff = backoff
        self.next_at = 0.0


class QuietWatch:
    """The waits of all symbols. One is struck when proven, or when a print past its time came."""

    def __init__(
        self,
        tapes: Mapping[str, SymbolTape],
        sink: Sink,
        history: BinanceHistory,
        request: "QuietSettings",
    ) -> None:
        self._tapes = tapes
        self._frame_at = request.frame_at
        self._canary_id = request.canary_id
        self._sink = sink
        self._history = history
        self._config = request.config
        self._clock = request.clock
        self._rng = request.rng
        self._watches: dict[tuple[str, int], _Watch] = {}
        self._woken = asyncio.Event()

    def add(self, symbol: str, after_id: int, until_ms: int) -> None:
        """Watch for quiet of `symbol` up to `until_ms`; asking twice is asking once."""
        config = self._config
        backoff = Backoff(config.quiet_retry_seconds, config.quiet_retry_seconds_max, self._rng)
        watch = _Watch(symbol, after_id, until_ms, backoff)
        self._watches.setdefault((symbol, until_ms), watch)
        self._woken.set()

    def forget(self, symbol: str) -> None:
        """Strike the waits of a symbol that nobody wants any more."""
        for key in [key for key in self._watches if key[0] == symbol]:
            del self._watches[key]

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            self._woken.clear()
            self._strike_answered()
            due = [watch for watch in self._watches.values() if self._is_due(watch)]
            async with asyncio.TaskGroup() as group:
                for watch in due[:QUESTIONS_PER_ROUND]:
                    group.create_task(self._prove(watch))
            await self._pause(is_busy=len(due) > QUESTIONS_PER_ROUND)

    async def _pause(self, *, is_busy: bool) -> None:
        if is_busy:
            return
        try:
            async with asyncio.timeout(self._seconds_to_next()):
                await self._woken.wait()
        except TimeoutError:
            return

    def _seconds_to_next(self) -> float | None:
        if not self._watches:
            return None
        now, now_ms = self._clock.monotonic(), self._clock.now_ms()
        grace_ms = self._config.quiet_grace_ms
        waits = [
            max(watch.next_at - now, (watch.until_ms + grace_ms + 1 - now_ms) / 1000)
            for watch in self._watches.values()
        ]
        return max(0.01, min(waits))

    def _is_due(self, watch: _Watch) -> bool:
        is_past = self._clock.now_ms() > watch.until_ms + self._config.quiet_grace_ms
        return is_past and self._clock.monotonic() >= watch.next_at

    def _strike_answered(self) -> None:
        """Strike what a later print has answered: the core saw it."""
        for key, watch in list(self._watches.items()):
            tape = self._tapes.get(watch.symbol)
            if tape is None or tape.last_time_ms > watch.until_ms:
                del self._watches[key]

    async def _prove(self, watch: _Watch) -> None:
        watch.next_at = self._clock.monotonic() + watch.backoff.next_seconds()
        tape = self._tapes.get(watch.symbol)
        if tape is None or not self._is_alive(watch):
            return
        last_id = tape.last_id
        try:
            async with asyncio.timeout(self._config.rest_timeout_seconds):
                if not await self._is_rest_current():
                    return
                newest = await self._history.newest(watch.symbol)
        except (HistoryError, TimeoutError):
            return
        if newest is not None and newest.id > tape.highest_id:
            tape.note_highest(newest.id, newest.time_ms)
            tape.ask(TapeNeed.FILL)
        elif self._is_still(tape, last_id, watch) and self._is_alive(watch):
            self._watches.pop((watch.symbol, watch.until_ms), None)
            self._sink.on_quiet(TapeQuiet(watch.symbol, last_id, watch.until_ms))

    async def _is_rest_current(self) -> bool:
        """Whether REST has caught up with what the stream showed of the canary by now."""
        streamed = self._canary_id()
        if streamed < 0:
            return True  # the venue has no such symbol, or it has not spoken yet
        try:
            newest = await self._history.newest(self._config.canary)
        except UnknownSymbol:
            return True
        return newest is not None and newest.id >= streamed

    def _is_still(self, tape: SymbolTape, last_id: int, watch: _Watch) -> bool:
        """Whether nothing came while REST was asked, and all that is known has been applied."""
        is_whole = tape.last_id == tape.highest_id == last_id and not tape.is_doubtful
        return is_whole and last_id >= watch.after_id and tape.last_time_ms <= watch.until_ms

    def _is_alive(self, watch: _Watch) -> bool:
        """Whether a frame came after the time in question, and not more than 5 s ago."""
        frame_at = self._frame_at(watch.symbol)
        if frame_at is None:
            return False
        age = self._clock.monotonic() - frame_at
        is_after = self._clock.now_ms() - age * 1000 > watch.until_ms
        return is_after and age <= self._config.fresh_frame_seconds


class QuietSettings:
    """What a `QuietWatch` needs of its feed.

    `frame_at`: monotonic second of the last frame on a symbol's connection; `canary_id`: the
    highest id of the canary that any stream showed, or -1.
    """

    __slots__ = ("canary_id", "clock", "config", "frame_at", "rng")

    def __init__(
        self,
        config: FeedConfig,
        clock: Clock,
        rng: Random,
        frame_at: Callable[[str], float | None],
        canary_id: Callable[[], int],
    ) -> None:
        self.config = config
        self.clock = clock
        self.rng = rng
        self.frame_at = frame_at
        self.canary_id = canary_id
