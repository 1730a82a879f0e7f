"""A card's owner on Discord chooses the channel that shall see it, among those that are open."""

import pytest

from tests.bot.stories.people import joined, settled
from tests.support.platforms import serving


@pytest.fixture
def rui(town):
    return town.discord.user(7, "Rui", "pt-BR")


@pytest.fixture
def desk(town, rui):
    """A server with a channel for all, and two in which he or the bot may not write."""
    made = town.discord.guild(1, "Mesa", "geral", "só-leitura", "sem-bot", is_told=False)
    made["só-leitura"].closed_to.add(rui.account)
    made["sem-bot"].bot_writes = False
    made.joins(rui.account)
    town.discord.gateway.say_guild(made)
    return made


@pytest.fixture
async def served(town):
    async with serving(town, TELEGRAM_TOKEN=""):
        await town.discord_is_up()
        yield


async def asked_where(town, rui):
    """Close a trade and press Share under its card, in private; return the question."""
    await joined(rui)
    await settled(await rui.runs("comprar", moeda="btc", valor="500", stop="2%"), "✅")
    town.market.moves("BTCUSDT", "58000")
    await rui.next()
    card = await rui.next(30)
    assert card.pictures
    return await (await rui.presses(card, "Compartilhar")).reply()


def offered(message):
    """Return what a question's menu offers."""
    return [
        (one["label"], one["description"]) for menu in message.selects for one in menu["options"]
    ]


def cards(place):
    return [one for one in place.messages.values() if one.pictures]


async def test_its_owner_chooses_a_channel_where_both_may_write(town, rui, desk, served):
    town.discord.guild(2, "Alheia", "chat")  # he is not in it
    leo = town.discord.user(8, "Leo", "en-US")
    desk.joins(leo.account)
    asked = await asked_where(town, rui)
    assert "Onde mostrar o cartão #1?" in asked.text
    assert "`/compartilhar 1`" in asked.text
    assert offered(asked) == [("#geral", "Mesa")]
    turn = await rui.picks(asked, asked.selects[0]["custom_id"], "#geral")
    told = await turn.reply(20)
    assert "✅ Está em #geral · Mesa" in told.text
    assert not told.selects
    (card,) = cards(desk["geral"])
    assert card.is_seen_by(leo.account)
    assert card.text.startswith("**Rui: BTC comprado −3,")
    assert "USDT" not in card.text


async def test_who_left_the_server_meanwhile_shows_nothing_in_it(town, rui, desk, served):
    asked = await asked_where(town, rui)
    del desk.members[rui.account]
    turn = await rui.picks(asked, asked.selects[0]["custom_id"], "#geral")
    assert "✕ Um de nós não pode escrever ali" in (await turn.reply(20)).text
    assert cards(desk["geral"]) == []


@pytest.mark.parametrize("channel", ["só-leitura", "sem-bot"])
async def test_a_channel_that_was_not_offered_is_refused(town, rui, desk, served, channel):
    asked = await asked_where(town, rui)
    (menu,) = asked.selects
    menu["options"][0]["value"] = str(desk[channel].id)  # a changed client can
    turn = await rui.picks(asked, menu["custom_id"], menu["options"][0]["value"])
    assert "✕ Um de nós não pode escrever ali" in (await turn.reply(20)).text
    assert cards(desk[channel]) == []


async def test_nobody_shows_the_card_of_somebody_else(town, rui, desk, served):
    asked = await asked_where(town, rui)
    leo = town.discord.user(8, "Leo", "en-US")
    desk.joins(leo.account)
    await joined(leo)
    mine = leo.messages[-1]
    mine.components += asked.components  # a changed client can
    turn = await leo.picks(mine, asked.selects[0]["custom_id"], "#geral")
    assert "✕" in (await turn.reply(20)).text
    assert cards(desk["geral"]) == []


async def test_without_a_common_server_the_line_to_type_is_told(town, rui, served):
    asked = await asked_where(town, rui)
    assert asked.selects == []
    assert "`/compartilhar 1`" in asked.text
