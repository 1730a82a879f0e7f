"""Conversion rates: which print counts, how old it may be, how little is kept."""

from decimal import Decimal

import pytest

from engine.core import rates
from engine.core.rates import History, RateBook
from tests.support.builders import leg

ROUTE = (leg("USDTBRL"),)


def book_with(prints, symbol="USDTBRL"):
    book = RateBook()
    history = book.watch(symbol)
    for time_ms, price in prints:
        history.record(time_ms, price)
    return book


@pytest.mark.parametrize(
    ("at_ms", "rate"),
    [(10_999, None), (11_000, "5"), (11_999, "5"), (12_000, "5.1"), (90_000, "5.1")],
)
def test_a_rate_is_the_last_print_a_second_before(at_ms, rate):
    book = book_with([(10_000, "5"), (11_000, "5.1")])
    assert book.rate(ROUTE, at_ms) == (rate and Decimal(rate))


def test_a_rate_older_than_the_limit_is_none_and_exits_use_it():
    book = book_with([(10_000, "5")])
    assert book.rate(ROUTE, 70_000, age_ms_max=60_000) == 5
    assert book.rate(ROUTE, 70_001, age_ms_max=60_000) is None
    assert book.exit_rate(ROUTE, 500_000, Decimal(4)) == 5


def test_an_exit_takes_the_oldest_known_print_before_it_falls_back_to_the_entrys_rate():
    book = book_with([(10_000, "5")])
    assert book.exit_rate(ROUTE, 9_000, Decimal(4)) == 5
    assert RateBook().exit_rate(ROUTE, 9_000, Decimal(4)) == 4
    empty = RateBook()
    empty.watch("USDTBRL")
    assert empty.exit_rate(ROUTE, 9_000, Decimal(4)) == 4
    assert empty.rate(ROUTE, 9_000) is None
    assert RateBook().rate(ROUTE, 9_000) is None


def test_legs_multiply_and_divide_to_eighteen_digits():
    book = book_with([(0, "60000")], "BTCUSDT")
    book.watch("BRLUSDT").record(0, "0.18")
    route = (leg("BTCUSDT"), leg("BRLUSDT", inverse=True))
    assert book.rate(route, 5_000) == Decimal("333333.333333333333")
    assert book.exit_rate(route, 5_000, Decimal(1)) == Decimal("333333.333333333333")
    assert book.rate((), 0) == 1


def test_a_clock_that_steps_back_counts_as_standing_still():
    book = book_with([(10_000, "5"), (9_000, "6"), (12_000, "7")])
    assert book.rate(ROUTE, 10_500) is None
    assert book.rate(ROUTE, 11_000) == 6


def test_history_is_pruned_but_for_what_is_still_needed():
    usual, held = RateBook(), RateBook()
    held.watch("USDTBRL")
    held.keep_since(5_000)
    for book in (usual, held):
        history = book.watch("USDTBRL")
        for second in range(2 * rates.PRUNE_EVERY):
            history.record(second * 1_000, str(second))
    assert len(usual.watch("USDTBRL")) == 61
    assert usual.rate(ROUTE, 10_000) is None
    assert held.rate(ROUTE, 6_000) == 5
    held.keep_since(None)
    assert held.watch("USDTBRL").kept_since_ms is None
    assert usual.rate(ROUTE, 2 * rates.PRUNE_EVERY * 1_000) == 2 * rates.PRUNE_EVERY - 1


def test_history_has_an_end_however_long_it_is_needed(monkeypatch):
    monkeypatch.setattr(rates, "PRINTS_MAX", 100)
    history = History(kept_since_ms=0)
    for second in range(rates.PRUNE_EVERY):
        history.record(second, str(second))
    assert len(history) == 100


def test_recalled_prints_stand_before_the_known_ones():
    book = book_with([(10_000, "5")])
    book.watch("USDTBRL").recall([(7_000, "3"), (8_000, "4")])
    assert [book.rate(ROUTE, at_ms) for at_ms in (8_000, 9_000, 11_000)] == [3, 4, 5]


def test_a_forgotten_symbol_has_no_rate():
    book = book_with([(10_000, "5")])
    book.forget("USDTBRL")
    assert book.rate(ROUTE, 20_000) is None
