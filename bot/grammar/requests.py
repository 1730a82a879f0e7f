"""What can be asked, as values: what was understood, never whether it can be done."""

from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from bot.grammar.alert_requests import ListAlerts, RemoveAlerts, SetAlert
from bot.grammar.parts import LevelText, SizeText
from engine.core.instrument import Direction


class Off(Struct, frozen=True):
    """Remove the stop or target."""


OFF = Off()


class BreakEven(Struct, frozen=True):
    """The stop at which closing costs nothing, both fees paid (RULES 8)."""


BREAK_EVEN = BreakEven()


class ByNumber(Struct, frozen=True, tag="number"):
    """A trade by its owner's number (`#47`, `47`)."""

    number: int


class ByCoin(Struct, frozen=True, tag="coin"):
    """The one open trade of a coin or pair; `text` is upper case without separators."""

    text: str


class Group(StrEnum):
    """Several open trades at once."""

    ALL = "all"
    WINNERS = "winners"
    LOSERS = "losers"


Target = ByNumber | ByCoin


class Start(Struct, frozen=True, tag="start"):
    """Begin, or greet again; `currency` is USDT or BRL once it was chosen.

    `language` is `en` or `pt-BR` once a stranger chose it; `ticket` names a parked request that is
    to be resumed (a deep link from a group).
    """

    currency: str | None = None
    language: str | None = None
    ticket: str | None = None


class Menu(Struct, frozen=True, tag="menu"):
    """Show what can be done from here, as buttons."""


class Help(Struct, frozen=True, tag="help"):
    """Teach, in one screen."""

    topic: str | None = None


class Price(Struct, frozen=True, tag="price"):
    """Tell a coin's last price."""

    symbol: str | None = None


class Open(Struct, frozen=True, tag="open"):
    """Open a trade at the market. What is None was not typed; `symbol` is upper case.

    `plan` names the saved plan that fills what was not typed; without one, and without an amount,
    the plan named `default` does. `is_asking`: show it and ask before anything is done.
    """

    direction: Direction
    symbol: str | None = None
    size: SizeText | None = None
    stop: LevelText | None = None
    target: LevelText | None = None
    plan: str | None = None
    is_asking: bool = False


class SellPicker(Struct, frozen=True, tag="sell_picker"):
    """Ask whether to sell what is held or to go short (`/sell` never shorts by itself)."""

    symbol: str | None = None
    size: SizeText | None = None


class ListTrades(Struct, frozen=True, tag="list_trades"):
    """List the open trades and waiting orders; `page`, from 1, is the one that a chat shows."""

    page: int = 1


class ShowTrade(Struct, frozen=True, tag="show_trade"):
    """Show one trade, open or closed, with its fills."""

    target: Target


class SetStop(Struct, frozen=True, tag="set_stop"):
    """Set, move or remove a stop; None: not typed, so it is to be asked."""

    target: Target | None = None
    level: LevelText | Off | BreakEven | None = None


class SetTarget(Struct, frozen=True, tag="set_target"):
    """Set, move or remove a target; None: not typed, so it is to be asked."""

    target: Target | None = None
    level: LevelText | Off | None = None


class Close(Struct, frozen=True, tag="close"):
    """Close `share` (a ratio, 0 < share <= 1) of one trade or of each of a group.

    `is_asking`: preview and ask, whatever it is (a button does, unless the owner set otherwise).
    """

    target: Target | Group | None = None
    share: Decimal = Decimal(1)
    is_asking: bool = False


class CloseMany(Struct, frozen=True, tag="close_many"):
    """Close `share` of exactly these trades: a confirmed group. Nobody can type it."""

    numbers: tuple[int, ...]
    share: Decimal = Decimal(1)


class PreviewMany(Struct, frozen=True, tag="preview_many"):
    """Show a page of what a confirmed group would close, and ask again. Nobody can type it."""

    numbers: tuple[int, ...]
    share: Decimal = Decimal(1)
    page: int = 1


class PickPage(Struct, frozen=True, tag="pick_page"):
    """Show a page of the trades that `line` could mean; whatever the line is, nothing is done.

    `line` is in the words of `en`: a close, a stop, a target, a look or a sale. Nobody can type it.
    """

    line: str
    page: int


class Again(Struct, frozen=True, tag="again"):
    """Open a trade like this one, or like the last: coin, direction, amount, exits in percent."""

    target: Target | None = None
    is_asking: bool = False


class Plan(Struct, frozen=True, tag="plan"):
    """List the saved plans (no name), show one (a name alone), save or remove one.

    `page`, from 1, is the one of the list that a chat shows.
    """

    name: str | None = None
    size: SizeText | None = None
    stop: LevelText | None = None
    target: LevelText | None = None
    is_removed: bool = False
    page: int = 1


class Chart(Struct, frozen=True, tag="chart"):
    """Draw a coin's candles with one's own entries, stop and target; None: by the trade or 1h."""

    symbol: str | None = None
    interval: str | None = None
    target: Target | None = None


class Card(Struct, frozen=True, tag="card"):
    """Draw a trade's card, for its owner; None: the last that was closed."""

    target: Target | None = None


class Share(Struct, frozen=True, tag="share"):
    """Show a trade's card in the chat where this is asked."""

    target: Target | None = None


class Practice(Struct, frozen=True, tag="practice"):
    """Play one minute of a trade's life on generated prices, with no money of the account."""


class Link(Struct, frozen=True, tag="link"):
    """Get a code that joins another chat to this account; with a code, join that account."""

    code: str | None = None
    is_confirmed: bool = False


class Unlink(Struct, frozen=True, tag="unlink"):
    """Take a chat off this account again. Nobody can type it."""

    channel: str


class Settings(Struct, frozen=True, tag="settings"):
    """Show the settings (no name), or set one: the values are those of `SettingsView`."""

    name: str | None = None
    value: str | None = None


class GroupSettings(Struct, frozen=True, tag="group"):
    """Show or set what holds in this group or server: `language` (en, pt-BR), `cooldown` (s)."""

    name: str | None = None
    value: str | None = None


class Admin(Struct, frozen=True, tag="admin"):
    """What a host asks: `health`, `pause`, `resume`, `broadcast` with its text."""

    action: str = "health"
    text: str = ""
    is_confirmed: bool = False


class Balance(Struct, frozen=True, tag="balance"):
    """Tell balance, reserve and equity."""


class Pnl(Struct, frozen=True, tag="pnl"):
    """Tell the results of today, 7 days and all time."""


class History(Struct, frozen=True, tag="history"):
    """List closed trades, newest first; pages count from 1."""

    page: int = 1


class Reset(Struct, frozen=True, tag="reset"):
    """Start over with a new account."""

    is_confirmed: bool = False


class DeleteMe(Struct, frozen=True, tag="delete_me"):
    """Forget the person; the sums stay."""

    is_confirmed: bool = False


class Export(Struct, frozen=True, tag="export"):
    """Hand out all of one's own data."""


class Language(Struct, frozen=True, tag="language"):
    """Change the language to `en` or `pt-BR`; None asks."""

    code: str | None = None


class Timezone(Struct, frozen=True, tag="timezone"):
    """Change the time zone; `name` is as typed (spaces as underscores), None tells the present."""

    name: str | None = None


class Status(Struct, frozen=True, tag="status"):
    """Tell how feed, database and engine are."""


class Wait(Struct, frozen=True, tag="wait"):
    """Let time pass in a script: seconds, 0 to 86,400."""

    seconds: float


class Yes(Struct, frozen=True, tag="yes"):
    """Do what was asked about."""


class No(Struct, frozen=True, tag="no"):
    """Do not, and forget the question."""


class Quit(Struct, frozen=True, tag="quit"):
    """Leave the terminal; the vigil goes on only while the program runs."""


Request = (
    Start
    | Help
    | Price
    | Open
    | SellPicker
    | ListTrades
    | ShowTrade
    | SetStop
    | SetTarget
    | Close
    | CloseMany
    | PreviewMany
    | PickPage
    | Again
    | Plan
    | Chart
    | Card
    | Share
    | SetAlert
    | RemoveAlerts
    | ListAlerts
    | Practice
    | Link
    | Unlink
    | Settings
    | GroupSettings
    | Admin
    | Menu
    | Balance
    | Pnl
    | History
    | Reset
    | DeleteMe
    | Export
    | Language
    | Timezone
    | Status
    | Wait
    | Yes
    | No
    | Quit
)


class MisreadCode(StrEnum):
    """Why a line was not understood."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    ODD_CHARACTER = "odd_character"
    NO_TEXT = "no_text"
    UNKNOWN_COMMAND = "unknown_command"
    NOT_YET = "not_yet"
    NO_LEVERAGE = "no_leverage"
    BAD_NUMBER = "bad_number"
    BAD_COIN = "bad_coin"
    BAD_TARGET = "bad_target"
    BAD_SHARE = "bad_share"
    BAD_SIGN = "bad_sign"
    NO_SIGN = "no_sign"
    PERCENT_TOO_LARGE = "percent_too_large"
    MISSING_LEVEL = "missing_level"
    TWICE = "twice"
    AMOUNT_BEFORE_COIN = "amount_before_coin"
    EXTRA_WORD = "extra_word"
    BAD_LANGUAGE = "bad_language"
    BAD_TIMEZONE = "bad_timezone"
    BAD_PERIOD = "bad_period"
    BAD_INTERVAL = "bad_interval"
    BAD_PLAN_NAME = "bad_plan_name"
    BAD_CODE = "bad_code"
    BAD_SETTING = "bad_setting"
    MISSING_TEXT = "missing_text"


class Misread(Struct, frozen=True):
    """A line that was not understood, so that nothing of it is done.

    `facts` hold what was read (short, printable); `suggestion` is a line that would be understood.
    """

    code: MisreadCode
    facts: dict[str, str] = {}
    suggestion: str | None = None
