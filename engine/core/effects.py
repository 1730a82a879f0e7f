"""What followed from an event or a command: the only things that are ever stored or told.

Effects are stored in the order in which they were decided. Each names the place on the tape
(`after_id`: the last print it accounts for), and each that touches a trade carries the trade as
it is afterwards, whose `revision` is the effect's number.
"""

from decimal import Decimal

from msgspec import Struct

from engine.core.alerts import PriceAlert
from engine.core.commands import RefusalCode
from engine.core.orders import WaitingOrder
from engine.core.trade import Fill, Trade


class Segment(Struct, frozen=True):
    """Highest and lowest print of a symbol with `after_id < id <= last_id` (RULES 7)."""

    symbol: str
    after_id: int
    last_id: int
    high: Decimal
    low: Decimal


class Checkpoint(Struct, frozen=True):
    """Last print of a symbol that was acted on, with the watermark segment that is running.

    `high` and `low` are empty texts while the segment has seen no print.
    """

    symbol: str
    last_id: int
    price: str
    time_ms: int
    segment_after_id: int
    high: str = ""
    low: str = ""


class OrderPlaced(Struct, frozen=True, tag="order_placed"):
    """An accepted market order now waits for its print."""

    order: WaitingOrder
    key: str


class OrderEnded(Struct, frozen=True, tag="order_ended"):
    """A waiting order ended without a fill: failed or canceled, and why."""

    order: WaitingOrder
    code: RefusalCode
    facts: dict[str, str] = {}
    at_ms: int = 0
    key: str | None = None


class TradeOpened(Struct, frozen=True, tag="trade_opened"):
    """A waiting entry filled. `segment` is the watermark segment that ended with it, if any."""

    trade: Trade
    fill: Fill
    segment: Segment | None = None


class TradeExited(Struct, frozen=True, tag="trade_exited"):
    """A trade was reduced, or closed when `trade.quantity` is 0. `order_id`: by which order."""

    trade: Trade
    fill: Fill
    order_id: int | None = None


class ExitsSet(Struct, frozen=True, tag="exits_set"):
    """A trade's stop or target was set by its owner."""

    trade: Trade
    key: str


class AlertPlaced(Struct, frozen=True, tag="alert_placed"):
    """Somebody is to be told when a price is reached."""

    alert: PriceAlert
    key: str


class AlertFired(Struct, frozen=True, tag="alert_fired"):
    """A print reached the level of an alert, which ends with it."""

    alert: PriceAlert
    print_id: int
    price: Decimal
    time_ms: int


class AlertEnded(Struct, frozen=True, tag="alert_ended"):
    """An alert ended without being reached: taken back (`key`), or its symbol is gone."""

    alert: PriceAlert
    code: RefusalCode
    at_ms: int
    key: str | None = None


class AccountReset(Struct, frozen=True, tag="account_reset"):
    """All of an account's trades closed, its orders canceled, a new account opened: one whole."""

    key: str
    user_id: int
    account_id: int
    currency: str
    starting_balance: Decimal
    at_ms: int
    exits: tuple[TradeExited, ...] = ()
    orders: tuple[int, ...] = ()


AlertEffect = AlertPlaced | AlertFired | AlertEnded
Effect = (
    OrderPlaced | OrderEnded | TradeOpened | TradeExited | ExitsSet | AlertEffect | AccountReset
)
