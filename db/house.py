"""What belongs to the house and to no person: rooms, switches, the audit, live messages.

Every call raises StoreUnavailable when the database cannot answer now.
"""

from db.books import chats
from db.pool import Connection, Database
from db.queries.records import Broadcast, HouseCounts, LiveRecord, RoomSettings
from db.store.notices import json_text

BROADCAST_SECONDS = 60.0

_VALUE = "SELECT value FROM stored_values WHERE name = $1"
_FORGET_VALUE = "DELETE FROM stored_values WHERE name = $1"
_SET_VALUE = """
INSERT INTO stored_values (name, value) VALUES ($1, $2)
ON CONFLICT (name) DO UPDATE SET value = excluded.value
"""

_ROOM = "SELECT locale, cooldown_seconds FROM rooms WHERE platform = $1 AND room_id = $2"
_SET_ROOM = """
INSERT INTO rooms (platform, room_id, locale, cooldown_seconds) VALUES ($1, $2, $3, $4)
ON CONFLICT (platform, room_id) DO UPDATE SET
    locale = excluded.locale, cooldown_seconds = excluded.cooldown_seconds
"""
_MOVE_ROOM = """
WITH old AS (DELETE FROM rooms WHERE platform = $1 AND room_id = $2 AND room_id <> $3 RETURNING *)
INSERT INTO rooms (platform, room_id, locale, cooldown_seconds)
SELECT platform, $3, locale, cooldown_seconds FROM old
ON CONFLICT (platform, room_id) DO UPDATE SET
    locale = excluded.locale, cooldown_seconds = excluded.cooldown_seconds
"""

_AUDIT = """
INSERT INTO host_actions (actor, action, detail, acted_at) VALUES ($1, $2, left($3, 4000), now())
"""

_BROADCAST = """
INSERT INTO notices (user_id, code, payload, decided_at, created_at)
SELECT u.id, 'broadcast', $1::jsonb, now(), now() FROM users u
WHERE u.deleted_at IS NULL AND EXISTS (SELECT FROM chat_identities c WHERE c.user_id = u.id)
"""

# The host's own key: the same order twice tells nobody twice.
_ONCE = """
INSERT INTO command_keys (user_id, key, kind, subject_id, result_id, created_at)
SELECT user_id, $2, 'broadcast', 0, 0, now() FROM chat_identities
WHERE platform || ':' || platform_user_id = $1
ON CONFLICT (user_id, key) DO NOTHING
"""

_COUNTS = """
SELECT (SELECT count(*) FROM users u WHERE u.deleted_at IS NULL
        AND EXISTS (SELECT FROM chat_identities c WHERE c.user_id = u.id)) AS people,
    (SELECT count(*) FROM trades WHERE status = 'open') AS open_trades,
    (SELECT count(*) FROM orders WHERE status = 'waiting') AS waiting_orders,
    (SELECT count(*) FROM deliveries WHERE status = 'pending') AS pending_deliveries,
    (SELECT count(*) FROM deliveries WHERE status = 'dead') AS dead_deliveries
"""

_SAVE_LIVE = """
INSERT INTO live_messages (
    platform, chat_id, message_id, topic, platform_user_id, line, until)
VALUES ($1, $2, $3, $4, $5, $6, ms_to_time($7))
ON CONFLICT (platform, chat_id, message_id) DO UPDATE SET
    topic = excluded.topic, platform_user_id = excluded.platform_user_id, line = excluded.line,
    until = excluded.until
"""
_END_LIVE = """
DELETE FROM live_messages WHERE platform = $1 AND chat_id = $2 AND message_id = $3
"""
_LIVE = """
SELECT platform, chat_id, message_id, topic, platform_user_id, line, time_to_ms(until) AS until_ms
FROM live_messages WHERE platform = $1 ORDER BY id
"""


class PostgresHouse:
    """The house's side of the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def value(self, name: str) -> str | None:
        """Return a stored value, or None when it was never set."""
        async with self._database.session() as connection:
            return await connection.fetchval(_VALUE, name)

    async def set_value(self, name: str, value: str | None) -> None:
        """Store a value, or forget it."""
        async with self._database.session() as connection:
            await _keep(connection, name, value)

    async def room(self, platform: str, room_id: str) -> RoomSettings:
        """Return what holds in a group or server; the defaults for an unknown one."""
        async with self._database.session() as connection:
            row = await connection.fetchrow(_ROOM, platform, room_id)
        return RoomSettings(**row) if row is not None else RoomSettings()

    async def set_room(self, platform: str, room_id: str, settings: RoomSettings) -> None:
        """Store what holds in a group or server."""
        async with self._database.session() as connection:
            await connection.execute(
                _SET_ROOM, platform, room_id, settings.locale, settings.cooldown_seconds
            )

    async def move_room(self, platform: str, old_id: str, new_id: str) -> None:
        """Keep a room's settings when the platform gives it another id."""
        async with self._database.session() as connection:
            await connection.execute(_MOVE_ROOM, platform, old_id, new_id)

    async def mark_gone(self, platform: str, platform_id: str, reason: str | None) -> None:
        """Note that a person's chat cannot be written to, or (None) that it can again.

        What was on its way to a gone chat is dead. What nobody was told while it was gone is due
        again when it is back, the newest 50.
        """
        async with self._database.session() as connection:
            if reason is None:
                await chats.mark_back(connection, platform, platform_id)
            else:
                await chats.mark_gone(connection, platform, platform_id, reason)

    async def order(self, actor: str, action: str, kept: tuple[str, str | None]) -> None:
        """Keep a value by its name (None: forget it) and note which host ordered it, or neither.

        `actor` is his channel.
        """
        async with self._database.session() as connection, connection.transaction():
            await connection.execute(_AUDIT, actor, action, "")
            await _keep(connection, *kept)

    async def broadcast(self, actor: str, text: str, key: str = "") -> int | None:
        """Write one notice for every person who has a chat; return how many. It is audited.

        `key` is the host's own: None, and nobody is told, when it was used before.
        """
        payload = json_text(Broadcast(text=text))
        async with (
            self._database.session(BROADCAST_SECONDS) as connection,
            connection.transaction(),
        ):
            if key and await connection.execute(_ONCE, actor, key) == "INSERT 0 0":
                return None
            await connection.execute(_AUDIT, actor, "broadcast", text)
            answer = await connection.execute(_BROADCAST, payload)
        return int(answer.rpartition(" ")[2])

    async def counts(self) -> HouseCounts:
        """Return how much there is."""
        async with self._database.session() as connection:
            row = await connection.fetchrow(_COUNTS)
        assert row is not None, "a SELECT of counts returns a row"
        return HouseCounts(**row)

    async def save_live(self, record: LiveRecord) -> None:
        """Note a live list; one of the same message is replaced."""
        async with self._database.session() as connection:
            await connection.execute(
                _SAVE_LIVE,
                record.platform,
                record.chat_id,
                record.message_id,
                record.topic,
                record.platform_user_id,
                record.line,
                record.until_ms,
            )

    async def end_live(self, platform: str, chat_id: str, message_id: str) -> None:
        """Forget a live list."""
        async with self._database.session() as connection:
            await connection.execute(_END_LIVE, platform, chat_id, message_id)

    async def live(self, platform: str) -> list[LiveRecord]:
        """Return the live lists of a platform, oldest first."""
        async with self._database.session() as connection:
            return [LiveRecord(**row) for row in await connection.fetch(_LIVE, platform)]


async def _keep(connection: Connection, name: str, value: str | None) -> None:
    if value is None:
        await connection.execute(_FORGET_VALUE, name)
    else:
        await connection.execute(_SET_VALUE, name, value)
