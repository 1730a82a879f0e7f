"""Fetches what the stream did not bring: holes, a new symbol's place, doubts after a reconnect.

One page at a time and symbol by symbol, on the shared weight budget. Pages go through the same
`apply` as the stream, so an overlap is only a duplicate.
"""

import asyncio
import itertools
import logging
from random import Random

from engine.core.events import PriceTick
from engine.market.backoff import Backoff
from engine.market.binance_history import (
    PAGE_MAX,
    BadRequest,
    BinanceHistory,
    HistoryError,
    UnknownSymbol,
)
from engine.market.ports import Anchor, FeedConfig
from engine.market.symbol_tape import SymbolTape

logger = logging.getLogger(__name__)


class HoleFiller:
    """A bounded set of workers over the tapes that asked: holes first, then doubts, then rest."""

    def __init__(self, history: BinanceHistory, config: FeedConfig, rng: Random) -> None:
        self._history = history
        self._config = config
        self._rng = rng
        # Bounded by the symbols: one stands in it once for each urgency at most.
        self._queue: asyncio.PriorityQueue[tuple[int, int, SymbolTape]] = asyncio.PriorityQueue()
        self._numbers = itertools.count()
        self._queued: dict[str, int] = {}
        self._running: set[str] = set()
        self._later: dict[str, asyncio.TimerHandle] = {}
        self._backoffs: dict[str, Backoff] = {}
        self._void_tries: dict[str, int] = {}
        self._checks: set[str] = set()
        self._suspects: set[str] = set()
        self.found_missed: set[str] = set()

    def ask(self, tape: SymbolTape) -> None:
        """Look after a tape as soon as a worker is free."""
        if tape.symbol not in self._running and tape.symbol not in self._backoffs:
            self._enqueue(tape)

    def check(self, tape: SymbolTape) -> None:
        """Look up what was missed before a subscription, unless the stream itself proves it first.

        REST may lag, so a silent tape is looked at once more some seconds later.
        """
        self._checks.add(tape.symbol)
        self.ask(tape)

    def suspect(self, tape: SymbolTape) -> None:
        """Look after a silent tape; when REST has more, it goes to `found_missed`."""
        self._suspects.add(tape.symbol)
        self.ask(tape)

    def forget(self, symbol: str) -> None:
        """Drop what was planned for a symbol that nobody wants any more."""
        handle = self._later.pop(symbol, None)
        if handle is not None:
            handle.cancel()
        self._queued.pop(symbol, None)
        self._backoffs.pop(symbol, None)
        self._void_tries.pop(symbol, None)
        self._checks.discard(symbol)
        self._suspects.discard(symbol)

    async def run(self) -> None:
        """Work until cancelled."""
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(self._config.rest_parallel_max):
                    group.create_task(self._work())
        finally:
            for handle in self._later.values():
                handle.cancel()
            self._later.clear()

    def _enqueue(self, tape: SymbolTape) -> None:
        handle = self._later.pop(tape.symbol, None)
        if handle is not None:
            handle.cancel()
        urgency = _urgency(tape)
        if tape.symbol not in self._running and urgency < self._queued.get(tape.symbol, 9):
            self._queued[tape.symbol] = urgency
            self._queue.put_nowait((urgency, next(self._numbers), tape))

    def _enqueue_later(self, tape: SymbolTape, seconds: float, last_id: int | None = None) -> None:
        """Enqueue after a while, unless the tape has gone beyond `last_id` by then."""

        def come() -> None:
            if last_id is None or tape.last_id == last_id:
                self._enqueue(tape)
            else:
                self._later.pop(tape.symbol, None)

        if tape.symbol not in self._later:
            loop = asyncio.get_running_loop()
            self._later[tape.symbol] = loop.call_later(seconds, come)

    async def _work(self) -> None:
        while True:
            _, _, tape = await self._queue.get()
            if self._queued.pop(tape.symbol, None) is None or tape.is_dropped:
                continue
            if self._is_proven(tape):
                self._backoffs.pop(tape.symbol, None)
            else:
                await self._serve(tape)

    def _is_proven(self, tape: SymbolTape) -> bool:
        """Whether a check became needless: the stream went on without a hole meanwhile."""
        if tape.symbol not in self._checks or tape.symbol in self._suspects:
            return False
        is_proven = tape.is_anchored and not tape.has_hole and not tape.is_doubtful
        if is_proven:
            self._checks.discard(tape.symbol)
        return is_proven

    async def _serve(self, tape: SymbolTape) -> None:
        self._running.add(tape.symbol)
        try:
            wants_more = await self._look(tape)
        except (UnknownSymbol, BadRequest):
            wants_more = False
        except HistoryError:
            wants_more = None
        finally:
            self._running.discard(tape.symbol)
        if not tape.is_dropped:
            self._plan(tape, wants_more=wants_more)

    def _plan(self, tape: SymbolTape, *, wants_more: bool | None) -> None:
        """Ask again at once (True), not at all (False), or after a pause (None)."""
        if wants_more is None:
            backoff = self._backoffs.get(tape.symbol)
            if backoff is None:
                config = self._config
                backoff = self._backoffs[tape.symbol] = Backoff(
                    config.fill_retry_seconds, config.fill_retry_seconds_max, self._rng
                )
            self._enqueue_later(tape, backoff.next_seconds())
            return
        self._backoffs.pop(tape.symbol, None)
        if wants_more:
            self._enqueue(tape)
        elif tape.symbol in self._checks:
            self._checks.discard(tape.symbol)
            self._enqueue_later(tape, self._config.recheck_seconds, tape.last_id)

    async def _look(self, tape: SymbolTape) -> bool | None:
        """Fetch one page for a tape; see `_plan` for the answer."""
        if not tape.is_anchored:
            await self._anchor(tape)
            return tape.has_hole
        if tape.is_held:
            return False  # its sink is busy: a release asks again
        rows = await self._history.page(tape.symbol, tape.last_id + 1)
        has_progress = self._apply(tape, rows)
        if tape.has_hole and not has_progress:
            return self._judge_void(tape, rows[0].id if rows else None)
        self._void_tries.pop(tape.symbol, None)
        if tape.has_hole:
            return True
        if len(rows) >= PAGE_MAX and not tape.is_held:
            return True
        tape.clear_doubt()
        return False

    def _apply(self, tape: SymbolTape, rows: list[PriceTick]) -> bool:
        """Apply the part of a page that goes on where the tape stands; return whether any did."""
        before, had_hole = tape.last_id, tape.has_hole
        for row in rows:
            tape.apply(row.id, row.price, row.time_ms)
        has_progress = tape.last_id > before or tape.is_held
        if has_progress and had_hole:
            tape.holes_filled += 1
        elif has_progress and tape.symbol in self._suspects:
            self.found_missed.add(tape.symbol)
        self._suspects.discard(tape.symbol)
        return has_progress

    def _judge_void(self, tape: SymbolTape, next_id: int | None) -> bool | None:
        """Step over ids that REST leaves out time and again although it has later ones."""
        if next_id is None:
            return None  # REST lags behind the stream
        tries = self._void_tries.get(tape.symbol, 0) + 1
        self._void_tries[tape.symbol] = tries
        if tries < self._config.void_print_tries:
            return None
        logger.error("void_prints %s %s to %s", tape.symbol, tape.last_id + 1, next_id - 1)
        while tape.has_hole and tape.last_id + 1 < next_id:
            tape.skip_next()
        return True

    async def _anchor(self, tape: SymbolTape) -> None:
        newest = await self._history.newest(tape.symbol)
        if newest is None:
            return  # never traded: the first live print will be its place
        tape.anchor(Anchor(newest.id, newest.price, newest.time_ms))
        tape.note_highest(newest.id, newest.time_ms)
        if not tape.has_hole:
            tape.clear_doubt()


def _urgency(tape: SymbolTape) -> int:
    """Return 0 for a known hole or an unknown place, 1 for a doubt, 2 for everything else."""
    if tape.has_hole or not tape.is_anchored:
        return 0
    return 1 if tape.is_doubtful else 2
