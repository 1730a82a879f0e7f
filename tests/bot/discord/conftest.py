"""Fixtures: the house, and Discord."""

import pytest

from tests.bot.discord.house import House
from tests.support.discord.stand_in import DiscordStandIn


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
async def server():
    async with DiscordStandIn() as stand_in:
        yield stand_in
