"""The stand-in's market: a tape per symbol, what of it has been printed, and the venue's clock."""

import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from tests.support.binance.faults import Faults
from tests.support.binance.tapes import Print

QUOTES = ("USDT", "FDUSD", "USDC", "TUSD", "BRL", "BTC", "ETH", "BNB", "EUR", "TRY")
INTERVALS_MS = {
    "1s": 1_000,
    "1m": 60_000,
    "5m": 300_000,
    "15m": 900_000,
    "1h": 3_600_000,
    "4h": 14_400_000,
    "1d": 86_400_000,
    "1w": 604_800_000,
}
MONDAY_MS = 345_600_000  # weeks begin on Mondays; the first of all days was a Thursday


@dataclass(slots=True)
class Market:
    """One symbol. `prints` are out already; `printed_at` their monotonic seconds (REST's lag)."""

    symbol: str
    base: str
    quote: str
    tick_size: str = "0.01"
    step_size: str = "0.00001"
    notional_min: str = "5"
    prints: list[Print] = field(default_factory=list)
    printed_at: list[float] = field(default_factory=list)
    ids: list[int] = field(default_factory=list)
    next_id: int = 1


class Venue:
    """All markets. `listen` is called with each print, in order, as it is made."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self.markets: dict[str, Market] = {}
        self.offset_ms = 0
        self.listen: Callable[[str, Print], None] = _nobody

    def now_ms(self) -> int:
        """Return the venue's time."""
        return int(time.time() * 1000) + self.offset_ms

    def add(self, symbol: str, *, base: str = "", quote: str = "", first_id: int = 1) -> Market:
        """List a symbol; base and quote are guessed from the usual quotes when not given."""
        if symbol not in self.markets:
            if not quote:
                quote = next((name for name in QUOTES if symbol.endswith(name)), symbol[-4:])
                base = symbol.removesuffix(quote)
            self.markets[symbol] = Market(symbol, base, quote, next_id=first_id)
        return self.markets[symbol]

    def print(self, symbol: str, price: str | Decimal, time_ms: int | None = None) -> Print:
        """Make the next print of a symbol, now or with the given time."""
        market = self.add(symbol)
        stamp = self.now_ms() if time_ms is None else time_ms
        made = Print(market.next_id, str(price), stamp)
        self.put(symbol, made)
        return made

    def put(self, symbol: str, made: Print) -> None:
        """Put a finished print on the tape and tell the listener."""
        self.put_silently(symbol, made)
        self.listen(symbol, made)

    def put_silently(self, symbol: str, made: Print) -> None:
        """Put a print on the tape that no stream carries: the past."""
        market = self.add(symbol, first_id=made.id)
        assert not market.ids or made.id == market.next_id
        market.prints.append(made)
        market.ids.append(made.id)
        market.printed_at.append(time.monotonic())
        market.next_id = made.id + 1

    def load(self, symbol: str, tape: Iterable[Print]) -> None:
        """Put a whole tape into the past of a symbol."""
        for made in tape:
            self.put_silently(symbol, made)
        market = self.add(symbol)
        market.printed_at = [0.0] * len(market.ids)

    def visible(self, symbol: str) -> int:
        """Return how many prints REST shows now, given its lag."""
        market = self.markets[symbol]
        if not self.faults.rest_lag_ms:
            return len(market.ids)
        return bisect_right(market.printed_at, time.monotonic() - self.faults.rest_lag_ms / 1000)

    def page(
        self, symbol: str, from_id: int | None, span_ms: tuple[int | None, int | None], limit: int
    ) -> list[Print]:
        """Answer aggTrades: by id, by time (oldest first, or newest with an end alone), newest."""
        market, count = self.markets[symbol], self.visible(symbol)
        start_ms, end_ms = span_ms
        low, high, is_newest = 0, count, True
        if from_id is not None:
            low, is_newest = bisect_left(market.ids, from_id, 0, count), False
        else:
            if start_ms is not None:
                low, is_newest = self._at(market, start_ms, count), False
            if end_ms is not None:
                high = self._at(market, end_ms + 1, count)
        chosen = (
            market.prints[max(low, high - limit) : high]
            if is_newest
            else (market.prints[low : min(high, low + limit)])
        )
        return [item for item in chosen if item.id not in self.faults.void_ids]

    def klines(
        self, symbol: str, interval_ms: int, start_ms: int, limit: int
    ) -> list[list[object]]:
        """Answer klines from the tape; an empty bar between prints is flat."""
        market, count = self.markets[symbol], self.visible(symbol)
        if not count:
            return []
        shift = MONDAY_MS % interval_ms if interval_ms == INTERVALS_MS["1w"] else 0
        first = (market.prints[0].time_ms - shift) // interval_ms * interval_ms + shift
        opened = max(first, -((shift - start_ms) // interval_ms) * interval_ms + shift)
        bars: list[list[object]] = []
        while opened <= market.prints[count - 1].time_ms and len(bars) < limit:
            bars.append(self._bar(market, opened, interval_ms, count))
            opened += interval_ms
        return bars

    def _bar(self, market: Market, opened: int, interval_ms: int, count: int) -> list[object]:
        low = self._at(market, opened, count)
        high = self._at(market, opened + interval_ms, count)
        inside = market.prints[low:high]
        prices = [item.price for item in inside] or [market.prints[low - 1].price]
        volume = sum((Decimal(item.quantity) for item in inside), Decimal(0))
        ordered = sorted(prices, key=Decimal)
        ends = [prices[0], ordered[-1], ordered[0], prices[-1], f"{volume:f}"]
        return [opened, *ends, opened + interval_ms - 1, "0", len(inside), "0", "0", "0"]

    def _at(self, market: Market, time_ms: int, count: int) -> int:
        return bisect_left(market.prints, time_ms, 0, count, key=lambda item: item.time_ms)


def _nobody(symbol: str, made: Print) -> None:
    """Nobody listens yet."""
