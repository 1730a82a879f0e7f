"""One symbol's tape while live: each print once, in id order, whatever the network does.

Ids alone decide: at or below the last is a duplicate, the next one is applied, beyond it is a
hole. What cannot be applied yet is held, within bounds; it refuses to skip or to reorder.
"""

import asyncio
from collections.abc import Callable
from enum import Enum

from engine.core.events import PriceTick
from engine.market.ports import Anchor, Sink


class TapeNeed(Enum):
    """What a tape asks of its feed."""

    FILL = "fill"
    DRAIN = "drain"


class TapeLimits:
    """How much a tape holds and hands on at a time."""

    __slots__ = ("drain_max", "held_max")

    def __init__(self, held_max: int, drain_max: int) -> None:
        self.held_max = held_max
        self.drain_max = drain_max


class SymbolTape:
    """State of one symbol. `last_id` is the last print the sink took, `highest_id` any heard of."""

    __slots__ = (
        "_ask",
        "_held",
        "_limits",
        "_sink",
        "doubted_id",
        "duplicates",
        "highest_id",
        "highest_time_ms",
        "holes_filled",
        "is_dropped",
        "is_held",
        "is_subscribed",
        "last_id",
        "last_price",
        "last_time_ms",
        "ready",
        "symbol",
    )

    def __init__(
        self,
        symbol: str,
        sink: Sink,
        limits: TapeLimits,
        ask: Callable[["SymbolTape", TapeNeed], None],
    ) -> None:
        self.symbol = symbol
        self.last_id = -1
        self.last_price = ""
        self.last_time_ms = 0
        self.highest_id = -1
        self.highest_time_ms = 0
        self.doubted_id = -1
        self.is_held = False
        self.is_dropped = False
        self.is_subscribed = False
        self.duplicates = 0
        self.holes_filled = 0
        self.ready = asyncio.Event()
        self._held: dict[int, PriceTick] = {}
        self._sink = sink
        self._limits = limits
        self._ask = ask

    @property
    def is_anchored(self) -> bool:
        """Whether the tape knows its place."""
        return self.last_id >= 0

    @property
    def has_hole(self) -> bool:
        """Whether prints are known to exist that are neither applied nor held."""
        return self.highest_id > self.last_id and self.last_id + 1 not in self._held

    @property
    def is_doubtful(self) -> bool:
        """Whether prints may have been missed since the last one: nothing proved otherwise yet."""
        return self.doubted_id == self.last_id

    @property
    def is_ready(self) -> bool:
        """Whether the last price is live: subscribed, anchored, whole."""
        known = self.is_subscribed and self.is_anchored and self.last_price != ""
        return known and not self.has_hole and not self.is_doubtful

    def anchor(self, anchor: Anchor) -> None:
        """Take a place to resume after. Only the first counts; later ones change nothing."""
        if self.is_anchored:
            return
        self.last_id = self.doubted_id = anchor.last_id
        self.last_price = anchor.last_price
        self.last_time_ms = anchor.last_time_ms
        self.highest_id = max(self.highest_id, anchor.last_id)
        self.highest_time_ms = max(self.highest_time_ms, anchor.last_time_ms)

    def doubt(self) -> None:
        """Say that prints may be missed from here on: the connection was lost."""
        self.doubted_id = self.last_id
        self.is_subscribed = False
        self.ready.clear()

    def clear_doubt(self) -> None:
        """Say that the venue confirmed the last print as its newest."""
        self.doubted_id = -1
        self.settle()

    def settle(self) -> None:
        """Tell waiters whether the tape is ready."""
        if self.is_ready:
            self.ready.set()
        else:
            self.ready.clear()

    def apply(self, print_id: int, price: str, time_ms: int) -> None:
        """Take one print from the stream or from REST: apply it, hold it, or drop a duplicate."""
        if print_id == self.last_id + 1 and self.highest_id == self.last_id:
            tick = PriceTick(self.symbol, print_id, price, time_ms)
            self.highest_id = print_id
            self.highest_time_ms = time_ms
            if self._sink.on_tick(tick):
                self.last_id = print_id
                self.last_price = price
                self.last_time_ms = time_ms
            else:
                self._held[print_id] = tick
                self.is_held = True
        elif print_id <= self.last_id:
            self.duplicates += 1
        else:
            self._apply_beyond(PriceTick(self.symbol, print_id, price, time_ms))

    def note_highest(self, print_id: int, time_ms: int) -> None:
        """Learn that a print exists, without having it in order: a hole if it is beyond."""
        if print_id > self.highest_id:
            self.highest_id = print_id
            self.highest_time_ms = time_ms

    def ask(self, need: TapeNeed) -> None:
        """Tell the feed what this tape needs."""
        self._ask(self, need)

    def release(self) -> None:
        """Offer held prints again: the sink is free."""
        self.is_held = False
        self.drain()

    def drain(self) -> None:
        """Hand on what is in order, a bounded number at a time; ask for the rest."""
        held, left = self._held, self._limits.drain_max
        while held and not self.is_held and left:
            tick = held.get(self.last_id + 1)
            if tick is None:
                break
            if not self._sink.on_tick(tick):
                self.is_held = True
                break
            del held[tick.id]
            self.last_id, self.last_price, self.last_time_ms = tick.id, tick.price, tick.time_ms
            left -= 1
        self._after_drain()

    def skip_next(self) -> None:
        """Step over an id that the venue proved not to have (or only with an impossible price)."""
        assert self.has_hole
        self.last_id += 1
        self.drain()

    def _after_drain(self) -> None:
        if self.is_held:
            return
        if self.last_id + 1 in self._held:
            self.ask(TapeNeed.DRAIN)
        elif self.highest_id > self.last_id:
            self.ask(TapeNeed.FILL)
        self.settle()

    def _apply_beyond(self, tick: PriceTick) -> None:
        if not self.is_anchored:
            self.last_id = tick.id - 1
            self.last_time_ms = tick.time_ms
        self.note_highest(tick.id, tick.time_ms)
        if tick.id in self._held:
            self.duplicates += 1
            return
        # The next one always fits, else a full buffer could never empty itself.
        if len(self._held) < self._limits.held_max or tick.id == self.last_id + 1:
            self._held[tick.id] = tick
        if self.is_held:
            return
        if tick.id == self.last_id + 1:
            self.drain()
        elif self.has_hole:
            self.ask(TapeNeed.FILL)
            self.ready.clear()
