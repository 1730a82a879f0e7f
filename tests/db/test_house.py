"""The house's own rows: values, rooms, live lists, the audit, what is told to everybody."""

import pytest
from msgspec.structs import replace

from db.books import PostgresBooks
from db.house import PostgresHouse
from db.outbox import Address, Outbox
from db.queries.records import Broadcast, HouseCounts, LiveRecord, RoomSettings
from db.retention import forget_old
from tests.db.bench import PostgresBench
from tests.db.contract import open_trade
from tests.db.test_chats import enroll
from tests.support.effects import Owner

LIVE = LiveRecord(
    platform="telegram",
    chat_id="-100",
    message_id="7",
    topic="3",
    platform_user_id="5",
    line="/trades",
    until_ms=1_790_000_000_123,
)


@pytest.fixture
def books(database) -> PostgresBooks:
    return PostgresBooks(database)


@pytest.fixture
def house(database) -> PostgresHouse:
    return PostgresHouse(database)


async def test_a_value_is_stored_changed_and_forgotten(house):
    assert await house.value("discord.commands") is None
    for value in ("abc", "def"):
        await house.set_value("discord.commands", value)
        assert await house.value("discord.commands") == value
    assert await house.value("telegram.commands") is None
    await house.set_value("discord.commands", None)
    assert await house.value("discord.commands") is None


async def test_a_room_has_its_settings_and_keeps_them_under_another_id(house):
    assert await house.room("telegram", "-1") == RoomSettings()
    settings = RoomSettings(locale="pt-BR", cooldown_seconds=30)
    await house.set_room("telegram", "-1", RoomSettings(locale="en"))
    await house.set_room("telegram", "-1", settings)
    assert await house.room("telegram", "-1") == settings
    assert await house.room("discord", "-1") == RoomSettings()
    await house.set_room("telegram", "-1001", RoomSettings())
    await house.move_room("telegram", "-1", "-1001")
    await house.move_room("telegram", "-1", "-1001")
    await house.move_room("telegram", "-1001", "-1001")
    assert await house.room("telegram", "-1") == RoomSettings()
    assert await house.room("telegram", "-1001") == settings


async def test_live_lists_are_kept_by_message_until_they_end(house, database):
    other = replace(LIVE, message_id="8", line="/price btc")
    for record in (LIVE, other, replace(LIVE, until_ms=5), replace(LIVE, platform="discord")):
        await house.save_live(record)
    assert await house.live("telegram") == [replace(LIVE, until_ms=5), other]
    await house.end_live("telegram", "-100", "8")
    assert await house.live("telegram") == [replace(LIVE, until_ms=5)]
    assert (await forget_old(database))["live_messages"] == 2, "their time was over long ago"
    assert await house.live("telegram") == []


async def test_what_a_host_does_is_written_down(house, connection):
    await house.order("telegram:1", "pause", ("paused", "1"))
    assert await house.value("paused") == "1"
    await house.order("telegram:1", "resume", ("paused", None))
    assert await house.value("paused") is None
    await house.broadcast("telegram:1", "x" * 5000)
    rows = await connection.fetch("SELECT actor, action, length(detail) FROM host_actions")
    assert [tuple(row) for row in rows] == [
        ("telegram:1", "pause", 0),
        ("telegram:1", "resume", 0),
        ("telegram:1", "broadcast", 4000),
    ]


async def test_a_broadcast_is_one_notice_for_each_who_has_a_chat(
    house, books, postgres: PostgresBench, connection, database
):
    ana, gone = await enroll(books), await enroll(books, name="gone")
    await enroll(books, "discord", "bob")
    await postgres.owner()  # nobody can reach him
    await books.delete(gone.user_id)
    assert await house.broadcast("telegram:1", "Back at 10 h & <b>on</b>.") == 2
    row = await connection.fetchrow("SELECT actor, action, detail FROM host_actions")
    assert tuple(row) == ("telegram:1", "broadcast", "Back at 10 h & <b>on</b>.")
    outbox = Outbox(database)
    (claimed,) = await outbox.claim([Address(ana.user_id, "terminal:ana")])
    assert claimed.notice.effect == Broadcast(text="Back at 10 h & <b>on</b>.")
    assert (claimed.notice.currency, claimed.notice.number) == ("USDT", None)
    assert (await outbox.recent(ana.user_id))[0] == claimed.notice


async def test_a_broadcast_ordered_twice_is_told_once(house, books, connection):
    await enroll(books, "telegram", "1")
    assert await house.broadcast("telegram:1", "Hello", "press:1") == 1
    assert await house.broadcast("telegram:1", "Hello", "press:1") is None
    assert await house.broadcast("telegram:1", "Hello", "press:2") == 1
    assert await connection.fetchval("SELECT count(*) FROM notices") == 2
    assert await connection.fetchval("SELECT count(*) FROM host_actions") == 2


async def test_an_order_that_cannot_be_audited_is_not_kept(house):
    with pytest.raises(Exception, match="too long"):
        await house.order("a" * 101, "pause", ("paused", "1"))
    assert await house.value("paused") is None


async def test_a_broadcast_that_cannot_be_audited_is_not_told(house, books, connection):
    await enroll(books)
    with pytest.raises(Exception, match="too long"):
        await house.broadcast("a" * 101, "Hello")
    assert await connection.fetchval("SELECT count(*) FROM notices") == 0


async def test_the_host_sees_how_much_there_is(
    house, books, postgres: PostgresBench, connection, database
):
    ana = await enroll(books)
    assert await house.counts() == HouseCounts(
        people=1, open_trades=0, waiting_orders=0, pending_deliveries=0, dead_deliveries=0
    )
    await open_trade(postgres, Owner(ana.user_id, ana.account_id))
    await house.broadcast("telegram:1", "Hello")
    (due,) = await Outbox(database).due(["telegram"])
    one, _ = await Outbox(database).take([due])
    await Outbox(database).dead(one.notice.id, one.channel, "unsendable")
    assert await house.counts() == HouseCounts(
        people=1, open_trades=1, waiting_orders=0, pending_deliveries=1, dead_deliveries=1
    )


async def test_what_has_run_out_goes_after_a_day(house, books, connection, database):
    ana = await enroll(books)
    await books.make_link_code(ana.user_id, "telegram:ana", 600)
    await books.try_link("discord", "5", "wrong")
    await house.save_live(LIVE)
    kept = {"link_codes": 0, "link_attempts": 0, "parked_requests": 0}
    assert (await forget_old(database)).items() >= kept.items()
    await connection.execute("UPDATE link_codes SET expires_at = now() - interval '25 hours'")
    await connection.execute("UPDATE link_attempts SET tried_at = now() - interval '25 hours'")
    gone = await forget_old(database)
    assert (gone["link_codes"], gone["link_attempts"]) == (1, 1)
