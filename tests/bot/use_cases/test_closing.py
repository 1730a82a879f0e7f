"""A group is closed as it was shown, once, whatever happened to its trades meanwhile."""

from bot.conversation.presses import encode
from tests.bot.conversation.desk import open_desk


async def test_half_of_a_group_is_closed_once_even_when_one_of_it_is_gone(dsn):
    async with open_desk(dsn) as desk:
        ana = await desk.opens()
        await ana.says("/buy btc 200")
        await ana.says("/buy btc 200")
        assert "half of 2 trades" in await ana.says("/close all 50%")
        (press,) = [one for one in ana.buttons.values() if one.line.startswith("=x")]
        await ana.does(payload=encode(press), message_id="7")
        await ana.says("/close 2")
        left = await quantity(desk)
        await ana.does(payload=encode(press), message_id="8")
        assert await quantity(desk) == left
        await ana.says("/close 1")
        assert "no" in (await ana.does(payload=encode(press), message_id="9")).lower()


async def quantity(desk):
    """Return what is left of the first trade."""
    return await desk.house.tables.fetchval("SELECT quantity FROM trades WHERE number = 1")


async def test_winners_and_losers_are_told_apart_and_leaving_trades_are_left_out(dsn):
    async with open_desk(dsn) as desk:
        ana = await desk.opens()
        assert await ana.says("/close all") == "No open trades"
        await ana.says("/buy btc 200")
        assert "winning" in await ana.says("/close winners")
        await desk.moves("BTCUSDT", "66000")
        assert "losing" in await ana.says("/close losers")
        await ana.says("/short btc 200")
        assert "#1" in await ana.says("/close winners")
        assert "#2" not in ana.text
        await ana.says("no")
        assert "#2" in await ana.says("/close losers")
        assert "closed" in await ana.says("yes")
        assert "#1" in await ana.says("/close btc")
