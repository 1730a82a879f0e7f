"""Forgets what is too old to matter: keys, notices told long ago, alerts, codes; if asked fills.

It deletes in small pieces, so that nobody waits behind it.
"""

from dataclasses import dataclass

from db.pool import Database

_OLD_KEYS = """
DELETE FROM command_keys WHERE id IN (
    SELECT id FROM command_keys WHERE created_at < now() - $1 * interval '1 day' LIMIT $2)
"""

# A delivery that is still tried keeps its notice: one that is taken or backs off, or did today.
# What waits for a platform that nobody serves any more does not.
_OLD_NOTICES = """
DELETE FROM notices WHERE id IN (
    SELECT n.id FROM notices n
    WHERE n.created_at < now() - $1 * interval '1 day' AND NOT EXISTS (
        SELECT FROM deliveries d WHERE d.notice_id = n.id AND d.status = 'pending'
            AND d.next_attempt_at > now() - interval '1 day')
    LIMIT $2)
"""

# The fills of an open trade stay, however old.
_OLD_FILLS = """
DELETE FROM fills WHERE id IN (
    SELECT f.id FROM fills f JOIN trades t ON t.id = f.trade_id
    WHERE t.status = 'closed' AND t.closed_at < now() - $1 * interval '1 day' LIMIT $2)
"""

_OLD_ALERTS = """
DELETE FROM alerts WHERE id IN (
    SELECT id FROM alerts
    WHERE status <> 'armed' AND ended_at < now() - $1 * interval '1 day' LIMIT $2)
"""

# A watermark segment serves the open trades of its symbol that began before its end.
_OLD_SEGMENTS = """
DELETE FROM watermark_segments WHERE id IN (
    SELECT s.id FROM watermark_segments s JOIN checkpoints c USING (symbol)
    WHERE s.last_id <= c.segment_after_id AND NOT EXISTS (
        SELECT FROM trades t JOIN fills f ON f.trade_id = t.id AND f.kind = 'entry'
        WHERE t.symbol = s.symbol AND t.status = 'open' AND f.print_id < s.last_id)
        AND $1::float8 >= 0
    LIMIT $2)
"""


# Whose time is over, with a day to spare.
_EXPIRED = {
    "parked_requests": "expires_at",
    "link_codes": "expires_at",
    "link_attempts": "tried_at",
    "live_messages": "until",
}


def _old(table: str, column: str) -> str:
    return f"""
DELETE FROM {table} WHERE id IN (
    SELECT id FROM {table} WHERE {column} < now() - $1 * interval '1 day' LIMIT $2)
"""


@dataclass(frozen=True)
class RetentionConfig:
    """For how many days rows are kept (None: for ever), and how many go at once."""

    keys_days: float | None = 30
    notices_days: float | None = 90
    alerts_days: float | None = 90
    fills_days: float | None = None
    expired_days: float | None = 1
    rows_at_once: int = 1_000


async def forget_old(database: Database, config: RetentionConfig | None = None) -> dict[str, int]:
    """Delete what is older than its days; return how many rows went, by table."""
    config = config or RetentionConfig()
    jobs = (
        ("command_keys", _OLD_KEYS, config.keys_days),
        ("notices", _OLD_NOTICES, config.notices_days),
        ("alerts", _OLD_ALERTS, config.alerts_days),
        ("fills", _OLD_FILLS, config.fills_days),
        ("watermark_segments", _OLD_SEGMENTS, 0),
        *((table, _old(table, column), config.expired_days) for table, column in _EXPIRED.items()),
    )
    gone: dict[str, int] = {}
    for table, statement, days in jobs:
        if days is not None:
            gone[table] = await _delete(database, statement, days, config.rows_at_once)
    return gone


async def _delete(database: Database, statement: str, days: float, at_once: int) -> int:
    total = 0
    while True:
        async with database.session() as connection:
            answer = await connection.execute(statement, days, at_once)
        count = int(answer.rpartition(" ")[2])
        total += count
        if count < at_once:
            return total
