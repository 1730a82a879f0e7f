"""The minute of practice: the whole story in order, by the real core, with nothing kept."""

import asyncio
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from bot.practice.stage import FEE_RATE, Stage
from bot.practice.tape import tape_for
from bot.use_cases.books import Person
from bot.use_cases.context import Caller, Context, Identity
from bot.use_cases.practicing import practice
from bot.views import (
    CardView,
    ExitsSetView,
    ExitView,
    MarkKind,
    OpenedView,
    PracticeStep,
    PracticeView,
)
from engine.clock import ManualClock
from engine.core.levels import break_even_price
from engine.core.trade import ExitReason

NOW_MS = 1_763_500_000_000
D = Decimal


class Untouchable:
    """Stands where a store, a desk or the venue stands: nothing of it may be used."""

    def __getattr__(self, name):
        raise AssertionError(f"practice touched {name}")


def means(currency="USDT", **person) -> tuple[Context, Caller]:
    away: Any = Untouchable()
    context = Context(
        desk=away,
        books=away,
        house=away,
        candles=away,
        clock=ManualClock(NOW_MS),
        starting_balance={},
        fee_rate=D("0.5"),
    )
    money = D(10_000)
    known = Person(
        user_id=1,
        locale="en",
        zone="UTC",
        account_id=1,
        currency=currency,
        starting_balance=money,
        balance=money,
        **person,
    )
    return context, Caller(Identity("telegram", "1", "Ana", "en", "UTC"), known, "key")


class Pace:
    """Sleep that takes no time and adds up."""

    def __init__(self):
        self.seconds = 0.0

    async def sleep(self, seconds):
        assert seconds >= 0
        self.seconds += seconds
        await asyncio.sleep(0)


async def played(currency="USDT", **person) -> tuple[list[PracticeView], list[float]]:
    context, caller = means(currency, **person)
    pace, views, times = Pace(), [], []
    async for view in practice(context, caller, pace.sleep):
        views.append(view)
        times.append(pace.seconds)
    return views, times


@pytest.mark.parametrize("currency", ["USDT", "BRL"])
async def test_the_whole_story_is_told_in_order_in_a_minute(currency):
    views, times = await played(currency)
    steps = [view.step for view in views]
    assert steps == [PracticeStep.BEGIN, *[PracticeStep.EVENT] * 5, PracticeStep.END]
    events: list[Any] = [view.event for view in views[1:-1]]
    opened, half, raised, closed, card = events
    assert [type(event) for event in events] == [
        OpenedView,
        ExitView,
        ExitsSetView,
        ExitView,
        CardView,
    ]
    assert (half.reason, half.is_closed, half.share) == (ExitReason.TAKE_PROFIT, False, D("0.5"))
    assert half.exit_price >= opened.target.price
    assert half.justified_by.price == half.exit_price
    assert raised.is_stop
    assert raised.stop.price >= break_even_price(
        opened.direction, opened.price, FEE_RATE, opened.instrument
    )
    assert (closed.reason, closed.is_closed) == (ExitReason.STOP_LOSS, True)
    assert closed.exit_price <= raised.stop.price
    assert half.pnl > 0
    assert closed.pnl > 0
    assert card.return_ratio > 0
    assert {event.currency for event in events} == {currency}
    assert {event.number for event in events} == {0}
    assert times == sorted(times)
    assert round(times[-1]) == 60
    assert [view.at_seconds for view in views] == [int(time + 1e-6) for time in times]


async def test_the_card_is_that_of_what_was_told():
    views, _ = await played(card_money="shown", theme="light")
    opened, half, _, closed, card = (cast_any(view.event) for view in views[1:-1])
    assert card.pnl == half.pnl + closed.pnl
    assert card.is_invented
    assert card.opened_at_ms == opened.justified_by.time_ms
    assert card.closed_at_ms == closed.closed_at_ms
    assert [mark.kind for mark in card.marks] == [MarkKind.ENTRY, MarkKind.PARTIAL, MarkKind.EXIT]
    assert round(card.r_multiple, 12) == round(card.pnl / -opened.stop.pnl, 12)
    assert 40 < len(card.candles) < 70
    assert card.candles[0].open_ms < card.opened_at_ms < card.closed_at_ms
    assert card.candles[-1].open_ms <= NOW_MS
    assert (card.name, card.theme) == ("Ana", "light")


def cast_any(value) -> Any:
    return value


async def test_the_numbers_are_the_cores():
    views, _ = await played()
    stage = Stage(tape_for("USDT"), NOW_MS - 3_600_000)
    effects = [effect for moment in stage.moments() for effect in moment.effects]
    told: list[Any] = [view.event for view in views[1:-2]]
    for effect, event in zip(effects, told, strict=True):
        trade: Any = SimpleNamespace(stop=effect.trade.stop_price)
        fill: Any = getattr(effect, "fill", None)
        if isinstance(event, ExitView):
            assert (event.pnl, event.exit_price, event.fee) == (fill.pnl, fill.price, fill.fee)
        elif isinstance(event, OpenedView):
            assert (event.price, event.quantity, event.notional) == (
                fill.price,
                fill.quantity,
                -fill.amount,
            )
        else:
            assert event.stop.price == trade.stop


async def test_it_is_the_same_every_time():
    assert await played() == await played()


async def test_money_stays_hidden_where_its_owner_hides_it():
    views, _ = await played()
    card: Any = views[-2].event
    assert card.pnl is None


async def test_it_can_be_ended_at_any_moment():
    context, caller = means()
    began = asyncio.Event()

    async def asleep(seconds):
        began.set()
        await asyncio.sleep(3_600)

    async def play():
        return [view async for view in practice(context, caller, asleep)]

    task = asyncio.create_task(play())
    await began.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_it_leaves_the_loop_free():
    context, caller = means()
    steps = 0

    async def breathe(seconds):
        nonlocal steps
        steps += 1

    async for _ in practice(context, caller, breathe):
        pass
    assert steps > 40  # at most a second of practice, a hundred prints, at a time


def test_an_unknown_currency_practices_in_dollars():
    assert tape_for("EUR").instrument.symbol == "BTCUSDT"


def test_prices_do_not_depend_on_when_it_is_played():
    tape = tape_for("BRL")
    first, later = (
        [tick.price for tick in tape.prints(start_ms)] for start_ms in (NOW_MS, NOW_MS + 12_345)
    )
    assert first == later
    assert len(first) > 5_000
