"""Everything that is stored about one user, as JSON: exact numbers as text, times in ISO 8601."""

from typing import Any

import msgspec

from db.pool import Connection


def _of_chats(table: str) -> str:
    """Return the query for what is kept by the name of a chat."""
    return f"""
        SELECT t.* FROM {table} t JOIN chat_identities c USING (platform, platform_user_id)
        WHERE c.user_id = $1 ORDER BY t.id"""


_TABLES = {
    "user": "SELECT * FROM users WHERE id = $1",
    "identities": "SELECT * FROM chat_identities WHERE user_id = $1 ORDER BY id",
    "plans": "SELECT * FROM plans WHERE user_id = $1 ORDER BY name",
    "link_codes": "SELECT * FROM link_codes WHERE user_id = $1 ORDER BY id",
    "parked_requests": _of_chats("parked_requests"),
    "link_attempts": _of_chats("link_attempts"),
    "live_messages": _of_chats("live_messages"),
    "host_actions": """
        SELECT h.* FROM host_actions h JOIN chat_identities c
            ON h.actor = c.platform || ':' || c.platform_user_id
        WHERE c.user_id = $1 ORDER BY h.id""",
    "accounts": "SELECT * FROM accounts WHERE user_id = $1 ORDER BY id",
    "trades": "SELECT * FROM trades WHERE user_id = $1 ORDER BY number",
    "fills": "SELECT * FROM fills WHERE user_id = $1 ORDER BY id",
    "ledger": "SELECT * FROM ledger WHERE user_id = $1 ORDER BY id",
    "orders": "SELECT * FROM orders WHERE user_id = $1 ORDER BY id",
    "alerts": "SELECT * FROM alerts WHERE user_id = $1 ORDER BY id",
    "command_keys": "SELECT * FROM command_keys WHERE user_id = $1 ORDER BY id",
    "notices": "SELECT * FROM notices WHERE user_id = $1 ORDER BY id",
    "deliveries": "SELECT * FROM deliveries WHERE user_id = $1 ORDER BY id",
}

_JSON_COLUMNS = ("route", "targets", "body", "facts", "payload")


async def export(connection: Connection, user_id: int) -> bytes:
    """Return all of a user's rows by table, as one moment of the database shows them."""
    tables: dict[str, Any] = {}
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        for name, statement in _TABLES.items():
            rows = await connection.fetch(statement, user_id)
            tables[name] = [_plain(row) for row in rows]
    return msgspec.json.encode(tables)


def _plain(row: Any) -> dict[str, Any]:
    plain = dict(row)
    for name in _JSON_COLUMNS:
        if name in plain:
            plain[name] = msgspec.Raw(plain[name])
    return plain
