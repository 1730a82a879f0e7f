"""Start-up, the only one there is: load what is stored, play what was missed, then go live.

It refuses to act on a live print before everything missed was played in the tape's order; only
when the venue's past cannot be reached does it hand the rest to the feed, symbol by symbol.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from engine.clock import Clock
from engine.core.effects import Checkpoint
from engine.core.events import PriceTick
from engine.core.vigil import Vigil
from engine.market.past import Tape, TapeUnreachable
from engine.market.ports import Anchor
from engine.monitor import Monitor
from engine.ports import EngineStore

log = logging.getLogger(__name__)

LOAD_SLICE = 1_000
RATE_SPAN_MS = 60_000


@dataclass(frozen=True)
class CaughtUp:
    """What a start-up found on the tape of the time before it (venue times)."""

    since_ms: int
    until_ms: int
    prints: int = 0
    effects: int = 0
    is_complete: bool = True


class Recovery:
    """Brings a fresh vigil to where an uninterrupted one would be."""

    def __init__(self, store: EngineStore, tape: Tape, clock: Clock) -> None:
        self._store = store
        self._tape = tape
        self._clock = clock

    async def restore(self, vigil: Vigil) -> list[Checkpoint]:
        """Load checkpoints, trades, orders and alerts; return the checkpoints still needed."""
        checkpoints = await self._store.checkpoints()
        cuts = await self._store.segment_cuts()
        for checkpoint in checkpoints:
            vigil.restore_symbol(checkpoint, cuts.get(checkpoint.symbol, ()))
        await self._load(vigil)
        needed = vigil.needed_symbols()
        for checkpoint in checkpoints:
            if checkpoint.symbol not in needed:
                vigil.forget_symbol(checkpoint.symbol)
        return [checkpoint for checkpoint in checkpoints if checkpoint.symbol in needed]

    async def _load(self, vigil: Vigil) -> None:
        """Load what is open and waits; one row that cannot be watched keeps none of the others."""
        async for page in self._store.open_trades():
            for start in range(0, len(page), LOAD_SLICE):
                for line in vigil.load_trades(page[start : start + LOAD_SLICE]):
                    log.error("a stored trade cannot be watched: %s", line)
                await asyncio.sleep(0)
        for order in await self._store.waiting_orders():
            if not vigil.load_order(order):
                log.error("a stored order cannot be watched: %s", order)
        await self._load_alerts(vigil)

    async def _load_alerts(self, vigil: Vigil) -> None:
        alerts = await self._store.armed_alerts()
        for start in range(0, len(alerts), LOAD_SLICE):
            for alert in alerts[start : start + LOAD_SLICE]:
                if not vigil.load_alert(alert):
                    log.error("a stored alert cannot be watched: %s", alert)
            await asyncio.sleep(0)

    async def catch_up(self, monitor: Monitor, checkpoints: Sequence[Checkpoint]) -> CaughtUp:
        """Play everything since the checkpoints into the monitor."""
        now_ms = self._clock.now_ms()
        if not checkpoints:
            return CaughtUp(now_ms, now_ms)
        since_ms = max(checkpoint.time_ms for checkpoint in checkpoints)
        monitor.silent_since_ms = since_ms
        monitor.is_catching_up = True  # whatever is found now happened while nobody looked
        decided_before, prints = monitor.decided_count, 0
        try:
            await self._recall_rates(monitor.vigil, checkpoints)
            async for ticks in self._tape.catch_up(anchors_of(checkpoints)):
                prints += len(ticks)
                await _play(monitor, ticks)
        except TapeUnreachable as error:
            log.warning("the venue's past cannot be asked (%s): going live behind", error)
            return CaughtUp(since_ms, self._clock.now_ms(), prints, is_complete=False)
        effects = monitor.decided_count - decided_before
        return CaughtUp(since_ms, self._clock.now_ms(), prints, effects)

    async def recall_rate(self, vigil: Vigil, symbol: str, time_ms: int) -> None:
        """Give one rate symbol the prints before `time_ms`. Raises TapeUnreachable."""
        ticks = await self._tape.prints_before(symbol, time_ms, RATE_SPAN_MS)
        vigil.recall_rates(ticks)

    async def _recall_rates(self, vigil: Vigil, checkpoints: Sequence[Checkpoint]) -> None:
        for checkpoint in checkpoints:
            if vigil.is_rate(checkpoint.symbol):
                await self.recall_rate(vigil, checkpoint.symbol, checkpoint.time_ms)


def anchors_of(checkpoints: Sequence[Checkpoint]) -> dict[str, Anchor]:
    """Return where each symbol's tape goes on."""
    return {c.symbol: Anchor(c.last_id, c.price, c.time_ms) for c in checkpoints}


async def _play(monitor: Monitor, ticks: Sequence[PriceTick]) -> None:
    for tick in ticks:
        while not monitor.on_tick(tick):
            await monitor.wait_room(tick.symbol)
    await asyncio.sleep(0)
