"""Saved plans, at most 20 per person: the table itself refuses one more."""

import asyncpg

from db.pool import Connection
from db.queries.records import StoredPlan

_PLANS = 'SELECT name, size, stop, target FROM plans WHERE user_id = $1 ORDER BY name COLLATE "C"'

_SAVE = """
INSERT INTO plans (user_id, name, size, stop, target) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (user_id, name) DO UPDATE SET
    size = excluded.size, stop = excluded.stop, target = excluded.target
"""

_REMOVE = "DELETE FROM plans WHERE user_id = $1 AND name = $2 RETURNING id"


async def plans(connection: Connection, user_id: int) -> list[StoredPlan]:
    """Return the saved plans by name."""
    return [StoredPlan(**row) for row in await connection.fetch(_PLANS, user_id)]


async def save_plan(connection: Connection, user_id: int, plan: StoredPlan) -> bool:
    """Save or replace a plan; False: there are 20 already."""
    try:
        await connection.execute(_SAVE, user_id, plan.name, plan.size, plan.stop, plan.target)
    except asyncpg.CheckViolationError as error:
        if getattr(error, "constraint_name", None) != "plans_at_most_20":
            raise
        return False
    return True


async def remove_plan(connection: Connection, user_id: int, name: str) -> bool:
    """Remove a plan; False: there is none of that name."""
    return await connection.fetchval(_REMOVE, user_id, name) is not None
