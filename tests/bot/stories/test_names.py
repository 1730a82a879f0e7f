"""What somebody is called is kept with his chat: a card of after a restart bears it."""

from collections.abc import Iterator
from unittest.mock import patch

import pytest

from bot.delivery import cards
from bot.messages.layout import lay
from tests.bot.stories.people import asks, buys, enrolled, joined, settled
from tests.support.platforms import serving


@pytest.fixture
def seen() -> Iterator[list[str]]:
    """The names on the cards that were sent by themselves."""
    found: list[str] = []

    def noted(view, words, **how):
        found.append(view.name)
        return lay(view, words, **how)

    with patch.object(cards, "lay", noted):
        yield found


async def gets_a_card(phone):
    await phone.until(lambda: [one for one in phone.messages() if one.photo] or None, seconds=30)


@pytest.mark.parametrize("leaves_a_list", [True, False])
async def test_a_card_after_a_restart_bears_its_owners_name(town, seen, leaves_a_list):
    async with serving(town, DISCORD_TOKEN=""):
        ana = await enrolled(town.telegram.user(7, "\u202eAna\n<b>Maria</b>"))
        await buys(ana, "/buy btc 500 sl2%")
        if leaves_a_list:
            await asks(ana, "/trades")
    async with serving(town, DISCORD_TOKEN=""):
        ana.reads_all()
        town.market.moves("BTCUSDT", "58000")
        await ana.sees("🛑 BTC stop")
        await gets_a_card(ana)
    assert seen == ["Ana <b>Maria<⁄b>"]


async def test_who_goes_by_another_name_now_has_it_on_his_next_card(town, seen):
    rui = town.discord.user(7, "Rui", "en-US")
    async with serving(town, TELEGRAM_TOKEN=""):
        await joined(rui)
        await settled(await rui.runs("buy", coin="btc", amount="500", stop="2%"), "✅")
    rui.account.name = "Rui Dois"
    async with serving(town, TELEGRAM_TOKEN="") as now:
        await rui.asks("balance")
        kept = await now.app.context.books.person("discord", "7")
        assert kept is not None
        assert kept.name == "Rui Dois"
        town.market.moves("BTCUSDT", "58000")
        await rui.until(lambda one: one.pictures, 30)
    assert seen == ["Rui Dois"]
