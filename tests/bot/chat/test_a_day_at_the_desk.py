"""People at the desk, from the first word to being forgotten, over the whole application."""

import asyncio

import pytest

from tests.support.binance.stand_in import BinanceStandIn
from tests.support.chatting import Chat, open_app


@pytest.fixture
async def venue():
    async with BinanceStandIn() as stand_in:
        for symbol, price in (("BTCUSDT", "60000"), ("ETHUSDT", "2500"), ("BTCBRL", "330000")):
            stand_in.print(symbol, price)
        yield stand_in


async def started(app, name: str, locale: str = "en", currency: str = "1") -> Chat:
    chat = Chat(app, name, locale)
    await chat.say("/start")
    await chat.say(currency)
    return chat


async def printing(venue, symbol: str, price: str, saying) -> str:
    """Answer a line, with prints coming while it waits for one."""
    task = asyncio.ensure_future(saying)
    while not task.done():
        venue.print(symbol, price)
        await asyncio.sleep(0.02)
    return await task


async def test_a_newcomer_chooses_his_money_and_trades(venue, dsn):
    async with open_app(dsn, venue) as app:
        chat = Chat(app, "ana")
        assert "10,000.00 USDT" in await chat.say("/start")
        assert "You have 10,000.00 USDT" in await chat.say("1")
        assert "60,000" in await chat.say("/price btc")
        opened = await printing(venue, "BTCUSDT", "60010", chat.say("/buy btc 500 sl2% tp4%"))
        assert opened.startswith("✅ BTC long #1 · 499.88 USDT")
        assert "Stop 58,809.80 (−2%)" in opened
        trades = await chat.say("/trades")
        assert "1 open" in trades
        assert "#1 BTC long" in trades
        detail = await chat.say("/trades 1")
        assert "60,010.00" in detail
        assert "print " in detail


async def test_a_stop_is_told_at_once_and_only_once(venue, dsn):
    async with open_app(dsn, venue) as app:
        chat = await started(app, "ana")
        await printing(venue, "BTCUSDT", "60000", chat.say("/buy btc 500 sl1%"))
        telling = asyncio.ensure_future(chat.notice())
        await asyncio.sleep(0.2)
        venue.print("BTCUSDT", "59000")
        async with asyncio.timeout(5):
            told = await telling
        assert told.startswith("🛑 BTC stop · −9.32 USDT")
        assert "No open trades" in await chat.say("/trades")
        assert "stop" in await chat.say("/history")
        assert "page 1 of 1" in await chat.say("/history 5")


async def test_levels_move_with_an_answer_that_says_what_they_would_book(venue, dsn):
    async with open_app(dsn, venue) as app:
        chat = await started(app, "ana")
        await printing(venue, "BTCUSDT", "60000", chat.say("/buy btc 500"))
        assert "stop 59,400.00" in await chat.say("/sl 1 1%")
        assert "target 63,000.00" in await chat.say("/tp btc 63k")
        assert "target removed" in await chat.say("/tp 1 off")
        wrong = await chat.say("/sl 1 61000")
        assert "is not below the price" in wrong
        assert "/sl 1 58800" in wrong
        meant = await chat.say("/sl 1 2")
        assert "2%" in meant
        assert "stop 58,800.00" in await chat.say("yes")


async def test_closing_a_part_a_group_and_all(venue, dsn):
    async with open_app(dsn, venue) as app:
        chat = await started(app, "ana")
        await printing(venue, "BTCUSDT", "60000", chat.say("/buy btc 500"))
        await printing(venue, "ETHUSDT", "2500", chat.say("/short eth 300"))
        half = await printing(venue, "BTCUSDT", "60000", chat.say("/close btc 50%"))
        assert half.startswith("⚪ BTC half closed")
        venue.print("BTCUSDT", "66000")
        await asyncio.sleep(0.2)
        preview = await chat.say("/close winners")
        assert "#1 BTC long" in preview
        assert "#2" not in preview
        closed = await printing(venue, "BTCUSDT", "66000", chat.say("yes"))
        assert closed.startswith("⚪ BTC closed · +")
        assert "winning now" in await chat.say("/close winners")
        assert "#2 ETH short" in await chat.say("/close all")
        assert "Nothing was done" in await chat.say("no")
        assert "#2 ETH short" in await chat.say("/trades")


async def test_two_trades_of_one_coin_are_asked_apart(venue, dsn):
    async with open_app(dsn, venue) as app:
        chat = await started(app, "ana")
        await printing(venue, "BTCUSDT", "60000", chat.say("/buy btc 100"))
        await printing(venue, "BTCUSDT", "60000", chat.say("/short btc 100"))
        asked = await chat.say("/close btc")
        assert "#1" in asked
        assert "#2" in asked
        closed = await printing(venue, "BTCUSDT", "60000", chat.say("#2"))
        assert closed.startswith("⚪ BTC closed"), closed
        assert "1 open" in await chat.say("/trades")
        assert "#1" in await chat.say("/trades btc")
        assert "stop 59,400.00" in await chat.say("/sl btc 1%")


async def test_money_in_reais_and_words_in_portuguese(venue, dsn):
    async with open_app(dsn, venue) as app:
        chat = await started(app, "bia", "pt-BR", "2")
        opened = await printing(
            venue, "BTCBRL", "330000", chat.say("/comprar btc R$1.000 stop2% alvo4%")
        )
        assert opened.startswith("✅ BTC comprado #1 · R$ ")
        assert "R$ 49." in await chat.say("/saldo")
        assert "English" in await chat.say("/language en")
        assert "Balance" in await chat.say("/saldo")


async def test_refusals_name_the_reason_and_change_nothing(venue, dsn):
    async with open_app(dsn, venue) as app:
        chat = await started(app, "ana")
        poor = await printing(venue, "BTCUSDT", "60000", chat.say("/buy btc 20000"))
        assert "not enough balance" in poor
        assert "20,0" in poor
        assert "DOGE" in await chat.say("/buy doge 100")
        assert "EUR" in await chat.say("/buy btc 100eur")
        small = await chat.say("/buy btc 1")
        assert "too small" in small
        assert "No open trades" in await chat.say("/close all")
        assert "#9" in await chat.say("/close 9")
        assert "10,000.00" in await chat.say("/balance")


async def test_a_reset_closes_everything_and_begins_anew(venue, dsn):
    async with open_app(dsn, venue) as app:
        chat = await started(app, "ana")
        await printing(venue, "BTCUSDT", "60000", chat.say("/buy btc 500"))
        assert "yes or no" in await chat.say("/reset")
        assert "10,000.00 USDT" in await chat.say("yes")
        assert "Equity 10,000.00" in await chat.say("/balance")
        assert "#1 BTC long" in await chat.say("/history")
        await printing(venue, "BTCUSDT", "60000", chat.say("/buy btc 500"))
        assert "#2 BTC long" in await chat.say("/trades")


async def test_whoever_asks_to_be_forgotten_is_a_stranger_afterwards(venue, dsn):
    async with open_app(dsn, venue) as app:
        chat = await started(app, "ana")
        await printing(venue, "BTCUSDT", "60000", chat.say("/buy btc 500"))
        await chat.say("/delete_me")
        assert "✅" in await chat.say("yes")
        assert "/start" in await chat.say("/balance")


async def test_settings_results_and_status(venue, dsn):
    async with open_app(dsn, venue) as app:
        chat = await started(app, "ana")
        assert "America/Sao_Paulo" in await chat.say("/timezone sao paulo")
        assert "America/Sao_Paulo" in await chat.say("/timezone")
        assert "Mars" in await chat.say("/timezone Mars/Base")
        await printing(venue, "BTCUSDT", "60000", chat.say("/buy btc 500 sl1%"))
        await printing(venue, "BTCUSDT", "60000", chat.say("/close 1"))
        assert "Today" in await chat.say("/pnl")
        status = await chat.say("/status")
        assert "Feed: live" in status
        assert "PostgreSQL" in status
        assert "All your data" in await chat.say("/export")


async def test_what_happened_while_nobody_looked_is_told_at_the_next_start(venue, dsn):
    async with open_app(dsn, venue) as app:
        chat = await started(app, "ana")
        await printing(venue, "BTCUSDT", "60000", chat.say("/buy btc 500 sl1%"))
    venue.print("BTCUSDT", "59000")
    venue.print("BTCUSDT", "61000")
    async with open_app(dsn, venue) as app:
        chat = Chat(app, "ana")
        async with asyncio.timeout(5):
            assert "stop" in await chat.notice()


async def test_a_trade_that_is_closing_already_is_not_offered_again(venue, dsn):
    async with open_app(dsn, venue) as app:
        chat, other = await started(app, "ana"), Chat(app, "ana")
        await printing(venue, "BTCUSDT", "60000", chat.say("/buy btc 500"))
        await printing(venue, "ETHUSDT", "2500", chat.say("/buy eth 500"))
        closing = asyncio.create_task(other.say("/close 1"))
        await asyncio.sleep(0.3)
        preview = await chat.say("/close all")
        assert "#2 ETH long" in preview
        assert "#1" not in preview
        venue.print("BTCUSDT", "60000")
        assert "BTC closed" in await closing
