"""Random markets and what is asked on them, told in the naive reference's words."""

import gzip
import json
import random
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from msgspec import UNSET

from engine.core.alerts import Crossing
from engine.core.commands import (
    CancelOrder,
    PlaceAlert,
    PlaceClose,
    PlaceEntry,
    Refusal,
    RemoveAlert,
    ResetAccount,
    SetExits,
)
from engine.core.effects import (
    AccountReset,
    AlertEnded,
    AlertFired,
    AlertPlaced,
    Effect,
    ExitsSet,
    OrderEnded,
    OrderPlaced,
    TradeExited,
    TradeOpened,
)
from engine.core.events import Place, PriceTick, TapeQuiet
from engine.core.orders import Level
from engine.core.vigil import Deferred, Vigil
from tests.support.builders import LONG, SHORT, START_MS, close, entry, instrument, leg
from tests.support.reference import Naive

MARKETS = {
    "BTCUSDT": (instrument("BTCUSDT", tick="0.01", step="0.00001"), "60000"),
    "ETHBTC": (instrument("ETHBTC", tick="0.00001", step="0.0001", notional_min="0.0001"), "0.05"),
    "USDTBRL": (instrument("USDTBRL", tick="0.001", step="0.1"), "5.4"),
}
ROUTES = {
    ("BTCUSDT", "USDT"): (),
    ("BTCUSDT", "BRL"): (leg("USDTBRL"),),
    ("ETHBTC", "USDT"): (leg("BTCUSDT"),),
    ("ETHBTC", "BRL"): (leg("BTCUSDT"), leg("USDTBRL")),
    ("USDTBRL", "USDT"): (leg("USDTBRL", inverse=True),),
    ("USDTBRL", "BRL"): (),
}
ACCOUNTS = {70: (7, "USDT"), 80: (8, "BRL")}

Event = Any


class Scenario:
    """Events of a random market: prints, proofs of quiet and commands, each on its place."""

    def __init__(self, seed: int, *, reach=0.004) -> None:
        self.rng = random.Random(seed)
        self.reach = reach
        self.now_ms = START_MS
        self.ids = dict.fromkeys(MARKETS, 100)
        self.prices = {symbol: Decimal(price) for symbol, (_, price) in MARKETS.items()}
        self.times = dict.fromkeys(MARKETS, START_MS)
        self.next_id = 1
        self.entries: dict[int, tuple[str, int]] = {}
        self.orders: dict[int, str] = {}
        self.alerts: dict[int, tuple[str, int]] = {}

    def events(self, count: int) -> list[Event]:
        """Return `count` events and a last print of every symbol, long after."""
        drawn = [self.event() for _ in range(count)]
        self.now_ms += 10_000
        return [*drawn, *(self.tick(symbol) for symbol in MARKETS)]

    def event(self) -> Event:
        """Draw the next event."""
        roll = self.rng.random()
        self.now_ms += self.rng.choice((0, 1, 50, 400, 1_500, 3_000, 3_001))
        if self.rng.random() < 0.01:
            self.now_ms += 61_000
        symbol = self.rng.choice(list(MARKETS))
        if roll < 0.55:
            return self.tick(symbol)
        if roll < 0.6:
            self.now_ms += 1
            return TapeQuiet(symbol, self.ids[symbol], self.now_ms - 1)
        return self.command(symbol)

    def tick(self, symbol: str) -> PriceTick:
        """Let the price take a step, mostly small."""
        step = self.rng.choice((0, 0.0001, 0.0005, 0.002, 0.01)) * self.rng.choice((-1, 1))
        if self.rng.random() < 0.01:
            step = self.rng.choice((1.3, -0.55))  # now and then far enough for a liquidation
        grain = MARKETS[symbol][0].tick_size
        moved = self.prices[symbol] * Decimal(1 + step)
        self.prices[symbol] = max(grain, (moved // grain) * grain)
        self.ids[symbol] += 1
        self.times[symbol] = self.now_ms
        return PriceTick(symbol, self.ids[symbol], format(self.prices[symbol], "f"), self.now_ms)

    def place(self, symbol: str) -> Place:
        """Return the place of something asked now."""
        is_fresh = self.now_ms - self.times[symbol] <= 60_000 and self.rng.random() > 0.02
        price = format(self.prices[symbol], "f")
        last_ms = self.times[symbol]
        return Place(symbol, self.ids[symbol], self.now_ms, is_fresh, price, last_ms)

    def command(self, symbol: str) -> Event:
        """Ask for something, now and then for nonsense."""
        roll, key = self.rng.random(), f"key-{self.next_id}"
        self.next_id += 1
        if roll < 0.12:
            return self.alert(symbol, key)
        if roll < 0.5 or not self.entries:
            return self.place_entry(symbol, key)
        trade_id = self.rng.choice([*self.entries][-12:])
        symbol, account_id = self.entries[trade_id]
        user_id = ACCOUNTS[account_id][0] if self.rng.random() > 0.03 else 99
        if roll < 0.7:
            return self.place_close(trade_id, key, user_id)
        if roll < 0.93:
            stop, target = self.exits(symbol, self.rng.choice((LONG, SHORT)))
            changes = [(stop, target), (stop, UNSET), (UNSET, target), (None, UNSET)]
            return SetExits(key, user_id, trade_id, self.place(symbol), *self.rng.choice(changes))
        if roll < 0.985 and self.orders:
            order_id = self.rng.choice([*self.orders][-4:])
            return CancelOrder(key, user_id, order_id, self.orders[order_id])
        mine = {t: s for t, (s, account) in self.entries.items() if account == account_id}
        money = Decimal(10_000)
        return ResetAccount(key, user_id, account_id, self.now_ms, "USDT", money, mine, {})

    def alert(self, symbol: str, key: str) -> PlaceAlert | RemoveAlert:
        """Set an alert near the price, or take one back."""
        if self.alerts and self.rng.random() < 0.4:
            alert_id = self.rng.choice([*self.alerts][-2:])
            symbol, user_id = self.alerts[alert_id]
            user_id = user_id if self.rng.random() > 0.1 else 99
            return RemoveAlert(key, user_id, alert_id, symbol)
        level = self.level(symbol, self.rng.choice((1, -1))).price or self.prices[symbol]
        user_id = self.rng.choice((7, 8))
        self.alerts[self.next_id] = (symbol, user_id)
        self.next_id += 1
        return PlaceAlert(key, self.next_id - 1, user_id, level, self.place(symbol))

    def place_entry(self, symbol: str, key: str, account_id: int | None = None) -> PlaceEntry:
        """Ask for an entry of a random size with random exits."""
        account_id = account_id or self.rng.choice(list(ACCOUNTS))
        user_id, currency = ACCOUNTS[account_id]
        direction = self.rng.choice((LONG, SHORT))
        stop, target = self.exits(symbol, direction)
        order = entry(
            self.next_id,
            direction,
            self.rng.choice(("3", "123.45", "1000", "77quote", "0.01base")),
            symbol=symbol,
            user_id=user_id,
            account_id=account_id,
            after_id=self.ids[symbol],
            received_at_ms=self.now_ms,
            route=ROUTES[symbol, currency],
        )
        order = type(order)(
            **{f: getattr(order, f) for f in order.__struct_fields__[:-2]},
            stop=stop,
            target=target,
        )
        self.entries[order.id] = (symbol, account_id)
        self.orders[order.id] = symbol
        self.next_id += 1
        return PlaceEntry(key, order, self.place(symbol))

    def place_close(self, trade_id: int, key: str, user_id: int) -> PlaceClose:
        """Ask for a close of a share."""
        symbol, account_id = self.entries[trade_id]
        place = self.place(symbol)
        order = close(
            self.next_id,
            trade_id,
            self.rng.choice(("1", "0.5", "0.25", "0.333", "0.00001")),
            symbol=symbol,
            user_id=user_id,
            account_id=account_id,
            after_id=self.ids[symbol],
            received_at_ms=self.now_ms,
            is_patient=not place.is_fresh,
        )
        self.orders[order.id] = symbol
        self.next_id += 1
        return PlaceClose(key, order, place)

    def exits(self, symbol: str, direction) -> tuple[Level | None, Level | None]:
        """Return a stop and a target, near, some absolute, some on the wrong side."""
        sign = 1 if direction is LONG else -1
        stop, target = self.level(symbol, -sign), self.level(symbol, sign)
        return self.rng.choice((stop, stop, None)), self.rng.choice((target, target, None))

    def level(self, symbol: str, sign: int) -> Level:
        ratio = Decimal(str(round(self.rng.uniform(0.0001, self.reach), 6)))
        if self.rng.random() < 0.5:
            return Level(ratio=ratio)
        away = ratio * (sign if self.rng.random() > 0.05 else -sign)
        return Level(price=(self.prices[symbol] * (1 + away)).quantize(Decimal("1e-8")))


def fresh_vigil(slice_size=500) -> Vigil:
    """Return a vigil that watches every market from its start."""
    vigil = Vigil({s: listed for s, (listed, _) in MARKETS.items()}, slice_size=slice_size)
    for symbol, (_, price) in MARKETS.items():
        vigil.watch_rate(symbol)
        vigil.start_symbol(symbol, 100, price, START_MS)
    return vigil


def fresh_naive(refused=()) -> Naive:
    """Return the reference at the same start."""
    naive = Naive({symbol: listed for symbol, (listed, _) in MARKETS.items()}, refused)
    for symbol, (_, price) in MARKETS.items():
        naive.start(symbol, 100, price, START_MS)
    return naive


def play(vigil: Vigil, event: Event) -> list[Effect | tuple[str, Refusal]]:
    """Hand one event to the vigil, to its end; return effects and refusals in order."""
    if isinstance(event, PriceTick | TapeQuiet):
        first = vigil.on_print(event) if isinstance(event, PriceTick) else vigil.on_quiet(event)
        effects: list[Any] = list(first)
        while vigil.is_busy(event.symbol):
            effects += vigil.resume(event.symbol)
        return effects + vigil.take_refusals()
    outcome = vigil.on_command(event)
    assert not isinstance(outcome, Deferred)
    return [(event.key, outcome)] if isinstance(outcome, Refusal) else list(outcome)


def tell(followed: Sequence[Effect | tuple[str, Refusal]]) -> list[tuple]:
    """Say effects and refusals in the reference's words."""
    return [line for each in followed for line in _tell(each)]


def _tell(each: Any) -> list[tuple]:
    match each:
        case OrderPlaced() | OrderEnded():
            is_placed = isinstance(each, OrderPlaced)
            end = ("placed",) if is_placed else ("ended", each.code.value)
            return [(end[0], each.order.id, *end[1:])]
        case TradeOpened(trade, fill):
            money = (_exact(fill.quantity), _exact(fill.amount), _exact(fill.fee))
            price = _exact(fill.price)
            return [("opened", trade.id, fill.print_id, price, fill.booked_at_ms, *money)]
        case TradeExited():
            return [_tell_exit(each)]
        case ExitsSet(trade):
            target = trade.targets[-1].price if trade.targets else None
            return [("set", trade.id, _exact(trade.stop_price), _exact(target))]
        case AlertPlaced() | AlertFired() | AlertEnded():
            return [_tell_alert(each)]
        case AccountReset():
            return [("reset", each.account_id), *map(_tell_exit, each.exits)]
        case (key, Refusal() as refusal):
            return [("refused", key, refusal.code.value)]
        case _:
            raise AssertionError(each)


def _tell_alert(effect: AlertPlaced | AlertFired | AlertEnded) -> tuple:
    alert = effect.alert
    match effect:
        case AlertPlaced():
            return ("alert", alert.id, _exact(alert.price), alert.crossing is Crossing.UP)
        case AlertFired():
            return ("alerted", alert.id, effect.print_id, _exact(effect.price))
        case AlertEnded():
            return ("unalerted", alert.id)


def _tell_exit(effect: TradeExited) -> tuple:
    fill = effect.fill
    assert fill.reason is not None
    numbers = (fill.quantity, fill.amount, fill.fee, fill.pnl, fill.forgiven)
    return (
        *("exited", effect.trade.id, fill.reason.value, _exact(fill.trigger_price)),
        *(fill.print_id, _exact(fill.price), fill.booked_at_ms),
        *map(_exact, numbers),
    )


def _exact(number: Decimal | None) -> Any:
    return None if number is None else Fraction(number)


def recorded(path: str | Path) -> list[PriceTick]:
    """Read a recorded tape: one JSON object a line (s, a, p, T), gzip or plain."""
    opened = gzip.open if str(path).endswith(".gz") else open
    with opened(path, "rt") as lines:
        rows = [json.loads(line) for line in lines]
    return [PriceTick(row["s"], row["a"], row["p"], row["T"]) for row in rows]


def compare(tape: Sequence[PriceTick], seed: int, trades: int) -> tuple[int, int]:
    """Play random trades over one symbol's tape; return closures (by reference, found equal).

    Levels stand 0.01 to 0.4 % away. Anything that happens in another order is not equal.
    """
    rng, first = random.Random(seed), tape[0]
    symbol = first.symbol
    listed = {symbol: instrument(symbol, tick="0.01", step="0.00001")}
    vigil, naive = Vigil(listed), Naive(listed)
    vigil.start_symbol(symbol, first.id, first.price, first.time_ms)
    naive.start(symbol, first.id, first.price, first.time_ms)
    at = sorted(rng.randrange(len(tape) - 1) for _ in range(trades))
    told: list[tuple] = []
    opened = 0
    for index, tick in enumerate(tape):
        if index:
            told += tell(play(vigil, tick))
            naive.on_print(tick)
        while opened < trades and at[opened] <= index:
            opened += 1
            order = entry(
                opened,
                rng.choice((LONG, SHORT)),
                symbol=symbol,
                after_id=tick.id,
                received_at_ms=tick.time_ms + rng.randrange(100),
                stop=f"{rng.uniform(0.01, 0.4):.4f}%",
                target=f"{rng.uniform(0.01, 0.4):.4f}%",
            )
            now_ms = order.received_at_ms
            place = Place(symbol, tick.id, now_ms, True, tick.price, tick.time_ms)
            asked = PlaceEntry(f"key-{opened}", order, place)
            told += tell(play(vigil, asked))
            naive.on_command(asked)
    closures = [line for line in naive.outcomes if line[0] == "exited"]
    found = [line for line in told if line[0] == "exited"]
    equal = sum(a == b for a, b in zip(closures, found, strict=False))
    return max(len(closures), len(found)), equal
