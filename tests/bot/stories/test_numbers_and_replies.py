"""Bia on Telegram, in Portuguese: her numbers in a guided order, and what a reply is about."""

import pytest

from tests.bot.stories.people import asks, buys, enrolled
from tests.support.platforms import serving


@pytest.fixture
def bia(town):
    return town.telegram.user(8, "Bia", "pt")


@pytest.fixture
def ana(town):
    return town.telegram.user(7, "Ana")


async def test_a_guided_order_takes_every_number_as_it_was_typed(town, bia):
    async with serving(town, DISCORD_TOKEN=""):
        await enrolled(bia)
        asked = await asks(bia, "/comprar")
        await (await bia.presses(asked, "BTC")).edited()
        asked = await asks(bia, "1.500")
        assert "Até aqui: /comprar btc 1.500" in asked.text
        asked = await asks(bia, "58.500")
        assert "Até aqui: /comprar btc 1.500 stop=58.500" in asked.text
        await (await bia.presses(asked, "+4%")).edited()
        assert "❓ BTC/USDT comprado · 1.500 USDT?" in asked.text
        assert "Stop 58.500" in asked.text
        await bia.presses(asked, asked.labels[0])
        await bia.until(lambda: "✅ BTC comprado #1" in asked.text or None)
        assert "Stop 58.500,00 (−2,5%)" in asked.text


async def test_a_number_that_cannot_be_meant_is_asked_about(town, ana):
    async with serving(town, DISCORD_TOKEN=""):
        await enrolled(ana)
        asked = await asks(ana, "/buy btc")
        await (await ana.presses(asked, "500")).edited()
        asked = await asks(ana, "58.500")
        await (await ana.presses(asked, "+4%")).edited()
        assert asked.text == '✕ "58.500" can be read in two ways. Which?'
        await (await ana.presses(asked, "58,500")).edited()
        assert "Stop 58,500" in asked.text
        await ana.presses(asked, asked.labels[0])
        await ana.until(lambda: "Stop 58,500.00" in asked.text or None)


@pytest.mark.parametrize("knows_rich", [True, False])
async def test_a_reply_to_what_shows_several_trades_closes_none(town, ana, knows_rich):
    town.telegram.world.knows_rich = knows_rich
    async with serving(town, DISCORD_TOKEN=""):
        await enrolled(ana)
        await buys(ana, "/buy btc 500 sl2%")
        trade = await buys(ana, "/buy eth 300")
        for line in ("/trades", "/close all", "/sl"):
            several = await asks(ana, line)
            asked = await asks(ana, "close", reply_to=several)
            if asked.text == "OK. Nothing was done.":  # the picker's own question is dropped
                asked = await ana.next()
            assert asked.text == "❓ Which trade?", line
        closed = await asks(ana, "/close", reply_to=trade)
        await ana.until(lambda: closed if "⚪ ETH closed" in closed.text else None)


async def test_a_reply_to_a_lone_trade_s_list_is_asked_about_like_a_line_alone(town, ana):
    async with serving(town, DISCORD_TOKEN=""):
        await enrolled(ana)
        await buys(ana, "/buy btc 500")
        listed = await asks(ana, "/trades")
        asked = await asks(ana, "close", reply_to=listed)
        assert asked.text.startswith("❓ Close #1 BTC")


async def test_a_reply_to_practice_changes_nothing(town, bia, monkeypatch):
    monkeypatch.setattr("bot.use_cases.practicing.PACE", 1_800)
    monkeypatch.setattr("bot.use_cases.practicing.MINUTE_SECONDS", 2)
    monkeypatch.setattr("bot.use_cases.practicing.BREATH_SECONDS", 0.05)
    async with serving(town, DISCORD_TOKEN=""):
        await enrolled(bia)
        await buys(bia, "/comprar btc 500 stop2%")
        await bia.says("/treino")
        opened = await bia.sees("#0", seconds=20)
        lines = ("sl 3%", "fechar", "stop 57.000", "alvo 9%")
        for line in lines:
            await bia.says(line, reply_to=opened)
        await bia.sees("🎓 Fim", seconds=20)
        told = [message.text for message in bia.messages()]
        assert told.count("✕ A #0 era treino: nada foi feito") == len(lines)
        kept = await asks(bia, "/operacoes 1")
        assert "Stop 58.800,00" in kept.text
