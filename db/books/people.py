"""Makes, changes and forgets people. Balances are no business of this file."""

import hashlib
from decimal import Decimal

import asyncpg

from db.pool import Connection
from db.queries.people import person
from db.queries.records import Person

_USER = "INSERT INTO users (locale, zone, created_at) VALUES ($1, $2, now()) RETURNING id"

_IDENTITY = """
INSERT INTO chat_identities (platform, platform_user_id, user_id, created_at, joined_at)
VALUES ($1, $2, $3, now(), now())
"""

_ACCOUNT = """
INSERT INTO accounts (user_id, currency, starting_balance, balance, opened_at)
VALUES ($1, $2, $3, $3, now())
"""

SETTINGS = {
    "confirm": ("always", "buttons", "never"),
    "card_money": ("shown", "hidden"),
    "theme": ("dark", "light"),
}
"""What `set_setting` takes; the table takes no other value either."""

_SET = {
    column: f"UPDATE users SET {column} = $2 WHERE id = $1 AND deleted_at IS NULL"
    for column in ("locale", "zone", *SETTINGS)
}

# No chat may be joined to an account while its owner is forgotten.
_ALONE = "SELECT pg_advisory_xact_lock(hashtext('vigilante_link'))"

# The lock keeps an order that is being stored from slipping in behind the look.
_LOCK_ACCOUNTS = "SELECT id FROM accounts WHERE user_id = $1 FOR UPDATE"

_IS_BUSY = """
SELECT EXISTS (SELECT FROM trades WHERE user_id = $1 AND status = 'open')
    OR EXISTS (SELECT FROM orders WHERE user_id = $1 AND status = 'waiting')
"""

# Accounts that his chats left behind when they were joined to this one: they go with it, unless
# they are somebody's still.
_LEFT_BEHIND = """
SELECT DISTINCT c.former_user_id AS id FROM chat_identities c
WHERE c.user_id = $1 AND c.former_user_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM chat_identities o
    WHERE o.user_id = c.former_user_id OR (o.former_user_id = c.former_user_id AND o.user_id <> $1))
"""

_FORGET_CHATS = (
    """DELETE FROM parked_requests p USING chat_identities c WHERE c.user_id = $1
        AND p.platform = c.platform AND p.platform_user_id = c.platform_user_id""",
    """DELETE FROM live_messages m USING chat_identities c WHERE c.user_id = $1
        AND m.platform = c.platform AND m.platform_user_id = c.platform_user_id""",
    "DELETE FROM chat_identities WHERE user_id = $1",
)

# His wrong codes go on counting, for the minutes that they do, under a hash.
_CHATS = "SELECT platform, platform_user_id FROM chat_identities WHERE user_id = $1"
_HIDE_TRIES = """
UPDATE link_attempts SET platform_user_id = $3 WHERE platform = $1 AND platform_user_id = $2
"""

_FORGET = (
    "UPDATE chat_identities SET former_user_id = NULL WHERE former_user_id = $1",
    "DELETE FROM link_codes WHERE user_id = $1",
    "DELETE FROM plans WHERE user_id = $1",
    "DELETE FROM alerts WHERE user_id = $1",
    "DELETE FROM notices WHERE user_id = $1",
    "DELETE FROM command_keys WHERE user_id = $1",
    "UPDATE accounts SET closed_at = now() WHERE user_id = $1 AND closed_at IS NULL",
    """UPDATE users SET locale = 'en', zone = 'UTC', confirm = DEFAULT, card_money = DEFAULT,
        theme = DEFAULT, deleted_at = now() WHERE id = $1""",
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


async def set_column(connection: Connection, user_id: int, column: str, value: str) -> None:
    """Change a user's `locale`, `zone` (an IANA name) or one of SETTINGS."""
    assert value in SETTINGS.get(column, (value,)), "a setting has a few known values"
    await connection.execute(_SET[column], user_id, value)


async def forget(connection: Connection, user_id: int) -> bool:
    """Remove what names a person and what was told him; the ledger and its sums stay.

    His number is a pseudonym from then on. False, and nothing changed, while a trade is open or
    an order waits: whoever asks closes them first.
    """
    async with connection.transaction():
        await connection.execute(_ALONE)
        if await is_busy(connection, user_id):
            return False
        left_behind = [row["id"] for row in await connection.fetch(_LEFT_BEHIND, user_id)]
        for platform, person_id in await connection.fetch(_CHATS, user_id):
            called = hashed(platform, person_id)
            await connection.execute(_HIDE_TRIES, platform, person_id, called)
        for statement in _FORGET_CHATS:
            await connection.execute(statement, user_id)
        for one in (user_id, *left_behind):
            for statement in _FORGET:
                await connection.execute(statement, one)
    return True


async def is_busy(connection: Connection, user_id: int) -> bool:
    """Return whether a trade is open or an order waits, and let none begin in this transaction."""
    await connection.fetch(_LOCK_ACCOUNTS, user_id)
    return await connection.fetchval(_IS_BUSY, user_id)


def hashed(platform: str, person_id: str) -> str:
    """Return what stands for a chat that was forgotten."""
    return hashlib.sha256(f"{platform}:{person_id}".encode()).hexdigest()
