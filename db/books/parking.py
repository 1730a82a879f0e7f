"""Requests put aside for one person: his ticket takes each back once, nobody else's does.

Only the ticket's hash is stored.
"""

import hashlib
import secrets

from db.pool import Connection
from db.queries.records import Parked

TICKET_LETTERS = 16
PARKED_MAX = 20
"""How many requests one person has put aside at most; the oldest go first."""

_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"

_MAKE_ROOM = """
DELETE FROM parked_requests WHERE platform = $1 AND platform_user_id = $2 AND id NOT IN (
    SELECT id FROM parked_requests
    WHERE platform = $1 AND platform_user_id = $2 AND expires_at > now()
    ORDER BY id DESC LIMIT $3)
"""

_PARK = """
INSERT INTO parked_requests (
    platform, platform_user_id, ticket_hash, line, room_id, expires_at)
VALUES ($1, $2, $3, $4, $5, now() + $6 * interval '1 second')
"""

_REPARK = """
UPDATE parked_requests SET line = $4, room_id = $5
WHERE platform = $1 AND platform_user_id = $2 AND ticket_hash = $3 AND expires_at > now()
RETURNING true
"""

_TAKE = """
DELETE FROM parked_requests WHERE platform = $1 AND platform_user_id = $2 AND ticket_hash = $3
    AND expires_at > now()
RETURNING line, room_id
"""


async def park(connection: Connection, name: tuple[str, str], parked: Parked, seconds: int) -> str:
    """Put a request aside for the person called (platform, id there); return its ticket."""
    ticket = "".join(secrets.choice(_ALPHABET) for _ in range(TICKET_LETTERS))
    async with connection.transaction():
        await connection.execute(_MAKE_ROOM, *name, PARKED_MAX - 1)
        await connection.execute(
            _PARK, *name, _hash(ticket), _text(parked.line), parked.room_id, float(seconds)
        )
    return ticket


async def repark(
    connection: Connection, name: tuple[str, str], ticket: str, parked: Parked
) -> bool:
    """Put another request in a ticket's place; False: unknown, another's, over or taken."""
    found = await connection.fetchval(
        _REPARK, *name, _hash(ticket), _text(parked.line), parked.room_id
    )
    return found is not None


async def unpark(connection: Connection, name: tuple[str, str], ticket: str) -> Parked | None:
    """Take it back, once; None: unknown, another's, expired or taken already."""
    row = await connection.fetchrow(_TAKE, *name, _hash(ticket))
    return Parked(**row) if row is not None else None


def _text(line: str) -> str:
    return line.replace("\0", "")  # which Postgres holds in no text


def _hash(ticket: str) -> str:
    return hashlib.sha256(ticket.encode()).hexdigest()
