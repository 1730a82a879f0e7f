"""One print, this order (RULES 5): deadlines, closes, liquidations, stops, targets, entries.

Alerts come between targets and entries: they touch no money, so nothing depends on their place.

Everything is a generator of effects, so that a print that fires thousands can be taken in slices.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal

from engine.core.alerts import is_reached
from engine.core.commands import Refusal, RefusalCode
from engine.core.decide import (
    deadline_ms,
    fill_close,
    fill_waiting_entry,
    fills_at,
    liquidation_on,
    stop_on,
    target_on,
)
from engine.core.effects import (
    AlertEnded,
    AlertFired,
    Effect,
    OrderEnded,
    TradeExited,
    TradeOpened,
)
from engine.core.events import PriceTick, SymbolDelisted
from engine.core.fill import ExitOrder, FillPoint, fill_exit
from engine.core.instrument import Instrument
from engine.core.orders import PRICE_AGE_MAX_MS, CloseOrder, EntryOrder, WaitingOrder
from engine.core.trade import ExitReason, Trade
from engine.core.trigger_book import ALERT, KIND_BITS, KIND_MASK, LIQUIDATION, STOP, TARGET
from engine.core.vigil.holdings import Holdings
from engine.core.vigil.symbol_state import SymbolState

EXIT_PHASES: tuple[tuple[int, Callable[[Trade, Decimal], ExitOrder | None]], ...] = (
    (LIQUIDATION, liquidation_on),
    (STOP, stop_on),
    (TARGET, target_on),
)


class Phases:
    """Plays prints and proofs of quiet over the holdings."""

    def __init__(self, holdings: Holdings, instrument_of: Callable[[str], Instrument]) -> None:
        self._holdings = holdings
        self._instrument_of = instrument_of

    def play(self, state: SymbolState, tick: PriceTick) -> Iterator[Effect]:
        """Yield what a print does, in the order of the rules."""
        yield from self.overdue(state, tick.id, tick.time_ms - 1)
        self._holdings.arm_reached(state, tick.id - 1)
        state.apply(tick)  # phase 5 needs no later place yet: nothing before it reads the segment
        price = Decimal(tick.price)
        amid = FillPoint(tick, price, tick.time_ms, tick.id - 1)
        behind = FillPoint(tick, price, tick.time_ms, tick.id)
        due = sorted(order.id for order in state.waiting.values() if fills_at(order, tick))
        for order_id in due:
            order = self._holdings.orders.get(order_id)
            if isinstance(order, CloseOrder):
                yield self._close(order, amid)
        yield from self._hits(state, behind)
        for order_id in due:
            order = self._holdings.orders.get(order_id)
            if isinstance(order, EntryOrder):
                yield self._enter(state, order, behind)
        self._holdings.arm_reached(state, tick.id)

    def overdue(self, state: SymbolState, next_id: int, until_ms: int) -> Iterator[Effect]:
        """Yield the fills at the last print of orders whose window passed without one (RULES 3).

        The window ended at or before `until_ms`; the order's place is before print `next_id`.
        """
        overdue: list[tuple[int, int]] = []
        for order in state.waiting.values():
            deadline = deadline_ms(order)
            if deadline is not None and deadline <= until_ms and order.after_id < next_id:
                overdue.append((deadline, order.id))
        last = state.last()
        for deadline, order_id in sorted(overdue):
            point = FillPoint(last, Decimal(last.price), deadline, last.id)
            order = self._holdings.orders.get(order_id)
            if isinstance(order, CloseOrder):
                yield self._close(order, point)
            elif order is not None:
                yield self._enter(state, order, point)

    def delist(self, state: SymbolState, event: SymbolDelisted) -> Iterator[Effect]:
        """Yield the end of all that waits or is open on a symbol, at its last print (RULES 5)."""
        last = state.last()
        point = FillPoint(last, Decimal(last.price), event.at_ms, last.id)
        for order in sorted(state.waiting.values(), key=lambda order: order.id):
            if isinstance(order, CloseOrder):
                yield self._close(order, point)
            else:
                self._holdings.unwait(order.id)
                facts = {"symbol": order.symbol}
                yield _ended(order, Refusal(RefusalCode.NOT_TRADING, facts), point)
        for trade_id in event.trades:
            trade = self._holdings.trade(trade_id)
            if trade is not None and trade.symbol == event.symbol:
                yield self.exit(trade, ExitOrder(trade.quantity, ExitReason.DELISTED), point)
        alerts = [one for one in self._holdings.alerts.values() if one.symbol == event.symbol]
        for alert in sorted(alerts, key=lambda alert: alert.id):
            self._holdings.drop_alert(alert.id)
            yield AlertEnded(alert, RefusalCode.NOT_TRADING, event.at_ms)

    def exit(self, trade: Trade, order: ExitOrder, point: FillPoint) -> TradeExited:
        """Close part or all of a trade at a point of the tape, and keep what is left."""
        rate = self._holdings.rates.exit_rate(trade.route, point.booked_at_ms, trade.rate)
        rest, fill = fill_exit(trade, order, point, rate)
        self._holdings.update(trade, rest)
        return TradeExited(rest, fill)

    def _hits(self, state: SymbolState, point: FillPoint) -> Iterator[Effect]:
        hits: dict[int, list[int]] = {LIQUIDATION: [], STOP: [], TARGET: [], ALERT: []}
        for owner in state.book.take(float(point.price)):
            hits[owner & KIND_MASK].append(owner >> KIND_BITS)
        for kind, exit_on in EXIT_PHASES:
            for trade_id in sorted(hits[kind]):
                trade = self._holdings.trade(trade_id)
                if trade is None:  # an earlier phase closed it
                    continue
                order = exit_on(trade, point.price)
                if order is None:  # the float index was early by a rounding
                    self._holdings.index(trade)
                else:
                    yield self.exit(trade, order, point)
        for alert_id in sorted(hits[ALERT]):
            yield from self._reach(alert_id, point)

    def _reach(self, alert_id: int, point: FillPoint) -> Iterator[Effect]:
        alert = self._holdings.alerts[alert_id]
        if is_reached(alert, point.price):
            self._holdings.drop_alert(alert_id)
            yield AlertFired(alert, point.print.id, point.price, point.print.time_ms)
        else:  # the float index was early by a rounding
            self._holdings.watch_alert(alert)

    def _close(self, order: CloseOrder, point: FillPoint) -> Effect:
        self._holdings.unwait(order.id)
        trade = self._holdings.trade(order.trade_id)
        if trade is None or trade.user_id != order.user_id:
            facts = {"trade_id": str(order.trade_id)}
            return _ended(order, Refusal(RefusalCode.TRADE_NOT_OPEN, facts), point)
        rate = self._holdings.rates.exit_rate(trade.route, point.booked_at_ms, trade.rate)
        filled = fill_close(trade, order, self._instrument_of(trade.symbol), point, rate)
        if isinstance(filled, Refusal):
            return _ended(order, filled, point)
        rest, fill = filled
        self._holdings.update(trade, rest)
        return TradeExited(rest, fill, order.id)

    def _enter(self, state: SymbolState, order: EntryOrder, point: FillPoint) -> Effect:
        self._holdings.unwait(order.id)
        rate = self._holdings.rates.rate(
            order.route, point.booked_at_ms, age_ms_max=PRICE_AGE_MAX_MS
        )
        filled = fill_waiting_entry(order, self._instrument_of(order.symbol), point, rate)
        if isinstance(filled, Refusal):
            return _ended(order, filled, point)
        trade, fill = filled
        self._holdings.open(trade)
        return TradeOpened(trade, fill, state.cut_segment())


def _ended(order: WaitingOrder, refusal: Refusal, point: FillPoint) -> OrderEnded:
    return OrderEnded(order, refusal.code, refusal.facts, point.booked_at_ms)
