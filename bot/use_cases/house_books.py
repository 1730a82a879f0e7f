"""What belongs to the house and to no person: rooms, switches, the audit. db/ plays the role."""

from collections.abc import Sequence
from typing import Protocol

from db.queries.records import HouseCounts, LiveRecord, RoomSettings

__all__ = ["HouseBooks", "HouseCounts", "LiveRecord", "RoomSettings"]


class HouseBooks(Protocol):
    """The house's side of the database. Every call is bounded in time; raises StoreUnavailable."""

    async def value(self, name: str) -> str | None:
        """Return a stored value: a hash of what a platform was told, a switch; None: never set."""
        ...

    async def set_value(self, name: str, value: str | None) -> None:
        """Store a value, or forget it."""
        ...

    async def room(self, platform: str, room_id: str) -> RoomSettings:
        """Return what holds in a group or server; the defaults for an unknown one."""
        ...

    async def set_room(self, platform: str, room_id: str, settings: RoomSettings) -> None:
        """Store what holds in a group or server."""
        ...

    async def move_room(self, platform: str, old_id: str, new_id: str) -> None:
        """Keep a room's settings when the platform gives it another id."""
        ...

    async def mark_gone(self, platform: str, platform_id: str, reason: str | None) -> None:
        """Note that a person's chat cannot be written to, or (None) that it can again."""
        ...

    async def order(self, actor: str, action: str, kept: tuple[str, str | None]) -> None:
        """Keep a value by its name (None: forget it) and note which host ordered it, or neither.

        `actor` is his channel.
        """
        ...

    async def broadcast(self, actor: str, text: str, key: str = "") -> int | None:
        """Write one notice for every person; return how many, None when `key` was used before."""
        ...

    async def counts(self) -> HouseCounts:
        """Return how much there is."""
        ...

    async def save_live(self, record: LiveRecord) -> None:
        """Note a live list; one of the same message is replaced."""
        ...

    async def end_live(self, platform: str, chat_id: str, message_id: str) -> None:
        """Forget a live list."""
        ...

    async def live(self, platform: str) -> Sequence[LiveRecord]:
        """Return the live lists of a platform."""
        ...
