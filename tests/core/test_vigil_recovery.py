"""Coming back: checkpoints, trades and orders ahead of them, what the store refused."""

import pytest

from engine.core.commands import RefusalCode
from engine.core.effects import Checkpoint
from engine.core.events import PriceTick
from engine.core.trade import ExitReason
from engine.core.trade_table import thresholds, write
from engine.core.vigil import Deferred, Vigil
from tests.support.builders import (
    LONG,
    SHORT,
    START_MS,
    Tape,
    close,
    entry,
    instrument,
    leg,
    trade,
)


def restored(*lines, orders=(), cuts=(), last_id=100, segment_after_id=90, high="120"):
    vigil = Vigil({"BTCUSDT": instrument()})
    low = "80" if high else ""
    checkpoint = Checkpoint("BTCUSDT", last_id, "100", START_MS, segment_after_id, high, low)
    vigil.restore_symbol(checkpoint, cuts)
    vigil.load_trades(lines)
    for order in orders:
        vigil.load_order(order)
    return vigil, checkpoint


def run(vigil, *prices, first_id=101):
    effects = []
    for print_id, price in enumerate(prices, first_id):
        effects += vigil.on_print(PriceTick("BTCUSDT", print_id, price, START_MS + print_id))
    return effects


def test_a_restored_symbol_goes_on_where_the_checkpoint_left_it():
    vigil, checkpoint = restored(write(trade(stop_price="95", after_id=95)))
    assert vigil.checkpoint("BTCUSDT") == checkpoint
    assert vigil.needed_symbols() == {"BTCUSDT"}
    (exited,) = run(vigil, "100", "121", "95")
    assert exited.fill.print_id == 103
    assert vigil.checkpoint("BTCUSDT").high == "121"


def test_no_print_up_to_its_own_place_touches_a_trade():
    ahead = trade(stop_price="95", after_id=103, revision=4)
    vigil, _ = restored(write(ahead))
    assert run(vigil, "90", "80", "70") == []
    (exited,) = run(vigil, "94", first_id=104)
    assert exited.fill.print_id == 104


def test_a_trade_that_was_just_opened_begins_a_segment_as_live():
    vigil, _ = restored(write(trade(after_id=102)), write(trade(2, after_id=102)))
    run(vigil, "130", "131")
    begun = vigil.checkpoint("BTCUSDT")
    assert (begun.segment_after_id, begun.high) == (102, "")
    run(vigil, "99", first_id=103)
    assert vigil.checkpoint("BTCUSDT").high == "99"


@pytest.mark.parametrize(
    ("value", "segment_after_id", "cut"),
    [
        (trade(after_id=100), 90, True),
        (trade(after_id=100), 100, False),
        (trade(after_id=100, revision=2), 90, False),
        (trade(after_id=99), 90, False),
    ],
)
def test_a_trade_opened_at_the_checkpoint_begins_its_segment_once(value, segment_after_id, cut):
    vigil, checkpoint = restored(write(value), segment_after_id=segment_after_id)
    if cut:
        assert vigil.checkpoint("BTCUSDT").segment_after_id == 100
        assert vigil.checkpoint("BTCUSDT").high == ""
    else:
        assert vigil.checkpoint("BTCUSDT") == checkpoint


def test_stored_segments_beyond_the_checkpoint_are_cut_again():
    vigil, _ = restored(cuts=(101, 103, 90))
    run(vigil, "130")
    assert vigil.checkpoint("BTCUSDT").segment_after_id == 101
    run(vigil, "131", "99", "98", first_id=102)
    running = vigil.checkpoint("BTCUSDT")
    assert (running.segment_after_id, running.high, running.low) == (103, "98", "98")


def test_a_stored_segment_that_ends_at_the_checkpoint_is_cut_at_once():
    vigil, _ = restored(cuts=(100,))
    assert vigil.checkpoint("BTCUSDT").segment_after_id == 100


def test_orders_ahead_of_the_checkpoint_find_their_own_print():
    orders = [
        entry(5, after_id=102, received_at_ms=START_MS),
        close(6, 1, after_id=101, received_at_ms=START_MS),
    ]
    vigil, _ = restored(write(trade(after_id=90)), orders=orders)
    effects = run(vigil, "90", "91", "92")
    assert [(e.trade.id, e.fill.print_id) for e in effects] == [(1, 102), (5, 103)]


def test_a_close_loaded_for_a_trade_of_somebody_else_ends_without_a_fill():
    stranger = close(6, 1, user_id=8, after_id=100)
    vigil, _ = restored(write(trade(after_id=90)), orders=[stranger])
    (ended,) = run(vigil, "90")
    assert ended.code is RefusalCode.TRADE_NOT_OPEN


def test_a_partial_close_leaves_the_rest_of_its_print_to_be_played_again():
    tape = Tape(slice_size=1)
    tape.opened(stop="95")
    tape.close(2, 1, "0.5")
    checkpoint_before = tape.vigil.checkpoint("BTCUSDT")
    (partial,) = tape.vigil.on_print(tape.coming("94"))
    assert tape.vigil.checkpoint("BTCUSDT") == checkpoint_before
    again = Vigil(tape.instruments)  # only the partial close was stored
    again.restore_symbol(checkpoint_before)
    again.load_trades([write(partial.trade)])
    (stopped,) = again.on_print(PriceTick("BTCUSDT", 102, "94", tape.now_ms))
    assert [stopped] == list(tape.vigil.resume("BTCUSDT"))


def test_an_edit_waits_for_a_trade_that_is_ahead_of_the_tape():
    vigil, _ = restored(write(trade(after_id=102, stop_price="50")))
    assert isinstance(Tape(vigil=vigil).set_exits(1, stop="60"), Deferred)
    assert run(vigil, "100") == []
    (edited,) = run(vigil, "100", first_id=102)
    assert edited.trade.after_id == 102


def test_a_voided_entry_is_forgotten_waiting_or_open():
    tape = Tape()
    tape.enter(1)
    tape.vigil.void(1)
    assert tape.at("100") == []
    tape.opened(2, stop="95")
    tape.vigil.void(2)
    assert tape.at("90") == []
    tape.vigil.void(3)
    assert tape.vigil.counts().trades == 0


def test_a_void_in_the_middle_of_a_firing_stops_what_was_to_follow():
    tape = Tape(slice_size=1)
    for trade_id in (1, 2, 3):
        tape.opened(trade_id, stop="95")
    tape.vigil.on_print(tape.coming("94"))
    tape.vigil.void(2)
    effects = [*tape.vigil.resume("BTCUSDT"), *tape.vigil.resume("BTCUSDT")]
    assert [e.trade.id for e in effects] == [3]


def test_a_replaced_trade_is_what_the_store_says():
    tape = Tape()
    opened = tape.opened(stop="95")
    stored = trade(stop_price="90", after_id=opened.after_id, revision=9)
    tape.vigil.replace_trade(1, write(stored))
    assert tape.vigil.trade(1) == stored
    assert tape.at("94") == []
    (exited,) = tape.at("90")
    assert exited.trade.revision == 10
    tape.vigil.replace_trade(1, write(stored))
    tape.vigil.replace_trade(1, None)
    assert tape.vigil.trade(1) is None
    assert not tape.vigil.needs("BTCUSDT")


def test_a_trade_that_left_before_it_was_armed_is_not_armed():
    vigil, _ = restored(write(trade(1, after_id=102)), write(trade(2, after_id=101)))
    vigil.replace_trade(1, None)
    vigil.replace_trade(2, write(trade(2, after_id=103, stop_price="95")))
    assert run(vigil, "90", "90", "90") == []
    assert [e.trade.id for e in run(vigil, "90", first_id=104)] == [2]


def test_the_index_holds_the_thresholds_of_the_trades_and_no_others():
    values = [
        trade(1, LONG, stop_price="95", target="105"),
        trade(2, SHORT, liquidation_price="199.80", stop_price="110"),
    ]
    vigil, _ = restored(*map(write, values))
    book = vigil._symbols["BTCUSDT"].book
    assert sorted(book.owners()) == sorted(t for v in values for t in thresholds(v))


def test_a_needed_symbol_is_not_forgotten_and_a_watched_one_not_restored_twice():
    vigil, checkpoint = restored(write(trade(route=(leg("USDTBRL"),))))
    with pytest.raises(AssertionError):
        vigil.forget_symbol("USDTBRL")
    with pytest.raises(AssertionError):
        vigil.restore_symbol(checkpoint)
    vigil.restore_symbol(Checkpoint("USDTBRL", 1, "5", START_MS, 1))
    (exited,) = run(vigil, "1") or [None]
    assert exited is None
    vigil.load_order(close(6, 1, after_id=101))
    (exited,) = run(vigil, "100", first_id=102)
    assert (exited.fill.rate, exited.fill.reason) == (5, ExitReason.MANUAL)


def test_a_line_that_cannot_be_watched_is_handed_back_and_keeps_no_other():
    good = write(trade(3, stop_price="95"))
    broken = [b"{}", b'[1,"x"]', write(trade(2, symbol="GONEUSDT"))]
    vigil = Vigil({"BTCUSDT": instrument()})
    vigil.restore_symbol(Checkpoint("BTCUSDT", 100, "100", START_MS, 90))
    assert vigil.load_trades([*broken, good]) == broken
    assert not vigil.load_order(entry(9, symbol="GONEUSDT"))
    assert vigil.load_order(entry(10))
    assert vigil.counts().trades == vigil.counts().orders == 1
    assert run(vigil, "94")[0].trade.id == 3
