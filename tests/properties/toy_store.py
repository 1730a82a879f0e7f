"""A store in a few dictionaries, with the guards of the real one: what it breaks, it raises."""

from decimal import Decimal

from engine.core.alerts import PriceAlert
from engine.core.commands import RefusalCode
from engine.core.effects import (
    AlertEnded,
    AlertFired,
    AlertPlaced,
    Checkpoint,
    Effect,
    ExitsSet,
    OrderEnded,
    OrderPlaced,
    Segment,
    TradeExited,
    TradeOpened,
)
from engine.core.orders import CloseOrder, WaitingOrder
from engine.core.trade import Trade
from engine.ports import Verdict

START = Decimal(8_000)


class ToyStore:
    """Accounts, trades, orders, ledger and checkpoints; effects are applied in order, once."""

    def __init__(self, accounts: tuple[int, ...]) -> None:
        self.balances = dict.fromkeys(accounts, START)
        self.ledger: list[tuple[int, int, Decimal]] = []
        self.trades: dict[int, Trade] = {}
        self.closed: set[int] = set()
        self.orders: dict[int, WaitingOrder] = {}
        self.alerts: dict[int, PriceAlert] = {}
        self.keys: set[str] = set()
        self.refused: set[int] = set()
        self.opened_after: dict[int, int] = {}
        self.checkpoints: dict[str, Checkpoint] = {}
        self.segments: list[Segment] = []
        self.applied: list[Effect] = []

    def commit(self, effect: Effect) -> Verdict:
        """Apply one effect or say why not. A conflict would be an error of the core."""
        match effect:
            case OrderPlaced():
                verdict = self._place(effect)
            case OrderEnded():
                verdict = self._end(effect)
            case TradeOpened():
                verdict = self._open(effect)
            case TradeExited():
                verdict = self._exit(effect)
            case ExitsSet():
                verdict = self._edit(effect)
            case AlertPlaced() | AlertFired() | AlertEnded():
                verdict = self._alert(effect)
            case _:
                raise AssertionError(effect)
        if verdict is Verdict.APPLIED:
            self.applied.append(effect)
        return verdict

    def _place(self, effect: OrderPlaced) -> Verdict:
        order = effect.order
        assert effect.key not in self.keys
        if isinstance(order, CloseOrder) and order.trade_id in self.refused:
            return Verdict.VOID
        assert order.id not in self.orders
        self.keys.add(effect.key)
        self.orders[order.id] = order
        return Verdict.APPLIED

    def _end(self, effect: OrderEnded) -> Verdict:
        if self.orders.pop(effect.order.id, None) is None:
            assert isinstance(effect.order, CloseOrder)
            assert effect.order.trade_id in self.refused
            return Verdict.VOID
        assert effect.code is not RefusalCode.BALANCE_TOO_LOW
        return Verdict.APPLIED

    def _open(self, effect: TradeOpened) -> Verdict:
        trade, fill = effect.trade, effect.fill
        self.orders.pop(trade.id)
        if effect.segment is not None:
            self.segments.append(effect.segment)
        if fill.fee - fill.amount > self.balances[trade.account_id]:
            self.refused.add(trade.id)
            return Verdict.REFUSED
        assert trade.id not in self.trades
        assert trade.id not in self.closed
        assert trade.revision == 1
        self.trades[trade.id] = trade
        self.opened_after[trade.id] = trade.after_id
        self._book(trade, fill.amount - fill.fee)
        return Verdict.APPLIED

    def _exit(self, effect: TradeExited) -> Verdict:
        trade, fill = effect.trade, effect.fill
        if trade.id in self.refused:
            return Verdict.VOID
        self._guard(trade)
        if effect.order_id is not None:
            self.orders.pop(effect.order_id)
        before = self.trades[trade.id]
        assert before.quantity == trade.quantity + fill.quantity
        assert before.reserved == trade.reserved + fill.released
        self.trades[trade.id] = trade
        if not trade.is_open:
            self.closed.add(trade.id)
            del self.trades[trade.id]
        self._book(trade, fill.amount - fill.fee)
        return Verdict.APPLIED

    def _edit(self, effect: ExitsSet) -> Verdict:
        trade = effect.trade
        if trade.id in self.refused:
            return Verdict.VOID
        assert effect.key not in self.keys
        self._guard(trade)
        self.keys.add(effect.key)
        self.trades[trade.id] = trade
        return Verdict.APPLIED

    def _alert(self, effect: AlertPlaced | AlertFired | AlertEnded) -> Verdict:
        if isinstance(effect, AlertPlaced):
            assert effect.key not in self.keys
            self.keys.add(effect.key)
            self.alerts[effect.alert.id] = effect.alert
        else:
            assert self.alerts.pop(effect.alert.id) == effect.alert, "once, as it was set"
        return Verdict.APPLIED

    def _guard(self, trade: Trade) -> None:
        assert trade.id not in self.closed
        assert self.trades[trade.id].revision == trade.revision - 1

    def _book(self, trade: Trade, change: Decimal) -> None:
        self.ledger.append((trade.account_id, trade.id, change))
        self.balances[trade.account_id] += change
        assert self.balances[trade.account_id] >= 0
