"""What the database tells the side of people: plain values. Times are ms UTC."""

from decimal import Decimal

from msgspec import Struct

from engine.core.effects import Effect
from engine.core.orders import WaitingOrder
from engine.core.trade import ExitReason, Fill, Trade


class Person(Struct, frozen=True, kw_only=True):
    """A user with his settings and his open account."""

    user_id: int
    locale: str
    zone: str
    account_id: int
    currency: str
    starting_balance: Decimal
    balance: Decimal


class NumberedTrade(Struct, frozen=True, kw_only=True):
    """An open trade with its owner's number."""

    number: int
    trade: Trade


class TradeFile(Struct, frozen=True, kw_only=True):
    """Everything about one trade. `trade.quantity` is 0 when it is closed."""

    number: int
    trade: Trade
    currency: str
    entry_quantity: Decimal
    fills: tuple[Fill, ...]
    closed_at_ms: int | None = None


class ClosedTrade(Struct, frozen=True, kw_only=True):
    """One line of a person's history. `entry_notional` is in account currency, at the entry."""

    number: int
    symbol: str
    trade: Trade
    realized_pnl: Decimal
    entry_notional: Decimal
    exit_reason: ExitReason
    closed_at_ms: int


class Result(Struct, frozen=True, kw_only=True):
    """Realized results of a period: all exits' sum, trades closed, of those with a gain."""

    realized_pnl: Decimal
    closed_count: int
    winner_count: int


class Waiting(Struct, frozen=True, kw_only=True):
    """An order that waits, with the number of the trade that it closes."""

    order: WaitingOrder
    number: int | None = None


class Counts(Struct, frozen=True, kw_only=True):
    """How much there is in the whole house."""

    open_trades: int
    waiting_orders: int


class Notice(Struct, frozen=True, kw_only=True):
    """One thing to tell a user. `number`: the trade's, `balance`: right after the effect."""

    id: int
    user_id: int
    effect: Effect
    currency: str
    decided_at_ms: int
    number: int | None = None
    balance: Decimal | None = None
    late_since_ms: int | None = None
