"""Somebody is told of a price: set by thumb or by parameters, told once, whatever is killed."""

import asyncio

from tests.bot.stories.people import asks, enrolled, joined
from tests.support.platforms import program, serving


async def test_two_taps_on_a_price_set_an_alert_that_is_told_once(town):
    async with serving(town):
        ana = await enrolled(town.telegram.user(7, "Ana"))
        card = await asks(ana, "btc?")
        assert card.labels[:4] == ["Buy", "Short", "Alert", "Chart"]
        await ana.presses(card, "Alert")
        asked = await ana.until(
            lambda: ana.last() if "at which price?" in ana.last().text else None
        )
        await ana.presses(asked, "+1%")
        told = await ana.until(lambda: asked if "🔔 BTC alert" in asked.text else ana.last())
        assert "🔔 BTC alert at 60,600.00 USDT" in told.text
        ana.reads_all()
        town.market.moves("BTCUSDT", "60600.10")
        fired = await ana.next()
        assert fired.text.startswith("🔔 BTC rose to 60,600.10 USDT")
        assert not fired.is_silent
        assert fired.labels[:3] == ["Buy", "Short", "Chart"]
        town.market.moves("BTCUSDT", "60000")
        town.market.moves("BTCUSDT", "60700")
        await asyncio.sleep(0.5)
        assert ana.reads_all() == []


async def test_an_alert_has_fields_on_discord_and_is_told_by_dm(town):
    rui = town.discord.user(7, "Rui", "pt-BR")
    general = town.discord.guild(1, "Mesa", "geral")["geral"]
    async with serving(town):
        await joined(rui, general)
        offered = await rui.completes("alerta", "preco", "+", general)
        assert [value for _, value in offered] == ["+", "+1%", "+3%", "+5%"]
        told = await rui.asks("alerta", general, moeda="btc", preco="59.400,50")
        assert "🔔 Alerta: BTC em 59.400,50 USDT" in told.text
        assert told.is_ephemeral
        town.market.moves("BTCUSDT", "59400")
        fired = await rui.next()
        assert fired.channel is rui.dm
        assert fired.text.startswith("**🔔 BTC caiu a 59.400,00 USDT")


async def test_what_a_price_did_while_nobody_was_there_is_told_by_the_next_process(town):
    ana = town.telegram.user(7, "Ana")
    async with program(town) as first:
        await enrolled(ana)
        assert "🔔" in (await asks(ana, "/alert btc 61000")).text
        await first.kill()
    town.market.moves("BTCUSDT", "61000.50")
    town.market.moves("BTCUSDT", "60000")
    ana.reads_all()
    async with program(town):
        fired = await ana.sees("BTC rose to 61,000.50 USDT")
        assert "Your alert: 61,000.00 USDT" in fired.text
        await asyncio.sleep(0.5)
        assert [one.text for one in ana.reads_all() if "rose to" in one.text] == [fired.text]
