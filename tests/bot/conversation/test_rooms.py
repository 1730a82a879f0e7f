"""What a room of many sees: never whose trade it is, nor that there is one."""

from bot.conversation.said import Shown
from bot.views import ChartView
from tests.bot.conversation.desk import GROUP, open_desk


def charts(somebody) -> list[tuple[ChartView, bool]]:
    """Return the charts that were shown, each with whether the room saw it."""
    return [
        (one.message.picture, not one.is_personal)
        for one in somebody.shown
        if isinstance(one, Shown) and isinstance(one.message.picture, ChartView)
    ]


async def test_a_rooms_chart_follows_nobodys_trade_and_one_of_a_trade_is_its_owners(dsn):
    async with open_desk(dsn) as desk:
        ana, bob = await desk.opens(), await desk.opens()
        assert "#1" in await ana.says("/buy btcbrl 100 sl2%")
        await ana.says("/chart btc")
        assert charts(ana)[0][0].instrument.symbol == "BTCBRL"
        ana, bob = ana.in_room(GROUP), bob.in_room(GROUP)
        for line in ("/chart btc", "/chart btc 4h"):
            await ana.says(line)
            await bob.says(line)
            (hers, is_public), (his, _) = charts(ana)[0], charts(bob)[0]
            assert is_public
            assert (hers.instrument.symbol, hers.number) == ("BTCUSDT", None)
            assert (hers.interval, hers.marks, hers.levels) == (his.interval, (), ())
        for line in ("/chart #1", "/chart"):
            await ana.says(line)
            view, is_public = charts(ana)[0]
            assert not is_public
            assert (view.number, bool(view.marks)) == (1, True)


async def test_a_room_does_not_see_for_which_coin_somebody_wants_an_alert(dsn):
    async with open_desk(dsn) as desk:
        ana = (await desk.opens()).in_room(GROUP)
        asked = await ana.says("/alert btc")
        assert "BTC: alert at which price?" in asked
        assert "60,000.00" in asked
        assert [one.is_personal for one in ana.shown if isinstance(one, Shown)] == [True]
        assert "alert at 61,000.00 USDT" in await ana.says("61000")
