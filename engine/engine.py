"""Keeps the vigil for as long as the process lives: lease, recovery, watch; and over again.

Recovery is the only way to start: after a crash, a lost lease or a first day alike.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from decimal import Decimal

from engine.clock import Clock, SystemClock
from engine.core.commands import Refusal, RefusalCode
from engine.core.events import Place
from engine.core.trade import Trade
from engine.core.vigil import Vigil
from engine.delisting import DelistingWatch
from engine.group_commit import GroupCommit
from engine.market.instruments import Instruments
from engine.market.past import TapeUnreachable
from engine.market.ports import Sink
from engine.market.price_feed import PriceFeed
from engine.monitor import Monitor, Tell
from engine.ports import EngineStore, Fenced, Lease, StoreUnavailable
from engine.recovery import CaughtUp, Recovery

log = logging.getLogger(__name__)

IDS_RESERVED = 1_000
IDS_LOW = 250
IDS_SECONDS = 0.5
DRAIN_SECONDS = 1.5
RELEASE_SECONDS = 1.0
RESTART_SECONDS = 0.5
RENEW_SECONDS = 2.0


@dataclass(frozen=True)
class EngineParts:
    """What the composition root gives the engine."""

    store: EngineStore
    lease: Lease
    clock: Clock
    instruments: Instruments
    make_feed: Callable[[Sink], PriceFeed]
    recovery: Recovery
    tell: Tell


@dataclass
class Term:
    """One stretch of holding the lease, with everything that is dropped when it ends."""

    monitor: Monitor
    feed: PriceFeed
    store: EngineStore
    clock: Clock
    recovery: Recovery
    ids: list[int] = field(default_factory=list[int])
    has_ids: asyncio.Event = field(default_factory=asyncio.Event)
    is_armed: bool = False

    def next_id(self) -> int | None:
        """Return a fresh order id, or None while the database owes us new ones."""
        return self.ids.pop() if self.ids else None

    def place_of(self, symbol: str) -> Place | None:
        """Return a watched symbol's place, from memory when the feed has nothing yet."""
        return self.feed.place(symbol) or self.monitor.attention.remembered_place(symbol)

    def follow(self, place: Place) -> None:
        """Let the vigil follow a symbol from a live place on, unless it does already."""
        assert place.is_live, "the last price belongs to the highest id only on a whole tape"
        self.monitor.vigil.start_symbol(
            place.symbol, place.after_id, place.last_price, place.last_time_ms
        )

    async def follow_rate(self, symbol: str) -> bool:
        """Let the vigil follow a rate symbol and know its past; False: not possible now."""
        place = self.feed.place(symbol)
        if place is None or not place.is_fresh:
            return False
        self.follow(place)
        vigil = self.monitor.vigil
        if not vigil.is_rate(symbol):
            vigil.watch_rate(symbol)
            try:
                await self.recovery.recall_rate(vigil, symbol, place.last_time_ms)
            except TapeUnreachable:
                return False
        return True

    def exit_rate(self, trade: Trade) -> Decimal:
        """Return the rate at which a close of the trade would be booked now."""
        return self.monitor.vigil.exit_rate(trade, self.clock.now_ms())

    async def keep_ids(self) -> None:
        """Keep some ids in hand, until canceled."""
        while True:
            if len(self.ids) < IDS_LOW:
                try:
                    fresh = await self.store.reserve_ids(IDS_RESERVED)
                except StoreUnavailable as error:
                    log.warning("no fresh ids: %s", error)
                else:
                    self.ids[:0] = reversed(fresh)
                    self.has_ids.set()
            await asyncio.sleep(IDS_SECONDS)


class Engine:
    """Terms, one after the other. `armed` is the present one once its vigil is complete."""

    def __init__(self, parts: EngineParts) -> None:
        self._parts = parts
        self._stopping = asyncio.Event()
        self._armed = asyncio.Event()
        self.term: Term | None = None
        self._holding = asyncio.Event()
        self.caught_up: CaughtUp | None = None

    @property
    def armed(self) -> Term | None:
        """The present term when it decides, else None."""
        return self.term if self.term is not None and self.term.is_armed else None

    def clock_offset_ms(self) -> int | None:
        """Return venue time minus the machine's clock, where the clock can tell."""
        clock = self._parts.clock
        return clock.offset_ms() if isinstance(clock, SystemClock) else None

    async def wait_armed(self, seconds: float) -> bool:
        """Wait at most `seconds` until a term is armed."""
        try:
            async with asyncio.timeout(seconds):
                return await self._armed.wait()
        except TimeoutError:
            return False

    async def wait_term(self) -> None:
        """Wait until this process holds the lease, whether it is armed yet or not."""
        await self._holding.wait()

    def stop(self) -> None:
        """Ask for a clean end: store what was decided, take no more, give the lease up."""
        self._stopping.set()
        if self.term is not None:
            self.term.monitor.is_closing = True

    async def run(self) -> None:
        """Serve terms until `stop`."""
        while not self._stopping.is_set():
            epoch = await self._until_stopped(self._parts.lease.acquire())
            if epoch is None:
                return
            try:
                await self._serve(epoch)
            except* Fenced:
                log.warning("fenced: another process keeps the vigil; standing by")
            except* StoreUnavailable as errors:
                log.warning("the store was away while starting: %s", errors.exceptions[0])
                await asyncio.sleep(RESTART_SECONDS)
            finally:
                self._end_term()
        try:
            async with asyncio.timeout(RELEASE_SECONDS):
                await self._parts.lease.release()
        except TimeoutError:
            log.warning("the lease is not given back in time: it will run out")

    async def _serve(self, epoch: int) -> None:
        parts = self._parts
        monitor = Monitor(Vigil(parts.instruments), parts.clock)
        feed = parts.make_feed(monitor)
        commits = GroupCommit(parts.store, epoch, monitor.publish, parts.clock)
        monitor.bind(feed, commits, parts.tell)
        self.term = term = Term(monitor, feed, parts.store, parts.clock, parts.recovery)
        self._holding.set()
        async with asyncio.TaskGroup() as group:
            writing = group.create_task(commits.run())
            keeping = group.create_task(_keep(parts.lease))
            firing = group.create_task(monitor.fire())
            watching = group.create_task(self._arm_and_watch(term))
            await self._stopping.wait()
            monitor.is_closing = True
            watching.cancel()  # its sockets close while the rest is stored
            await self._store_the_rest(monitor, commits)
            for task in (firing, writing, keeping):
                task.cancel()

    async def _arm_and_watch(self, term: Term) -> None:
        recovery = self._parts.recovery
        checkpoints = await recovery.restore(term.monitor.vigil)
        self.caught_up = await recovery.catch_up(term.monitor, checkpoints)
        async with asyncio.TaskGroup() as group:
            group.create_task(term.keep_ids())
            group.create_task(term.feed.run())
            term.monitor.go_live()
            group.create_task(term.monitor.keep_house())
            group.create_task(term.monitor.mend(term.store))
            group.create_task(self._delisting(term).run())
            await term.has_ids.wait()
            term.is_armed = True
            self._armed.set()
            log.info("armed: %s", self.caught_up)

    def _delisting(self, term: Term) -> DelistingWatch:
        parts = self._parts
        return DelistingWatch(term.monitor, term.feed, parts.instruments, parts.clock)

    async def _store_the_rest(self, monitor: Monitor, commits: GroupCommit) -> None:
        try:
            async with asyncio.timeout(DRAIN_SECONDS):
                await monitor.fired()
                monitor.queue_checkpoints()
                await commits.drained()
        except TimeoutError:
            log.warning("left %d effects to the next start", commits.effects_queued)

    def _end_term(self) -> None:
        self._armed.clear()
        if self.term is not None:
            self.term.monitor.end(Refusal(RefusalCode.TRY_AGAIN))
            self.term = None
            self._holding.clear()

    async def _until_stopped(self, acquiring: Coroutine[None, None, int]) -> int | None:
        acquire = asyncio.ensure_future(acquiring)
        stopping = asyncio.ensure_future(self._stopping.wait())
        try:
            await asyncio.wait({acquire, stopping}, return_when=asyncio.FIRST_COMPLETED)
            return acquire.result() if acquire.done() else None
        finally:
            acquire.cancel()
            stopping.cancel()
            await asyncio.wait({acquire, stopping})


async def _keep(lease: Lease) -> None:
    """Renew the lease until canceled. Raises Fenced once it is lost."""
    while True:
        await asyncio.sleep(RENEW_SECONDS)
        try:
            if not await lease.renew():
                raise Fenced("the lease was taken over")
        except StoreUnavailable as error:
            log.warning("lease not renewed: %s", error)
