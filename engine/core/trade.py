"""A trade as a value: one user's round trip, with its exits and the money bound in it."""

from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from engine.core.instrument import Direction, Route
from engine.core.numbers import ZERO


class ExitReason(StrEnum):
    """Why a quantity was closed (RULES 5)."""

    STOP_LOSS = "stop_loss"
    TRAILING_STOP = "trailing_stop"
    BREAK_EVEN = "break_even"
    TARGET_STOP = "target_stop"
    TAKE_PROFIT = "take_profit"
    TIME_EXIT = "time_exit"
    MANUAL = "manual"
    SIGNAL = "signal"
    COPY_LEADER = "copy_leader"
    COPY_STOP = "copy_stop"
    LIQUIDATION = "liquidation"
    ACCOUNT_RESET = "account_reset"
    DELISTED = "delisted"
    ADMIN = "admin"


class Target(Struct, frozen=True, array_like=True):
    """One rung of the ladder: `number` counts from 1 by price, `share` is a ratio of the whole."""

    number: int
    price: Decimal
    share: Decimal


class Trade(Struct, frozen=True, array_like=True):
    """An open (or just closed) trade, in the order in which the store writes its line.

    `revision` counts its effects; `after_id` is the last print that its state accounts for;
    `reserved` and `entry_fee` belong to the open quantity, in the account's currency;
    `entry_price` is the average in quote; `rate` is the entry's, quote to account currency;
    `liquidation_price` is a short's, in quote, recomputed at every entry fill (RULES 2).
    """

    id: int
    user_id: int
    account_id: int
    symbol: str
    direction: Direction
    revision: int
    after_id: int
    opened_at_ms: int
    quantity: Decimal
    entry_price: Decimal
    reserved: Decimal
    entry_fee: Decimal
    fee_rate: Decimal
    rate: Decimal
    route: Route
    liquidation_price: Decimal | None = None
    stop_price: Decimal | None = None
    targets: tuple[Target, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether any quantity is left."""
        return self.quantity > ZERO

    @property
    def is_long(self) -> bool:
        """Whether it earns when the price rises."""
        return self.direction is Direction.LONG


class Fill(Struct, frozen=True):
    """One simulated execution with the print that justifies it; money in account currency.

    `amount` is what the fill moves on the balance before its fee (entry negative, exit
    positive); `pnl` is an exit's result with both fees, 0 on an entry; `released` is the
    reserve that an exit frees; `forgiven` is a liquidation's uncovered rest.
    `booked_at_ms` differs from `print_time_ms` when a quiet tape fills at the deadline.
    """

    quantity: Decimal
    price: Decimal
    rate: Decimal
    amount: Decimal
    fee: Decimal
    booked_at_ms: int
    print_id: int
    print_price: Decimal
    print_time_ms: int
    reason: ExitReason | None = None
    trigger_price: Decimal | None = None
    target_number: int | None = None
    pnl: Decimal = ZERO
    released: Decimal = ZERO
    forgiven: Decimal = ZERO
