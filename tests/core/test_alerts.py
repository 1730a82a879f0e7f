"""Price alerts: which way they look, which print reaches them, and what a restart keeps of them."""

from decimal import Decimal

import pytest
from msgspec import structs

from engine.core.alerts import Crossing, PriceAlert, crossing_of, is_reached
from engine.core.commands import PlaceAlert, Refusal, RefusalCode, RemoveAlert
from engine.core.effects import AlertEnded, AlertFired, AlertPlaced, Checkpoint
from engine.core.events import PriceTick, SymbolDelisted
from engine.core.vigil import Deferred, Vigil
from tests.support.builders import START_MS, Tape, instrument

UP, DOWN = Crossing.UP, Crossing.DOWN


def alert(alert_id=1, price="105", crossing=UP, after_id=100):
    return PriceAlert(alert_id, 7, "BTCUSDT", Decimal(price), crossing, after_id, START_MS)


def ask(tape, price, alert_id=1, user_id=7):
    command = PlaceAlert(tape.key(), alert_id, user_id, Decimal(price), tape.place())
    return tape.ask(command)


@pytest.mark.parametrize(
    ("level", "last", "way"), [("101", "100", UP), ("99", "100", DOWN), ("100.0", "100", None)]
)
def test_the_way_to_a_level_is_seen_from_the_last_price(level, last, way):
    assert crossing_of(Decimal(level), Decimal(last)) is way


@pytest.mark.parametrize(
    ("crossing", "price", "reached"),
    [
        (UP, "105", True),
        (UP, "105.01", True),
        (UP, "104.99", False),
        (DOWN, "105", True),
        (DOWN, "104.99", True),
        (DOWN, "105.01", False),
    ],
)
def test_a_print_at_or_beyond_the_level_reaches_it(crossing, price, reached):
    assert is_reached(alert(crossing=crossing), Decimal(price)) is reached


def test_an_alert_is_told_once_with_the_print_that_reached_it():
    tape = Tape()
    (placed,) = ask(tape, "105")
    assert placed == AlertPlaced(alert(), "key-1")
    assert tape.at("104.99") == []
    (fired,) = tape.at("107")
    assert fired == AlertFired(alert(), 102, Decimal(107), tape.now_ms)
    assert tape.at("104") == tape.at("106") == []
    assert tape.vigil.counts().alerts == 0


def test_an_alert_below_fires_when_the_price_falls():
    tape = Tape()
    ask(tape, "95")
    assert tape.at("96") == []
    assert [type(effect) for effect in tape.at("94")] == [AlertFired]


def test_a_level_between_two_ticks_never_fires_early():
    tape = Tape(instrument(tick="0.5"))
    (placed,) = ask(tape, "105.2")
    assert placed.alert.price == Decimal("105.5")
    (placed,) = ask(tape, "94.9", alert_id=2)
    assert placed.alert.price == Decimal("94.5")
    (placed,) = ask(tape, "0.2", alert_id=3)
    assert placed.alert.price == Decimal("0.2"), "a tick below would be nothing"


def test_a_level_at_the_price_is_refused():
    refused = ask(Tape(), "100.00")
    assert refused == Refusal(RefusalCode.ALERT_REACHED, {"price": "100"})


def test_a_level_that_the_price_has_passed_meanwhile_is_refused():
    tape = Tape()
    tape.at("106")
    command = PlaceAlert(tape.key(), 1, 7, Decimal(105), tape.place(), UP)
    assert tape.ask(command) == Refusal(RefusalCode.ALERT_REACHED, {"price": "106"})
    command = PlaceAlert(tape.key(), 1, 7, Decimal(105), tape.place(), DOWN)
    assert [type(effect) for effect in tape.ask(command)] == [AlertPlaced]


def test_an_alert_keeps_its_symbol_watched_until_it_has_fired():
    tape = Tape()
    assert not tape.vigil.needs("BTCUSDT")
    ask(tape, "105")
    assert tape.vigil.needed_symbols() == {"BTCUSDT"}
    tape.at("105")
    assert not tape.vigil.needs("BTCUSDT")


def test_only_its_owner_takes_an_alert_back_and_then_it_is_silent():
    tape = Tape()
    ask(tape, "105")
    foreign = tape.ask(RemoveAlert(tape.key(), 8, 1, "BTCUSDT"))
    assert foreign == Refusal(RefusalCode.ALERT_NOT_ARMED)
    (ended,) = tape.ask(RemoveAlert("k", 7, 1, "BTCUSDT"))
    assert ended == AlertEnded(alert(), RefusalCode.CANCELED, START_MS, "k")
    assert tape.at("106") == []
    again = tape.ask(RemoveAlert(tape.key(), 7, 1, "BTCUSDT"))
    assert again == Refusal(RefusalCode.ALERT_NOT_ARMED)


def test_alerts_fire_beside_stops_and_before_entries_by_their_ids():
    tape = Tape(slice_size=1)
    tape.opened(1, stop="95")
    ask(tape, "96", alert_id=9)
    ask(tape, "95.5", alert_id=8)
    tape.enter(10)
    told = [type(effect).__name__ for effect in tape.at("94")]
    assert told == ["TradeExited", "AlertFired", "AlertFired", "TradeOpened"]


def test_an_alert_waits_for_the_tape_to_reach_its_place():
    tape = Tape()
    place = structs.replace(tape.place(), after_id=102)
    ahead = PlaceAlert("k", 1, 7, Decimal(105), place)
    assert isinstance(tape.ask(ahead), Deferred)
    assert tape.at("106") == [], "print 101 is before its place"
    (placed,) = tape.at("104")
    assert (placed.alert.crossing, placed.alert.after_id) == (UP, 102)
    assert [type(effect) for effect in tape.at("105")] == [AlertFired]


def restored(*alerts, last_id=100):
    vigil = Vigil({"BTCUSDT": instrument()})
    vigil.restore_symbol(Checkpoint("BTCUSDT", last_id, "100", START_MS, 90))
    assert all(vigil.load_alert(one) for one in alerts)
    return vigil


def run(vigil, *prices, first_id=101):
    effects = []
    for print_id, price in enumerate(prices, first_id):
        effects += vigil.on_print(PriceTick("BTCUSDT", print_id, price, START_MS + print_id))
    return effects


def test_after_a_restart_an_alert_sees_exactly_the_prints_behind_its_place():
    vigil = restored(alert(1, after_id=102), alert(2, price="104"))
    told = run(vigil, "106", "107", "108")
    assert [(one.alert.id, one.print_id) for one in told] == [(2, 101), (1, 103)]


def test_an_alert_on_a_symbol_without_a_place_cannot_be_watched():
    assert not Vigil({}).load_alert(alert())


def test_an_alert_on_a_coin_that_nobody_prices_is_refused():
    tape = Tape()
    tape.instruments["ETHUSDT"] = instrument("ETHUSDT")
    tape.ids["ETHUSDT"], tape.prices["ETHUSDT"] = 0, "100"
    refusal = tape.ask(PlaceAlert("key", 1, 7, Decimal(105), tape.place("ETHUSDT")))
    assert refusal == Refusal(RefusalCode.STALE_PRICE, {"price": "100", "age_ms": "0"})


def test_a_void_alert_is_silent():
    vigil = restored(alert())
    vigil.void(1)
    assert vigil.alert(1) is None
    assert run(vigil, "106") == []


def test_a_dropped_symbol_ends_its_alerts():
    vigil = restored(alert(2), alert(1, price="95", crossing=DOWN))
    at_ms, code = START_MS + 5, RefusalCode.NOT_TRADING
    assert vigil.on_delisted(SymbolDelisted("BTCUSDT", (), at_ms)) == [
        AlertEnded(alert(1, price="95", crossing=DOWN), code, at_ms),
        AlertEnded(alert(2), code, at_ms),
    ]
    assert not vigil.needs("BTCUSDT")


def test_a_float_that_rounds_up_does_not_fire_early():
    level = "100.00000000000000001"
    vigil = restored(alert(price=level))
    assert run(vigil, "100") == []
    assert [one.print_id for one in run(vigil, "100.01", first_id=102)] == [102]
