"""The price feed: each print of each wanted symbol once and in id order, whatever the network does.

It decides nothing about trades. One event loop, one order: frames are applied as they are read.
"""

import asyncio
from random import Random

from engine.clock import AnchoredClock
from engine.core.events import Place
from engine.market.attempt_budget import AttemptBudget
from engine.market.binance_history import BinanceHistory
from engine.market.hole_filler import HoleFiller
from engine.market.lane import Lane, LaneContext
from engine.market.ports import Anchor, FeedConfig, FeedStatus, Sink
from engine.market.quiet_watch import QuietSettings, QuietWatch
from engine.market.status import describe
from engine.market.supervisor import Supervisor
from engine.market.symbol_tape import SymbolTape, TapeLimits, TapeNeed
from engine.market.time_keeper import TimeKeeper
from engine.market.watchdog import Watchdog


class Feed:
    """State per symbol and the connections that keep it live.

    `want` and `unwant` may come before `run` and at any time. A `history` that is handed in shares
    its weight budget and its bans with the feed, and is closed by its owner.
    """

    def __init__(
        self,
        config: FeedConfig,
        sink: Sink,
        clock: AnchoredClock,
        rng: Random | None = None,
        history: BinanceHistory | None = None,
    ) -> None:
        chance = rng or Random()  # noqa: S311 - spreads attempts, hides nothing
        self._config = config
        self._sink = sink
        self._clock = clock
        self._rng = chance
        self._tapes: dict[str, SymbolTape] = {}
        self._lane_of: dict[str, Lane] = {}
        self._leaving: dict[str, float] = {}
        self._limits = TapeLimits(config.held_prints_max, config.drain_prints_max)
        self._group: asyncio.TaskGroup | None = None
        self._owns_history = history is None
        self.history = history or BinanceHistory(config, clock, chance)
        self._context = LaneContext(config, clock, self.history, self._tapes, self._on_subscribed)
        self._lanes = [Lane(self._context)]
        self._attempts = AttemptBudget(clock, config.attempts_max, config.attempts_window_seconds)
        self._filler = HoleFiller(self.history, config, chance)
        self._watchdog = Watchdog(self._tapes, self._filler, self._resubscribe, config, clock)
        settings = QuietSettings(config, clock, chance, self._frame_at, self._canary_id)
        self._quiet = QuietWatch(self._tapes, sink, self.history, settings)

    async def run(self) -> None:
        """Keep everything wanted live until cancelled. Raises nothing for network reasons."""
        try:
            async with asyncio.TaskGroup() as group:
                self._group = group
                group.create_task(TimeKeeper(self._config, self._clock, self.history).run())
                group.create_task(self._filler.run())
                group.create_task(self._watchdog.run())
                group.create_task(self._quiet.run())
                group.create_task(self._drop_unwanted())
                for lane in self._lanes:
                    self._start(lane)
        finally:
            self._group = None
            if self._owns_history:
                await self.history.close()

    def want(self, symbol: str, anchor: Anchor | None = None) -> None:
        """Watch `symbol`. With an anchor every print after it comes; without, from the first live.

        A symbol that is already watched keeps its place.
        """
        self._leaving.pop(symbol, None)
        tape = self._tapes.get(symbol)
        if tape is None:
            tape = SymbolTape(symbol, self._sink, self._limits, self._on_need)
            self._tapes[symbol] = tape
            lane = self._lane_with_room()
            self._lane_of[symbol] = lane
            lane.symbols.add(symbol)
            lane.wake()
        if anchor is not None:
            tape.anchor(anchor)

    def unwant(self, symbol: str) -> None:
        """Stop watching after a while (trade churn); until then its prints still come."""
        if symbol in self._tapes:
            self._leaving.setdefault(symbol, self._clock.monotonic())

    def wanted(self) -> set[str]:
        """Return the symbols that are watched, those that linger after `unwant` left out."""
        return self._tapes.keys() - self._leaving.keys()

    async def wait_ready(self, symbol: str, seconds: float) -> bool:
        """Wait up to `seconds` for a live, whole price; return whether it came."""
        tape = self._tapes.get(symbol)
        if tape is None:
            return False
        try:
            async with asyncio.timeout(seconds):
                return await tape.ready.wait()
        except TimeoutError:
            return False

    def place(self, symbol: str) -> Place | None:
        """Return what is known of a watched symbol right now; None before it has a price."""
        tape = self._tapes.get(symbol)
        if tape is None or not tape.is_anchored or not tape.last_price:
            return None
        now_ms, is_live = self._clock.now_ms(), self._is_live(tape)
        return Place(
            symbol,
            tape.highest_id,
            now_ms,
            is_live and self._is_recent(tape, now_ms),
            tape.last_price,
            tape.last_time_ms,
            is_live,
        )

    def release(self, symbol: str) -> None:
        """Offer the held prints of `symbol` again: the sink is free."""
        tape = self._tapes.get(symbol)
        if tape is not None:
            tape.release()

    def watch_quiet(self, symbol: str, after_id: int, until_ms: int) -> None:
        """Report with `on_quiet` once it is proven that no print up to `until_ms` is missing."""
        self._quiet.add(symbol, after_id, until_ms)

    def status(self) -> FeedStatus:
        """Return the facts for `/status` and `doctor`."""
        return describe(self._lanes, self._tapes.values(), self._context)

    def _is_live(self, tape: SymbolTape) -> bool:
        """Whether no print can exist that was not heard of: subscribed, and frames come."""
        frame_at = self._frame_at(tape.symbol)
        if frame_at is None or tape.is_doubtful or not tape.is_subscribed:
            return False
        return self._clock.monotonic() - frame_at <= self._config.fresh_frame_seconds

    def _is_recent(self, tape: SymbolTape, now_ms: int) -> bool:
        """Judge a live tape's price (RULES 3): no hole, and a last print that is not too old.

        Nor a stream that runs behind: who sees the venue elsewhere would know the next prints.
        """
        config = self._config
        if tape.has_hole or now_ms - tape.highest_time_ms > config.fresh_print_ms:
            return False
        return self._lane_of[tape.symbol].lag_ms <= config.fresh_lag_ms

    def _frame_at(self, symbol: str) -> float | None:
        lane = self._lane_of.get(symbol)
        return lane.last_frame_at if lane is not None else None

    def _canary_id(self) -> int:
        """Return the canary's highest id that any open stream or its tape knows, or -1."""
        known = [connection.canary_id for lane in self._lanes for connection in lane.connections]
        tape = self._tapes.get(self._config.canary)
        return max([*known, tape.highest_id if tape else -1], default=-1)

    def _lane_with_room(self) -> Lane:
        room = self._config.streams_per_connection - 1  # one is the canary's
        for lane in self._lanes:
            if len(lane.symbols) < room:
                return lane
        lane = Lane(self._context)
        self._lanes.append(lane)
        if self._group is not None:
            self._start(lane)
        return lane

    def _start(self, lane: Lane) -> None:
        assert self._group is not None
        self._group.create_task(Supervisor(lane, self._attempts, self._rng).run())

    def _on_need(self, tape: SymbolTape, need: TapeNeed) -> None:
        if need is TapeNeed.FILL:
            self._filler.ask(tape)
        else:
            asyncio.get_running_loop().call_soon(tape.drain)

    def _on_subscribed(self, symbols: set[str], is_overlap: bool) -> None:  # noqa: FBT001 - a callback
        """Look up what was missed before the subscription, unless a lasting one overlaps it."""
        for symbol in symbols:
            tape = self._tapes.get(symbol)
            if tape is None:
                continue
            is_continued = is_overlap and tape.is_subscribed
            tape.is_subscribed = True
            tape.settle()
            if not is_continued:
                self._filler.check(tape)

    def _resubscribe(self, symbol: str) -> None:
        tape, lane = self._tapes.get(symbol), self._lane_of.get(symbol)
        if tape is not None and lane is not None:
            tape.doubt()
            for connection in lane.connections:
                connection.reconciler.resubscribe(symbol)

    async def _drop_unwanted(self) -> None:
        while True:
            await asyncio.sleep(self._config.watch_interval_seconds)
            before = self._clock.monotonic() - self._config.linger_seconds
            for symbol in [name for name, since in self._leaving.items() if since <= before]:
                self._drop(symbol)

    def _drop(self, symbol: str) -> None:
        del self._leaving[symbol]
        self._tapes.pop(symbol).is_dropped = True
        lane = self._lane_of.pop(symbol)
        lane.symbols.discard(symbol)
        lane.wake()
        self._filler.forget(symbol)
        self._watchdog.forget(symbol)
        self._quiet.forget(symbol)
