"""Stores price alerts as they are set, reached and taken back; each is told at most once.

The guard is the row's status in the same statement that writes the notice. One that its owner has
deleted meanwhile is void: there is nobody to tell.
"""

from collections.abc import Sequence
from typing import Any

from db.pool import Connection
from db.store.notices import told_of
from db.store.quotas import ARMED_ALERTS_MAX
from db.store.rows import Input
from db.store.waves import Item
from engine.core.commands import RefusalCode
from engine.core.effects import AlertEnded, AlertFired, AlertPlaced
from engine.ports import Ruling, Verdict

_PLACED = Input(
    id="bigint",
    user_id="bigint",
    symbol="text",
    price="numeric",
    crossing="text",
    after_id="bigint",
    placed_ms="bigint",
)

# `place` counts the alerts of a user inside the batch, on top of those that are armed already.
_PLACE = f"""
WITH asked AS MATERIALIZED (
    SELECT i.* FROM (
        SELECT input.*, row_number() OVER (PARTITION BY user_id ORDER BY id) AS place
        FROM {_PLACED.source}) i
    JOIN users u ON u.id = i.user_id AND u.deleted_at IS NULL
    FOR KEY SHARE OF u
),
judged AS MATERIALIZED (
    SELECT asked.*, place > {ARMED_ALERTS_MAX} - (
        SELECT count(*) FROM (
            SELECT FROM alerts a WHERE a.user_id = asked.user_id AND a.status = 'armed'
            LIMIT {ARMED_ALERTS_MAX}) armed) AS is_beyond
    FROM asked
),
placed AS (
    INSERT INTO alerts (
        id, user_id, symbol, price, crossing, after_id, status, placed_at)
    SELECT id, user_id, symbol, price, crossing, after_id, 'armed', ms_to_time(placed_ms)
    FROM judged WHERE NOT is_beyond ORDER BY id
    ON CONFLICT (user_id, symbol, price) WHERE status = 'armed' DO NOTHING
    RETURNING id
)
SELECT judged.id, placed.id IS NOT NULL AS is_placed FROM judged LEFT JOIN placed USING (id)
"""

_FIRED = Input(
    id="bigint",
    user_id="bigint",
    print_id="bigint",
    print_price="numeric",
    print_ms="bigint",
    payload="jsonb",
    decided_ms="bigint",
    late_ms="bigint",
)

_FIRE = f"""
WITH fired AS (
    UPDATE alerts a SET
        status = 'fired', print_id = i.print_id, print_price = i.print_price,
        ended_at = ms_to_time(i.print_ms)
    FROM {_FIRED.named("i")} WHERE a.id = i.id AND a.user_id = i.user_id AND a.status = 'armed'
    RETURNING i.id, i.user_id, i.payload, i.decided_ms, i.late_ms
)
INSERT INTO notices (user_id, code, alert_id, payload, decided_at, late_since, created_at)
SELECT user_id, 'alert_fired', id, payload, ms_to_time(decided_ms), ms_to_time(late_ms),
    statement_timestamp()
FROM fired ORDER BY id
RETURNING id AS notice_id, alert_id
"""

_STORED = """
SELECT a.id AS alert_id, n.id AS notice_id
FROM unnest($1::bigint[], $2::bigint[]) AS i(id, print_id)
JOIN alerts a ON a.id = i.id AND a.status = 'fired' AND a.print_id = i.print_id
LEFT JOIN notices n ON n.alert_id = a.id AND n.code = 'alert_fired'
"""

_ENDED = Input(
    id="bigint",
    user_id="bigint",
    code="text",
    ended_ms="bigint",
    payload="jsonb",
    decided_ms="bigint",
    late_ms="bigint",
)

# What its owner has taken back is told by the answer alone.
_END = f"""
WITH ended AS (
    UPDATE alerts a SET status = 'ended', code = i.code, ended_at = ms_to_time(i.ended_ms)
    FROM {_ENDED.named("i")} WHERE a.id = i.id AND a.user_id = i.user_id AND a.status = 'armed'
    RETURNING i.id, i.user_id, i.code, i.payload, i.decided_ms, i.late_ms
),
noted AS (
    INSERT INTO notices (user_id, code, alert_id, payload, decided_at, late_since, created_at)
    SELECT user_id, 'alert_ended', id, payload, ms_to_time(decided_ms), ms_to_time(late_ms),
        statement_timestamp()
    FROM ended WHERE code <> '{RefusalCode.CANCELED}'
    RETURNING id, alert_id
)
SELECT ended.id AS alert_id, noted.id AS notice_id
FROM ended LEFT JOIN noted ON noted.alert_id = ended.id
"""

_STORED_ENDS = """
SELECT a.id AS alert_id, n.id AS notice_id
FROM unnest($1::bigint[], $2::text[]) AS i(id, code)
JOIN alerts a ON a.id = i.id AND a.status = 'ended' AND a.code = i.code
LEFT JOIN notices n ON n.alert_id = a.id AND n.code = 'alert_ended'
"""


async def place_alerts(connection: Connection, items: Sequence[Item]) -> dict[int, Ruling]:
    """Store alerts that are set; REFUSED: as many are armed as may be, or the same one is."""
    effects = {
        effect.alert.id: (item.position, effect.alert)
        for item in items
        if isinstance(effect := item.effect, AlertPlaced)
    }
    rows = [
        (
            alert.id,
            alert.user_id,
            alert.symbol,
            alert.price,
            alert.crossing,
            alert.after_id,
            alert.placed_at_ms,
        )
        for _, alert in effects.values()
    ]
    return {
        effects[row["id"]][0]: Ruling(Verdict.APPLIED if row["is_placed"] else Verdict.REFUSED)
        for row in await connection.fetch(_PLACE, *_PLACED.arrays(rows))
    }


async def fire_alerts(connection: Connection, items: Sequence[Item]) -> dict[int, Ruling]:
    """Store that alerts were reached, with their notices; one that is not armed is void."""
    effects = {
        effect.alert.id: (item, effect)
        for item in items
        if isinstance(effect := item.effect, AlertFired)
    }
    rows: list[tuple[Any, ...]] = [
        (
            effect.alert.id,
            effect.alert.user_id,
            effect.print_id,
            effect.price,
            effect.time_ms,
            *told_of(item.decided),
        )
        for item, effect in effects.values()
    ]
    stored = list(await connection.fetch(_FIRE, *_FIRED.arrays(rows)))
    if len(stored) < len(effects):  # by an earlier commit of ours, or not armed any more
        prints = [effect.print_id for _, effect in effects.values()]
        known = {row["alert_id"] for row in stored}
        again = await connection.fetch(_STORED, list(effects), prints)
        stored += [row for row in again if row["alert_id"] not in known]
    return _ruled({one: item.position for one, (item, _) in effects.items()}, stored)


async def end_alerts(connection: Connection, items: Sequence[Item]) -> dict[int, Ruling]:
    """Store that alerts ended without being reached; one that is not armed is void."""
    effects = {
        effect.alert.id: (item, effect)
        for item in items
        if isinstance(effect := item.effect, AlertEnded)
    }
    rows: list[tuple[Any, ...]] = [
        (
            effect.alert.id,
            effect.alert.user_id,
            effect.code,
            effect.at_ms or item.decided.decided_at_ms,
            *told_of(item.decided),
        )
        for item, effect in effects.values()
    ]
    stored = list(await connection.fetch(_END, *_ENDED.arrays(rows)))
    if len(stored) < len(effects):
        codes = [str(effect.code) for _, effect in effects.values()]
        known = {row["alert_id"] for row in stored}
        again = await connection.fetch(_STORED_ENDS, list(effects), codes)
        stored += [row for row in again if row["alert_id"] not in known]
    return _ruled({one: item.position for one, (item, _) in effects.items()}, stored)


def _ruled(positions: dict[int, int], stored: Sequence[Any]) -> dict[int, Ruling]:
    rulings = {position: Ruling(Verdict.VOID) for position in positions.values()}
    for row in stored:
        position = positions[row["alert_id"]]
        rulings[position] = Ruling(Verdict.APPLIED, notice_id=row["notice_id"])
    return rulings
