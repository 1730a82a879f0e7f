"""What use cases read and change besides the desk: people, trades, results. db/ plays the role.

Money is in the account's currency; times are venue milliseconds UTC. Everything is looked up by
its owner; what belongs to somebody else does not exist here.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Protocol

from db.queries.records import (
    Channel,
    ClosedTrade,
    Counts,
    EntryRecord,
    LinkTry,
    NumberedTrade,
    Parked,
    Person,
    Result,
    StoredPlan,
    TradeFile,
    Waiting,
)
from engine.core.alerts import PriceAlert

__all__ = [
    "Books",
    "Channel",
    "ClosedTrade",
    "Counts",
    "EntryRecord",
    "LinkTry",
    "NumberedTrade",
    "Parked",
    "Person",
    "Result",
    "StoredPlan",
    "TradeFile",
    "Waiting",
]


class Books(Protocol):
    """The person's side of the database. Every call is bounded in time; raises StoreUnavailable."""

    async def person(self, platform: str, platform_id: str) -> Person | None:
        """Return who this is, or None for a stranger."""
        ...

    async def enroll(
        self, platform: str, platform_id: str, locale: str, zone: str, grant: tuple[str, Decimal]
    ) -> Person:
        """Make a user with a first account of (currency, balance); the same one when made twice."""
        ...

    async def set_locale(self, user_id: int, locale: str) -> None:
        """Change the language."""
        ...

    async def set_zone(self, user_id: int, zone: str) -> None:
        """Change the time zone (an IANA name)."""
        ...

    async def set_setting(self, user_id: int, name: str, value: str) -> None:
        """Change `confirm`, `card_money` or `theme`, to a value that Person names."""
        ...

    async def channels(self, user_id: int) -> Sequence[Channel]:
        """Return the person's chats, oldest first."""
        ...

    async def set_told(self, user_id: int, platforms: frozenset[str]) -> None:
        """Send alerts to the person's chats on these platforms, and to no other."""
        ...

    async def set_name(self, platform: str, platform_id: str, name: str) -> None:
        """Keep what somebody is called in a chat (32 characters); an empty name replaces none."""
        ...

    async def plans(self, user_id: int) -> Sequence[StoredPlan]:
        """Return the saved plans by name."""
        ...

    async def save_plan(self, user_id: int, plan: StoredPlan) -> bool:
        """Save or replace a plan; False: there are 20 already."""
        ...

    async def remove_plan(self, user_id: int, name: str) -> bool:
        """Remove a plan; False: there is none of that name."""
        ...

    async def entry(self, user_id: int, number: int | None) -> EntryRecord | None:
        """Return how a trade (None: the last) was asked for."""
        ...

    async def park(self, platform: str, platform_id: str, parked: Parked, seconds: int) -> str:
        """Put a request aside for this person alone; return its ticket (16 letters or digits)."""
        ...

    async def unpark(self, platform: str, platform_id: str, ticket: str) -> Parked | None:
        """Take it back, once; None: unknown, another's, expired or taken already."""
        ...

    async def repark(self, platform: str, platform_id: str, ticket: str, parked: Parked) -> bool:
        """Put another request in a ticket's place; False: it was taken, or is over."""
        ...

    async def make_link_code(self, user_id: int, channel: str, seconds: int) -> str:
        """Make a one-time code of 8 letters and digits; an older one of this user is void."""
        ...

    async def try_link(self, platform: str, platform_id: str, code: str) -> LinkTry:
        """Say what a code would do, without doing it; five wrong ones in 10 minutes end it."""
        ...

    async def link(self, platform: str, platform_id: str, code: str) -> LinkTry:
        """Join this chat to the code's account and use the code up."""
        ...

    async def unlink(self, user_id: int, channel: str) -> bool:
        """Take a chat off this account again; False: it is not on it, or it is the last one."""
        ...

    async def alerts(self, user_id: int) -> Sequence[PriceAlert]:
        """Return the user's alerts that have not fired, by symbol and price."""
        ...

    async def open_trades(self, user_id: int) -> Sequence[NumberedTrade]:
        """Return the user's open trades by number."""
        ...

    async def trade(self, user_id: int, number: int) -> TradeFile | None:
        """Return one trade of the user, open or closed."""
        ...

    async def waiting(self, user_id: int) -> Sequence[Waiting]:
        """Return the user's waiting orders by id."""
        ...

    async def history(
        self, user_id: int, page: int, size: int
    ) -> tuple[Sequence[ClosedTrade], int]:
        """Return one page (from 1) of closed trades, newest first, and how many there are."""
        ...

    async def result_since(self, account_id: int, since_ms: int | None) -> Result:
        """Return the results booked since an instant, or of the account's whole life."""
        ...

    async def export(self, user_id: int) -> bytes:
        """Return all of the user's data as JSON."""
        ...

    async def delete(self, user_id: int) -> bool:
        """Forget the person, keep the sums. False while a trade is open or an order waits."""
        ...

    async def is_known(self, user_id: int, key: str) -> bool:
        """Return whether a command with this idempotency key was stored before."""
        ...

    async def counts(self) -> Counts:
        """Return how much is open in the whole house."""
        ...

    async def ping(self) -> None:
        """Prove that the database answers and can be written."""
        ...
