"""Numbers, fills and levels: the vectors of RULES 1 and 2 and the roundings around them."""

from decimal import Decimal

import pytest

from engine.core.commands import RefusalCode
from engine.core.fill import (
    ExitOrder,
    check_quantity,
    entry_quantity,
    fill_entry,
    fill_exit,
    liquidation_price,
    unrealized_pnl,
)
from engine.core.levels import check_stop, check_target, stop_price, target_price
from engine.core.numbers import floor_to, pro_rata, rate_from, text_of
from engine.core.trade import ExitReason
from tests.support.builders import FEE, LONG, SHORT, entry, instrument, level, point, trade

BTC = instrument()


def leave(quantity, reason=ExitReason.MANUAL):
    return ExitOrder(Decimal(quantity), reason)


def test_numbers_are_rounded_once_and_shown_plainly():
    assert floor_to(Decimal("1.239"), Decimal("0.01")) == Decimal("1.23")
    assert floor_to(Decimal("1.239"), Decimal(0)) == Decimal("1.239")
    assert pro_rata(Decimal(10), Decimal(1), Decimal(3)) == Decimal("3.33333333")
    assert rate_from(Decimal("0.12345678901234567850")) == Decimal("0.123456789012345678")
    assert [text_of(Decimal(t)) for t in ("100", "1E+2", "1.50", "2.00", "1E-8")] == [
        "100",
        "100",
        "1.5",
        "2",
        "0.00000001",
    ]


@pytest.mark.parametrize(
    ("amount", "price", "rate", "quantity"),
    [
        ("1000", "60000", "1", "0.01666"),
        ("1000", "100", "5.5", "1.81818"),
        ("1000quote", "100", "5.5", "10"),
        ("0.123456base", "100", "5.5", "0.12345"),
    ],
)
def test_a_size_buys_what_it_covers_floored_to_the_step(amount, price, rate, quantity):
    order = entry(amount=amount)
    assert entry_quantity(order, BTC, Decimal(price), Decimal(rate)) == Decimal(quantity)


@pytest.mark.parametrize(
    ("quantity", "code"),
    [
        ("0.04", RefusalCode.BELOW_NOTIONAL_MIN),
        ("0.05", RefusalCode.BELOW_QUANTITY_MIN),
        ("0.1", None),
    ],
)
def test_an_entry_must_meet_the_venues_minimum(quantity, code):
    strict = instrument(quantity_min="0.1")
    refusal = check_quantity(Decimal(quantity), strict, Decimal(100))
    assert (refusal and refusal.code) == code


def test_an_entry_of_nothing_names_the_step_as_its_minimum():
    refusal = check_quantity(Decimal(0), instrument(notional_min="0"), Decimal(100))
    assert refusal is not None
    assert refusal.facts["quantity_min"] == "0.00001"


def test_an_entry_costs_its_notional_up_and_its_fee_up():
    opened, fill = fill_entry(
        entry(fee="0.001"), Decimal("0.33333"), point("3.33333333"), Decimal("5.4321")
    )
    assert fill.amount == -Decimal("6.03560631") == -opened.reserved
    assert fill.fee == opened.entry_fee == Decimal("0.00603561")
    assert (opened.revision, opened.rate, opened.quantity) == (
        1,
        Decimal("5.4321"),
        Decimal("0.33333"),
    )
    assert (fill.pnl, fill.reason) == (0, None)


def test_a_long_exit_pays_its_proceeds_down_and_books_both_fees():
    rest, fill = fill_exit(trade(), leave("10"), point("110"), Decimal(1))
    assert (fill.amount, fill.fee, fill.released) == (Decimal(1100), Decimal("1.1"), Decimal(1000))
    assert fill.pnl == Decimal("97.9")
    assert (rest.quantity, rest.reserved, rest.entry_fee, rest.is_open) == (0, 0, 0, False)
    assert rest.revision == 2


@pytest.mark.parametrize(("price", "pnl"), [("90", "98.1"), ("110", "-102.1")])
def test_a_short_exit_pays_collateral_and_profit(price, pnl):
    _, fill = fill_exit(trade(direction=SHORT), leave("10"), point(price), Decimal(1))
    assert fill.pnl == Decimal(pnl)
    assert fill.forgiven == 0


def test_a_shorts_profit_is_converted_at_the_exits_rate_and_its_collateral_is_not():
    short = trade(direction=SHORT, rate="5", reserved="5000", entry_fee="5")
    _, fill = fill_exit(short, leave("10"), point("90"), Decimal(6))
    assert fill.amount == Decimal(5000) + Decimal(100) * 6
    assert fill.fee == Decimal("5.4")


def test_a_partial_exit_releases_pro_rata_and_the_last_one_the_rest():
    opened = trade(quantity="3", reserved="100", entry_fee="1")
    rest, first = fill_exit(opened, leave("1"), point("100"), Decimal(1))
    assert (first.released, rest.reserved) == (Decimal("33.33333333"), Decimal("66.66666667"))
    assert first.pnl == Decimal(100) - Decimal("0.1") - Decimal("33.33333333") - Decimal(
        "0.33333333"
    )
    closed, last = fill_exit(rest, leave("2"), point("100"), Decimal(1))
    assert (last.released, closed.reserved, closed.entry_fee) == (rest.reserved, 0, 0)


def test_what_a_liquidation_cannot_cover_is_forgiven():
    short = trade(direction=SHORT)
    _, fill = fill_exit(short, leave("10", ExitReason.LIQUIDATION), point("250"), Decimal(1))
    assert (fill.amount, fill.fee, fill.forgiven) == (
        Decimal("2.5"),
        Decimal("2.5"),
        Decimal("502.5"),
    )
    assert fill.pnl == -1001  # all of the collateral and the entry fee, no more


def test_the_liquidation_level_is_the_vector_of_the_rules():
    assert liquidation_price(Decimal(100), FEE, BTC) == Decimal("199.80")


def test_unrealized_pnl_is_what_closing_now_would_book():
    assert unrealized_pnl(trade(), Decimal(110), Decimal(1)) == Decimal("97.9")
    assert unrealized_pnl(trade(direction=SHORT), Decimal(110), Decimal(1)) == Decimal("-102.1")


@pytest.mark.parametrize(
    ("compute", "text", "direction", "expected"),
    [
        (stop_price, "95.001", LONG, "95.01"),
        (stop_price, "105.009", SHORT, "105.00"),
        (stop_price, "2.005%", LONG, "98.00"),
        (stop_price, "150%", LONG, "0"),
        (target_price, "110.001", LONG, "110.01"),
        (target_price, "90.009", SHORT, "90.00"),
        (target_price, "4%", LONG, "104"),
        (target_price, "4%", SHORT, "96"),
    ],
)
def test_levels_stand_on_ticks(compute, text, direction, expected):
    assert compute(level(text), direction, Decimal(100), BTC) == Decimal(expected)


@pytest.mark.parametrize(
    ("check", "direction", "asked", "suggestion"),
    [
        (check_stop, LONG, "99.99", None),
        (check_stop, LONG, "100", "99.99"),
        (check_stop, LONG, "0", "99.99"),
        (check_stop, SHORT, "100.01", None),
        (check_stop, SHORT, "100", "100.01"),
        (check_target, LONG, "100.01", None),
        (check_target, LONG, "99", "100.01"),
        (check_target, SHORT, "99.99", None),
        (check_target, SHORT, "101", "99.99"),
    ],
)
def test_the_wrong_side_is_refused_with_the_number_that_would_be_right(
    check, direction, asked, suggestion
):
    refusal = check(Decimal(asked), direction, Decimal(100), BTC)
    assert (refusal and refusal.facts["suggestion"]) == suggestion


@pytest.mark.parametrize(
    ("last", "direction", "suggestion"), [("100.005", LONG, "100"), ("100.005", SHORT, "100.01")]
)
def test_a_suggestion_next_to_a_price_off_the_grid_is_on_it(last, direction, suggestion):
    refusal = check_stop(Decimal(last), direction, Decimal(last), BTC)
    assert refusal is not None
    assert refusal.facts["suggestion"] == suggestion


def test_an_instrument_without_a_grain_suggests_by_the_ledgers():
    refusal = check_stop(Decimal(100), LONG, Decimal(100), instrument(tick="0"))
    assert refusal is not None
    assert refusal.facts["suggestion"] == "99.99999999"
