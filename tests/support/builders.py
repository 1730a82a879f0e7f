"""Short ways to say what a test is about: instruments, prints, orders, commands, and a small desk.

It computes nothing that a test would want to check.
"""

from decimal import Decimal
from typing import Any

from msgspec import UNSET

from engine.core.commands import (
    CancelOrder,
    Command,
    PlaceClose,
    PlaceEntry,
    Refusal,
    ResetAccount,
    SetExits,
)
from engine.core.events import Place, PriceTick, TapeQuiet
from engine.core.fill import FillPoint
from engine.core.instrument import Direction, Instrument, Leg
from engine.core.orders import CloseOrder, EntryOrder, Level, Size, SizeUnit
from engine.core.trade import Target, Trade
from engine.core.vigil import Deferred, Vigil

LONG, SHORT = Direction.LONG, Direction.SHORT
FEE = Decimal("0.001")
START_MS = 1_700_000_000_000


def instrument(symbol="BTCUSDT", *, tick="0.01", step="0.00001", **fields):
    quote = next((q for q in ("USDT", "BRL", "BTC") if symbol.endswith(q)), "USDT")
    return Instrument(
        symbol=symbol,
        base=symbol.removesuffix(quote),
        quote=quote,
        is_trading=fields.pop("is_trading", True),
        tick_size=Decimal(tick),
        step_size=Decimal(step),
        quantity_min=Decimal(fields.pop("quantity_min", "0")),
        notional_min=Decimal(fields.pop("notional_min", "5")),
    )


def level(text) -> Any:
    """Return "95" as a price, "2%" as a ratio, None as None."""
    if text is None or text is UNSET:
        return text
    if text.endswith("%"):
        return Level(ratio=Decimal(text[:-1]) / 100)
    return Level(price=Decimal(text))


def size(text):
    """Return "500" in account currency, "500quote" or "2base"."""
    for unit in (SizeUnit.QUOTE, SizeUnit.BASE):
        if text.endswith(unit.value):
            return Size(Decimal(text.removesuffix(unit.value)), unit)
    return Size(Decimal(text))


def entry(order_id=1, direction=LONG, amount="1000", **fields):
    return EntryOrder(
        id=order_id,
        user_id=fields.pop("user_id", 7),
        account_id=fields.pop("account_id", 70),
        symbol=fields.pop("symbol", "BTCUSDT"),
        after_id=fields.pop("after_id", 100),
        received_at_ms=fields.pop("received_at_ms", START_MS),
        direction=direction,
        size=size(amount),
        fee_rate=Decimal(fields.pop("fee", FEE)),
        route=tuple(fields.pop("route", ())),
        stop=level(fields.pop("stop", None)),
        target=level(fields.pop("target", None)),
    )


def close(order_id=2, trade_id=1, share="1", **fields):
    return CloseOrder(
        id=order_id,
        user_id=fields.pop("user_id", 7),
        account_id=fields.pop("account_id", 70),
        symbol=fields.pop("symbol", "BTCUSDT"),
        after_id=fields.pop("after_id", 100),
        received_at_ms=fields.pop("received_at_ms", START_MS),
        trade_id=trade_id,
        share=Decimal(share),
        **fields,
    )


def trade(trade_id=1, direction=LONG, **fields):
    target = fields.pop("target", None)
    numbers = {
        "quantity": "10",
        "entry_price": "100",
        "reserved": "1000",
        "entry_fee": "1",
        "fee_rate": FEE,
        "rate": "1",
    }
    exact = {name: Decimal(fields.pop(name, default)) for name, default in numbers.items()}
    for name in ("stop_price", "liquidation_price"):
        if fields.get(name) is not None:
            fields[name] = Decimal(fields[name])
    return Trade(
        id=trade_id,
        user_id=fields.pop("user_id", 7),
        account_id=fields.pop("account_id", 70),
        symbol=fields.pop("symbol", "BTCUSDT"),
        direction=direction,
        revision=fields.pop("revision", 1),
        after_id=fields.pop("after_id", 100),
        opened_at_ms=START_MS,
        route=tuple(fields.pop("route", ())),
        targets=(Target(1, Decimal(target), Decimal(1)),) if target else (),
        **exact,
        **fields,
    )


def point(price="100", *, print_id=101, time_ms=START_MS, booked_at_ms=None, symbol="BTCUSDT"):
    tick = PriceTick(symbol, print_id, price, time_ms)
    return FillPoint(tick, Decimal(price), booked_at_ms or time_ms, print_id)


def leg(symbol, *, inverse=False):
    return Leg(symbol, is_inverse=inverse)


class Tape:
    """A vigil with a venue: prints get their ids and times, commands their places."""

    def __init__(self, *instruments, slice_size=500, price="100", vigil=None):
        listed = instruments or (instrument(),)
        self.instruments = {each.symbol: each for each in listed}
        self.vigil: Any = vigil or Vigil(self.instruments, slice_size=slice_size)
        self.now_ms = START_MS
        self.is_fresh = True
        self.ids = dict.fromkeys(self.instruments, 100)
        self.prices = dict.fromkeys(self.instruments, price)
        self._keys = 0
        for symbol in self.instruments:
            self.vigil.start_symbol(symbol, 100, price, START_MS)

    def at(self, price, symbol="BTCUSDT", *, after_ms=100) -> list[Any]:
        """Print at `price` and return all that follows."""
        self.now_ms += after_ms
        return self.play(self.coming(price, symbol))

    def coming(self, price, symbol="BTCUSDT"):
        """Return the next print without playing it."""
        self.ids[symbol] += 1
        self.prices[symbol] = price
        return PriceTick(symbol, self.ids[symbol], price, self.now_ms)

    def play(self, tick) -> list[Any]:
        effects = list(self.vigil.on_print(tick))
        while self.vigil.is_busy(tick.symbol):
            effects += self.vigil.resume(tick.symbol)
        return effects

    def quiet(self, symbol="BTCUSDT", *, after_ms=3_000) -> list[Any]:
        self.now_ms += after_ms
        return list(self.vigil.on_quiet(TapeQuiet(symbol, self.ids[symbol], self.now_ms)))

    def place(self, symbol="BTCUSDT"):
        return Place(
            symbol, self.ids[symbol], self.now_ms, self.is_fresh, self.prices[symbol], self.now_ms
        )

    def ask(self, command: Command) -> Any:
        return self.vigil.on_command(command)

    def enter(self, order_id=1, direction=LONG, amount="1000", **fields) -> Any:
        symbol = fields.get("symbol", "BTCUSDT")
        fields.setdefault("after_id", self.ids[symbol])
        fields.setdefault("received_at_ms", self.now_ms)
        order = entry(order_id, direction, amount, **fields)
        return self.ask(PlaceEntry(self.key(), order, self.place(symbol)))

    def close(self, order_id=2, trade_id=1, share="1", **fields) -> Any:
        symbol = fields.get("symbol", "BTCUSDT")
        fields.setdefault("after_id", self.ids[symbol])
        fields.setdefault("received_at_ms", self.now_ms)
        order = close(order_id, trade_id, share, **fields)
        return self.ask(PlaceClose(self.key(), order, self.place(symbol)))

    def set_exits(
        self, trade_id=1, *, stop: Any = UNSET, target: Any = UNSET, symbol="BTCUSDT", user_id=7
    ) -> Any:
        place = self.place(symbol)
        return self.ask(SetExits(self.key(), user_id, trade_id, place, level(stop), level(target)))

    def cancel(self, order_id, symbol="BTCUSDT", user_id=7) -> Any:
        return self.ask(CancelOrder(self.key(), user_id, order_id, symbol))

    def reset(self, trades, orders=(), account_id=70):
        symbols = dict.fromkeys(orders, "BTCUSDT")
        money = Decimal(10_000)
        return self.ask(
            ResetAccount(
                self.key(), 7, account_id, self.now_ms, "USDT", money, dict(trades), symbols
            )
        )

    def key(self):
        self._keys += 1
        return f"key-{self._keys}"

    def opened(self, order_id=1, direction=LONG, amount="1000", **fields) -> Trade:
        """Enter and fill at the next print, which repeats the last price; return the trade."""
        symbol = fields.get("symbol", "BTCUSDT")
        outcome = self.enter(order_id, direction, amount, **fields)
        assert not isinstance(outcome, Refusal | Deferred), outcome
        self.at(self.prices[symbol], symbol)
        found = self.vigil.trade(order_id)
        assert found is not None
        return found
