"""What a person keeps beside trades: settings, plans, chats, requests put aside."""

import asyncio
from decimal import Decimal

import asyncpg
import msgspec
import pytest

from db.books import PostgresBooks
from db.books.parking import PARKED_MAX
from db.house import PostgresHouse
from db.queries.records import Channel, Parked, Person, StoredPlan

TEN_K = ("USDT", Decimal(10_000))


@pytest.fixture
def books(database) -> PostgresBooks:
    return PostgresBooks(database)


async def enroll(books: PostgresBooks, platform: str = "telegram", name: str = "ana") -> Person:
    return await books.enroll(platform, name, "en", "UTC", TEN_K)


async def test_settings_begin_as_they_are_best_and_change_one_by_one(books):
    ana, bob = await enroll(books), await enroll(books, name="bob")
    assert (ana.confirm, ana.card_money, ana.theme) == ("buttons", "hidden", "dark")
    for name, value in (("confirm", "never"), ("card_money", "shown"), ("theme", "light")):
        await books.set_setting(ana.user_id, name, value)
    changed = await books.person("telegram", "ana")
    assert changed == msgspec.structs.replace(
        ana, confirm="never", card_money="shown", theme="light"
    )
    assert await books.person("telegram", "bob") == bob


@pytest.mark.parametrize(("name", "value"), [("confirm", "maybe"), ("locale", "en"), ("id", "1")])
async def test_an_unknown_setting_or_value_is_a_programming_error(books, name, value):
    ana = await enroll(books)
    with pytest.raises(AssertionError):
        await books.set_setting(ana.user_id, name, value)


async def test_a_name_is_kept_with_its_chat_until_he_is_forgotten(books, connection):
    ana = await enroll(books)
    await books.set_name("telegram", "ana", "Ana Maria")
    await books.set_name("telegram", "ana", "")
    known = await books.person("telegram", "ana")
    assert known is not None
    assert known.name == "Ana Maria"
    assert b"Ana Maria" in await books.export(ana.user_id)
    await books.set_name("telegram", "ana", "W" * 40)
    kept = await connection.fetchval("SELECT name FROM chat_identities")
    assert kept == "W" * 32
    await books.set_name("telegram", "nobody", "Bo")
    assert await books.delete(ana.user_id)
    assert await connection.fetchval("SELECT count(*) FROM chat_identities") == 0


async def test_plans_are_saved_replaced_listed_and_removed_by_name(books):
    ana, bob = await enroll(books), await enroll(books, name="bob")
    scalp = StoredPlan(name="scalp", size="500", stop="2%", target="4%")
    default = StoredPlan(name="default", stop="2%")
    for plan in (StoredPlan(name="scalp", size="1"), default, scalp):
        assert await books.save_plan(ana.user_id, plan)
    assert await books.plans(ana.user_id) == [default, scalp]
    assert await books.plans(bob.user_id) == []
    assert not await books.remove_plan(bob.user_id, "scalp")
    assert await books.remove_plan(ana.user_id, "scalp")
    assert not await books.remove_plan(ana.user_id, "scalp")
    assert await books.plans(ana.user_id) == [default]


async def test_the_twentieth_plan_is_the_last_even_when_many_come_at_once(books):
    ana = await enroll(books)
    for number in range(17):
        assert await books.save_plan(ana.user_id, StoredPlan(name=f"plan{number}"))
    late = [StoredPlan(name=f"late{number}") for number in range(8)]
    saved = await asyncio.gather(*(books.save_plan(ana.user_id, plan) for plan in late))
    assert sorted(saved) == [False] * 5 + [True] * 3
    assert len(await books.plans(ana.user_id)) == 20
    assert await books.save_plan(ana.user_id, StoredPlan(name="plan0", size="7")), "a new version"
    assert len(await books.plans(ana.user_id)) == 20


async def test_alerts_go_to_the_chats_that_the_person_names(books, connection):
    ana = await enroll(books)
    await connection.execute(
        """INSERT INTO chat_identities (platform, platform_user_id, user_id, created_at)
        VALUES ('discord', '5', $1, now())""",
        ana.user_id,
    )
    await books.set_told(ana.user_id, frozenset({"discord"}))
    telegram, discord = await books.channels(ana.user_id)
    assert telegram == Channel(platform="telegram", id="ana", is_told=False)
    assert discord == Channel(platform="discord", id="5", is_told=True)
    assert discord.name == "discord:5"
    await books.set_told(ana.user_id, frozenset({"discord", "telegram"}))
    assert all(one.is_told for one in await books.channels(ana.user_id))


async def test_a_parked_request_is_taken_back_once_and_by_its_owner_alone(books):
    parked = Parked(line="/buy btc 500 sl=2%", room_id="-100")
    ticket = await books.park("telegram", "7", parked, 600)
    assert len(ticket) == 16
    assert ticket.isalnum()
    assert await books.unpark("telegram", "8", ticket) is None
    assert await books.unpark("discord", "7", ticket) is None
    assert await books.unpark("telegram", "7", ticket[::-1]) is None
    taken = await asyncio.gather(*(books.unpark("telegram", "7", ticket) for _ in range(6)))
    assert sorted(taken, key=bool) == [None] * 5 + [parked]


async def test_another_request_takes_a_tickets_place_while_nobody_has_taken_it(books):
    ticket = await books.park("telegram", "7", Parked(line="/buy btc 1"), 600)
    newest = Parked(line="/buy btc 2", room_id="-100")
    assert await books.repark("telegram", "7", ticket, Parked(line="/buy\0 btc 3"))
    assert await books.repark("telegram", "7", ticket, newest)
    assert not await books.repark("telegram", "8", ticket, newest)
    assert await books.unpark("telegram", "7", ticket) == newest
    assert not await books.repark("telegram", "7", ticket, newest)
    over = await books.park("telegram", "7", Parked(line="/balance"), 0)
    assert not await books.repark("telegram", "7", over, newest)


async def test_a_parked_request_runs_out_and_its_ticket_is_nowhere_to_read(books, connection):
    ticket = await books.park("telegram", "7", Parked(line="/balance"), 0)
    assert await books.unpark("telegram", "7", ticket) is None
    await books.park("telegram", "7", Parked(line="/balance"), 600)
    rows = await connection.fetch("SELECT p::text AS row FROM parked_requests p")
    assert len(rows) == 1, "what has run out goes with the next"
    assert ticket not in rows[0]["row"]


async def test_a_character_that_no_table_holds_is_left_out_of_a_parked_line(books):
    ticket = await books.park("telegram", "7", Parked(line="/buy\0 btc 5"), 600)
    assert await books.unpark("telegram", "7", ticket) == Parked(line="/buy btc 5")


async def test_one_person_puts_aside_a_bounded_number_of_requests(books, connection):
    tickets = [
        await books.park("telegram", "7", Parked(line=f"/close {number}"), 600)
        for number in range(PARKED_MAX + 1)
    ]
    assert await connection.fetchval("SELECT count(*) FROM parked_requests") == PARKED_MAX
    assert await books.unpark("telegram", "7", tickets[0]) is None
    assert await books.unpark("telegram", "7", tickets[1]) == Parked(line="/close 1")


async def test_the_export_has_what_is_kept_by_a_chats_name(books):
    ana = await enroll(books)
    await enroll(books, name="secret-bob")
    await books.save_plan(ana.user_id, StoredPlan(name="scalp"))
    await books.park("telegram", "ana", Parked(line="/buy btc 5"), 600)
    await books.park("telegram", "secret-bob", Parked(line="/buy btc 5"), 600)
    code = await books.make_link_code(ana.user_id, "telegram:ana", 600)
    text = await books.export(ana.user_id)
    data = msgspec.json.decode(text)
    names = ("plans", "parked_requests", "link_codes", "link_attempts", "live_messages")
    assert [len(data[name]) for name in names] == [1, 1, 1, 0, 0]
    assert data["user"][0]["confirm"] == "buttons"
    assert b"secret-bob" not in text
    assert code.encode() not in text


GUARDS = [
    ("UPDATE users SET theme = 'blue'", "users_settings"),
    ("UPDATE users SET confirm = 'maybe'", "users_settings"),
    ("UPDATE users SET card_money = ''", "users_settings"),
    ("UPDATE chat_identities SET gone_reason = 'x'", "chat_identities_gone"),
    ("UPDATE chat_identities SET former_user_id = user_id", "chat_identities_moved"),
    ("UPDATE plans SET name = ''", "plans_named"),
    ("INSERT INTO rooms VALUES (9, 'telegram', '-1', NULL, -1)", "rooms_cooldown"),
    ("UPDATE host_actions SET actor = 'nobody'", "not allowed"),
    ("DELETE FROM host_actions", "not allowed"),
    ("TRUNCATE host_actions", "not allowed"),
    ("UPDATE notices SET account_id = 1", "notices_one_subject"),
    ("UPDATE notices SET code = 'trade_opened'", "notices_one_subject"),
]


@pytest.mark.parametrize(("statement", "guard"), GUARDS, ids=[one[0][:50] for one in GUARDS])
async def test_the_tables_refuse(books, database, connection, statement, guard):
    ana = await enroll(books)
    await books.save_plan(ana.user_id, StoredPlan(name="scalp"))
    await PostgresHouse(database).broadcast("telegram:1", "Hello")
    with pytest.raises(asyncpg.IntegrityConstraintViolationError) as refusal:
        await connection.execute(statement)
    assert guard in str(refusal.value)
