"""Symbols: parsed from every known shape, found by what people type, kept over a start."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from decimal import Decimal
from random import Random

import msgspec
import pytest
import pytest_asyncio

from engine.clock import ManualClock, SystemClock
from engine.core.instrument import Leg
from engine.market.binance_history import BinanceHistory
from engine.market.binance_messages import BadAnswer
from engine.market.exchange_info import parse_exchange_info
from engine.market.instruments import BadSnapshot, Instruments
from tests.market.conftest import SHORT, until
from tests.support.binance.stand_in import BinanceStandIn


def row(symbol: str, base: str, quote: str, **more: object) -> dict[str, object]:
    return {"symbol": symbol, "baseAsset": base, "quoteAsset": quote, "status": "TRADING"} | more


def parse(*rows: dict[str, object]):
    return parse_exchange_info(json.dumps({"symbols": list(rows)}).encode())


Maker = Callable[..., Instruments]


@pytest_asyncio.fixture
async def on(listed: BinanceStandIn) -> AsyncIterator[Maker]:
    """Make instruments on the venue; their connections are closed afterwards."""
    config = msgspec.structs.replace(SHORT, rest_urls=(listed.rest_url,))
    history = BinanceHistory(config, SystemClock(), Random(1))

    def make(clock: ManualClock | None = None) -> Instruments:
        return Instruments(history, clock or ManualClock(1_000_000))

    yield make
    await history.close()


@pytest.fixture
def listed(venue):
    for symbol in ("BTCBRL", "USDTBRL", "ETHBTC", "SOLUSDT", "BTCFDUSD"):
        venue.venue.add(symbol)
    return venue


def test_filters_are_optional_and_both_notional_filters_are_known():
    filters = [
        {"filterType": "PRICE_FILTER", "tickSize": "0.01000000"},
        {"filterType": "LOT_SIZE", "stepSize": "0.00001000", "minQty": "0.00001000"},
        {"filterType": "MIN_NOTIONAL", "minNotional": "10.00000000"},
        {"filterType": "SOMETHING_NEW", "tickSize": "7"},
    ]
    newer = [{"filterType": "NOTIONAL", "minNotional": "5"}]
    old, new, bare = parse(
        row("BTCUSDT", "BTC", "USDT", filters=filters),
        row("ETHUSDT", "ETH", "USDT", filters=newer),
        row("SOLUSDT", "SOL", "USDT"),
    )
    assert (old.tick_size, old.step_size) == (Decimal("0.01"), Decimal("0.00001"))
    assert (old.quantity_min, old.notional_min) == (Decimal("0.00001"), Decimal(10))
    assert new.notional_min == 5
    assert (bare.tick_size, bare.step_size, bare.notional_min) == (0, 0, 0)


@pytest.mark.parametrize("status", ["HALT", "BREAK", "END_OF_DAY", "CANCEL_ONLY", "NEWS", "", None])
def test_only_trading_trades(status):
    rows = row("BTCUSDT", "BTC", "USDT")
    rows = rows | {"status": status} if status is not None else rows
    if status is None:
        del rows["status"]
    assert not parse(rows)[0].is_trading


@pytest.mark.parametrize("tick", ["NaN", "-1", "1e-5", "Infinity", ""])
def test_an_unreadable_grain_sets_no_limit(tick):
    filters = [{"filterType": "PRICE_FILTER", "tickSize": tick}]
    assert parse(row("AB", "A", "B", filters=filters))[0].tick_size == 0


def test_unusable_names_are_left_out_and_non_ascii_ones_kept():
    names = [
        row("", "A", "B"),
        row("A B", "A", "B"),
        row("A\nB", "A", "B"),
        row("X" * 41, "A", "B"),
    ]
    assert [item.symbol for item in parse(*names, row("币USDT", "币", "USDT"))] == ["币USDT"]


@pytest.mark.parametrize(
    "body", [b"", b"[]", b'{"symbols":5}', b"\xff", b'{"symbols":[{"symbol":1}]}']
)
def test_a_broken_answer_is_refused(body):
    with pytest.raises(BadAnswer):
        parse_exchange_info(body)


@pytest.mark.parametrize(
    ("text", "currency", "symbols"),
    [
        ("btc", "USDT", ["BTCUSDT", "BTCFDUSD", "BTCBRL"]),
        ("btc", "BRL", ["BTCBRL", "BTCUSDT", "BTCFDUSD"]),
        ("BTC/usdt", "BRL", ["BTCUSDT"]),
        ("eth-btc", "USDT", ["ETHBTC"]),
        ("ethbtc", "USDT", ["ETHBTC"]),
        ("eth", "USDT", ["ETHUSDT", "ETHBTC"]),
        ("doge", "USDT", []),
        ("", "USDT", []),
    ],
)
async def test_people_find_what_they_mean(on, text, currency, symbols):
    instruments = on()
    assert await instruments.refresh()
    assert [item.symbol for item in instruments.find(text, currency)] == symbols


async def test_what_does_not_trade_comes_last(on, listed):
    listed.faults.halted = {"BTCUSDT"}
    instruments = on()
    await instruments.refresh()
    assert [item.symbol for item in instruments.find("btc", "USDT")][-1] == "BTCUSDT"


@pytest.mark.parametrize(
    ("quote", "currency", "route"),
    [
        ("USDT", "USDT", ()),
        ("BTC", "USDT", (Leg("BTCUSDT"),)),
        ("USDT", "BRL", (Leg("USDTBRL"),)),
        ("BRL", "USDT", (Leg("USDTBRL", is_inverse=True),)),
        ("ETH", "BRL", (Leg("ETHUSDT"), Leg("USDTBRL"))),
        ("DOGE", "BRL", None),
    ],
)
async def test_the_way_to_money_is_direct_inverse_or_through_usdt(on, quote, currency, route):
    instruments = on()
    await instruments.refresh()
    assert instruments.route(quote, currency) == route


async def test_a_halted_way_is_no_way(on, listed):
    listed.faults.halted = {"BTCBRL"}
    instruments = on()
    await instruments.refresh()
    assert instruments.route("BTC", "BRL") == (Leg("BTCUSDT"), Leg("USDTBRL"))


async def test_a_snapshot_serves_a_start_without_network(on, listed):
    instruments = on()
    await instruments.refresh()
    copy = on()
    copy.restore(instruments.snapshot())
    assert len(copy) == len(instruments) == 7
    assert copy.get("BTCUSDT") == instruments.get("BTCUSDT")
    assert copy.refreshed_ms == instruments.refreshed_ms
    with pytest.raises(BadSnapshot):
        copy.restore(b"junk")


async def test_what_is_gone_or_idle_is_remembered_since_when(on, listed):
    clock = ManualClock(1000)
    instruments = on(clock)
    await instruments.refresh()
    clock.advance(60)
    del listed.venue.markets["SOLUSDT"]
    listed.faults.halted = {"ETHBTC"}
    await instruments.refresh()
    assert instruments.gone_since_ms("SOLUSDT") == instruments.idle_since_ms("ETHBTC") == 61_000
    assert not instruments.get("SOLUSDT").is_trading
    clock.advance(60)
    listed.faults.halted = set()
    await instruments.refresh()
    assert instruments.gone_since_ms("SOLUSDT") == 61_000
    assert instruments.idle_since_ms("ETHBTC") is None


async def test_an_unknown_symbol_asks_at_most_once_a_minute(on, listed):
    clock = ManualClock(1000)
    instruments = on(clock)
    assert await instruments.refresh_for_unknown()
    listed.venue.add("NEWUSDT")
    assert not await instruments.refresh_for_unknown()
    clock.advance(61)
    assert await instruments.refresh_for_unknown()
    assert instruments.find("new", "USDT")[0].symbol == "NEWUSDT"


async def test_an_ill_venue_takes_nothing_away(on, listed):
    instruments = on()
    await instruments.refresh()
    listed.faults.rest_status = 503
    assert not await instruments.refresh()
    assert len(instruments) == 7


async def test_the_hourly_round_starts_at_once_and_survives_an_ill_venue(
    on, listed, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("engine.market.instruments.RETRY_SECONDS", 0.05)
    listed.faults.rest_status = 503
    instruments = on()
    running = asyncio.create_task(instruments.run())
    await asyncio.sleep(0.1)
    assert len(instruments) == 0
    listed.faults.heal()
    await until(lambda: len(instruments) == 7)
    asked = listed.counts["/api/v3/exchangeInfo"]
    await asyncio.sleep(0.15)
    assert listed.counts["/api/v3/exchangeInfo"] == asked
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_an_answer_without_symbols_is_none(on, monkeypatch: pytest.MonkeyPatch):
    instruments = on()
    await instruments.refresh()

    async def empty() -> bytes:
        return b'{"symbols":[]}'

    monkeypatch.setattr(instruments._history, "exchange_info", empty)
    assert not await instruments.refresh()
    assert len(instruments) == 7
