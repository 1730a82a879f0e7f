"""Conversion rates from the tape of the rate symbols, each with the lag that makes it repeatable.

It keeps a short, bounded history of prints and refuses to know what a rate is used for.
"""

from array import array
from bisect import bisect_right
from decimal import Decimal

from engine.core.instrument import Leg, Route
from engine.core.numbers import CONTEXT, ONE, rate_from
from engine.core.orders import RATE_LAG_MS

KEPT_MS = 60_000
PRINTS_MAX = 200_000
PRUNE_EVERY = 1_024


class History:
    """The latest prints of one symbol by id. A clock that steps back counts as standing still."""

    __slots__ = ("_prices", "_times", "_until_prune", "kept_since_ms")

    def __init__(self, kept_since_ms: int | None = None) -> None:
        self.kept_since_ms = kept_since_ms
        self._times = array("q")
        self._prices: list[str] = []
        self._until_prune = PRUNE_EVERY

    def __len__(self) -> int:
        return len(self._times)

    def record(self, time_ms: int, price: str) -> None:
        """Add the next print; forget what is over a minute old and not needed any more."""
        times = self._times
        times.append(max(time_ms, times[-1]) if times else time_ms)
        self._prices.append(price)
        self._until_prune -= 1
        if self._until_prune == 0:
            self._until_prune = PRUNE_EVERY
            since = times[-1] - KEPT_MS
            self._prune(since if self.kept_since_ms is None else min(since, self.kept_since_ms))

    def recall(self, older: list[tuple[int, str]]) -> None:
        """Put (time, price) of prints in front that came before all that is known, in order."""
        known = [*zip(self._times, self._prices, strict=True)]
        self._times, self._prices = array("q"), []
        for time_ms, price in older + known:
            self._times.append(max(time_ms, self._times[-1]) if self._times else time_ms)
            self._prices.append(price)

    def find(self, until_ms: int) -> tuple[int, str] | None:
        """Return time and price of the last print with `T <= until_ms`, or None."""
        position = bisect_right(self._times, until_ms) - 1
        return None if position < 0 else (self._times[position], self._prices[position])

    def oldest(self) -> tuple[int, str] | None:
        """Return the oldest print that is known."""
        return (self._times[0], self._prices[0]) if self._times else None

    def _prune(self, since_ms: int) -> None:
        keep_from = max(bisect_right(self._times, since_ms) - 1, len(self._times) - PRINTS_MAX, 0)
        del self._times[:keep_from], self._prices[:keep_from]


class RateBook:
    """Histories of the symbols that rates are made of."""

    def __init__(self) -> None:
        self._histories: dict[str, History] = {}
        self._kept_since_ms: int | None = None

    def keep_since(self, since_ms: int | None) -> None:
        """Keep prints back to an older venue time that is still needed; None: only the usual."""
        self._kept_since_ms = since_ms
        for history in self._histories.values():
            history.kept_since_ms = since_ms

    def watch(self, symbol: str) -> History:
        """Begin (or go on) to keep the prints of a rate symbol."""
        return self._histories.setdefault(symbol, History(self._kept_since_ms))

    def forget(self, symbol: str) -> None:
        """Drop what is known of a symbol."""
        self._histories.pop(symbol, None)

    def rate(self, route: Route, at_ms: int, *, age_ms_max: int | None = None) -> Decimal | None:
        """Return quote to account currency at `at_ms`, with 18 significant digits (RULES 2).

        Each leg is its last print with `T <= at_ms - 1 s`; None when a leg has none, or one that
        is older than `age_ms_max` at `at_ms`.
        """
        prices: list[Decimal] = []
        for leg in route:
            history = self._histories.get(leg.symbol)
            found = None if history is None else history.find(at_ms - RATE_LAG_MS)
            if found is None or (age_ms_max is not None and at_ms - found[0] > age_ms_max):
                return None
            prices.append(Decimal(found[1]))
        return _through(route, prices)

    def exit_rate(self, route: Route, at_ms: int, entry_rate: Decimal) -> Decimal:
        """Return the rate of an exit, which never waits for one (RULES 2).

        Where the history does not reach back far enough its oldest print counts; where there is
        none at all, the entry's rate.
        """
        prices: list[Decimal] = []
        for leg in route:
            history = self._histories.get(leg.symbol)
            if history is None:
                return entry_rate
            found = history.find(at_ms - RATE_LAG_MS) or history.oldest()
            if found is None:
                return entry_rate
            prices.append(Decimal(found[1]))
        return _through(route, prices)


def _through(route: tuple[Leg, ...], prices: list[Decimal]) -> Decimal:
    if not route:
        return ONE
    above, below = ONE, ONE
    for leg, price in zip(route, prices, strict=True):
        if leg.is_inverse:
            below = CONTEXT.multiply(below, price)
        else:
            above = CONTEXT.multiply(above, price)
    return rate_from(CONTEXT.divide(above, below))
