"""The database as the side of people sees it: one call per question or change, each bounded.

Every call raises StoreUnavailable when the database cannot answer now.
"""

from decimal import Decimal

from db import people
from db.pool import Database
from db.queries import export, trades
from db.queries import people as persons
from db.queries.records import (
    ClosedTrade,
    Counts,
    NumberedTrade,
    Person,
    Result,
    TradeFile,
    Waiting,
)

EXPORT_SECONDS = 60.0


class PostgresBooks:
    """People, their trades and results, looked up by owner."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def person(self, platform: str, platform_id: str) -> Person | None:
        """Return who this is, or None for a stranger."""
        async with self._database.session() as connection:
            return await persons.person(connection, platform, platform_id)

    async def person_by_id(self, user_id: int) -> Person | None:
        """Return a user by his own id, or None when he is gone."""
        async with self._database.session() as connection:
            return await persons.person_by_id(connection, user_id)

    async def identities(self, user_id: int) -> list[tuple[str, str]]:
        """Return a user's chats as (platform, id there), oldest first."""
        async with self._database.session() as connection:
            return await persons.identities(connection, user_id)

    async def enroll(
        self, platform: str, platform_id: str, locale: str, zone: str, grant: tuple[str, Decimal]
    ) -> Person:
        """Make a user with a first account of (currency, balance); the same one when made twice."""
        async with self._database.session() as connection:
            return await people.enroll(connection, (platform, platform_id), (locale, zone), grant)

    async def set_locale(self, user_id: int, locale: str) -> None:
        """Change the language."""
        async with self._database.session() as connection:
            await people.set_locale(connection, user_id, locale)

    async def set_zone(self, user_id: int, zone: str) -> None:
        """Change the time zone (an IANA name)."""
        async with self._database.session() as connection:
            await people.set_zone(connection, user_id, zone)

    async def open_trades(self, user_id: int) -> list[NumberedTrade]:
        """Return the user's open trades by number."""
        async with self._database.session() as connection:
            return await trades.open_trades(connection, user_id)

    async def trade(self, user_id: int, number: int) -> TradeFile | None:
        """Return one trade of the user, open or closed."""
        async with self._database.session() as connection:
            return await trades.trade(connection, user_id, number)

    async def waiting(self, user_id: int) -> list[Waiting]:
        """Return the user's waiting orders by id."""
        async with self._database.session() as connection:
            return await trades.waiting(connection, user_id)

    async def history(self, user_id: int, page: int, size: int) -> tuple[list[ClosedTrade], int]:
        """Return one page (from 1) of closed trades, newest first, and how many there are."""
        async with self._database.session() as connection:
            return await trades.history(connection, user_id, page, size)

    async def result_since(self, account_id: int, since_ms: int | None) -> Result:
        """Return the results booked since an instant, or of the account's whole life."""
        async with self._database.session() as connection:
            return await trades.result_since(connection, account_id, since_ms)

    async def export(self, user_id: int) -> bytes:
        """Return all of the user's data as JSON."""
        async with self._database.session(EXPORT_SECONDS) as connection:
            return await export.export(connection, user_id)

    async def delete(self, user_id: int) -> bool:
        """Forget the person, keep the sums. False while a trade is open or an order waits."""
        async with self._database.session() as connection:
            return await people.forget(connection, user_id)

    async def is_known(self, user_id: int, key: str) -> bool:
        """Return whether a command with this idempotency key was stored before."""
        async with self._database.session() as connection:
            return await persons.is_known(connection, user_id, key)

    async def counts(self) -> Counts:
        """Return how much is open in the whole house."""
        async with self._database.session() as connection:
            return await persons.counts(connection)

    async def ping(self) -> None:
        """Prove that the database answers and can be written."""
        await self._database.ping()
