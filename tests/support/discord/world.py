"""What exists on the stand-in: people, guilds, channels, messages, interactions, and its clock.

No rule about requests is in here; who may see what is.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

EPOCH_MS = 1_420_070_400_000
EPHEMERAL, LOADING, SILENT, V2 = 64, 128, 4096, 32768
GUILD_TEXT, DM, GROUP_DM = 0, 1, 3
MENUS = {3, 5, 6, 7, 8}
ADMINISTRATOR = 1 << 3
MANAGE_GUILD = 1 << 5
VIEW, SEND, EMBED, ATTACH, HISTORY = 1 << 10, 1 << 11, 1 << 14, 1 << 15, 1 << 16
EXTERNAL_EMOJI, USE_COMMANDS = 1 << 18, 1 << 31
MEMBER = VIEW | SEND | EMBED | ATTACH | HISTORY | USE_COMMANDS

T = TypeVar("T")


class NotSeen(AssertionError):
    """What a person waited for did not come."""


@dataclass(eq=False)
class Account:
    """A user of Discord, or the bot itself. Names are as shown, and may be hostile."""

    id: int
    name: str
    locale: str = "en-US"
    is_bot: bool = False
    has_installed: bool = True
    blocks_dms: bool = False


@dataclass(eq=False)
class Guild:
    """A server. `has_bot` is false where only some members have installed the application."""

    id: int
    name: str
    locale: str
    has_bot: bool
    owner_id: int = 0
    channels: dict[str, "Channel"] = field(default_factory=dict)
    members: dict[Account, int] = field(default_factory=dict)

    def __getitem__(self, name: str) -> "Channel":
        return self.channels[name]

    def joins(self, account: Account, permissions: int = MEMBER) -> None:
        """Make somebody a member with these permission bits."""
        self.members[account] = permissions

    def permissions(self, account: Account) -> int:
        granted = self.members.get(account, 0)
        return (1 << 53) - 1 if granted & ADMINISTRATOR else granted


@dataclass(eq=False)
class Channel:
    """A place for messages. `bot_sees`, `bot_writes`, `bot_attaches`: what the bot may do there.

    `closed_to`: members who may read there and not write.
    """

    id: int
    kind: int
    name: str = ""
    guild: Guild | None = None
    people: list[Account] = field(default_factory=list)
    messages: dict[int, "Message"] = field(default_factory=dict)
    nonces: dict[str, "Message"] = field(default_factory=dict)
    bot_sees: bool = True
    bot_writes: bool = True
    bot_attaches: bool = True
    closed_to: set[Account] = field(default_factory=set)

    def is_open_to(self, account: Account) -> bool:
        if self.guild is not None:
            return account in self.guild.members
        return account in self.people


@dataclass(eq=False)
class Attachment:
    """A file of a message."""

    id: int
    filename: str
    content: bytes
    content_type: str
    description: str | None = None


@dataclass(frozen=True)
class Button:
    """A button as a person sees it; `custom_id` is empty for a link."""

    label: str
    custom_id: str
    style: int
    url: str
    is_disabled: bool


@dataclass(frozen=True)
class Version:
    """What a message was from `at` (monotonic seconds) on."""

    at: float
    text: str
    labels: tuple[str, ...]


@dataclass(eq=False)
class Message:
    """A message as it is now, with what it was before in `history`."""

    id: int
    channel: Channel
    author: Account
    created_at: float
    seen_by: Account | None = None
    content: str = ""
    components: list[dict[str, Any]] = field(default_factory=list)
    embeds: list[dict[str, Any]] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    flags: int = 0
    nonce: str | None = None
    pings: set[int] = field(default_factory=set)
    pings_everyone: bool = False
    edited_at: float | None = None
    interaction: "Interaction | None" = None
    history: list[Version] = field(default_factory=list)
    is_deleted: bool = False

    @property
    def is_ephemeral(self) -> bool:
        return bool(self.flags & EPHEMERAL)

    @property
    def is_loading(self) -> bool:
        """Tell whether only "thinking..." is shown."""
        return bool(self.flags & LOADING)

    @property
    def is_silent(self) -> bool:
        return bool(self.flags & SILENT)

    @property
    def text(self) -> str:
        """Everything to read, from top to bottom, without the buttons."""
        parts = [self.content] if self.content else []
        for embed in self.embeds:
            parts += [embed[key] for key in ("title", "description") if embed.get(key)]
            parts += [f"{one['name']}\n{one['value']}" for one in embed.get("fields", [])]
        parts += [one["content"] for one in every_component(self.components) if one["type"] == 10]
        return "\n".join(parts)

    @property
    def buttons(self) -> list[Button]:
        return [as_button(one) for one in every_component(self.components) if one["type"] == 2]

    @property
    def selects(self) -> list[dict[str, Any]]:
        """Menus, as on the wire."""
        return [one for one in every_component(self.components) if one["type"] in MENUS]

    @property
    def labels(self) -> list[str]:
        return [button.label for button in self.buttons]

    @property
    def accent(self) -> int | None:
        """The color of the first container."""
        for one in every_component(self.components):
            if one["type"] == 17:
                return one.get("accent_color")
        return None

    @property
    def pictures(self) -> list[Attachment]:
        """The attachments that are shown: with components V2, only those referred to."""
        if not self.flags & V2:
            return self.attachments
        shown = {str(media.get("attachment_id")) for media in every_media(self.components)}
        return [one for one in self.attachments if str(one.id) in shown]

    def is_seen_by(self, account: Account) -> bool:
        if self.is_deleted or (self.seen_by is not None and self.seen_by is not account):
            return False
        return self.channel.is_open_to(account)

    def note(self) -> None:
        """Add what it is now to its history."""
        self.history.append(Version(time.monotonic(), self.text, tuple(self.labels)))


@dataclass(eq=False)
class Interaction:
    """One command, press, completion or form on its way, and what became of it."""

    id: int
    token: str
    kind: int
    account: Account
    channel: Channel
    created_at: float
    data: dict[str, Any]
    pressed: Message | None = None
    opened_by: "Interaction | None" = None
    sent_at: float = 0.0
    acknowledged_at: float | None = None
    answer_type: int = 0
    original: Message | None = None
    shown: list[Message] = field(default_factory=list)
    follow_ups: list[Message] = field(default_factory=list)
    modal: dict[str, Any] | None = None
    choices: list[dict[str, Any]] | None = None


def every_component(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield components and what is inside them, in the order in which they are read."""
    for one in components:
        yield one
        yield from every_component(one.get("components", []))
        inner = [one[key] for key in ("accessory", "component") if one.get(key)]
        yield from every_component(inner)


def every_media(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield every picture or file that components show."""
    for one in every_component(components):
        yield from (item["media"] for item in one.get("items", []))
        yield from (one[key] for key in ("media", "file") if key in one)


def as_button(one: dict[str, Any]) -> Button:
    label = one.get("label") or (one.get("emoji") or {}).get("name") or ""
    custom_id, url = one.get("custom_id") or "", one.get("url") or ""
    return Button(label, custom_id, one["style"], url, bool(one.get("disabled")))


class World:
    """Everything at once. `offset_seconds` moves its clock; `changed` is told of every change."""

    def __init__(self, token: str, application_id: int) -> None:
        self.token = token
        self.bot = Account(application_id, "Vigilante", is_bot=True)
        self.host = Account(application_id + 1, "host")
        self.offset_seconds = 0.0
        self.accounts: dict[int, Account] = {self.bot.id: self.bot, self.host.id: self.host}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self._shared: list[Channel] = []
        self.interactions: dict[str, Interaction] = {}
        self.files: dict[int, Attachment] = {}
        self.base_url = ""
        self.ack_seconds = 3.0
        self.token_seconds = 900.0
        self._dms: dict[Account, Channel] = {}
        self._waiting: set[asyncio.Event] = set()
        self._last_id = 0
        self.publish: Callable[[str, dict[str, Any], int], None] = lambda *_: None

    def now(self) -> float:
        """Return unix seconds on its clock."""
        return time.time() + self.offset_seconds

    def new_id(self) -> int:
        """Return a snowflake of now, greater than every one before."""
        wanted = (int(self.now() * 1000) - EPOCH_MS) << 22
        self._last_id = max(self._last_id + 1, wanted)
        return self._last_id

    def add(self, channel: Channel) -> None:
        """Add a channel of a guild, or of people without the bot."""
        self.channels[channel.id] = channel
        self._shared.append(channel)

    def dm(self, account: Account) -> Channel:
        """Return the private channel of somebody with the bot."""
        if account not in self._dms:
            channel = Channel(self.new_id(), DM, people=[account, self.bot])
            self._dms[account] = self.channels[channel.id] = channel
        return self._dms[account]

    def is_reachable(self, account: Account) -> bool:
        """Tell whether the bot may write to him: a common guild, or he installed it."""
        shared = any(one.has_bot and account in one.members for one in self.guilds.values())
        return not account.blocks_dms and (shared or account.has_installed)

    def messages_of(self, account: Account) -> Iterator[Message]:
        """Yield every message somebody can see, his DM first, newest first in each channel."""
        for channel in [self.dm(account), *self._shared]:
            if channel.is_open_to(account):
                for message in reversed(list(channel.messages.values())):
                    if message.is_seen_by(account):
                        yield message

    def touch(self) -> None:
        """Tell everybody who waits that something changed."""
        for event in self._waiting:
            event.set()

    async def wait(self, look: Callable[[], T | None], seconds: float, what: str) -> T:
        """Return what `look` finds, as soon as it finds something. Raises NotSeen."""
        event = asyncio.Event()
        self._waiting.add(event)
        try:
            async with asyncio.timeout(seconds):
                while (found := look()) is None:
                    await event.wait()
                    event.clear()
                return found
        except TimeoutError:
            raise NotSeen(f"{what} (waited {seconds} s)") from None
        finally:
            self._waiting.discard(event)
