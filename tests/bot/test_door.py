"""What goes wrong for one person is told to him in a sentence and is nobody else's trouble."""

import asyncio

import asyncpg
import pytest

from bot.use_cases.telling import view_of as telling_view
from db.store.quotas import OPEN_TRADES_MAX
from tests.support.binance.stand_in import BinanceStandIn
from tests.support.chatting import Chat, open_app
from tests.support.pg_proxy import PgProxy

_MANY_TRADES = """
INSERT INTO trades SELECT (r).* FROM trades t, generate_series(2, $1 + 1) AS n,
    LATERAL jsonb_populate_record(
        t, jsonb_build_object('id', 1000000 + n, 'number', 1000 + n)
    ) AS r
"""
_OPEN = "SELECT count(*) FROM trades WHERE status = 'open'"


@pytest.fixture
async def venue():
    async with BinanceStandIn() as stand_in:
        stand_in.print("BTCUSDT", "60000")
        yield stand_in


async def trading(app, venue, name: str) -> Chat:
    chat = Chat(app, name)
    await chat.say("/start")
    await chat.say("1")
    assert "BTC long #1" in await bought(venue, chat)
    return chat


async def bought(venue, chat: Chat) -> str:
    task = asyncio.ensure_future(chat.say("/buy btc 500 sl1%"))
    while not task.done():
        venue.print("BTCUSDT", "60000")
        await asyncio.sleep(0.02)
    return await task


async def done(dsn: str, statement: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def test_a_row_that_cannot_be_read_is_one_persons_trouble(venue, dsn):
    async with open_app(dsn, venue) as app:
        ana, bob = await trading(app, venue, "ana"), await trading(app, venue, "bob")
        await done(dsn, "UPDATE trades SET route = '7' WHERE user_id = (SELECT min(id) FROM users)")
        assert (await ana.say("/trades")).startswith("✕ My mistake.")
        assert "#1 BTC long" in await bob.say("/trades")


async def test_a_notice_that_cannot_be_told_holds_up_no_other(venue, dsn, monkeypatch):
    async with open_app(dsn, venue) as app:
        ana = await trading(app, venue, "ana")
        await done(dsn, "DELETE FROM deliveries")
        broken = iter([True])

        def view_of(*given):
            if next(broken, False):
                raise KeyError("a defect")
            return telling_view(*given)

        monkeypatch.setattr("bot.delivery.notices.view_of", view_of)
        app.doors.board._answered.clear()
        telling = asyncio.ensure_future(ana.notice())
        await asyncio.sleep(0.2)
        venue.print("BTCUSDT", "59000")
        async with asyncio.timeout(5):
            assert (await telling).startswith("🛑 BTC stop")
    connection = await asyncpg.connect(dsn)
    dead = await connection.fetchval("SELECT reason FROM deliveries WHERE status = 'dead'")
    await connection.close()
    assert dead == "untellable"


async def test_the_status_says_that_the_database_is_away(venue, dsn):
    async with PgProxy(dsn).running() as proxy, open_app(proxy.dsn, venue) as app:
        chat = await trading(app, venue, "ana")
        assert "Database: up" in await chat.say("/status")
        proxy.swallow()
        shown = await chat.say("/status")
        assert "Database: cannot be reached" in shown
        assert "print" in shown
        proxy.pass_on()


async def test_nobody_has_more_trades_open_than_the_database_allows(venue, dsn):
    async with open_app(dsn, venue) as app:
        ana = await trading(app, venue, "ana")
        connection = await asyncpg.connect(dsn)
        try:
            await connection.execute(_MANY_TRADES, OPEN_TRADES_MAX - 1)
            refused = await bought(venue, ana)
            assert "limit of 200 reached" in refused
            assert await connection.fetchval(_OPEN) == OPEN_TRADES_MAX
        finally:
            await connection.close()
