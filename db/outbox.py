"""What is still to be told on which channel: at least once, in order, or dead with a reason.

It sends nothing: a relay claims, sends, and says what came of it.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec import Struct

from db.pool import Connection, Database
from db.queries.records import Notice
from db.store.notices import read_payload

log = logging.getLogger(__name__)

UNREADABLE = "unreadable"

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
SELECT * FROM again UNION ALL SELECT * FROM fresh ORDER BY notice_id, channel
"""

_NOTICES = """
SELECT n.id, n.user_id, n.payload::text AS payload, time_to_ms(n.decided_at) AS decided_at_ms,
    time_to_ms(n.late_since) AS late_since_ms, t.number,
    f.balance_after AS balance, a.currency
FROM notices n
LEFT JOIN orders o ON o.id = n.order_id
LEFT JOIN trades t ON t.id = coalesce(n.trade_id, o.trade_id)
LEFT JOIN fills f ON f.trade_id = n.trade_id AND f.effect_number = n.effect_number
JOIN accounts a ON a.id = coalesce(n.account_id, o.account_id, t.account_id)
WHERE n.id = ANY($1::bigint[])
"""

_RECENT = """
SELECT id FROM notices WHERE user_id = $1 ORDER BY id DESC LIMIT $2
"""

_TOLD = """
INSERT INTO deliveries (notice_id, user_id, channel, status, attempts, next_attempt_at, ended_at)
SELECT id, user_id, $2, 'delivered', 1, now(), now() FROM notices WHERE id = $1
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

_PENDING = "SELECT count(*) FROM deliveries WHERE status = 'pending'"


@dataclass(frozen=True)
class OutboxConfig:
    """How long a claim lasts, how retries are spaced (seconds), how many there are."""

    claim_seconds: float = 30.0
    retry_seconds_min: float = 1.0
    retry_seconds_max: float = 600.0
    attempts_max: int = 20


class Address(Struct, frozen=True):
    """A user's channel, as `telegram:123`. What was noted before `since_ms` is not told there."""

    user_id: int
    channel: str
    since_ms: int = 0


class Claimed(Struct, frozen=True):
    """A notice to be sent on a channel now; `attempt` counts from 1."""

    notice: Notice
    channel: str
    attempt: int


class Outbox:
    """The notices' way out, one row per notice and channel."""

    def __init__(self, database: Database, config: OutboxConfig | None = None) -> None:
        self._database = database
        self._config = config or OutboxConfig()

    async def claim(self, addresses: Sequence[Address], limit: int = 100) -> list[Claimed]:
        """Return up to `limit` new and `limit` retried notices for these addresses, oldest first.

        They are ours until told, failed, or `claim_seconds` passed: then they are claimed again.
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
            notices = await _read(connection, [row["notice_id"] for row in rows])
            for row in rows:
                if row["notice_id"] not in notices:  # it must not hold up what comes after it
                    await connection.execute(_DEAD, row["notice_id"], row["channel"], UNREADABLE)
        return [
            Claimed(notices[row["notice_id"]], row["channel"], row["attempts"])
            for row in rows
            if row["notice_id"] in notices
        ]

    async def told(self, notice_id: int, channel: str) -> None:
        """Note that a notice was told on a channel, by the relay or by a command's own reply."""
        await self._run(_TOLD, notice_id, channel)

    async def failed(
        self, notice_id: int, channel: str, reason: str, retry_seconds: float | None = None
    ) -> None:
        """Try again later, after `retry_seconds` if the platform named them; at last give up."""
        config = self._config
        spacing = (config.attempts_max, retry_seconds)
        limits = (config.retry_seconds_min, config.retry_seconds_max)
        await self._run(_FAILED, notice_id, channel, reason, *spacing, *limits)

    async def dead(self, notice_id: int, channel: str, reason: str) -> None:
        """Give a delivery up: the platform will never take it (blocked, chat gone)."""
        await self._run(_DEAD, notice_id, channel, reason)

    async def recent(self, user_id: int, limit: int = 20) -> list[Notice]:
        """Return a user's latest notices, newest first, whether told or not."""
        async with self._database.session() as connection:
            ids = [row["id"] for row in await connection.fetch(_RECENT, user_id, limit)]
            notices = await _read(connection, ids)
        return [notices[one] for one in ids if one in notices]

    async def pending(self) -> int:
        """Return how many deliveries are claimed or wait for another attempt."""
        async with self._database.session() as connection:
            return await connection.fetchval(_PENDING)

    async def _run(self, statement: str, *arguments: Any) -> None:
        async with self._database.session() as connection:
            await connection.execute(statement, *arguments)


async def _read(connection: Connection, ids: Sequence[int]) -> dict[int, Notice]:
    """Return those that can be read, by id."""
    notices: dict[int, Notice] = {}
    for row in await connection.fetch(_NOTICES, ids):
        fields = dict(row)
        try:
            notices[row["id"]] = Notice(effect=read_payload(fields.pop("payload")), **fields)
        except msgspec.DecodeError:
            log.exception("a notice cannot be read: %d", row["id"])
    return notices
