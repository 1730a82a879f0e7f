"""Plays a tape that is at hand through the same doors as the live feed, at any speed.

Venue time is the tape's: the clock is moved with the prints, and silence is known, not proven.
"""

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine.clock import ManualClock
from engine.core.events import Place, PriceTick, TapeQuiet
from engine.market.ports import Anchor, FeedStatus, Sink

FRAME_SECONDS = 0.02


@dataclass
class _Reel:
    last: PriceTick | None = None
    held: list[PriceTick] | None = None
    is_held: bool = False


class ReplayFeed:
    """A price feed over a finite tape. `speed`: tape seconds per real second, > 0."""

    def __init__(
        self, tape: Iterable[PriceTick], sink: Sink, clock: ManualClock, speed: float
    ) -> None:
        self._tape: Iterator[PriceTick] = iter(tape)
        self._sink = sink
        self._clock = clock
        self._speed = speed
        self._reels: dict[str, _Reel] = {}
        self._wanted: set[str] = set()
        self._quiets: list[TapeQuiet] = []
        self.is_over = asyncio.Event()

    async def run(self) -> None:
        """Play to the end of the tape, then idle until canceled: the market has closed."""
        start_ms, began = self._clock.now_ms(), asyncio.get_running_loop().time()
        upcoming = next(self._tape, None)
        while upcoming is not None:
            await asyncio.sleep(FRAME_SECONDS)
            passed = asyncio.get_running_loop().time() - began
            until_ms = start_ms + int(passed * self._speed * 1000)
            while upcoming is not None and upcoming.time_ms <= until_ms:
                self._clock.set_ms(upcoming.time_ms)
                self._prove_quiet(upcoming.time_ms - 1)
                self._play(upcoming)
                upcoming = next(self._tape, None)
            self._clock.set_ms(until_ms)
            self._prove_quiet(until_ms)
        self.is_over.set()
        await asyncio.Event().wait()

    def _play(self, tick: PriceTick) -> None:
        reel = self._reels.setdefault(tick.symbol, _Reel())
        if reel.is_held:
            assert reel.held is not None
            reel.held.append(tick)
            return
        reel.last = tick
        if tick.symbol in self._wanted and not self._sink.on_tick(tick):
            reel.is_held, reel.held = True, [tick]

    def _prove_quiet(self, now_ms: int) -> None:
        due = [q for q in self._quiets if q.until_ms <= now_ms]
        if not due:
            return
        self._quiets = [q for q in self._quiets if q.until_ms > now_ms]
        for quiet in due:
            last = self._reels[quiet.symbol].last
            assert last is not None
            self._sink.on_quiet(TapeQuiet(quiet.symbol, last.id, quiet.until_ms))

    def want(self, symbol: str, anchor: Anchor | None = None) -> None:  # noqa: ARG002 - as live
        """Hand this symbol's prints to the sink from now on; a tape cannot go back to an anchor."""
        self._wanted.add(symbol)

    def unwant(self, symbol: str) -> None:
        """Stop handing on this symbol's prints."""
        self._wanted.discard(symbol)

    def wanted(self) -> set[str]:
        """Return the symbols whose prints are handed on."""
        return set(self._wanted)

    async def wait_ready(self, symbol: str, timeout: float) -> bool:  # noqa: ASYNC109
        """Wait at most `timeout` seconds for the symbol's first print."""
        deadline = asyncio.get_running_loop().time() + timeout
        while self.place(symbol) is None:
            if asyncio.get_running_loop().time() >= deadline:
                return False
            await asyncio.sleep(FRAME_SECONDS)
        return True

    def place(self, symbol: str) -> Place | None:
        """Return the place on the tape; a price is stale when its print is over 60 s old."""
        reel = self._reels.get(symbol)
        if reel is None or reel.last is None:
            return None
        last, now_ms = reel.last, self._clock.now_ms()
        is_fresh = now_ms - last.time_ms <= 60_000 and not self.is_over.is_set()
        return Place(symbol, last.id, now_ms, is_fresh, last.price, last.time_ms)

    def release(self, symbol: str) -> None:
        """Offer again what the sink could not take."""
        reel = self._reels[symbol]
        waiting, reel.held, reel.is_held = reel.held or [], None, False
        for index, tick in enumerate(waiting):
            reel.last = tick
            if not self._sink.on_tick(tick):
                reel.is_held, reel.held = True, waiting[index:]
                return

    def watch_quiet(self, symbol: str, after_id: int, until_ms: int) -> None:
        """Tell the sink once the tape has passed `until_ms`."""
        self._quiets.append(TapeQuiet(symbol, after_id, until_ms))

    def status(self) -> FeedStatus:
        """Return facts in the live feed's form: a tape at hand has no connections."""
        return FeedStatus(
            (),
            (),
            "generated",
            is_rest_reachable=True,
            weight_used=0,
            banned_seconds=0.0,
            garbage_frames=0,
        )
