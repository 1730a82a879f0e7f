"""What can be traded: the venue's symbols, looked up by what people type, and the ways to money.

It keeps a copy that survives a start without network; it stores nothing itself.
"""

import asyncio
import zlib
from collections.abc import Iterable

import msgspec
from msgspec import Struct

from engine.clock import Clock
from engine.core.instrument import Instrument, Leg, Route
from engine.market.binance_history import BinanceHistory, HistoryError
from engine.market.binance_messages import BadAnswer
from engine.market.exchange_info import parse_exchange_info

REFRESH_SECONDS = 3600.0
RETRY_SECONDS = 30.0
UNKNOWN_SECONDS = 60.0
FRESH_MS = 7_200_000
GONE_MS = 86_400_000
IDLE_MS = 7 * 86_400_000
BRIDGE = "USDT"
QUOTES = ("USDT", "FDUSD", "USDC", "BRL", "BTC", "ETH", "BNB", "EUR")
SEPARATORS = str.maketrans("", "", "/-_: ")
SNAPSHOT_BYTES_MAX = 1 << 24


class BadSnapshot(Exception):
    """Bytes that `Instruments.snapshot` did not make."""


class _Snapshot(Struct, array_like=True):
    refreshed_ms: int
    instruments: list[Instrument]
    idle_since_ms: dict[str, int]
    gone_since_ms: dict[str, int]


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(_Snapshot).decode


class Instruments:
    """All symbols by name, coin and quote. `refreshed_ms`: venue time of the last answer, or 0."""

    def __init__(self, history: BinanceHistory | None, clock: Clock) -> None:
        """Look things up at a venue; None: only what is taken by hand is known."""
        self._history = history
        self._clock = clock
        self._by_symbol: dict[str, Instrument] = {}
        self._by_base: dict[str, list[Instrument]] = {}
        self._by_pair: dict[tuple[str, str], Instrument] = {}
        self._idle_since: dict[str, int] = {}
        self._gone_since: dict[str, int] = {}
        self._asked_at: float | None = None
        self._turn = asyncio.Lock()
        self.refreshed_ms = 0

    def __len__(self) -> int:
        return len(self._by_symbol)

    def get(self, symbol: str) -> Instrument | None:
        """Return the instrument of an exact symbol."""
        return self._by_symbol.get(symbol)

    def find(self, text: str, currency: str) -> list[Instrument]:
        """Return what `text` may mean, best first: a symbol, `btc/usdt`, or a coin.

        For a coin: tradable ones first, in the account's `currency`, then the usual quotes.
        """
        name = text.translate(SEPARATORS).upper()
        exact = self._by_symbol.get(name)
        if exact is not None:
            return [exact]
        order = {quote: place for place, quote in enumerate((currency.upper(), *QUOTES), start=1)}
        order[currency.upper()] = 0

        def rank(instrument: Instrument) -> tuple[bool, int, str]:
            place = order.get(instrument.quote, len(order) + 1)
            return (not instrument.is_trading, place, instrument.symbol)

        return sorted(self._by_base.get(name, []), key=rank)

    def bases(self) -> frozenset[str]:
        """Return the coins that can be traded now."""
        return frozenset(one.base for one in self._by_symbol.values() if one.is_trading)

    def route(self, quote: str, currency: str) -> Route | None:
        """Return the legs from `quote` to `currency` (RULES 2): direct, inverse, or through USDT.

        Empty when they are the same. Only symbols that trade now count; None when there is no way.
        """
        if quote == currency:
            return ()
        leg = self._leg(quote, currency)
        if leg is not None:
            return (leg,)
        first, second = self._leg(quote, BRIDGE), self._leg(BRIDGE, currency)
        if first is None or second is None:
            return None
        return (first, second)

    def idle_since_ms(self, symbol: str) -> int | None:
        """Return since when the venue shows the symbol as not trading (RULES 5, `delisted`)."""
        return self._idle_since.get(symbol)

    def gone_since_ms(self, symbol: str) -> int | None:
        """Return since when the venue no longer lists the symbol (RULES 5, `delisted`)."""
        return self._gone_since.get(symbol)

    def is_delisted(self, symbol: str) -> bool:
        """Whether the venue has dropped a symbol for good (RULES 5), as a fresh answer shows it."""
        now_ms = self._clock.now_ms()
        if now_ms - self.refreshed_ms > FRESH_MS:
            return False
        gone_ms = now_ms - self._gone_since.get(symbol, now_ms)
        idle_ms = now_ms - self._idle_since.get(symbol, now_ms)
        return gone_ms >= GONE_MS or idle_ms >= IDLE_MS

    async def run(self) -> None:
        """Refresh every hour until cancelled; an unreachable venue is asked again soon."""
        while True:
            is_fresh = await self.refresh()
            await asyncio.sleep(REFRESH_SECONDS if is_fresh else RETRY_SECONDS)

    async def refresh(self) -> bool:
        """Ask the venue; return whether it answered usefully. What was known stays otherwise."""
        if self._history is None:
            return False
        async with self._turn:
            self._asked_at = self._clock.monotonic()
            try:
                body = await self._history.exchange_info()
                # Megabytes of JSON: off the loop, which must not stand still for it.
                found = await asyncio.to_thread(parse_exchange_info, body)
            except (HistoryError, BadAnswer):
                return False
            if not found:
                return False
            self.take(found)
            return True

    async def refresh_for_unknown(self) -> bool:
        """Refresh because somebody named an unknown symbol, at most once a minute."""
        asked_at = self._asked_at
        if asked_at is not None and self._clock.monotonic() - asked_at < UNKNOWN_SECONDS:
            return False
        return await self.refresh()

    def snapshot(self) -> bytes:
        """Return all that is known, compact, for `restore` at a start without network."""
        known = _Snapshot(
            self.refreshed_ms, list(self._by_symbol.values()), self._idle_since, self._gone_since
        )
        return zlib.compress(_encode(known))

    def restore(self, snapshot: bytes) -> None:
        """Take over a snapshot, unless the venue was heard since. Raises `BadSnapshot`."""
        try:
            raw = zlib.decompressobj().decompress(snapshot, SNAPSHOT_BYTES_MAX)
            known = _decode(raw)
        except (zlib.error, msgspec.MsgspecError) as error:
            raise BadSnapshot("instruments") from error
        if known.refreshed_ms > self.refreshed_ms:
            self._index(known.instruments)
            self._idle_since, self._gone_since = known.idle_since_ms, known.gone_since_ms
            self.refreshed_ms = known.refreshed_ms

    def take(self, found: list[Instrument]) -> None:
        """Replace what was known; a symbol that is gone stays known, as not trading."""
        now_ms = self._clock.now_ms()
        listed = {instrument.symbol for instrument in found}
        gone = [item for item in self._by_symbol.values() if item.symbol not in listed]
        left = [msgspec.structs.replace(item, is_trading=False) for item in gone]
        idle = [item.symbol for item in (*found, *left) if not item.is_trading]
        self._idle_since = {name: self._idle_since.get(name, now_ms) for name in idle}
        self._gone_since = {item.symbol: self._gone_since.get(item.symbol, now_ms) for item in gone}
        self._index((*found, *left))
        self.refreshed_ms = now_ms

    def _index(self, instruments: Iterable[Instrument]) -> None:
        self._by_symbol = {item.symbol: item for item in instruments}
        self._by_pair = {(item.base, item.quote): item for item in self._by_symbol.values()}
        self._by_base = {}
        for item in self._by_symbol.values():
            self._by_base.setdefault(item.base, []).append(item)

    def _leg(self, source: str, target: str) -> Leg | None:
        direct = self._by_pair.get((source, target))
        if direct is not None and direct.is_trading:
            return Leg(direct.symbol)
        inverse = self._by_pair.get((target, source))
        if inverse is not None and inverse.is_trading:
            return Leg(inverse.symbol, is_inverse=True)
        return None
