"""Where break-even stands: the first tick at which closing costs nothing, both fees paid."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.core.instrument import Direction
from engine.core.levels import break_even_price
from tests.support.builders import instrument

D = Decimal


@pytest.mark.parametrize(
    ("direction", "price"), [(Direction.LONG, D("100.21")), (Direction.SHORT, D("99.80"))]
)
def test_break_even_is_that_of_the_rules(direction, price):
    assert break_even_price(direction, D(100), D("0.001"), instrument()) == price


@given(
    st.decimals("0.01", "1000000", places=2),
    st.sampled_from([D(0), D("0.001"), D("0.1")]),
    st.sampled_from(Direction),
)
def test_a_close_at_break_even_never_loses_and_one_tick_before_it_does(entry, fee, direction):
    pair = instrument()
    price = break_even_price(direction, entry, fee, pair)
    sign = 1 if direction is Direction.LONG else -1

    def result(at):
        return sign * (at - entry) - fee * (at + entry)

    assert result(price) >= 0
    assert result(price - sign * pair.tick_size) < 0
