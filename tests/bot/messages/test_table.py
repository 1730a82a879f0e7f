"""The open trades stay readable in 28 columns, whatever they are called and worth."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from bot.messages.table import COLUMNS_MAX, aligned
from engine.core.instrument import Instrument
from tests.bot.views.samples import ENGLISH, PORTUGUESE, ROWS_BRL, ROWS_USDT

D = Decimal


def test_the_columns_are_aligned():
    assert aligned(ROWS_USDT, "USDT", ENGLISH) == (
        "Trade       PnL To stop",
        "#47 L BTC +2.51    2.7%",
        "#48 S ETH −3.90    0.9%",
    )
    assert aligned(ROWS_BRL, "BRL", PORTUGUESE) == (
        "Operação  Result. Até stop",
        "#47 C BTC  +12,32     2,7%",
        "#48 V ETH  −19,52     0,9%",
    )


def test_the_header_is_shorter_before_a_name_is_cut():
    row = structs.replace(ROWS_USDT[0], number=1000, pnl=D(1_000_000))
    assert aligned((row,), "USDT", ENGLISH) == (
        "Trade              PnL Stop",
        "#1000 L BTC +1,000,000 2.7%",
    )


@pytest.mark.parametrize(
    ("pnl", "text"),
    [("9999.99", "+9,999.99"), ("10000.4", "+10,000"), ("-1234567.8", "−1,234,567"), (None, "–")],
)
def test_a_large_result_loses_its_cents_and_an_unknown_one_is_a_dash(pnl, text):
    row = structs.replace(ROWS_USDT[0], pnl=None if pnl is None else D(pnl))
    assert text in aligned((row,), "USDT", ENGLISH)[1]


@given(
    number=st.integers(1, 99_999),
    base=st.from_regex(r"[A-Z0-9]{2,12}", fullmatch=True),
    pnl=st.decimals(min_value=-(10**7), max_value=10**7, places=2),
    currency=st.sampled_from(["USDT", "BRL"]),
)
def test_no_line_is_wider_than_28_columns_and_numbers_are_never_cut(number, base, pnl, currency):
    coin = Instrument(base + "USDT", base, "USDT", is_trading=True)
    row = structs.replace(ROWS_USDT[0], number=number, instrument=coin, pnl=pnl)
    header, line = aligned((row,), currency, PORTUGUESE)
    assert len(header) == len(line) <= COLUMNS_MAX
    assert line.startswith(f"#{number} C ")
    assert line.endswith("2,7%")
