"""One invented hour of bitcoin per currency, always the same: what there is to be seen is in it.

After six minutes 1 % is gained before 1 % is lost, and all but a third of that is given back.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from engine.core.events import PriceTick
from engine.core.instrument import Instrument
from engine.market.generated import GeneratedDay, GeneratedSymbol

HOUR_SECONDS = 3_600
D = Decimal


@dataclass(frozen=True)
class PracticeTape:
    """An hour of prints on one invented symbol; `notional` is a fair first stake."""

    instrument: Instrument
    price: Decimal
    notional: Decimal
    seed: int

    def prints(self, start_ms: int) -> Iterator[PriceTick]:
        """Yield the hour's prints from `start_ms` (UTC) on; prices do not depend on it."""
        symbol = GeneratedSymbol(
            self.instrument,
            self.price,
            volatility=0.95,
            prints_per_second=2.0,
            jumps_per_day=24.0,
        )
        return GeneratedDay((symbol,), start_ms, seconds=HOUR_SECONDS, seed=self.seed).tape(symbol)


def _tape(quote: str, price: str, tick: str, notional: str, seed: int) -> PracticeTape:
    step = D("0.00001")
    instrument = Instrument(
        symbol=f"BTC{quote}",
        base="BTC",
        quote=quote,
        is_trading=True,
        tick_size=D(tick),
        step_size=step,
        quantity_min=step,
    )
    return PracticeTape(instrument, D(price), D(notional), seed)


_TAPES = {
    "USDT": _tape("USDT", "61480", "0.01", "500", 1_884),
    "BRL": _tape("BRL", "334500", "1", "2500", 2_389),
}


def tape_for(currency: str) -> PracticeTape:
    """Return the hour in an account's currency, or the one in USDT."""
    return _TAPES.get(currency, _TAPES["USDT"])
