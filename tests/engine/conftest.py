"""A venue with a few prints, and the pace at which the room's tests watch it."""

import pytest

from tests.support.binance.stand_in import BinanceStandIn


@pytest.fixture
async def venue():
    async with BinanceStandIn() as stand_in:
        stand_in.print("BTCUSDT", "60000")
        yield stand_in
