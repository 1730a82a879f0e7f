"""The live shell: prints and commands in, decisions out to the store, stored facts out to people.

One synchronous door (`on_tick`, `accept`) on one thread gives one order. It refuses to await
between a print and its decision, and to say anything before it is stored.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from engine.attention import Attention
from engine.clock import Clock
from engine.core.commands import Command, PlaceClose, PlaceEntry, Refusal, RefusalCode
from engine.core.decide import deadline_ms
from engine.core.effects import AlertPlaced, Effect, OrderPlaced, TradeOpened
from engine.core.events import PriceTick, SymbolDelisted, TapeQuiet
from engine.core.orders import EntryOrder
from engine.core.vigil import Deferred, Vigil
from engine.defects import DEFECTS
from engine.group_commit import GroupCommit
from engine.market.price_feed import PriceFeed
from engine.ports import Decided, EngineStore, Ruling, StoreUnavailable, Verdict
from engine.rate_gate import RateGate
from engine.reach import barring, subjects, symbol_of, symbols_read, user_of, whereabouts
from engine.tickets import Name, Ticket, TicketDesk, Told

log = logging.getLogger(__name__)

Tell = Callable[[Told], None]


@dataclass(frozen=True)
class MonitorConfig:
    """Rhythm of the live shell. Seconds, unless the name says otherwise."""

    checkpoint_seconds: float = 1.0
    late_ms: int = 5_000
    store_patience_seconds: float = 2.0
    room_retry_seconds: float = 0.02
    turn_seconds: float = 0.005
    display_seconds: float = 90.0
    rate_patience_seconds: float = 10.0


class Monitor:
    """One term of watching: from a restored vigil until the lease ends.

    A symbol is barred while a command on one of its trades is not stored yet, or while memory is
    mended: its prints wait, so that nothing is ever judged by what the store may still refuse.
    """

    def __init__(self, vigil: Vigil, clock: Clock, config: MonitorConfig | None = None) -> None:
        self.vigil = vigil
        self._clock = clock
        self._config = config or MonitorConfig()
        self._tickets = TicketDesk()
        self._deferred: dict[str, Name] = {}
        self._busy: dict[str, int] = {}
        self._barred: Counter[str] = Counter()
        self._given_up: set[str] = set()
        self._held: set[str] = set()
        self._stirred = asyncio.Event()
        self._doubts: dict[int, str] = {}
        self._doubted = asyncio.Event()
        self.silent_since_ms: int | None = None
        self.is_catching_up = False
        self.decided_count = 0
        self.is_closing = False

    def bind(self, feed: PriceFeed, commits: GroupCommit, tell: Tell) -> None:
        """Connect the source of prints, the queue to the store and the ear of who is told."""
        self._feed, self._commits, self._tell = feed, commits, tell
        seconds = self._config.display_seconds
        self.attention = Attention(self.vigil, feed, self._clock, seconds)
        patience = self._config.rate_patience_seconds
        self._gate = RateGate(self.vigil, feed, self._clock, patience)

    # prints

    def on_tick(self, tick: PriceTick) -> bool:
        """Decide on one print. False: not now; it is offered again by `release`."""
        if not self._is_free(tick.symbol) or self._gate.is_shut(tick):
            if tick.symbol in self._given_up:
                return True
            self._held.add(tick.symbol)
            self._stirred.set()
            return False
        try:
            effects = self.vigil.on_print(tick)
        except DEFECTS as defect:
            self._give_up(tick.symbol, defect)
            return True
        if effects or self.vigil.has_refusals:
            self._follow_up(tick.symbol, effects, tick.time_ms)
        return True

    def on_quiet(self, quiet: TapeQuiet) -> None:
        """Take the proof that a tape is silent up to an instant; one not taken is renewed."""
        if self._is_free(quiet.symbol) and not self._gate.is_waiting(quiet.symbol):
            try:
                effects = self.vigil.on_quiet(quiet)
            except DEFECTS as defect:
                self._give_up(quiet.symbol, defect)
            else:
                self._follow_up(quiet.symbol, effects, quiet.until_ms)

    def on_delisted(self, delisted: SymbolDelisted) -> None:
        """Take the news that the venue has dropped a symbol; when it cannot be now, later."""
        if self._is_free(delisted.symbol):
            self._follow_up(delisted.symbol, self.vigil.on_delisted(delisted), delisted.at_ms)

    def _is_free(self, symbol: str) -> bool:
        """Whether a print of the symbol may be decided now."""
        if symbol in self._busy or symbol in self._barred or self.is_closing:
            return False
        return self._commits.has_room

    def _follow_up(self, symbol: str, effects: Sequence[Effect], happened_ms: int) -> None:
        if self.vigil.is_busy(symbol):
            self._busy[symbol] = happened_ms
            self._stirred.set()
        if effects:
            self._queue(symbol, effects, happened_ms)
        self._answer_refusals()

    async def fire(self) -> None:
        """Fire large prints slice by slice and offer held prints again; until canceled."""
        while True:
            await self._stirred.wait()
            self._stirred.clear()
            for symbol in list(self._busy):
                if self._commits.has_room:
                    self._resume(symbol)
            for symbol in [name for name in self._held if self._is_free(name)]:
                self._held.discard(symbol)
                self._feed.release(symbol)
            is_slicing = bool(self._busy) and self._commits.has_room
            await asyncio.sleep(0 if is_slicing else self._config.room_retry_seconds)
            if self._busy or self._held:
                self._stirred.set()

    def _give_up(self, symbol: str, defect: Exception) -> None:
        """Leave a symbol whose print cannot be decided to the next start: the others go on.

        Its place is not stored any further, so that nothing is lost once the defect is mended.
        """
        log.error("%s is not watched until the next start", symbol, exc_info=defect)
        self._given_up.add(symbol)
        self._barred[symbol] += 1
        self._busy.pop(symbol, None)
        if symbol in self._held:
            self._held.discard(symbol)
            self._feed.release(symbol)

    def _resume(self, symbol: str) -> None:
        happened_ms = self._busy[symbol]
        try:
            effects = self.vigil.resume(symbol)
        except DEFECTS as defect:
            self._give_up(symbol, defect)
            return
        if not self.vigil.is_busy(symbol):
            del self._busy[symbol]
        if effects:
            self._queue(symbol, effects, happened_ms)
        self._answer_refusals()

    async def wait_room(self, symbol: str) -> None:
        """Wait until a print of the symbol can be taken again."""
        while not self._is_free(symbol):
            is_slicing = symbol in self._busy and self._commits.has_room
            await asyncio.sleep(0 if is_slicing else self._config.room_retry_seconds)

    async def turn(self, symbol: str) -> None:
        """Let the prints that commands hold up go first: a crowd of commands starves no stop."""
        while symbol in self._held:  # noqa: ASYNC110 - seldom, short
            await asyncio.sleep(self._config.turn_seconds)

    async def fired(self) -> None:
        """Wait until no print is half fired."""
        while self._busy:  # noqa: ASYNC110 - seldom, short
            await asyncio.sleep(0.001)

    # commands

    def accept(self, command: Command) -> Ticket | Refusal:
        """Decide on a command now. The ticket is answered once the decision is stored.

        A key that is still pending gets the ticket that it already has.
        """
        name = (user_of(command), command.key)
        if (pending := self._tickets.pending(name)) is not None:
            return pending
        if self.is_closing or not self._can_book() or self._is_doubtful(command):
            return Refusal(RefusalCode.TRY_AGAIN)
        decided = self.vigil.on_command(command)
        if isinstance(decided, Refusal):
            return decided
        order_id = command.order.id if isinstance(command, PlaceEntry | PlaceClose) else None
        ticket = self._tickets.issue(name, order_id)
        if isinstance(decided, Deferred):
            self._deferred[command.key] = name
        else:
            self._queue(symbol_of(command), decided, self._clock.now_ms())
        return ticket

    def _can_book(self) -> bool:
        return (
            self._commits.has_room
            and self._commits.waiting_seconds < self._config.store_patience_seconds
        )

    def _is_doubtful(self, command: Command) -> bool:
        """Whether memory is not to be trusted there, or somebody's equal key waits for its turn."""
        doubtful = {*self._doubts.values(), *self._given_up}
        return command.key in self._deferred or not symbols_read(command).isdisjoint(doubtful)

    def _answer_refusals(self) -> None:
        for key, refusal in self.vigil.take_refusals():
            self._tickets.refuse(self._deferred.pop(key), refusal)

    # what was decided

    def _queue(self, symbol: str | None, effects: Sequence[Effect], happened_ms: int) -> None:
        self.decided_count += len(effects)
        now_ms = self._clock.now_ms()
        late_ms = None
        if self.is_catching_up or now_ms - happened_ms > self._config.late_ms:
            late_ms = self.attention.whole_at_ms(symbol) if symbol else None
            late_ms = self.silent_since_ms if late_ms is None else late_ms
        self._commits.put([Decided(effect, now_ms, late_ms) for effect in effects])
        if symbol is not None:
            self._put_checkpoint(symbol)
        for effect in effects:
            self._attend(effect)

    def _attend(self, effect: Effect) -> None:
        """Do what an effect needs beside being stored."""
        if self._deferred and (key := getattr(effect, "key", None)) is not None:
            self._deferred.pop(key, None)
        for symbol in barring(effect):
            self._barred[symbol] += 1
        if not isinstance(effect, OrderPlaced):
            return
        order = effect.order
        if (deadline := deadline_ms(order)) is not None:
            self._feed.watch_quiet(order.symbol, order.after_id, deadline)
        if isinstance(order, EntryOrder):
            for leg in order.route:  # a restart needs the places of what the trade rests on
                self._put_checkpoint(leg.symbol)

    def _put_checkpoint(self, symbol: str) -> None:
        if symbol not in self._busy and self.vigil.last(symbol) is not None:
            checkpoint = self.vigil.checkpoint(symbol)
            self.attention.note_stored(symbol, checkpoint.last_id)
            self._commits.put((), checkpoint)

    def _watch_deadlines(self) -> None:
        """Ask the feed to prove the silence after orders that no print has filled in time."""
        for watch in self.vigil.quiet_watches():
            self._feed.watch_quiet(watch.symbol, watch.last_id, watch.until_ms)

    def go_live(self) -> None:
        """Let the feed go on from where the catch-up ended."""
        self.is_catching_up = False
        self.attention.want_needed()
        self.attention.note_whole()
        self._watch_deadlines()

    # what was stored

    def publish(self, decided: Decided, ruling: Ruling) -> None:
        """Undo what the store did not accept, then tell whoever waits and whoever listens."""
        if ruling.verdict is not Verdict.APPLIED:
            if ruling.verdict is Verdict.CONFLICT:
                log.error("memory and store differ: %s", decided.effect)
            self._undo(decided, ruling.verdict)
        self._unbar(barring(decided.effect))
        told = Told(decided.effect, ruling, decided)
        self._tickets.resolve(told)
        self._tell(told)

    def _undo(self, decided: Decided, verdict: Verdict) -> None:
        """Void what rested on an effect that is not stored, and have the store's word instead.

        An order, trade or alert that this very effect would have made is nowhere: nothing to mend.
        """
        voided = self._commits.purge(subjects(decided.effect))
        doubts: dict[int, str] = {}
        unborn: set[int] = set()
        for effect in (decided.effect, *(item.effect for item in voided)):
            is_birth = isinstance(effect, OrderPlaced | TradeOpened | AlertPlaced)
            if is_birth and verdict is not Verdict.CONFLICT:
                unborn |= subjects(effect)
            doubts |= whereabouts(effect)
        for item in voided:
            self._unbar(barring(item.effect))
            self._tickets.resolve(Told(item.effect, Ruling(Verdict.VOID), item))
        for identifier in doubts:
            self.vigil.void(identifier)
        self._doubt({one: symbol for one, symbol in doubts.items() if one not in unborn})

    def _doubt(self, doubts: dict[int, str]) -> None:
        fresh = {one: symbol for one, symbol in doubts.items() if one not in self._doubts}
        if fresh:
            log.warning("the store's word replaces memory on %s", sorted(fresh))
            self._barred.update(fresh.values())
            self._doubts |= fresh
            self._doubted.set()

    def _unbar(self, symbols: Sequence[str]) -> None:
        for symbol in symbols:
            self._barred[symbol] -= 1
            if not self._barred[symbol]:
                del self._barred[symbol]
                self._stirred.set()

    async def mend(self, store: EngineStore) -> None:
        """Put the store's word in place of memory that differed from it; until canceled."""
        while True:
            await self._doubted.wait()
            try:
                await self._reload(store)
            except StoreUnavailable as error:
                log.warning("not mended yet: %s", error)
                await asyncio.sleep(self._config.checkpoint_seconds)

    async def _reload(self, store: EngineStore) -> None:
        doubts = dict(self._doubts)
        lines = {one: await store.trade_line(one) for one in doubts}
        orders = [order for order in await store.waiting_orders() if order.id in doubts]
        alerts = await store.armed_alerts(doubts)
        for one, symbol in doubts.items():
            self.vigil.replace_trade(one, lines[one])
            del self._doubts[one]
            self._unbar((symbol,))
        for order in orders:
            if self.vigil.order(order.id) is None and self.vigil.last(order.symbol) is not None:
                self.vigil.load_order(order)
        for alert in alerts:
            if self.vigil.alert(alert.id) is None:
                self.vigil.load_alert(alert)
        if not self._doubts:
            self._doubted.clear()

    # every second

    async def keep_house(self) -> None:
        """Store places on the tape and watch what is needed; until canceled."""
        while True:
            await asyncio.sleep(self._config.checkpoint_seconds)
            if not self._commits.is_failing:  # places would pile up, and the next ones say more
                self.queue_checkpoints()
            self.attention.match(self._busy.keys() | self._barred.keys())
            self.attention.note_whole()
            self._answer_refusals()
            self._watch_deadlines()

    def queue_checkpoints(self) -> None:
        """Queue the place of every needed symbol that has moved since the last time."""
        for symbol in self.attention.moved():
            self._put_checkpoint(symbol)

    def end(self, refusal: Refusal) -> None:
        """Answer everybody who still waits: this term is over and its memory is dropped."""
        self.is_closing = True
        self._tickets.refuse_all(refusal)
