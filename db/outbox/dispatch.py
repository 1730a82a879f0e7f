"""From new notices to what a relay sends: addressed to chats, found when due, taken for a while.

A delivery is made out once per notice and chat. Two relays never hold one: taking is one at a
time, and a chat of which something is held or backing off is not due.
"""

from collections.abc import Sequence

from db.outbox.records import BROADCAST, EXIT, NEWS, Address, Due
from db.pool import Connection

# Chats that ask for their own news are not addressed.
_ASKING = "terminal"

# One at a time; whoever comes meanwhile leaves it to him.
_ADDRESSING = "SELECT pg_try_advisory_xact_lock(hashtext('vigilante_addressing'))"

# Broadcasts wait until nobody's own news do.
ADDRESS = f"""
WITH fresh AS MATERIALIZED (
    SELECT id, user_id, code, created_at FROM notices WHERE NOT is_addressed
    ORDER BY (code = 'broadcast'), id LIMIT $1 FOR NO KEY UPDATE
),
made AS (
    INSERT INTO deliveries (
        notice_id, user_id, channel, status, attempts, next_attempt_at, priority)
    SELECT f.id, f.user_id, c.platform || ':' || c.platform_user_id, 'pending', 0, now(),
        CASE f.code WHEN 'trade_exited' THEN {EXIT} WHEN 'broadcast' THEN {BROADCAST}
            ELSE {NEWS} END
    FROM fresh f CROSS JOIN LATERAL (
        SELECT * FROM chat_identities c
        WHERE c.user_id = f.user_id AND c.is_told AND c.gone_at IS NULL
            AND c.joined_at <= f.created_at AND c.platform <> '{_ASKING}' OFFSET 0) c
    ON CONFLICT (notice_id, channel) DO NOTHING
)
UPDATE notices SET is_addressed = true WHERE id = ANY(ARRAY(SELECT id FROM fresh))
"""

# One look into an index per row, whatever the planner believes of how many wait: their number
# goes from none to many thousands and back faster than its statistics.
_LAST_ATTEMPT = """
    (SELECT max(b.next_attempt_at) FROM deliveries b
    WHERE b.user_id = {0}.user_id AND b.channel = {0}.channel AND b.status = 'pending')
"""

# Of what a chat waits for only the oldest of each urgency counts: a chat with a long tale keeps no
# other from being seen. The CASE looks at the rest of a chat's only for those.
_IS_READY = f"""
    d.status = 'pending' AND d.next_attempt_at <= now()
    AND CASE WHEN d.notice_id = (
            SELECT min(e.notice_id) FROM deliveries e
            WHERE e.user_id = d.user_id AND e.channel = d.channel AND e.priority = d.priority
                AND e.status = 'pending')
        THEN {_LAST_ATTEMPT.format("d")} <= now() AND (
            SELECT c.user_id = d.user_id AND c.is_told AND c.gone_at IS NULL
            FROM chat_identities c WHERE c.platform = split_part(d.channel, ':', 1)
                AND c.platform_user_id = substr(d.channel, strpos(d.channel, ':') + 1))
        ELSE false END
"""

# The most urgent first, then the oldest: for each platform along its own stretch of the index.
DUE = f"""
SELECT h.user_id, h.channel, min(h.priority) AS priority
FROM unnest($1::text[]) AS p(platform) CROSS JOIN LATERAL (
    SELECT d.user_id, d.channel, d.priority, d.notice_id FROM deliveries d
    WHERE split_part(d.channel, ':', 1) = p.platform AND {_IS_READY}
    ORDER BY d.priority, d.notice_id LIMIT $2) h
GROUP BY h.user_id, h.channel ORDER BY min(h.priority), min(h.notice_id), h.channel
"""

DUE_OF_USERS = f"""
SELECT d.user_id, d.channel, min(d.priority) AS priority FROM deliveries d
WHERE d.user_id = ANY($3::bigint[]) AND split_part(d.channel, ':', 1) = ANY($1::text[])
    AND {_IS_READY}
GROUP BY d.user_id, d.channel
ORDER BY min(d.priority), min(d.notice_id), d.channel LIMIT $2
"""

# One taker at a time, and looking only once the one before has committed.
_TAKING = "SELECT pg_advisory_xact_lock(hashtext('vigilante_taking'))"

TAKE = f"""
WITH wanted AS MATERIALIZED (
    SELECT w.user_id, w.channel, w.place, c.platform_user_id AS platform_id, u.locale, u.zone,
        u.theme, u.card_money
    FROM unnest($1::bigint[], $2::text[]) WITH ORDINALITY AS w(user_id, channel, place)
    JOIN chat_identities c ON c.platform = split_part(w.channel, ':', 1)
        AND c.platform_user_id = substr(w.channel, strpos(w.channel, ':') + 1)
        AND c.user_id = w.user_id AND c.is_told AND c.gone_at IS NULL
    JOIN users u ON u.id = w.user_id
    WHERE {_LAST_ATTEMPT.format("w")} <= now()
),
due AS MATERIALIZED (
    SELECT first.id, w.* FROM wanted w CROSS JOIN LATERAL (
        SELECT d.id, d.notice_id FROM deliveries d
        WHERE d.user_id = w.user_id AND d.channel = w.channel AND d.status = 'pending'
        ORDER BY d.notice_id LIMIT $4) first
    ORDER BY w.place, first.notice_id LIMIT $3
),
taken AS (
    UPDATE deliveries d SET
        attempts = d.attempts + 1, next_attempt_at = now() + $5 * interval '1 second'
    FROM due WHERE d.id = due.id
    RETURNING d.notice_id, d.channel, d.attempts, due.place, due.platform_id, due.locale,
        due.zone, due.theme, due.card_money
)
SELECT * FROM taken ORDER BY place, notice_id
"""


async def address(connection: Connection, limit: int) -> int:
    """Make out the deliveries of up to `limit` new notices; return how many notices it were."""
    async with connection.transaction():
        if not await connection.fetchval(_ADDRESSING):
            return 0
        answer = await connection.execute(ADDRESS, limit)
    return int(answer.rpartition(" ")[2])


async def due(
    connection: Connection, platforms: Sequence[str], limit: int, user_ids: Sequence[int] | None
) -> list[Due]:
    """Return who has something to be told on these platforms, the most urgent and oldest first."""
    if user_ids is None:
        rows = await connection.fetch(DUE, list(platforms), limit)
    else:
        rows = await connection.fetch(DUE_OF_USERS, list(platforms), limit, list(user_ids))
    return [Due(**row) for row in rows]


async def take(
    connection: Connection, chats: Sequence[Address | Due], limits: tuple[int, int, float]
) -> list[dict[str, object]]:
    """Take what these chats are to be told; `limits`: in all, per chat, seconds until it is due."""
    limit, per_chat, seconds = limits
    async with connection.transaction():
        await connection.execute(_TAKING)
        rows = await connection.fetch(
            TAKE,
            [chat.user_id for chat in chats],
            [chat.channel for chat in chats],
            limit,
            per_chat,
            seconds,
        )
    return [dict(row) for row in rows]
