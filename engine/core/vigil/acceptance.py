"""What a command comes to when its turn has come: effects, or an expected no.

When its turn comes is the vigil's affair; balances are the store's.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal

from msgspec.structs import replace

from engine.core.alerts import Crossing, PriceAlert, crossing_of
from engine.core.commands import (
    CancelOrder,
    Command,
    PlaceAlert,
    PlaceClose,
    PlaceEntry,
    Refusal,
    RefusalCode,
    RemoveAlert,
    ResetAccount,
    SetExits,
)
from engine.core.decide import accept_entry, close_quantity, set_exits, share_too_small
from engine.core.effects import (
    AccountReset,
    AlertEnded,
    AlertPlaced,
    Effect,
    ExitsSet,
    OrderEnded,
    OrderPlaced,
    TradeExited,
)
from engine.core.fill import ExitOrder, FillPoint
from engine.core.instrument import Instrument
from engine.core.numbers import ZERO, text_of
from engine.core.orders import PRICE_AGE_MAX_MS
from engine.core.trade import ExitReason
from engine.core.vigil.holdings import Holdings
from engine.core.vigil.phases import Phases


class Acceptance:
    """Decides commands over the holdings."""

    def __init__(
        self, holdings: Holdings, phases: Phases, instrument_of: Callable[[str], Instrument]
    ) -> None:
        self._holdings = holdings
        self._phases = phases
        self._instrument_of = instrument_of

    def decide(self, command: Command) -> Sequence[Effect] | Refusal:
        """Return what the command leads to now."""
        match command:
            case PlaceEntry():
                return self._place_entry(command)
            case PlaceClose():
                return self._place_close(command)
            case SetExits():
                return self._set_exits(command)
            case CancelOrder():
                return self._cancel(command)
            case PlaceAlert():
                return self._place_alert(command)
            case RemoveAlert():
                return self._remove_alert(command)
            case _:
                return self._reset(command)

    def _place_entry(self, command: PlaceEntry) -> Sequence[Effect] | Refusal:
        order, place = command.order, command.place
        state = self._holdings.symbols.get(order.symbol)
        if state is None:
            return Refusal(RefusalCode.STALE_PRICE, {"price": place.last_price, "age_ms": "0"})
        for leg in order.route:
            if not self._instrument_of(leg.symbol).is_trading:
                return Refusal(RefusalCode.NO_ROUTE, {"rate_symbol": leg.symbol})
        rate = self._holdings.rates.rate(order.route, place.now_ms, age_ms_max=PRICE_AGE_MAX_MS)
        refusal = accept_entry(order, self._instrument_of(order.symbol), place, rate)
        if refusal is not None:
            return refusal
        order = replace(order, after_id=max(order.after_id, state.last_id))
        self._holdings.wait(order)
        return (OrderPlaced(order, command.key),)

    def _place_close(self, command: PlaceClose) -> Sequence[Effect] | Refusal:
        order, place = command.order, command.place
        trade = self._holdings.trade(order.trade_id)
        if trade is None or trade.user_id != order.user_id:
            return _trade_not_open(order.trade_id)
        instrument = self._instrument_of(trade.symbol)
        if close_quantity(trade, order.share, instrument) == ZERO:
            return share_too_small(trade, order.share, instrument)
        state = self._holdings.symbols[trade.symbol]
        order = replace(
            order,
            symbol=trade.symbol,
            after_id=max(order.after_id, trade.after_id, state.last_id),
            is_patient=not (place.is_fresh and instrument.is_trading),
        )
        self._holdings.wait(order)
        return (OrderPlaced(order, command.key),)

    def _set_exits(self, command: SetExits) -> Sequence[Effect] | Refusal:
        trade = self._holdings.trade(command.trade_id)
        if trade is None or trade.user_id != command.user_id:
            return _trade_not_open(command.trade_id)
        state = self._holdings.symbols[trade.symbol]
        instrument = self._instrument_of(trade.symbol)
        edited = set_exits(trade, command, instrument, Decimal(state.price), state.last_id)
        if isinstance(edited, Refusal):
            return edited
        self._holdings.update(trade, edited)
        return (ExitsSet(edited, command.key),)

    def _cancel(self, command: CancelOrder) -> Sequence[Effect] | Refusal:
        order = self._holdings.orders.get(command.order_id)
        if order is None or order.user_id != command.user_id:
            facts = {"order_id": str(command.order_id)}
            return Refusal(RefusalCode.ORDER_NOT_WAITING, facts)
        self._holdings.unwait(order.id)
        at_ms = self._holdings.symbols[order.symbol].time_ms
        return (OrderEnded(order, RefusalCode.CANCELED, {}, at_ms, command.key),)

    def _place_alert(self, command: PlaceAlert) -> Sequence[Effect] | Refusal:
        place = command.place
        state = self._holdings.symbols.get(place.symbol)
        if state is None or not state.price:
            return Refusal(RefusalCode.STALE_PRICE, {"price": place.last_price, "age_ms": "0"})
        last = Decimal(state.price)
        crossing = crossing_of(command.price, last)
        if crossing is None or command.crossing not in (None, crossing):
            return Refusal(RefusalCode.ALERT_REACHED, {"price": text_of(last)})
        instrument = self._instrument_of(place.symbol)
        is_up = crossing is Crossing.UP
        on_tick = (instrument.tick_up if is_up else instrument.tick_down)(command.price)
        alert = PriceAlert(
            id=command.alert_id,
            user_id=command.user_id,
            symbol=place.symbol,
            price=on_tick or command.price,
            crossing=crossing,
            after_id=max(place.after_id, state.last_id),
            placed_at_ms=place.now_ms,
        )
        self._holdings.take_alert(alert)
        return (AlertPlaced(alert, command.key),)

    def _remove_alert(self, command: RemoveAlert) -> Sequence[Effect] | Refusal:
        alert = self._holdings.alerts.get(command.alert_id)
        if alert is None or alert.user_id != command.user_id:
            return Refusal(RefusalCode.ALERT_NOT_ARMED)
        self._holdings.drop_alert(alert.id)
        at_ms = self._holdings.symbols[alert.symbol].time_ms
        return (AlertEnded(alert, RefusalCode.CANCELED, at_ms, command.key),)

    def _reset(self, command: ResetAccount) -> Sequence[Effect]:
        canceled = sorted(
            order.id
            for order in self._holdings.orders.values()
            if order.account_id == command.account_id
        )
        for order_id in canceled:
            self._holdings.unwait(order_id)
        exits: list[TradeExited] = []
        for trade_id in sorted(command.trades):
            trade = self._holdings.trade(trade_id)
            if trade is None or trade.account_id != command.account_id:
                continue
            last = self._holdings.symbols[trade.symbol].last()
            point = FillPoint(last, Decimal(last.price), command.now_ms, last.id)
            order = ExitOrder(trade.quantity, ExitReason.ACCOUNT_RESET)
            exits.append(self._phases.exit(trade, order, point))
        effect = AccountReset(
            key=command.key,
            user_id=command.user_id,
            account_id=command.account_id,
            currency=command.currency,
            starting_balance=command.starting_balance,
            at_ms=command.now_ms,
            exits=tuple(exits),
            orders=tuple(canceled),
        )
        return (effect,)


def _trade_not_open(trade_id: int) -> Refusal:
    return Refusal(RefusalCode.TRADE_NOT_OPEN, {"trade_id": str(trade_id)})
