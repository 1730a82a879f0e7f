"""Questions: a preview with a yes, or answers to pick from. Nothing is done before one."""

from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from bot.grammar.requests import LevelText, Request
from bot.views.house import BroadcastPreview, Savings
from bot.views.trades import TradeRow
from engine.core.instrument import Instrument

LETTERS = "abcdefghij"
"""What answers a question by one key, its first options in order."""


class Option(Struct, frozen=True, kw_only=True):
    """One answer to a question: what it does, and the line that does the same.

    It is shown as `row` (a trade), `level`, or `label` (neutral text such as `English`); with none
    of them, its request names itself: buy or short.
    """

    request: Request
    line: str
    label: str = ""
    level: LevelText | None = None
    row: TradeRow | None = None


class ChoiceCode(StrEnum):
    """What is asked with several answers."""

    WHICH_TRADE = "which_trade"
    SELL_WHAT = "sell_what"
    SELL_WHOLE = "sell_whole"  # an amount was named that a close cannot have
    PERCENT_MEANT = "percent_meant"
    THOUSANDS_MEANT = "thousands_meant"
    WHICH_READING = "which_reading"
    WHICH_LANGUAGE = "which_language"
    WHICH_CURRENCY = "which_currency"


class ChoiceView(Struct, frozen=True, kw_only=True, tag="choice"):
    """A question with answers to pick from; nothing is done until one is picked.

    Placeholders: `coin` (which_trade), `typed` (percent_meant, thousands_meant,
    which_reading), a number with the decimals that were typed. `currency` is that of the rows'
    results. `line` asks the same again, for a `page` of it that a chat does not show yet.
    """

    code: ChoiceCode
    options: tuple[Option, ...]
    facts: dict[str, str] = {}
    currency: str = "USDT"
    line: str = ""
    page: int = 1


class AskCode(StrEnum):
    """What is asked step by step."""

    COIN = "coin"
    AMOUNT = "amount"
    STOP = "stop"
    TARGET = "target"
    LEVEL_STOP = "level_stop"
    LEVEL_TARGET = "level_target"
    ALERT = "alert"


class AskView(Struct, frozen=True, kw_only=True, tag="ask"):
    """One step of an order that is being put together; `coin` is the one it is about.

    `line` is the order so far and `asked` the steps taken, so that a button can go on without
    any memory; `price` is the coin's last, where it is known, in the grain of `instrument`.
    """

    code: AskCode
    coin: str = ""
    line: str = ""
    asked: tuple[AskCode, ...] = ()
    price: Decimal | None = None
    instrument: Instrument | None = None


class ConfirmKind(StrEnum):
    """What needs a yes."""

    CLOSE = "close"
    RESET = "reset"
    DELETE_ME = "delete_me"
    OPEN = "open"
    LINK = "link"
    BROADCAST = "broadcast"


class ConfirmView(Struct, frozen=True, kw_only=True, tag="confirm"):
    """A preview and a question; `on_yes` is what a yes asks for, already confirmed.

    CLOSE: `rows` are what it closes, `pnl` their sum now, `share` how much of each, `page` the
    one of the rows that a chat shows. RESET:
    `starting_balance`, `open_count`. OPEN: the `on_yes` request itself is the preview, with
    `pair`, `instrument` and `price` when they are known; an empty `currency` is the account's.
    LINK: `savings` are left behind. BROADCAST: `broadcast` is what would be sent.
    """

    kind: ConfirmKind
    on_yes: Request
    currency: str
    rows: tuple[TradeRow, ...] = ()
    pnl: Decimal | None = None
    share: Decimal = Decimal(1)
    page: int = 1
    starting_balance: Decimal | None = None
    open_count: int = 0
    pair: str | None = None
    price: Decimal | None = None
    instrument: Instrument | None = None
    savings: Savings | None = None
    broadcast: BroadcastPreview | None = None
