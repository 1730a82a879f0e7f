"""The notices' way out, one row per notice and channel. It sends nothing itself.

A relay asks who is `due`, `take`s what is for them, sends, and says what came of it: `told`,
`failed`, `release`d, `dead`. The terminal `claim`s for its own channel.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from db.outbox import dispatch
from db.outbox.reading import read_notices
from db.outbox.records import Address, Claimed, Due, OutboxConfig
from db.pool import Connection, Database
from db.queries.records import Notice

UNREADABLE = "unreadable"

_ADDRESSEE = ("platform_id", "locale", "zone", "theme", "card_money")

# Later notices of a user wait on a channel while an earlier one is claimed or backing off.
_CLAIM = """
WITH wanted AS (
    SELECT w.* FROM unnest($1::bigint[], $2::text[], $5::bigint[]) AS w(user_id, channel, since_ms)
    WHERE NOT EXISTS (
        SELECT FROM deliveries d
        WHERE d.user_id = w.user_id AND d.channel = w.channel AND d.status = 'pending'
            AND d.next_attempt_at > now())
),
due AS (
    SELECT d.id FROM deliveries d JOIN wanted w USING (user_id, channel)
    WHERE d.status = 'pending' ORDER BY d.notice_id LIMIT $3
    FOR UPDATE OF d SKIP LOCKED
),
again AS (
    UPDATE deliveries d SET
        attempts = d.attempts + 1, next_attempt_at = now() + $4 * interval '1 second'
    FROM due WHERE d.id = due.id
    RETURNING d.notice_id, d.channel, d.attempts
),
fresh AS (
    INSERT INTO deliveries (notice_id, user_id, channel, status, attempts, next_attempt_at)
    SELECT n.id, n.user_id, w.channel, 'pending', 1, now() + $4 * interval '1 second'
    FROM wanted w JOIN notices n ON n.user_id = w.user_id
    WHERE n.created_at >= ms_to_time(w.since_ms) AND NOT EXISTS (
        SELECT FROM deliveries d WHERE d.notice_id = n.id AND d.channel = w.channel)
    ORDER BY n.id LIMIT $3
    ON CONFLICT (notice_id, channel) DO NOTHING
    RETURNING notice_id, channel, attempts
)
SELECT claimed.*, c.platform_user_id AS platform_id, u.locale, u.zone, u.theme, u.card_money
FROM (SELECT * FROM again UNION ALL SELECT * FROM fresh) claimed
LEFT JOIN chat_identities c ON c.platform = split_part(claimed.channel, ':', 1)
    AND c.platform_user_id = substr(claimed.channel, strpos(claimed.channel, ':') + 1)
LEFT JOIN users u ON u.id = c.user_id
ORDER BY notice_id, channel
"""

_RECENT = """
SELECT id FROM notices WHERE user_id = $1 ORDER BY id DESC LIMIT $2
"""

_TOLD = """
INSERT INTO deliveries (notice_id, user_id, channel, status, attempts, next_attempt_at, ended_at)
SELECT n.id, n.user_id, t.channel, 'delivered', 1, now(), now()
FROM unnest($1::bigint[], $2::text[]) AS t(notice_id, channel) JOIN notices n ON n.id = t.notice_id
ON CONFLICT (notice_id, channel) DO UPDATE SET
    status = 'delivered', ended_at = now(), reason = NULL
WHERE deliveries.status <> 'delivered'
"""

_TOLD_EVERYWHERE = """
WITH told AS (
    UPDATE notices SET is_addressed = true WHERE id = $1 RETURNING id, user_id
)
INSERT INTO deliveries (notice_id, user_id, channel, status, attempts, next_attempt_at, ended_at)
SELECT told.id, told.user_id, chat.channel, 'delivered', 1, now(), now()
FROM told CROSS JOIN LATERAL (
    SELECT $2::text AS channel UNION
    SELECT platform || ':' || platform_user_id FROM chat_identities c
    WHERE c.user_id = told.user_id) chat
ON CONFLICT (notice_id, channel) DO UPDATE SET
    status = 'delivered', ended_at = now(), reason = NULL
WHERE deliveries.status <> 'delivered'
"""

_FAILED = """
UPDATE deliveries SET
    status = CASE WHEN attempts >= $4 THEN 'dead' ELSE 'pending' END,
    ended_at = CASE WHEN attempts >= $4 THEN now() END,
    reason = left($3, 500),
    next_attempt_at = now() + coalesce($5::float8, least($7, $6 * power(2, attempts - 1)))
        * interval '1 second'
WHERE notice_id = $1 AND channel = $2 AND status = 'pending'
"""

_DEAD = """
UPDATE deliveries SET status = 'dead', ended_at = now(), reason = left($3, 500)
WHERE notice_id = $1 AND channel = $2 AND status = 'pending'
"""

_RELEASE = """
UPDATE deliveries d SET
    attempts = greatest(d.attempts - 1, 0), next_attempt_at = now() + $3 * interval '1 second'
FROM unnest($1::bigint[], $2::text[]) AS r(notice_id, channel)
WHERE d.notice_id = r.notice_id AND d.channel = r.channel AND d.status = 'pending'
"""

_PENDING = "SELECT count(*) FROM deliveries WHERE status = 'pending'"


class Outbox:
    """The notices' way out. Every call raises StoreUnavailable when the database is away."""

    def __init__(self, database: Database, config: OutboxConfig | None = None) -> None:
        self._database = database
        self._config = config or OutboxConfig()

    # for a relay that pushes

    async def due(
        self, platforms: Sequence[str], limit: int = 500, user_ids: Sequence[int] | None = None
    ) -> list[Due]:
        """Return the chats on these platforms that have something to be told now.

        The most urgent first, then the oldest; of these users only if they are given. `limit`
        counts a chat once per urgency that it has. Not due: a chat that is not told or gone, what
        was noted before it joined the account, and a chat of which anything is taken or backing
        off, so that order is kept. A broadcast alone may be overtaken.
        """
        async with self._database.session() as connection:
            await dispatch.address(connection, self._config.addressed_at_once)
            return await dispatch.due(connection, platforms, limit, user_ids)

    async def take(
        self, chats: Sequence[Address | Due], limit: int = 500, per_chat: int = 20
    ) -> list[Claimed]:
        """Take up to `limit` notices for these chats, chat by chat, each chat's oldest first.

        They are ours until told, failed, released or dead, or `claim_seconds` (30) passed: then
        the chat is due again. What another relay took is not given out twice.
        """
        if not chats:
            return []
        async with self._database.session() as connection:
            limits = (limit, per_chat, self._config.claim_seconds)
            return await _claimed(connection, await dispatch.take(connection, chats, limits))

    async def told_many(self, told: Iterable[tuple[int, str]]) -> None:
        """Note that notices were told: pairs of (notice id, channel), in one statement."""
        pairs = sorted(set(told))
        if pairs:
            await self._run(_TOLD, [one[0] for one in pairs], [one[1] for one in pairs])

    async def release(self, notice_id: int, channel: str, seconds: float) -> None:
        """Give one claim back, see `release_many`."""
        await self.release_many([(notice_id, channel)], seconds)

    async def release_many(self, claims: Iterable[tuple[int, str]], seconds: float) -> None:
        """Give claims back as if never taken, due in `seconds`: a pause, a platform that is away.

        Pairs of (notice id, channel). It counts as no attempt, so nothing dies of it.
        """
        pairs = sorted(set(claims))
        if pairs:
            ids, channels = [one[0] for one in pairs], [one[1] for one in pairs]
            await self._run(_RELEASE, ids, channels, float(seconds))

    # for a chat that asks for its own

    async def claim(self, addresses: Sequence[Address], limit: int = 100) -> list[Claimed]:
        """Return up to `limit` new and `limit` retried notices for these addresses, oldest first.

        They are ours until told, failed, or `claim_seconds` passed: then they are claimed again.
        For a channel that asks by itself; it looks at all of a user's notices.
        """
        if not addresses:
            return []
        async with self._database.session() as connection:
            rows = await connection.fetch(
                _CLAIM,
                [address.user_id for address in addresses],
                [address.channel for address in addresses],
                limit,
                self._config.claim_seconds,
                [address.since_ms for address in addresses],
            )
            return await _claimed(connection, [dict(row) for row in rows])

    # for both

    async def told(self, notice_id: int, channel: str, *, everywhere: bool = False) -> None:
        """Note that a notice was told on a channel, by a relay or by a command's own reply.

        `everywhere`: it need not be told in the user's other chats any more, sent or not: an
        opening that was answered here.
        """
        if everywhere:
            await self._run(_TOLD_EVERYWHERE, notice_id, channel)
        else:
            await self._run(_TOLD, [notice_id], [channel])

    async def failed(
        self, notice_id: int, channel: str, reason: str, retry_seconds: float | None = None
    ) -> None:
        """Try again later, after `retry_seconds` if the platform named them; at last give up."""
        config = self._config
        spacing = (config.attempts_max, retry_seconds)
        limits = (config.retry_seconds_min, config.retry_seconds_max)
        await self._run(_FAILED, notice_id, channel, reason, *spacing, *limits)

    async def dead(self, notice_id: int, channel: str, reason: str) -> None:
        """Give one delivery up: the platform will never take this message.

        For a chat that is gone `PostgresHouse.mark_gone` does it, for all that waits there.
        """
        await self._run(_DEAD, notice_id, channel, reason)

    async def recent(self, user_id: int, limit: int = 20) -> list[Notice]:
        """Return a user's latest notices, newest first, whether told or not."""
        async with self._database.session() as connection:
            ids = [row["id"] for row in await connection.fetch(_RECENT, user_id, limit)]
            notices = await read_notices(connection, ids)
        return [notices[one] for one in ids if one in notices]

    async def pending(self) -> int:
        """Return how many deliveries are claimed or wait, for the first time or another."""
        async with self._database.session() as connection:
            return await connection.fetchval(_PENDING)

    async def _run(self, statement: str, *arguments: Any) -> None:
        async with self._database.session() as connection:
            await connection.execute(statement, *arguments)


async def _claimed(connection: Connection, rows: Sequence[dict[str, Any]]) -> list[Claimed]:
    """Return what was claimed with its notices; one that cannot be read holds up no other."""
    notices = await read_notices(connection, [row["notice_id"] for row in rows])
    claimed: list[Claimed] = []
    for row in rows:
        notice = notices.get(row["notice_id"])
        if notice is None:
            await connection.execute(_DEAD, row["notice_id"], row["channel"], UNREADABLE)
            continue
        known = {name: row[name] for name in _ADDRESSEE if row.get(name) is not None}
        claimed.append(Claimed(notice, row["channel"], row["attempts"], **known))
    return claimed
