"""What use cases read and change besides the desk: people, trades, results. db/ plays the role.

Money is in the account's currency; times are venue milliseconds UTC. Everything is looked up by
its owner; what belongs to somebody else does not exist here.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Protocol

from db.queries.records import (
    ClosedTrade,
    Counts,
    NumberedTrade,
    Person,
    Result,
    TradeFile,
    Waiting,
)

__all__ = [
    "Books",
    "ClosedTrade",
    "Counts",
    "NumberedTrade",
    "Person",
    "Result",
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
