"""Every no: by the grammar, by a use case, by the engine, by the tape."""

from enum import StrEnum

from msgspec import Struct

from bot.grammar.requests import Misread
from engine.core.commands import Refusal
from engine.core.instrument import Direction, Instrument


class OrderFailedView(Struct, frozen=True, kw_only=True, tag="order_failed"):
    """An accepted order ended without a fill. `number`: the trade that it was to close.

    `retry` is a line that would work, when there is one.
    """

    instrument: Instrument
    direction: Direction
    refusal: Refusal
    currency: str
    number: int | None = None
    retry: str | None = None


class RefusedView(Struct, frozen=True, kw_only=True, tag="refused"):
    """The engine said no. `retry` is a line that would work, when there is one.

    `of_alert`: it was an alert that was asked for.
    """

    refusal: Refusal
    currency: str
    instrument: Instrument | None = None
    direction: Direction | None = None
    number: int | None = None
    retry: str | None = None
    of_alert: bool = False


class ProblemCode(StrEnum):
    """Why a use case could not even ask the engine."""

    UNKNOWN_COIN = "unknown_coin"
    COIN_MISSING = "coin_missing"
    AMOUNT_MISSING = "amount_missing"
    NO_OPEN_TRADES = "no_open_trades"
    NO_SUCH_TRADE = "no_such_trade"
    TRADE_CLOSED = "trade_closed"
    COIN_NOT_OPEN = "coin_not_open"
    NO_WINNERS = "no_winners"
    NO_LOSERS = "no_losers"
    NO_PRICE = "no_price"
    NO_FEED = "no_feed"
    SIZE_UNIT = "size_unit"
    LEVEL_UNIT = "level_unit"
    BAD_TIMEZONE = "bad_timezone"
    NOTHING_TO_CONFIRM = "nothing_to_confirm"
    EXPIRED = "expired"
    FORMER = "former"
    NOT_STARTED = "not_started"
    CATCHING_UP = "catching_up"
    TRY_AGAIN = "try_again"
    DATABASE_AWAY = "database_away"
    TOO_FAST = "too_fast"
    NOT_SAVED = "not_saved"
    INTERNAL = "internal"
    PAUSED = "paused"
    NOT_YOURS = "not_yours"
    NOT_ALLOWED = "not_allowed"
    NO_PLAN = "no_plan"
    PRACTICE_RUNS = "practice_runs"
    PRACTICED = "practiced"
    NO_TRADE_YET = "no_trade_yet"
    NO_CANDLES = "no_candles"
    STILL_OPEN = "still_open"
    BREAK_EVEN_TOO_EARLY = "break_even_too_early"
    NOT_LINKED = "not_linked"
    LINK_WRONG = "link_wrong"
    LINK_TRIES = "link_tries"
    LINK_SELF = "link_self"
    LINK_OPEN = "link_open"
    IN_PRIVATE = "in_private"
    ONLY_IN_GROUP = "only_in_group"
    SHARE_CLOSED = "share_closed"
    QUOTA = "quota"
    ALERT_QUOTA = "alert_quota"
    NO_SUCH_ALERT = "no_such_alert"


class ProblemView(Struct, frozen=True, kw_only=True, tag="problem"):
    """An expected no of a use case: a code, its placeholders as text, one line that works.

    Placeholders: `coin` (unknown_coin, coin_not_open, no_price, no_feed, no_candles), `number`
    (no_such_trade, trade_closed, still_open), `unit` and `pair` (size_unit, level_unit),
    `quote` (level_unit), `name` (bad_timezone; not_saved: the folder; not_yours: who may; no_plan:
    the plan), `price` and `now` (break_even_too_early: numbers, in the grain of `instrument`),
    `seconds` (too_fast, link_tries), `limit` (quota, alert_quota).
    """

    code: ProblemCode
    facts: dict[str, str] = {}
    suggestion: str | None = None
    instrument: Instrument | None = None


class MisreadView(Struct, frozen=True, kw_only=True, tag="misread"):
    """A line was not understood. `locale` is that of the line; empty: its reader's own."""

    misread: Misread
    locale: str = ""
