"""The vigil: the synchronous state machine over every symbol, trade, waiting order and alert.

The shell drives it with prints, proofs of quiet and commands and stores the effects. It reads no
clock and knows no balance: what it says is a function of tape, commands and their places alone.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import islice

from msgspec import DecodeError, Struct

from engine.core.alerts import PriceAlert
from engine.core.commands import Command, PlaceEntry, Refusal, RefusalCode
from engine.core.decide import deadline_ms
from engine.core.effects import Checkpoint, Effect
from engine.core.events import PriceTick, SymbolDelisted, TapeQuiet
from engine.core.instrument import Instrument, InstrumentSource, Route
from engine.core.orders import PRICE_AGE_MAX_MS, WaitingOrder
from engine.core.trade import Trade
from engine.core.vigil.acceptance import Acceptance
from engine.core.vigil.holdings import Holdings
from engine.core.vigil.phases import Phases
from engine.core.vigil.symbol_state import CUT, SymbolState
from engine.core.vigil.turns import awaited

SLICE_SIZE = 250


class Deferred(Struct, frozen=True):
    """The command waits for the tape to reach its place, or for a print that is being fired.

    What it comes to is found later among the effects (by key) or in `take_refusals`.
    """

    key: str


class QuietWatch(Struct, frozen=True):
    """An order's window ends at `until_ms`; a proof is wanted that `last_id` is the newest then."""

    symbol: str
    last_id: int
    until_ms: int


class Counts(Struct, frozen=True):
    """How much the vigil holds."""

    trades: int
    orders: int
    symbols: int
    alerts: int = 0


class Vigil:
    """Watches all trades of one engine. `instruments` is read at every use and may be refreshed."""

    def __init__(self, instruments: InstrumentSource, *, slice_size: int = SLICE_SIZE) -> None:
        self._instruments = instruments
        self._slice_size = slice_size
        self._holdings = Holdings()
        self._symbols = self._holdings.symbols
        self._phases = Phases(self._holdings, self._instrument_of)
        self._acceptance = Acceptance(self._holdings, self._phases, self._instrument_of)
        self._refusals: list[tuple[str, Refusal]] = []

    def on_print(self, tick: PriceTick) -> Sequence[Effect]:
        """Apply the next print of a symbol. Quiet ones cost one look-up and two comparisons.

        Returns at most a slice of effects; while `is_busy(symbol)` the rest comes by `resume` and
        the caller holds the symbol's next prints. A print that is not beyond the last is ignored.
        """
        state = self._symbols.get(tick.symbol)
        if state is None or tick.id <= state.last_id:
            return ()
        price = float(tick.price)
        book = state.book
        if book.floor < price < book.ceiling:
            state.last_id = tick.id
            state.price = tick.price
            state.time_ms = tick.time_ms
            if price >= state.high or price <= state.low:
                state.widen(price, tick.price)
            if state.history is not None:
                state.history.record(tick.time_ms, tick.price)
            return ()
        assert state.firing is None, "prints of a busy symbol are held"
        return self._begin(state, self._phases.play(state, tick))

    def on_quiet(self, quiet: TapeQuiet) -> Sequence[Effect]:
        """Fill what the proof makes due. A proof about another place than ours says nothing."""
        state = self._symbols.get(quiet.symbol)
        if state is None or state.firing is not None or quiet.last_id != state.last_id:
            return ()
        return self._begin(state, self._phases.overdue(state, quiet.last_id + 1, quiet.until_ms))

    def on_delisted(self, event: SymbolDelisted) -> Sequence[Effect]:
        """Close all that is open on a symbol at its last print; nothing while a print is fired."""
        state = self._symbols.get(event.symbol)
        if state is None or state.firing is not None:
            return ()
        return self._begin(state, self._phases.delist(state, event))

    def on_command(self, command: Command) -> Sequence[Effect] | Refusal | Deferred:
        """Decide a command, or keep it until the tape has reached its place."""
        is_late_entry = isinstance(command, PlaceEntry) and not command.place.is_fresh
        state = None if is_late_entry else awaited(self._holdings, command)
        if state is None:
            return self._acceptance.decide(command)
        state.deferred.append(command)
        state.settle()
        return Deferred(command.key)

    def resume(self, symbol: str) -> Sequence[Effect]:
        """Return the next slice of what a print fires; empty when nothing is left."""
        state = self._symbols[symbol]
        return () if state.firing is None else self._slice(state, state.firing)

    def is_busy(self, symbol: str) -> bool:
        """Return whether a print of the symbol is still being fired."""
        state = self._symbols.get(symbol)
        return state is not None and state.firing is not None

    @property
    def has_refusals(self) -> bool:
        """Whether `take_refusals` has something to tell."""
        return bool(self._refusals)

    def take_refusals(self) -> list[tuple[str, Refusal]]:
        """Return (key, refusal) of deferred commands that were refused since the last call."""
        taken, self._refusals = self._refusals, []
        return taken

    # Loading: checkpoints first, then trades, orders, alerts, then the tape from there on.

    def restore_symbol(self, checkpoint: Checkpoint, cuts: Iterable[int] = ()) -> None:
        """Take up a symbol where the store's checkpoint left it.

        `cuts` are the `last_id` of stored watermark segments that end behind the checkpoint's
        `segment_after_id`: the catch-up begins its segments at the same prints.
        """
        self._holdings.start(checkpoint)
        state = self._symbols[checkpoint.symbol]
        for last_id in cuts:
            state.arm_later(last_id, CUT)
        self._holdings.arm_reached(state, state.last_id)

    def start_symbol(self, symbol: str, last_id: int, price: str, time_ms: int) -> None:
        """Watch a symbol anew from its newest print on; nothing when it is watched already."""
        if symbol not in self._symbols:
            self._holdings.start(Checkpoint(symbol, last_id, price, time_ms, last_id))

    def load_trades(self, lines: Iterable[bytes]) -> list[bytes]:
        """Take in open trades as stored, a page at a time (5,000 lines stay below 100 ms).

        One whose `after_id` is beyond the checkpoint is armed when the tape gets there. Returns
        the lines that cannot be watched: unreadable, or on a symbol without a checkpoint.
        """
        load, left = self._holdings.load_line, list[bytes]()
        for line in lines:
            try:
                load(line)
            except (DecodeError, KeyError):
                left.append(line)
        return left

    def load_order(self, order: WaitingOrder) -> bool:
        """Take in a waiting order as stored; False: its symbol has no checkpoint."""
        if order.symbol not in self._symbols:
            return False
        self._holdings.wait(order)
        return True

    def load_alert(self, alert: PriceAlert) -> bool:
        """Take in an alert as stored; False: its symbol has no checkpoint."""
        if alert.symbol not in self._symbols:
            return False
        self._holdings.take_alert(alert)
        return True

    def void(self, identifier: int) -> None:
        """Forget an order, the trade it opened, or an alert: the store refused it."""
        self._holdings.unwait(identifier)
        self._holdings.drop_alert(identifier)
        self.replace_trade(identifier, None)

    def replace_trade(self, trade_id: int, line: bytes | None) -> None:
        """Put the store's line in place of what is held of a trade; None: it is not open."""
        held = self._holdings.trade(trade_id)
        if held is not None:
            self._holdings.close(held)
        if line is not None:
            self._holdings.load_line(line)

    def forget_symbol(self, symbol: str) -> None:
        """Stop watching a symbol that nothing needs; commands that wait for its tape are refused.

        Its last print must be fired to the end.
        """
        assert not self.is_busy(symbol), f"{symbol} is still being fired"
        state = self._symbols.get(symbol)
        for command in state.deferred if state is not None else ():
            self._refusals.append((command.key, Refusal(RefusalCode.TRY_AGAIN)))
        self._holdings.forget(symbol)

    def checkpoint(self, symbol: str) -> Checkpoint:
        """Return the place up to which every effect was handed out (KeyError: not watched)."""
        return self._symbols[symbol].checkpoint()

    def needs(self, symbol: str) -> bool:
        """Return whether a trade, an order, a conversion of theirs or an alert rests on it."""
        return self._holdings.needs(symbol)

    def needed_symbols(self) -> frozenset[str]:
        """Return every symbol that has to stay watched."""
        return self._holdings.needed()

    def quiet_watches(self) -> list[QuietWatch]:
        """Return the windows that wait for a print or a `TapeQuiet`, by symbol and time."""
        watches: set[tuple[str, int, int]] = set()
        for order in self._holdings.orders.values():
            state, deadline = self._symbols[order.symbol], deadline_ms(order)
            if deadline is not None and order.after_id <= state.last_id:
                watches.add((order.symbol, state.last_id, deadline))
        return [QuietWatch(*watch) for watch in sorted(watches)]

    # Rates

    def watch_rate(self, symbol: str) -> None:
        """Keep the prints of a rate symbol before anything rests on it."""
        self._holdings.watch_rate(symbol)

    def rates_of(self, symbol: str) -> Collection[str]:
        """Return the rate symbols that what is open or waits on a symbol is converted by."""
        return self._holdings.rates_of(symbol)

    def is_quiet(self, tick: PriceTick) -> bool:
        """Whether a print would change nothing but its symbol's last price."""
        state = self._symbols.get(tick.symbol)
        return state is None or state.book.floor < float(tick.price) < state.book.ceiling

    def is_rate(self, symbol: str) -> bool:
        """Return whether the symbol's prints are kept for conversions."""
        return self._holdings.is_rate(symbol)

    def keep_rates_since(self, since_ms: int | None) -> None:
        """Keep rates back to a venue time that a catch-up still needs; None: only the usual."""
        self._holdings.rates.keep_since(since_ms)

    def recall_rates(self, ticks: Sequence[PriceTick]) -> None:
        """Give rate symbols the prints before their checkpoints, each in its tape's order."""
        self._holdings.recall_rates(ticks)

    def exit_rate(self, trade: Trade, at_ms: int) -> Decimal:
        """Return the rate at which an exit at `at_ms` would be booked."""
        return self._holdings.rates.exit_rate(trade.route, at_ms, trade.rate)

    def entry_rate(self, route: Route, at_ms: int) -> Decimal | None:
        """Return the rate of an entry at `at_ms`, or None when there is none fresh enough."""
        return self._holdings.rates.rate(route, at_ms, age_ms_max=PRICE_AGE_MAX_MS)

    # Views

    def last(self, symbol: str) -> PriceTick | None:
        """Return the last applied print of a symbol."""
        state = self._symbols.get(symbol)
        return None if state is None else state.last()

    def trade(self, trade_id: int) -> Trade | None:
        """Return an open trade as a value."""
        return self._holdings.trade(trade_id)

    def trades_on(self, symbol: str) -> Iterator[list[int]]:
        """Yield piece by piece the ids of open trades that may be on a symbol."""
        return self._holdings.trades.on(symbol)

    def order(self, order_id: int) -> WaitingOrder | None:
        """Return an order that waits."""
        return self._holdings.orders.get(order_id)

    def alert(self, alert_id: int) -> PriceAlert | None:
        """Return an alert that has not fired."""
        return self._holdings.alerts.get(alert_id)

    def counts(self) -> Counts:
        """Return how much is held."""
        held = self._holdings
        return Counts(len(held.trades), len(held.orders), len(self._symbols), len(held.alerts))

    def _begin(self, state: SymbolState, effects: Iterator[Effect]) -> Sequence[Effect]:
        state.before = state.now()
        state.firing = self._with_deferred(state, effects)
        return self._slice(state, state.firing)

    def _slice(self, state: SymbolState, firing: Iterator[Effect]) -> Sequence[Effect]:
        effects = list(islice(firing, self._slice_size))
        if len(effects) < self._slice_size:
            state.firing = state.before = None
        state.settle()
        return effects

    def _with_deferred(self, state: SymbolState, effects: Iterator[Effect]) -> Iterator[Effect]:
        """Yield what happens, then what the commands lead to whose place is reached by it."""
        yield from effects
        while state.deferred:
            blocker = awaited(self._holdings, state.deferred[0], playing=state)
            if blocker is state:
                return
            command = state.deferred.popleft()
            if blocker is not None:
                blocker.deferred.append(command)
                continue
            outcome = self._acceptance.decide(command)
            if isinstance(outcome, Refusal):
                self._refusals.append((command.key, outcome))
            else:
                yield from outcome

    def _instrument_of(self, symbol: str) -> Instrument:
        """Return the instrument; one that the venue does not list any more has no grain."""
        known = self._instruments.get(symbol)
        return known or Instrument(symbol, base="", quote="", is_trading=False)
