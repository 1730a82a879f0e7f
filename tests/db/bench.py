"""A Postgres store under test, with its users and its lease."""

from decimal import Decimal
from typing import Any

import asyncpg

from db.pool import Database
from db.store import PostgresStore
from tests.support.effects import Owner


class PostgresBench:
    """The store on a migrated database; it looks past the store with a connection of its own."""

    def __init__(self, database: Database, connection: asyncpg.Connection) -> None:
        self.database = database
        self.connection = connection
        self.store = PostgresStore(database)
        self.epoch: int = 1

    async def prepare(self) -> None:
        await self.connection.execute(
            "INSERT INTO lease VALUES (0, 1, 'test', now() + interval '1 hour')"
        )

    async def raise_epoch(self) -> None:
        self.epoch = await self.one("UPDATE lease SET epoch = epoch + 1 RETURNING epoch")

    async def owner(self, balance: str = "10000") -> Owner:
        row = await self.connection.fetchrow(
            """WITH u AS (
                INSERT INTO users (locale, zone, created_at) VALUES ('en', 'UTC', now())
                RETURNING id)
            INSERT INTO accounts (user_id, currency, starting_balance, balance, opened_at)
            SELECT id, 'USDT', $1, $1, now() FROM u RETURNING user_id, id""",
            Decimal(balance),
        )
        assert row is not None
        return Owner(row["user_id"], row["id"])

    async def one(self, query: str, *arguments: Any) -> Any:
        """Return the first value of a query."""
        return await self.connection.fetchval(query, *arguments)

    async def open_account(self, user_id: int) -> int:
        return await self.one(
            "SELECT id FROM accounts WHERE user_id = $1 AND closed_at IS NULL", user_id
        )

    async def balance(self, account_id: int) -> Decimal:
        return await self.one("SELECT balance FROM accounts WHERE id = $1", account_id)

    async def books(self, account_id: int) -> Decimal:
        return await self.one(
            """SELECT starting_balance + (
                SELECT coalesce(sum(amount), 0) FROM ledger WHERE account_id = $1)
            FROM accounts WHERE id = $1""",
            account_id,
        )
