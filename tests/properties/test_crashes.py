"""A vigil that crashes, meets holes, is refused and commits by halves ends as one that never did.

The invariants are those of a ledger: conservation, closing once, no trigger missed or invented,
recovery without a trace. The judge is the naive reference over the whole tape.
"""

import random
from collections import deque
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from heapq import merge
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from engine.core.commands import (
    CancelOrder,
    PlaceAlert,
    PlaceClose,
    PlaceEntry,
    Refusal,
    RemoveAlert,
    SetExits,
)
from engine.core.effects import (
    AlertEnded,
    AlertFired,
    AlertPlaced,
    ExitsSet,
    OrderEnded,
    OrderPlaced,
    TradeExited,
    TradeOpened,
)
from engine.core.events import Place, PriceTick, TapeQuiet
from engine.core.trade_table import thresholds, write
from engine.core.vigil import Deferred, Vigil
from engine.core.vigil.holdings import alert_threshold
from engine.ports import Verdict
from tests.properties.toy_store import START, ToyStore
from tests.support.builders import LONG, SHORT, START_MS, close, entry, instrument, leg, level
from tests.support.builders_scenario import tell
from tests.support.reference import Naive

TRADED = ("BTCUSDT", "ETHUSDT")
RATE = "USDTBRL"
SYMBOLS = (*TRADED, RATE)
LISTED = {symbol: instrument(symbol, step="0.001") for symbol in SYMBOLS}
ROUTES = {70: (), 80: (leg(RATE),)}
USERS = {70: 7, 80: 8}
STEPS = (0, 1, -1, 3, -3, 20, -20, 30, -30, 100, -100, 300, -300, 12_000)
LEVELS = (None, "0.05%", "0.1%", "0.3%", "1%", "2%", "5%", "99.95", "100.05")
WAITS = (0, 90, 3_001)
AMOUNTS = ("50", "400", "2000")
SHARES = ("1", "0.5", "0.31", "0.0001")
EXITS = st.sampled_from(LEVELS)
PICK = st.integers(0, 9)


class Engine(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.store = ToyStore(tuple(ROUTES))
        self.now_ms = START_MS
        self.cents = dict.fromkeys(SYMBOLS, 10_000)
        self.tape: dict[str, list[PriceTick]] = {
            symbol: [PriceTick(symbol, 100, "100.00", START_MS)] for symbol in SYMBOLS
        }
        self.held: dict[str, deque[PriceTick]] = {symbol: deque() for symbol in SYMBOLS}
        self.queue: deque[Any] = deque()
        self.script: dict[str, list[tuple[int, int, str, Any]]] = {s: [] for s in SYMBOLS}
        self.next_id = 1
        self.moments = 0
        self.asked: dict[str, int] = {}
        self.vigil = self._fresh()
        for symbol in SYMBOLS:
            self.vigil.start_symbol(symbol, 100, "100.00", START_MS)
            self.store.checkpoints[symbol] = self.vigil.checkpoint(symbol)

    @initialize(plans=st.lists(st.tuples(EXITS, EXITS, st.booleans()), min_size=2, max_size=6))
    def open_some(self, plans):
        for index, (stop, target, is_short) in enumerate(plans):
            direction = SHORT if is_short else LONG
            account = tuple(ROUTES)[index % 2]
            self.enter(TRADED[index // 3], account, direction, "400", (stop, target))
        self.now_ms += 1_500
        for symbol in (RATE, *TRADED):
            self._print(symbol, 0)
            self._advance(symbol)
        for symbol in TRADED:
            while self.vigil.is_busy(symbol):
                self._advance(symbol)
        self.commit_all()

    # the tape

    @rule(symbol=st.sampled_from(TRADED), steps=st.lists(st.sampled_from(STEPS), max_size=5))
    def burst(self, symbol, steps):
        for step in steps:
            self.now_ms += 40
            self._print(symbol, step)
            self._advance(symbol)

    @rule(symbol=st.sampled_from(SYMBOLS), step=st.sampled_from(STEPS), wait=st.integers(0, 4_000))
    def print(self, symbol, step, wait):
        self.now_ms += wait
        self._print(symbol, step)

    @rule(symbol=st.sampled_from(TRADED), steps=st.lists(st.sampled_from(STEPS), max_size=4))
    def lose_prints(self, symbol, steps):
        for step in steps:
            self.now_ms += 100
            self.held[symbol].append(self._tick(symbol, step))

    @rule(symbol=st.sampled_from(TRADED), count=st.integers(1, 4))
    def go_on(self, symbol, count):
        for _ in range(count):
            self._advance(symbol)

    @rule(symbol=st.sampled_from(TRADED), wait=st.integers(0, 4_000))
    def prove_quiet(self, symbol, wait):
        if self.held[symbol] or self.vigil.is_busy(symbol):
            return
        self.now_ms += wait + 1
        quiet = TapeQuiet(symbol, self.tape[symbol][-1].id, self.now_ms - 1)
        effects = list(self.vigil.on_quiet(quiet))
        while self.vigil.is_busy(symbol):
            effects += self.vigil.resume(symbol)
        self._take(effects, proven_at=quiet.last_id)

    # what is asked

    @rule(
        symbol=st.sampled_from(TRADED),
        account=st.sampled_from(tuple(ROUTES)),
        direction=st.sampled_from((LONG, SHORT)),
        amount=st.sampled_from(AMOUNTS),
        exits=st.tuples(EXITS, EXITS),
    )
    def enter(self, symbol, account, direction, amount, exits):
        order = entry(
            self.next_id,
            direction,
            amount,
            symbol=symbol,
            user_id=USERS[account],
            account_id=account,
            after_id=self.tape[symbol][-1].id,
            received_at_ms=self.now_ms,
            route=ROUTES[account],
            stop=exits[0],
            target=exits[1],
        )
        self._ask(PlaceEntry(self._key(), order, self._place(symbol)))

    @precondition(lambda self: self.store.trades)
    @rule(pick=PICK, share=st.sampled_from(SHARES))
    def close(self, pick, share):
        trade = picked(self.store.trades, pick)
        order = close(
            self.next_id,
            trade.id,
            share,
            symbol=trade.symbol,
            user_id=trade.user_id,
            account_id=trade.account_id,
            after_id=self.tape[trade.symbol][-1].id,
            received_at_ms=self.now_ms,
        )
        self._ask(PlaceClose(self._key(), order, self._place(trade.symbol)))

    @precondition(lambda self: self.store.trades)
    @rule(pick=PICK, exits=st.tuples(EXITS, EXITS))
    def edit(self, pick, exits):
        trade = picked(self.store.trades, pick)
        place, key = self._place(trade.symbol), self._key()
        self._ask(SetExits(key, trade.user_id, trade.id, place, *map(level, exits)))

    @precondition(lambda self: self.store.orders)
    @rule(pick=PICK)
    def cancel(self, pick):
        order = picked(self.store.orders, pick)
        self._ask(CancelOrder(self._key(), order.user_id, order.id, order.symbol))

    @rule(symbol=st.sampled_from(TRADED), cents=st.sampled_from((7, -7, 60, -60, 500, -500)))
    def alert(self, symbol, cents):
        last = Decimal(self.tape[symbol][-1].price)
        level = max(last + Decimal(cents) / 100, Decimal("0.01"))
        self.next_id += 1
        command = PlaceAlert(self._key(), self.next_id - 2, 7, level, self._place(symbol))
        self._ask(command)

    @precondition(lambda self: self.store.alerts)
    @rule(pick=PICK)
    def take_back(self, pick):
        alert = picked(self.store.alerts, pick)
        self._ask(RemoveAlert(self._key(), alert.user_id, alert.id, alert.symbol))

    # the store

    @rule(count=st.integers(1, 5))
    def commit_some(self, count):
        for _ in range(min(count, len(self.queue))):
            self._commit_one()

    @rule()
    def commit_all(self):
        while self.queue:
            self._commit_one()
        for symbol in SYMBOLS:
            self.store.checkpoints[symbol] = self.vigil.checkpoint(symbol)

    @rule()
    def crash(self):
        self.queue.clear()
        for held in self.held.values():
            held.clear()
        self.vigil = self._fresh()
        self._recover(self.vigil)
        missed = [
            [tick for tick in ticks if tick.id > self.store.checkpoints[symbol].last_id]
            for symbol, ticks in self.tape.items()
        ]
        for tick in merge(*missed, key=lambda tick: (tick.time_ms, tick.symbol)):
            self._take(self.vigil.on_print(tick))
            while self.vigil.is_busy(tick.symbol):
                self._take(self.vigil.resume(tick.symbol))

    @invariant()
    def money_is_conserved(self):
        for account, balance in self.store.balances.items():
            changes = [change for owner, _, change in self.store.ledger if owner == account]
            assert balance == START + sum(changes)

    def teardown(self):
        for symbol in TRADED:
            while self.held[symbol] or self.vigil.is_busy(symbol):
                self._advance(symbol)
        self.now_ms += 10_000
        for symbol in (RATE, *TRADED):
            self._print(symbol, 0)
            while self.vigil.is_busy(symbol):
                self._advance(symbol)
        self.commit_all()
        self._check_fills()
        self._check_index(self.vigil)
        self._check_segments()
        again = self._fresh()
        self._recover(again)
        self._check_index(again)
        for symbol in SYMBOLS:
            assert again.checkpoint(symbol) == self.vigil.checkpoint(symbol)

    def _check_fills(self):
        naive = Naive(LISTED, self.store.refused)
        for event in merge(*map(self._history, SYMBOLS), key=lambda e: e[:2]):
            replay(naive, *event[2:])
        fills = [e for e in self.store.applied if isinstance(e, TradeOpened | TradeExited)]
        assert by_trade(tell(fills)) == by_trade(naive.outcomes)
        told = [e for e in self.store.applied if isinstance(e, AlertFired)]
        assert sorted(tell(told)) == sorted(o for o in naive.outcomes if o[0] == "alerted")
        realized = sum((e.fill.pnl for e in fills if e.trade.id in self.store.closed), Decimal(0))
        closed = self.store.closed
        assert realized == sum((c for _, t, c in self.store.ledger if t in closed), Decimal(0))

    def _history(self, symbol) -> Iterator[tuple[int, str, str, Any]]:
        """Yield (time, symbol, kind, what): prints with what was accepted behind each."""
        noted = sorted(self.script[symbol], key=lambda line: line[:2])
        for index, tick in enumerate(self.tape[symbol]):
            yield tick.time_ms, symbol, "print" if index else "start", tick
            while noted and noted[0][0] == tick.id:
                _, _, kind, what = noted.pop(0)
                if kind == "settle":  # the other tapes have gone on until then
                    what, booked_at_ms = what
                    yield booked_at_ms, symbol, kind, what
                else:
                    yield tick.time_ms, symbol, kind, what
        assert not noted

    def _check_index(self, vigil):
        """I13: trades in memory are those of the store, and the index is exactly theirs."""
        assert vigil.counts().trades == len(self.store.trades)
        for trade in self.store.trades.values():
            assert vigil.trade(trade.id) == trade
        for symbol in SYMBOLS:
            mine = [t for t in self.store.trades.values() if t.symbol == symbol]
            alerts = [a for a in self.store.alerts.values() if a.symbol == symbol]
            expected = sorted(
                [pair for trade in mine for pair in thresholds(trade)]
                + [alert_threshold(alert) for alert in alerts]
            )
            assert sorted(vigil._symbols[symbol].book.owners()) == expected

    def _check_segments(self):
        for trade in self.store.trades.values():
            running = self.vigil.checkpoint(trade.symbol)
            mine = [s for s in self.store.segments if s.symbol == trade.symbol]
            place = self.store.opened_after[trade.id]
            assert place in {running.segment_after_id, *(s.after_id for s in mine)}
            later = [Decimal(t.price) for t in self.tape[trade.symbol] if t.id > place]
            parts = [(s.high, s.low) for s in mine if s.after_id >= place]
            if running.high:
                parts.append((Decimal(running.high), Decimal(running.low)))
            assert max(high for high, _ in parts) == max(later)
            assert min(low for _, low in parts) == min(later)

    def _fresh(self) -> Vigil:
        return Vigil(LISTED, slice_size=1)

    def _recover(self, vigil):
        vigil.watch_rate(RATE)
        for symbol, checkpoint in self.store.checkpoints.items():
            behind = checkpoint.segment_after_id
            mine = [s.last_id for s in self.store.segments if s.symbol == symbol]
            vigil.restore_symbol(checkpoint, [last_id for last_id in mine if last_id > behind])
        vigil.load_trades(map(write, self.store.trades.values()))
        for order in self.store.orders.values():
            vigil.load_order(order)
        for alert in self.store.alerts.values():
            vigil.load_alert(alert)
        place = self.store.checkpoints[RATE].last_id
        vigil.recall_rates([tick for tick in self.tape[RATE] if tick.id < place])

    def _ask(self, command):
        if isinstance(command, SetExits):
            self.asked[command.key] = command.place.after_id
        outcome = self.vigil.on_command(command)
        if not isinstance(outcome, Refusal | Deferred):
            self._take(outcome)

    def _take(self, effects, proven_at=None):
        for effect in effects:
            place = self._where(effect) if proven_at is None else proven_at
            self.queue.append((self._moment(), place, effect, proven_at is not None))
        self.vigil.take_refusals()

    def _where(self, effect) -> int:
        """Return the place at which an accepted thing counts."""
        match effect:
            case OrderPlaced(order):
                return order.after_id
            case ExitsSet(trade):
                return trade.after_id
            case AlertPlaced(alert):
                return alert.after_id
            case AlertEnded(alert):
                last = self.vigil.last(alert.symbol)
                assert last is not None
                return max(alert.after_id, last.id)
            case OrderEnded(order):
                last = self.vigil.last(order.symbol)
                assert last is not None
                return max(order.after_id, last.id)
            case _:
                return 0

    def _commit_one(self):
        moment, place, effect, is_proven = self.queue.popleft()
        verdict = self.store.commit(effect)
        if is_proven:
            self._note(*settled(effect, place, moment))
        match effect:
            case TradeOpened() if verdict is Verdict.REFUSED:
                self.vigil.void(effect.trade.id)
            case OrderPlaced() if verdict is Verdict.VOID:
                self.vigil.void(effect.order.id)
            case OrderPlaced(order):
                self._note(order.symbol, place, moment, "order", order)
            case OrderEnded(order) if effect.key is not None and verdict is Verdict.APPLIED:
                self._note(order.symbol, place, moment, "cancel", order.id)
            case AlertPlaced() | AlertEnded():
                self._note(*alerted(effect, place, moment))
            case ExitsSet(trade) if verdict is Verdict.APPLIED:
                assert trade.after_id >= self.asked[effect.key]
                target = trade.targets[-1].price if trade.targets else None
                exact = [None if v is None else Fraction(v) for v in (trade.stop_price, target)]
                self._note(trade.symbol, place, moment, "exits", (trade.id, *exact))

    def _note(self, symbol, *line):
        self.script[symbol].append(line)

    def _moment(self):
        self.moments += 1
        return self.moments

    def _advance(self, symbol):
        if self.vigil.is_busy(symbol):
            self._take(self.vigil.resume(symbol))
        elif self.held[symbol]:
            self._take(self.vigil.on_print(self.held[symbol].popleft()))

    def _print(self, symbol, step):
        tick = self._tick(symbol, step)
        if self.held[symbol] or self.vigil.is_busy(symbol):
            self.held[symbol].append(tick)
            return
        self._take(self.vigil.on_print(tick))
        if symbol == RATE:
            while self.vigil.is_busy(symbol):
                self._advance(symbol)

    def _tick(self, symbol, step):
        if self.cents[symbol] > 20_000:
            step = 10_000 - self.cents[symbol]  # back from a jump that liquidates
        self.cents[symbol] = max(100, self.cents[symbol] + step)
        cents, last = self.cents[symbol], self.tape[symbol][-1]
        price = f"{cents // 100}.{cents % 100:02}"
        tick = PriceTick(symbol, last.id + 1, price, self.now_ms)
        self.tape[symbol].append(tick)
        return tick

    def _place(self, symbol):
        last = self.tape[symbol][-1]
        is_fresh = not self.held[symbol] and self.now_ms - last.time_ms <= 60_000
        return Place(symbol, last.id, self.now_ms, is_fresh, last.price, last.time_ms)

    def _key(self):
        self.next_id += 1
        return f"key-{self.next_id - 1}"


def replay(naive, kind, what):
    """Hand the reference what happened, or was stored, at this place of the tape."""
    if kind == "start":
        naive.start(what.symbol, what.id, what.price, what.time_ms)
        return
    acts = {
        "print": naive.on_print,
        "settle": naive.settle,
        "order": naive.put_order,
        "cancel": naive.drop_order,
        "exits": lambda set_: naive.put_exits(*set_),
        "alert": lambda placed: naive.put_alert(*placed),
        "unalert": naive.drop_alert,
    }
    acts[kind](what)


def picked(of, number):
    """Return one of a dictionary's values by a number."""
    return of[sorted(of)[number % len(of)]]


def alerted(effect, place, moment):
    """Return the note of an alert that was set or taken back."""
    alert = effect.alert
    if isinstance(effect, AlertEnded):
        return alert.symbol, place, moment, "unalert", alert.id
    what = (alert.id, alert.user_id, alert.symbol, Fraction(alert.price), alert.after_id)
    return alert.symbol, place, moment, "alert", what


def settled(effect, place, moment):
    """Return the note of an order that a proof of quiet has filled or ended."""
    match effect:
        case TradeOpened(trade):
            what = (trade.id, effect.fill.booked_at_ms)
            return trade.symbol, place, moment, "settle", what
        case TradeExited(trade):
            what = (effect.order_id, effect.fill.booked_at_ms)
            return trade.symbol, place, moment, "settle", what
        case _:
            what = (effect.order.id, effect.at_ms)
            return effect.order.symbol, place, moment, "settle", what


def by_trade(outcomes):
    trades: dict[int, list] = {}
    for line in outcomes:
        if line[0] in ("opened", "exited"):
            trades.setdefault(line[1], []).append(line)
    return trades


def live(seed, steps=500):
    """Lead one long life at random; return the engine, checked and at rest."""
    rng, engine = random.Random(seed), Engine()
    some = lambda: (rng.choice(LEVELS), rng.choice(LEVELS))  # noqa: E731
    traded = lambda: rng.choice(TRADED)  # noqa: E731
    deeds = {
        lambda: engine.print(
            rng.choice(SYMBOLS), rng.choice(STEPS), rng.choice((0, 90, 3_001))
        ): 14,
        lambda: engine.burst(traded(), rng.choices(STEPS, k=5)): 14,
        lambda: engine.lose_prints(traded(), rng.choices(STEPS, k=3)): 4,
        lambda: engine.go_on(traded(), rng.randrange(1, 9)): 22,
        lambda: engine.prove_quiet(traded(), rng.choice((0, 3_000))): 5,
        lambda: engine.enter(
            traded(), rng.choice((70, 80)), rng.choice((LONG, SHORT)), rng.choice(AMOUNTS), some()
        ): 10,
        lambda: engine.store.trades and engine.close(rng.randrange(9), rng.choice(SHARES)): 9,
        lambda: engine.store.trades and engine.edit(rng.randrange(9), some()): 9,
        lambda: engine.store.orders and engine.cancel(rng.randrange(9)): 1,
        lambda: engine.alert(traded(), rng.choice((7, -7, 60, -60, 500, -500))): 6,
        lambda: engine.store.alerts and engine.take_back(rng.randrange(9)): 1,
        lambda: engine.commit_some(rng.randrange(1, 4)): 30,
        engine.commit_all: 2,
        engine.crash: 3,
    }
    for deed in rng.choices([*deeds], [*deeds.values()], k=steps):
        deed()
        engine.money_is_conserved()
    engine.teardown()
    return engine


@pytest.mark.parametrize("seed", range(60))
def test_a_long_life_with_crashes_ends_as_one_without(seed):
    assert len(live(seed).store.applied) > 20


Engine.TestCase.settings = settings(
    max_examples=150,
    stateful_step_count=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestEngine = Engine.TestCase
