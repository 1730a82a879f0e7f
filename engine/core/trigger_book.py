"""The trigger book: every threshold of a symbol, sorted, with the nearest pair in two flat slots.

It knows floats and owners only. A float index never misses (float(Decimal) is monotone) but may
fire early by a rounding: the exact numbers decide on the few hits, elsewhere.
"""

from array import array
from bisect import bisect_left, bisect_right
from math import inf

BLOCK = 1_000
KIND_BITS = 4
KIND_MASK = (1 << KIND_BITS) - 1

LIQUIDATION = 1
STOP = 2
TARGET = 3
ALERT = 4


def pack(owner_id: int, kind: int) -> int:
    """Return the owner of a threshold: an id (trade, order, alert) with the kind of its rule."""
    return owner_id << KIND_BITS | kind


class SymbolBook:
    """The thresholds of one symbol.

    A key is `+level` for what fires at or below it and `-level` for what fires at or above it
    (levels are > 0), so that both sides fire from the top of their list. A quiet print is one that
    passes `floor < price < ceiling`.
    """

    __slots__ = ("_above", "_below", "_is_forced", "ceiling", "floor")

    def __init__(self) -> None:
        self._below = Thresholds()
        self._above = Thresholds()
        self._is_forced = False
        self.floor = -inf
        self.ceiling = inf

    def __len__(self) -> int:
        return len(self._below) + len(self._above)

    def touch(self, price: float) -> bool:
        """Return whether a print at `price` may fire anything (or everything must be looked at)."""
        return price <= self.floor or price >= self.ceiling

    def add(self, key: float, owner: int) -> None:
        """Put a threshold in."""
        if key > 0:
            self._below.add(key, owner)
            if key > self.floor:  # noqa: PLR1730  # a call would cost more than the rest
                self.floor = key
        else:
            self._above.add(key, owner)
            if -key < self.ceiling:  # noqa: PLR1730  # the same
                self.ceiling = -key

    def remove(self, key: float, owner: int) -> bool:
        """Take out exactly this threshold; return whether it stood here."""
        was_here = (self._below if key > 0 else self._above).remove(key, owner)
        self._refresh()
        return was_here

    def take(self, price: float) -> list[int]:
        """Remove what a print at `price` fires and return the owners, in no promised order."""
        hits = self._below.take(price) + self._above.take(-price)
        self._refresh()
        return hits

    def force(self, is_forced: bool) -> None:  # noqa: FBT001  # a setter
        """Make every print touch (something is pending), or only those that reach a level."""
        self._is_forced = is_forced
        self._refresh()

    def owners(self) -> list[tuple[float, int]]:
        """Return every (key, owner), for checks of the index against the trades."""
        return self._below.entries() + self._above.entries()

    def _refresh(self) -> None:
        self.floor = inf if self._is_forced else self._below.top
        self.ceiling = -self._above.top


class Thresholds:
    """A sorted list of (key, owner) in blocks of about a thousand: 16 bytes an entry.

    Adding and removing is O(log n) with a memmove of one block; equal keys are ordered by owner,
    so that a crowd at one round price costs nothing extra.
    """

    __slots__ = ("_first_keys", "_first_owners", "_keys", "_owners", "top")

    def __init__(self) -> None:
        self._keys: list[array[float]] = []
        self._owners: list[array[int]] = []
        self._first_keys = array("d")
        self._first_owners = array("q")
        self.top = -inf

    def __len__(self) -> int:
        return sum(map(len, self._keys))

    def add(self, key: float, owner: int) -> None:
        """Put an entry in its place."""
        if key > self.top:  # noqa: PLR1730  # the hot path of loading and opening
            self.top = key
        if not self._keys:
            self._insert_block(0, array("d", (key,)), array("q", (owner,)))
            return
        block = self._block_of(key, owner)
        keys, owners = self._keys[block], self._owners[block]
        position = _position(keys, owners, key, owner)
        keys.insert(position, key)
        owners.insert(position, owner)
        if position == 0:
            self._first_keys[block] = key
            self._first_owners[block] = owner
        if len(keys) > 2 * BLOCK:
            self._insert_block(block + 1, keys[BLOCK:], owners[BLOCK:])
            self._keys[block], self._owners[block] = keys[:BLOCK], owners[:BLOCK]

    def remove(self, key: float, owner: int) -> bool:
        """Take one entry out; return whether it was here."""
        if not self._keys:
            return False
        block = self._block_of(key, owner)
        keys, owners = self._keys[block], self._owners[block]
        position = _position(keys, owners, key, owner)
        if position == len(keys) or keys[position] != key or owners[position] != owner:
            return False
        del keys[position], owners[position]
        if not keys:
            self._delete_blocks(block, block + 1)
        elif position == 0:
            self._first_keys[block] = keys[0]
            self._first_owners[block] = owners[0]
        self.top = self._keys[-1][-1] if self._keys else -inf
        return True

    def take(self, key: float) -> list[int]:
        """Remove every entry at or above `key` and return the owners."""
        if key > self.top:
            return []
        whole = bisect_left(self._first_keys, key)
        taken = [owner for owners in self._owners[whole:] for owner in owners]
        self._delete_blocks(whole, len(self._keys))
        if whole:  # the block before may straddle the key; its first entry stays
            keys, owners = self._keys[-1], self._owners[-1]
            position = bisect_left(keys, key)
            taken.extend(owners[position:])
            del keys[position:], owners[position:]
        self.top = self._keys[-1][-1] if self._keys else -inf
        return taken

    def entries(self) -> list[tuple[float, int]]:
        """Return every entry in order."""
        return [
            entry
            for keys, owners in zip(self._keys, self._owners, strict=True)
            for entry in zip(keys, owners, strict=True)
        ]

    def _block_of(self, key: float, owner: int) -> int:
        firsts = self._first_keys
        after = bisect_right(firsts, key)
        if after and firsts[after - 1] == key:  # blocks that begin with it: the owner tells
            same = bisect_left(firsts, key, 0, after)
            after = bisect_right(self._first_owners, owner, same, after)
        return after - 1 if after else 0

    def _insert_block(self, at: int, keys: "array[float]", owners: "array[int]") -> None:
        self._keys.insert(at, keys)
        self._owners.insert(at, owners)
        self._first_keys.insert(at, keys[0])
        self._first_owners.insert(at, owners[0])

    def _delete_blocks(self, start: int, stop: int) -> None:
        del self._keys[start:stop], self._owners[start:stop]
        del self._first_keys[start:stop], self._first_owners[start:stop]


def _position(keys: "array[float]", owners: "array[int]", key: float, owner: int) -> int:
    low = bisect_left(keys, key)
    if low == len(keys) or keys[low] != key:
        return low
    return bisect_left(owners, owner, low, bisect_right(keys, key, low))
