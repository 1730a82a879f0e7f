"""One person's whole way on Telegram, over a kill: a group, a first trade, its stop, its card."""

import asyncio
from contextlib import asynccontextmanager

from tests.bot.stories.people import asks
from tests.support.platforms import program
from tests.support.shell import until

DESK = -100500


@asynccontextmanager
async def running(town):
    """Run the program for Telegram alone; the block begins when it asks for updates."""
    before = len(town.telegram.requests)
    async with program(town, is_awaited=False, DISCORD_TOKEN="") as found:
        calls = lambda: town.telegram.requests[before:]  # noqa: E731
        await until(lambda: any(call.method == "getUpdates" for call in calls()), 20)
        yield found


def _picture(phone):
    return next((message for message in phone.messages() if message.photo), None)


async def test_from_a_group_to_the_card_of_a_stopped_trade_over_a_kill(town):
    bia = town.telegram.user(8, "Bia", "pt")
    group = town.telegram.group(DESK, "Desk", bia)
    async with running(town) as first:
        await bia.adds_bot(group)
        await bia.next(group)
        bia.reads_all(group)
        await bia.says("/comprar btc 1.000", group)
        invited = await bia.next(group)
        await bia.opens((await bia.presses(invited, "Continuar no privado")).opened)
        trade = await bia.next()
        for label in ("Português", "10.000,00 USDT"):
            await (await bia.presses(trade, label)).edited()
        trade = await bia.sees("❓ BTC/USDT comprado · 1.000 USDT?")
        await bia.presses(trade, trade.labels[0])
        await bia.until(lambda: "✅ BTC comprado #1" in trade.text or None)
        live = await asks(bia, "/operacoes")
        assert live.text.startswith("1 aberta")
        moved = await asks(bia, "stop 58.500", reply_to=trade)
        assert "✅ BTC #1 · stop 58.500,00" in moved.text
        await until(lambda: not len(town.telegram.bot.updates))
        await first.kill()
    bia.reads_all()
    town.market.moves("BTCUSDT", "61500")
    async with running(town) as second:
        await bia.until(lambda: "▲ +22,9" in live.text or None, seconds=15)
        town.market.moves("BTCUSDT", "58490")
        told = await bia.sees("🛑 Stop em BTC", seconds=15)
        assert "58.490,00" in told.text
        card = await bia.until(lambda: _picture(bia), seconds=20)
        assert card.text.startswith("#1 BTC comprado −2,")
        await asyncio.sleep(0.3)
        stops = [one for one in bia.messages() if "🛑 Stop em BTC" in one.text]
        assert (len(stops), stops[0].id) == (1, told.id)
    assert first.complaints == []
    assert second.complaints == []
