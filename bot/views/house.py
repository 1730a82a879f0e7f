"""Settings, plans, linking, practice, groups and the host's own view.

Times are venue milliseconds UTC, spans milliseconds, ratios ratios.
"""

from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from bot.grammar.requests import LevelText, SizeText
from bot.views.market import CaughtUp


class MenuView(Struct, frozen=True, kw_only=True, tag="menu"):
    """What can be done from here. `is_new`: no trade was ever opened, so the first is offered.

    `currency` is the account's: the first trade is counted in it.
    """

    open_count: int = 0
    is_new: bool = False
    currency: str = "USDT"


class PlanRow(Struct, frozen=True, kw_only=True):
    """A saved plan: what is None is not part of it."""

    name: str
    size: SizeText | None = None
    stop: LevelText | None = None
    target: LevelText | None = None


class PlansView(Struct, frozen=True, kw_only=True, tag="plans"):
    """Saved plans by name. `saved`: the one just saved; `removed`: the name just removed.

    `page` is the one that a chat shows.
    """

    rows: tuple[PlanRow, ...]
    currency: str
    page: int = 1
    saved: str | None = None
    removed: str | None = None


class PracticeStep(StrEnum):
    """Where the minute stands."""

    BEGIN = "begin"
    EVENT = "event"
    END = "end"


class PracticeView(Struct, frozen=True, kw_only=True, tag="practice"):
    """One step of the practice minute; an EVENT wraps the real message (`event`), labelled.

    `at_seconds` is how far the minute has come. `event` is any View that tells of a trade.
    """

    step: PracticeStep
    at_seconds: int = 0
    event: object | None = None


class ShareView(Struct, frozen=True, kw_only=True, tag="share"):
    """Asked in private: the group or channel where this trade's card shall be shown."""

    number: int


class LinkView(Struct, frozen=True, kw_only=True, tag="link"):
    """A code to type in the other chat: `/link CODE`, before `expires_at_ms`."""

    code: str
    expires_at_ms: int
    channels: tuple[str, ...] = ()


class LinkedView(Struct, frozen=True, kw_only=True, tag="linked"):
    """Another chat was joined to the account (`channel`: `discord:456`), told in both.

    `is_here`: this is the chat that was joined. In the other one it can be undone.
    """

    channel: str
    name: str
    is_here: bool


class ChannelRow(Struct, frozen=True, kw_only=True):
    """One chat of a person: `channel` is `telegram:123`; `is_told`: notices go there.

    `is_gone`: it cannot be written to (blocked, left).
    """

    channel: str
    is_told: bool
    is_gone: bool = False


class SettingsView(Struct, frozen=True, kw_only=True, tag="settings"):
    """What a person has chosen. `changed` names the setting that was just set.

    Settings and values: `confirm` (always, buttons, never), `money` (shown, hidden: on cards),
    `theme` (dark, light), `alerts` (all, or one platform's name).
    """

    locale: str
    zone: str
    confirm: str
    card_money: str
    theme: str
    channels: tuple[ChannelRow, ...]
    changed: str | None = None


class GroupView(Struct, frozen=True, kw_only=True, tag="group"):
    """What holds in this group or server. `cooldown_seconds` between two answers in it."""

    locale: str | None
    cooldown_seconds: int
    changed: str | None = None


class HandOffView(Struct, frozen=True, kw_only=True, tag="hand_off"):
    """Said in a group to whom it cannot answer there: go on in private, by `ticket`."""

    name: str
    ticket: str


class PlatformState(StrEnum):
    """How one platform is."""

    OFF = "off"
    STARTING = "starting"
    UP = "up"
    AWAY = "away"
    BAD_TOKEN = "bad_token"  # noqa: S105 - a state's name
    OTHER_POLLER = "other_poller"


class PlatformRow(Struct, frozen=True, kw_only=True):
    """One platform: since when it is as it is, and what waits to be sent there."""

    platform: str
    state: PlatformState
    since_ms: int
    queued: int = 0
    reason: str = ""


class HealthView(Struct, frozen=True, kw_only=True, tag="health"):
    """What a host wants to know at a glance. `lag_ms`: the worst of the loop's last minute."""

    platforms: tuple[PlatformRow, ...]
    is_armed: bool
    database_is_up: bool
    is_paused: bool
    people: int
    open_trades: int
    waiting_orders: int
    pending_deliveries: int
    dead_deliveries: int
    memory_mb: int
    lag_ms: int
    up_ms: int


class ReceiptView(Struct, frozen=True, kw_only=True, tag="receipt"):
    """Told to the hosts after a restart: how long it was away, what was replayed and found."""

    found: CaughtUp


class AdminDoneView(Struct, frozen=True, kw_only=True, tag="admin_done"):
    """A host's order was carried out: `pause`, `resume`, `broadcast` to `count` people."""

    action: str
    count: int = 0


class BroadcastView(Struct, frozen=True, kw_only=True, tag="broadcast"):
    """A host's words to everybody; shown as plain text, never as markup."""

    text: str


class BroadcastPreview(Struct, frozen=True, kw_only=True):
    """What a broadcast would be: its text, and to how many."""

    text: str
    count: int


class Savings(Struct, frozen=True, kw_only=True):
    """What is left behind when a chat is joined to another account."""

    balance: Decimal
    currency: str
    closed_count: int
    alert_count: int = 0
