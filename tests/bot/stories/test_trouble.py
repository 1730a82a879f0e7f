"""One platform's trouble is its own: the other goes on, and what waited is told in order, once."""

import asyncio

import pytest

from bot.views import PlatformState
from tests.bot.stories.people import asks, buys, enrolled, joined, settled
from tests.support.platforms import serving

OTHER_TOKEN = "7000009:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-zz"  # made up; no server knows it


@pytest.fixture
def ana(town):
    return town.telegram.user(7, "Ana")


@pytest.fixture
def rui(town):
    return town.discord.user(70, "Rui", "pt-BR")


async def trades_on_discord(town, rui):
    """Let somebody open an account, buy, and be told of his stop: Discord works as ever."""
    await joined(rui)
    turn = await rui.runs("comprar", moeda="btc", valor="500", stop="2%")
    await settled(turn, "✅ BTC comprado #1")
    town.market.moves("BTCUSDT", "58700")
    assert (await rui.next()).text.startswith("**🛑 Stop em BTC")


async def test_a_bad_telegram_token_leaves_discord_alone(town, rui):
    async with serving(town, up=("discord",), TELEGRAM_TOKEN=OTHER_TOKEN) as now:
        await now.wait_state("telegram", PlatformState.BAD_TOKEN)
        await trades_on_discord(town, rui)
        assert now.state("discord") is PlatformState.UP


async def test_a_bad_discord_token_leaves_telegram_alone(town, ana):
    token = f"{town.discord.token[:-6]}zzzzzz"
    async with serving(town, up=("telegram",), DISCORD_TOKEN=token) as now:
        await now.wait_state("discord", PlatformState.BAD_TOKEN)
        await enrolled(ana)
        assert "✅ BTC long #1" in (await buys(ana, "/buy btc 100")).text


async def test_another_poller_stops_telegram_alone_and_only_while_it_polls(town, ana, rui):
    town.telegram.faults.fail("getUpdates", 409, times=None)
    async with serving(town, up=("discord",)) as now:
        await now.wait_state("telegram", PlatformState.OTHER_POLLER)
        await ana.starts()
        await trades_on_discord(town, rui)
        town.telegram.faults.heal()
        await now.wait_state("telegram", PlatformState.UP)
        assert "Welcome to Vigilante, Ana." in (await ana.next()).text


async def test_telegram_may_be_down_at_the_start(town, ana, rui):
    await town.telegram.goes_down()
    async with serving(town, up=("discord",)) as now:
        await now.wait_state("telegram", PlatformState.AWAY)
        await trades_on_discord(town, rui)
        await town.telegram.comes_back()
        await now.wait_state("telegram", PlatformState.UP)
        await enrolled(ana)


async def test_one_chat_that_must_wait_delays_nobody_else(town, ana, rui):
    caio = town.telegram.user(9, "Caio")
    async with serving(town):
        await enrolled(ana)
        await enrolled(caio)
        town.telegram.flood.refuse_next(7, 2)
        await ana.says("/balance")
        assert (await asks(caio, "/balance")).text.startswith("Balance 10,000.00")
        await trades_on_discord(town, rui)
        assert (await ana.next()).text.startswith("Balance 10,000.00")
        assert ana.reads_all() == []


@pytest.mark.parametrize(
    "poison",
    [
        {"op": 0, "s": 5, "t": "INTERACTION_CREATE", "d": {"id": "x"}},
        {"op": 0, "s": 5, "t": "GUILD_CREATE", "d": {}},
        {"op": 0, "s": 5, "t": "MESSAGE_CREATE", "d": None},
        {"op": 99},
        [1, 2],
    ],
    ids=["interaction", "guild", "message", "unknown", "a list"],
)
async def test_a_poisoned_gateway_event_stops_nobody(town, ana, rui, poison):
    async with serving(town):
        town.discord.gateway.send_raw(poison)
        await enrolled(ana)
        await town.discord.connected(seconds=10)
        await trades_on_discord(town, rui)


async def test_what_happened_while_a_platform_was_away_is_told_in_order_and_once(town, ana, rui):
    async with serving(town) as now:
        await enrolled(ana)
        for line in ("/buy btc 500 sl2%", "/buy eth 300 sl2%"):
            await buys(ana, line)
        ana.reads_all()
        await town.telegram.goes_down()
        await now.wait_state("telegram", PlatformState.AWAY)
        await trades_on_discord(town, rui)  # with it the first stop of hers
        town.market.moves("ETHUSDT", "2400")
        await asyncio.sleep(0.3)
        await town.telegram.comes_back()
        await now.wait_state("telegram", PlatformState.UP)
        await ana.sees("ETH stop", seconds=10)
        await asyncio.sleep(0.3)
        first = [message.text.partition("·")[0].strip() for message in ana.reads_all()]
        assert first == ["🛑 BTC stop", "🛑 ETH stop"]


async def test_discord_that_was_away_is_caught_up_with_too(town, ana, rui):
    async with serving(town) as now:
        await joined(rui)
        turn = await rui.runs("comprar", moeda="btc", valor="500", stop="2%")
        await settled(turn, "✅ BTC comprado #1")
        town.discord.faults.on("/channels/", times=-1, status=503)
        town.discord.gateway.drop()
        town.market.moves("BTCUSDT", "58700")
        await enrolled(ana)
        await asyncio.sleep(0.3)
        town.discord.faults.heal()
        await now.wait_state("discord", PlatformState.UP)
        assert (await rui.next(15)).text.startswith("**🛑 Stop em BTC")
        await asyncio.sleep(0.3)
        assert sum("🛑" in one.text for one in rui.messages) == 1
