"""From a ticket to what is said: only what is stored, and soon, even when the print is late."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from decimal import Decimal

from bot.use_cases.context import Caller, Context
from bot.use_cases.telling import Particulars, view_of
from bot.views import (
    DoneCode,
    DoneView,
    OrderFailedView,
    OrderWaitingView,
    ProblemCode,
    ProblemView,
    RefusedView,
    View,
)
from db.store.quotas import OPEN_TRADES_MAX, WAITING_ENTRIES_MAX
from engine.core.commands import Refusal, RefusalCode
from engine.core.effects import TradeExited, TradeOpened
from engine.core.instrument import Direction, Instrument
from engine.core.numbers import text_of
from engine.ports import Verdict
from engine.tickets import Ticket, Told

WAITING_SECONDS = 1.0
PATIENCE_SECONDS = 20.0
STORED_SECONDS = 10.0


@dataclass(frozen=True)
class Answering:
    """What an order is about. `number`: the trade that it closes; `started`: monotonic seconds."""

    instrument: Instrument
    direction: Direction
    started: float
    number: int | None = None
    equity: Decimal | None = None
    is_patient: bool = False


async def answer_order(
    context: Context, caller: Caller, ticket: Ticket, about: Answering
) -> AsyncGenerator[View, None]:
    """Yield the result; after a second without one say that the order waits.

    A patient order, or one that takes very long, is told later as a notice.
    """
    ended = await within(ticket.ended, WAITING_SECONDS)
    if ended is None:
        place = context.desk.place(about.instrument.symbol)
        yield OrderWaitingView(
            instrument=about.instrument,
            direction=about.direction,
            number=about.number,
            price_age_ms=place.now_ms - place.last_time_ms if place else None,
            is_patient=about.is_patient,
        )
        if about.is_patient:
            return
        ended = await within(ticket.ended, PATIENCE_SECONDS)
    if ended is not None:
        yield answered(context, caller, ended, about)


def answered(context: Context, caller: Caller, ended: Told | Refusal, about: Answering) -> View:
    """Return what a command came to."""
    if isinstance(ended, Refusal):
        return RefusedView(
            refusal=ended,
            currency=caller.person.currency,
            instrument=about.instrument,
            direction=about.direction,
            number=about.number,
        )
    if (problem := unstored(ended)) is not None:
        return problem
    known = Particulars(
        currency=caller.person.currency,
        number=ended.ruling.number or about.number,
        balance=Decimal(ended.ruling.balance) if ended.ruling.balance else None,
        equity=about.equity,
        latency_ms=round((context.clock.monotonic() - about.started) * 1000),
        direction=about.direction,
    )
    if ended.ruling.verdict is Verdict.REFUSED:
        return OrderFailedView(
            instrument=about.instrument,
            direction=about.direction,
            refusal=_refusal(ended),
            currency=caller.person.currency,
        )
    view = view_of(context, ended.effect, known)
    assert view is not None, "an order ends in something that can be told"
    return view


def unstored(told: Told) -> View | None:
    """Return what to say of an effect that the store did not take, None of one that it did."""
    match told.ruling.verdict:
        case Verdict.DUPLICATE:
            return DoneView(code=DoneCode.ALREADY_DONE)
        case Verdict.VOID | Verdict.CONFLICT:
            return ProblemView(code=ProblemCode.TRY_AGAIN)
        case _:
            return None


def claim(caller: Caller, answer: Ticket | Refusal) -> None:
    """Say that this reply tells how the order ends."""
    if isinstance(answer, Ticket) and answer.order_id is not None:
        caller.claims.add(answer.order_id)


def ended_at_ms(ticket: Ticket) -> tuple[bool, int, int]:
    """Return a key that sorts tickets by when their orders were booked, the open ones last."""
    told = ticket.ended.result() if ticket.ended.done() else None
    if not isinstance(told, Told) or not isinstance(told.effect, TradeOpened | TradeExited):
        return (True, 0, 0)
    return (False, told.ruling.notice_id or 0, told.effect.fill.booked_at_ms)


async def within(future: asyncio.Future[Told | Refusal], seconds: float) -> Told | Refusal | None:
    """Return the answer, or None when it takes longer; the future stays as it is."""
    await asyncio.wait({future}, timeout=seconds)
    return future.result() if future.done() else None


def _refusal(told: Told) -> Refusal:
    """Return why the store refused: too little money, else too many of a kind."""
    effect, balance = told.effect, told.ruling.balance
    if isinstance(effect, TradeOpened) and balance is not None:
        needed = text_of(effect.fill.fee - effect.fill.amount)
        return Refusal(RefusalCode.BALANCE_TOO_LOW, {"needed": needed, "balance": balance})
    limit = OPEN_TRADES_MAX if isinstance(effect, TradeOpened) else WAITING_ENTRIES_MAX
    return Refusal(RefusalCode.QUOTA, {"limit": str(limit)})
