"""The judge: the naive reference plays the same accepted commands on the same places of the tape.

One run, never interrupted, in fractions; then everything the database holds must be what it says.
It believes the database in one thing only: which commands were accepted, and where on the tape.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from heapq import merge
from typing import Any

from msgspec import UNSET

from engine.core.commands import SetExits
from engine.core.effects import ExitsSet
from engine.core.events import Place, PriceTick
from engine.core.instrument import Instrument
from engine.core.orders import FILL_WINDOW_MS, EntryOrder
from tests.campaign.alerts import differences
from tests.campaign.journal import KEEP, Journal, Wish
from tests.campaign.records import Records, Row, StoredOrder
from tests.support.builders import level
from tests.support.reference import Naive

Tapes = Mapping[str, Sequence[PriceTick]]
Event = tuple[int, str, str, Any]


@dataclass
class Verdict:
    """What differs. A clean one has no difference at all; the counts say how much was compared."""

    lost: int = 0
    doubled: int = 0
    money_error: Decimal = Decimal(0)
    differences: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def is_clean(self) -> bool:
        """Whether everything is equal, to the last digit."""
        return not (self.lost or self.doubled or self.money_error or self.differences)

    def say(self) -> str:
        """Return the figures in one line, and the first differences below."""
        compared = ", ".join(f"{count} {name}" for name, count in self.counts.items())
        head = (
            f"lost {self.lost}, doubled {self.doubled}, money error {self.money_error}"
            f", other differences {len(self.differences)} ({compared})"
        )
        return "\n  ".join([head, *self.differences[:12]])

    def note(self, line: str) -> None:
        """Keep one difference."""
        self.differences.append(line)


class Clerk(Naive):
    """The reference, which also says what the entries would have cost that the store refused."""

    def __init__(self, listed: Mapping[str, Instrument], refused: Iterable[int]) -> None:
        super().__init__(dict(listed))
        self._unpaid = frozenset(refused)
        self.needed: dict[int, Fraction] = {}

    def _enter(self, order, where):
        super()._enter(order, where)
        if order.id in self._unpaid and order.id in self.trades:
            line = self.outcomes.pop()
            self.needed[order.id] = -_moved(line)
            del self.trades[order.id]


class Judge:
    """Plays and compares. `wishes` are the commands as asked, by key, where a journal was kept."""

    def __init__(
        self,
        records: Records,
        tapes: Tapes,
        listed: Mapping[str, Instrument],
        journal: Journal | None = None,
    ) -> None:
        self._records = records
        self._tapes = tapes
        self._journal = journal
        self._wishes = journal.wishes() if journal else {}
        refused = [o.order.id for o in records.orders if o.code == "balance_too_low"]
        self._naive = Clerk(listed, refused)
        self._needed = {row["symbol"] for row in records.open_trades.values()}
        self.verdict = Verdict()

    def judge(self) -> Verdict:
        """Return what differs."""
        for _, _, kind, what in self._history():
            getattr(self, f"_on_{kind}")(what)
        self._compare_fills()
        self._compare_orders()
        self._compare_money()
        self._compare_open_trades()
        self.verdict.differences += differences(self._records, self._tapes)
        self.verdict.counts = {
            "prints": sum(map(len, self._tapes.values())),
            "orders": len(self._records.orders),
            "edits": len(self._records.edits),
            "fills": len(self._records.fills),
            "open": len(self._records.open_trades),
            "alerts": len(self._records.alerts),
            "alerts told": len(self._records.alert_notices),
        }
        self._compare_commands()
        return self.verdict

    # the script: prints of one symbol, with what was accepted behind each

    def _history(self) -> Iterable[Event]:
        scripts: list[Iterator[Event]] = [self._script(symbol) for symbol in self._tapes]
        return merge(*scripts, key=lambda event: event[:2])

    def _script(self, symbol: str) -> Iterator[Event]:
        behind: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
        for place, rank, moment_ms, kind, what in self._accepted(symbol):
            behind[place].append((rank, moment_ms, kind, what))
        until = self._records.checkpoints.get(symbol, 0)
        for index, tick in enumerate(self._tapes[symbol]):
            is_decided = tick.id <= until or symbol not in self._needed
            if is_decided or not index:
                yield tick.time_ms, symbol, "print" if index else "start", tick
            ordered = sorted(behind.pop(tick.id, ()), key=lambda line: line[0])
            for _, moment_ms, kind, what in ordered:
                yield max(moment_ms, tick.time_ms), symbol, kind, what
        for place, lines in behind.items():
            self.verdict.note(f"{symbol}: {len(lines)} accepted at print {place}, not on the tape")

    def _accepted(self, symbol: str) -> Iterator[tuple[int, tuple[int, ...], int, str, Any]]:
        """Yield (place, rank there, time, kind, what).

        At one place orders come first: they do nothing before the next print. Then, trade by
        trade in the order of its revisions, what came of a quiet tape and what was edited.
        """
        for fill in self._records.fills:
            is_reset = fill["reason"] == "account_reset"
            is_settled = fill["booked_at_ms"] != fill["print_time_ms"]
            if fill["symbol"] == symbol and (is_reset or is_settled):
                rank = (1, fill["trade_id"], fill["effect_number"])
                kind = "reset" if is_reset else "settle"
                yield fill["print_id"], rank, fill["booked_at_ms"], kind, fill
        for edit in self._records.edits:
            trade = edit.trade
            if trade.symbol == symbol:
                yield trade.after_id, (1, trade.id, trade.revision), 0, "edit", edit
        for stored in self._records.orders:
            order = stored.order
            if order.symbol == symbol and stored.status != "canceled":
                yield order.after_id, (0, order.id), 0, "order", order
                if self._failed_in_quiet(stored):
                    place = self._place_at(symbol, order.received_at_ms + FILL_WINDOW_MS)
                    rank = (1, 1 << 62, order.id)
                    yield place, rank, stored.ended_at_ms or 0, "end", order

    def _failed_in_quiet(self, stored: StoredOrder) -> bool:
        deadline_ms = stored.order.received_at_ms + FILL_WINDOW_MS
        return stored.status == "failed" and stored.ended_at_ms == deadline_ms

    def _place_at(self, symbol: str, time_ms: int) -> int:
        return max(tick.id for tick in self._tapes[symbol] if tick.time_ms <= time_ms)

    def _on_start(self, tick: PriceTick) -> None:
        self._naive.start(tick.symbol, tick.id, tick.price, tick.time_ms)

    def _on_print(self, tick: PriceTick) -> None:
        self._naive.on_print(tick)

    def _on_order(self, order: Any) -> None:
        self._naive.put_order(order)

    def _on_end(self, order: Any) -> None:
        self._naive.settle(order.id)

    def _on_settle(self, fill: Row) -> None:
        """Fill the order whose window passed in quiet: the entry itself, or a close of it."""
        deadline_ms = fill["booked_at_ms"]
        for order in list(self._naive.orders.values()):
            is_entry = isinstance(order, EntryOrder)
            trade_id = order.id if is_entry else getattr(order, "trade_id", None)
            is_due = order.received_at_ms + FILL_WINDOW_MS == deadline_ms
            if trade_id == fill["trade_id"] and is_due and is_entry == (fill["kind"] == "entry"):
                self._naive.settle(order.id)
                return

    def _on_reset(self, fill: Row) -> None:
        trade = self._naive.trades.get(fill["trade_id"])
        if trade is not None:
            where = (*self._naive.prints[fill["symbol"]][-1], fill["booked_at_ms"])
            self._naive._exit(trade, trade["quantity"], ("account_reset", None), where)

    def _on_edit(self, edit: ExitsSet) -> None:
        """Set exits as they were asked for; where no journal was kept, as they were stored."""
        trade, wish = edit.trade, self._wishes.get(edit.key)
        target = trade.targets[-1].price if trade.targets else None
        stored = [None if v is None else Fraction(v) for v in (trade.stop_price, target)]
        if wish is None:
            self._naive.put_exits(trade.id, *stored)
            return
        self._naive.on_command(_command(edit, wish))
        said = self._naive.outcomes[-1]
        if said != ("set", trade.id, *stored):
            self.verdict.note(f"edit {edit.key} of trade {trade.id}: {said}, stored {stored}")

    # the comparison

    def _compare_fills(self) -> None:
        expected: dict[int, list[tuple]] = defaultdict(list)
        for line in self._naive.outcomes:
            if line[0] in ("opened", "exited"):
                expected[line[1]].append(line)
        stored: dict[int, list[tuple]] = defaultdict(list)
        for fill in self._records.fills:
            stored[fill["trade_id"]].append(_in_words(fill))
        for trade_id in sorted(expected.keys() | stored.keys()):
            self._compare_trade(trade_id, expected[trade_id], stored[trade_id])

    def _compare_trade(self, trade_id: int, expected: list[tuple], stored: list[tuple]) -> None:
        if expected == stored:
            return
        due, found = Counter(map(_event, expected)), Counter(map(_event, stored))
        self.verdict.lost += (due - found).total()
        self.verdict.doubled += (found - due).total()
        moved = sum(map(_moved, stored), Fraction(0)) - sum(map(_moved, expected), Fraction(0))
        self.verdict.money_error += _decimal(abs(moved))
        self.verdict.note(f"trade {trade_id}:\n    due    {expected}\n    stored {stored}")

    def _compare_orders(self) -> None:
        """Every order ended once, filled or for the reference's reason."""
        ended = {line[1]: line[2] for line in self._naive.outcomes if line[0] == "ended"}
        for stored in self._records.orders:
            order_id, code = stored.order.id, ended.get(stored.order.id)
            if stored.status == "waiting":
                self.verdict.note(f"order {order_id} still waits")
            elif stored.code == "balance_too_low":
                self._compare_refusal(stored)
            elif stored.code not in ("canceled", code):
                self.verdict.note(f"order {order_id} ended as {stored.code}, due {code}")
        effects = Counter(fill["trade_id"] for fill in self._records.fills)
        effects.update(edit.trade.id for edit in self._records.edits)
        for trade_id, revision in self._records.revisions.items():
            if effects[trade_id] != revision:
                found = effects[trade_id]
                self.verdict.note(f"trade {trade_id}: {found} effects, revision {revision}")

    def _compare_refusal(self, stored: StoredOrder) -> None:
        """An entry refused for money cost what the reference says, and that was too much."""
        needed, balance = (Fraction(stored.facts[name]) for name in ("needed", "balance"))
        if needed != self._naive.needed.get(stored.order.id) or balance >= needed:
            self.verdict.note(f"order {stored.order.id} was refused for money: {stored.facts}")

    def _compare_money(self) -> None:
        """Fills, ledger and balances say the same, and it is what the reference says."""
        due = {row["id"]: Fraction(row["starting_balance"]) for row in self._records.accounts}
        account_of = {fill["trade_id"]: fill["account_id"] for fill in self._records.fills}
        for line in self._naive.outcomes:
            if line[0] in ("opened", "exited") and line[1] in account_of:
                due[account_of[line[1]]] += _moved(line)
        for row in self._records.accounts:
            booked = row["starting_balance"] + self._records.ledger_sums[row["id"]]
            off = abs(Fraction(row["balance"]) - due[row["id"]])
            if off or booked != row["balance"]:
                self.verdict.money_error += _decimal(off) + abs(booked - row["balance"])
                self.verdict.note(f"account {row['id']}: {row['balance']}, ledger {booked}")
        for fill in self._records.fills:
            rows = self._records.ledger.get((fill["trade_id"], fill["effect_number"]), {})
            fees = {"fee": -fill["fee"]} if fill["fee"] else {}
            if rows != {fill["kind"]: fill["amount"], **fees}:
                self.verdict.note(f"ledger of trade {fill['trade_id']}: {rows}")

    def _compare_open_trades(self) -> None:
        naive = self._naive.trades
        for trade_id in naive.keys() ^ self._records.open_trades.keys():
            side = "stored" if trade_id in self._records.open_trades else "due"
            self.verdict.note(f"trade {trade_id} open only as {side}")
        for trade_id in naive.keys() & self._records.open_trades.keys():
            row, due = self._records.open_trades[trade_id], naive[trade_id]
            stored = {
                "quantity": row["quantity"],
                "reserved": row["reserved"],
                "entry_fee": row["entry_fee"],
                "stop": row["stop_price"],
                "target": _target(row),
            }
            for name, value in stored.items():
                if due[name] != (None if value is None else Fraction(value)):
                    self.verdict.note(f"trade {trade_id}: {name} {value}, due {due[name]}")

    def _compare_commands(self) -> None:
        """What was said to be done is done, and nothing was done twice for one command."""
        if self._journal is None:
            return
        missing = self._journal.stored_keys() - self._records.keys.keys()
        self.verdict.lost += len(missing)
        seen = Counter(_mark(stored) for stored in self._records.orders)
        seen.update(("edit", edit.key) for edit in self._records.edits)
        resets = sum(row["kind"] == "account_reset" for row in self._records.keys.values())
        users = {row["user_id"] for row in self._records.accounts}
        if len(self._records.accounts) != len(users) + resets:
            self.verdict.note(f"{len(self._records.accounts)} accounts after {resets} resets")
        again = {mark: count for mark, count in seen.items() if mark is not None and count > 1}
        self.verdict.doubled += sum(again.values()) - len(again)
        for mark in [*missing, *again]:
            self.verdict.note(f"command {mark} was lost or carried out twice")
        self.verdict.counts |= {"commands": len(self._wishes), "resets": resets}


def _mark(stored: StoredOrder) -> object:
    """Return what tells one command from every other in the order that it led to."""
    order = stored.order
    if isinstance(order, EntryOrder):
        return order.user_id, order.size.amount
    return None if order.share == 1 else (order.user_id, order.trade_id, order.share)


def _command(edit: ExitsSet, wish: Wish) -> SetExits:
    trade = edit.trade
    place = Place(trade.symbol, trade.after_id, 0, True, "0", 0)
    stop, target = (UNSET if one == KEEP else level(one) for one in (wish.stop, wish.target))
    return SetExits(wish.key, wish.user_id, wish.trade_id, place, stop, target)


def _in_words(fill: Row) -> tuple:
    money = (Fraction(fill["amount"]), Fraction(fill["fee"]))
    where = (fill["print_id"], Fraction(fill["price"]), fill["booked_at_ms"])
    if fill["kind"] == "entry":
        return ("opened", fill["trade_id"], *where, Fraction(fill["quantity"]), *money)
    trigger = fill["trigger_price"]
    level_hit = None if trigger is None else Fraction(trigger)
    return (
        *("exited", fill["trade_id"], fill["reason"], level_hit),
        *where,
        *(Fraction(fill["quantity"]), *money, Fraction(fill["pnl"]), Fraction(fill["forgiven"])),
    )


def _event(line: tuple) -> tuple:
    """Return what identifies a fill: where it happened and why, without its money."""
    return line[:3] if line[0] == "opened" else (line[0], line[1], line[2], line[4])


def _target(row: Row) -> Decimal | None:
    rungs = json.loads(row["targets"])
    return Decimal(rungs[-1][1]) if rungs else None


def _moved(line: tuple) -> Fraction:
    """Return what a fill moves on the balance."""
    return line[6] - line[7] if line[0] == "opened" else line[8] - line[9]


def _decimal(exact: Fraction) -> Decimal:
    return Decimal(exact.numerator) / Decimal(exact.denominator)
