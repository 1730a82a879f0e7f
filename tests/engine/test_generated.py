"""Invented days: repeatable, contiguous, ordered, on the instrument's grain."""

from decimal import Decimal
from itertools import islice

from engine.market.generated import GeneratedDay, GeneratedSymbol
from tests.support.builders import START_MS, instrument

COIN = GeneratedSymbol(instrument("BTCUSDT"), Decimal(60_000), prints_per_second=2.0)
OTHER = GeneratedSymbol(instrument("ETHUSDT"), Decimal("2500.5"), jumps_per_day=500_000.0)


def day(**changes):
    settings = {"symbols": (COIN, OTHER), "start_ms": START_MS, "seconds": 600, **changes}
    return GeneratedDay(**settings)


def test_the_same_seed_gives_the_same_day_and_another_seed_another():
    prints = list(day().prints())
    assert prints == list(day().prints())
    assert prints != list(day(seed=2).prints())


def test_ids_are_contiguous_times_never_fall_and_the_day_ends():
    prints = list(day(first_id=50).prints())
    assert [p.time_ms for p in prints] == sorted(p.time_ms for p in prints)
    assert prints[0].time_ms == START_MS
    assert prints[-1].time_ms < START_MS + 600_000
    for symbol in ("BTCUSDT", "ETHUSDT"):
        ids = [p.id for p in prints if p.symbol == symbol]
        assert ids == list(range(50, 50 + len(ids)))
    assert sum(p.symbol == "BTCUSDT" for p in prints) > 1_000


def test_prices_stand_on_the_tick_and_above_zero_and_move():
    cheap = GeneratedSymbol(instrument("SHIBUSDT", tick="0.01"), Decimal("0.02"), volatility=500.0)
    prices = [Decimal(p.price) for p in islice(day(symbols=(cheap,)).prints(), 200)]
    assert all(price >= Decimal("0.01") and price % Decimal("0.01") == 0 for price in prices)
    assert len(set(prices)) > 1


def test_an_instrument_without_a_tick_is_printed_with_eight_digits():
    grainless = GeneratedSymbol(instrument("AUSDT", tick="0"), Decimal("1.5"))
    first = next(day(symbols=(grainless,)).prints())
    assert Decimal(first.price) == Decimal("1.5")
