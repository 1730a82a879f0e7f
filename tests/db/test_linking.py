"""One person, several chats: joined by a code that works once, and taken apart again."""

import asyncio

import asyncpg
import pytest
from msgspec.structs import replace

from db.books import PostgresBooks
from db.house import PostgresHouse
from db.queries.records import LinkTry, LiveRecord, Parked, Person, StoredPlan
from tests.db.bench import PostgresBench
from tests.db.contract import commit, open_trade
from tests.db.test_chats import enroll
from tests.support.effects import Owner, canceled, entry_order, exited, placed

WRONG = LinkTry(outcome="wrong")


@pytest.fixture
def books(database) -> PostgresBooks:
    return PostgresBooks(database)


async def account_of(books: PostgresBooks, platform: str, name: str) -> Person | None:
    """Return who a chat belongs to, whenever it came to him."""
    person = await books.person(platform, name)
    return replace(person, since_ms=0) if person is not None else None


async def enrolled(books: PostgresBooks, *of_whom: str, **named: str) -> Person:
    """Return a new person as `account_of` does."""
    return replace(await enroll(books, *of_whom, **named), since_ms=0)


def owner(person: Person) -> Owner:
    return Owner(person.user_id, person.account_id)


async def code_of(books: PostgresBooks, person: Person, name: str = "ana") -> str:
    return await books.make_link_code(person.user_id, f"telegram:{name}", 600)


async def test_a_strangers_chat_is_joined_to_the_account_of_the_code(books):
    ana = await enrolled(books)
    code = await code_of(books, ana)
    assert len(code) == 8
    assert not set(code) & set("0O1IL")
    found = LinkTry(outcome="found", user_id=ana.user_id, channel="telegram:ana")
    assert await books.try_link("discord", "5", code) == found
    assert await account_of(books, "discord", "5") is None, "trying does nothing"
    assert await books.link("discord", "5", f" {code[:4].lower()}-{code[4:].lower()} ") == found
    assert (
        await account_of(books, "discord", "5") == ana == await account_of(books, "telegram", "ana")
    )
    assert [one.name for one in await books.channels(ana.user_id)] == ["telegram:ana", "discord:5"]
    assert await books.link("discord", "6", code) == WRONG, "a code works once"


async def test_a_chat_that_had_an_account_leaves_it_as_it_is_and_comes_back_to_it(
    books, postgres: PostgresBench
):
    ana, bob = await enrolled(books), await enrolled(books, "discord", "bob")
    trade = await open_trade(postgres, owner(bob))
    code = await code_of(books, ana)
    await commit(postgres, exited(trade, "51000"))
    left = await account_of(books, "discord", "bob")
    found = await books.try_link("discord", "bob", code)
    assert (found.outcome, found.left, found.left_closed_count) == ("found", left, 1)
    assert await books.link("discord", "bob", code) == found
    assert await account_of(books, "discord", "bob") == ana
    assert await books.person_by_id(bob.user_id) == left
    _, count = await books.history(bob.user_id, 1, 5)
    assert count == 1
    assert await books.unlink(ana.user_id, "discord:bob")
    assert await account_of(books, "discord", "bob") == left
    assert [one.name for one in await books.channels(ana.user_id)] == ["telegram:ana"]


async def test_no_account_is_left_with_an_open_trade_or_a_waiting_order(
    books, postgres: PostgresBench
):
    ana, bob = await enrolled(books), await enrolled(books, "discord", "bob")
    code, order = await code_of(books, ana), entry_order(owner(bob), 2)
    trade = await open_trade(postgres, owner(bob))
    assert (await books.try_link("discord", "bob", code)).outcome == "open"
    assert (await books.link("discord", "bob", code)).outcome == "open"
    await commit(postgres, exited(trade, "51000"), placed(order))
    assert (await books.link("discord", "bob", code)).outcome == "open"
    assert await account_of(books, "discord", "bob") != ana
    await commit(postgres, canceled(order, "k"))
    assert (await books.link("discord", "bob", code)).outcome == "found", "the code still held"


async def test_an_order_cannot_slip_in_while_its_chat_is_joined(
    books, postgres: PostgresBench, connection
):
    ana, bob = await enrolled(books), await enrolled(books, "discord", "bob")
    code = await code_of(books, ana)
    async with connection.transaction():
        await connection.execute(
            "SELECT 1 FROM accounts WHERE id = $1 FOR KEY SHARE", bob.account_id
        )
        joining = asyncio.create_task(books.link("discord", "bob", code))
        await asyncio.sleep(0.1)
        assert not joining.done(), "an order is being stored"
    assert (await joining).outcome == "found"


async def test_of_two_chats_that_use_a_code_at_once_one_is_joined(books):
    ana = await enrolled(books)
    code = await code_of(books, ana)
    tries = await asyncio.gather(*(books.link("discord", str(n), code) for n in range(5)))
    assert sorted(one.outcome for one in tries) == ["found"] + ["wrong"] * 4
    assert len(await books.channels(ana.user_id)) == 2


async def test_a_chat_that_enrolls_while_it_is_joined_is_on_one_account(books, connection):
    ana = await enrolled(books)
    code = await code_of(books, ana)
    await asyncio.gather(books.link("discord", "5", code), enroll(books, "discord", "5"))
    query = "SELECT user_id FROM chat_identities WHERE platform = 'discord'"
    assert [row["user_id"] for row in await connection.fetch(query)] == [ana.user_id]


async def test_two_chats_that_join_each_other_at_once_do_not_hang(books):
    ana, bob = await enrolled(books), await enrolled(books, name="bob")
    codes = await code_of(books, ana), await code_of(books, bob, "bob")
    tries = await asyncio.gather(
        books.link("telegram", "ana", codes[1]), books.link("telegram", "bob", codes[0])
    )
    assert sorted(one.outcome for one in tries) == ["found", "wrong"], "who moved takes its codes"
    people = {(await account_of(books, "telegram", name)) for name in ("ana", "bob")}
    assert len(people) == 1


async def test_five_wrong_codes_end_the_trying_of_one_chat_for_ten_minutes(books, connection):
    ana = await enrolled(books)
    code = await code_of(books, ana)
    for _ in range(3):
        assert await books.try_link("discord", "5", "AAAAAAAA") == WRONG
    tries = await asyncio.gather(*(books.link("discord", "5", "") for _ in range(6)))
    assert sorted(one.outcome for one in tries) == ["too_many"] * 4 + ["wrong"] * 2
    assert (await books.try_link("discord", "5", code)).outcome == "too_many"
    assert (await books.try_link("discord", "6", code)).outcome == "found"
    await connection.execute("UPDATE link_attempts SET tried_at = tried_at - interval '10 minutes'")
    assert (await books.try_link("discord", "5", code)).outcome == "found"


async def test_a_right_code_costs_no_try_however_often_it_is_asked_about(books):
    code = await code_of(books, await enrolled(books))
    outcomes = [(await books.try_link("discord", "5", code)).outcome for _ in range(7)]
    assert outcomes == ["found"] * 7


@pytest.mark.parametrize("platform", ["telegram", "terminal"])
async def test_a_code_joins_no_chat_to_the_account_that_it_is_on(books, platform):
    ana = await enrolled(books, platform)
    code = await books.make_link_code(ana.user_id, f"{platform}:ana", 600)
    assert (await books.link(platform, "ana", code)).outcome == "self"
    assert (await books.link("discord", "5", code)).outcome == "found", "it was not used up"


async def test_a_new_code_voids_the_old_one_and_time_voids_both(books, connection):
    ana = await enrolled(books)
    old, new = await code_of(books, ana), await code_of(books, ana)
    assert await books.try_link("discord", "5", old) == WRONG
    assert (await books.try_link("discord", "5", new)).outcome == "found"
    rows = await connection.fetch("SELECT k::text AS row FROM link_codes k")
    assert len(rows) == 1
    assert new not in rows[0]["row"], "only the hash is stored"
    await connection.execute("UPDATE link_codes SET expires_at = now()")
    assert await books.link("discord", "5", new) == WRONG


async def test_the_last_chat_stays_and_nobody_unlinks_anothers(books):
    ana, bob = await enrolled(books), await enrolled(books, name="bob")
    assert not await books.unlink(ana.user_id, "telegram:ana")
    await books.link("discord", "5", await code_of(books, ana))
    assert not await books.unlink(bob.user_id, "discord:5")
    assert not await books.unlink(ana.user_id, "discord:6")
    gone = await asyncio.gather(
        books.unlink(ana.user_id, "discord:5"), books.unlink(ana.user_id, "telegram:ana")
    )
    assert sorted(gone) == [False, True]
    assert len(await books.channels(ana.user_id)) == 1


async def test_an_unlinked_chat_without_a_past_is_a_stranger(books):
    ana = await enrolled(books)
    await books.link("discord", "5", await code_of(books, ana))
    assert await books.unlink(ana.user_id, "discord:5")
    assert await account_of(books, "discord", "5") is None
    assert (await enrolled(books, "discord", "5")).user_id != ana.user_id


async def test_a_chat_goes_back_to_where_it_began_however_often_it_moved(books):
    ana, bob, eve = [await enrolled(books, name=name) for name in ("ana", "bob", "eve")]
    await books.link("telegram", "eve", await code_of(books, ana))
    await books.link("telegram", "eve", await code_of(books, bob, "bob"))
    assert await account_of(books, "telegram", "eve") == bob
    assert await books.unlink(bob.user_id, "telegram:eve")
    assert await account_of(books, "telegram", "eve") == eve
    await books.link("telegram", "eve", await code_of(books, ana))
    await books.link("telegram", "bob", await code_of(books, eve, "eve"))
    assert await account_of(books, "telegram", "bob") == eve


async def test_who_is_forgotten_leaves_no_name_of_any_chat(books, database, connection):
    ana, bob = await enrolled(books, name="ana-name"), await enrolled(books, "discord", "bob-name")
    await PostgresHouse(database).broadcast("telegram:1", "Hello")
    await connection.execute(
        """INSERT INTO deliveries (notice_id, user_id, channel, status, next_attempt_at, ended_at)
        SELECT id, user_id, 'discord:bob-name', 'delivered', now(), now() FROM notices"""
    )
    await books.link("discord", "bob-name", await code_of(books, ana, "ana-name"))
    await books.try_link("discord", "bob-name", "wrong")
    await books.set_name("discord", "bob-name", "Bob My-name")
    for platform, name in (("telegram", "ana-name"), ("discord", "bob-name")):
        await books.park(platform, name, Parked(line="/balance"), 600)
        record = LiveRecord(
            platform=platform,
            chat_id=name,
            message_id="1",
            topic="",
            platform_user_id=name,
            line="/trades",
            until_ms=1,
        )
        await PostgresHouse(database).save_live(record)
    await books.save_plan(ana.user_id, StoredPlan(name="ana-name"))
    assert await books.delete(ana.user_id)
    for (table,) in await connection.fetch(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    ):
        for row in await connection.fetch(f'SELECT t::text AS row FROM "{table}" t'):
            assert "-name" not in row["row"], table
    assert await books.person_by_id(bob.user_id) is None, "the account that was left goes along"


async def test_an_account_that_was_left_stays_while_another_chat_is_on_it(books):
    ana, bob = await enrolled(books), await enrolled(books, name="bob")
    await books.link("discord", "5", await code_of(books, bob, "bob"))
    await books.link("telegram", "bob", await code_of(books, ana))
    assert await books.delete(ana.user_id)
    assert await account_of(books, "discord", "5") == bob
    assert await account_of(books, "telegram", "bob") is None


async def test_a_chat_whose_former_account_was_forgotten_becomes_a_stranger(books):
    ana, bob = await enrolled(books), await enrolled(books, name="bob")
    await books.link("discord", "5", await code_of(books, bob, "bob"))
    await books.link("telegram", "bob", await code_of(books, ana))
    assert await books.delete(bob.user_id)
    assert await account_of(books, "telegram", "bob") == ana
    assert await books.unlink(ana.user_id, "telegram:bob")
    assert await account_of(books, "telegram", "bob") is None


async def test_another_users_code_is_never_made_twice(books, connection, monkeypatch):
    ana, bob = await enrolled(books), await enrolled(books, name="bob")
    letters = iter("A" * 16 + "B" * 8)
    monkeypatch.setattr("db.books.linking.secrets.choice", lambda _: next(letters))
    assert await code_of(books, ana) == "A" * 8
    assert await code_of(books, bob, "bob") == "B" * 8
    with pytest.raises(asyncpg.UniqueViolationError):
        await connection.execute("UPDATE link_codes SET code_hash = ''")
