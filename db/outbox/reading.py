"""Reads notices with all that telling them needs: number, balance and currency."""

import logging
from collections.abc import Sequence

import msgspec

from db.pool import Connection
from db.queries.records import Notice
from db.store.notices import read_payload

log = logging.getLogger(__name__)

_NOTICES = """
SELECT n.id, n.user_id, n.payload::text AS payload, time_to_ms(n.decided_at) AS decided_at_ms,
    time_to_ms(n.late_since) AS late_since_ms, t.number,
    f.balance_after AS balance, coalesce(a.currency, own.currency, '') AS currency
FROM notices n
LEFT JOIN orders o ON o.id = n.order_id
LEFT JOIN trades t ON t.id = coalesce(n.trade_id, o.trade_id)
LEFT JOIN fills f ON f.trade_id = n.trade_id AND f.effect_number = n.effect_number
LEFT JOIN accounts a ON a.id = coalesce(n.account_id, o.account_id, t.account_id)
LEFT JOIN accounts own ON (n.code = 'broadcast' OR n.alert_id IS NOT NULL)
    AND own.user_id = n.user_id AND own.closed_at IS NULL
WHERE n.id = ANY($1::bigint[])
"""


async def read_notices(connection: Connection, ids: Sequence[int]) -> dict[int, Notice]:
    """Return those that can be read, by id."""
    notices: dict[int, Notice] = {}
    if not ids:
        return notices
    for row in await connection.fetch(_NOTICES, ids):
        fields = dict(row)
        try:
            notices[row["id"]] = Notice(effect=read_payload(fields.pop("payload")), **fields)
        except msgspec.DecodeError:
            log.exception("a notice cannot be read: %d", row["id"])
    return notices
