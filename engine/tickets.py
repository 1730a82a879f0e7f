"""What a command is waiting for: its acceptance, and for an order also its end."""

import asyncio
from dataclasses import dataclass, field

from engine.core.commands import Refusal
from engine.core.effects import Effect, OrderEnded, OrderPlaced, TradeExited, TradeOpened
from engine.ports import Decided, Ruling, Verdict


@dataclass(frozen=True)
class Told:
    """A stored effect with the store's ruling: what may be said aloud."""

    effect: Effect
    ruling: Ruling
    decided: Decided


@dataclass
class Ticket:
    """One accepted command. `accepted` is its own effect; `ended` how its order ended.

    Both futures are resolved after commit only; `ended` equals `accepted` for what needs no print.
    A Refusal means that nothing was done.
    """

    key: str
    order_id: int | None = None
    accepted: asyncio.Future[Told | Refusal] = field(default_factory=asyncio.Future[Told | Refusal])
    ended: asyncio.Future[Told | Refusal] = field(default_factory=asyncio.Future[Told | Refusal])


class TicketDesk:
    """Hands out tickets and finds the one that a stored effect belongs to."""

    def __init__(self) -> None:
        self._by_key: dict[str, Ticket] = {}
        self._by_order: dict[int, Ticket] = {}

    def __len__(self) -> int:
        """Return how many commands still wait."""
        return len(self._by_key.keys() | {t.key for t in self._by_order.values()})

    def issue(self, key: str, order_id: int | None) -> Ticket:
        """Open a ticket; `order_id` for a command that places an order."""
        ticket = Ticket(key, order_id)
        self._by_key[key] = ticket
        if order_id is not None:
            self._by_order[order_id] = ticket
        return ticket

    def resolve(self, told: Told) -> None:
        """Answer whoever waits for this effect."""
        effect = told.effect
        if (key := getattr(effect, "key", None)) and (ticket := self._by_key.pop(key, None)):
            _answer(ticket.accepted, told)
            if ticket.order_id is None or told.ruling.verdict is not Verdict.APPLIED:
                _answer(ticket.ended, told)
        if (order_id := _ended_order(effect)) is not None:
            self._end(order_id, told)

    def refuse(self, key: str, refusal: Refusal) -> None:
        """Answer that nothing was done."""
        ticket = self._by_key.pop(key, None)
        if ticket is not None:
            if ticket.order_id is not None:
                self._by_order.pop(ticket.order_id, None)
            _answer(ticket.accepted, refusal)
            _answer(ticket.ended, refusal)

    def refuse_all(self, refusal: Refusal) -> None:
        """Answer everybody who waits: the term of this engine is over."""
        for ticket in [*self._by_key.values(), *self._by_order.values()]:
            _answer(ticket.accepted, refusal)
            _answer(ticket.ended, refusal)
        self._by_key.clear()
        self._by_order.clear()

    def _end(self, order_id: int, told: Told) -> None:
        ticket = self._by_order.pop(order_id, None)
        if ticket is not None:
            _answer(ticket.accepted, told)
            _answer(ticket.ended, told)


def _ended_order(effect: Effect) -> int | None:
    if isinstance(effect, TradeOpened):
        return effect.trade.id
    if isinstance(effect, TradeExited):
        return effect.order_id
    if isinstance(effect, OrderEnded):
        return effect.order.id
    assert not isinstance(effect, OrderPlaced) or effect.key
    return None


def _answer(future: asyncio.Future[Told | Refusal], answer: Told | Refusal) -> None:
    if not future.done():
        future.set_result(answer)
