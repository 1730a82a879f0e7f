"""Makes, changes and forgets people. Balances are no business of this file."""

from decimal import Decimal

import asyncpg

from db.pool import Connection
from db.queries.people import person
from db.queries.records import Person

_USER = "INSERT INTO users (locale, zone, created_at) VALUES ($1, $2, now()) RETURNING id"

_IDENTITY = """
INSERT INTO chat_identities (platform, platform_user_id, user_id, created_at)
VALUES ($1, $2, $3, now())
"""

_ACCOUNT = """
INSERT INTO accounts (user_id, currency, starting_balance, balance, opened_at)
VALUES ($1, $2, $3, $3, now())
"""

_SET_LOCALE = "UPDATE users SET locale = $2 WHERE id = $1 AND deleted_at IS NULL"
_SET_ZONE = "UPDATE users SET zone = $2 WHERE id = $1 AND deleted_at IS NULL"

# The lock keeps an order that is being stored from slipping in behind the look.
_LOCK_ACCOUNTS = "SELECT id FROM accounts WHERE user_id = $1 FOR UPDATE"

_IS_BUSY = """
SELECT EXISTS (SELECT FROM trades WHERE user_id = $1 AND status = 'open')
    OR EXISTS (SELECT FROM orders WHERE user_id = $1 AND status = 'waiting')
"""

_FORGET = (
    "DELETE FROM chat_identities WHERE user_id = $1",
    "DELETE FROM notices WHERE user_id = $1",
    "DELETE FROM command_keys WHERE user_id = $1",
    "UPDATE accounts SET closed_at = now() WHERE user_id = $1 AND closed_at IS NULL",
    "UPDATE users SET locale = 'en', zone = 'UTC', deleted_at = now() WHERE id = $1",
)


async def enroll(
    connection: Connection,
    name: tuple[str, str],
    settings: tuple[str, str],
    grant: tuple[str, Decimal],
) -> Person:
    """Make a user with a first account, or return the one who is there.

    `name` is (platform, id there), `settings` (locale, IANA zone), `grant` (currency, balance).
    Two who come at once make one: the identity is unique, and the loser's rows are rolled back.
    """
    known = await person(connection, *name)
    if known is None:
        try:
            async with connection.transaction():
                user_id = await connection.fetchval(_USER, *settings)
                await connection.execute(_IDENTITY, *name, user_id)
                await connection.execute(_ACCOUNT, user_id, *grant)
        except asyncpg.UniqueViolationError as error:
            if getattr(error, "constraint_name", None) != "chat_identities_once":
                raise
        known = await person(connection, *name)
    assert known is not None, "who was enrolled is there"
    return known


async def set_locale(connection: Connection, user_id: int, locale: str) -> None:
    """Change a user's language."""
    await connection.execute(_SET_LOCALE, user_id, locale)


async def set_zone(connection: Connection, user_id: int, zone: str) -> None:
    """Change a user's time zone, an IANA name."""
    await connection.execute(_SET_ZONE, user_id, zone)


async def forget(connection: Connection, user_id: int) -> bool:
    """Remove what names a person and what was told him; the ledger and its sums stay.

    His number is a pseudonym from then on. False, and nothing changed, while a trade is open or
    an order waits: whoever asks closes them first.
    """
    async with connection.transaction():
        await connection.fetch(_LOCK_ACCOUNTS, user_id)
        if await connection.fetchval(_IS_BUSY, user_id):
            return False
        for statement in _FORGET:
            await connection.execute(statement, user_id)
    return True
