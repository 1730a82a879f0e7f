"""Joins chats to one account by a one-time code, and takes them apart again.

Only the code's hash is stored. Five wrong codes from a chat within ten minutes end its trying. The
account that a chat leaves stays as it is, for the day it comes back.
"""

import hashlib
import secrets
from typing import Any

import asyncpg

from db.books.people import hashed, is_busy
from db.pool import Connection
from db.queries.people import person_by_id
from db.queries.records import LinkTry

CODE_LETTERS = 8
TRIES_MAX = 5
TRIES_SECONDS = 600.0

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # without 0 O 1 I L, which look alike

_MAKE = """
INSERT INTO link_codes (user_id, code_hash, channel, created_at, expires_at)
VALUES ($1, $2, $3, now(), now() + $4 * interval '1 second')
ON CONFLICT (user_id) DO UPDATE SET
    code_hash = excluded.code_hash, channel = excluded.channel, used_at = NULL,
    created_at = excluded.created_at, expires_at = excluded.expires_at
"""

# Links are rare: one at a time, so that tries are counted right and no two moves cross.
_ALONE = "SELECT pg_advisory_xact_lock(hashtext('vigilante_link'))"

# Who was forgotten in between has tried under his hash: his tries count all the same.
_TRIES = """
SELECT count(*) FROM link_attempts
WHERE platform = $1 AND platform_user_id = ANY($2) AND tried_at > now() - $3 * interval '1 second'
"""

_CODE = """
SELECT k.id, k.user_id, k.channel FROM link_codes k
JOIN users u ON u.id = k.user_id AND u.deleted_at IS NULL
WHERE k.code_hash = $1 AND k.used_at IS NULL AND k.expires_at > now() FOR UPDATE OF k
"""

_WRONG = """
INSERT INTO link_attempts (platform, platform_user_id, tried_at) VALUES ($1, $2, now())
"""

_CHAT = """
SELECT id, user_id FROM chat_identities WHERE platform = $1 AND platform_user_id = $2 FOR UPDATE
"""

_CLOSED_COUNT = "SELECT count(*) FROM trades WHERE user_id = $1 AND status = 'closed'"

_USE = "UPDATE link_codes SET used_at = now() WHERE id = $1"

# A chat goes back to where it came from first, however often it moved.
_MOVE = """
INSERT INTO chat_identities (platform, platform_user_id, user_id, created_at, joined_at)
VALUES ($1, $2, $3, now(), now())
ON CONFLICT (platform, platform_user_id) DO UPDATE SET
    former_user_id = nullif(
        coalesce(chat_identities.former_user_id, chat_identities.user_id), excluded.user_id),
    user_id = excluded.user_id, joined_at = excluded.joined_at, is_told = true,
    gone_reason = NULL, gone_at = NULL
"""

# What the chat was about to tell its former owner, and the codes that it made, end with the move.
_LEAVE = (
    """UPDATE deliveries SET status = 'dead', ended_at = now(), reason = 'moved'
    WHERE user_id = $1 AND channel = $2 AND status = 'pending'""",
    "DELETE FROM link_codes WHERE user_id = $1 AND channel = $2 AND used_at IS NULL",
)

_ON_IT = """
SELECT c.id, c.platform || ':' || c.platform_user_id AS channel, former.id AS former_user_id
FROM chat_identities c
LEFT JOIN users former ON former.id = c.former_user_id AND former.deleted_at IS NULL
WHERE c.user_id = $1 ORDER BY c.id FOR UPDATE OF c
"""

_GIVE_BACK = """
UPDATE chat_identities SET
    user_id = $2, former_user_id = NULL, joined_at = now(), is_told = true,
    gone_reason = NULL, gone_at = NULL
WHERE id = $1
"""

_REMOVE = "DELETE FROM chat_identities WHERE id = $1"


async def make_link_code(connection: Connection, user_id: int, channel: str, seconds: int) -> str:
    """Make a user's one code; the one before is void."""
    while True:
        code = "".join(secrets.choice(_ALPHABET) for _ in range(CODE_LETTERS))
        try:
            await connection.execute(_MAKE, user_id, _hash(code), channel, float(seconds))
        except asyncpg.UniqueViolationError:  # another user has this very code: toss again
            continue
        return code


async def try_link(connection: Connection, name: tuple[str, str], code: str) -> LinkTry:
    """Say what a code would do to the chat called (platform, id there), without doing it."""
    async with connection.transaction():
        found, _ = await _judge(connection, name, code)
    return found


async def link(connection: Connection, name: tuple[str, str], code: str) -> LinkTry:
    """Move the chat to the code's account and use the code up, if `found` is what comes of it."""
    async with connection.transaction():
        found, code_id = await _judge(connection, name, code)
        if found.outcome == "found":
            await connection.execute(_USE, code_id)
            await connection.execute(_MOVE, *name, found.user_id)
            if found.left is not None:
                await _leave(connection, found.left.user_id, f"{name[0]}:{name[1]}")
    return found


async def unlink(connection: Connection, user_id: int, channel: str) -> bool:
    """Give a chat back to its former user, or to nobody; False: not on it, or the last one."""
    async with connection.transaction():
        await connection.execute(_ALONE)
        chats = await connection.fetch(_ON_IT, user_id)
        chat = next((one for one in chats if one["channel"] == channel), None)
        if chat is None or len(chats) == 1:
            return False
        if chat["former_user_id"] is None:
            await connection.execute(_REMOVE, chat["id"])
        else:
            await connection.execute(_GIVE_BACK, chat["id"], chat["former_user_id"])
        await _leave(connection, user_id, channel)
    return True


async def _judge(
    connection: Connection, name: tuple[str, str], code: str
) -> tuple[LinkTry, int | None]:
    """Return what a code comes to, and its row; a wrong one is counted."""
    await connection.execute(_ALONE)
    platform, person_id = name
    called = [person_id, hashed(platform, person_id)]
    tries = await connection.fetchval(_TRIES, platform, called, TRIES_SECONDS)
    row = await connection.fetchrow(_CODE, _hash(code))
    if tries >= TRIES_MAX:
        return LinkTry(outcome="too_many"), None
    if row is None:
        await connection.execute(_WRONG, *name)
        return LinkTry(outcome="wrong"), None
    chat = await connection.fetchrow(_CHAT, *name)
    if chat is not None and chat["user_id"] == row["user_id"]:
        return LinkTry(outcome="self", user_id=row["user_id"], channel=row["channel"]), None
    if chat is not None and await is_busy(connection, chat["user_id"]):
        return LinkTry(outcome="open", user_id=row["user_id"], channel=row["channel"]), None
    return await _found(connection, row, chat), row["id"]


async def _found(connection: Connection, row: Any, chat: Any) -> LinkTry:
    left, closed_count = None, 0
    if chat is not None:
        left = await person_by_id(connection, chat["user_id"])
        closed_count = await connection.fetchval(_CLOSED_COUNT, chat["user_id"])
    return LinkTry(
        outcome="found",
        user_id=row["user_id"],
        channel=row["channel"],
        left=left,
        left_closed_count=closed_count,
    )


async def _leave(connection: Connection, user_id: int, channel: str) -> None:
    for statement in _LEAVE:
        await connection.execute(statement, user_id, channel)


def _hash(code: str) -> str:
    """Return the hash of a code as it was meant: in any case, with or without dashes."""
    plain = "".join(code.split()).replace("-", "").upper()
    return hashlib.sha256(plain.encode()).hexdigest()
