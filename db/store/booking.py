"""Books effects inside an open transaction, wave after wave, and rules on each of them."""

import logging
from collections.abc import Awaitable, Callable, Sequence

from db.pool import Connection
from db.store.alerts import end_alerts, fire_alerts, place_alerts
from db.store.entries import book_entries
from db.store.exits import book_exits
from db.store.keys import Claims, claim, forget
from db.store.orders import end_orders, place_orders, set_levels
from db.store.places import end_segments
from db.store.recall import recall, recall_keyed
from db.store.resets import reset_account
from db.store.waves import Item, waves
from engine.core.effects import (
    AccountReset,
    AlertEnded,
    AlertFired,
    AlertPlaced,
    Effect,
    ExitsSet,
    OrderEnded,
    OrderPlaced,
    TradeExited,
    TradeOpened,
)
from engine.ports import Ruling, Verdict
from engine.reach import rests_on, subjects

log = logging.getLogger(__name__)

Statement = Callable[[Connection, Sequence[Item]], Awaitable[dict[int, Ruling]]]

_STATEMENTS: tuple[tuple[type[Effect], Statement], ...] = (
    (OrderPlaced, place_orders),
    (OrderEnded, end_orders),
    (ExitsSet, set_levels),
    (TradeExited, book_exits),
    (TradeOpened, book_entries),
    (AlertPlaced, place_alerts),
    (AlertFired, fire_alerts),
    (AlertEnded, end_alerts),
)

_NOT_STORED = (Verdict.CONFLICT, Verdict.VOID, Verdict.REFUSED)


class Booking:
    """One attempt at a batch. What rests on an effect that did not hold is void."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._broken: set[int] = set()
        self.rulings: dict[int, Ruling] = {}

    async def book(self, items: Sequence[Item]) -> None:
        """Book items in their order; afterwards each has its ruling."""
        claims = await claim(self._connection, items)
        for wave in waves(items):
            await self._book_wave(wave, claims)
        await end_segments(self._connection, items)
        unstored = [i for i in items if self.rulings[i.position].verdict in _NOT_STORED]
        await forget(self._connection, [i for i in unstored if i.position not in claims.taken])

    def rule(self, item: Item, ruling: Ruling) -> None:
        """Keep a ruling; a verdict other than APPLIED voids what follows on the same trade."""
        self.rulings[item.position] = ruling
        if ruling.verdict is not Verdict.APPLIED:
            self._broken |= subjects(item.effect)
        if ruling.verdict is Verdict.CONFLICT:
            log.error("conflict: %s does not fit what is stored", item.effect)

    def is_void(self, item: Item) -> bool:
        """Whether an item rests on something that did not hold."""
        return not self._broken.isdisjoint(rests_on(item.effect))

    async def _book_wave(self, wave: Sequence[Item], claims: Claims) -> None:
        standing: list[Item] = []
        for item in wave:
            if item.position in claims.taken:
                first = claims.taken[item.position]
                self.rule(item, Ruling(Verdict.DUPLICATE, original_id=first))
            elif self.is_void(item):
                self.rule(item, Ruling(Verdict.VOID))
            elif item.position in claims.own:
                known = await recall_keyed(self._connection, item, claims.own[item.position])
                self.rule(item, known or Ruling(Verdict.CONFLICT))
            elif isinstance(item.effect, AccountReset):
                done = await reset_account(self._connection, item)
                self.rule(item, done or Ruling(Verdict.CONFLICT))
            else:
                standing.append(item)
        for kind, statement in _STATEMENTS:
            if group := [item for item in standing if isinstance(item.effect, kind)]:
                await self._book_group(group, statement)

    async def _book_group(self, group: Sequence[Item], statement: Statement) -> None:
        found = await statement(self._connection, group)
        missing = [item for item in group if item.position not in found]
        if missing:
            found |= await recall(self._connection, missing)
        for item in group:
            self.rule(item, found.get(item.position) or Ruling(Verdict.CONFLICT))
