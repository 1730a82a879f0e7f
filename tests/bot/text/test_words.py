"""Numbers, money and times are written exactly, as each language writes them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.grammar.numbers import read_number
from bot.text import Words, load_catalog
from engine.core.instrument import Instrument

D = Decimal
CATALOG = load_catalog()
EN = Words(CATALOG, "en", "Europe/Lisbon")
PT = Words(CATALOG, "pt-BR", "America/Sao_Paulo")
COIN = Instrument("XUSDT", "X", "USDT", is_trading=True, tick_size=D("0.00000001"))
GRAINLESS = Instrument("YUSDT", "Y", "USDT", is_trading=True)
TEN_PM_MS = 1_784_239_533_000  # 2026-07-16 22:05:33 UTC


@pytest.mark.parametrize(
    ("value", "currency", "english", "portuguese"),
    [
        ("499.83", "USDT", "499.83 USDT", "499,83 USDT"),
        ("-55.07", "BRL", "−R$ 55.07", "−R$ 55,07"),
        ("22.525", "BRL", "+R$ 22.52", "+R$ 22,52"),
        ("22.535", "BRL", "+R$ 22.54", "+R$ 22,54"),
        ("1234567.1", "USDT", "+1,234,567.10 USDT", "+1.234.567,10 USDT"),
        ("0", "USDT", "0.00 USDT", "0,00 USDT"),
        ("-0.001", "USDT", "0.00 USDT", "0,00 USDT"),
        ("0.001", "USDT", "0.00 USDT", "0,00 USDT"),
        ("12345678901234567890.12", "USDT", "+12,345,678,901,234,567,890.12 USDT", None),
    ],
)
def test_money_has_two_decimals_half_even_and_the_market_s_signs(
    value, currency, english, portuguese
):
    is_signed = value != "499.83"
    assert EN.money(D(value), currency, is_signed=is_signed) == english
    if portuguese is not None:
        assert PT.money(D(value), currency, is_signed=is_signed) == portuguese


@pytest.mark.parametrize(
    ("value", "instrument", "text"),
    [
        ("0.00001234", COIN, "0.0₄1234"),
        ("0.00000001", COIN, "0.0₇1"),
        ("0.00012340", COIN, "0.00012340"),
        ("10.00001234", COIN, "10.00001234"),
        ("61480.00", GRAINLESS, "61,480"),
        ("0.5", GRAINLESS, "0.5"),
    ],
)
def test_a_price_has_as_many_decimals_as_matter(value, instrument, text):
    assert EN.price(D(value), instrument) == text


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [
        (-5, "0 ms"),
        (84, "84 ms"),
        (47_900, "47 s"),
        (12 * 60_000, "12 min"),
        (11_532_000, "3h12"),
        (2 * 86_400_000 + 4 * 3_600_000, "2d 4h"),
    ],
)
def test_a_span_is_short(milliseconds, text):
    assert EN.span(milliseconds) == text


def test_times_are_those_of_the_reader_s_zone():
    assert EN.clock(TEN_PM_MS) == "23:05:33"
    assert PT.clock(TEN_PM_MS) == "19:05:33"
    assert EN.day_and_minute(TEN_PM_MS) == "Jul 16 23:05"
    assert PT.day_and_minute(TEN_PM_MS) == "16/07 19:05"


def test_percentages_keep_or_drop_their_zeros():
    assert EN.percent(D("-0.02"), is_signed=True) == "−2%"
    assert EN.percent(D("0.005"), is_signed=True, is_full=True) == "+0.50%"
    assert PT.percent(D("0.0011")) == "0,11%"


@given(
    value=st.decimals(min_value=0, max_value=10**12, places=2, allow_nan=False),
    words=st.sampled_from([EN, PT]),
)
def test_what_is_written_can_be_pasted_back(value, words):
    reading = read_number(words.amount(value), words.locale)
    assert reading is not None
    assert reading.value == value
