"""Symbols that the venue has dropped: when the engine believes it, and what it does then."""

import pytest
from msgspec.structs import replace

from engine.core.effects import OrderEnded, TradeExited
from engine.core.trade import ExitReason
from engine.delisting import DelistingWatch
from engine.market.instruments import Instruments
from tests.support.shell import open_shell, until
from tests.support.twin_store import TwinStore

DAY_MS = 86_400_000


@pytest.fixture
def store():
    return TwinStore()


class Exchange:
    """What the venue lists, as the engine's own list of symbols hears of it."""

    def __init__(self, shell) -> None:
        self.shell = shell
        self.instruments = Instruments(None, shell.clock)
        self.hear()
        monitor, feed = shell.monitor, shell.feed
        self.watch = DelistingWatch(monitor, feed, self.instruments, shell.clock)

    def hear(self, *gone: str) -> None:
        listed = self.shell.instruments.values()
        self.instruments.take([one for one in listed if one.symbol not in gone])

    def pass_ms(self, milliseconds: int) -> None:
        self.shell.clock.set_ms(self.shell.clock.now_ms() + milliseconds)


async def test_what_is_open_on_a_symbol_closes_a_day_after_it_is_gone(store):
    owner = store.add_owner()
    async with open_shell("BTCUSDT", "ETHUSDT", store=store) as shell:
        exchange = Exchange(shell)
        trade = await shell.bought(owner)
        other = await shell.bought(owner, "ETHUSDT")
        exchange.hear("BTCUSDT")
        exchange.pass_ms(DAY_MS - 1)
        exchange.hear("BTCUSDT")
        await exchange.watch.look()
        await shell.stored()
        assert not shell.kinds(TradeExited)
        exchange.pass_ms(1)
        await exchange.watch.look()
        await shell.stored()
        (told,) = shell.kinds(TradeExited)
        assert told.effect.fill.reason is ExitReason.DELISTED
        assert told.effect.trade.id == trade.id
        assert shell.vigil.trade(other.id) is not None
        await exchange.watch.look()
        await shell.stored()
        assert len(shell.kinds(TradeExited)) == 1


async def test_an_old_list_of_symbols_proves_nothing(store):
    owner = store.add_owner()
    async with open_shell(store=store) as shell:
        exchange = Exchange(shell)
        await shell.bought(owner)
        exchange.hear("BTCUSDT")
        exchange.pass_ms(8 * DAY_MS)
        await exchange.watch.look()
        await shell.stored()
        assert not shell.kinds(TradeExited, OrderEnded)


async def test_a_symbol_that_is_gone_needs_no_live_feed_but_no_hole_either(store):
    owner = store.add_owner()
    async with open_shell(store=store) as shell:
        exchange = Exchange(shell)
        await shell.bought(owner)
        exchange.hear("BTCUSDT")
        exchange.pass_ms(DAY_MS)
        exchange.hear("BTCUSDT")
        shell.feed.dead.add("BTCUSDT")
        shell.monitor._barred["BTCUSDT"] += 1
        shell.print("BTCUSDT", "101")  # known to the feed, not decided yet
        await exchange.watch.look()
        await shell.stored()
        assert not shell.kinds(TradeExited)
        shell.monitor._unbar(["BTCUSDT"])
        await until(lambda: shell.vigil.last("BTCUSDT").price == "101")
        await exchange.watch.look()
        await shell.stored()
        (told,) = shell.kinds(TradeExited)
        assert told.effect.fill.price == 101


async def test_a_symbol_halted_for_a_week_closes_only_on_a_live_feed(store):
    owner = store.add_owner()
    async with open_shell(store=store) as shell:
        exchange = Exchange(shell)
        await shell.bought(owner)
        halted = [replace(one, is_trading=False) for one in shell.instruments.values()]
        exchange.instruments.take(halted)
        exchange.pass_ms(7 * DAY_MS)
        exchange.instruments.take(halted)
        shell.feed.dead.add("BTCUSDT")
        await exchange.watch.look()
        await shell.stored()
        assert not shell.kinds(TradeExited)
        shell.feed.dead.clear()
        await exchange.watch.look()
        await shell.stored()
        assert len(shell.kinds(TradeExited)) == 1
