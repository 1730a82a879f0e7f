"""Alerts as they are read: those that are armed, of everybody or of one user."""

from collections.abc import Collection
from typing import Any

from db.pool import Connection
from engine.core.alerts import Crossing, PriceAlert

_ALERT = """
id, user_id, symbol, price, crossing, after_id, time_to_ms(placed_at) AS placed_at_ms
"""

_ARMED = f"""
SELECT {_ALERT} FROM alerts
WHERE status = 'armed' AND ($1::bigint[] IS NULL OR id = ANY($1)) ORDER BY id
"""

_ARMED_OF = f"""
SELECT {_ALERT} FROM alerts WHERE status = 'armed' AND user_id = $1 ORDER BY symbol, price
"""


async def armed(connection: Connection, among: Collection[int] | None = None) -> list[PriceAlert]:
    """Return the alerts that have not fired (of these, if any are named), by id."""
    rows = await connection.fetch(_ARMED, None if among is None else list(among))
    return [_read(row) for row in rows]


async def armed_of(connection: Connection, user_id: int) -> list[PriceAlert]:
    """Return a user's alerts that have not fired, by symbol and price."""
    return [_read(row) for row in await connection.fetch(_ARMED_OF, user_id)]


def _read(row: Any) -> PriceAlert:
    fields = dict(row)
    crossing = Crossing(fields.pop("crossing"))
    return PriceAlert(**fields, crossing=crossing)
