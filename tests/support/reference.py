"""The rules once more, naively: every trade on every print, plain lists, fractions for money.

It shares no code with the engine beyond the names of what is asked, so that both must err alike
to hide an error. Slow by design.
"""

from fractions import Fraction
from math import ceil, floor
from typing import Any

from msgspec import UNSET

from engine.core.commands import (
    CancelOrder,
    PlaceAlert,
    PlaceClose,
    PlaceEntry,
    RemoveAlert,
    ResetAccount,
    SetExits,
)
from engine.core.orders import CloseOrder, EntryOrder

CENT = 10**8
WINDOW_MS, AGE_MS, LAG_MS = 3_000, 60_000, 1_000


def up(exact, grain=Fraction(1, CENT)):
    return ceil(exact / grain) * grain if grain else exact


def down(exact, grain=Fraction(1, CENT)):
    return floor(exact / grain) * grain if grain else exact


def significant(exact, digits=18):
    """Round half even to significant digits."""
    exponent = 0
    while exact >= 10**digits:
        exact, exponent = exact / 10, exponent + 1
    while exact < 10 ** (digits - 1):
        exact, exponent = exact * 10, exponent - 1
    return round(exact) * Fraction(10) ** exponent


class Naive:
    """One engine without an index. `outcomes` tells what happened, in order."""

    def __init__(self, instruments, refused=()):
        self.instruments = instruments
        self.refused = frozenset(refused)
        self.prints: dict[str, list[tuple[int, Fraction, int]]] = {s: [] for s in instruments}
        self.trades: dict[int, dict[str, Any]] = {}
        self.orders: dict[int, EntryOrder | CloseOrder] = {}
        self.alerts: dict[int, dict[str, Any]] = {}
        self.outcomes: list[tuple] = []

    def start(self, symbol, last_id, price, time_ms):
        self.prints[symbol].append((last_id, Fraction(price), time_ms))

    def on_print(self, tick):
        price = Fraction(tick.price)
        self._overdue(tick.symbol, lambda deadline: deadline < tick.time_ms, tick.id)
        self.prints[tick.symbol].append((tick.id, price, tick.time_ms))
        here = (tick.id, price, tick.time_ms, tick.time_ms)
        due = [o for _, o in sorted(self.orders.items()) if self._is_due(o, tick)]
        for order in due:
            if isinstance(order, CloseOrder):
                self._close(order, here)
        for rule in (self._liquidation, self._stop, self._target):
            for trade_id in sorted(self.trades):
                trade = self.trades[trade_id]
                if trade["symbol"] == tick.symbol and rule(trade, price):
                    self._exit(trade, trade["quantity"], rule(trade, price), here)
        self._alert(tick, price)
        for order in due:
            if isinstance(order, EntryOrder):
                self._enter(order, here)

    def _alert(self, tick, price):
        for alert_id, alert in sorted(self.alerts.items()):
            beyond = price >= alert["price"] if alert["up"] else price <= alert["price"]
            if alert["symbol"] == tick.symbol and alert["after"] < tick.id and beyond:
                del self.alerts[alert_id]
                self.outcomes.append(("alerted", alert_id, tick.id, price))

    def on_quiet(self, quiet):
        last = self.prints[quiet.symbol][-1]
        if last[0] == quiet.last_id:
            self._overdue(quiet.symbol, lambda deadline: deadline <= quiet.until_ms, last[0] + 1)

    def on_command(self, command):
        match command:
            case PlaceEntry():
                self._ask_entry(command)
            case PlaceClose():
                self._ask_close(command)
            case SetExits():
                self._ask_exits(command)
            case CancelOrder():
                self._ask_cancel(command)
            case PlaceAlert():
                self._ask_alert(command)
            case RemoveAlert():
                self._ask_no_alert(command)
            case ResetAccount():
                self._reset(command)

    # accepted things, put in without asking (a history of what a store has committed)

    def put_order(self, order):
        self.orders[order.id] = order

    def put_exits(self, trade_id, stop, target):
        if trade_id in self.trades:
            self.trades[trade_id].update(stop=stop, target=target)

    def settle(self, order_id):
        """Fill or end one order at the last print: its window is proven to be quiet."""
        order = self.orders.get(order_id)
        if order is not None:
            self._at_deadline(order)

    def put_alert(self, alert_id, user_id, symbol, level, after_id):
        last = self.prints[symbol][-1][1]
        tick = Fraction(self.instruments[symbol].tick_size)
        is_up = level > last
        self.alerts[alert_id] = {
            "user": user_id,
            "symbol": symbol,
            "price": up(level, tick) if is_up else (down(level, tick) or level),
            "up": is_up,
            "after": after_id,
        }

    def drop_alert(self, alert_id):
        self.alerts.pop(alert_id, None)

    def drop_order(self, order_id):
        self.orders.pop(order_id, None)

    def _is_due(self, order, tick):
        since_ms = order.received_at_ms if getattr(order, "is_patient", False) else 0
        return order.symbol == tick.symbol and order.after_id < tick.id and tick.time_ms >= since_ms

    def _overdue(self, symbol, is_over, next_id):
        waiting = [
            (order.received_at_ms + WINDOW_MS, order.id)
            for order in self.orders.values()
            if order.symbol == symbol and order.after_id < next_id
            if not getattr(order, "is_patient", False)
        ]
        for deadline, order_id in sorted(waiting):
            if is_over(deadline):
                self._at_deadline(self.orders[order_id])

    def _at_deadline(self, order):
        where = (*self.prints[order.symbol][-1], order.received_at_ms + WINDOW_MS)
        (self._close if isinstance(order, CloseOrder) else self._enter)(order, where)

    @staticmethod
    def _liquidation(trade, price):
        level = trade["liquidation"]
        return ("liquidation", level) if level is not None and price >= level else None

    @staticmethod
    def _stop(trade, price):
        level = trade["stop"]
        is_hit = level is not None and (price <= level if trade["long"] else price >= level)
        return ("stop_loss", level) if is_hit else None

    @staticmethod
    def _target(trade, price):
        level = trade["target"]
        is_hit = level is not None and (price >= level if trade["long"] else price <= level)
        return ("take_profit", level) if is_hit else None

    def _enter(self, order, where):
        print_id, price, time_ms, booked = where
        del self.orders[order.id]
        rate = self._rate(order.route, booked, AGE_MS)
        stop, target, code = self._levels(order, price)
        quantity = Fraction(0)
        if rate is None:
            code = "stale_rate"
        elif code is None:
            quantity, code = self._quantity(order, price, rate)
        if booked - time_ms > AGE_MS:
            code = "stale_price"
        if rate is None or code is not None:
            self.outcomes.append(("ended", order.id, code))
            return
        if order.id in self.refused:
            return
        is_long = order.direction == "long"
        fee_rate = Fraction(order.fee_rate)
        cost, fee = up(price * quantity * rate), up(price * quantity * rate * fee_rate)
        tick = Fraction(self.instruments[order.symbol].tick_size)
        self.trades[order.id] = {
            "id": order.id,
            "user": order.user_id,
            "account": order.account_id,
            "symbol": order.symbol,
            "long": is_long,
            "quantity": quantity,
            "entry": price,
            "reserved": cost,
            "entry_fee": fee,
            "fee_rate": fee_rate,
            "rate": rate,
            "route": order.route,
            "stop": stop,
            "target": target,
            "liquidation": None if is_long else down(price * 2 / (1 + fee_rate), tick),
        }
        self.outcomes.append(("opened", order.id, print_id, price, booked, quantity, -cost, fee))

    def _quantity(self, order, price, rate):
        listed = self.instruments[order.symbol]
        amount, unit = Fraction(order.size.amount), order.size.unit.value
        exact = amount / {"account": price * rate, "quote": price, "base": 1}[unit]
        quantity = down(exact, Fraction(listed.step_size))
        if quantity * price < Fraction(listed.notional_min):
            return quantity, "below_notional_min"
        if quantity <= 0 or quantity < Fraction(listed.quantity_min):
            return quantity, "below_quantity_min"
        return quantity, None

    def _levels(self, order, price):
        is_long = order.direction == "long"
        tick = Fraction(self.instruments[order.symbol].tick_size)
        stop = self._level(order.stop, price, -1 if is_long else 1, tick, is_long)
        target = self._level(order.target, price, 1 if is_long else -1, tick, is_long)
        return stop, target, self._wrong(is_long, price, stop, target)

    @staticmethod
    def _level(level, entry, sign, tick, is_long):
        if level is None:
            return None
        if level.price is not None:
            exact = Fraction(level.price)
        else:
            exact = max(Fraction(0), entry * (1 + sign * Fraction(level.ratio)))
        return up(exact, tick) if is_long else down(exact, tick)

    @staticmethod
    def _wrong(is_long, price, stop, target):
        if stop is not None and not (0 < stop < price if is_long else stop > price):
            return "stop_wrong_side"
        if target is not None and not (target > price if is_long else 0 < target < price):
            return "target_wrong_side"
        return None

    def _close(self, order, where):
        del self.orders[order.id]
        trade = self.trades.get(order.trade_id)
        if trade is None:
            self.outcomes.append(("ended", order.id, "trade_not_open"))
            return
        quantity = self._part(trade, order.share)
        if quantity == 0:
            self.outcomes.append(("ended", order.id, "share_too_small"))
            return
        self._exit(trade, quantity, (order.reason.value, None), where)

    def _part(self, trade, share):
        if share == 1:
            return trade["quantity"]
        step = Fraction(self.instruments[trade["symbol"]].step_size)
        return down(trade["quantity"] * Fraction(share), step)

    def _exit(self, trade, quantity, rule, where):
        print_id, price, _, booked = where
        part = quantity / trade["quantity"]
        is_last = part == 1
        rate = self._exit_rate(trade, booked)
        released = trade["reserved"] if is_last else down(trade["reserved"] * part)
        entry_fee = trade["entry_fee"] if is_last else down(trade["entry_fee"] * part)
        fee = up(price * quantity * rate * trade["fee_rate"])
        if trade["long"]:
            payback = down(price * quantity * rate)
        else:
            payback = released + down((trade["entry"] - price) * quantity * rate)
        amount = max(payback, fee)
        pnl = amount - fee - released - entry_fee
        trade["quantity"] -= quantity
        trade["reserved"] -= released
        trade["entry_fee"] -= entry_fee
        if is_last:
            del self.trades[trade["id"]]
        reason, level = rule
        self.outcomes.append(
            (
                *("exited", trade["id"], reason, level, print_id, price, booked),
                *(quantity, amount, fee, pnl, amount - payback),
            )
        )

    def _rate(self, route, at_ms, age_ms=None):
        rate = Fraction(1)
        for leg in route:
            found, clock = None, 0
            for _, price, time_ms in self.prints[leg.symbol]:
                clock = max(clock, time_ms)
                if clock <= at_ms - LAG_MS:
                    found = (clock, price)
            if found is None or (age_ms is not None and at_ms - found[0] > age_ms):
                return None
            rate = rate / found[1] if leg.is_inverse else rate * found[1]
        return significant(rate) if route else rate

    def _exit_rate(self, trade, at_ms):
        rate = self._rate(trade["route"], at_ms)
        if rate is not None:
            return rate
        oldest = max(self.prints[leg.symbol][0][2] for leg in trade["route"])
        return self._rate(trade["route"], oldest + LAG_MS)

    def _refuse(self, command, code):
        self.outcomes.append(("refused", command.key, code))

    def _ask_entry(self, command):
        order, place = command.order, command.place
        price = Fraction(place.last_price)
        rate = self._rate(order.route, place.now_ms, AGE_MS)
        if not place.is_fresh:
            self._refuse(command, "stale_price")
        elif rate is None:
            self._refuse(command, "stale_rate")
        else:
            code = self._levels(order, price)[2] or self._quantity(order, price, rate)[1]
            if code is not None:
                self._refuse(command, code)
            else:
                self.orders[order.id] = order
                self.outcomes.append(("placed", order.id))

    def _ask_close(self, command):
        order = command.order
        trade = self.trades.get(order.trade_id)
        if trade is None or trade["user"] != order.user_id:
            self._refuse(command, "trade_not_open")
        elif self._part(trade, order.share) == 0:
            self._refuse(command, "share_too_small")
        else:
            self.orders[order.id] = order
            self.outcomes.append(("placed", order.id))

    def _ask_alert(self, command):
        symbol, level = command.place.symbol, Fraction(command.price)
        if level == self.prints[symbol][-1][1]:
            self._refuse(command, "alert_reached")
            return
        after_id = self.prints[symbol][-1][0]
        self.put_alert(command.alert_id, command.user_id, symbol, level, after_id)
        alert = self.alerts[command.alert_id]
        self.outcomes.append(("alert", command.alert_id, alert["price"], alert["up"]))

    def _ask_no_alert(self, command):
        alert = self.alerts.get(command.alert_id)
        if alert is None or alert["user"] != command.user_id:
            self._refuse(command, "alert_not_armed")
        else:
            self.drop_alert(command.alert_id)
            self.outcomes.append(("unalerted", command.alert_id))

    def _ask_cancel(self, command):
        order = self.orders.get(command.order_id)
        if order is None or order.user_id != command.user_id:
            self._refuse(command, "order_not_waiting")
        else:
            del self.orders[order.id]
            self.outcomes.append(("ended", order.id, "canceled"))

    def _ask_exits(self, command):
        trade = self.trades.get(command.trade_id)
        if trade is None or trade["user"] != command.user_id:
            self._refuse(command, "trade_not_open")
            return
        price = self.prints[trade["symbol"]][-1][1]
        tick = Fraction(self.instruments[trade["symbol"]].tick_size)
        is_long, entry = trade["long"], trade["entry"]
        stop, target = trade["stop"], trade["target"]
        asked_stop = asked_target = None
        if command.stop is not UNSET:
            stop = self._level(command.stop, entry, -1 if is_long else 1, tick, is_long)
            asked_stop = stop
        if command.target is not UNSET:
            target = self._level(command.target, entry, 1 if is_long else -1, tick, is_long)
            asked_target = target
        code = self._wrong(is_long, price, asked_stop, asked_target)
        if code is not None:
            self._refuse(command, code)
            return
        trade.update(stop=stop, target=target)
        self.outcomes.append(("set", trade["id"], stop, target))

    def _reset(self, command):
        for order in [o for o in self.orders.values() if o.account_id == command.account_id]:
            del self.orders[order.id]
        self.outcomes.append(("reset", command.account_id))
        for trade_id in sorted(command.trades):
            trade = self.trades.get(trade_id)
            if trade is not None and trade["account"] == command.account_id:
                where = (*self.prints[trade["symbol"]][-1], command.now_ms)
                self._exit(trade, trade["quantity"], ("account_reset", None), where)
