"""The database as the side of people sees it: one call per question or change, each bounded.

Every call raises StoreUnavailable when the database cannot answer now.
"""

from decimal import Decimal

from db.books import chats, linking, parking, people, plans
from db.pool import Database
from db.queries import alerts, export, trades
from db.queries import people as persons
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
            await people.set_column(connection, user_id, "locale", locale)

    async def set_zone(self, user_id: int, zone: str) -> None:
        """Change the time zone (an IANA name)."""
        async with self._database.session() as connection:
            await people.set_column(connection, user_id, "zone", zone)

    async def set_setting(self, user_id: int, name: str, value: str) -> None:
        """Change `confirm`, `card_money` or `theme`, to a value that Person names."""
        assert name in people.SETTINGS, "a setting has a known name"
        async with self._database.session() as connection:
            await people.set_column(connection, user_id, name, value)

    async def channels(self, user_id: int) -> list[Channel]:
        """Return the person's chats, oldest first."""
        async with self._database.session() as connection:
            return await chats.channels(connection, user_id)

    async def set_told(self, user_id: int, platforms: frozenset[str]) -> None:
        """Send alerts to the person's chats on these platforms, and to no other."""
        async with self._database.session() as connection:
            await chats.set_told(connection, user_id, platforms)

    async def set_name(self, platform: str, platform_id: str, name: str) -> None:
        """Keep what somebody is called in a chat (32 characters); an empty name replaces none."""
        async with self._database.session() as connection:
            await chats.set_name(connection, platform, platform_id, name)

    async def plans(self, user_id: int) -> list[StoredPlan]:
        """Return the saved plans by name."""
        async with self._database.session() as connection:
            return await plans.plans(connection, user_id)

    async def save_plan(self, user_id: int, plan: StoredPlan) -> bool:
        """Save or replace a plan (name <= 24 letters); False: there are 20 already."""
        async with self._database.session() as connection:
            return await plans.save_plan(connection, user_id, plan)

    async def remove_plan(self, user_id: int, name: str) -> bool:
        """Remove a plan; False: there is none of that name."""
        async with self._database.session() as connection:
            return await plans.remove_plan(connection, user_id, name)

    async def entry(self, user_id: int, number: int | None) -> EntryRecord | None:
        """Return how a trade (None: the last) was asked for."""
        async with self._database.session() as connection:
            return await trades.entry(connection, user_id, number)

    async def park(self, platform: str, platform_id: str, parked: Parked, seconds: int) -> str:
        """Put a request aside for this person alone; return its ticket (16 letters or digits)."""
        async with self._database.session() as connection:
            return await parking.park(connection, (platform, platform_id), parked, seconds)

    async def repark(self, platform: str, platform_id: str, ticket: str, parked: Parked) -> bool:
        """Put another request in a ticket's place; False: it was taken, or is over."""
        async with self._database.session() as connection:
            return await parking.repark(connection, (platform, platform_id), ticket, parked)

    async def unpark(self, platform: str, platform_id: str, ticket: str) -> Parked | None:
        """Take it back, once; None: unknown, another's, expired or taken already."""
        async with self._database.session() as connection:
            return await parking.unpark(connection, (platform, platform_id), ticket)

    async def make_link_code(self, user_id: int, channel: str, seconds: int) -> str:
        """Make a one-time code of 8 letters and digits; an older one of this user is void."""
        async with self._database.session() as connection:
            return await linking.make_link_code(connection, user_id, channel, seconds)

    async def try_link(self, platform: str, platform_id: str, code: str) -> LinkTry:
        """Say what a code would do, without doing it; five wrong ones in 10 minutes end it."""
        async with self._database.session() as connection:
            return await linking.try_link(connection, (platform, platform_id), code)

    async def link(self, platform: str, platform_id: str, code: str) -> LinkTry:
        """Join this chat to the code's account and use the code up."""
        async with self._database.session() as connection:
            return await linking.link(connection, (platform, platform_id), code)

    async def unlink(self, user_id: int, channel: str) -> bool:
        """Take a chat off this account again; False: it is not on it, or it is the last one."""
        async with self._database.session() as connection:
            return await linking.unlink(connection, user_id, channel)

    async def alerts(self, user_id: int) -> list[PriceAlert]:
        """Return the user's alerts that have not fired, by symbol and price."""
        async with self._database.session() as connection:
            return await alerts.armed_of(connection, user_id)

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
