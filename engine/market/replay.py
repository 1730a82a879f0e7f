"""Plays a tape that is at hand through the same doors as the live feed, at any speed.

Venue time is the tape's: the clock is moved with the prints, and silence is known, not proven.
"""

import asyncio
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from engine.clock import ManualClock
from engine.core.events import Place, PriceTick, TapeQuiet
from engine.market.ports import Anchor, FeedStatus, Sink

FRAME_SECONDS = 0.02
PRINTS_AT_ONCE = 500


@dataclass
class _Reel:
    last: PriceTick | None = None
    held: deque[PriceTick] = field(default_factory=deque[PriceTick])
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
        self._quiets: dict[tuple[str, int], TapeQuiet] = {}
        self.is_over = asyncio.Event()

    async def run(self) -> None:
        """Play to the end of the tape; then only time goes on, until canceled."""
        start_ms, began = self._clock.now_ms(), asyncio.get_running_loop().time()
        upcoming = next(self._tape, None)
        while True:
            await asyncio.sleep(FRAME_SECONDS)
            passed = asyncio.get_running_loop().time() - began
            until_ms = start_ms + int(passed * self._speed * 1000)
            upcoming = await self._play_until(until_ms, upcoming)
            self._clock.set_ms(until_ms)
            self._prove_quiet(until_ms)
            if upcoming is None:
                self.is_over.set()

    async def _play_until(self, until_ms: int, upcoming: PriceTick | None) -> PriceTick | None:
        """Play what is due and return the first print that is not, None at the end."""
        played = 0
        while upcoming is not None and upcoming.time_ms <= until_ms:
            self._clock.set_ms(max(self._clock.now_ms(), upcoming.time_ms))
            self._prove_quiet(upcoming.time_ms - 1)
            self._play(upcoming)
            upcoming = next(self._tape, None)
            played += 1
            if played % PRINTS_AT_ONCE == 0:
                await asyncio.sleep(0)
        return upcoming

    def _play(self, tick: PriceTick) -> None:
        reel = self._reels.setdefault(tick.symbol, _Reel())
        if reel.is_held:
            reel.held.append(tick)
            return
        self._hand_on(reel, tick)

    def _hand_on(self, reel: _Reel, tick: PriceTick) -> None:
        if tick.symbol in self._wanted and not self._sink.on_tick(tick):
            reel.is_held = True
            reel.held.append(tick)
        else:
            reel.last = tick

    def _prove_quiet(self, now_ms: int) -> None:
        for name, quiet in list(self._quiets.items()):
            reel = self._reels.get(quiet.symbol)
            if quiet.until_ms <= now_ms and (reel is None or not reel.is_held):
                del self._quiets[name]
                if reel is not None and reel.last is not None:
                    self._sink.on_quiet(TapeQuiet(quiet.symbol, reel.last.id, quiet.until_ms))

    def want(self, symbol: str, anchor: Anchor | None = None) -> None:  # noqa: ARG002 - as live
        """Hand this symbol's prints to the sink from now on; a tape cannot go back to an anchor."""
        self._wanted.add(symbol)

    def unwant(self, symbol: str) -> None:
        """Stop handing on this symbol's prints."""
        self._wanted.discard(symbol)

    def wanted(self) -> set[str]:
        """Return the symbols whose prints are handed on."""
        return set(self._wanted)

    async def wait_ready(self, symbol: str, seconds: float) -> bool:
        """Wait at most `seconds` for the symbol's first print."""
        deadline = asyncio.get_running_loop().time() + seconds
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
        highest = reel.held[-1] if reel.held else last
        return Place(symbol, highest.id, now_ms, is_fresh, last.price, last.time_ms)

    def release(self, symbol: str) -> None:
        """Offer again what the sink could not take."""
        reel = self._reels.setdefault(symbol, _Reel())
        reel.is_held = False
        while reel.held and not reel.is_held:
            tick = reel.held.popleft()
            if self._sink.on_tick(tick):
                reel.last = tick
            else:
                reel.is_held = True
                reel.held.appendleft(tick)

    def watch_quiet(self, symbol: str, after_id: int, until_ms: int) -> None:
        """Tell the sink once the tape has passed `until_ms`."""
        self._quiets.setdefault((symbol, until_ms), TapeQuiet(symbol, after_id, until_ms))

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
