"""Lets what could book money wait until the rates for it are whole (RULES 2, 4).

So an outage books at the rates of an uninterrupted run. It refuses to keep a stop waiting for
longer than its patience: a rate symbol may be gone for good.
"""

from engine.clock import Clock
from engine.core.events import PriceTick
from engine.core.vigil import Vigil
from engine.market.price_feed import PriceFeed


class RateGate:
    """Knows which symbols wait for which rate symbols. `patience_seconds` >= 0."""

    def __init__(
        self, vigil: Vigil, feed: PriceFeed, clock: Clock, patience_seconds: float
    ) -> None:
        self._vigil = vigil
        self._feed = feed
        self._clock = clock
        self._patience_seconds = patience_seconds
        self._since: dict[str, float] = {}

    def is_shut(self, tick: PriceTick) -> bool:
        """Whether a print has to wait; a quiet one never does."""
        return not self._vigil.is_quiet(tick) and self.is_waiting(tick.symbol)

    def is_waiting(self, symbol: str) -> bool:
        """Whether what could book money on a symbol has to wait for a rate."""
        rates = self._vigil.rates_of(symbol)
        if all(name == symbol or self._is_whole(name) for name in rates):
            self._since.pop(symbol, None)
            return False
        now = self._clock.monotonic()
        return now - self._since.setdefault(symbol, now) < self._patience_seconds

    def _is_whole(self, symbol: str) -> bool:
        """Whether all that the venue printed is applied, as far as the feed watches the symbol."""
        place, last = self._feed.place(symbol), self._vigil.last(symbol)
        if place is None:
            return True
        return place.is_live and last is not None and place.after_id <= last.id
