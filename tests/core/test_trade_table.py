"""Trades as lines, and the table that finds them."""

import random

import msgspec
import pytest

from engine.core.trade import Trade
from engine.core.trade_table import BLOCK, Glance, TradeTable, glance, read, thresholds, write
from engine.core.trigger_book import LIQUIDATION, STOP, TARGET, pack
from tests.support.builders import LONG, SHORT, leg, trade


@pytest.mark.parametrize(
    "value",
    [
        trade(),
        trade(stop_price="95.5", target="110"),
        trade(direction=SHORT, liquidation_price="199.80", route=(leg("USDTBRL", inverse=True),)),
    ],
)
def test_a_line_is_the_trade_and_back(value):
    line = write(value)
    assert line == msgspec.json.encode(value)
    assert read(line) == value
    assert read(line.replace(b",", b", ")) == value


def test_a_glance_reads_the_same_fields_in_the_same_places():
    assert [f.name for f in msgspec.structs.fields(Glance)] == [
        f.name for f in msgspec.structs.fields(Trade)
    ]


@pytest.mark.parametrize(
    ("direction", "expected"),
    [
        (LONG, [(95.5, pack(1, STOP)), (-110.0, pack(1, TARGET))]),
        (SHORT, [(-95.5, pack(1, STOP)), (110.0, pack(1, TARGET)), (-199.8, pack(1, LIQUIDATION))]),
    ],
)
def test_thresholds_are_mirrored_for_shorts(direction, expected):
    level = "199.80" if direction is SHORT else None
    value = trade(1, direction, stop_price="95.5", target="110", liquidation_price=level)
    assert thresholds(value) == expected
    assert thresholds(glance(write(value))) == expected


def test_a_glance_takes_plain_json_numbers_as_well():
    line = write(trade(stop_price="95.5", target="110"))
    plain = line.replace(b'"95.5"', b"95.5").replace(b'"110"', b"110.0")
    assert thresholds(glance(plain)) == thresholds(glance(line))
    assert read(plain) == read(line)


def test_the_table_behaves_as_a_dict_by_id():
    rng = random.Random(3)
    table, plain = TradeTable(), {}
    assert table.get(1) is None
    assert table.remove(1) is None
    for trade_id in [*range(1, 3 * BLOCK, 2), *rng.sample(range(2, 3 * BLOCK, 2), BLOCK)]:
        line = str(trade_id).encode()
        table.put(trade_id, line)
        plain[trade_id] = line
    for trade_id in rng.sample(sorted(plain), 500):
        table.put(trade_id, b"again")
        plain[trade_id] = b"again"
    assert list(table) == sorted(plain)
    for trade_id in rng.sample(sorted(plain), len(plain)):
        assert table.get(trade_id) == plain[trade_id]
        assert table.remove(trade_id) == plain.pop(trade_id)
        assert table.remove(trade_id) is None
        assert len(table) == len(plain)
    table.put(5, b"new")
    table.put(4, b"before")
    assert list(table) == [4, 5]


def test_ids_that_come_late_split_a_block():
    table = TradeTable()
    for trade_id in range(10 * BLOCK, 8 * BLOCK - 1, -1):
        table.put(trade_id, b"")
    assert list(table) == list(range(8 * BLOCK, 10 * BLOCK + 1))
