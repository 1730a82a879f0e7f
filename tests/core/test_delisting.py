"""A symbol that the venue has dropped: all that is open or waits on it ends at its last print."""

from decimal import Decimal

from engine.core.commands import RefusalCode
from engine.core.effects import OrderEnded, TradeExited
from engine.core.events import SymbolDelisted
from engine.core.trade import ExitReason
from tests.support.builders import SHORT, Tape, instrument, leg


def end(tape, *trades, symbol="BTCUSDT"):
    return list(tape.vigil.on_delisted(SymbolDelisted(symbol, trades, tape.now_ms + 86_400_000)))


def test_every_trade_closes_at_the_last_print_and_says_why():
    tape = Tape()
    tape.opened(1, stop="90", target="120")
    tape.opened(2, SHORT)
    last = tape.ids["BTCUSDT"]
    exits = end(tape, 1, 2)
    assert [(one.trade.id, one.trade.quantity) for one in exits] == [(1, 0), (2, 0)]
    for one in exits:
        assert (one.fill.reason, one.fill.price) == (ExitReason.DELISTED, Decimal(100))
        assert one.fill.print_id == last
        assert one.fill.booked_at_ms == tape.now_ms + 86_400_000
        assert one.fill.print_time_ms == tape.now_ms
    assert not tape.vigil.needs("BTCUSDT")
    assert tape.at("80") == []


def test_a_close_that_waits_fills_first_and_an_entry_that_waits_ends():
    tape = Tape()
    tape.opened(1)
    tape.is_fresh = False
    tape.close(5, 1, share="0.5")
    tape.is_fresh = True
    tape.enter(6)
    closed, ended, rest = end(tape, 1)
    assert (closed.order_id, closed.fill.reason) == (5, ExitReason.MANUAL)
    assert isinstance(ended, OrderEnded)
    assert (ended.order.id, ended.code) == (6, RefusalCode.NOT_TRADING)
    assert (rest.fill.reason, rest.trade.quantity) == (ExitReason.DELISTED, 0)
    assert tape.vigil.counts().orders == tape.vigil.counts().trades == 0


def test_only_what_is_on_the_symbol_ends():
    tape = Tape(instrument("BTCUSDT"), instrument("ETHBRL"), instrument("USDTBRL"))
    tape.vigil.watch_rate("USDTBRL")
    tape.at("5.5", "USDTBRL")
    tape.now_ms += 2_000
    tape.opened(1)
    tape.opened(2, route=(leg("USDTBRL"),))
    found = [one for some in tape.vigil.trades_on("USDTBRL") for one in some]
    assert found == [2]
    assert end(tape, *found, symbol="USDTBRL") == []
    assert end(tape, 99) == []
    assert {one for some in tape.vigil.trades_on("BTCUSDT") for one in some} == {1, 2}


def test_a_symbol_that_nobody_watches_or_whose_print_is_being_fired_is_left_alone():
    tape = Tape(slice_size=1)
    tape.opened(1, stop="95")
    tape.opened(2, stop="95")
    assert end(tape, 1, symbol="NONEUSDT") == []
    first = list(tape.vigil.on_print(tape.coming("90")))
    assert tape.vigil.is_busy("BTCUSDT")
    assert end(tape, 1, 2) == []
    rest = list(tape.vigil.resume("BTCUSDT"))
    reasons = {one.fill.reason for one in (*first, *rest) if isinstance(one, TradeExited)}
    assert reasons == {ExitReason.STOP_LOSS}
