"""The live shell: prints and commands in, decisions out to the store, stored facts out to people.

One synchronous door (`on_tick`, `accept`) on one thread gives one order. It refuses to await
between a print and its decision, and to say anything before it is stored.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from engine.clock import Clock
from engine.core.commands import (
    CancelOrder,
    Command,
    PlaceClose,
    PlaceEntry,
    Refusal,
    RefusalCode,
    SetExits,
)
from engine.core.effects import Effect, OrderPlaced, TradeOpened
from engine.core.events import Place, PriceTick, TapeQuiet
from engine.core.vigil import Deferred, Vigil
from engine.group_commit import GroupCommit, touched
from engine.market.ports import Anchor
from engine.market.price_feed import PriceFeed
from engine.ports import Decided, EngineStore, Ruling, Verdict
from engine.tickets import Ticket, TicketDesk, Told

log = logging.getLogger(__name__)

Tell = Callable[[Told], None]


@dataclass(frozen=True)
class MonitorConfig:
    """Rhythm of the live shell. Seconds, unless the name says otherwise."""

    checkpoint_seconds: float = 1.0
    late_ms: int = 5_000
    store_patience_seconds: float = 2.0
    room_retry_seconds: float = 0.02
    display_seconds: float = 90.0


class Monitor:
    """One term of watching: from a restored vigil until the lease ends."""

    def __init__(self, vigil: Vigil, clock: Clock, config: MonitorConfig | None = None) -> None:
        self.vigil = vigil
        self._clock = clock
        self._config = config or MonitorConfig()
        self._tickets = TicketDesk()
        self._busy: set[str] = set()
        self._checkpointed: dict[str, int] = {}
        self._displayed_until: dict[str, float] = {}
        self._reloads: set[int] = set()
        self.silent_since_ms: int | None = None
        self.decided_count = 0
        self.is_closing = False

    def bind(self, feed: PriceFeed, commits: GroupCommit, tell: Tell) -> None:
        """Connect the source of prints, the queue to the store and the ear of who is told."""
        self._feed, self._commits, self._tell = feed, commits, tell

    # prints

    def on_tick(self, tick: PriceTick) -> bool:
        """Decide on one print. False: not now; offer it again after `release`."""
        if tick.symbol in self._busy:
            return False
        if not self._commits.has_room:
            self._release_when_room(tick.symbol)
            return False
        effects = self.vigil.on_print(tick)
        if effects:
            self._queue(tick.symbol, effects, tick.time_ms)
        if self.vigil.is_busy(tick.symbol):
            self._busy.add(tick.symbol)
            asyncio.get_running_loop().call_soon(self._resume, tick.symbol)
        return True

    def on_quiet(self, quiet: TapeQuiet) -> None:
        """Take the proof that a symbol's tape is silent up to an instant."""
        if effects := self.vigil.on_quiet(quiet):
            self._queue(quiet.symbol, effects, quiet.until_ms)

    def _resume(self, symbol: str) -> None:
        loop = asyncio.get_running_loop()
        if not self._commits.has_room:
            loop.call_later(self._config.room_retry_seconds, self._resume, symbol)
            return
        effects = self.vigil.resume(symbol)
        if self.vigil.is_busy(symbol):
            self._queue(symbol, effects, self._clock.now_ms())
            loop.call_soon(self._resume, symbol)
            return
        self._busy.discard(symbol)
        self._queue(symbol, effects, self._clock.now_ms())
        self._feed.release(symbol)

    async def wait_room(self, symbol: str) -> None:
        """Wait until a print of the symbol can be taken again."""
        while symbol in self._busy or not self._commits.has_room:  # noqa: ASYNC110 - two causes
            await asyncio.sleep(self._config.room_retry_seconds)

    def _release_when_room(self, symbol: str) -> None:
        asyncio.get_running_loop().call_later(
            self._config.room_retry_seconds, self._feed.release, symbol
        )

    # commands

    def accept(self, command: Command) -> Ticket | Refusal:
        """Decide on a command now. The ticket is answered once the decision is stored."""
        if self.is_closing or not self._can_book():
            return Refusal(RefusalCode.TRY_AGAIN)
        decided = self.vigil.on_command(command)
        if isinstance(decided, Refusal):
            return decided
        order_id = command.order.id if isinstance(command, PlaceEntry | PlaceClose) else None
        ticket = self._tickets.issue(command.key, order_id)
        if not isinstance(decided, Deferred):
            self._queue(_symbol_of(command), decided, self._clock.now_ms())
        return ticket

    def _can_book(self) -> bool:
        return (
            self._commits.has_room
            and self._commits.failing_seconds < self._config.store_patience_seconds
        )

    # what was decided

    def _queue(self, symbol: str | None, effects: Sequence[Effect], happened_ms: int) -> None:
        self.decided_count += len(effects)
        now_ms = self._clock.now_ms()
        late = self.silent_since_ms if now_ms - happened_ms > self._config.late_ms else None
        decided = [Decided(effect, now_ms, late) for effect in effects]
        checkpoint = None
        if symbol is not None and not self.vigil.is_busy(symbol):
            checkpoint = self.vigil.checkpoint(symbol)
            self._checkpointed[symbol] = checkpoint.last_id
        self._commits.put(decided, checkpoint)
        if any(isinstance(effect, OrderPlaced) for effect in effects):
            self._watch_deadlines()
        for key, refusal in self.vigil.take_refusals():
            self._tickets.refuse(key, refusal)

    def _watch_deadlines(self) -> None:
        """Ask the feed to prove the silence after orders that no print has filled in time."""
        for watch in self.vigil.quiet_watches():
            self._feed.watch_quiet(watch.symbol, watch.last_id, watch.until_ms)

    def go_live(self) -> None:
        """Let the feed go on from where the catch-up ended."""
        for symbol in self.vigil.needed_symbols():
            last = self.vigil.last(symbol)
            assert last is not None, f"{symbol} is needed but has no place"
            self._feed.want(symbol, Anchor(last.id, last.price, last.time_ms))
        self._watch_deadlines()

    def remembered_place(self, symbol: str) -> Place | None:
        """Return a symbol's place from memory: never fresh, for when the feed knows nothing."""
        last = self.vigil.last(symbol)
        if last is None:
            return None
        now_ms = self._clock.now_ms()
        return Place(
            symbol,
            last.id,
            now_ms,
            is_fresh=False,
            last_price=last.price,
            last_time_ms=last.time_ms,
        )

    # what was stored

    def publish(self, decided: Decided, ruling: Ruling) -> None:
        """Undo what the store did not accept, then tell whoever waits and whoever listens."""
        if ruling.verdict is not Verdict.APPLIED:
            self._undo(decided)
        told = Told(decided.effect, ruling, decided)
        self._tickets.resolve(told)
        self._tell(told)

    def _undo(self, decided: Decided) -> None:
        ids = touched(decided.effect)
        for item in self._commits.purge(ids):
            self._tickets.resolve(Told(item.effect, Ruling(Verdict.VOID), item))
        for identifier in ids:
            self.vigil.void(identifier)
        if isinstance(decided.effect, OrderPlaced | TradeOpened):
            return
        self._reloads |= ids
        log.error("memory differed from the store on %s: reloading", sorted(ids))

    # every second

    async def keep_house(self, store: EngineStore) -> None:
        """Store places on the tape, watch what is needed, reload what differed; until canceled."""
        while True:
            await asyncio.sleep(self._config.checkpoint_seconds)
            self.queue_checkpoints()
            self._match_subscriptions()
            self._watch_deadlines()
            await self._reload(store)

    def queue_checkpoints(self) -> None:
        """Queue the place of every needed symbol that has moved since the last time."""
        for symbol in self.vigil.needed_symbols():
            if symbol in self._busy:
                continue
            checkpoint = self.vigil.checkpoint(symbol)
            if self._checkpointed.get(symbol) != checkpoint.last_id:
                self._checkpointed[symbol] = checkpoint.last_id
                self._commits.put((), checkpoint)

    def display(self, symbol: str) -> None:
        """Watch a symbol for a while because somebody looks at it."""
        self._displayed_until[symbol] = self._clock.monotonic() + self._config.display_seconds
        self._feed.want(symbol)

    def _match_subscriptions(self) -> None:
        now = self._clock.monotonic()
        self._displayed_until = {s: t for s, t in self._displayed_until.items() if t > now}
        needed = self.vigil.needed_symbols() | self._displayed_until.keys()
        for symbol in self._feed.wanted() - needed:
            self._feed.unwant(symbol)
            self.vigil.forget_symbol(symbol)
            self._checkpointed.pop(symbol, None)
        for symbol in needed - self._feed.wanted():
            self._feed.want(symbol)

    async def _reload(self, store: EngineStore) -> None:
        while self._reloads:
            trade_id = self._reloads.pop()
            self.vigil.replace_trade(trade_id, await store.trade_line(trade_id))

    def end(self, refusal: Refusal) -> None:
        """Answer everybody who still waits: this term is over and its memory is dropped."""
        self._tickets.refuse_all(refusal)


def _symbol_of(command: Command) -> str | None:
    if isinstance(command, PlaceEntry | PlaceClose | SetExits):
        return command.place.symbol
    if isinstance(command, CancelOrder):
        return command.symbol
    return None
