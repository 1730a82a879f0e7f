"""What the vigil holds: trades, waiting orders, alerts, symbols, rates, who needs which symbol.

It keeps index and counts true to the trades; it decides nothing.
"""

from collections import Counter
from collections.abc import Collection, Sequence

from engine.core.alerts import Crossing, PriceAlert
from engine.core.effects import Checkpoint
from engine.core.events import PriceTick
from engine.core.instrument import Route
from engine.core.orders import CloseOrder, WaitingOrder
from engine.core.rates import RateBook
from engine.core.trade import Trade
from engine.core.trade_table import Glance, TradeTable, glance, read, thresholds, write
from engine.core.trigger_book import ALERT, pack
from engine.core.vigil.symbol_state import CUT, SymbolState


class Holdings:
    """All that is open or waits, by symbol and by id."""

    def __init__(self) -> None:
        self.symbols: dict[str, SymbolState] = {}
        self.trades = TradeTable()
        self.orders: dict[int, WaitingOrder] = {}
        self.alerts: dict[int, PriceAlert] = {}
        self.rates = RateBook()
        self._uses: dict[str, int] = {}
        self._rates_of: dict[str, Counter[str]] = {}
        self._rate_symbols: set[str] = set()

    def start(self, checkpoint: Checkpoint) -> None:
        """Begin to watch a symbol at a place on its tape."""
        symbol = checkpoint.symbol
        assert symbol not in self.symbols, f"{symbol} is watched already"
        self.symbols[symbol] = SymbolState(checkpoint)
        if symbol in self._rate_symbols:
            self.watch_rate(symbol)

    def forget(self, symbol: str) -> None:
        """Stop watching a symbol that nobody needs."""
        assert not self.needs(symbol), f"{symbol} is still needed"
        self.symbols.pop(symbol, None)
        self.rates.forget(symbol)
        self._rate_symbols.discard(symbol)

    def needs(self, symbol: str) -> bool:
        """Return whether a trade, an order, a route of theirs or an alert rests on a symbol."""
        return symbol in self._uses

    def needed(self) -> frozenset[str]:
        """Return every symbol that something open or waiting rests on."""
        return frozenset(self._uses)

    def rates_of(self, symbol: str) -> Collection[str]:
        """Return the rate symbols that what is open or waits on a symbol is converted by."""
        return self._rates_of.get(symbol, ())

    def is_rate(self, symbol: str) -> bool:
        """Return whether a symbol's prints are kept for conversions."""
        return symbol in self._rate_symbols

    def watch_rate(self, symbol: str) -> None:
        """Keep the prints of a symbol that rates are made of, from its last one on."""
        self._rate_symbols.add(symbol)
        state = self.symbols.get(symbol)
        if state is not None and state.history is None:
            state.history = self.rates.watch(symbol)
            if state.price:
                state.history.record(state.time_ms, state.price)

    def recall_rates(self, ticks: Sequence[PriceTick]) -> None:
        """Give one rate symbol the prints before the first that it knows, in the tape's order."""
        for symbol in {tick.symbol for tick in ticks}:
            older = [(tick.time_ms, tick.price) for tick in ticks if tick.symbol == symbol]
            self.rates.watch(symbol).recall(older)

    def trade(self, trade_id: int) -> Trade | None:
        """Return an open trade as a value."""
        line = self.trades.get(trade_id)
        return None if line is None else read(line)

    def load_line(self, line: bytes) -> None:
        """Take in an open trade as the store keeps it; it is armed when the tape is past it."""
        trade = glance(line)
        state = self.symbols[trade.symbol]
        self.trades.put(trade.id, line)
        self._use(trade.symbol, trade.route)
        if trade.after_id > state.last_id:
            state.arm_later(trade.after_id, trade.id)
        else:
            self.arm(state, trade)

    def open(self, trade: Trade) -> None:
        """Take in a trade that was just opened: the next print may touch it."""
        self.trades.put(trade.id, write(trade))
        self._use(trade.symbol, trade.route)
        self.index(trade)

    def update(self, before: Trade, after: Trade) -> None:
        """Put a trade's new state in place of the one before; a closed one goes."""
        if not after.is_open:
            self.close(before)
            return
        self.trades.put(after.id, write(after))
        if (before.stop_price, before.targets) != (after.stop_price, after.targets):
            self._unindex(before)
            self.index(after)

    def close(self, trade: Trade) -> None:
        """Take a trade out, with its thresholds."""
        self.trades.remove(trade.id)
        self._unuse(trade.symbol, trade.route)
        self._unindex(trade)

    def index(self, trade: Trade | Glance) -> None:
        """Put a trade's thresholds into its symbol's book, each once."""
        book = self.symbols[trade.symbol].book
        for key, owner in thresholds(trade):
            book.remove(key, owner)
            book.add(key, owner)

    def arm(self, state: SymbolState, trade: Trade | Glance) -> None:
        """Index a trade that the tape has reached; one just opened begins a segment, as live."""
        for key, owner in thresholds(trade):
            state.book.add(key, owner)
        if trade.revision == 1 and state.segment_after_id < trade.after_id == state.last_id:
            state.cut_segment()

    def arm_reached(self, state: SymbolState, last_id: int) -> None:
        """Arm the trades of a symbol whose own place is at most `last_id`."""
        while state.arming and state.arming[0][0] <= last_id:
            after_id, trade_id = state.pop_arming()
            trade, alert = self.trade(trade_id), self.alerts.get(trade_id)
            if trade_id == CUT and state.segment_after_id < after_id:
                state.cut_segment()
            if trade is not None and trade.after_id <= last_id:
                self._unindex(trade)
                self.arm(state, trade)
            if alert is not None:
                self.watch_alert(alert)

    def wait(self, order: WaitingOrder) -> None:
        """Take in an order that waits for its print."""
        state = self.symbols[order.symbol]
        self.orders[order.id] = state.waiting[order.id] = order
        self._use(order.symbol, route_of(order))
        state.settle()

    def unwait(self, order_id: int) -> WaitingOrder | None:
        """Take an order out; return it, or None when it does not wait."""
        order = self.orders.pop(order_id, None)
        if order is None:
            return None
        state = self.symbols[order.symbol]
        del state.waiting[order_id]
        self._unuse(order.symbol, route_of(order))
        state.settle()
        return order

    def take_alert(self, alert: PriceAlert) -> None:
        """Take in an alert; it is armed when the tape is past its place."""
        state = self.symbols[alert.symbol]
        self.alerts[alert.id] = alert
        self._use(alert.symbol, ())
        if alert.after_id > state.last_id:
            state.arm_later(alert.after_id, alert.id)
        else:
            self.watch_alert(alert)

    def watch_alert(self, alert: PriceAlert) -> None:
        """Put an alert's threshold into its symbol's book, once."""
        book, threshold = self.symbols[alert.symbol].book, alert_threshold(alert)
        book.remove(*threshold)
        book.add(*threshold)

    def drop_alert(self, alert_id: int) -> PriceAlert | None:
        """Take an alert out; return it, or None when it is not here."""
        alert = self.alerts.pop(alert_id, None)
        if alert is not None:
            self._unuse(alert.symbol, ())
            self.symbols[alert.symbol].book.remove(*alert_threshold(alert))
        return alert

    def _use(self, symbol: str, route: Route) -> None:
        self._uses[symbol] = self._uses.get(symbol, 0) + 1
        for leg in route:
            self._uses[leg.symbol] = self._uses.get(leg.symbol, 0) + 1
            self._rates_of.setdefault(symbol, Counter())[leg.symbol] += 1
            if leg.symbol not in self._rate_symbols:
                self.watch_rate(leg.symbol)

    def _unuse(self, symbol: str, route: Route) -> None:
        for name in (symbol, *(leg.symbol for leg in route)):
            self._uses[name] -= 1
            if not self._uses[name]:
                del self._uses[name]
        for leg in route:
            rates = self._rates_of[symbol]
            rates[leg.symbol] -= 1
            if not rates[leg.symbol]:
                del rates[leg.symbol]
            if not rates:
                del self._rates_of[symbol]

    def _unindex(self, trade: Trade) -> None:
        book = self.symbols[trade.symbol].book
        for key, owner in thresholds(trade):
            book.remove(key, owner)


def alert_threshold(alert: PriceAlert) -> tuple[float, int]:
    """Return an alert's (key, owner) for the trigger book."""
    price = float(alert.price)
    return (-price if alert.crossing is Crossing.UP else price), pack(alert.id, ALERT)


def route_of(order: WaitingOrder) -> Route:
    """Return the conversion that an order rests on; a close has its trade's."""
    return () if isinstance(order, CloseOrder) else order.route
