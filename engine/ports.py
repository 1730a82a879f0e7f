"""What the engine asks of the outside: the store that books, as a role. db/ plays it.

StoreError
├── Fenced            another process holds the lease: drop memory, stand by
├── OutcomeUnknown    the batch may or may not be stored: send the very same batch again
└── StoreUnavailable  nothing was stored; the database cannot be reached
"""

from collections.abc import AsyncIterator, Collection, Sequence
from enum import StrEnum
from typing import Protocol

from msgspec import Struct

from engine.core.alerts import PriceAlert
from engine.core.effects import Checkpoint, Effect
from engine.core.orders import WaitingOrder


class StoreError(Exception):
    """The store could not do what was asked."""


class Fenced(StoreError):
    """The lease's epoch is no longer ours; nothing of the batch was stored."""


class OutcomeUnknown(StoreError):
    """The reply to a commit was lost; sending the same batch again is harmless."""


class StoreUnavailable(StoreError):
    """The database cannot be reached or written now; nothing of the batch was stored."""


class Verdict(StrEnum):
    """What the store says of one effect."""

    APPLIED = "applied"
    DUPLICATE = "duplicate"
    REFUSED = "refused"
    VOID = "void"
    CONFLICT = "conflict"


class Decided(Struct, frozen=True):
    """An effect on its way to the store. `late_since_ms`: found late, after silence since then."""

    effect: Effect
    decided_at_ms: int
    late_since_ms: int | None = None


class Ruling(Struct, frozen=True):
    """The store's answer for one effect, in the batch's order.

    `number` is the trade's number for its owner; `notice_id` the notice written beside it, if
    any; `balance` the account's balance afterwards as text (only where the effect moved money, or
    was refused for want of it);
    `original_id` the order, trade or account of the first command with a DUPLICATE's key.
    """

    verdict: Verdict
    number: int | None = None
    notice_id: int | None = None
    balance: str | None = None
    original_id: int | None = None


class Batch(Struct, frozen=True):
    """What one transaction stores: effects in decided order, then the checkpoints."""

    epoch: int
    effects: Sequence[Decided]
    checkpoints: Sequence[Checkpoint]


class EngineStore(Protocol):
    """The engine's side of the database. Every call is bounded in time by the store itself."""

    async def commit(self, batch: Batch) -> list[Ruling]:
        """Store a batch exactly once. Raises Fenced, OutcomeUnknown or StoreUnavailable."""
        ...

    async def checkpoints(self) -> list[Checkpoint]:
        """Return the checkpoint of every symbol that has one."""
        ...

    async def segment_cuts(self) -> dict[str, list[int]]:
        """Return by symbol the ends of stored watermark segments ahead of its checkpoint's."""
        ...

    async def waiting_orders(self) -> list[WaitingOrder]:
        """Return the orders that still wait, by id."""
        ...

    async def armed_alerts(self, among: Collection[int] | None = None) -> list[PriceAlert]:
        """Return the alerts that have not fired (of these, if any are named), by id."""
        ...

    def open_trades(self) -> AsyncIterator[list[bytes]]:
        """Yield every open trade as a JSON line that `trade_table.read` understands, in pages."""
        ...

    async def trade_line(self, trade_id: int) -> bytes | None:
        """Return one open trade's line, or None when it is closed or unknown."""
        ...

    async def reserve_ids(self, count: int) -> range:
        """Take `count` fresh, rising ids for orders, trades and alerts."""
        ...


class Lease(Protocol):
    """The right to write, held by one process at a time; its epoch is the fence."""

    async def acquire(self) -> int:
        """Wait until the lease is ours and return its new epoch."""
        ...

    async def renew(self) -> bool:
        """Prolong the lease; False: it is lost. Raises StoreUnavailable: it cannot be known."""
        ...

    async def release(self) -> None:
        """Give the lease up, so that a successor need not wait. Never raises StoreError."""
        ...
