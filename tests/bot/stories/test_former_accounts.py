"""Numbers of trades begin anew with every account; an old message is about none of them."""

import asyncio

from tests.bot.stories.people import asks, buys, enrolled, joined, settled
from tests.support.platforms import serving

MINUTE = 60
BREATH = 5


async def test_an_old_telegram_message_is_about_no_trade_of_the_next_account(town):
    ana = town.telegram.user(7, "Ana")
    async with serving(town):
        await enrolled(ana)
        old = await buys(ana, "/buy btc 100 sl2%")
        asked = await asks(ana, "/delete_me")
        gone = await ana.presses(asked, asked.labels[0])
        await gone.edited()
        for message in (old, asked):
            message.date, message.edit_date = message.date - MINUTE, message.date - MINUTE
        await enrolled(ana)
        await ana.says("/buy eth 500")
        await ana.sees("✅ ETH long #1")
        assert "former account" in (await asks(ana, "close", reply_to=old)).text
        assert "former account" in (await ana.presses(old, "Close")).toast
        await asyncio.sleep(BREATH)  # he was quick: a machine would be told to wait
        assert "1 open" in (await asks(ana, "/trades")).text


async def test_an_old_discord_message_is_about_no_trade_of_the_account_it_joined(town):
    ana, there = town.telegram.user(7, "Ana"), town.discord.user(70, "ana#1", "en-US")
    async with serving(town):
        await joined(there)
        await there.runs("buy", coin="btc", amount="100")
        old = await there.until(lambda one: "✅ BTC long #1" in one.text)
        await there.asks("close", trade="1")
        old.created_at, old.edited_at = old.created_at - MINUTE, old.created_at - MINUTE
        await enrolled(ana)
        await buys(ana, "/buy eth 500")
        code = (await asks(ana, "/link")).text.split("/link ")[1].split()[0]
        turn = await there.runs("link", code=code)
        sure = await turn.reply()
        if sure.labels:
            await settled(await there.presses(sure, sure.labels[0]), "✅ This chat is linked")
        pressed = await there.presses(old, "Close")
        assert "former account" in (await pressed.reply()).text
        assert "1 open" in (await there.asks("trades")).text
