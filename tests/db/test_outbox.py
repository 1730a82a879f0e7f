"""Notices on their way out: each at least once per channel, in order, or dead with a reason."""

import asyncio

import pytest

from db.outbox import Address, Outbox, OutboxConfig
from db.retention import RetentionConfig, forget_old
from engine.core.effects import OrderEnded, TradeExited, TradeOpened
from engine.ports import Batch
from tests.db.bench import PostgresBench
from tests.db.contract import commit, open_trade
from tests.support.effects import (
    T0_MS,
    Owner,
    decided,
    entry_order,
    exited,
    opened,
    placed,
)


@pytest.fixture
def outbox(database) -> Outbox:
    return Outbox(database, OutboxConfig(claim_seconds=30, attempts_max=3))


def _chat(owner: Owner) -> Address:
    return Address(owner.user_id, "terminal:ana")


async def _a_closed_trade(bench: PostgresBench, owner: Owner, number: int = 1) -> None:
    trade = await open_trade(bench, owner, number)
    await commit(bench, exited(trade, "51000"))


async def test_a_notice_is_claimed_once_per_channel_with_all_that_telling_needs(
    outbox, postgres: PostgresBench
):
    owner = await postgres.owner()
    await _a_closed_trade(postgres, owner)
    entry, close = await outbox.claim([_chat(owner)])
    assert isinstance(entry.notice.effect, TradeOpened)
    assert isinstance(close.notice.effect, TradeExited)
    assert (close.notice.number, close.notice.currency, close.attempt) == (1, "USDT", 1)
    assert close.notice.balance == await postgres.balance(owner.account_id)
    assert close.notice.decided_at_ms == T0_MS + 1000
    assert await outbox.claim([_chat(owner)]) == []
    assert len(await outbox.claim([Address(owner.user_id, "discord:5")])) == 2


async def test_a_refused_entry_is_told_as_an_order_that_ended(outbox, postgres: PostgresBench):
    owner = await postgres.owner("100")
    order = entry_order(owner, 1)
    batch = Batch(1, decided(placed(order), opened(order), late_since_ms=T0_MS), [])
    await postgres.store.commit(batch)
    (claimed,) = await outbox.claim([_chat(owner)])
    effect = claimed.notice.effect
    assert isinstance(effect, OrderEnded)
    assert (effect.order, effect.code) == (order, "balance_too_low")
    assert effect.facts == {"balance": "100", "needed": "500.50000000"}
    assert claimed.notice.late_since_ms == T0_MS


async def test_what_the_reply_told_is_not_told_again(outbox, postgres: PostgresBench):
    owner = await postgres.owner()
    order = entry_order(owner, 1)
    rulings = await commit(postgres, placed(order), opened(order))
    await outbox.told(rulings[1].notice_id, "terminal:ana")
    await outbox.told(rulings[1].notice_id, "terminal:ana")
    assert await outbox.claim([_chat(owner)]) == []
    assert await outbox.pending() == 0


async def test_two_relays_never_claim_the_same_notice(outbox, postgres: PostgresBench):
    owner = await postgres.owner()
    await _a_closed_trade(postgres, owner)
    claims = await asyncio.gather(*(outbox.claim([_chat(owner)]) for _ in range(6)))
    assert sum(len(one) for one in claims) == 2


async def test_a_failed_delivery_comes_again_in_order_and_dies_at_last(
    outbox, postgres: PostgresBench, connection
):
    owner = await postgres.owner()
    await _a_closed_trade(postgres, owner)
    for attempt in (1, 2, 3):
        claimed = await outbox.claim([_chat(owner)])
        assert [one.attempt for one in claimed] == [attempt, attempt]
        await outbox.failed(claimed[0].notice.id, "terminal:ana", "away", retry_seconds=0)
        assert await outbox.claim([_chat(owner)]) == [], "the second waits behind the first"
        await outbox.failed(claimed[1].notice.id, "terminal:ana", "away", retry_seconds=0)
    assert await outbox.claim([_chat(owner)]) == []
    rows = await connection.fetch("SELECT status, reason, attempts FROM deliveries")
    assert [tuple(row) for row in rows] == [("dead", "away", 3)] * 2


async def test_a_claim_that_was_never_answered_runs_out(postgres: PostgresBench, database):
    outbox = Outbox(database, OutboxConfig(claim_seconds=0.05))
    owner = await postgres.owner()
    await _a_closed_trade(postgres, owner)
    assert len(await outbox.claim([_chat(owner)])) == 2
    await asyncio.sleep(0.1)
    assert [one.attempt for one in await outbox.claim([_chat(owner)])] == [2, 2]


async def test_a_chat_that_is_gone_ends_its_delivery_with_the_reason(
    outbox, postgres: PostgresBench, connection
):
    owner = await postgres.owner()
    await open_trade(postgres, owner)
    (claimed,) = await outbox.claim([_chat(owner)])
    await outbox.dead(claimed.notice.id, "terminal:ana", "x" * 900)
    assert await connection.fetchval("SELECT length(reason) FROM deliveries") == 500
    assert await outbox.pending() == 0


async def test_a_channel_linked_later_is_not_told_the_past(
    outbox, postgres: PostgresBench, connection
):
    owner = await postgres.owner()
    await open_trade(postgres, owner)
    now_ms = await connection.fetchval("SELECT time_to_ms(now()) + 1000")
    assert await outbox.claim([Address(owner.user_id, "discord:5", now_ms)]) == []
    assert len(await outbox.recent(owner.user_id)) == 1


async def test_old_rows_go_and_what_is_still_tried_stays(
    outbox, postgres: PostgresBench, connection, database
):
    owner = await postgres.owner()
    await _a_closed_trade(postgres, owner, 1)
    claimed = await outbox.claim([_chat(owner)])
    await outbox.told(claimed[0].notice.id, "terminal:ana")
    await connection.execute("UPDATE notices SET created_at = now() - interval '91 days'")
    await connection.execute("UPDATE command_keys SET created_at = now() - interval '31 days'")
    gone = await forget_old(database, RetentionConfig(rows_at_once=1))
    assert {table: count for table, count in gone.items() if count} == {
        "command_keys": 1,
        "notices": 1,
    }
    assert await connection.fetchval("SELECT count(*) FROM fills") == 2
    await connection.execute("UPDATE fills SET booked_at = now()")
    gone = await forget_old(database, RetentionConfig(None, None, fills_days=0))
    assert gone["fills"] == 2
    assert not gone.keys() & {"command_keys", "notices"}


async def test_watermark_segments_go_once_no_open_trade_needs_them(
    postgres: PostgresBench, connection, database
):
    owner = await postgres.owner()
    await open_trade(postgres, owner)
    entry = await connection.fetchval("SELECT print_id FROM fills")
    await connection.execute(
        """INSERT INTO watermark_segments (symbol, after_id, last_id, high, low)
        SELECT 'BTCUSDT', n, n + 1, 2, 1 FROM unnest($1::bigint[]) n""",
        [entry - 2, entry - 1, entry],
    )
    await connection.execute(
        """INSERT INTO checkpoints (symbol, last_id, price, print_time, segment_after_id)
        VALUES ('BTCUSDT', $1, 1, now(), $1)""",
        entry + 9,
    )
    assert (await forget_old(database))["watermark_segments"] == 2
    kept = await connection.fetchval("SELECT array_agg(after_id) FROM watermark_segments")
    assert kept == [entry]


async def test_a_notice_that_cannot_be_read_is_dead_and_holds_up_no_other(
    outbox, postgres: PostgresBench
):
    owner = await postgres.owner()
    await _a_closed_trade(postgres, owner)
    await postgres.one("""UPDATE notices SET payload = '{}' WHERE code = 'trade_opened'""")
    (told,) = await outbox.claim([_chat(owner)])
    assert isinstance(told.notice.effect, TradeExited)
    row = "SELECT status || ' ' || reason FROM deliveries WHERE status <> 'pending'"
    assert await postgres.one(row) == "dead unreadable"
    assert len(await outbox.recent(owner.user_id)) == 1
