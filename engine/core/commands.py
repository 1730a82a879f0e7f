"""What people ask of the vigil. Each carries an idempotency key and its place on the tape."""

from decimal import Decimal
from enum import StrEnum

from msgspec import UNSET, Struct, UnsetType

from engine.core.alerts import Crossing
from engine.core.events import Place
from engine.core.orders import CloseOrder, EntryOrder, Level


class PlaceEntry(Struct, frozen=True):
    """Open a trade at the next print."""

    key: str
    order: EntryOrder
    place: Place


class PlaceClose(Struct, frozen=True):
    """Close a share of a trade at the next print."""

    key: str
    order: CloseOrder
    place: Place


class SetExits(Struct, frozen=True):
    """Set, move or remove (None) the fixed stop or the target; what is UNSET stays as it is."""

    key: str
    user_id: int
    trade_id: int
    place: Place
    stop: Level | UnsetType | None = UNSET
    target: Level | UnsetType | None = UNSET


class CancelOrder(Struct, frozen=True):
    """Take back an order that still waits."""

    key: str
    user_id: int
    order_id: int
    symbol: str


class PlaceAlert(Struct, frozen=True):
    """Tell once when a symbol reaches `price`; which way it has to go is known by its place.

    `crossing` is the way that was meant: the price may have passed the level meanwhile.
    """

    key: str
    alert_id: int
    user_id: int
    price: Decimal
    place: Place
    crossing: Crossing | None = None


class RemoveAlert(Struct, frozen=True):
    """Take back an alert that has not fired."""

    key: str
    user_id: int
    alert_id: int
    symbol: str


class ResetAccount(Struct, frozen=True):
    """Close every open trade at its last price, cancel orders, open a new account (RULES 2).

    `trades` and `orders` map ids to symbols as the store listed them; the store refuses the whole
    when it finds another one still open.
    """

    key: str
    user_id: int
    account_id: int
    now_ms: int
    currency: str
    starting_balance: Decimal
    trades: dict[int, str]
    orders: dict[int, str]


Command = PlaceEntry | PlaceClose | SetExits | CancelOrder | PlaceAlert | RemoveAlert | ResetAccount


class RefusalCode(StrEnum):
    """Why a command was not accepted, or an order ended without a fill."""

    NOT_TRADING = "not_trading"
    STALE_PRICE = "stale_price"
    STALE_RATE = "stale_rate"
    NO_ROUTE = "no_route"
    STOP_WRONG_SIDE = "stop_wrong_side"
    TARGET_WRONG_SIDE = "target_wrong_side"
    BELOW_NOTIONAL_MIN = "below_notional_min"
    BELOW_QUANTITY_MIN = "below_quantity_min"
    BALANCE_TOO_LOW = "balance_too_low"
    SHARE_TOO_SMALL = "share_too_small"
    TRADE_NOT_OPEN = "trade_not_open"
    ORDER_NOT_WAITING = "order_not_waiting"
    ALERT_REACHED = "alert_reached"
    ALERT_NOT_ARMED = "alert_not_armed"
    CANCELED = "canceled"
    TRY_AGAIN = "try_again"
    QUOTA = "quota"


class Refusal(Struct, frozen=True):
    """An expected no, as a value: a code and the numbers that a sentence needs, as text."""

    code: RefusalCode
    facts: dict[str, str] = {}
