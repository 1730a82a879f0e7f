"""Who somebody is, and what he asked before: a command by its key, an entry by its trade."""

from typing import Any

from db.pool import Connection
from db.queries.records import Counts, Person

_COLUMNS = """
u.id AS user_id, u.locale, u.zone, a.id AS account_id, a.currency, a.starting_balance,
    a.balance, u.confirm, u.card_money, u.theme
"""

_PERSON = "FROM users u JOIN accounts a ON a.user_id = u.id AND a.closed_at IS NULL"

_BY_IDENTITY = f"""
SELECT {_COLUMNS}, c.name, floor(extract(epoch FROM c.joined_at) * 1000)::bigint AS since_ms
{_PERSON} JOIN chat_identities c ON c.user_id = u.id
WHERE c.platform = $1 AND c.platform_user_id = $2
"""

_BY_ID = f"SELECT {_COLUMNS} {_PERSON} WHERE u.id = $1"

_IDENTITIES = """
SELECT platform, platform_user_id FROM chat_identities WHERE user_id = $1 ORDER BY id
"""

_IS_KNOWN = "SELECT EXISTS (SELECT FROM command_keys WHERE user_id = $1 AND key = $2)"

_COUNTS = """
SELECT (SELECT count(*) FROM trades WHERE status = 'open') AS open_trades,
    (SELECT count(*) FROM orders WHERE status = 'waiting') AS waiting_orders
"""


async def person(connection: Connection, platform: str, platform_id: str) -> Person | None:
    """Return who this is, or None for a stranger."""
    return _person(await connection.fetchrow(_BY_IDENTITY, platform, platform_id))


async def person_by_id(connection: Connection, user_id: int) -> Person | None:
    """Return a user by his own id, or None when he is gone."""
    return _person(await connection.fetchrow(_BY_ID, user_id))


async def identities(connection: Connection, user_id: int) -> list[tuple[str, str]]:
    """Return a user's chats as (platform, id there), oldest first."""
    return [(row[0], row[1]) for row in await connection.fetch(_IDENTITIES, user_id)]


async def is_known(connection: Connection, user_id: int, key: str) -> bool:
    """Return whether a command with this idempotency key was stored before."""
    return await connection.fetchval(_IS_KNOWN, user_id, key)


async def counts(connection: Connection) -> Counts:
    """Return how much is open in the whole house."""
    row = await connection.fetchrow(_COUNTS)
    assert row is not None, "a SELECT of counts returns a row"
    return Counts(**row)


def _person(row: Any) -> Person | None:
    return Person(**row) if row is not None else None
