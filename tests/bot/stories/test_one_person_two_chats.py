"""One person on Telegram and Discord: one account, alerts where he says, nothing told twice."""

import asyncio
import re

import pytest

from tests.bot.stories.people import asks, buys, enrolled, settled
from tests.support.platforms import serving


@pytest.fixture
def ana(town):
    return town.telegram.user(7, "Ana")


@pytest.fixture
def ana_there(town):
    return town.discord.user(70, "ana#1", "en-US")


async def linked(ana, ana_there):
    """Join both chats to one account by a code from Telegram; both chats are read."""
    told = await asks(ana, "/link")
    code = re.search(r"/link (\w+)", told.text)[1]
    turn = await ana_there.runs("link", code=code)
    await settled(turn, "✅ This chat is linked")
    await ana.sees("ana#1")
    ana.reads_all()
    return code


async def test_a_code_joins_two_chats_to_one_account(town, ana, ana_there):
    async with serving(town):
        await enrolled(ana)
        await buys(ana, "/buy btc 500 sl2%")
        code = await linked(ana, ana_there)
        trades = await ana_there.asks("trades")
        assert "1 open" in trades.text
        eve = town.telegram.user(9, "Eve")
        await eve.says(f"/link {code}")
        assert "wrong, used up or expired" in (await eve.next()).text


async def test_an_exit_is_told_to_both_but_an_answer_only_where_it_was_asked(town, ana, ana_there):
    async with serving(town):
        await enrolled(ana)
        await linked(ana, ana_there)
        await buys(ana, "/buy btc 500 sl2%")
        await buys(ana, "/buy eth 300")
        await asks(ana, "/close eth")
        await ana.sees("⚪ ETH closed")
        await asyncio.sleep(0.5)
        pushed = [one for one in ana_there.messages if one.interaction is None]
        assert pushed == []
        town.market.moves("BTCUSDT", "58790")
        assert (await ana_there.next()).text.startswith("**🛑 BTC stop · −11.0")
        await ana.sees("🛑 BTC stop · −11.0")


async def test_alerts_go_where_he_says(town, ana, ana_there):
    async with serving(town):
        await enrolled(ana)
        await linked(ana, ana_there)
        settings = await asks(ana, "/settings")
        assert "● All chats" in settings.labels
        await (await ana.presses(settings, "Discord")).edited()
        assert "● Discord" in settings.labels
        await buys(ana, "/buy btc 500 sl2%")
        ana.reads_all()
        town.market.moves("BTCUSDT", "58790")
        assert (await ana_there.next()).text.startswith("**🛑 BTC stop")
        await asyncio.sleep(0.5)
        assert ana.reads_all() == []


async def test_a_link_is_undone_where_it_was_not_made(town, ana, ana_there):
    async with serving(town):
        await enrolled(ana)
        told = await asks(ana, "/link")
        await settled(
            await ana_there.runs("link", code=told.text.split("/link ")[1].split()[0]),
            "✅ This chat is linked",
        )
        notice = await ana.sees("ana#1")
        await ana.presses(notice, "Undo")
        await ana.sees("is unlinked")
        turn = await ana_there.runs("balance")
        assert "Welcome to Vigilante" in (await turn.reply()).text


async def test_an_account_is_left_behind_only_after_a_yes(town, ana, ana_there):
    async with serving(town):
        await enrolled(ana)
        turn = await ana_there.runs("start")
        card = await turn.reply()
        for label in ("English", "10,000.00 USDT"):
            await ana_there.presses(card, label)
            await ana_there.until(lambda one, label=label: label not in one.labels)
        told = await asks(ana, "/link")
        code = told.text.split("/link ")[1].split()[0]
        asked = await ana_there.asks("link", code=code)
        assert "You lose here: 10,000.00 USDT" in asked.text
        await ana_there.presses(asked, "Yes, join it")
        await ana_there.until(lambda one: "✅ This chat is linked" in one.text)
        await ana.sees("ana#1")


async def test_the_keys_come_with_a_join_and_again_with_a_start_in_an_emptied_chat(town, ana):
    async with serving(town, DISCORD_TOKEN=""):
        await enrolled(ana)
        told = await asks(ana, "/link")
        other = town.telegram.user(8, "Ana", "en")
        await other.starts()
        await other.says(f"/link {told.text.split('/link ')[1].split()[0]}")
        await other.sees("✅ This chat is linked")
        await other.until(lambda: other.keyboard() or None)
        room = other.room()
        room.keyboard = None  # he deletes the chat on his phone, and comes back
        await other.starts()
        await other.sees("Welcome back")
        await other.until(lambda: other.keyboard() or None)
