"""What a relay is given by the outbox, and how the outbox is tuned."""

from dataclasses import dataclass

from msgspec import Struct

from db.queries.records import Notice

EXIT, NEWS, BROADCAST = 0, 2, 4
"""How urgent a delivery is: an exit, other news of one's own, what everybody is told."""


@dataclass(frozen=True)
class OutboxConfig:
    """How long a claim lasts, how retries are spaced (seconds), how many there are.

    300 attempts are two days: a platform may be away for one.
    """

    claim_seconds: float = 30.0
    retry_seconds_min: float = 1.0
    retry_seconds_max: float = 600.0
    attempts_max: int = 300
    addressed_at_once: int = 2_000


class Address(Struct, frozen=True):
    """A user's channel, as `telegram:123`. What was noted before `since_ms` is not told there."""

    user_id: int
    channel: str
    since_ms: int = 0


class Due(Struct, frozen=True):
    """A user's channel that has something to be told now; `priority` of the most urgent.

    `priority` is 0 for an exit, 2 for other news of his own, 4 for a broadcast alone.
    """

    user_id: int
    channel: str
    priority: int = NEWS

    @property
    def has_exit(self) -> bool:
        """Whether an exit is among what is due."""
        return self.priority == EXIT


class Claimed(Struct, frozen=True):
    """A notice to be sent on a channel now; `attempt` counts from 1.

    The rest is the addressee's: his id on the platform, language, zone, theme and whether cards
    show money. It is empty for a channel that is no chat of his.
    """

    notice: Notice
    channel: str
    attempt: int
    platform_id: str = ""
    locale: str = ""
    zone: str = ""
    theme: str = ""
    card_money: str = ""
