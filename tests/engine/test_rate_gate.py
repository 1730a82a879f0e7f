"""What books money without a print waits for its rate, too."""

import asyncio

import pytest

from engine.core.effects import TradeOpened
from engine.core.events import PriceTick, TapeQuiet
from engine.core.instrument import Leg
from tests.support.shell import open_shell, soon
from tests.support.twin_store import TwinStore


@pytest.fixture
def store():
    return TwinStore()


async def test_a_proof_of_quiet_books_at_a_whole_rate_only(store):
    owner = store.add_owner("100000", "BRL")
    async with open_shell("BTCUSDT", "USDTBRL", store=store) as shell:
        shell.vigil.watch_rate("USDTBRL")
        shell.clock.advance(2)
        ticket = shell.buy(owner, amount="5000", route=(Leg("USDTBRL"),))
        await shell.stored()
        received_ms = shell.clock.now_ms()
        shell.feed.dead.add("USDTBRL")
        shell.clock.advance(3.1)
        proof = TapeQuiet("BTCUSDT", shell.vigil.last("BTCUSDT").id, received_ms + 3_000)
        shell.monitor.on_quiet(proof)
        await asyncio.sleep(0.03)
        assert not shell.kinds(TradeOpened)
        missed = PriceTick("USDTBRL", shell.feed.last["USDTBRL"].id + 1, "110", received_ms)
        assert shell.monitor.on_tick(missed)
        shell.feed.last["USDTBRL"] = missed
        shell.feed.dead.clear()
        shell.monitor.on_quiet(proof)
        told = await soon(ticket.ended)
        assert told.effect.fill.rate == 110


async def test_a_rate_that_stays_away_costs_no_more_than_its_patience(store):
    owner = store.add_owner("100000", "BRL")
    async with open_shell("BTCUSDT", "USDTBRL", store=store) as shell:
        shell.vigil.watch_rate("USDTBRL")
        shell.clock.advance(2)
        ticket = shell.buy(owner, amount="5000", route=(Leg("USDTBRL"),))
        await shell.stored()
        received_ms = shell.clock.now_ms()
        shell.feed.dead.add("USDTBRL")
        proof = TapeQuiet("BTCUSDT", shell.vigil.last("BTCUSDT").id, received_ms + 3_000)
        for _ in range(2):
            shell.clock.advance(10)
            shell.monitor.on_quiet(proof)
        assert (await soon(ticket.ended)).effect.fill.rate == 100
