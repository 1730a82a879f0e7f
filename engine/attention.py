"""What a term watches and how far: which symbols, their stored places, since when each is whole.

It decides nothing; the monitor asks it, every second and when somebody looks at a price.
"""

from collections.abc import Iterable

from engine.clock import Clock
from engine.core.events import Place
from engine.core.vigil import Vigil
from engine.market.ports import Anchor
from engine.market.price_feed import PriceFeed

RATES_KEPT_MS = 60_000


class Attention:
    """The watched symbols of one term. `display_seconds`: how long a look keeps one watched."""

    def __init__(self, vigil: Vigil, feed: PriceFeed, clock: Clock, display_seconds: float) -> None:
        self._vigil = vigil
        self._feed = feed
        self._clock = clock
        self._display_seconds = display_seconds
        self._displayed_until: dict[str, float] = {}
        self._stored_id: dict[str, int] = {}
        self._whole_at_ms: dict[str, int] = {}

    def display(self, symbol: str) -> None:
        """Watch a symbol for a while because somebody looks at it."""
        self._displayed_until[symbol] = self._clock.monotonic() + self._display_seconds
        self._feed.want(symbol)

    def want_needed(self) -> None:
        """Watch what trades and orders need, each from where its tape was left."""
        for symbol in self._vigil.needed_symbols() - self._feed.wanted():
            last = self._vigil.last(symbol)
            self._feed.want(symbol, last and Anchor(last.id, last.price, last.time_ms))

    def match(self, in_use: Iterable[str]) -> None:
        """Make the feed watch what is needed, looked at or `in_use`, and nothing else."""
        now = self._clock.monotonic()
        self._displayed_until = {s: t for s, t in self._displayed_until.items() if t > now}
        kept = self._displayed_until.keys() | set(in_use) | self._vigil.needed_symbols()
        for symbol in self._feed.wanted() - kept:
            self._feed.unwant(symbol)
            self._vigil.forget_symbol(symbol)
            self._stored_id.pop(symbol, None)
            self._whole_at_ms.pop(symbol, None)
        self.want_needed()

    def moved(self) -> list[str]:
        """Return the needed symbols whose place is not the one that was queued last."""
        return [
            symbol
            for symbol in self._vigil.needed_symbols()
            if (last := self._vigil.last(symbol)) and self._stored_id.get(symbol) != last.id
        ]

    def note_stored(self, symbol: str, last_id: int) -> None:
        """Note the place of a symbol that was queued for the store."""
        self._stored_id[symbol] = last_id

    def whole_at_ms(self, symbol: str) -> int | None:
        """Return when a symbol was last seen without anything missing."""
        return self._whole_at_ms.get(symbol)

    def note_whole(self) -> None:
        """Note what is whole now, for what is found late; keep the rates of what lags behind."""
        behind_ms: list[int] = []
        now_ms = self._clock.now_ms()
        for symbol in self._vigil.needed_symbols():
            place, last = self._feed.place(symbol), self._vigil.last(symbol)
            if last is None:
                self._begin_late(symbol, place)
            elif place is not None and place.is_live and place.after_id == last.id:
                self._whole_at_ms[symbol] = now_ms
            else:
                behind_ms.append(last.time_ms)
        self._vigil.keep_rates_since(min(behind_ms) - RATES_KEPT_MS if behind_ms else None)

    def remembered_place(self, symbol: str) -> Place | None:
        """Return a symbol's place from memory: never fresh, for when the feed knows nothing."""
        last = self._vigil.last(symbol)
        if last is None:
            return None
        return Place(
            symbol,
            last.id,
            self._clock.now_ms(),
            is_fresh=False,
            last_price=last.price,
            last_time_ms=last.time_ms,
            is_live=False,
        )

    def _begin_late(self, symbol: str, place: Place | None) -> None:
        """Follow a rate symbol whose place the store does not know: from its first live print."""
        if place is not None and place.is_fresh:
            self._vigil.start_symbol(symbol, place.after_id, place.last_price, place.last_time_ms)
