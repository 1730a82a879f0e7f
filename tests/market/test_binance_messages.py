"""Binance's words are read in every documented and every known stray shape, and never raise."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.core.events import PriceTick
from engine.market.binance_messages import (
    BadAnswer,
    Control,
    ControlKind,
    decode_frame,
    is_price,
    list_subscriptions,
    parse_control,
    parse_error,
    parse_rows,
    parse_time,
    stream_of,
    subscribe,
    to_ms,
    unsubscribe,
)
from engine.market.candles import parse_candles

CONTROLS = [
    ('{"result":null,"id":3}', Control(ControlKind.ACK, 3)),
    ('{"result":["a@aggTrade",5],"id":4}', Control(ControlKind.LISTING, 4, ("a@aggTrade",))),
    ('{"code":2,"msg":"no","id":5}', Control(ControlKind.ERROR, 5, (), 2, "no")),
    ('{"error":{"code":2,"msg":"no"},"id":6}', Control(ControlKind.ERROR, 6, (), 2, "no")),
    ('{"code":"x","msg":null,"id":"a"}', Control(ControlKind.ERROR)),
    ('{"e":"serverShutdown","E":1}', Control(ControlKind.SHUTDOWN)),
    (
        '{"stream":"!serverShutdown","data":{"e":"serverShutdown","E":1}}',
        Control(ControlKind.SHUTDOWN),
    ),
    ('{"stream":"!serverShutdown","data":{}}', Control(ControlKind.SHUTDOWN)),
    ('{"e":"somethingNew"}', Control(ControlKind.OTHER)),
    ("[1]", Control(ControlKind.GARBAGE)),
    ("{", Control(ControlKind.GARBAGE)),
    ("5", Control(ControlKind.GARBAGE)),
]


@pytest.mark.parametrize(("text", "control"), CONTROLS)
def test_control_frames_are_told_apart(text: str, control: Control):
    assert parse_control(text.encode()) == control


@given(st.binary(max_size=200))
def test_no_bytes_raise(frame: bytes):
    assert parse_control(frame).kind in ControlKind


@given(
    st.recursive(
        st.none() | st.integers() | st.text(),
        lambda x: (
            st.lists(x)
            | st.dictionaries(st.sampled_from(["e", "id", "result", "error", "data", "code"]), x)
        ),
    )
)
def test_no_json_raises(value: object):
    assert parse_control(json.dumps(value).encode()).kind in ControlKind


def test_deep_nesting_is_garbage():
    assert parse_control(b"[" * 100_000).kind is ControlKind.GARBAGE


def test_a_print_is_read_from_a_combined_frame():
    data = {
        "e": "aggTrade",
        "E": 1,
        "s": "币USDT",
        "a": 7,
        "p": "1.50",
        "q": "1",
        "T": 9,
        "m": True,
    }
    frame = decode_frame(json.dumps({"stream": "x", "data": data}).encode()).data
    assert (frame.event, frame.symbol, frame.id) == ("aggTrade", "币USDT", 7)
    assert (frame.price, frame.time) == ("1.50", 9)
    assert decode_frame(b'{"result":null,"id":1}').data is None


@pytest.mark.parametrize("price", ["1", "0.00000001", "61837.63000000", "999999999999999"])
def test_plain_decimals_are_prices(price: str):
    assert is_price(price)


@pytest.mark.parametrize(
    "price",
    ["", "0", "0.000", "-1", "+1", "1e5", "NaN", "inf", "1_000", " 1", "1 ", "1\n", ".5", "5.",
     "٣", "１", "1" * 16, "1." + "1" * 13, "0x1"],
)  # fmt: skip
def test_everything_else_is_none(price: str):
    assert not is_price(price)


def test_microseconds_become_milliseconds():
    assert to_ms(1_723_161_255_342) == to_ms(1_723_161_255_342_999) == 1_723_161_255_342


def test_rows_come_in_id_order_without_impossible_prices():
    rows = [{"a": 2, "p": "2", "T": 2}, {"a": 1, "p": "1", "T": 1}, {"a": 3, "p": "0", "T": 3}]
    body = json.dumps(rows).encode()
    assert parse_rows(body, "X") == [PriceTick("X", 1, "1", 1), PriceTick("X", 2, "2", 2)]


@pytest.mark.parametrize("body", [b"", b"{}", b"[{}]", b'[{"a":"1","p":"1","T":1}]', b"<html>"])
def test_a_broken_answer_says_so(body: bytes):
    for parse in (lambda: parse_rows(body, "X"), lambda: parse_time(body)):
        with pytest.raises(BadAnswer):
            parse()
    if body != b"[{}]":
        assert parse_error(body).code == 0
    with pytest.raises(BadAnswer):
        parse_candles(body)


def test_requests_are_what_the_venue_documents():
    assert stream_of("BTCUSDT") == "btcusdt@aggTrade"
    assert json.loads(subscribe(["a@b"], 1)) == {"method": "SUBSCRIBE", "params": ["a@b"], "id": 1}
    assert json.loads(unsubscribe([], 2)) == {"method": "UNSUBSCRIBE", "params": [], "id": 2}
    assert json.loads(list_subscriptions(3)) == {"method": "LIST_SUBSCRIPTIONS", "id": 3}


def test_bars_are_read_with_their_times():
    row = [1_000, "1", "3", "0.5", "2", "10", 60_999, "0", 5, "0", "0", "0"]
    bar = parse_candles(json.dumps([row]).encode())[0]
    assert (bar.open_ms, bar.open, bar.high, bar.low, bar.close) == (1000, "1", "3", "0.5", "2")
    assert (bar.volume, bar.close_ms) == ("10", 60_999)
