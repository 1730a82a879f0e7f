"""A monitor at work over a store in memory and a feed that a test turns by hand."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any

from engine.clock import ManualClock
from engine.core.commands import PlaceClose, PlaceEntry, ResetAccount, SetExits
from engine.core.events import Place, PriceTick
from engine.core.vigil import Vigil
from engine.group_commit import CommitConfig, GroupCommit
from engine.market.ports import Anchor, FeedStatus
from engine.monitor import Monitor, MonitorConfig
from engine.ports import Fenced
from engine.tickets import Told
from tests.support.builders import START_MS, close, entry, instrument, level
from tests.support.twin_store import TwinStore

QUICK = MonitorConfig(checkpoint_seconds=0.02, room_retry_seconds=0.002)


class HandFeed:
    """Prints come when a test makes them; what the sink does not take is held in order."""

    def __init__(self, clock: ManualClock) -> None:
        self.clock = clock
        self.sink: Monitor | None = None
        self.anchors: dict[str, Anchor | None] = {}
        self.held: dict[str, deque[PriceTick]] = {}
        self.last: dict[str, PriceTick] = {}
        self.watches: list[tuple[str, int, int]] = []
        self.dead: set[str] = set()

    def print(self, symbol: str, price: str, *, after_ms: int = 100) -> PriceTick:
        self.clock.set_ms(self.clock.now_ms() + after_ms)
        known = [*self.held.get(symbol, ()), self.last.get(symbol)]
        newest_id = max((tick.id for tick in known if tick), default=100)
        tick = PriceTick(symbol, newest_id + 1, price, self.clock.now_ms())
        self.held.setdefault(symbol, deque()).append(tick)
        if len(self.held[symbol]) == 1:
            self.release(symbol)
        return tick

    async def run(self) -> None:
        await asyncio.Event().wait()

    def want(self, symbol: str, anchor: Anchor | None = None) -> None:
        self.anchors.setdefault(symbol, anchor)

    def unwant(self, symbol: str) -> None:
        self.anchors.pop(symbol)

    def wanted(self) -> set[str]:
        return set(self.anchors)

    async def wait_ready(self, symbol: str, seconds: float) -> bool:
        return symbol in self.last

    def place(self, symbol: str) -> Place | None:
        last = self.last.get(symbol)
        if last is None:
            return None
        newest = self.held[symbol][-1] if self.held.get(symbol) else last
        now_ms, live = self.clock.now_ms(), symbol not in self.dead
        return Place(symbol, newest.id, now_ms, live, last.price, last.time_ms, live)

    def release(self, symbol: str) -> None:
        assert self.sink is not None
        held = self.held.get(symbol, deque())
        while held and self.sink.on_tick(held[0]):
            self.last[symbol] = held.popleft()

    def watch_quiet(self, symbol: str, after_id: int, until_ms: int) -> None:
        self.watches.append((symbol, after_id, until_ms))

    def status(self) -> FeedStatus:
        return FeedStatus((), (), "", True, 0, 0.0, 0)


class Shell:
    """The monitor with everything that it is bound to."""

    def __init__(self, store: Any, *symbols: str, slice_size: int, capacity: int) -> None:
        self.store: Any = store
        self.clock = ManualClock(START_MS)
        self.instruments = {name: instrument(name) for name in symbols}
        self.vigil: Any = Vigil(self.instruments, slice_size=slice_size)
        self.monitor: Any = Monitor(self.vigil, self.clock, QUICK)
        self.feed = HandFeed(self.clock)
        self.feed.sink = self.monitor
        config = CommitConfig(capacity=capacity, retry_seconds_min=0.002, retry_seconds_max=0.01)
        self.commits = GroupCommit(store, 1, self.monitor.publish, self.clock, config)
        self.told: list[Told] = []
        self.monitor.bind(self.feed, self.commits, self.told.append)
        self._ids = iter(range(1, 1_000_000))
        for name in symbols:
            self.feed.want(name)
            self.print(name, "100")
            self.vigil.start_symbol(name, 101, "100", START_MS)

    def print(self, symbol: str, price: str, *, after_ms: int = 100) -> PriceTick:
        return self.feed.print(symbol, price, after_ms=after_ms)

    def kinds(self, *kinds: type) -> list[Any]:
        return [told for told in self.told if isinstance(told.effect, kinds)]

    def buy(self, owner, symbol="BTCUSDT", amount="500", key=None, **plan) -> Any:
        order_id, place = next(self._ids), self.feed.place(symbol)
        assert place is not None
        order = entry(
            order_id,
            amount=amount,
            symbol=symbol,
            after_id=place.after_id,
            received_at_ms=place.now_ms,
            user_id=owner.user_id,
            account_id=owner.account_id,
            **plan,
        )
        return self.monitor.accept(PlaceEntry(key or f"buy-{order_id}", order, place))

    async def bought(self, owner, symbol="BTCUSDT", price="100", **plan) -> Any:
        """Open a trade at `price` and return it as stored."""
        ticket = self.buy(owner, symbol, **plan)
        self.print(symbol, price)
        told = await soon(ticket.ended)
        return told.effect.trade

    def sell(self, trade, key=None, share="1", **fields) -> Any:
        order_id, place = next(self._ids), self.feed.place(trade.symbol)
        assert place is not None
        order = close(
            order_id,
            trade.id,
            share,
            symbol=trade.symbol,
            after_id=place.after_id,
            received_at_ms=place.now_ms,
            user_id=trade.user_id,
            account_id=trade.account_id,
            **fields,
        )
        return self.monitor.accept(PlaceClose(key or f"close-{order_id}", order, place))

    def edit(self, trade, key, **levels) -> Any:
        place = self.feed.place(trade.symbol)
        assert place is not None
        asked = {name: level(text) for name, text in levels.items()}
        command = SetExits(key, trade.user_id, trade.id, place, **asked)
        return self.monitor.accept(command)

    def reset(self, owner, *trades, orders=None, key="reset") -> Any:
        command = ResetAccount(
            key,
            owner.user_id,
            owner.account_id,
            self.clock.now_ms(),
            "USDT",
            Decimal(10_000),
            {trade.id: trade.symbol for trade in trades},
            orders or {},
        )
        return self.monitor.accept(command)

    async def stored(self) -> None:
        """Wait until all that was decided is stored."""
        async with asyncio.timeout(5):
            await self.monitor.fired()
            await self.commits.drained()


@asynccontextmanager
async def open_shell(
    *symbols: str, store: TwinStore | None = None, slice_size: int = 500, capacity: int = 20_000
) -> AsyncIterator[Shell]:
    """Run a monitor over a store in memory; being fenced ends it quietly."""
    names = symbols or ("BTCUSDT",)
    shell = Shell(store or TwinStore(), *names, slice_size=slice_size, capacity=capacity)
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(work)
                for work in (
                    shell.commits.run(),
                    shell.monitor.fire(),
                    shell.monitor.mend(shell.store),
                    shell.monitor.keep_house(),
                )
            ]
            yield shell
            for task in tasks:
                task.cancel()
    except* Fenced:
        pass


async def soon(future, seconds: float = 3.0) -> Any:
    """Return a ticket's answer, in a moment."""
    async with asyncio.timeout(seconds):
        return await asyncio.shield(future)


async def until(condition: Callable[[], object], seconds: float = 5.0) -> None:
    """Wait until a condition holds; fail when it does not in time."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - what it looks at has no event
            await asyncio.sleep(0.002)
