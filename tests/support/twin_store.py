"""An EngineStore in memory for virtual time: the contract of Postgres, and its faults on demand.

A batch is stored whole in one step, so only the moment of an error is modeled: before it, or after
it with the reply lost.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum

import msgspec

from db.store.quotas import ARMED_ALERTS_MAX, OPEN_TRADES_MAX, WAITING_ENTRIES_MAX
from engine.core.alerts import PriceAlert
from engine.core.commands import RefusalCode
from engine.core.effects import (
    AccountReset,
    AlertEffect,
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
from engine.core.numbers import CONTEXT
from engine.core.orders import CloseOrder, EntryOrder, WaitingOrder
from engine.core.trade import Fill, Trade
from engine.ports import (
    Batch,
    Decided,
    Fenced,
    OutcomeUnknown,
    Ruling,
    StoreUnavailable,
    Verdict,
)
from engine.reach import rests_on, subjects, whereabouts
from tests.support.effects import Owner

_REFUSALS = (RefusalCode.BALANCE_TOO_LOW, RefusalCode.QUOTA)


class Fault(Enum):
    """What happens to a commit."""

    UNAVAILABLE = "nothing is stored"
    REPLY_LOST = "all is stored, nobody is told"


@dataclass
class Account:
    """An account with what moved it: (trade, effect number, kind, amount)."""

    user_id: int
    currency: str
    start: Decimal
    balance: Decimal
    is_open: bool = True
    ledger: list[tuple[int, int, str, Decimal]] = field(
        default_factory=list[tuple[int, int, str, Decimal]]
    )

    def book(self, trade: Trade, kind: str, fill: Fill) -> None:
        """Move the balance by a fill and write it down."""
        self.balance = CONTEXT.add(self.balance, CONTEXT.subtract(fill.amount, fill.fee))
        self.ledger.append((trade.id, trade.revision, kind, fill.amount))
        self.ledger.append((trade.id, trade.revision, "fee", -fill.fee))


@dataclass
class Order:
    """An order as stored, with the ruling that ended it."""

    body: WaitingOrder
    status: str = "waiting"
    code: str | None = None
    ruling: Ruling | None = None


@dataclass
class Stored:
    """A trade as stored, with its number."""

    trade: Trade
    number: int


@dataclass
class Alert:
    """An alert as stored: by which print or for which reason it ended, and that ruling."""

    body: PriceAlert
    end: object = None
    ruling: Ruling | None = None


@dataclass
class Keyed:
    """What a key was used for, and what came of it."""

    cause: tuple[str, int, int]
    result_id: int
    ruling: Ruling | None = None


class TwinStore:
    """Everything an engine stores, in dictionaries that a test may look at.

    `fault` is asked before every commit; `latency_seconds` is how long each call takes.
    """

    def __init__(self, *, latency_seconds: float = 0.0) -> None:
        self.epoch = 1
        self.latency_seconds = latency_seconds
        self.fault: Callable[[], Fault | None] = lambda: None
        self.accounts: dict[int, Account] = {}
        self.numbers: dict[int, int] = {}
        self.orders: dict[int, Order] = {}
        self.trades: dict[int, Stored] = {}
        self.alerts: dict[int, Alert] = {}
        self.trades_of = defaultdict[int, set[int]](set)
        self.entries_of = defaultdict[int, set[int]](set)
        self.fills: dict[tuple[int, int], tuple[Fill, Ruling]] = {}
        self.keys: dict[tuple[int, str], Keyed] = {}
        self.places: dict[str, Checkpoint] = {}
        self.segments: dict[tuple[str, int], Segment] = {}
        self.notices: list[Decided] = []
        self._next_id = 1

    def add_owner(self, balance: str = "10000", currency: str = "USDT") -> Owner:
        """Make a user with an open account."""
        user_id = len(self.numbers) + 1
        self.numbers[user_id] = 0
        return Owner(user_id, self._open_account(user_id, currency, Decimal(balance)))

    def books(self, account_id: int) -> Decimal:
        """Return start + sum of the ledger."""
        account = self.accounts[account_id]
        return account.start + sum((row[3] for row in account.ledger), Decimal(0))

    async def commit(self, batch: Batch) -> list[Ruling]:
        """Store a batch exactly once. Raises Fenced, OutcomeUnknown or StoreUnavailable."""
        await asyncio.sleep(self.latency_seconds)
        fault = self.fault()
        if fault is Fault.UNAVAILABLE:
            raise StoreUnavailable(fault.value)
        if batch.epoch != self.epoch:
            raise Fenced(f"epoch {batch.epoch}")
        rulings = _Booking(self).book(batch)
        if fault is Fault.REPLY_LOST:
            raise OutcomeUnknown(fault.value)
        return rulings

    async def checkpoints(self) -> list[Checkpoint]:
        """Return every checkpoint, by symbol."""
        await asyncio.sleep(self.latency_seconds)
        return [self.places[symbol] for symbol in sorted(self.places)]

    async def segment_cuts(self) -> dict[str, list[int]]:
        """Return by symbol the ends of stored segments ahead of its checkpoint's."""
        await asyncio.sleep(self.latency_seconds)
        cuts: dict[str, list[int]] = {}
        for symbol, place in sorted(self.places.items()):
            stored = [one.last_id for one in self.segments.values() if one.symbol == symbol]
            if ahead := sorted(last_id for last_id in stored if last_id > place.segment_after_id):
                cuts[symbol] = ahead
        return cuts

    async def waiting_orders(self) -> list[WaitingOrder]:
        """Return the orders that still wait, by id."""
        await asyncio.sleep(self.latency_seconds)
        return [order.body for _, order in sorted(self.orders.items()) if order.status == "waiting"]

    async def armed_alerts(self, among: Collection[int] | None = None) -> list[PriceAlert]:
        """Return the alerts that have not fired (of these, if any are named), by id."""
        await asyncio.sleep(self.latency_seconds)
        armed = [one.body for _, one in sorted(self.alerts.items()) if one.end is None]
        return [alert for alert in armed if among is None or alert.id in among]

    async def open_trades(self) -> AsyncIterator[list[bytes]]:
        """Yield every open trade as a line, by id, in pages of 1000."""
        await asyncio.sleep(self.latency_seconds)
        held = [one.trade for _, one in sorted(self.trades.items()) if one.trade.is_open]
        for at in range(0, len(held), 1000):
            yield [msgspec.json.encode(trade) for trade in held[at : at + 1000]]

    async def trade_line(self, trade_id: int) -> bytes | None:
        """Return one open trade's line, or None."""
        await asyncio.sleep(self.latency_seconds)
        stored = self.trades.get(trade_id)
        return msgspec.json.encode(stored.trade) if stored and stored.trade.is_open else None

    async def reserve_ids(self, count: int) -> range:
        """Take fresh, rising ids."""
        await asyncio.sleep(self.latency_seconds)
        first, self._next_id = self._next_id, self._next_id + count
        return range(first, self._next_id)

    def _open_account(self, user_id: int, currency: str, balance: Decimal) -> int:
        account_id = len(self.accounts) + 1
        self.accounts[account_id] = Account(user_id, currency, balance, balance)
        return account_id


class _Booking:
    def __init__(self, store: TwinStore) -> None:
        self._store = store
        self._broken: set[int] = set()
        self._failed: set[str] = set()

    def book(self, batch: Batch) -> list[Ruling]:
        rulings = [self._rule(decided) for decided in batch.effects]
        for place in batch.checkpoints:
            known = self._store.places.get(place.symbol)
            if place.symbol not in self._failed and (not known or known.last_id <= place.last_id):
                self._store.places[place.symbol] = place
        return rulings

    def _rule(self, decided: Decided) -> Ruling:
        effect = decided.effect
        if isinstance(effect, TradeOpened) and (ended := effect.segment):
            self._store.segments.setdefault((ended.symbol, ended.after_id), ended)
        ruling = self._keyed(decided)
        if ruling.verdict is not Verdict.APPLIED:
            self._broken |= subjects(effect)
        return ruling

    def _keyed(self, decided: Decided) -> Ruling:
        effect, keys = decided.effect, self._store.keys
        claim = _claim(effect)
        known = keys.get(claim[0]) if claim else None
        if claim and known and known.cause != claim[1]:
            return Ruling(Verdict.DUPLICATE, original_id=known.result_id)
        if not self._broken.isdisjoint(rests_on(effect)):
            return Ruling(Verdict.VOID)
        if known and known.ruling:
            return known.ruling
        if not _is_storable(effect):
            self._failed |= set(whereabouts(effect).values())
            return Ruling(Verdict.CONFLICT)
        ruling = self._apply(decided) or Ruling(Verdict.CONFLICT)
        if claim and ruling.verdict is Verdict.APPLIED:
            name, cause = claim
            result_id = len(self._store.accounts) if cause[0] == "account_reset" else cause[1]
            keys[name] = Keyed(cause, result_id, ruling)
        return ruling

    def _apply(self, decided: Decided) -> Ruling | None:
        match decided.effect:
            case OrderPlaced(order=order):
                return self._place(order)
            case OrderEnded() as ended:
                return self._end(ended, decided)
            case TradeOpened() as opened:
                return self._open(opened, decided)
            case TradeExited() as exited:
                return self._exit(exited, decided)
            case ExitsSet() as levels:
                return self._set(levels, decided)
            case AlertPlaced() | AlertFired() | AlertEnded() as alerting:
                return self._alert(alerting, decided)
            case AccountReset() as reset:
                return self._reset(reset, decided)

    def _place(self, order: WaitingOrder) -> Ruling | None:
        account = self._store.accounts.get(order.account_id)
        if account is None or not account.is_open or account.user_id != order.user_id:
            return None
        if isinstance(order, CloseOrder):
            stored = self._store.trades.get(order.trade_id)
            if stored is None or not stored.trade.is_open:
                return None
        elif self._has_many_entries(order.account_id):
            return Ruling(Verdict.REFUSED)
        else:
            self._store.entries_of[order.account_id].add(order.id)
        self._store.orders[order.id] = Order(order)
        return Ruling(Verdict.APPLIED)

    def _end(self, effect: OrderEnded, decided: Decided) -> Ruling | None:
        order = self._store.orders.get(effect.order.id)
        if order is None or order.status != "waiting":
            return order.ruling if order and order.code == effect.code else None
        order.status = "canceled" if effect.code is RefusalCode.CANCELED else "failed"
        order.code = effect.code
        order.ruling = Ruling(Verdict.APPLIED, notice_id=self._note(decided))
        return order.ruling

    def _open(self, effect: TradeOpened, decided: Decided) -> Ruling | None:
        trade, fill, store = effect.trade, effect.fill, self._store
        if (known := self._known(trade, fill)) is not None:
            return known
        order = store.orders.get(trade.id)
        if order is None or not isinstance(order.body, EntryOrder):
            return None
        if order.status != "waiting":
            return order.ruling if order.code in _REFUSALS else None
        account = store.accounts[trade.account_id]
        if not account.is_open or account.user_id != trade.user_id:
            return None
        is_full = self._has_many_trades(trade.account_id)
        if is_full or account.balance < CONTEXT.subtract(fill.fee, fill.amount):
            order.status, order.code = "failed", _REFUSALS[is_full]
            order.ruling = Ruling(
                Verdict.REFUSED,
                notice_id=self._note(decided),
                balance=None if is_full else format(account.balance, "f"),
            )
            return order.ruling
        order.status = "filled"
        store.numbers[trade.user_id] += 1
        store.trades[trade.id] = Stored(trade, store.numbers[trade.user_id])
        store.trades_of[trade.account_id].add(trade.id)
        return self._book(trade, "entry", fill, self._note(decided))

    def _exit(self, effect: TradeExited, decided: Decided) -> Ruling | None:
        if (known := self._known(effect.trade, effect.fill)) is not None:
            return known
        if not self._can_exit(effect):
            return None
        return self._book_exit(effect, self._note(decided))

    def _can_exit(self, effect: TradeExited) -> bool:
        order = self._store.orders.get(effect.order_id or -1)
        is_due = effect.order_id is None or (order is not None and order.status == "waiting")
        return is_due and self._is_current(effect.trade)

    def _book_exit(self, effect: TradeExited, notice_id: int | None) -> Ruling:
        if effect.order_id is not None:
            self._store.orders[effect.order_id].status = "filled"
        self._store.trades[effect.trade.id].trade = effect.trade
        return self._book(effect.trade, "exit", effect.fill, notice_id)

    def _set(self, effect: ExitsSet, decided: Decided) -> Ruling | None:
        if not self._is_current(effect.trade):
            return None
        stored = self._store.trades[effect.trade.id]
        stored.trade = effect.trade
        return Ruling(Verdict.APPLIED, stored.number, self._note(decided))

    def _alert(self, effect: AlertEffect, decided: Decided) -> Ruling | None:
        match effect:
            case AlertPlaced():
                return self._place_alert(effect.alert)
            case AlertFired():
                return self._end_alert(effect.alert, effect.print_id, decided)
            case AlertEnded():
                is_told = effect.code is not RefusalCode.CANCELED
                return self._end_alert(effect.alert, effect.code, decided, is_told=is_told)

    def _place_alert(self, alert: PriceAlert) -> Ruling | None:
        if alert.user_id not in self._store.numbers:
            return None
        armed = [one.body for one in self._store.alerts.values() if one.end is None]
        mine = [one for one in armed if one.user_id == alert.user_id]
        is_known = any((one.symbol, one.price) == (alert.symbol, alert.price) for one in mine)
        if is_known or len(mine) >= ARMED_ALERTS_MAX:
            return Ruling(Verdict.REFUSED)
        self._store.alerts[alert.id] = Alert(alert)
        return Ruling(Verdict.APPLIED)

    def _end_alert(
        self, alert: PriceAlert, end: object, decided: Decided, *, is_told: bool = True
    ) -> Ruling:
        stored = self._store.alerts.get(alert.id)
        if stored is None or (stored.end is not None and stored.end != end):
            return Ruling(Verdict.VOID)
        if stored.ruling is None:
            stored.end = end
            notice_id = self._note(decided) if is_told else None
            stored.ruling = Ruling(Verdict.APPLIED, notice_id=notice_id)
        return stored.ruling

    def _reset(self, effect: AccountReset, decided: Decided) -> Ruling | None:
        store, account = self._store, self._store.accounts.get(effect.account_id)
        if account is None or not account.is_open or account.user_id != effect.user_id:
            return None
        trades = {
            one.trade.id
            for one in store.trades.values()
            if one.trade.is_open and one.trade.account_id == effect.account_id
        }
        orders = {
            one.body.id
            for one in store.orders.values()
            if one.status == "waiting" and one.body.account_id == effect.account_id
        }
        exits = effect.exits
        if trades != {one.trade.id for one in exits} or orders != set(effect.orders):
            return None
        if not all(self._can_exit(one) and not one.trade.is_open for one in exits):
            return None
        for one in exits:
            self._book_exit(one, None)
        for order_id in effect.orders:
            store.orders[order_id].status = "canceled"
            store.orders[order_id].code = RefusalCode.CANCELED
        account.is_open = False
        store._open_account(effect.user_id, effect.currency, effect.starting_balance)
        balance = format(effect.starting_balance, "f")
        return Ruling(Verdict.APPLIED, notice_id=self._note(decided), balance=balance)

    def _has_many_trades(self, account_id: int) -> bool:
        held, trades = self._store.trades_of[account_id], self._store.trades
        if len(held) >= OPEN_TRADES_MAX:
            held.intersection_update([one for one in held if trades[one].trade.is_open])
        return len(held) >= OPEN_TRADES_MAX

    def _has_many_entries(self, account_id: int) -> bool:
        held, orders = self._store.entries_of[account_id], self._store.orders
        if len(held) >= WAITING_ENTRIES_MAX:
            held.intersection_update([one for one in held if orders[one].status == "waiting"])
        return len(held) >= WAITING_ENTRIES_MAX

    def _is_current(self, trade: Trade) -> bool:
        stored = self._store.trades.get(trade.id)
        return (
            stored is not None
            and stored.trade.is_open
            and stored.trade.user_id == trade.user_id
            and stored.trade.revision == trade.revision - 1
        )

    def _known(self, trade: Trade, fill: Fill) -> Ruling | None:
        stored, ruling = self._store.fills.get((trade.id, trade.revision), (None, None))
        return ruling if stored == fill else None

    def _book(self, trade: Trade, kind: str, fill: Fill, notice_id: int | None) -> Ruling:
        account = self._store.accounts[trade.account_id]
        account.book(trade, kind, fill)
        number = self._store.trades[trade.id].number
        ruling = Ruling(Verdict.APPLIED, number, notice_id, format(account.balance, "f"))
        self._store.fills[trade.id, trade.revision] = fill, ruling
        return ruling

    def _note(self, decided: Decided) -> int:
        self._store.notices.append(decided)
        return len(self._store.notices)


def _claim(effect: Effect) -> tuple[tuple[int, str], tuple[str, int, int]] | None:
    match effect:
        case OrderPlaced(order=order, key=key):
            return (order.user_id, key), ("order_placed", order.id, 0)
        case OrderEnded(order=order, key=str(key)):
            return (order.user_id, key), ("order_ended", order.id, 0)
        case ExitsSet(trade=trade, key=key):
            return (trade.user_id, key), ("exits_set", trade.id, trade.revision)
        case AlertPlaced(alert=alert, key=key):
            return (alert.user_id, key), ("alert_placed", alert.id, 0)
        case AlertEnded(alert=alert, key=str(key)):
            return (alert.user_id, key), ("alert_ended", alert.id, 0)
        case AccountReset(key=key, user_id=user_id, account_id=account_id):
            return (user_id, key), ("account_reset", account_id, 0)
        case _:
            return None


def _is_storable(effect: Effect) -> bool:
    """Whether the tables' own checks would let the numbers of an effect in."""
    fills: Sequence[Fill] = ()
    if isinstance(effect, TradeOpened | TradeExited):
        fills = (effect.fill,)
    elif isinstance(effect, AccountReset):
        fills = [one.fill for one in effect.exits]
    return all(min(fill.price, fill.print_price, fill.rate, fill.quantity) > 0 for fill in fills)
