"""Prints over many trades: phases, deadlines, slices, segments (RULES 3, 5 and 7)."""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from engine.core.commands import RefusalCode
from engine.core.effects import OrderEnded, OrderPlaced, Segment, TradeExited, TradeOpened
from engine.core.events import PriceTick, TapeQuiet
from engine.core.trade import ExitReason
from engine.core.vigil import Counts, QuietWatch, Vigil
from tests.support.builders import LONG, SHORT, START_MS, Tape, instrument, leg


def told(effects):
    return [
        (e.trade.id, e.fill.reason and e.fill.reason.value) if hasattr(e, "trade") else e.code
        for e in effects
    ]


def test_an_entry_fills_at_the_next_print_and_is_first_tested_on_the_one_after():
    tape = Tape()
    (placed,) = tape.enter(stop="97", target="104")
    assert isinstance(placed, OrderPlaced)
    (opened,) = tape.at("98")
    assert isinstance(opened, TradeOpened)
    assert (opened.fill.print_id, opened.fill.price) == (101, 98)
    (exited,) = tape.at("97")
    assert (exited.fill.reason, exited.fill.print_id) == (ExitReason.STOP_LOSS, 102)
    assert tape.vigil.counts() == Counts(0, 0, 1)


def test_a_gap_fills_at_the_prints_price_and_names_the_level():
    tape = Tape()
    tape.opened(stop="99")
    (exited,) = tape.at("97")
    assert (exited.fill.price, exited.fill.trigger_price) == (97, 99)


def test_nothing_follows_from_a_quiet_an_old_or_an_unwatched_print():
    tape = Tape()
    tape.opened(stop="95", target="105")
    assert tape.at("100.5") == []
    assert tape.vigil.last("BTCUSDT").id == 102
    assert tape.vigil.on_print(PriceTick("BTCUSDT", 102, "1", START_MS)) == ()
    assert tape.vigil.on_print(PriceTick("ETHUSDT", 1, "1", START_MS)) == ()
    assert tape.vigil.last("BTCUSDT").price == "100.5"
    assert tape.vigil.last("ETHUSDT") is None


def test_one_print_goes_through_the_phases_in_order_each_by_trade_id():
    tape = Tape()
    tape.opened(1, LONG, stop="50", target="200")
    tape.opened(2, SHORT, stop="180")
    tape.opened(3, SHORT)
    tape.opened(4, LONG, target="150")
    tape.opened(5, SHORT, stop="120", target="10")
    tape.opened(6, LONG)
    tape.opened(7, SHORT)
    tape.enter(20, LONG, "500")
    tape.close(21, 6)
    tape.close(22, 4, "0.5")
    tape.enter(23, SHORT, "500")
    assert told(tape.at("250")) == [
        (6, "manual"),
        (4, "manual"),
        (2, "liquidation"),
        (3, "liquidation"),
        (5, "liquidation"),
        (7, "liquidation"),
        (1, "take_profit"),
        (4, "take_profit"),
        (20, None),
        (23, None),
    ]


def test_a_partial_close_leaves_the_exits_in_place():
    tape = Tape()
    tape.opened(stop="95", target="105")
    tape.close(2, 1, "0.5")
    (half,) = tape.at("100")
    assert half.order_id == 2
    (rest,) = tape.at("105")
    assert (rest.fill.quantity, rest.trade.revision) == (Decimal(5), 3)


def test_a_close_of_a_trade_that_ended_meanwhile_ends_too():
    tape = Tape()
    tape.opened(stop="95")
    tape.close(2)
    tape.close(3)
    first, second = tape.at("90")
    assert first.fill.reason is ExitReason.MANUAL
    assert (second.code, second.order.id) == (RefusalCode.TRADE_NOT_OPEN, 3)


def test_a_close_whose_share_has_become_too_small_ends_without_a_fill():
    tape = Tape(instrument(step="1"))
    tape.opened(amount="300")
    tape.close(2, 1, "0.7")
    tape.close(3, 1, "0.5")
    first, second = tape.at("100")
    assert first.fill.quantity == 2
    assert second.code is RefusalCode.SHARE_TOO_SMALL


@pytest.mark.parametrize(("after_ms", "price"), [(3_000, "110"), (3_001, "100")])
def test_a_print_fills_within_three_seconds_else_the_one_before(after_ms, price):
    tape = Tape()
    tape.enter(stop="50%")
    (opened,) = tape.at("110", after_ms=after_ms)
    assert (opened.fill.price, opened.fill.booked_at_ms) == (Decimal(price), START_MS + 3_000)
    assert opened.fill.print_time_ms == (START_MS + 3_000 if price == "110" else START_MS)


def test_a_deadline_is_booked_before_the_rules_of_the_print_that_shows_it():
    tape = Tape()
    tape.enter(1, stop="95")
    tape.now_ms += 10
    tape.enter(2)
    assert told(tape.at("90", after_ms=4_000)) == [(1, None), (2, None), (1, "stop_loss")]


def test_a_proof_of_quiet_fills_at_the_last_print():
    tape = Tape()
    tape.enter(1)
    tape.now_ms += 10
    tape.enter(2)
    assert tape.vigil.quiet_watches() == [
        QuietWatch("BTCUSDT", 100, START_MS + 3_000),
        QuietWatch("BTCUSDT", 100, START_MS + 3_010),
    ]
    assert tape.vigil.on_quiet(TapeQuiet("BTCUSDT", 99, START_MS + 9_000)) == ()
    assert tape.vigil.on_quiet(TapeQuiet("ETHUSDT", 100, START_MS + 9_000)) == ()
    assert list(tape.vigil.on_quiet(TapeQuiet("BTCUSDT", 100, START_MS + 2_999))) == []
    (first,) = tape.vigil.on_quiet(TapeQuiet("BTCUSDT", 100, START_MS + 3_000))
    assert (first.fill.print_id, first.fill.booked_at_ms) == (100, START_MS + 3_000)
    assert first.segment is None
    (second,) = tape.quiet()
    assert second.trade.id == 2


def test_an_order_voided_between_the_slices_of_a_quiet_tape_does_not_fill():
    tape = Tape(slice_size=1)
    for order_id in (1, 2, 3):
        tape.enter(order_id)
    assert len(tape.quiet()) == 1
    tape.vigil.void(2)
    effects = [*tape.vigil.resume("BTCUSDT"), *tape.vigil.resume("BTCUSDT")]
    assert [e.trade.id for e in effects] == [3]


def test_a_close_is_filled_by_quiet_and_an_old_print_fails_an_entry():
    tape = Tape()
    tape.opened()
    tape.now_ms += 70_000
    tape.close(2, share="0.5")
    tape.enter(3)
    exited, ended = tape.quiet()
    assert isinstance(exited, TradeExited)
    assert isinstance(ended, OrderEnded)
    assert (ended.code, ended.at_ms) == (RefusalCode.STALE_PRICE, tape.now_ms)


def test_a_patient_close_waits_for_the_first_print_however_late():
    tape = Tape()
    tape.opened()
    tape.is_fresh = False
    (placed,) = tape.close()
    assert placed.order.is_patient
    assert tape.vigil.quiet_watches() == []
    assert tape.quiet(after_ms=500_000) == []
    (exited,) = tape.at("80", after_ms=100_000)
    assert (exited.fill.price, exited.fill.booked_at_ms) == (80, tape.now_ms)


def test_a_patient_close_takes_no_print_from_before_its_receipt():
    tape = Tape()
    tape.opened()
    tape.is_fresh = False
    tape.close()
    missed = replace(tape.coming("120"), time_ms=tape.now_ms - 1)  # unheard of at the receipt
    assert tape.play(missed) == []
    (exited,) = tape.at("80")
    assert exited.fill.price == 80


def test_an_entry_whose_level_is_passed_at_the_fill_fails_with_the_numbers():
    tape = Tape()
    tape.enter(stop="95", target="105")
    (ended,) = tape.at("94")
    assert (ended.code, ended.facts["level"], ended.facts["price"]) == (
        RefusalCode.STOP_WRONG_SIDE,
        "95",
        "94",
    )
    assert not tape.vigil.needs("BTCUSDT")


def test_a_print_that_fires_thousands_comes_in_slices():
    tape = Tape(slice_size=10)
    for trade_id in range(1, 26):
        tape.enter(trade_id, stop="95", target="105")
    tape.at("100")
    before = tape.vigil.checkpoint("BTCUSDT")
    tick = tape.coming("94")
    sizes = [len(tape.vigil.on_print(tick))]
    while tape.vigil.is_busy("BTCUSDT"):
        assert tape.vigil.checkpoint("BTCUSDT") == before
        assert tape.vigil.on_quiet(TapeQuiet("BTCUSDT", 102, tape.now_ms)) == ()
        with pytest.raises(AssertionError):
            tape.vigil.on_print(PriceTick("BTCUSDT", 103, "100", START_MS))
        sizes.append(len(tape.vigil.resume("BTCUSDT")))
    assert sizes == [10, 10, 5]
    assert tape.vigil.resume("BTCUSDT") == ()
    assert tape.vigil.checkpoint("BTCUSDT").last_id == 102
    assert not tape.vigil.is_busy("ETHUSDT")


def test_equal_floats_are_told_apart_by_the_exact_numbers():
    grain = instrument(tick="0.00000001", notional_min="0")
    level, above = "90071992547.40992001", "90071992547.40992002"
    assert float(level) == float(above)
    tape = Tape(grain, price="90071992600")
    tape.opened(1, amount="1000000000000", stop=level, target="99999999999")
    assert tape.at(above) == []
    (exited,) = tape.at(level)
    assert exited.fill.reason is ExitReason.STOP_LOSS


def test_a_segment_ends_with_the_print_that_opens_a_trade():
    tape = Tape()
    for price in ("101", "103", "99"):
        tape.at(price)
    tape.enter(1)
    tape.enter(2)
    first, second = tape.at("98")
    assert first.segment == Segment("BTCUSDT", 100, 104, Decimal(103), Decimal(98))
    assert second.segment is None
    assert tape.vigil.checkpoint("BTCUSDT").high == ""
    tape.at("97")
    running = tape.vigil.checkpoint("BTCUSDT")
    assert (running.segment_after_id, running.high, running.low) == (104, "97", "97")


def test_equal_floats_do_not_blur_a_segment():
    tape = Tape(price="1")
    for price in ("90071992547.40992001", "90071992547.40992002", "90071992547.40992000"):
        tape.at(price)
    running = tape.vigil.checkpoint("BTCUSDT")
    assert (running.high, running.low) == ("90071992547.40992002", "90071992547.40992000")


def brl():
    listed = (instrument("BTCUSDT"), instrument("USDTBRL", tick="0.001"))
    tape = Tape(*listed)
    tape.at("5", "USDTBRL")
    return tape


def test_a_trade_in_another_currency_is_converted_by_a_print_a_second_older():
    tape = brl()
    route = (leg("USDTBRL"),)
    tape.vigil.watch_rate("USDTBRL")
    tape.now_ms += 2_000
    tape.at("6", "USDTBRL")
    opened = tape.opened(route=route)
    assert opened.rate == 5
    assert tape.vigil.needs("USDTBRL")
    assert tape.vigil.is_rate("USDTBRL")
    assert not tape.vigil.is_rate("BTCUSDT")
    assert tape.vigil.needed_symbols() == {"BTCUSDT", "USDTBRL"}
    assert tape.vigil.exit_rate(opened, tape.now_ms + 2_000) == 6
    assert tape.vigil.entry_rate(route, tape.now_ms + 2_000) == 6
    assert tape.vigil.entry_rate(route, tape.now_ms + 62_000) is None
    tape.now_ms += 200_000
    tape.close()
    (exited,) = tape.at("100")
    assert exited.fill.rate == 6
    assert tape.vigil.needed_symbols() == frozenset()


def test_a_rate_symbol_with_orders_of_its_own_keeps_its_history():
    tape = brl()
    tape.vigil.watch_rate("USDTBRL")
    tape.opened(1, symbol="USDTBRL")
    tape.enter(2, symbol="USDTBRL")
    tape.at("7", "USDTBRL")
    assert tape.vigil.entry_rate((leg("USDTBRL"),), tape.now_ms + 1_000) == 7


def test_an_entry_whose_rate_grew_old_fails_at_its_fill():
    tape = brl()
    tape.vigil.watch_rate("USDTBRL")
    tape.now_ms += 59_500
    tape.enter(route=(leg("USDTBRL"),))
    (ended,) = tape.at("100", after_ms=1_000)
    assert (ended.code, ended.facts) == (RefusalCode.STALE_RATE, {"rate_symbols": "USDTBRL"})


def test_a_rate_symbol_is_found_whichever_comes_first_and_forgotten():
    vigil = Vigil({})
    vigil.watch_rate("USDTBRL")
    vigil.start_symbol("USDTBRL", 7, "5", START_MS)
    vigil.start_symbol("USDTBRL", 9, "6", START_MS)
    vigil.watch_rate("USDTBRL")
    route = (leg("USDTBRL"),)
    assert vigil.entry_rate(route, START_MS + 1_000) == 5
    vigil.recall_rates([PriceTick("USDTBRL", 6, "4", START_MS - 5_000)])
    assert vigil.entry_rate(route, START_MS) == 4
    vigil.keep_rates_since(START_MS)
    vigil.forget_symbol("USDTBRL")
    assert vigil.entry_rate(route, START_MS + 1_000) is None
    vigil.watch_rate("ETHUSDT")
    vigil.start_symbol("ETHUSDT", 0, "", 0)
    assert vigil.entry_rate((leg("ETHUSDT"),), START_MS) is None
