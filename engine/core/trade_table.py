"""Open trades in compact form: one JSON line each, found by id. A `Trade` exists only on demand.

It decides nothing; thresholds and counts are kept by whoever owns the table.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from decimal import Decimal

import msgspec
from msgspec import Raw, Struct

from engine.core.instrument import Direction, Route
from engine.core.trade import Target, Trade
from engine.core.trigger_book import LIQUIDATION, STOP, TARGET, pack

BLOCK = 1_000


Rough = str | float
"""A number of a line before it is made exact: the index needs no more than its float."""


class Glance(Struct, frozen=True, array_like=True, gc=False):
    """What loading needs of a line; the fields stand as in `Trade`, the rest stays unread."""

    id: int
    user_id: Raw
    account_id: Raw
    symbol: str
    direction: Direction
    revision: int
    after_id: int
    opened_at_ms: Raw
    quantity: Raw
    entry_price: Raw
    reserved: Raw
    entry_fee: Raw
    fee_rate: Raw
    rate: Raw
    route: Route
    liquidation_price: Rough | None = None
    stop_price: Rough | None = None
    targets: tuple[tuple[int, Rough, Rough], ...] = ()


def thresholds(trade: Trade | Glance) -> list[tuple[float, int]]:
    """Return a trade's (key, owner) pairs for the trigger book: what may close it, mirrored."""
    trade_id = trade.id
    sign = 1.0 if trade.direction is Direction.LONG else -1.0
    pairs: list[tuple[float, int]] = []
    if trade.stop_price is not None:
        pairs.append((sign * float(trade.stop_price), pack(trade_id, STOP)))
    if trade.targets:
        pairs.append((-sign * float(_target_price(trade)), pack(trade_id, TARGET)))
    if trade.liquidation_price is not None:
        pairs.append((-float(trade.liquidation_price), pack(trade_id, LIQUIDATION)))
    return pairs


def _target_price(trade: Trade | Glance) -> Decimal | Rough:
    target = trade.targets[-1]
    return target.price if isinstance(target, Target) else target[1]


_trade_decoder = msgspec.json.Decoder(Trade)
_glance_decoder = msgspec.json.Decoder(Glance)
_encoder = msgspec.json.Encoder()


def read(line: bytes) -> Trade:
    """Return the trade that a line holds. Raises msgspec.DecodeError for anything else."""
    return _trade_decoder.decode(line)


def write(trade: Trade) -> bytes:
    """Return a trade's line."""
    return _encoder.encode(trade)


def glance(line: bytes) -> Glance:
    """Return what the index needs of a line, in half the time of `read`."""
    return _glance_decoder.decode(line)


class TradeTable:
    """Lines by rising id, in blocks of a thousand: about 16 bytes a trade beside its line."""

    __slots__ = ("_count", "_firsts", "_ids", "_last_id", "_lines")

    def __init__(self) -> None:
        self._ids: list[array[int]] = []
        self._lines: list[list[bytes]] = []
        self._firsts = array("q")
        self._count = 0
        self._last_id = -1

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[int]:
        for ids in self._ids:
            yield from ids

    def on(self, symbol: str) -> Iterator[list[int]]:
        """Yield block by block the ids of trades that name a symbol, as theirs or as a rate's.

        The table may change between two blocks.
        """
        name = _encoder.encode(symbol)
        for ids, lines in zip(self._ids, self._lines, strict=True):
            yield [trade_id for trade_id, line in zip(ids, lines, strict=True) if name in line]

    def get(self, trade_id: int) -> bytes | None:
        """Return a trade's line, or None when it is not open."""
        block, position = self._find(trade_id)
        if position < 0:
            return None
        return self._lines[block][position]

    def put(self, trade_id: int, line: bytes) -> None:
        """Store a line, new or in place of the one before."""
        if trade_id > self._last_id:  # ids mostly rise
            self._append(trade_id, line)
            return
        block, position = self._find(trade_id)
        if position >= 0:
            self._lines[block][position] = line
            return
        self._count += 1
        if block < 0:  # everything has left, and an earlier id comes back
            self._insert_block(0, array("q", (trade_id,)), [line])
            return
        ids, lines = self._ids[block], self._lines[block]
        position = bisect_left(ids, trade_id)
        ids.insert(position, trade_id)
        lines.insert(position, line)
        if len(ids) > 2 * BLOCK:
            self._insert_block(block + 1, ids[BLOCK:], lines[BLOCK:])
            self._ids[block], self._lines[block] = ids[:BLOCK], lines[:BLOCK]
        self._firsts[block] = self._ids[block][0]

    def remove(self, trade_id: int) -> bytes | None:
        """Take a trade out; return its line, or None when it was not here."""
        block, position = self._find(trade_id)
        if position < 0:
            return None
        self._count -= 1
        ids, lines = self._ids[block], self._lines[block]
        line = lines.pop(position)
        del ids[position]
        if ids:
            self._firsts[block] = ids[0]
        else:
            del self._ids[block], self._lines[block], self._firsts[block]
        return line

    def _find(self, trade_id: int) -> tuple[int, int]:
        """Return block and position; block -1: no blocks, position -1: not here."""
        block = max(bisect_right(self._firsts, trade_id) - 1, 0)
        if block >= len(self._ids):
            return -1, -1
        ids = self._ids[block]
        position = bisect_left(ids, trade_id)
        if position < len(ids) and ids[position] == trade_id:
            return block, position
        return block, -1

    def _append(self, trade_id: int, line: bytes) -> None:
        self._last_id = trade_id
        self._count += 1
        if not self._ids or len(self._ids[-1]) >= BLOCK:
            self._insert_block(len(self._ids), array("q", (trade_id,)), [line])
        else:
            self._ids[-1].append(trade_id)
            self._lines[-1].append(line)

    def _insert_block(self, at: int, ids: "array[int]", lines: list[bytes]) -> None:
        self._ids.insert(at, ids)
        self._lines.insert(at, lines)
        self._firsts.insert(at, ids[0])
