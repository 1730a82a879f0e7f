"""Commands: what is accepted at once, what waits for the tape, what is refused."""

from decimal import Decimal

import pytest

from engine.core.commands import Refusal, RefusalCode
from engine.core.effects import AccountReset, ExitsSet, OrderEnded
from engine.core.events import PriceTick
from engine.core.trade import ExitReason
from engine.core.vigil import Deferred, Vigil
from tests.support.builders import LONG, SHORT, START_MS, Tape, instrument, leg


def test_a_stale_or_halted_market_refuses_entries_at_once():
    tape = Tape()
    tape.is_fresh = False
    tape.ids["BTCUSDT"] += 5  # a hole: known, not applied
    assert tape.enter().code is RefusalCode.STALE_PRICE
    assert Tape(instrument(is_trading=False)).enter().code is RefusalCode.NOT_TRADING


def test_an_entry_needs_a_watched_symbol_and_a_route_that_trades():
    tape = Tape()
    tape.instruments["ETHUSDT"] = instrument("ETHUSDT")
    tape.ids["ETHUSDT"], tape.prices["ETHUSDT"] = 0, "100"
    assert tape.enter(symbol="ETHUSDT").code is RefusalCode.STALE_PRICE
    assert tape.enter(route=(leg("USDTBRL"),)) == Refusal(
        RefusalCode.NO_ROUTE, {"rate_symbol": "USDTBRL"}
    )
    tape.instruments["USDTBRL"] = instrument("USDTBRL")
    assert tape.enter(route=(leg("USDTBRL"),)).code is RefusalCode.STALE_RATE
    assert tape.vigil.counts().orders == 0


@pytest.mark.parametrize("fields", [{"trade_id": 9}, {"user_id": 8}])
def test_only_the_owner_closes_or_edits_an_open_trade(fields):
    tape = Tape()
    tape.opened()
    assert tape.close(**fields).code is RefusalCode.TRADE_NOT_OPEN
    assert tape.set_exits(stop="95", **fields).code is RefusalCode.TRADE_NOT_OPEN


def test_a_share_below_a_step_is_refused():
    tape = Tape(instrument(step="1"))
    tape.opened(amount="100")
    assert tape.close(share="0.5").code is RefusalCode.SHARE_TOO_SMALL


def test_a_close_on_a_halted_market_is_patient():
    tape = Tape()
    tape.opened()
    tape.instruments["BTCUSDT"] = instrument(is_trading=False)
    (placed,) = tape.close()
    assert placed.order.is_patient


def test_a_close_of_a_delisted_symbol_still_finds_its_print():
    tape = Tape()
    tape.opened()
    del tape.instruments["BTCUSDT"]
    tape.close()
    (exited,) = tape.at("90")
    assert exited.fill.reason is ExitReason.MANUAL


def test_moved_exits_fire_where_they_stand_now():
    tape = Tape()
    tape.opened(stop="95", target="105")
    (edited,) = tape.set_exits(stop="97", target=None)
    assert isinstance(edited, ExitsSet)
    assert (edited.trade.revision, edited.trade.after_id) == (2, 101)
    assert tape.at("106") == []
    assert tape.set_exits(stop="106").code is RefusalCode.STOP_WRONG_SIDE
    (exited,) = tape.at("96.5")
    assert exited.fill.trigger_price == 97


def test_an_edit_that_changes_nothing_keeps_the_exits_armed():
    tape = Tape()
    tape.opened(stop="95")
    assert len(tape.set_exits()) == 1
    assert len(tape.at("95")) == 1


def test_an_order_is_canceled_by_its_owner_while_it_waits():
    tape = Tape()
    tape.enter()
    assert tape.vigil.order(1) is not None
    assert tape.cancel(1, user_id=8).code is RefusalCode.ORDER_NOT_WAITING
    (ended,) = tape.cancel(1)
    assert isinstance(ended, OrderEnded)
    assert (ended.code, ended.key) == (RefusalCode.CANCELED, "key-3")
    assert tape.cancel(1).code is RefusalCode.ORDER_NOT_WAITING
    assert tape.at("100") == []


def test_an_edit_in_a_hole_waits_for_the_tape_and_sees_nothing_before_its_place():
    tape = Tape()
    tape.opened(1, stop="90")
    tape.opened(2, stop="95")
    missing = [tape.coming(price) for price in ("96", "94", "97")]
    answers = [
        tape.set_exits(1, stop="96.5"),  # beyond 96 and 94, on the right side of 97
        tape.set_exits(2, stop="96"),
        tape.set_exits(1, stop="98"),
    ]
    assert all(isinstance(answer, Deferred) for answer in answers)
    assert tape.play(missing[0]) == []
    assert [e.trade.id for e in tape.play(missing[1])] == [2]
    (edited,) = tape.play(missing[2])
    assert (edited.key, edited.trade.after_id) == (answers[0].key, missing[2].id)
    refused = tape.vigil.take_refusals()
    assert [(key, refusal.code) for key, refusal in refused] == [
        (answers[1].key, RefusalCode.TRADE_NOT_OPEN),
        (answers[2].key, RefusalCode.STOP_WRONG_SIDE),
    ]
    assert tape.vigil.take_refusals() == []


def test_a_close_in_a_hole_is_accepted_and_finds_its_print_beyond_it():
    tape = Tape()
    tape.opened()
    missing = [tape.coming(price) for price in ("96", "94")]
    tape.is_fresh = False
    (placed,) = tape.close()
    assert placed.order.after_id == missing[1].id
    assert [tape.play(tick) for tick in missing] == [[], []]
    (exited,) = tape.at("97")
    assert exited.fill.price == 97


def busy():
    """Five stops are being fired in slices of two; nothing of trade 6 and order 30."""
    tape = Tape(instrument(), instrument("ETHUSDT"), slice_size=2)
    for trade_id in range(1, 6):
        tape.opened(trade_id, stop="95")
    tape.opened(6, stop="50")
    tick = tape.coming("94")
    assert len(tape.vigil.on_print(tick)) == 2
    return tape


def rest_of(tape):
    effects = []
    while tape.vigil.is_busy("BTCUSDT"):
        effects += tape.vigil.resume("BTCUSDT")
    return effects


def test_commands_on_a_symbol_that_is_being_fired_wait_for_its_end():
    tape = busy()
    answers = [
        tape.set_exits(6, stop="90"),
        tape.close(31, 5),
        tape.enter(30),
        tape.cancel(30),
        tape.cancel(30),
    ]
    assert all(isinstance(answer, Deferred) for answer in answers)
    effects = rest_of(tape)
    assert [type(e).__name__ for e in effects] == [
        *["TradeExited"] * 3,
        "ExitsSet",
        "OrderPlaced",
        "OrderEnded",
    ]
    assert [(key, r.code) for key, r in tape.vigil.take_refusals()] == [
        (answers[1].key, RefusalCode.TRADE_NOT_OPEN),
        (answers[4].key, RefusalCode.ORDER_NOT_WAITING),
    ]
    assert tape.at("93") == []


def test_a_command_that_comes_between_the_last_slices_is_not_forgotten():
    tape = busy()
    tape.set_exits(6, stop="90")
    assert len(tape.vigil.resume("BTCUSDT")) == 2
    assert len(tape.vigil.resume("BTCUSDT")) == 2  # one exit, one edit
    assert isinstance(tape.set_exits(6, stop="91"), Deferred)
    (edited,) = tape.vigil.resume("BTCUSDT")
    assert edited.trade.stop_price == 91


def test_a_reset_closes_everything_at_the_last_price_in_one_effect():
    tape = Tape(instrument(), instrument("ETHUSDT"))
    tape.opened(1, stop="95")
    tape.opened(2, SHORT, symbol="ETHUSDT")
    tape.opened(3, LONG, account_id=71)
    tape.enter(4)
    tape.enter(5, account_id=71)
    tape.at("100", "ETHUSDT")
    trades = {2: "ETHUSDT", 1: "BTCUSDT", 3: "BTCUSDT", 99: "BTCUSDT"}
    (reset,) = tape.reset(trades, [4])
    assert isinstance(reset, AccountReset)
    assert [(e.trade.id, e.fill.reason) for e in reset.exits] == [
        (1, ExitReason.ACCOUNT_RESET),
        (2, ExitReason.ACCOUNT_RESET),
    ]
    assert reset.orders == (4,)
    assert (tape.vigil.counts().trades, tape.vigil.counts().orders) == (1, 1)
    assert tape.vigil.trade(1) is None


def test_a_reset_waits_for_every_symbol_that_is_being_fired():
    tape = busy()
    for trade_id in range(11, 16):
        tape.opened(trade_id, symbol="ETHUSDT", stop="95")
    other = tape.coming("90", "ETHUSDT")
    assert len(tape.vigil.on_print(other)) == 2
    answer = tape.reset({6: "BTCUSDT", 12: "ETHUSDT"})
    assert isinstance(answer, Deferred)
    assert [type(e).__name__ for e in rest_of(tape)] == ["TradeExited"] * 3
    effects = []
    while tape.vigil.is_busy("ETHUSDT"):
        effects += tape.vigil.resume("ETHUSDT")
    assert [type(e).__name__ for e in effects] == [*["TradeExited"] * 3, "AccountReset"]
    assert [e.trade.id for e in effects[-1].exits] == [6]


def test_a_command_never_rests_on_a_place_behind_the_tape():
    tape = Tape()
    tape.opened()
    (placed,) = tape.enter(5, after_id=3)
    assert placed.order.after_id == 101
    (placed,) = tape.close(6, after_id=3)
    assert placed.order.after_id == 101
    assert tape.vigil.trade(1).entry_price == Decimal(100)


def test_a_symbol_is_forgotten_with_an_answer_to_what_waited_for_its_tape():
    tape = Tape()
    tape.coming("101")
    waiting = tape.enter(1)
    assert isinstance(waiting, Deferred)
    assert not tape.vigil.has_refusals
    tape.vigil.forget_symbol("BTCUSDT")
    assert tape.vigil.has_refusals
    assert tape.vigil.take_refusals() == [(waiting.key, Refusal(RefusalCode.TRY_AGAIN))]
    with pytest.raises(AssertionError):
        busy().vigil.forget_symbol("BTCUSDT")


def test_commands_on_what_is_not_watched_are_answered():
    vigil = Vigil({})
    tape = Tape(vigil=vigil)
    tape.vigil.forget_symbol("BTCUSDT")
    assert tape.set_exits(1, stop="1").code is RefusalCode.TRADE_NOT_OPEN
    assert vigil.on_print(PriceTick("BTCUSDT", 200, "1", START_MS)) == ()
