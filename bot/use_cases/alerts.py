"""`/alert` and `/alerts`: what somebody wants to be told of, set, listed and taken back."""

from collections.abc import AsyncGenerator, Sequence
from decimal import Decimal

from msgspec.structs import replace

from bot.grammar.parts import LevelText, Move
from bot.grammar.requests import ListAlerts, RemoveAlerts, SetAlert
from bot.use_cases.answering import STORED_SECONDS, unstored, within
from bot.use_cases.context import Caller, Context
from bot.use_cases.levels import choose_level
from bot.use_cases.resolving import find_instrument, without_price
from bot.use_cases.valuing import distance, instrument_of
from bot.views import (
    AlertRow,
    AlertSetView,
    AlertsView,
    ChoiceView,
    DoneCode,
    DoneView,
    ProblemCode,
    ProblemView,
    RefusedView,
    View,
)
from db.store.quotas import ARMED_ALERTS_MAX
from engine.core.alerts import Crossing, PriceAlert, crossing_of
from engine.core.commands import Refusal, RemoveAlert
from engine.core.effects import AlertPlaced
from engine.core.instrument import Instrument
from engine.core.numbers import CONTEXT
from engine.desk import AlertWish
from engine.ports import Verdict
from engine.tickets import Ticket, Told

EXAMPLE = "/alert btc +5%"
HUNDRED = Decimal(100)


async def set_alert(
    context: Context, caller: Caller, request: SetAlert
) -> AsyncGenerator[View, None]:
    """Arm an alert, or say in one sentence why not."""
    yield await _set(context, caller, request)


async def remove_alerts(
    context: Context, caller: Caller, request: RemoveAlerts
) -> AsyncGenerator[View, None]:
    """Take back the alerts that are meant; then list those that are left."""
    armed = await context.books.alerts(caller.person.user_id)
    meant = _meant(context, request, armed)
    if isinstance(meant, ProblemView):
        yield meant
        return
    removed = await take_back(context, caller.person.user_id, caller.key, meant)
    if meant and not removed:
        yield ProblemView(code=ProblemCode.TRY_AGAIN)
        return
    yield await _listed(context, caller, removed=removed)


async def take_back(context: Context, user_id: int, key: str, alerts: Sequence[PriceAlert]) -> int:
    """Take alerts back from the vigil and the store; return how many are gone."""
    tickets = [
        await context.desk.remove_alert(RemoveAlert(f"{key}:{one.id}", user_id, one.id, one.symbol))
        for one in alerts
    ]
    return sum([await _is_removed(ticket) for ticket in tickets])


async def list_alerts(context: Context, caller: Caller, request: ListAlerts) -> View:
    """Return the alerts that have not fired, with how far the price has to go."""
    del request
    return await _listed(context, caller)


def row_of(context: Context, alert: PriceAlert) -> AlertRow:
    """Return one alert as it is shown."""
    place = context.desk.place(alert.symbol)
    now = Decimal(place.last_price) if place is not None else None
    return AlertRow(
        instrument=instrument_of(context, alert.symbol),
        price=alert.price,
        crossing=alert.crossing,
        distance_ratio=distance(alert.price, now),
    )


async def _set(context: Context, caller: Caller, request: SetAlert) -> View:
    assert request.symbol is not None, "the coin is asked for before"
    instrument = await find_instrument(context, request.symbol, caller.person.currency)
    if isinstance(instrument, ProblemView):
        return instrument
    place = await context.desk.quote(instrument.symbol)
    now = Decimal(place.last_price) if place else None
    if now is None and isinstance(request.price, Move):
        return ProblemView(code=without_price(context), facts={"coin": instrument.base})
    price = _price(request, instrument, now)
    if isinstance(price, ProblemView | ChoiceView):
        return price
    user_id = caller.person.user_id
    if await context.books.is_known(user_id, caller.key):
        return DoneView(code=DoneCode.ALREADY_DONE)
    if (known := await _known(context, user_id, instrument.symbol, price)) is not None:
        return AlertSetView(row=row_of(context, known), now=now, was_armed=True)
    meant = crossing_of(price, now) if now is not None else None
    wish = AlertWish(user_id, instrument.symbol, price, meant)
    answer = await context.desk.set_alert(wish, caller.key)
    told = await _told(answer)
    if isinstance(told, Refusal):
        return RefusedView(
            refusal=told, currency=caller.person.currency, instrument=instrument, of_alert=True
        )
    return await _armed(context, wish, told, now)


async def _known(context: Context, user_id: int, symbol: str, price: Decimal) -> PriceAlert | None:
    """Return the armed alert of this very level."""
    armed = await context.books.alerts(user_id)
    return next((one for one in armed if (one.symbol, one.price) == (symbol, price)), None)


async def _armed(context: Context, wish: AlertWish, told: Told | None, now: Decimal | None) -> View:
    """Return what the store made of an alert; it refuses the same one, and one too many."""
    if told is None:
        return ProblemView(code=ProblemCode.TRY_AGAIN)
    if told.ruling.verdict is Verdict.REFUSED:
        known = await _known(context, wish.user_id, wish.symbol, wish.price)
        if known is not None:
            return AlertSetView(row=row_of(context, known), now=now, was_armed=True)
        facts = {"limit": str(ARMED_ALERTS_MAX)}
        return ProblemView(code=ProblemCode.ALERT_QUOTA, facts=facts, suggestion="/alerts")
    if (problem := unstored(told)) is not None:
        return problem
    assert isinstance(told.effect, AlertPlaced), "an alert that was asked for"
    return AlertSetView(row=row_of(context, told.effect.alert), now=now)


def _price(
    request: SetAlert, instrument: Instrument, now: Decimal | None
) -> Decimal | ProblemView | ChoiceView:
    if isinstance(request.price, Move):
        assert now is not None, "looked at before"
        exact = now * CONTEXT.divide(HUNDRED + request.price.percent, HUNDRED)
        return _on_tick(exact, instrument, is_up=exact > now)
    assert request.price is not None, "the price is asked for before"
    level = choose_level(request.price, instrument, now, lambda new: _with(request, new))
    if isinstance(level, ProblemView):
        return replace(level, suggestion=f"/alert {instrument.base.lower()} +5%")
    if isinstance(level, ChoiceView):
        return level
    assert level is not None, "it was typed"
    assert level.price is not None, "a percentage is a move"
    if now is None:
        return level.price
    return _on_tick(level.price, instrument, is_up=level.price > now)


def _on_tick(price: Decimal, instrument: Instrument, *, is_up: bool) -> Decimal:
    """Return the first price at or beyond a level that can be printed: what the vigil stores."""
    if is_up:
        return instrument.tick_up(price)
    return max(instrument.tick_down(price), instrument.tick_size)


def _with(request: SetAlert, level: LevelText) -> SetAlert:
    return replace(request, price=Move(level.value) if level.is_percent else level)


async def _listed(context: Context, caller: Caller, removed: int = 0) -> AlertsView:
    armed = await context.books.alerts(caller.person.user_id)
    for symbol in dict.fromkeys(alert.symbol for alert in armed):
        await context.desk.quote(symbol, 0.5)
    return AlertsView(rows=tuple(row_of(context, alert) for alert in armed), removed=removed)


def _meant(
    context: Context, request: RemoveAlerts, armed: Sequence[PriceAlert]
) -> Sequence[PriceAlert] | ProblemView:
    """Return the armed alerts that a wish names; a problem where it names none."""
    found = list(armed)
    if request.symbol is not None:
        bases = {one.symbol: instrument_of(context, one.symbol).base for one in armed}
        names = (request.symbol,)
        found = [one for one in found if one.symbol in names or bases[one.symbol] in names]
    if request.price is not None:
        readings = (request.price.value, request.price.other_reading)
        found = [one for one in found if _is_at(context, one, readings)]
    if not found and request.symbol is not None:
        return ProblemView(code=ProblemCode.NO_SUCH_ALERT, suggestion="/alerts")
    return found


def _is_at(context: Context, alert: PriceAlert, readings: Sequence[Decimal | None]) -> bool:
    """Tell whether an alert is what one of the readings of a number was stored as."""
    instrument, is_up = instrument_of(context, alert.symbol), alert.crossing is Crossing.UP
    stored = [_on_tick(one, instrument, is_up=is_up) for one in readings if one is not None]
    return alert.price in (*readings, *stored)


async def _told(answer: Ticket | Refusal) -> Told | Refusal | None:
    return answer if isinstance(answer, Refusal) else await within(answer.accepted, STORED_SECONDS)


async def _is_removed(answer: Ticket | Refusal) -> bool:
    told = await _told(answer)
    return isinstance(told, Told) and told.ruling.verdict in (Verdict.APPLIED, Verdict.VOID)
