"""`/practice`: a trade's life in a minute, on invented prices, told as real ones are.

The real core decides and the real views tell. No account, no ledger, nothing stored: its trade
bears the number 0, which nobody's trade has, so that no reply or press on it can mean another.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import replace
from decimal import Decimal
from typing import cast

from msgspec import structs

from bot.practice.stage import Stage, Told
from bot.practice.tape import HOUR_SECONDS, tape_for
from bot.use_cases.books import TradeFile
from bot.use_cases.charting import card_view
from bot.use_cases.context import Caller, Context
from bot.use_cases.telling import Particulars, view_of
from bot.use_cases.valuing import stop_plan, target_plan
from bot.views import CardView, ExitsSetView, PracticeStep, PracticeView, View
from engine.core.effects import ExitsSet
from engine.core.instrument import Instrument
from engine.core.numbers import ONE
from engine.core.trade import Trade
from engine.desk import Desk

PACE = 60
"""Seconds of the tape in a second of practice."""
BREATH_SECONDS = 1.0
MINUTE_SECONDS = 60
NUMBER = 0

Sleep = Callable[[float], Awaitable[object]]


async def practice(
    context: Context, caller: Caller, sleep: Sleep = asyncio.sleep
) -> AsyncGenerator[View, None]:
    """Play the minute: BEGIN, the real messages as EVENTs, the card, END. May be canceled.

    `sleep` is what time passes by, in seconds.
    """
    currency = caller.person.currency
    stage = Stage(tape_for(currency), context.clock.now_ms() - HOUR_SECONDS * 1_000)
    desk = cast("Desk", _StageDesk(stage.instrument))
    context = replace(context, desk=desk, is_invented=True)
    yield PracticeView(step=PracticeStep.BEGIN)
    shown = 0.0
    for moment in stage.moments():
        at = moment.at_ms / 1_000 / PACE
        if moment.effects or at - shown >= BREATH_SECONDS:
            await sleep(at - shown)
            shown = at
        for effect in moment.effects:
            event = _view(context, stage, effect, currency)
            yield PracticeView(step=PracticeStep.EVENT, at_seconds=int(at), event=event)
    card = _card(context, caller, stage)
    yield PracticeView(step=PracticeStep.EVENT, at_seconds=int(shown), event=card)
    await sleep(MINUTE_SECONDS - shown)
    yield PracticeView(step=PracticeStep.END, at_seconds=MINUTE_SECONDS)


class _StageDesk:
    """What telling and valuing ask of a desk, of an invented symbol in the account's currency."""

    def __init__(self, instrument: Instrument) -> None:
        self._instrument = instrument

    def instrument(self, symbol: str) -> Instrument | None:
        return self._instrument if symbol == self._instrument.symbol else None

    def exit_rate(self, trade: Trade) -> Decimal:
        assert not trade.route, "practice is in the currency of its prices"
        return ONE


def _view(context: Context, stage: Stage, effect: Told, currency: str) -> View:
    if isinstance(effect, ExitsSet):
        trade = effect.trade
        return ExitsSetView(
            number=NUMBER,
            instrument=stage.instrument,
            direction=trade.direction,
            currency=currency,
            is_stop=True,
            stop=stop_plan(context, trade),
            target=target_plan(context, trade),
            price=stage.price,
        )
    view = view_of(context, effect, Particulars(currency=currency, number=NUMBER))
    assert view is not None, "what the stage tells can be told"
    return view


def _card(context: Context, caller: Caller, stage: Stage) -> CardView:
    trade, last = stage.trade, stage.fills[-1]
    assert trade is not None
    assert not trade.is_open, "the tape closes its trade"
    found = TradeFile(
        number=NUMBER,
        trade=trade,
        currency=caller.person.currency,
        entry_quantity=stage.fills[0].quantity,
        fills=tuple(stage.fills),
        closed_at_ms=last.booked_at_ms,
    )
    view = card_view(context, caller, found, stage.stop)
    return structs.replace(view, interval="1m", candles=tuple(stage.bars))
