"""What is drawn: a coin's candles with one's own trade on them, and a closed trade's card.

Prices are in the instrument's quote, money in the account's `currency`, ratios are ratios, times
venue milliseconds UTC. A picture is made from its view alone, so the wrong chart cannot appear.
"""

from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from engine.core.instrument import Direction, Instrument
from engine.core.trade import ExitReason


class Candle(Struct, frozen=True):
    """One bar of the venue; the last of a series may still be open."""

    open_ms: int
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal


class MarkKind(StrEnum):
    """What a fill was."""

    ENTRY = "entry"
    PARTIAL = "partial"
    EXIT = "exit"


class Mark(Struct, frozen=True):
    """One fill on a chart. `number`: which partial, from 1; 0 otherwise.

    `trade` names whose it is where others are beside it, 0 for the trade that the chart is of.
    """

    kind: MarkKind
    time_ms: int
    price: Decimal
    number: int = 0
    trade: int = 0


class LevelKind(StrEnum):
    """What a line on a chart stands for."""

    ENTRY = "entry"
    STOP = "stop"
    TARGET = "target"


class Step(Struct, frozen=True):
    """A level from an instant on; None: it was removed then."""

    time_ms: int
    price: Decimal | None


class ChartLevel(Struct, frozen=True):
    """One level with its moves, oldest first. `number`: which target, from 1; 0 otherwise.

    `trade` is that of a mark.
    """

    kind: LevelKind
    steps: tuple[Step, ...]
    number: int = 0
    trade: int = 0


class Theme(StrEnum):
    """The colors of a picture: dark for chats, light for e-mail and print."""

    DARK = "dark"
    LIGHT = "light"


class ChartView(Struct, frozen=True, kw_only=True, tag="chart"):
    """A coin's candles. `number` and `direction` name the trade that is drawn on them, if any.

    `is_of_coin`: the coin was asked for; `trades` are then the open ones that are drawn, the last
    of `trade_count`, and more than one have no `number`.
    `is_invented`: the prices are those of the demo or of practice, and labeled so.
    """

    instrument: Instrument
    interval: str
    candles: tuple[Candle, ...]
    currency: str
    zone: str
    price: Decimal | None = None
    marks: tuple[Mark, ...] = ()
    levels: tuple[ChartLevel, ...] = ()
    number: int | None = None
    direction: Direction | None = None
    trades: tuple[int, ...] = ()
    trade_count: int = 0
    is_of_coin: bool = False
    is_invented: bool = False
    theme: Theme = Theme.DARK


class CardView(Struct, frozen=True, kw_only=True, tag="card"):
    """A closed trade as a picture worth showing. `pnl` is None where its owner hides money.

    `r_multiple` is the result over what the first stop risked, None without a stop. `interval` is
    that of the candles (about 60 around the trade). `place` is the group it is shown in.
    """

    number: int
    instrument: Instrument
    direction: Direction
    currency: str
    name: str
    return_ratio: Decimal
    entry_price: Decimal
    exit_price: Decimal
    opened_at_ms: int
    closed_at_ms: int
    reason: ExitReason
    zone: str
    interval: str
    candles: tuple[Candle, ...] = ()
    marks: tuple[Mark, ...] = ()
    pnl: Decimal | None = None
    r_multiple: Decimal | None = None
    place: str = ""
    is_invented: bool = False
    is_shared: bool = False
    theme: Theme = Theme.DARK
