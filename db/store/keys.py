"""Idempotency keys: the first command with a key is done, a later one learns what came of it.

A key that our own lost commit stored is recognized by what it was for, and is no duplicate.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from db.pool import Connection
from db.store.rows import Input
from db.store.waves import Item
from engine.core.effects import (
    AccountReset,
    AlertEnded,
    AlertPlaced,
    ExitsSet,
    OrderEnded,
    OrderPlaced,
)

_COLUMNS = Input(
    position="int",
    user_id="bigint",
    key="text",
    kind="text",
    subject_id="bigint",
    effect_number="int",
    created_ms="bigint",
)

_CLAIM = f"""
INSERT INTO command_keys (user_id, key, kind, subject_id, effect_number, result_id, created_at)
SELECT user_id, key, kind, subject_id, effect_number, subject_id, ms_to_time(created_ms)
FROM {_COLUMNS.source} ORDER BY position
ON CONFLICT (user_id, key) DO NOTHING
RETURNING user_id, key
"""

_READ = """
SELECT k.user_id, k.key, k.kind, k.subject_id, k.effect_number, k.result_id
FROM unnest($1::bigint[], $2::text[]) AS asked(user_id, key)
JOIN command_keys k ON k.user_id = asked.user_id AND k.key = asked.key
"""

_FORGET = """
DELETE FROM command_keys k USING unnest($1::bigint[], $2::text[]) AS gone(user_id, key)
WHERE k.user_id = gone.user_id AND k.key = gone.key
"""

_NAME = """
UPDATE command_keys SET result_id = $3 WHERE user_id = $1 AND key = $2
"""


@dataclass(frozen=True)
class Claim:
    """A keyed effect: who asked, with which key, for what."""

    position: int
    user_id: int
    key: str
    kind: str
    subject_id: int
    effect_number: int
    created_ms: int

    @property
    def name(self) -> tuple[int, str]:
        """What is unique in the table."""
        return self.user_id, self.key

    @property
    def cause(self) -> tuple[str, int, int]:
        """What tells our own stored effect from another command with the same key."""
        return self.kind, self.subject_id, self.effect_number


@dataclass
class Claims:
    """What became of a batch's keys, by position: stored by an earlier commit, or taken."""

    own: dict[int, int] = field(default_factory=dict[int, int])
    taken: dict[int, int] = field(default_factory=dict[int, int])


def claim_of(item: Item) -> Claim | None:
    """Return the key that an effect brings, or None."""
    effect, at, now = item.effect, item.position, item.decided.decided_at_ms
    match effect:
        case OrderPlaced(order=order, key=key):
            return Claim(at, order.user_id, key, "order_placed", order.id, 0, now)
        case OrderEnded(order=order, key=str(key)):
            return Claim(at, order.user_id, key, "order_ended", order.id, 0, now)
        case ExitsSet(trade=trade, key=key):
            return Claim(at, trade.user_id, key, "exits_set", trade.id, trade.revision, now)
        case AlertPlaced(alert=alert, key=key):
            return Claim(at, alert.user_id, key, "alert_placed", alert.id, 0, now)
        case AlertEnded(alert=alert, key=str(key)):
            return Claim(at, alert.user_id, key, "alert_ended", alert.id, 0, now)
        case AccountReset(key=key, user_id=user_id, account_id=account_id):
            return Claim(at, user_id, key, "account_reset", account_id, 0, now)
        case _:
            return None


async def claim(connection: Connection, items: Sequence[Item]) -> Claims:
    """Store the keys that are new; tell which were ours before and which are somebody else's."""
    asked = [found for item in items if (found := claim_of(item)) is not None]
    claims = Claims()
    if not asked:
        return claims
    columns = _COLUMNS.arrays(
        [
            (c.position, c.user_id, c.key, c.kind, c.subject_id, c.effect_number, c.created_ms)
            for c in asked
        ]
    )
    fresh = {(row["user_id"], row["key"]) for row in await connection.fetch(_CLAIM, *columns)}
    rest: list[Claim] = []
    for one in asked:
        if one.name in fresh:
            fresh.discard(one.name)  # a second one in the same batch is not new any more
        else:
            rest.append(one)
    if rest:
        await _judge(connection, rest, claims)
    return claims


async def _judge(connection: Connection, asked: Sequence[Claim], claims: Claims) -> None:
    names = [one.user_id for one in asked], [one.key for one in asked]
    stored = {(row["user_id"], row["key"]): row for row in await connection.fetch(_READ, *names)}
    for one in asked:
        row = stored[one.name]
        found = claims.own if _cause(row) == one.cause else claims.taken
        found[one.position] = row["result_id"]


def _cause(row: dict[str, object]) -> tuple[object, object, object]:
    return row["kind"], row["subject_id"], row["effect_number"]


async def forget(connection: Connection, items: Sequence[Item]) -> None:
    """Free the keys of effects that were not stored after all."""
    claims = [found for item in items if (found := claim_of(item)) is not None]
    if claims:
        users, keys = [one.user_id for one in claims], [one.key for one in claims]
        await connection.execute(_FORGET, users, keys)


async def name_result(connection: Connection, item: Item, result_id: int) -> None:
    """Write what came of a command whose result was not known when its key was stored."""
    found = claim_of(item)
    assert found is not None, "only a keyed effect has a result to name"
    await connection.execute(_NAME, found.user_id, found.key, result_id)
