"""The chats of a person: which there are, which are told unasked, which are gone."""

from collections.abc import Collection

from db.pool import Connection
from db.queries.records import Channel

_CHANNELS = """
SELECT platform, platform_user_id AS id, is_told, gone_reason FROM chat_identities
WHERE user_id = $1 ORDER BY chat_identities.id
"""

_SET_TOLD = """
UPDATE chat_identities SET is_told = platform = ANY($2::text[])
WHERE user_id = $1 AND is_told <> (platform = ANY($2::text[]))
"""

_SET_NAME = """
UPDATE chat_identities SET name = left($3, 32)
WHERE platform = $1 AND platform_user_id = $2 AND $3 <> '' AND name <> left($3, 32)
"""

# What was on its way there is told where he wants it from now on, or nowhere.
_DROP_UNWANTED = """
DELETE FROM deliveries d USING chat_identities c
WHERE c.user_id = $1 AND NOT c.is_told AND d.user_id = $1
    AND d.channel = c.platform || ':' || c.platform_user_id AND d.status = 'pending'
"""

_GO = """
UPDATE chat_identities SET gone_reason = left($3, 200), gone_at = now()
WHERE platform = $1 AND platform_user_id = $2 AND gone_at IS NULL
RETURNING user_id
"""

_END = """
UPDATE deliveries SET status = 'dead', ended_at = now(), reason = left($3, 500)
WHERE user_id = $1 AND channel = $2 AND status = 'pending'
"""

_COME_BACK = """
WITH before AS (
    SELECT id, gone_at FROM chat_identities
    WHERE platform = $1 AND platform_user_id = $2 AND gone_at IS NOT NULL FOR UPDATE
)
UPDATE chat_identities c SET gone_reason = NULL, gone_at = NULL
FROM before WHERE c.id = before.id RETURNING c.user_id, before.gone_at
"""

# The delivery that found the chat gone died a moment before that was noted.
_MISSED = """
SELECT n.id FROM notices n
WHERE n.user_id = $1 AND NOT EXISTS (
    SELECT FROM deliveries d WHERE d.notice_id = n.id AND d.status <> 'dead')
    AND (n.created_at >= $2 OR EXISTS (
        SELECT FROM deliveries d WHERE d.notice_id = n.id AND d.channel = $3
            AND d.ended_at >= $2 - interval '1 minute'))
ORDER BY n.id DESC LIMIT $4
"""

_FORGET_DEAD = "DELETE FROM deliveries WHERE notice_id = ANY($1::bigint[]) AND channel = $2"
_ADDRESS_AGAIN = "UPDATE notices SET is_addressed = false WHERE id = ANY($1::bigint[])"

MISSED_MAX = 50
"""How many notices somebody is told who comes back; the newest."""


async def channels(connection: Connection, user_id: int) -> list[Channel]:
    """Return a person's chats, oldest first."""
    return [Channel(**row) for row in await connection.fetch(_CHANNELS, user_id)]


async def set_told(connection: Connection, user_id: int, platforms: Collection[str]) -> None:
    """Tell a person's chats on these platforms from now on, and no other."""
    async with connection.transaction():
        await connection.execute(_SET_TOLD, user_id, list(platforms))
        await connection.execute(_DROP_UNWANTED, user_id)


async def set_name(connection: Connection, platform: str, platform_id: str, name: str) -> None:
    """Keep what somebody is called in a chat; an empty name replaces none."""
    await connection.execute(_SET_NAME, platform, platform_id, name)


async def mark_gone(connection: Connection, platform: str, platform_id: str, reason: str) -> None:
    """Note that a chat cannot be written to; what was on its way there is dead."""
    async with connection.transaction():
        user_id = await connection.fetchval(_GO, platform, platform_id, reason or "gone")
        if user_id is not None:
            channel = f"{platform}:{platform_id}"
            await connection.execute(_END, user_id, channel, reason or "gone")


async def mark_back(connection: Connection, platform: str, platform_id: str) -> None:
    """Note that a chat can be written to again; what nobody was told meanwhile is told now."""
    async with connection.transaction():
        back = await connection.fetchrow(_COME_BACK, platform, platform_id)
        if back is None:
            return
        channel = f"{platform}:{platform_id}"
        rows = await connection.fetch(
            _MISSED, back["user_id"], back["gone_at"], channel, MISSED_MAX
        )
        missed = [row["id"] for row in rows]
        await connection.execute(_FORGET_DEAD, missed, channel)
        await connection.execute(_ADDRESS_AGAIN, missed)
