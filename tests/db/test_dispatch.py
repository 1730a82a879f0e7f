"""From notices to chats: addressed once, urgent ones first, in order per chat, never twice."""

import asyncio
from itertools import pairwise

import pytest

from db.books import PostgresBooks
from db.house import PostgresHouse
from db.outbox import Claimed, Due, Outbox, OutboxConfig
from db.outbox.dispatch import ADDRESS, DUE, DUE_OF_USERS, TAKE
from db.queries.records import Broadcast
from db.retention import forget_old
from engine.core.effects import TradeExited, TradeOpened
from tests.db.bench import PostgresBench
from tests.db.contract import commit, open_trade
from tests.db.test_chats import enroll
from tests.support.effects import Owner, exited, exits_set

BOTH = ["telegram", "discord"]

# Users with a chat each, and for each of them `per_user` notices: the last ones are new.
CROWD = """
WITH u AS (
    INSERT INTO users (locale, zone, created_at)
    SELECT 'en', 'UTC', now() FROM generate_series(1, $1::int) RETURNING id),
a AS (
    INSERT INTO accounts (user_id, currency, starting_balance, balance, opened_at)
    SELECT id, 'USDT', 1, 1, now() FROM u),
c AS (
    INSERT INTO chat_identities (platform, platform_user_id, user_id, created_at)
    SELECT 'telegram', id::text, id, now() FROM u)
INSERT INTO notices (user_id, code, payload, decided_at, created_at, is_addressed)
SELECT id, 'broadcast', '{"type": "broadcast", "text": "Hello"}', now(), now(), n < $2::int
FROM u, generate_series(1, $2::int) n
"""


@pytest.fixture
def books(database) -> PostgresBooks:
    return PostgresBooks(database)


@pytest.fixture
def house(database) -> PostgresHouse:
    return PostgresHouse(database)


@pytest.fixture
def outbox(database) -> Outbox:
    return Outbox(database, OutboxConfig(attempts_max=2))


async def person(books: PostgresBooks, name: str = "ana") -> Owner:
    made = await enroll(books, name=name)
    return Owner(made.user_id, made.account_id)


async def join(books: PostgresBooks, owner: Owner, platform: str, name: str) -> None:
    code = await books.make_link_code(owner.user_id, "telegram:ana", 600)
    assert (await books.link(platform, name, code)).outcome == "found"


def channels(due: list[Due]) -> list[tuple[str, int]]:
    return [(one.channel, one.priority) for one in due]


def kinds(claimed: list[Claimed]) -> list[tuple[str, type]]:
    return [(one.channel, type(one.notice.effect)) for one in claimed]


async def everything(outbox: Outbox, *platforms: str) -> list[Claimed]:
    return await outbox.take(await outbox.due(platforms or BOTH))


async def test_what_happened_is_due_and_taken_with_all_that_telling_needs(
    books, outbox, postgres: PostgresBench
):
    ana = await person(books)
    await books.set_setting(ana.user_id, "theme", "light")
    trade = await open_trade(postgres, ana)
    assert await outbox.due(BOTH) == [Due(ana.user_id, "telegram:ana", 2)]
    await commit(postgres, exited(trade, "51000"))
    (due,) = await outbox.due(BOTH)
    assert due.has_exit
    entry, close = await outbox.take([due])
    assert kinds([entry, close]) == [("telegram:ana", TradeOpened), ("telegram:ana", TradeExited)]
    assert (close.notice.number, close.notice.currency, close.attempt) == (1, "USDT", 1)
    assert (close.platform_id, close.locale, close.zone) == ("ana", "en", "UTC")
    assert (close.theme, close.card_money) == ("light", "hidden")
    assert await outbox.due(BOTH) == []
    assert await outbox.take([due]) == []
    await outbox.told_many([(one.notice.id, one.channel) for one in (entry, close, close)])
    assert await outbox.pending() == 0


async def test_every_told_chat_is_due_and_only_on_the_platforms_asked_for(
    books, outbox, postgres: PostgresBench
):
    ana = await person(books)
    await join(books, ana, "discord", "5")
    await join(books, ana, "terminal", "ana")
    await open_trade(postgres, ana)
    assert channels(await outbox.due(BOTH)) == [("discord:5", 2), ("telegram:ana", 2)]
    assert channels(await outbox.due(["discord"])) == [("discord:5", 2)]
    assert await outbox.due(["terminal", "irc"]) == [], "the terminal asks for its own"
    assert await outbox.due([]) == []


async def test_a_chat_is_told_nothing_from_before_it_joined(books, outbox, postgres: PostgresBench):
    ana = await person(books)
    await open_trade(postgres, ana, 1)
    await join(books, ana, "discord", "5")
    await open_trade(postgres, ana, 2)
    claimed = await everything(outbox)
    assert [(one.channel, one.notice.number) for one in claimed] == [
        ("telegram:ana", 1),
        ("telegram:ana", 2),
        ("discord:5", 2),
    ]


async def test_chats_that_are_not_told_or_gone_are_not_due(
    books, house, outbox, postgres: PostgresBench
):
    ana, bob = await person(books), await person(books, "bob")
    for number, owner in enumerate((ana, bob), 1):
        await open_trade(postgres, owner, number)
    assert len(await outbox.due(BOTH)) == 2
    await books.set_told(ana.user_id, frozenset())
    await house.mark_gone("telegram", "bob", "blocked")
    assert await outbox.due(BOTH) == []
    assert (
        await outbox.take([Due(ana.user_id, "telegram:ana"), Due(bob.user_id, "telegram:bob")])
        == []
    )
    assert await outbox.pending() == 0
    await books.set_told(ana.user_id, frozenset({"telegram"}))
    assert await outbox.due(BOTH) == [], "what came meanwhile was not for this chat"


async def test_who_comes_back_is_told_what_nobody_was_told(
    books, house, outbox, postgres: PostgresBench, connection
):
    ana = await person(books)
    trade = await open_trade(postgres, ana)
    (told,) = await everything(outbox)
    await outbox.told(told.notice.id, told.channel)
    half = exited(trade, "51000", quantity="0.005")
    await commit(postgres, half)
    assert len(await everything(outbox)) == 1
    await house.mark_gone("telegram", "ana", "blocked")
    await house.mark_gone("telegram", "ana", "blocked again")
    (chat,) = await books.channels(ana.user_id)
    assert chat.gone_reason == "blocked"
    await commit(postgres, exited(half.trade, "49000"))
    assert await outbox.due(BOTH) == []
    row = await connection.fetchrow("SELECT status, reason FROM deliveries ORDER BY id DESC")
    assert tuple(row) == ("dead", "blocked")
    await house.mark_gone("telegram", "ana", None)
    await house.mark_gone("telegram", "ana", None)
    assert kinds(await everything(outbox)) == [("telegram:ana", TradeExited)] * 2
    await house.mark_gone("telegram", "nobody", "blocked")
    await house.mark_gone("telegram", "nobody", None)


async def test_what_another_chat_was_told_is_not_told_to_who_comes_back(
    books, house, outbox, postgres: PostgresBench
):
    ana = await person(books)
    await join(books, ana, "discord", "5")
    await house.mark_gone("telegram", "ana", "blocked")
    await open_trade(postgres, ana)
    assert kinds(await everything(outbox)) == [("discord:5", TradeOpened)]
    await house.mark_gone("telegram", "ana", None)
    assert await outbox.due(["telegram"]) == []


async def test_exits_come_first_and_a_broadcast_last(books, house, outbox, postgres: PostgresBench):
    ana, bob, eve = [await person(books, name) for name in ("ana", "bob", "eve")]
    assert await house.broadcast("telegram:1", "Hello") == 3
    await open_trade(postgres, bob, 1)
    trade = await open_trade(postgres, eve, 2)
    await commit(postgres, exited(trade, "51000"))
    due = await outbox.due(BOTH)
    assert channels(due) == [("telegram:eve", 0), ("telegram:bob", 2), ("telegram:ana", 4)]
    assert channels(await outbox.due(BOTH, user_ids=[ana.user_id, eve.user_id])) == [
        ("telegram:eve", 0),
        ("telegram:ana", 4),
    ]
    claimed = await outbox.take(due, limit=5)
    assert kinds(claimed) == [
        ("telegram:eve", Broadcast),
        ("telegram:eve", TradeOpened),
        ("telegram:eve", TradeExited),
        ("telegram:bob", Broadcast),
        ("telegram:bob", TradeOpened),
    ]
    assert channels(await outbox.due(BOTH)) == [("telegram:ana", 4)]


async def test_ones_own_news_are_addressed_before_a_broadcast_to_all(
    database, books, house, postgres: PostgresBench
):
    outbox = Outbox(database, OutboxConfig(addressed_at_once=1))
    ana = await person(books)
    await house.broadcast("telegram:1", "Hello")
    await open_trade(postgres, ana)
    assert channels(await outbox.due(BOTH)) == [("telegram:ana", 2)]
    assert kinds(await everything(outbox)) == [
        ("telegram:ana", Broadcast),
        ("telegram:ana", TradeOpened),
    ]


async def test_one_chat_with_much_to_hear_is_taken_in_parts_and_in_order(
    books, outbox, postgres: PostgresBench
):
    ana = await person(books)
    trade = await open_trade(postgres, ana)
    for number in range(6):
        moved = exits_set(trade, str(49_000 + number), f"k{number}")
        await commit(postgres, moved)
        trade = moved.trade
    seen: list[int] = []
    while due := await outbox.due(BOTH):
        part = await outbox.take(due, per_chat=3)
        assert len(part) <= 3
        assert await outbox.due(BOTH) == [], "the rest waits behind what is taken"
        seen += [one.notice.id for one in part]
        await outbox.told_many([(one.notice.id, one.channel) for one in part])
    assert len(seen) == 7
    assert seen == sorted(seen)


async def test_a_chat_that_backs_off_keeps_nobody_else_waiting(
    books, outbox, postgres: PostgresBench
):
    ana, bob = await person(books), await person(books, "bob")
    trade = await open_trade(postgres, ana, 1)
    await commit(postgres, exits_set(trade, "49000", "k"))
    first, _ = await everything(outbox)
    await outbox.failed(first.notice.id, first.channel, "slow", retry_seconds=60)
    await open_trade(postgres, bob, 2)
    assert channels(await outbox.due(BOTH, limit=1)) == [("telegram:bob", 2)]


async def test_a_chat_with_a_long_tale_hides_no_other(books, outbox, connection):
    ana, bob = await person(books), await person(books, "bob")
    hello = """INSERT INTO notices (user_id, code, payload, decided_at, created_at)
        SELECT $1, 'broadcast', '{"type": "broadcast", "text": "Hello"}', now(), now()
        FROM generate_series(1, $2)"""
    for owner, count in ((ana, 50), (bob, 1)):
        await connection.execute(hello, owner.user_id, count)
    assert channels(await outbox.due(BOTH, limit=2)) == [("telegram:ana", 4), ("telegram:bob", 4)]


async def test_a_released_claim_is_due_again_in_time_and_never_dies_of_it(
    books, outbox, postgres: PostgresBench
):
    ana = await person(books)
    await open_trade(postgres, ana)
    for _ in range(5):
        (one,) = await everything(outbox)
        assert one.attempt == 1
        await outbox.release(one.notice.id, one.channel, 0)
    (one,) = await everything(outbox)
    await outbox.release_many([], 0)
    await outbox.release_many([(one.notice.id, one.channel)], 60)
    assert await outbox.due(BOTH) == []


async def test_an_opening_answered_in_one_chat_is_told_in_no_other(
    books, outbox, postgres: PostgresBench
):
    ana = await person(books)
    await join(books, ana, "discord", "5")
    trade = await open_trade(postgres, ana)
    notice_id = await postgres.one("SELECT id FROM notices")
    await outbox.told(notice_id, "discord:5", everywhere=True)
    assert await outbox.due(BOTH) == []
    await commit(postgres, exited(trade, "51000"))
    assert kinds(await everything(outbox)) == [
        ("discord:5", TradeExited),
        ("telegram:ana", TradeExited),
    ]


async def test_an_opening_that_a_relay_held_already_ends_there_too(
    books, outbox, postgres: PostgresBench
):
    ana = await person(books)
    await open_trade(postgres, ana)
    (held,) = await everything(outbox)
    await outbox.told(held.notice.id, "terminal:ana", everywhere=True)
    await outbox.failed(held.notice.id, held.channel, "late")
    await outbox.release(held.notice.id, held.channel, 0)
    assert await outbox.due(BOTH) == []
    assert await postgres.one("SELECT count(*) FROM deliveries WHERE status <> 'delivered'") == 0


async def test_relays_that_look_at_once_hold_nothing_twice_and_keep_each_chats_order(
    books, database, connection
):
    await connection.execute(CROWD, 30, 8)
    await connection.execute("UPDATE notices SET is_addressed = false")
    told: dict[str, list[int]] = {}

    async def relay() -> None:
        outbox = Outbox(database, OutboxConfig(addressed_at_once=37))
        while await connection_count() or await outbox.pending():
            for one in await outbox.take(await outbox.due(BOTH, 20), limit=25, per_chat=3):
                told.setdefault(one.channel, []).append(one.notice.id)
                await outbox.told(one.notice.id, one.channel)

    async def connection_count() -> int:
        async with database.session() as session:
            return await session.fetchval("SELECT count(*) FROM notices WHERE NOT is_addressed")

    async with asyncio.timeout(30):
        await asyncio.gather(relay(), relay(), relay())
    assert len(told) == 30
    assert all(len(ids) == 8 for ids in told.values())
    assert all(a < b for ids in told.values() for a, b in pairwise(ids))


async def test_a_claim_that_was_never_answered_is_due_again(
    books, database, postgres: PostgresBench
):
    outbox = Outbox(database, OutboxConfig(claim_seconds=0.05))
    await open_trade(postgres, await person(books))
    assert [one.attempt for one in await everything(outbox)] == [1]
    await asyncio.sleep(0.1)
    assert [one.attempt for one in await everything(outbox)] == [2]


async def test_what_is_left_by_a_move_to_another_account_is_dead(
    books, outbox, postgres: PostgresBench
):
    ana, bob = await person(books), await person(books, "bob")
    trade = await open_trade(postgres, bob)
    await commit(postgres, exited(trade, "51000"))
    assert len(await outbox.due(BOTH)) == 1
    await join(books, ana, "telegram", "bob")
    assert await outbox.due(BOTH) == []
    assert (
        await postgres.one("SELECT DISTINCT status || ' ' || reason FROM deliveries")
        == "dead moved"
    )


async def test_a_notice_for_a_platform_that_nobody_serves_goes_at_its_time(
    books, outbox, postgres: PostgresBench, connection, database
):
    ana = await person(books)
    await open_trade(postgres, ana)
    assert len(await outbox.due(BOTH)) == 1
    await connection.execute("UPDATE notices SET created_at = now() - interval '91 days'")
    assert (await forget_old(database))["notices"] == 0
    await connection.execute("UPDATE deliveries SET next_attempt_at = now() - interval '2 days'")
    assert (await forget_old(database))["notices"] == 1


@pytest.mark.parametrize(
    ("statement", "arguments"),
    [
        (ADDRESS, (500,)),
        (DUE, (BOTH, 500)),
        (DUE_OF_USERS, (BOTH, 500, [1, 2, 3])),
        (TAKE, ([1, 2], ["telegram:1", "telegram:2"], 500, 20, 30.0)),
    ],
    ids=["address", "due", "due of users", "take"],
)
async def test_no_look_reads_a_table_from_end_to_end(connection, statement, arguments):
    await connection.execute(CROWD, 2_000, 4)
    await connection.execute(
        """INSERT INTO deliveries (notice_id, user_id, channel, status, next_attempt_at, ended_at)
        SELECT id, user_id, 'telegram:' || user_id, 'delivered', now(), now()
        FROM notices WHERE is_addressed"""
    )
    await connection.execute("ANALYZE")  # while nothing is pending, as on a quiet day
    plan = await explained(connection, statement, arguments)
    assert "Index" in plan, plan
    for table in ("notices", "deliveries", "chat_identities", "users"):
        assert f"Seq Scan on {table}" not in plan, plan


async def explained(connection, statement: str, arguments) -> str:
    """Return the plan that serves any arguments, which a prepared statement comes to use."""
    async with connection.transaction():
        await connection.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        rows = await connection.fetch(f"EXPLAIN {statement}", *arguments)
    return "\n".join(row[0] for row in rows)
