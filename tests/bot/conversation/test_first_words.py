"""What somebody says without having read a manual."""

import pytest

from tests.bot.conversation.desk import open_desk

NEW_ORDER = "short btcusdt 300 sl2%"


async def test_a_stranger_is_greeted_whatever_he_says_first(dsn):
    async with open_desk(dsn) as desk:
        stranger = desk.stranger(name="Rui")
        assert (await stranger.says("hello there")).startswith("Welcome to Vigilante, Rui.")
        ana = await desk.opens()
        assert await ana.says("hello there") == '✕ I don\'t know "hello".'


@pytest.mark.parametrize("begun", [("/buy btc",), ("/buy btc", "100"), ("/buy btc", "100", "2%")])
async def test_a_whole_order_is_no_answer_to_a_step_of_another(dsn, begun):
    async with open_desk(dsn) as desk:
        ana = await desk.opens()
        for line in begun:
            await ana.says(line)
        assert "BTC short #1" in await ana.says(NEW_ORDER)
        assert "1 open" in await ana.says("trades")


async def test_a_price_can_be_asked_in_the_middle_of_an_order(dsn):
    async with open_desk(dsn) as desk:
        ana = await desk.opens()
        for line in ("btc?", "btc ?", "BTC", "$btc"):
            await ana.says("/buy eth")
            assert (await ana.says(line)).startswith("BTC 60,000.00 USDT")
        await ana.says("/buy eth")
        assert "ETH: how much?" not in await ana.says("/cancel")


async def test_who_goes_on_without_an_answer_is_not_told_that_nothing_was_done(dsn):
    async with open_desk(dsn) as desk:
        ana = await desk.opens()
        await ana.says("/reset")
        assert (await ana.says("buy btcusdt 100")).startswith("✅ BTC long #1")
        assert "nothing" in (await ana.says("yes")).lower()


async def test_no_level_is_asked_for_a_trade_that_is_not_open(dsn):
    async with open_desk(dsn) as desk:
        ana = await desk.opens()
        assert "no trade #9" in await ana.says("/sl 9")
        await ana.says("/buy btcusdt 100")
        assert "#1: where does the stop go?" in await ana.says("/sl 1")
        await ana.says("/close 1")
        assert await ana.says("/tp 1") == "✕ #1 is closed already"
        assert list(ana.buttons) == ["/trades"]
