"""An invented market for the demo: its symbols, its day, labelled as such wherever it is shown."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import takewhile

from bot.app import Venue
from bot.candles import InventedCandles
from engine.clock import ManualClock
from engine.core.events import PriceTick
from engine.core.instrument import Instrument
from engine.market.generated import GeneratedDay, GeneratedSymbol
from engine.market.instruments import Instruments
from engine.market.ports import Anchor, Sink
from engine.market.replay import ReplayFeed

D = Decimal


@dataclass(frozen=True)
class _Row:
    base: str
    quote: str
    price: str
    tick: str
    step: str


_ROWS = (
    _Row("BTC", "USDT", "61480", "0.01", "0.00001"),
    _Row("ETH", "USDT", "2655", "0.01", "0.0001"),
    _Row("SOL", "USDT", "152.4", "0.01", "0.001"),
    _Row("BTC", "BRL", "334500", "1", "0.00001"),
    _Row("ETH", "BRL", "14430", "0.01", "0.0001"),
    _Row("USDT", "BRL", "5.44", "0.001", "0.1"),
)


def invented_venue(start_ms: int, speed: float, seed: int) -> Venue:
    """Return a market of one invented day from `start_ms` on; `speed`: its seconds per second."""
    day = GeneratedDay(tuple(_symbol(row) for row in _ROWS), start_ms, seed=seed)
    clock = ManualClock(start_ms)
    instruments = Instruments(None, clock)
    instruments.take([symbol.instrument for symbol in day.symbols])

    def make_feed(sink: Sink) -> ReplayFeed:
        return ReplayFeed(day.prints(), sink, clock, speed)

    async def keep() -> None:
        await asyncio.Event().wait()

    return Venue(
        clock=clock,
        instruments=instruments,
        make_feed=make_feed,
        tape=_Past(day),
        candles=InventedCandles(day, clock),
        is_invented=True,
        keep=keep,
    )


class _Past:
    """What an invented day printed so far; nothing of it was ever missed."""

    def __init__(self, day: GeneratedDay) -> None:
        self._day = day

    async def catch_up(self, anchors: Mapping[str, Anchor]) -> AsyncIterator[Sequence[PriceTick]]:
        assert not anchors, "an invented market begins with an empty book"
        for _ in ():
            yield ()

    async def prints_before(self, symbol: str, time_ms: int, span_ms: int) -> list[PriceTick]:
        walked = next(one for one in self._day.symbols if one.instrument.symbol == symbol)
        until = takewhile(lambda tick: tick.time_ms <= time_ms, self._day.tape(walked))
        return [tick for tick in until if tick.time_ms >= time_ms - span_ms]


def _symbol(row: _Row) -> GeneratedSymbol:
    instrument = Instrument(
        symbol=row.base + row.quote,
        base=row.base,
        quote=row.quote,
        is_trading=True,
        tick_size=D(row.tick),
        step_size=D(row.step),
        quantity_min=D(row.step),
        notional_min=D(10) if row.quote == "BRL" else D(5),
    )
    return GeneratedSymbol(instrument, D(row.price), volatility=0.9)
