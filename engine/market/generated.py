"""Invented market days for the demo and for practice: seeded, contiguous, and labelled as such."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from heapq import merge
from math import exp, sqrt
from random import Random

from engine.core.events import PriceTick
from engine.core.instrument import Instrument
from engine.core.numbers import ONE, floor_to

YEAR_SECONDS = 365 * 86_400


@dataclass(frozen=True)
class GeneratedSymbol:
    """One invented symbol: where it starts, how wildly it moves (yearly ratio), how often."""

    instrument: Instrument
    price: Decimal
    volatility: float = 0.8
    prints_per_second: float = 0.5
    jumps_per_day: float = 24.0


@dataclass(frozen=True)
class GeneratedDay:
    """A stretch of invented tape from `start_ms` (UTC) on; the same seed gives the same prints."""

    symbols: tuple[GeneratedSymbol, ...]
    start_ms: int
    seconds: int = 86_400
    seed: int = 1
    first_id: int = field(default=1_000)

    def prints(self) -> Iterator[PriceTick]:
        """Yield the prints of all symbols by time, ties by symbol."""
        tapes = [self.tape(symbol) for symbol in self.symbols]
        return merge(*tapes, key=lambda tick: (tick.time_ms, tick.symbol))

    def tape(self, symbol: GeneratedSymbol) -> Iterator[PriceTick]:
        """Yield the prints of one symbol, the same at every call."""
        random = Random(f"{self.seed}:{symbol.instrument.symbol}")  # noqa: S311 - no secret
        price, at_ms, print_id = float(symbol.price), float(self.start_ms), self.first_id
        end_ms = self.start_ms + self.seconds * 1000
        yield _print(symbol.instrument, print_id, price, at_ms)
        while True:
            pause = random.expovariate(symbol.prints_per_second)
            at_ms += pause * 1000
            if at_ms >= end_ms:
                return
            deviation = symbol.volatility * sqrt(pause / YEAR_SECONDS)
            if random.random() < symbol.jumps_per_day * pause / 86_400:
                deviation += 0.006
            price *= exp(random.gauss(0, deviation))
            print_id += 1
            yield _print(symbol.instrument, print_id, price, at_ms)


def _print(instrument: Instrument, print_id: int, price: float, at_ms: float) -> PriceTick:
    grain = instrument.tick_size or Decimal("0.00000001")
    exact = max(floor_to(Decimal(f"{price:.10f}"), grain), grain * ONE)
    return PriceTick(instrument.symbol, print_id, f"{exact:f}", int(at_ms))
