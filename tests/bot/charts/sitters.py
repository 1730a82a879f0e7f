"""What pictures are drawn of in tests: candles, charts and cards, from the calm to the absurd."""

from decimal import Decimal
from math import exp
from random import Random

from bot.use_cases.candles import INTERVAL_MS
from bot.views import (
    Candle,
    CardView,
    ChartLevel,
    ChartView,
    LevelKind,
    Mark,
    MarkKind,
    Step,
)
from engine.core.instrument import Direction
from engine.core.trade import ExitReason
from tests.support.builders import instrument

START_MS = 1_763_500_000_000 // 3_600_000 * 3_600_000
HOSTILE = "\u202e$\\frac{1}{0}$\n𝓱𝓪𝓬𝓴 👻 <b>*_`@everyone`_*</b> Z̷̡͎a̷l̵g̸o̶ שלום مرحبا 日本 " + "W" * 200


def candles(count=100, interval="1h", *, price=61_480.0, seed=3, tick="0.01", sigma=0.006):
    random = Random(seed)
    found, step = [], INTERVAL_MS[interval]
    for index in range(count):
        path = [price]
        for _ in range(12):
            path.append(path[-1] * exp(random.gauss(0, sigma / 3)))
        price = path[-1]
        first, high, low, close = (
            Decimal(one).quantize(Decimal(tick)) for one in (path[0], max(path), min(path), price)
        )
        volume = Decimal(random.expovariate(0.01)).quantize(Decimal("0.001"))
        found.append(Candle(START_MS + index * step, first, high, low, close, volume))
    return tuple(found)


def chart(count=100, interval="1h", **fields):
    bars = fields.pop("candles", None)
    bars = candles(count, interval) if bars is None else bars
    return ChartView(
        instrument=fields.pop("instrument", instrument()),
        interval=interval,
        candles=bars,
        currency=fields.pop("currency", "USDT"),
        zone=fields.pop("zone", "America/Sao_Paulo"),
        price=fields.pop("price", bars[-1].close if bars else None),
        **fields,
    )


def trade_on(bars, *, direction=Direction.LONG, at=30, until=None, stop="-0.02", targets=()):
    """The fields of a chart that shows a trade opened in a candle, with levels as ratios."""
    entry, opened = bars[at].close, bars[at].open_ms
    away = [Step(bars[until].open_ms, None)] if until is not None else []

    def level(kind, ratio, number=0):
        price = (entry * (1 + Decimal(ratio))).quantize(entry)
        return ChartLevel(kind, (Step(opened, price), *away), number)

    marks = [Mark(MarkKind.ENTRY, opened, entry)]
    if until is not None:
        marks.append(Mark(MarkKind.EXIT, bars[until].open_ms, bars[until].close))
    return {
        "candles": bars,
        "number": 47,
        "direction": direction,
        "marks": tuple(marks),
        "levels": (
            level(LevelKind.ENTRY, "0"),
            level(LevelKind.STOP, stop),
            *(level(LevelKind.TARGET, ratio, n) for n, ratio in enumerate(targets, 1)),
        ),
    }


def several_on(bars, count=5, exits=4):
    """The fields of a coin's chart with some open trades and recent exits, each by its number."""
    ratios = {LevelKind.ENTRY: "1", LevelKind.STOP: "0.98", LevelKind.TARGET: "1.03"}
    marks, levels = [], []
    for n in range(count):
        bar, number = bars[20 + 13 * n], 47 + n
        marks.append(Mark(MarkKind.ENTRY, bar.open_ms, bar.close, trade=number))
        for kind, ratio in ratios.items():
            price = (bar.close * Decimal(ratio)).quantize(bar.close)
            which = 1 if kind is LevelKind.TARGET else 0
            levels.append(ChartLevel(kind, (Step(bar.open_ms, price),), which, trade=number))
    for n in range(exits):
        bar = bars[-1 - 4 * n]
        marks.append(Mark(MarkKind.EXIT, bar.open_ms, bar.close, trade=40 + n))
    return {
        "candles": bars,
        "marks": tuple(marks),
        "levels": tuple(levels),
        "trades": tuple(range(47, 47 + count)),
        "trade_count": count,
        "is_of_coin": True,
    }


def card(ratio="0.0123", **fields):
    bars = fields.pop("candles", None)
    bars = candles(60) if bars is None else bars
    opened = fields.pop("opened_at_ms", bars[15].open_ms if len(bars) > 45 else START_MS)
    closed = fields.pop(
        "closed_at_ms", bars[45].open_ms if len(bars) > 45 else START_MS + 11_520_000
    )
    entry = fields.pop("entry_price", bars[15].close if len(bars) > 45 else Decimal("61480.00"))
    leave = fields.pop("exit_price", bars[45].close if len(bars) > 45 else Decimal("60248.10"))
    return CardView(
        number=47,
        instrument=fields.pop("instrument", instrument()),
        direction=fields.pop("direction", Direction.LONG),
        currency=fields.pop("currency", "USDT"),
        name=fields.pop("name", "Ana Luísa"),
        return_ratio=Decimal(ratio),
        entry_price=entry,
        exit_price=leave,
        opened_at_ms=opened,
        closed_at_ms=closed,
        reason=fields.pop("reason", ExitReason.TAKE_PROFIT),
        zone="America/Sao_Paulo",
        interval="1h",
        candles=bars,
        marks=fields.pop("marks", ()),
        **fields,
    )
