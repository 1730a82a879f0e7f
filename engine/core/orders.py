"""Instructions that wait for their print: entries and closes, as they are stored."""

from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from engine.core.instrument import Direction, Route
from engine.core.trade import ExitReason


class SizeUnit(StrEnum):
    """What an entry's size is counted in."""

    ACCOUNT = "account"
    QUOTE = "quote"
    BASE = "base"


class Size(Struct, frozen=True, array_like=True):
    """How much to open: a notional in account or quote currency, or a quantity of base."""

    amount: Decimal
    unit: SizeUnit = SizeUnit.ACCOUNT


class Level(Struct, frozen=True, array_like=True):
    """Where an exit stands: an absolute price, or a ratio of the entry (0.02 = 2 %, always > 0).

    A ratio is always against the trader for a stop and in his favor for a target.
    """

    price: Decimal | None = None
    ratio: Decimal | None = None


class EntryOrder(Struct, frozen=True, tag="entry"):
    """A market entry. The trade that it opens bears the order's id.

    `after_id` is its place on the tape, `received_at_ms` the venue time of receipt: it fills at
    the first print with a higher id within 3 s, else at the last one before (RULES 3).
    """

    id: int
    user_id: int
    account_id: int
    symbol: str
    after_id: int
    received_at_ms: int
    direction: Direction
    size: Size
    fee_rate: Decimal
    route: Route
    stop: Level | None = None
    target: Level | None = None


class CloseOrder(Struct, frozen=True, tag="close"):
    """A market close of `share` (0 < share <= 1) of what is open when it fills.

    `is_patient`: the price was stale or the symbol not trading at acceptance, so that it waits
    for the first print, however late, instead of filling at the deadline (RULES 3).
    """

    id: int
    user_id: int
    account_id: int
    symbol: str
    after_id: int
    received_at_ms: int
    trade_id: int
    share: Decimal
    reason: ExitReason = ExitReason.MANUAL
    is_patient: bool = False


WaitingOrder = EntryOrder | CloseOrder

FILL_WINDOW_MS = 3_000
"""A market order takes the first print within this time of its receipt (RULES 3)."""

PRICE_AGE_MAX_MS = 60_000
"""An entry or its conversion rate may not rest on a price older than this (RULES 2, 3)."""

RATE_LAG_MS = 1_000
"""A rate counts when its print is at least this much older than the fill (RULES 2)."""
