"""The main path: a trade opens at the next print, and its stop closes it."""

from decimal import Decimal

import pytest

from engine.core.effects import TradeExited, TradeOpened
from engine.core.trade import ExitReason
from engine.ports import Verdict
from tests.support.binance.stand_in import BinanceStandIn
from tests.support.house import ended, holder, open_house, quick_feed


@pytest.fixture
async def venue():
    async with BinanceStandIn() as stand_in:
        stand_in.print("BTCUSDT", "60000")
        yield stand_in


async def test_a_trade_opens_at_the_next_print_and_its_stop_closes_it(venue, dsn):
    owner = await holder(dsn)
    async with open_house(dsn, quick_feed(venue)) as house:
        ticket = await house.buy(owner, "BTCUSDT", "500", stop="2%", target="4%")
        venue.print("BTCUSDT", "60010")
        opened = await ended(ticket)
        assert isinstance(opened.effect, TradeOpened)
        assert opened.effect.fill.price == Decimal(60010)
        assert opened.ruling.number == 1
        crossing = venue.print("BTCUSDT", "58000")
        closed = await house.next_told(TradeExited)
        assert closed.effect.fill.reason is ExitReason.STOP_LOSS
        assert closed.effect.fill.print_id == crossing.id
        assert closed.ruling.verdict is Verdict.APPLIED
