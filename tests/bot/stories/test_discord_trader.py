"""Rui on Discord, in Portuguese: slash commands in a server, forms, alerts by DM, a restart."""

import pytest

from bot.use_cases import practicing
from tests.bot.stories.people import changed, joined, settled
from tests.support.discord.world import MANAGE_GUILD, MEMBER
from tests.support.platforms import serving


@pytest.fixture
def rui(town):
    return town.discord.user(7, "Rui", "pt-BR")


@pytest.fixture
def general(town):
    return town.discord.guild(1, "Mesa", "geral")["geral"]


async def buys(person, place=None, **options):
    """Run the order and return the message of the opened trade."""
    turn = await person.runs("comprar", place, **options)
    return await settled(turn, "✅")


async def test_a_strangers_order_in_a_server_survives_his_onboarding(town, rui, general):
    async with serving(town):
        turn = await rui.runs("comprar", general, moeda="btc", valor="100", stop="2%")
        card = await turn.reply()
        assert "Boas-vindas ao Vigilante, Rui." in card.text
        assert card.is_ephemeral
        card = await changed(rui, card, "Português")
        await changed(rui, card, "10.000,00 USDT")
        asked = await rui.until(lambda one: "❓ BTC/USDT comprado · 100 USDT?" in one.text)
        bought = await changed(rui, asked, "Comprar 100 USDT")
        bought = await rui.until(lambda one: "✅ BTC comprado #1 · 99,60 USDT" in one.text)
        assert "Stop 58.800,00 (−2%)" in bought.text
        assert bought.is_ephemeral
        assert [one for one in rui.sees(general) if not one.is_ephemeral] == []


async def test_numbers_mean_after_the_onboarding_what_they_meant_before(town, rui, general):
    leo = town.discord.user(8, "Leo", "en-US")
    general.guild.joins(leo.account)
    async with serving(town, TELEGRAM_TOKEN=""):
        turn = await rui.runs("comprar", general, moeda="btc", valor="1.500", stop="58.500")
        card = await changed(rui, await turn.reply(), "Português")
        await changed(rui, card, "10.000,00 USDT")
        asked = await rui.until(lambda one: "❓ BTC/USDT comprado · 1.500 USDT?" in one.text)
        assert "58.500" in asked.text
        turn = await leo.runs("buy", general, coin="btc", amount="1,500", stop="58,500")
        card = await changed(leo, await turn.reply(), "English")
        await changed(leo, card, "10,000.00 USDT")
        asked = await leo.until(lambda one: "❓ BTC/USDT long · 1,500 USDT?" in one.text)
        assert "58,500" in asked.text


async def test_numbers_typed_into_forms_are_those_of_the_trade(town, rui):
    async with serving(town, TELEGRAM_TOKEN=""):
        await joined(rui)
        asked = await rui.asks("comprar", moeda="btc")
        for typed in ("1.500", "58.500"):
            form = await (await rui.presses(asked, "Digitar …")).form()
            asked = await (await rui.submits(form, typed)).reply()
        asked = await changed(rui, asked, "+4%")
        assert "❓ BTC/USDT comprado · 1.500 USDT?" in asked.text
        bought = await changed(rui, asked, asked.labels[0])
        bought = await rui.until(lambda one: one.id == bought.id and "✅" in one.text)
        assert "Stop 58.500,00" in bought.text


async def test_what_is_personal_is_ephemeral_and_a_price_is_for_all(town, rui, general):
    leo = town.discord.user(8, "Leo", "en-US")
    general.guild.joins(leo.account)
    async with serving(town):
        await joined(rui, general)
        await buys(rui, general, moeda="btc", valor="500", stop="2%")
        balance = await rui.asks("saldo", general)
        assert "Saldo 9.499,70 USDT" in balance.text
        trades = await rui.asks("operacoes", general)
        assert "1 aberta · ▼ −1,00 USDT" in trades.text
        assert balance.is_ephemeral
        assert trades.is_ephemeral
        price = await rui.asks("preco", general, moeda="btc")
        assert "BTC 60.000,00 USDT" in price.text
        assert leo.sees(general) == [price]
        told = await (await leo.presses(price, "Comprar")).reply()
        assert "These buttons are somebody else's" in told.text
        assert told.is_ephemeral
        chart = await rui.asks("grafico", general, moeda="btc", intervalo="1h")
        assert chart.pictures
        assert chart in leo.sees(general)
        assert "#1" not in chart.text  # his own trade is not drawn for all


async def test_a_stop_is_typed_into_a_form_and_its_end_comes_by_dm(town, rui, general):
    async with serving(town):
        await joined(rui, general)
        trade = await buys(rui, general, moeda="btc", valor="500", stop="2%")
        picker = await changed(rui, trade, "Stop")
        assert "#1: onde fica o stop?" in picker.text
        form = await (await rui.presses(picker, "Digitar …")).form()
        assert form.title == "Stop?"
        moved = await (await rui.submits(form, "1%")).reply()
        assert "✅ BTC #1 · stop 59.400,00" in moved.text
        town.market.moves("BTCUSDT", "59390")
        told = await rui.next()
        assert told.channel is rui.dm
        assert told.text.startswith("**🛑 Stop em BTC · −6,0")
        assert "#1 comprado 60.000,00 → 59.390,00" in told.text
        assert not told.is_silent
        card = await (await rui.presses(told, "Cartão")).reply(20)
        assert card.pictures


async def test_values_complete_as_they_are_typed(town, rui, general):
    async with serving(town):
        await joined(rui, general)
        await buys(rui, general, moeda="btc", valor="500")
        coins = await rui.completes("comprar", "moeda", "", general)
        assert [value for _, value in coins][:2] == ["btc", "eth"]
        assert await rui.completes("comprar", "moeda", "et", general) == [("ETH", "eth")]
        assert await rui.completes("fechar", "operacao", "", general) == [("#1 BTC −1,00", "1")]
        amounts = await rui.completes("comprar", "valor", "5", general)
        assert [value for _, value in amounts] == ["5", "500", "5k", "5%"]
        zones = await rui.completes("fuso", "fuso", "", general)
        assert zones[0] == ("America/Sao_Paulo", "America/Sao_Paulo")
        await buys(rui, general, moeda="eth", valor="500")
        await settled(await rui.runs("fechar", general, operacao="1"), "⚪ BTC")
        await buys(rui, general, moeda="btc", valor="100")
        several = await rui.completes("fechar", "operacao", "", general)
        assert [value for _, value in several] == ["2", "3", "tudo", "ganhadoras", "perdedoras"]
        cards = await rui.completes("cartao", "operacao", "#1", general)
        assert cards == [("#1 BTC −1,00", "1")]
        assert ("#1 BTC −1,00", "1") not in await rui.completes("stop", "operacao", "", general)


async def test_an_order_begins_with_nothing_and_asks_step_by_step(town, rui, general):
    async with serving(town):
        await joined(rui, general)
        asked = await rui.asks("comprar", general)
        assert "Qual moeda?" in asked.text
        assert asked.is_ephemeral
        asked = await changed(rui, asked, "BTC")
        assert "BTC/USDT: quanto?" in asked.text or "BTC: quanto?" in asked.text
        priced = await rui.asks("preco", general)
        assert "Qual moeda?" in priced.text
        shown = await changed(rui, priced, "ETH")
        assert "ETH 2.500,00 USDT" in shown.text


async def test_a_close_that_names_no_trade_is_asked_about(town, rui):
    async with serving(town):
        await joined(rui)
        await buys(rui, moeda="btc", valor="500", stop="2%")
        asked = await rui.asks("fechar")
        assert "❓ Zerar #1 BTC?" in asked.text
        closed = await changed(rui, asked, asked.labels[0])
        assert "⚪ BTC fechado" in closed.text


async def test_a_lone_level_or_share_is_never_taken_for_a_trades_number(town, rui):
    async with serving(town):
        await joined(rui)
        await buys(rui, moeda="btc", valor="500", stop="2%")
        moved = await rui.asks("stop", nivel="57000")
        assert "✅ BTC #1 · stop 57.000,00" in moved.text
        asked = await rui.asks("fechar", parte="50")
        assert "❓ Fechar metade de #1 BTC?" in asked.text
        settings = await rui.asks("ajustes", ajuste="theme")
        assert "⚙️ Ajustes" in settings.text


async def test_a_line_is_typed_in_one_command_and_an_unclear_one_is_explained(town, rui, general):
    async with serving(town):
        await joined(rui)
        turn = await rui.runs("fazer", general, texto="comprar btc 100 stop2%")
        bought = await settled(turn, "✅ BTC comprado #1")
        assert "Stop 58.800,00 (−2%)" in bought.text
        asked = await rui.asks("fazer", general, texto="fechar tudo")
        assert "❓ Zerar #1" in asked.text
        await changed(rui, asked, asked.labels[0])
        assert await rui.until(lambda one: "⚪ BTC" in one.text)
        unclear = await rui.asks("fazer", general, texto="comprar btc 100 stop=2")
        assert "✕ 2 seria um preço" in unclear.text
        assert "2%" in unclear.labels


async def test_a_command_answers_no_question_that_is_still_open(town, rui):
    async with serving(town):
        await joined(rui)
        trade = await buys(rui, moeda="btc", valor="500", stop="2%")
        assert trade.text
        unknown = await rui.asks("fazer", texto="comprar xyzq")
        assert 'A Binance não tem "XYZQ"' in unknown.text
        moved = await rui.asks("fazer", texto="stop 1 57000")
        assert "✅ BTC #1 · stop 57.000,00" in moved.text
        half = await rui.runs("fazer", texto="fechar 1 50%")
        await settled(half, "⚪ BTC")


async def test_buttons_of_before_a_restart_still_work(town, rui, general):
    async with serving(town):
        await joined(rui)
        trade = await buys(rui, moeda="btc", valor="500", stop="2%")
        price = await rui.asks("preco", general, moeda="eth")
    async with serving(town):
        moved = await changed(rui, trade, "Stop")
        moved = await changed(rui, moved, "−5%")
        assert "✅ BTC #1 · stop 57.000,00" in moved.text
        fresh = await (await rui.presses(price, "Comprar")).reply()
        assert "ETH/USDT" in fresh.text
        puts = [one for one in town.discord.asked("PUT") if one.path.endswith("/commands")]
        assert len(puts) == 1  # the commands are the same: they are told once


async def test_who_installed_it_for_himself_uses_it_where_the_bot_is_not(town, rui):
    elsewhere = town.discord.guild(2, "Alheio", "chat", has_bot=False)["chat"]
    async with serving(town):
        await joined(rui)
        price = await rui.asks("preco", elsewhere, moeda="eth")
        assert "ETH 2.500,00 USDT" in price.text
        balance = await rui.asks("saldo", elsewhere)
        assert balance.is_ephemeral
        bought = await buys(rui, elsewhere, moeda="btc", valor="100", stop="2%")
        assert bought.is_ephemeral
        town.market.moves("BTCUSDT", "58000")
        assert (await rui.next()).text.startswith("**🛑 Stop em BTC")


@pytest.mark.parametrize("has_bot", [True, False])
async def test_practice_comes_to_its_end_where_the_bot_is_not_too(town, rui, monkeypatch, has_bot):
    monkeypatch.setattr(practicing, "PACE", 2_400)
    monkeypatch.setattr(practicing, "MINUTE_SECONDS", 2)
    monkeypatch.setattr(practicing, "BREATH_SECONDS", 0.02)
    where = town.discord.guild(2, "Lugar", "chat", has_bot=has_bot)["chat"]
    async with serving(town):
        await joined(rui)
        turn = await rui.runs("treino", where)
        await settled(turn, "Fim do treino")
        shown = turn.replies
        first, *_, card, end = shown
        assert first.text.startswith("**🎓 Treino")
        assert card.pictures
        assert end.labels == ["Comprar", "Treino", "Menu"]
        assert (len(shown) == 4) is not has_bot, "the steps share one message where few are let"
        assert all(one.is_ephemeral for one in shown)


async def test_a_live_list_in_a_dm_goes_on_in_place(town, rui):
    async with serving(town):
        await joined(rui)
        await buys(rui, moeda="btc", valor="500", stop="2%")
        live = await rui.asks("operacoes")
        town.market.moves("BTCUSDT", "61000")
        await rui.until(lambda one: one.id == live.id and "▲ +7,32 USDT" in one.text)
        town.market.moves("BTCUSDT", "61500")
        await rui.until(lambda one: one.id == live.id and "▲ +11,4" in one.text)
        closed = await rui.asks("fechar", operacao="1")
        assert closed.text
        await rui.until(lambda one: one.id == live.id and "Nenhuma operação aberta" in one.text)


async def test_a_host_is_answered_in_a_server_where_only_he_reads_it(town, rui, general):
    async with serving(town, ADMINS="discord:7"):
        general.guild.joins(rui.account, MEMBER | MANAGE_GUILD)
        await joined(rui, general)
        health = await rui.asks("admin", general)
        assert "🩺" in health.text
        assert health.is_ephemeral
