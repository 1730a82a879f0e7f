"""What a command is waiting for: its acceptance, and for an order also its end."""

import asyncio
from dataclasses import dataclass, field

from engine.core.commands import Refusal
from engine.core.effects import (
    AccountReset,
    AlertEnded,
    AlertPlaced,
    Effect,
    ExitsSet,
    OrderEnded,
    OrderPlaced,
    TradeExited,
    TradeOpened,
)
from engine.ports import Decided, Ruling, Verdict

Name = tuple[int, str]
"""Whose key: a key is unique for its user only."""


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
        self._by_name: dict[Name, Ticket] = {}
        self._by_order: dict[int, Ticket] = {}

    def __len__(self) -> int:
        """Return how many commands still wait."""
        return len({id(one) for one in (*self._by_name.values(), *self._by_order.values())})

    def pending(self, name: Name) -> Ticket | None:
        """Return the ticket of a command with this key that is not stored yet."""
        return self._by_name.get(name)

    def issue(self, name: Name, order_id: int | None) -> Ticket:
        """Open a ticket; `order_id` for a command that places an order."""
        assert name not in self._by_name, "a pending key has its ticket"
        ticket = Ticket(name[1], order_id)
        self._by_name[name] = ticket
        if order_id is not None:
            self._by_order[order_id] = ticket
        return ticket

    def resolve(self, told: Told) -> None:
        """Answer whoever waits for this effect."""
        is_applied = told.ruling.verdict is Verdict.APPLIED
        name = _name_of(told.effect)
        if name is not None and (ticket := self._by_name.pop(name, None)):
            _answer(ticket.accepted, told)
            if ticket.order_id is None or not is_applied:
                _answer(ticket.ended, told)
                self._by_order.pop(ticket.order_id or 0, None)
        for order_id in _ended_orders(told.effect, is_applied=is_applied):
            self._end(order_id, told)

    def refuse(self, name: Name, refusal: Refusal) -> None:
        """Answer that nothing was done."""
        ticket = self._by_name.pop(name, None)
        if ticket is not None:
            self._by_order.pop(ticket.order_id or 0, None)
            _answer(ticket.accepted, refusal)
            _answer(ticket.ended, refusal)

    def refuse_all(self, refusal: Refusal) -> None:
        """Answer everybody who waits: the term of this engine is over."""
        for ticket in [*self._by_name.values(), *self._by_order.values()]:
            _answer(ticket.accepted, refusal)
            _answer(ticket.ended, refusal)
        self._by_name.clear()
        self._by_order.clear()

    def _end(self, order_id: int, told: Told) -> None:
        ticket = self._by_order.pop(order_id, None)
        if ticket is not None:
            _answer(ticket.accepted, told)
            _answer(ticket.ended, told)


def _name_of(effect: Effect) -> Name | None:
    match effect:
        case OrderPlaced(order=order, key=key):
            return order.user_id, key
        case OrderEnded(order=order, key=str(key)):
            return order.user_id, key
        case ExitsSet(trade=trade, key=key):
            return trade.user_id, key
        case AlertPlaced(alert=alert, key=key) | AlertEnded(alert=alert, key=str(key)):
            return alert.user_id, key
        case AccountReset(user_id=user_id, key=key):
            return user_id, key
        case _:
            return None


def _ended_orders(effect: Effect, *, is_applied: bool) -> tuple[int, ...]:
    """Return the orders that this effect was the end of; a reset that failed ended none."""
    match effect:
        case TradeOpened():
            return (effect.trade.id,)
        case TradeExited(order_id=int(order_id)):
            return (order_id,)
        case OrderEnded():
            return (effect.order.id,) if is_applied or effect.key is None else ()
        case AccountReset():
            return effect.orders if is_applied else ()
        case _:
            return ()


def _answer(future: asyncio.Future[Told | Refusal], answer: Told | Refusal) -> None:
    if not future.done():
        future.set_result(answer)
