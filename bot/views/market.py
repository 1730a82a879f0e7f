"""Prices, the feed and the desk's own state.

Money is in the account's `currency` unless said otherwise; prices are in the instrument's quote;
ratios are ratios (0.02 = 2 %); `*_ms` are venue milliseconds UTC, ages and durations milliseconds.
"""

from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from engine.core.instrument import Instrument


class PriceView(Struct, frozen=True, kw_only=True, tag="price"):
    """A coin's last print; `price` is None when none was seen yet."""

    instrument: Instrument
    price: Decimal | None = None
    age_ms: int | None = None
    print_id: int | None = None
    is_fresh: bool = False


class FeedState(StrEnum):
    """How the connection to the venue is."""

    LIVE = "live"
    CONNECTING = "connecting"
    CATCHING_UP = "catching_up"
    OFFLINE = "offline"


class FeedView(Struct, frozen=True, kw_only=True, tag="feed"):
    """The venue cannot be reached, or can again (`away_ms`: after how long); once per change."""

    state: FeedState
    away_ms: int | None = None


class FeedRow(Struct, frozen=True, kw_only=True):
    """One watched symbol: its newest print."""

    symbol: str
    last_id: int | None = None
    age_ms: int | None = None
    is_fresh: bool = False


class CaughtUp(Struct, frozen=True, kw_only=True):
    """What the last start found on the tape of the time before it."""

    since_ms: int
    until_ms: int
    prints: int
    fills: int


class StatusView(Struct, frozen=True, kw_only=True, tag="status"):
    """How feed, database and engine are."""

    feed: FeedState
    rows: tuple[FeedRow, ...]
    database_is_up: bool
    open_count: int
    started_at_ms: int
    now_ms: int
    database: str | None = None
    database_latency_ms: int | None = None
    waiting_count: int = 0
    clock_offset_ms: int | None = None
    caught_up: CaughtUp | None = None


GROUP_HELLO = "group-hello"


class HelpView(Struct, frozen=True, kw_only=True, tag="help"):
    """The one screen that teaches by examples, or what there is to a command.

    With GROUP_HELLO it is what a group is told when we come in.
    """

    topic: str | None = None
