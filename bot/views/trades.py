"""Trades as people see them: opened, changed, exited, listed, in detail.

Money is in the account's `currency` unless said otherwise; prices are in the instrument's quote;
ratios are ratios (0.02 = 2 %); `*_ms` are venue milliseconds UTC, ages and durations milliseconds.
"""

from decimal import Decimal

from msgspec import Struct

from engine.core.instrument import Direction, Instrument
from engine.core.trade import ExitReason


class Print(Struct, frozen=True, kw_only=True):
    """The venue's print that justifies a fill."""

    id: int
    price: Decimal
    time_ms: int


class Late(Struct, frozen=True, kw_only=True):
    """The silence in which something happened that was found later."""

    since_ms: int
    until_ms: int


class ExitPlan(Struct, frozen=True, kw_only=True):
    """One level of a trade: its price, its distance from the entry and what it would book.

    `ratio` is signed from the trader's side: negative is a loss.
    """

    price: Decimal
    ratio: Decimal
    pnl: Decimal


class OpenedView(Struct, frozen=True, kw_only=True, tag="opened"):
    """A trade was opened. `risk_ratio` is the loss at the stop over equity; None: no stop."""

    number: int
    instrument: Instrument
    direction: Direction
    currency: str
    notional: Decimal
    price: Decimal
    quantity: Decimal
    fee: Decimal
    justified_by: Print
    stop: ExitPlan | None = None
    target: ExitPlan | None = None
    risk_ratio: Decimal | None = None
    liquidation_price: Decimal | None = None
    latency_ms: int | None = None
    late: Late | None = None


class ExitView(Struct, frozen=True, kw_only=True, tag="exit"):
    """A trade was reduced, or closed when `is_closed`. `pnl` is this exit's, both fees included.

    `share` is what this exit closed of what was open; `return_ratio` is `pnl` over the entry
    notional of the closed quantity; `stop_price` and `target_price` are what is left standing.
    """

    number: int
    instrument: Instrument
    direction: Direction
    currency: str
    reason: ExitReason
    is_closed: bool
    share: Decimal
    quantity: Decimal
    entry_price: Decimal
    exit_price: Decimal
    pnl: Decimal
    return_ratio: Decimal
    fee: Decimal
    opened_at_ms: int
    closed_at_ms: int
    justified_by: Print
    trigger_price: Decimal | None = None
    balance: Decimal | None = None
    forgiven: Decimal = Decimal(0)
    stop_price: Decimal | None = None
    target_price: Decimal | None = None
    late: Late | None = None


class ManyClosedView(Struct, frozen=True, kw_only=True, tag="many_closed"):
    """Several trades were closed at one word, in the order in which they were booked."""

    exits: tuple[ExitView, ...]


class OrderWaitingView(Struct, frozen=True, kw_only=True, tag="order_waiting"):
    """An accepted order still waits for its print. `number`: the trade that it closes.

    `is_patient`: the price is stale or trading is halted, so that it may take long.
    """

    instrument: Instrument
    direction: Direction
    number: int | None = None
    price_age_ms: int | None = None
    is_patient: bool = False


class ExitsSetView(Struct, frozen=True, kw_only=True, tag="exits_set"):
    """A stop or target was set, moved or removed (the named plan is None)."""

    number: int
    instrument: Instrument
    direction: Direction
    currency: str
    is_stop: bool
    stop: ExitPlan | None = None
    target: ExitPlan | None = None
    price: Decimal | None = None


class TradeRow(Struct, frozen=True, kw_only=True):
    """One open trade in a list; `pnl` is what closing now would book, None without a price."""

    number: int
    instrument: Instrument
    direction: Direction
    pnl: Decimal | None = None
    return_ratio: Decimal | None = None
    price: Decimal | None = None
    price_age_ms: int | None = None
    stop_distance_ratio: Decimal | None = None
    target_distance_ratio: Decimal | None = None


class WaitingRow(Struct, frozen=True, kw_only=True):
    """One waiting order in a list; `number`: the trade that it closes."""

    instrument: Instrument
    direction: Direction
    received_at_ms: int
    number: int | None = None


class TradesView(Struct, frozen=True, kw_only=True, tag="trades"):
    """The open trades now. `is_live`: every price is fresh. `page`: the one that a chat shows."""

    rows: tuple[TradeRow, ...]
    currency: str
    pnl: Decimal
    equity: Decimal
    at_ms: int
    is_live: bool = True
    waiting: tuple[WaitingRow, ...] = ()
    page: int = 1


class FillRow(Struct, frozen=True, kw_only=True):
    """One fill of a trade; `reason` is None for an entry."""

    quantity: Decimal
    price: Decimal
    fee: Decimal
    booked_at_ms: int
    justified_by: Print
    reason: ExitReason | None = None
    pnl: Decimal = Decimal(0)
    trigger_price: Decimal | None = None
    rate: Decimal = Decimal(1)


class TradeView(Struct, frozen=True, kw_only=True, tag="trade"):
    """One trade in detail. `pnl` of an open trade: what closing now would book, plus `realized`."""

    number: int
    instrument: Instrument
    direction: Direction
    currency: str
    is_open: bool
    quantity: Decimal
    notional: Decimal
    entry_price: Decimal
    opened_at_ms: int
    fills: tuple[FillRow, ...]
    realized_pnl: Decimal = Decimal(0)
    pnl: Decimal | None = None
    return_ratio: Decimal | None = None
    price: Decimal | None = None
    price_age_ms: int | None = None
    stop: ExitPlan | None = None
    target: ExitPlan | None = None
    liquidation_price: Decimal | None = None
    closed_at_ms: int | None = None
