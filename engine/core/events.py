"""What happened outside: a print of the venue, the proof that there was none, a symbol's end."""

from msgspec import Struct


class PriceTick(Struct, frozen=True, gc=False):
    """One aggregate trade. `price` stays the venue's text: exact when asked, cheap when quiet.

    `id` is contiguous per symbol and orders the tape; `time_ms` is the venue's `T` (UTC).
    """

    symbol: str
    id: int
    price: str
    time_ms: int


class TapeQuiet(Struct, frozen=True, gc=False):
    """Proof that after print `last_id` the symbol had no other with `T <= until_ms`."""

    symbol: str
    last_id: int
    until_ms: int


class SymbolDelisted(Struct, frozen=True, gc=False):
    """The venue has dropped a symbol for good (RULES 5); `trades` may be open on it at `at_ms`."""

    symbol: str
    trades: tuple[int, ...]
    at_ms: int


class Place(Struct, frozen=True, gc=False):
    """What is known of a symbol when a command arrives (RULES 3).

    `after_id` is the highest id known, which may be ahead of the last one applied while a hole
    is being filled; `now_ms` is venue time; `is_fresh` is false when the price is stale;
    `is_live` is false when prints may exist that nobody here has heard of (no live connection).
    """

    symbol: str
    after_id: int
    now_ms: int
    is_fresh: bool
    last_price: str
    last_time_ms: int
    is_live: bool = True
