"""A print that cannot be decided costs its own symbol the vigil, and no other."""

import pytest

from engine.core.commands import RefusalCode
from engine.core.effects import TradeExited
from engine.core.events import PriceTick, TapeQuiet
from tests.support.shell import open_shell, until
from tests.support.twin_store import TwinStore


@pytest.fixture
def store():
    return TwinStore()


def spoil(shell, monkeypatch, symbol="BTCUSDT"):
    """Make every exit on a symbol fail, as a defect would."""
    exit_ = shell.vigil._phases.exit

    def broken(trade, order, point):
        assert trade.symbol != symbol, "a defect"
        return exit_(trade, order, point)

    monkeypatch.setattr(shell.vigil._phases, "exit", broken)


async def test_the_other_symbols_go_on_and_nothing_is_lost(store, monkeypatch):
    owner = store.add_owner()
    async with open_shell("BTCUSDT", "ETHUSDT", store=store) as shell:
        trade = await shell.bought(owner, stop="95")
        await shell.bought(owner, "ETHUSDT", stop="95")
        await shell.stored()
        before = store.places["BTCUSDT"]
        spoil(shell, monkeypatch)
        shell.print("BTCUSDT", "94")
        for _ in range(3):
            shell.print("BTCUSDT", "93")
        shell.print("ETHUSDT", "94")
        await until(lambda: shell.kinds(TradeExited))
        assert [told.effect.trade.symbol for told in shell.kinds(TradeExited)] == ["ETHUSDT"]
        assert shell.sell(trade).code is RefusalCode.TRY_AGAIN
        shell.monitor.queue_checkpoints()
        await shell.stored()
        assert store.places["BTCUSDT"].last_id == before.last_id
        assert store.trades[trade.id].trade.is_open


async def test_a_defect_in_a_later_slice_or_at_a_quiet_tape_ends_in_the_same_way(
    store, monkeypatch
):
    owner = store.add_owner("1000000")
    async with open_shell("BTCUSDT", "ETHUSDT", store=store, slice_size=2) as shell:
        for _ in range(5):
            await shell.bought(owner, stop="95")
        await shell.stored()
        shell.print("BTCUSDT", "94")
        shell.print("BTCUSDT", "93")  # held behind it
        spoil(shell, monkeypatch)
        await until(lambda: not shell.monitor._busy)
        assert len(shell.kinds(TradeExited)) == 2
        assert not shell.monitor._held
        shell.monitor.on_quiet(TapeQuiet("BTCUSDT", 1, shell.clock.now_ms()))

        def broken(quiet):
            raise KeyError(quiet)

        monkeypatch.setattr(shell.vigil, "on_quiet", broken)
        shell.monitor.on_quiet(TapeQuiet("ETHUSDT", 1, shell.clock.now_ms()))
        last = shell.vigil.last("ETHUSDT")
        assert shell.monitor.on_tick(PriceTick("ETHUSDT", last.id + 1, "90", last.time_ms))
        assert shell.vigil.last("ETHUSDT") == last
        await shell.stored()
