"""What the relay asks of a platform: send or edit one message; and how that can fail.

CourierError
├── TryLater      the platform wants a pause: this chat's, or everybody's
├── Unreachable   no answer in time, or an error of theirs; `is_unknown`: it may have arrived
├── Gone          this chat cannot be written to any more (blocked, left, deleted)
└── Unsendable    this one message cannot be sent, and never will be
"""

from enum import IntEnum
from typing import Protocol

from msgspec import Struct

from bot.messages import Message


class CourierError(Exception):
    """A message was not, or may not have been, taken by the platform."""


class TryLater(CourierError):
    """The platform asks for a pause of `seconds`; `is_global`: for all of its chats."""

    def __init__(self, seconds: float, *, is_global: bool = False) -> None:
        """Keep the pause."""
        super().__init__(seconds, is_global)
        self.seconds = seconds
        self.is_global = is_global


class Unreachable(CourierError):
    """The platform did not answer. `is_unknown`: the message may have arrived all the same."""

    def __init__(self, reason: str, *, is_unknown: bool = False) -> None:
        """Keep a reason without any secret."""
        super().__init__(reason)
        self.reason = reason
        self.is_unknown = is_unknown


class Gone(CourierError):
    """The chat or person cannot be written to; `moved_to` is the chat's new id, if it moved."""

    def __init__(self, reason: str, *, moved_to: str = "") -> None:
        """Keep the reason, which is stored with the dead delivery."""
        super().__init__(reason)
        self.reason = reason
        self.moved_to = moved_to


class Unsendable(CourierError):
    """The platform refuses this message for what it is."""

    def __init__(self, reason: str) -> None:
        """Keep the reason, which is stored with the dead delivery."""
        super().__init__(reason)
        self.reason = reason


class Priority(IntEnum):
    """Who goes first when a platform's budget is short; within one, who came first."""

    EXIT = 0
    ANSWER = 1
    ALERT = 2
    LIVE = 3
    BROADCAST = 4


class Handle(Struct, frozen=True, kw_only=True):
    """A message that was sent. `until_ms`: it cannot be edited from then on (an interaction's).

    `token` is the interaction's, for such a message; it is a secret and is never stored.
    """

    platform: str
    chat_id: str
    message_id: str
    topic: str = ""
    token: str = ""
    until_ms: int | None = None

    def __repr__(self) -> str:
        """Name the message without its secret."""
        return f"Handle({self.platform}:{self.chat_id}/{self.message_id})"


class Courier(Protocol):
    """One platform's way out. Every call is bounded in time; raises CourierError.

    `chat_id` is the person's private chat or a room; for Discord, a person's id stands for his DM
    when `is_person`. `nonce` names the message for platforms that drop repeats by it.
    """

    platform: str

    async def send(
        self,
        chat_id: str,
        message: Message,
        *,
        topic: str = "",
        nonce: str = "",
        is_person: bool = True,
    ) -> Handle:
        """Send a message of its own."""
        ...

    async def edit(self, handle: Handle, message: Message) -> None:
        """Put `message` in place of what stands there; the same text is no error."""
        ...

    async def delete(self, handle: Handle) -> None:
        """Remove a message, if it can still be removed."""
        ...


class Budget(Struct, frozen=True, kw_only=True):
    """What a platform lets through: per second over all chats, and per chat with a burst.

    `group_per_minute` holds for rooms of many in addition.
    """

    per_second: float
    chat_per_second: float
    chat_burst: int
    group_per_minute: int = 0
    live_seconds: float = 3.0
    live_minutes: float = 15.0


TELEGRAM_BUDGET = Budget(
    per_second=28, chat_per_second=1, chat_burst=4, group_per_minute=18, live_seconds=3
)
DISCORD_BUDGET = Budget(
    per_second=28, chat_per_second=0.9, chat_burst=4, live_seconds=5, live_minutes=14
)
