"""Stores what was decided, in its order, many effects in one transaction; never skips one.

It refuses to decide anything: a batch whose outcome is unknown is sent again as it is.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from engine.clock import Clock
from engine.core.effects import Checkpoint
from engine.ports import Batch, Decided, EngineStore, OutcomeUnknown, Ruling, StoreUnavailable
from engine.reach import rests_on, subjects

log = logging.getLogger(__name__)

Item = Decided | Checkpoint
Publish = Callable[[Decided, Ruling], None]


@dataclass(frozen=True)
class CommitConfig:
    """How much is stored at once and how much may wait.

    `capacity` bounds the effects in memory while the database is away; pauses are in seconds.
    """

    batch_effects_max: int = 500
    capacity: int = 20_000
    retry_seconds_min: float = 0.05
    retry_seconds_max: float = 2.0


class GroupCommit:
    """The queue of effects and the one task that empties it into the store."""

    def __init__(
        self,
        store: EngineStore,
        epoch: int,
        publish: Publish,
        clock: Clock,
        config: CommitConfig | None = None,
    ) -> None:
        self._store = store
        self._epoch = epoch
        self._publish = publish
        self._clock = clock
        self._config = config or CommitConfig()
        self._queue: deque[Item] = deque()
        self._effects_queued = 0
        self._wake = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._sent_at: float | None = None
        self._is_failing = False

    @property
    def has_room(self) -> bool:
        """Whether another decision may be made now."""
        return self._effects_queued < self._config.capacity

    @property
    def effects_queued(self) -> int:
        """How many effects wait for the store."""
        return self._effects_queued

    @property
    def waiting_seconds(self) -> float:
        """How long the store has owed us an answer to the same batch; 0 when it owes none."""
        if self._sent_at is None:
            return 0.0
        return self._clock.monotonic() - self._sent_at

    @property
    def is_failing(self) -> bool:
        """Whether the store could not take the present batch the last time it was sent."""
        return self._is_failing

    def put(self, effects: Sequence[Decided], checkpoint: Checkpoint | None = None) -> None:
        """Queue effects and, behind them, the place on the tape that they complete."""
        self._queue.extend(effects)
        self._effects_queued += len(effects)
        if checkpoint is not None:
            self._queue.append(checkpoint)
        self._idle.clear()
        self._wake.set()

    def purge(self, ids: set[int]) -> list[Decided]:
        """Take out every queued effect that rests on these orders or trades, and what rests on it.

        The queue is in decided order, so what rests on a voided effect stands behind it.
        """
        broken, taken = set(ids), set[int]()
        voided: list[Decided] = []
        for item in self._queue:
            if isinstance(item, Decided) and not broken.isdisjoint(rests_on(item.effect)):
                broken |= subjects(item.effect)
                taken.add(id(item))
                voided.append(item)
        if voided:
            self._queue = deque(item for item in self._queue if id(item) not in taken)
            self._effects_queued -= len(voided)
        return voided

    async def drained(self) -> None:
        """Wait until everything queued so far is stored and published."""
        await self._idle.wait()

    async def run(self) -> None:
        """Store batch after batch. Raises Fenced when the lease is no longer ours."""
        while True:
            await self._wake.wait()
            batch = self._take()
            if batch is None:
                self._wake.clear()
                self._idle.set()
                continue
            rulings = await self._store_until_known(batch)
            for decided, ruling in zip(batch.effects, rulings, strict=True):
                self._publish(decided, ruling)

    def _take(self) -> Batch | None:
        effects: list[Decided] = []
        checkpoints: dict[str, Checkpoint] = {}
        while self._queue and len(effects) < self._config.batch_effects_max:
            item = self._queue.popleft()
            if isinstance(item, Decided):
                effects.append(item)
            else:
                checkpoints[item.symbol] = item
        while self._queue and isinstance(item := self._queue[0], Checkpoint):
            checkpoints[item.symbol] = item
            self._queue.popleft()
        if not effects and not checkpoints:
            return None
        self._effects_queued -= len(effects)
        return Batch(self._epoch, effects, list(checkpoints.values()))

    async def _store_until_known(self, batch: Batch) -> list[Ruling]:
        pause = self._config.retry_seconds_min
        self._sent_at = self._clock.monotonic()
        while True:
            try:
                rulings = await self._store.commit(batch)
            except (OutcomeUnknown, StoreUnavailable) as error:
                if not self._is_failing:
                    log.warning("store away, batch of %d kept: %s", len(batch.effects), error)
                self._is_failing = True
                await asyncio.sleep(pause)
                pause = min(pause * 2, self._config.retry_seconds_max)
            else:
                if self._is_failing:
                    log.warning("store back after %.1f s", self.waiting_seconds)
                self._sent_at, self._is_failing = None, False
                return rulings
