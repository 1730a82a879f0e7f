"""What the database tells the side of people: plain values. Times are ms UTC."""

from decimal import Decimal

from msgspec import Struct

from engine.core.effects import Effect
from engine.core.orders import EntryOrder, WaitingOrder
from engine.core.trade import ExitReason, Fill, Trade


class Person(Struct, frozen=True, kw_only=True):
    """A user with his settings and his open account.

    `confirm` is always, buttons or never; `card_money` shown or hidden; `theme` dark or light.
    `name`: what he was called in the chat he was looked up by; empty when nobody knows.
    `since_ms`: since when that chat is on this account; 0 when he was not looked up by a chat.
    """

    user_id: int
    locale: str
    zone: str
    account_id: int
    currency: str
    starting_balance: Decimal
    balance: Decimal
    confirm: str = "buttons"
    card_money: str = "hidden"
    theme: str = "dark"
    name: str = ""
    since_ms: int = 0


class Channel(Struct, frozen=True, kw_only=True):
    """One chat of a person. `is_told`: alerts go there; `gone_reason`: why none can."""

    platform: str
    id: str
    is_told: bool = True
    gone_reason: str | None = None

    @property
    def name(self) -> str:
        """The channel as deliveries know it: `telegram:123`."""
        return f"{self.platform}:{self.id}"


class StoredPlan(Struct, frozen=True, kw_only=True):
    """A saved plan, its parts as they were typed, in the words of `en` (`500`, `2%`)."""

    name: str
    size: str | None = None
    stop: str | None = None
    target: str | None = None


class Parked(Struct, frozen=True, kw_only=True):
    """A request put aside for one person: the line that asks for it."""

    line: str
    room_id: str = ""


class LinkTry(Struct, frozen=True, kw_only=True):
    """What a link code came to. `outcome`: found, wrong, too_many, self, open (trades are open).

    For `found`: whose account it is (`user_id`), which chat made the code, and what this chat's
    own account would leave behind (None: it has none).
    """

    outcome: str
    user_id: int | None = None
    channel: str = ""
    left: Person | None = None
    left_closed_count: int = 0


class RoomSettings(Struct, frozen=True, kw_only=True):
    """What holds in a group or server. `locale` None follows each speaker's own."""

    locale: str | None = None
    cooldown_seconds: int = 0


class EntryRecord(Struct, frozen=True, kw_only=True):
    """How a trade was asked for: its entry order, and the trade's number."""

    number: int
    order: EntryOrder


class LiveRecord(Struct, frozen=True, kw_only=True):
    """A live list that is shown somewhere, so that the next process keeps it alive or ends it."""

    platform: str
    chat_id: str
    message_id: str
    topic: str
    platform_user_id: str
    line: str
    until_ms: int


class HouseCounts(Struct, frozen=True, kw_only=True):
    """How much there is in the whole house, for its host."""

    people: int
    open_trades: int
    waiting_orders: int
    pending_deliveries: int
    dead_deliveries: int


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


class Broadcast(Struct, frozen=True, kw_only=True, tag="broadcast"):
    """What a host tells everybody: a notice that follows from no effect."""

    text: str


class Notice(Struct, frozen=True, kw_only=True):
    """One thing to tell a user. `number`: the trade's, `balance`: right after the effect.

    `currency` is that of the account concerned, for a broadcast that of the open one.
    """

    id: int
    user_id: int
    effect: Effect | Broadcast
    currency: str
    decided_at_ms: int
    number: int | None = None
    balance: Decimal | None = None
    late_since_ms: int | None = None
