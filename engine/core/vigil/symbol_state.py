"""What the vigil remembers of one symbol: its place on the tape, watermark segment, what waits."""

from collections import deque
from collections.abc import Iterator
from decimal import Decimal
from heapq import heappop, heappush
from math import inf

from engine.core.commands import Command
from engine.core.effects import Checkpoint, Effect, Segment
from engine.core.events import PriceTick
from engine.core.orders import WaitingOrder
from engine.core.rates import History
from engine.core.trigger_book import SymbolBook

CUT = 0
"""Stands among the trades that are armed later for a segment that ends there."""


class SymbolState:
    """One watched symbol. `price` and `time_ms` are the last applied print's."""

    __slots__ = (
        "arming",
        "before",
        "book",
        "deferred",
        "firing",
        "high",
        "high_text",
        "history",
        "last_id",
        "low",
        "low_text",
        "price",
        "segment_after_id",
        "symbol",
        "time_ms",
        "waiting",
    )

    def __init__(self, checkpoint: Checkpoint) -> None:
        self.symbol = checkpoint.symbol
        self.last_id = checkpoint.last_id
        self.price = checkpoint.price
        self.time_ms = checkpoint.time_ms
        self.segment_after_id = checkpoint.segment_after_id
        self.high_text = checkpoint.high
        self.low_text = checkpoint.low
        self.high = float(checkpoint.high) if checkpoint.high else -inf
        self.low = float(checkpoint.low) if checkpoint.low else inf
        self.book = SymbolBook()
        self.history: History | None = None
        self.waiting: dict[int, WaitingOrder] = {}
        self.arming: list[tuple[int, int]] = []
        self.deferred: deque[Command] = deque()
        self.firing: Iterator[Effect] | None = None
        self.before: Checkpoint | None = None

    def settle(self) -> None:
        """Send every print the long way while anything is pending here."""
        is_firing = self.firing is not None
        self.book.force(is_firing or bool(self.waiting or self.arming or self.deferred))

    def arm_later(self, after_id: int, trade_id: int) -> None:
        """Note a trade that no print up to `after_id` may touch."""
        heappush(self.arming, (after_id, trade_id))
        self.settle()

    def pop_arming(self) -> tuple[int, int]:
        """Take the (place, trade id) with the lowest place from those that are armed later."""
        return heappop(self.arming)

    def apply(self, tick: PriceTick) -> None:
        """Make `tick` the last print and widen the running segment by it."""
        self.last_id = tick.id
        self.price = tick.price
        self.time_ms = tick.time_ms
        price = float(tick.price)
        if price >= self.high or price <= self.low:
            self.widen(price, tick.price)
        if self.history is not None:
            self.history.record(tick.time_ms, tick.price)

    def widen(self, price: float, text: str) -> None:
        """Take a print into the segment's high and low; the exact number decides on a tie."""
        if price > self.high or (price == self.high and Decimal(text) > Decimal(self.high_text)):
            self.high, self.high_text = price, text
        if price < self.low or (price == self.low and Decimal(text) < Decimal(self.low_text)):
            self.low, self.low_text = price, text

    def cut_segment(self) -> Segment | None:
        """End the running segment at the last print and begin one; None if it had no print."""
        ended = None
        if self.high_text:
            high, low = Decimal(self.high_text), Decimal(self.low_text)
            ended = Segment(self.symbol, self.segment_after_id, self.last_id, high, low)
        self.segment_after_id = self.last_id
        self.high, self.high_text, self.low, self.low_text = -inf, "", inf, ""
        return ended

    def checkpoint(self) -> Checkpoint:
        """Return the place up to which everything is decided: not a print that is being fired."""
        return self.before or self.now()

    def now(self) -> Checkpoint:
        """Return the last applied print with its segment."""
        return Checkpoint(
            symbol=self.symbol,
            last_id=self.last_id,
            price=self.price,
            time_ms=self.time_ms,
            segment_after_id=self.segment_after_id,
            high=self.high_text,
            low=self.low_text,
        )

    def last(self) -> PriceTick:
        """Return the last applied print."""
        return PriceTick(self.symbol, self.last_id, self.price, self.time_ms)
