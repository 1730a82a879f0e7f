"""One trade or order, one print: which rule fires, and why an order fails."""

from decimal import Decimal
from typing import Any

import pytest

from engine.core.commands import Refusal, RefusalCode, SetExits
from engine.core.decide import (
    accept_entry,
    deadline_ms,
    fill_close,
    fill_waiting_entry,
    liquidation_on,
    set_exits,
    stop_on,
    target_on,
)
from engine.core.events import Place
from engine.core.trade import ExitReason
from tests.support.builders import (
    LONG,
    SHORT,
    START_MS,
    UNSET,
    close,
    entry,
    instrument,
    leg,
    level,
    point,
    trade,
)

BTC = instrument()


def place(price="100", *, fresh=True):
    return Place("BTCUSDT", 100, START_MS, fresh, price, START_MS - 70_000)


@pytest.mark.parametrize(
    ("rule", "direction", "exits", "fires_at", "stays_at"),
    [
        (stop_on, LONG, {"stop_price": "95"}, ["95", "94", "1"], ["95.01", "200"]),
        (stop_on, SHORT, {"stop_price": "105"}, ["105", "400"], ["104.99", "1"]),
        (target_on, LONG, {"target": "105"}, ["105", "106"], ["104.99"]),
        (target_on, SHORT, {"target": "95"}, ["95", "94"], ["95.01"]),
        (liquidation_on, SHORT, {"liquidation_price": "199.80"}, ["199.80", "300"], ["199.79"]),
        (stop_on, LONG, {}, [], ["1", "1000"]),
        (target_on, LONG, {}, [], ["1", "1000"]),
        (liquidation_on, LONG, {}, [], ["1", "1000"]),
    ],
)
def test_a_level_fires_at_or_beyond_itself(rule, direction, exits, fires_at, stays_at):
    value = trade(1, direction, **exits)
    for price in fires_at:
        order = rule(value, Decimal(price))
        assert order is not None
        assert order.quantity == value.quantity
    for price in stays_at:
        assert rule(value, Decimal(price)) is None


def test_a_target_says_its_number_and_a_stop_its_level():
    value = trade(stop_price="95", target="105")
    assert stop_on(value, Decimal(90)).trigger_price == 95
    assert target_on(value, Decimal(106)).target_number == 1
    assert liquidation_on(trade(1, SHORT, liquidation_price="199.80"), Decimal(200)).reason == (
        ExitReason.LIQUIDATION
    )


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (entry(), START_MS + 3_000),
        (close(), START_MS + 3_000),
        (close(is_patient=True), None),
    ],
)
def test_only_a_patient_close_has_no_deadline(order, expected):
    assert deadline_ms(order) == expected


@pytest.mark.parametrize(
    ("order", "traded", "at", "rate", "code"),
    [
        (entry(), BTC, place(), "1", None),
        (entry(), None, place(), "1", RefusalCode.NOT_TRADING),
        (entry(), instrument(is_trading=False), place(), "1", RefusalCode.NOT_TRADING),
        (entry(), BTC, place(fresh=False), "1", RefusalCode.STALE_PRICE),
        (entry(route=(leg("USDTBRL"),)), BTC, place(), None, RefusalCode.STALE_RATE),
        (entry(amount="4"), BTC, place(), "1", RefusalCode.BELOW_NOTIONAL_MIN),
        (entry(stop="101"), BTC, place(), "1", RefusalCode.STOP_WRONG_SIDE),
        (entry(stop="99", target="99"), BTC, place(), "1", RefusalCode.TARGET_WRONG_SIDE),
        (entry(stop="1%", target="1%"), BTC, place(), "1", None),
        (entry(stop="100%"), BTC, place(), "1", RefusalCode.STOP_WRONG_SIDE),
        (entry(1, SHORT, stop="99"), BTC, place(), "1", RefusalCode.STOP_WRONG_SIDE),
    ],
)
def test_an_entry_is_refused_on_receipt_for_what_is_known_then(order, traded, at, rate, code):
    refusal = accept_entry(order, traded, at, rate and Decimal(rate))
    assert (refusal and refusal.code) == code


def test_a_stale_price_says_how_old_it_is():
    refusal = accept_entry(entry(), BTC, place(fresh=False), Decimal(1))
    assert refusal == Refusal(RefusalCode.STALE_PRICE, {"price": "100", "age_ms": "70000"})


@pytest.mark.parametrize(
    ("order", "filled_at", "rate", "code"),
    [
        (entry(stop="99"), point("99"), "1", RefusalCode.STOP_WRONG_SIDE),
        (entry(target="101"), point("101.5"), "1", RefusalCode.TARGET_WRONG_SIDE),
        (entry(amount="5"), point("600000"), "1", RefusalCode.BELOW_NOTIONAL_MIN),
        (entry(), point("100"), None, RefusalCode.STALE_RATE),
        (
            entry(),
            point("100", time_ms=START_MS, booked_at_ms=START_MS + 60_001),
            "1",
            RefusalCode.STALE_PRICE,
        ),
    ],
)
def test_an_entry_fails_at_its_fill_for_what_the_print_says(order, filled_at, rate, code):
    outcome = filled(fill_waiting_entry, order, BTC, filled_at, rate and Decimal(rate))
    assert isinstance(outcome, Refusal)
    assert outcome.code == code


def test_an_entry_fills_on_a_print_of_exactly_sixty_seconds():
    at = point("100", time_ms=START_MS, booked_at_ms=START_MS + 60_000)
    opened, fill = filled(fill_waiting_entry, entry(), BTC, at, Decimal(1))
    assert opened.opened_at_ms == fill.booked_at_ms == START_MS + 60_000


def test_percent_levels_are_taken_from_the_fill():
    opened, _ = filled(
        fill_waiting_entry, entry(stop="2%", target="4%"), BTC, point("110"), Decimal(1)
    )
    assert (opened.stop_price, opened.targets[0].price) == (Decimal("107.80"), Decimal("114.40"))
    assert opened.liquidation_price is None


def test_a_short_gets_its_liquidation_level():
    opened, _ = filled(fill_waiting_entry, entry(1, SHORT), BTC, point("100"), Decimal(1))
    assert opened.liquidation_price == Decimal("199.80")


@pytest.mark.parametrize(("share", "left"), [("1", "0"), ("0.5", "5"), ("0.33333333", "6.66667")])
def test_a_close_sells_its_share_floored_to_the_step(share, left):
    rest, fill = filled(fill_close, trade(), close(share=share), BTC, point(), Decimal(1))
    assert rest.quantity == Decimal(left)
    assert fill.reason is ExitReason.MANUAL


def test_a_close_of_less_than_a_step_is_refused_and_a_full_one_sells_it():
    crumb = trade(quantity="0.000005")
    refusal = filled(fill_close, crumb, close(share="0.5"), BTC, point(), Decimal(1))
    assert refusal == Refusal(
        RefusalCode.SHARE_TOO_SMALL,
        {"share": "0.5", "quantity": "0.000005", "step_size": "0.00001"},
    )
    rest, _ = filled(fill_close, crumb, close(), BTC, point(), Decimal(1))
    assert not rest.is_open


def filled(decision, *arguments) -> Any:
    """Return what a decision came to, whatever that is."""
    return decision(*arguments)


def edit(stop: Any = UNSET, target: Any = UNSET):
    return SetExits("k", 7, 1, place(), level(stop), level(target))


@pytest.mark.parametrize(
    ("command", "stop", "target"),
    [
        (edit(), "95", "105"),
        (edit(stop="97"), "97", "105"),
        (edit(stop=None), None, "105"),
        (edit(target="104"), "95", "104"),
        (edit(target=None), "95", None),
        (edit(stop="1%", target="1%"), "99", "101"),
        (edit(stop=None, target=None), None, None),
    ],
)
def test_an_edit_sets_what_it_names_and_leaves_the_rest(command, stop, target):
    before = trade(stop_price="95", target="105")
    after = filled(set_exits, before, command, BTC, Decimal(100), 150)
    assert after.stop_price == (stop and Decimal(stop))
    assert [t.price for t in after.targets] == ([Decimal(target)] if target else [])
    assert (after.revision, after.after_id) == (2, 150)


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (edit(stop="100"), RefusalCode.STOP_WRONG_SIDE),
        (edit(target="100"), RefusalCode.TARGET_WRONG_SIDE),
    ],
)
def test_an_edit_on_the_wrong_side_changes_nothing(command, code):
    outcome = set_exits(trade(), command, BTC, Decimal(100), 150)
    assert isinstance(outcome, Refusal)
    assert outcome.code == code
