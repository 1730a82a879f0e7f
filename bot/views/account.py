"""A person's money, results and settings.

Money is in the account's `currency` unless said otherwise; prices are in the instrument's quote;
ratios are ratios (0.02 = 2 %); `*_ms` are venue milliseconds UTC, ages and durations milliseconds.
"""

from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from engine.core.instrument import Direction, Instrument
from engine.core.trade import ExitReason


class BalanceView(Struct, frozen=True, kw_only=True, tag="balance"):
    """The account's money. `start` is what it began with."""

    currency: str
    balance: Decimal
    reserved: Decimal
    unrealized_pnl: Decimal
    equity: Decimal
    start: Decimal
    open_count: int
    is_live: bool = True


class PnlRow(Struct, frozen=True, kw_only=True):
    """Realized results of one period, closed trades and winners counted."""

    realized_pnl: Decimal
    closed_count: int
    winner_count: int


class PnlView(Struct, frozen=True, kw_only=True, tag="pnl"):
    """Results of today (in the user's zone), of 7 days and of the account's whole life."""

    currency: str
    today: PnlRow
    week: PnlRow
    all_time: PnlRow
    unrealized_pnl: Decimal
    open_count: int


class HistoryRow(Struct, frozen=True, kw_only=True):
    """One closed trade."""

    number: int
    instrument: Instrument
    direction: Direction
    pnl: Decimal
    return_ratio: Decimal
    reason: ExitReason
    opened_at_ms: int
    closed_at_ms: int


class HistoryView(Struct, frozen=True, kw_only=True, tag="history"):
    """Closed trades, newest first; pages count from 1."""

    rows: tuple[HistoryRow, ...]
    currency: str
    page: int
    page_count: int


class DoneCode(StrEnum):
    """What was done, where no numbers are needed but the placeholders."""

    RESET = "reset"
    DELETED = "deleted"
    LANGUAGE = "language"
    TIMEZONE = "timezone"
    TIMEZONE_NOW = "timezone_now"
    UNLINKED = "unlinked"
    SHARED = "shared"
    NOT_DONE = "not_done"
    ALREADY_DONE = "already_done"


class DoneView(Struct, frozen=True, kw_only=True, tag="done"):
    """Something without a trade was done. `amount` with `currency`: the new account (RESET).

    Placeholders: `name` (timezone: the IANA name; unlinked, shared: the chat), `count` (reset:
    trades closed).
    """

    code: DoneCode
    facts: dict[str, str] = {}
    amount: Decimal | None = None
    currency: str | None = None


class WelcomeView(Struct, frozen=True, kw_only=True, tag="welcome"):
    """The first words. `currency` and `balance` are None while the currency is to be chosen.

    `languages` are offered first to a stranger whose language is not sure yet; `ticket` is the
    request that he came with, to be resumed once he has an account.
    """

    name: str
    is_new: bool
    currency: str | None = None
    balance: Decimal | None = None
    open_count: int = 0
    choices: tuple[tuple[str, Decimal], ...] = ()
    languages: tuple[str, ...] = ()
    ticket: str | None = None
    is_invented: bool = False


class ExportView(Struct, frozen=True, kw_only=True, tag="export"):
    """One's own data, ready to be handed out: the file's name and its UTF-8 JSON bytes.

    `path` is set when a surface (the terminal) has stored it.
    """

    filename: str
    content: bytes
    path: str | None = None
