"""Tapes for the stand-in: recorded, generated at random, or generated from candles.

A tape is a list of prints with contiguous ids and non-falling times. Nothing here plays it.
"""

import gzip
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from random import Random


@dataclass(frozen=True, slots=True)
class Print:
    """One aggregate trade as the venue knows it. Times are milliseconds UTC."""

    id: int
    price: str
    time_ms: int
    quantity: str = "1.00000000"
    is_buyer_maker: bool = False


@dataclass(frozen=True, slots=True)
class Walk:
    """A random walk: steps of `step` (price units per tick) at exponential intervals."""

    seed: int = 1
    count: int = 1000
    price: str = "100.00"
    tick: str = "0.01"
    ticks_max: int = 5
    first_id: int = 1
    start_ms: int = 1_700_000_000_000
    interval_ms: int = 50
    burst_chance: float = 0.1


def random_walk(walk: Walk) -> list[Print]:
    """Return a seeded walk that never falls to 0; some prints share their millisecond."""
    rng = Random(walk.seed)
    tick, price, time = Decimal(walk.tick), Decimal(walk.price), float(walk.start_ms)
    tape: list[Print] = []
    for offset in range(walk.count):
        price = max(tick, price + tick * rng.randint(-walk.ticks_max, walk.ticks_max))
        if rng.random() >= walk.burst_chance:
            time += rng.expovariate(1 / walk.interval_ms)
        quantity = f"{rng.uniform(0.001, 2):.8f}"
        tape.append(Print(walk.first_id + offset, f"{price:f}", int(time), quantity))
    return tape


def from_jsonl(path: Path) -> dict[str, list[Print]]:
    """Read recorded aggregate trades (gzip, one JSON object a line, the stream's own keys)."""
    tapes: dict[str, list[Print]] = {}
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            item = Print(row["a"], row["p"], row["T"], row["q"], bool(row["m"]))
            tapes.setdefault(row["s"], []).append(item)
    return tapes


@dataclass(frozen=True, slots=True)
class CandleSpan:
    """Which candles to turn into prints, and how. `prints` per candle with volume: at least 4."""

    start_ms: int = 0
    end_ms: int = 1 << 62
    prints: int = 8
    tick: str = "0.01"
    first_id: int = 1
    seed: int = 1


def from_candles(rows: Iterable[list[float]], span: CandleSpan) -> list[Print]:
    """Return prints that make exactly these candles; a candle without volume has none.

    Open comes first, close last, high and low in between in random order.
    """
    rng = Random(span.seed)
    tape: list[Print] = []
    for row in rows:
        opened = int(row[0])
        if not span.start_ms <= opened < span.end_ms or row[5] <= 0:
            continue
        for price, time_ms in _candle_prints(row, span, rng):
            tape.append(Print(span.first_id + len(tape), price, time_ms))
    return tape


def read_candles(path: Path) -> list[list[float]]:
    """Read a recorded candle file (gzip JSON array of `[open time, o, h, l, c, volume]`)."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return json.load(file)


def retimed(tape: list[Print], start_ms: int, speed: float, origin_ms: int) -> list[Print]:
    """Return the tape moved so that `origin_ms` falls on `start_ms` and time runs `speed` times."""
    return [
        replace(item, time_ms=start_ms + int((item.time_ms - origin_ms) / speed)) for item in tape
    ]


def _candle_prints(row: list[float], span: CandleSpan, rng: Random) -> Iterator[tuple[str, int]]:
    tick = Decimal(span.tick)
    opened, high, low, close = (_to_tick(value, tick) for value in row[1:5])
    middle = [high, low]
    steps = int((high - low) / tick)
    middle += [low + tick * rng.randint(0, steps) for _ in range(span.prints - 4)]
    rng.shuffle(middle)
    times = sorted(rng.randrange(60_000) for _ in range(len(middle) + 2))
    for price, offset in zip([opened, *middle, close], times, strict=True):
        yield f"{price:f}", int(row[0]) + offset


def _to_tick(value: float, tick: Decimal) -> Decimal:
    return (Decimal(str(value)) / tick).quantize(Decimal(1), ROUND_HALF_EVEN) * tick
