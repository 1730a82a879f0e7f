"""The venue's list of symbols for a start without network, and what the server says of itself."""

from db.pool import Database

_LOAD = "SELECT body FROM instruments WHERE id = 1"
_SAVE = """
INSERT INTO instruments (id, body, fetched_at) VALUES (1, $1, now())
ON CONFLICT (id) DO UPDATE SET body = excluded.body, fetched_at = excluded.fetched_at
"""


async def load_instruments(database: Database) -> bytes | None:
    """Return the stored snapshot, or None. Raises StoreUnavailable."""
    async with database.session() as connection:
        return await connection.fetchval(_LOAD)


async def save_instruments(database: Database, body: bytes) -> None:
    """Store a snapshot in place of the one before. Raises StoreUnavailable."""
    async with database.session() as connection:
        await connection.execute(_SAVE, body)


async def describe_server(database: Database, *, is_embedded: bool) -> str:
    """Return version and place of the server, as `PostgreSQL 18.4, embedded`."""
    async with database.session() as connection:
        version = await connection.fetchval("SHOW server_version")
        host = await connection.fetchval("SELECT coalesce(host(inet_server_addr()), 'socket')")
    place = "embedded" if is_embedded else host
    return f"PostgreSQL {version.split()[0]}, {place}"
