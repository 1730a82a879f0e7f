"""A Telegram group: strangers are led into the private chat, and what is theirs stays theirs."""

import asyncio

import pytest

from tests.bot.stories.people import KEYS, asks, buys, enrolled
from tests.support.platforms import serving

DESK = -100500


@pytest.fixture
def bia(town):
    return town.telegram.user(8, "Bia", "pt")


@pytest.fixture
def caio(town):
    return town.telegram.user(9, "Caio", "en")


async def desk(town, *people, topics=None):
    """A group with the bot in it; what it says at first is read."""
    group = town.telegram.group(DESK, "Desk", *people, topics=topics)
    await people[0].adds_bot(group)
    await people[0].next(group)
    for one in people:
        one.reads_all(group)
    return group


async def test_a_stranger_gets_from_a_group_to_exactly_the_order_he_typed(town, bia, caio):
    async with serving(town):
        group = await desk(town, bia, caio)
        await bia.says("/buy btc 100 sl2%", group)
        invited = await bia.next(group)
        assert invited.text.startswith("👉 Bia, respondo no privado")
        assert invited.labels == ["Continuar no privado"]
        pressed = await bia.presses(invited, "Continuar no privado")
        assert pressed.opened.startswith("https://t.me/vigilante_bot?start=")
        await bia.opens(pressed.opened)
        card = await bia.next()
        for label in ("Português", "10.000,00 USDT"):
            await (await bia.presses(card, label)).edited()
        asked = await bia.sees("❓ BTC/USDT comprado · 100 USDT?")
        assert "Stop 2%" in asked.text
        await bia.presses(asked, asked.labels[0])
        await bia.until(lambda: "✅ BTC comprado #1 · 99,60 USDT" in asked.text or None)
        assert "Stop 58.800,00 (−2%)" in asked.text
        assert [m.text for m in bia.messages(group) if m.sender.is_bot][1:] == [invited.text]


@pytest.mark.parametrize(
    ("name", "line", "shown"),
    [
        ("bia", "/comprar btc 1.000 stop2,5%", ("comprado · 1.000 USDT?", "Stop 2,5%")),
        ("bia", "/comprar btc 1.500 stop=58.500", ("comprado · 1.500 USDT?", "Stop 58.500")),
        ("caio", "/buy btc 1,000 sl=58,500", ("long · 1,000 USDT?", "Stop 58,500")),
    ],
)
async def test_numbers_mean_in_private_what_they_meant_in_the_group(
    town, request, name, line, shown
):
    somebody = request.getfixturevalue(name)
    async with serving(town, DISCORD_TOKEN=""):
        group = await desk(town, somebody)
        await somebody.says(line, group)
        invited = await somebody.next(group)
        pressed = await somebody.presses(invited, invited.labels[0])
        await somebody.opens(pressed.opened)
        card = await somebody.next()
        language, money = ("Português", "10.000,00") if name == "bia" else ("English", "10,000.00")
        for label in (language, f"{money} USDT"):
            await (await somebody.presses(card, label)).edited()
        asked = await somebody.sees(shown[0])
        assert shown[1] in asked.text
        await somebody.presses(asked, asked.labels[0])
        await somebody.until(lambda: "✅ BTC" in asked.text or None)


async def test_the_invitation_of_one_person_does_nothing_for_another(town, bia, caio):
    async with serving(town):
        await enrolled(caio)
        group = await desk(town, bia, caio)
        await bia.says("/buy btc 100 sl2%", group)
        url = (await bia.presses(await bia.next(group), "Continuar no privado")).opened
        await caio.opens(url)
        assert (await caio.next()).text.startswith("Welcome back, Caio")
        assert (await caio.next()).text == KEYS["en"]
        assert (await asks(caio, "/trades")).text.startswith("No open trades")


async def test_balances_and_trades_go_to_their_owner_alone(town, bia, caio):
    async with serving(town):
        await enrolled(caio)
        group = await desk(town, bia, caio)
        answered = {
            "/balance": "Balance 10,000.00 USDT",
            "/buy btc 100 sl2%": "✅ BTC long #1",
            "/trades": "1 open",
            "/settings": "⚙️ Settings",
            "/export": "All your data",
        }
        for line, sign in answered.items():
            said = await caio.says(line, group)
            await caio.sees(sign)
            await caio.until(lambda said=said: said.reactions or None)
        town.market.moves("BTCUSDT", "58000")
        await caio.sees("🛑 BTC stop")
        assert bia.reads_all(group) == []
        assert bia.messages() == []


async def test_a_group_is_answered_on_prices_and_charts_in_the_topic_asked(town, bia, caio):
    async with serving(town):  # whoever asks: nobody here has an account
        group = await desk(town, bia, caio, topics={5: "Trades"})
        await caio.says("/price btc", group, topic=5)
        price = await bia.next(group)
        assert price.text.startswith("BTC 60,000.00 USDT")
        assert price.thread_id == 5
        await caio.says("/chart btc 1h", group, topic=5)
        chart = await bia.next(group, seconds=20)
        assert chart.photo
        assert chart.thread_id == 5


async def test_buttons_belong_to_who_asked_and_everybody_else_is_told_so(town, bia, caio):
    async with serving(town):
        await enrolled(caio)
        await enrolled(bia)
        group = await desk(town, bia, caio)
        await caio.says("/price btc", group)
        price = await caio.next(group)
        pressed = await bia.presses(price, "Buy")
        assert pressed.toast.startswith("✕ Estes botões são de outra pessoa")
        assert bia.reads_all() == []
        assert (await caio.presses(price, "Buy")).toast == "Answered in private"
        asked = await caio.sees("BTC/USDT: how much?")
        for label in ("100", "−2%", "+4%"):
            await (await caio.presses(asked, label)).edited()
        await caio.presses(asked, asked.labels[0])
        await caio.sees("✅ BTC long #1")
        assert [m.text for m in bia.messages(group) if m.sender.is_bot][1:] == [price.text]


async def test_an_admin_sets_language_and_pause_and_nobody_else(town, bia, caio):
    async with serving(town):
        await enrolled(caio)
        group = await desk(town, bia, caio)
        await caio.says("/group cooldown 30", group)
        assert (await caio.next()).text == "✕ That is for admins only"
        await bia.says("/group language pt", group)  # an admin needs no account for that
        assert "Idioma: Português" in (await bia.next(group)).text
        await caio.says("/price btc", group)
        assert "BTC 60.000,00 USDT" in (await bia.next(group)).text
        await bia.says("/group cooldown 30", group)
        assert "30 s" in (await bia.next(group)).text
        await caio.says("/price eth", group)
        aside = await caio.next()
        assert aside.text.startswith("ETH 2,500.00 USDT")  # in private he reads his own language
        assert bia.reads_all(group) == []


async def test_a_group_that_is_not_allowed_is_left_at_once(town, bia):
    async with serving(town, ALLOWED_CHATS=f"telegram:{DESK}"):
        await desk(town, bia)
        other = town.telegram.group(-100600, "Other", bia)
        await bia.adds_bot(other)
        await bia.until(lambda: not other.standing(town.telegram.bot).is_in or None)
        assert bia.reads_all(other) == []


@pytest.fixture
async def closed_trade(town, caio):
    async with serving(town):
        await enrolled(caio)
        await buys(caio, "/buy btc 100 sl2%")
        caio.reads_all()
        town.market.moves("BTCUSDT", "58000")
        await caio.next()
        yield


async def test_a_card_is_shown_in_a_group_by_who_owns_it(town, bia, caio, closed_trade):
    group = await desk(town, bia, caio)
    await caio.says("/price btc", group)
    await bia.next(group)
    await bia.says("/group cooldown 30", group)
    assert "30 s" in (await bia.next(group)).text
    await caio.says("/share 1", group)  # the pause between answers is not for what he shows
    card = await bia.next(group, seconds=20)
    assert card.photo
    assert card.text.startswith("Caio: BTC long −3.")
    assert "USDT" not in card.text
    await bia.says("/share 1", group)
    await asyncio.sleep(0.3)
    assert not any(m.photo for m in bia.reads_all(group))


async def test_the_owner_of_a_card_chooses_its_group_in_private(town, bia, caio, closed_trade):
    group = await desk(town, bia, caio)
    await bia.says("/group language pt", group)
    await bia.next(group)
    asked = await asks(caio, "/share 1")
    assert "Where should card #1 go?" in asked.text
    assert caio.keyboard()[0] == ["Choose a group"]
    await caio.shares(group, "Choose a group")
    card = await bia.next(group, seconds=20)
    assert card.photo
    assert card.text.startswith("Caio: BTC comprado −3,")
    await caio.sees("🖼 Shown in Desk.")
    assert caio.keyboard()[0] == ["📊 Trades", "➕ Buy"]
    caio.reads_all()
    await caio.says("/share 1")
    await caio.until(lambda: caio.keyboard()[0] == ["Choose a group"] or None)
    group.is_read_only = True
    await caio.shares(group, "Choose a group")
    await caio.sees("✕ I may not write in Desk.", seconds=20)
    assert caio.keyboard()[0] == ["📊 Trades", "➕ Buy"]


async def test_a_host_is_answered_in_private_when_he_asks_in_a_group(town, bia, caio):
    async with serving(town, ADMINS="telegram:9"):
        await enrolled(caio)
        group = await desk(town, bia, caio)
        await caio.says("/admin", group)
        assert (await caio.next()).text.startswith("🩺")
        await bia.says("/admin", group)
        assert "🩺" not in str([m.text for m in bia.reads_all(group)])
