"""Ana on Telegram, in English: her first trade, its stop, and what she says to it afterwards."""

import asyncio

from msgspec import structs

from tests.bot.stories.people import asks, buys, enrolled
from tests.support.platforms import QUICK, serving


async def test_three_taps_lead_to_a_first_trade_with_a_stop(town):
    async with serving(town):
        ana = town.telegram.user(7, "Ana")
        await ana.starts()
        card = await ana.next()
        assert card.text.startswith("Welcome to Vigilante, Ana.")
        for label in ("English", "10,000.00 USDT"):
            await (await ana.presses(card, label)).edited()
        await ana.presses(card, "Buy BTC 100 · stop −2%")
        await ana.sees("✅ BTC long #1")
        trade = await ana.until(lambda: card if "✅" in card.text else ana.last())
        assert "Stop 58,800.00 (−2%) → −2." in trade.text
        assert "In 60,000.00 · 0.00166 BTC · fee 0.10" in trade.text
        assert {"Stop", "Targets", "Break-even", "50%", "Close"} <= set(trade.labels)
        assert ana.keyboard() == [["📊 Trades", "➕ Buy"], ["💰 Balance", "📋 Menu"]]
        assert {"buy", "trades", "sl"} <= {command["command"] for command in ana.menu()}


async def test_trades_are_live_in_place_until_they_end_with_a_button(town):
    async with serving(town, budget=QUICK) as now:
        ana = await enrolled(town.telegram.user(7, "Ana"))
        await buys(ana, "/buy btc 500 sl2%")
        gate = now.app.delivery.way.gate("telegram")
        gate.budget = _lasting(gate.budget, seconds=2.5)
        live = await asks(ana, "/trades")
        assert live.text.startswith("1 open · ▼ −1.00 USDT")
        await asyncio.sleep(0.5)  # the price stays: nothing is to be told
        assert len(live.history) == 1
        town.market.moves("BTCUSDT", "61000")
        await ana.until(lambda: "▲ +7.32 USDT" in live.text or None)
        town.market.moves("BTCUSDT", "61500")
        await ana.until(lambda: "▲ +11.4" in live.text or None)
        await ana.until(lambda: "Keep it live" in live.labels or None)
        edits = [call for call in town.telegram.calls() if call.method.startswith("edit")]
        assert all(call.chat_id == 7 for call in edits)
        assert ana.reads_all() == []  # it was never sent again
        town.market.moves("BTCUSDT", "62000")
        await ana.presses(live, "Keep it live")
        await ana.until(lambda: "▲ +15.6" in live.text or None)
        assert "Keep it live" not in live.labels


async def test_a_stop_is_set_by_picker_and_by_a_reply(town):
    async with serving(town):
        ana = await enrolled(town.telegram.user(7, "Ana"))
        trade = await buys(ana, "/buy btc 500")
        assert "No stop. Set one: /sl 1 2%" in trade.text
        await (await ana.presses(trade, "Stop")).edited()
        assert trade.text.startswith("#1: where does the stop go?")
        await (await ana.presses(trade, "−5%")).edited()
        assert "stop 57,000.00" in trade.text
        replied = await asks(ana, "sl 1%", reply_to=trade)
        assert "✅ BTC #1 · stop 59,400.00" in replied.text
        await asks(ana, "/buy eth 300")
        again = await asks(ana, "tp 4%", reply_to=trade)
        assert "✅ BTC #1 · target 62,400.00" in again.text


async def test_the_stop_is_hit_loudly_and_its_card_follows_silently(town):
    async with serving(town):
        ana = await enrolled(town.telegram.user(7, "Ana"))
        await buys(ana, "/buy btc 500 sl2%")
        ana.reads_all()
        town.market.moves("BTCUSDT", "58790")
        told = await ana.next()
        assert told.text.startswith("🛑 BTC stop · −11.0")
        assert "#1 long 60,000.00 → 58,790.00" in told.text
        assert not told.is_silent
        assert told.labels[0] == "Card"
        card = await ana.next(seconds=30)
        assert card.photo
        assert card.is_silent
        assert card.text.startswith("#1 BTC long −2.")
        assert ana.reads_all() == []  # told once
        await ana.presses(told, "Card")
        assert (await ana.next(seconds=30)).text == card.text
        again = await asks(ana, "/again")
        await ana.until(lambda: again if "✅ BTC long #2" in again.text else None)


async def test_a_coin_with_a_question_mark_gives_its_price_card(town):
    async with serving(town):
        ana = await enrolled(town.telegram.user(7, "Ana"))
        price = await asks(ana, "btc?")
        assert price.text.startswith("BTC 60,000.00 USDT")
        assert price.labels[:4] == ["Buy", "Short", "Alert", "Chart"]
        await ana.presses(price, "Chart")
        chart = await ana.next(seconds=20)
        assert chart.photo


async def test_a_saved_plan_makes_a_short_line_complete(town):
    async with serving(town):
        ana = await enrolled(town.telegram.user(7, "Ana"))
        saved = await asks(ana, "/plan default 200 sl=2% tp=4%")
        assert saved.text.startswith('✅ Plan "default" is saved')
        trade = await buys(ana, "/buy btc")
        assert "Stop 58,800.00 (−2%)" in trade.text
        assert "Target 62,400.00 (+4%)" in trade.text
        assert "199." in trade.text
        again = await buys(ana, "/again")
        assert "✅ BTC long #2" in again.text
        assert "Stop 58,800.00" in again.text


async def test_close_all_asks_once_and_yes_counts_once(town):
    async with serving(town):
        ana = await enrolled(town.telegram.user(7, "Ana"))
        await buys(ana, "/buy btc 500")
        await buys(ana, "/short eth 300")
        preview = await asks(ana, "/close all")
        assert "#1 BTC long" in preview.text
        assert "#2 ETH short" in preview.text
        sure = preview.buttons[0][0].data
        ana.presses_only(preview, sure)
        ana.presses_only(preview, sure)
        await ana.until(lambda: "⚪ 2 trades closed" in preview.text or None)
        assert "#1 BTC" in preview.text
        assert "#2 ETH" in preview.text
        late = await ana.sends_press(preview, sure)
        assert late.toast in ("", "That was done already.")
        history = await asks(ana, "/history")
        assert history.text.count("by hand") == 2
        assert (await asks(ana, "/trades")).text.startswith("No open trades")


async def test_a_preview_is_answered_by_a_typed_yes(town):
    async with serving(town):
        ana = await enrolled(town.telegram.user(7, "Ana"))
        await buys(ana, "/buy btc 500")
        await asks(ana, "/close all")
        closed = await asks(ana, "yes")
        await ana.until(lambda: closed if "⚪ BTC closed" in closed.text else None)
        nothing = await asks(ana, "yes")
        assert nothing.text.startswith("Nothing is waiting for an answer")


async def test_a_button_that_nobody_wrote_does_nothing(town):
    async with serving(town):
        ana = await enrolled(town.telegram.user(7, "Ana"))
        trade = await buys(ana, "/buy btc 500")
        pressed = await ana.sends_press(trade, "x" * 64)
        assert "too old" in pressed.toast
        assert trade.text.startswith("✅ BTC long #1")
        assert ana.reads_all() == []


def _lasting(budget, seconds):
    return structs.replace(budget, live_minutes=seconds / 60)


async def test_the_cards_of_a_few_trades_closed_at_one_word_come_and_have_buttons(town):
    async with serving(town):
        ana = await enrolled(town.telegram.user(7, "Ana"))
        for coin in ("btc", "eth"):
            await buys(ana, f"/buy {coin} 100")
        asked = await asks(ana, "/close all")
        ana.reads_all()
        await ana.presses(asked, asked.labels[0])
        await ana.until(lambda: "⚪ 2 trades closed" in asked.text or None)
        assert asked.labels[:2] == ["Card #1", "Card #2"]
        for _ in range(2):
            assert (await ana.next(seconds=20)).photo


def commands(phone):
    return {row["command"] for row in phone.menu()}


async def test_the_menu_of_commands_follows_the_language_that_was_chosen(town):
    async with serving(town, DISCORD_TOKEN="", ADMINS="telegram:9"):
        ana = town.telegram.user(7, "Ana", "en")
        host = await enrolled(town.telegram.user(9, "Host", "pt"))
        await ana.starts()
        card = await ana.next()
        await ana.until(lambda: "buy" in commands(ana) or None)
        await (await ana.presses(card, "Português")).edited()
        await (await ana.presses(card, "USDT")).edited()
        await ana.until(lambda: "comprar" in commands(ana) or None)
        assert "admin" in commands(host)
        await host.says("/language en")
        await host.until(lambda: {"buy", "admin"} <= commands(host) or None)
        told = len(town.telegram.calls("setMyCommands"))
    async with serving(town, DISCORD_TOKEN="", ADMINS="telegram:9"):
        await asks(ana, "/ajuda")
        await asks(ana, "/saldo")
        assert len(town.telegram.calls("setMyCommands")) == told
        await asks(ana, "/language en")
        await ana.until(lambda: ("chat", 7, 0, "") not in town.telegram.bot.commands or None)
        assert "buy" in commands(ana)
        await asks(host, "/idioma pt")
        await host.until(lambda: {"comprar", "admin"} <= commands(host) or None)
