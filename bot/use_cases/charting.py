"""`/chart`, `/card`, `/share`: candles with one's own trade on them, and what a trade came to.

A trade's picture is made of that trade's own symbol, from its own entry on: the wrong chart
cannot appear.
"""

from collections.abc import Sequence
from decimal import Decimal

from msgspec.structs import replace

from bot.grammar.requests import ByCoin, ByNumber, Card, Chart, Share, Target
from bot.use_cases.books import NumberedTrade, TradeFile
from bot.use_cases.candles import INTERVAL_MS
from bot.use_cases.context import Caller, Context
from bot.use_cases.resolving import find_instrument, find_trade, means
from bot.use_cases.valuing import instrument_of, ratio
from bot.views import (
    Candle,
    CardView,
    ChartLevel,
    ChartView,
    LevelKind,
    Mark,
    MarkKind,
    ProblemCode,
    ProblemView,
    ShareView,
    Step,
    Theme,
    View,
)
from engine.core.fill import unrealized_pnl
from engine.core.instrument import Instrument
from engine.core.levels import stop_price
from engine.core.numbers import CONTEXT, ZERO, product
from engine.core.orders import Level
from engine.core.trade import Fill, Trade

CHART_COUNT = 100
CARD_COUNT = 60
HELD_COUNT_MAX = {CHART_COUNT: 70, CARD_COUNT: 40}
DEFAULT_INTERVAL = "1h"
QUOTE_SECONDS = 1.0
HISTORY_ROWS = 50
TRADES_MAX, EXITS_MAX = 5, 6  # of one's own on a coin's chart: more cannot be told apart


async def chart(context: Context, caller: Caller, request: Chart) -> View:
    """Return a coin's candles with the caller's own trades on it, or a trade's own candles.

    A coin may stand for the pair of the caller's last opened trade of it. Without coin or trade it
    is the pair of the last opened trade of all.
    """
    if request.target is not None:
        return await _of_target(context, caller, request, request.target)
    trades = await context.books.open_trades(caller.person.user_id)
    text = request.symbol
    mine = [one for one in trades if text is None or means(context, ByCoin(text), one)]
    if mine:
        instrument = instrument_of(context, mine[-1].trade.symbol)
    elif text is None:
        return ProblemView(code=ProblemCode.COIN_MISSING, suggestion="/chart btc 1h")
    else:
        found = await find_instrument(context, text, caller.person.currency)
        if isinstance(found, ProblemView):
            return found
        instrument = found
    of_pair = [one for one in mine if one.trade.symbol == instrument.symbol]
    return await _of_coin(context, caller, instrument, of_pair, request.interval)


async def _of_coin(
    context: Context,
    caller: Caller,
    instrument: Instrument,
    mine: Sequence[NumberedTrade],
    interval: str | None,
) -> View:
    """Return a pair's candles up to now, with the last of one's open trades and recent exits."""
    symbol, now_ms, shown = instrument.symbol, context.clock.now_ms(), mine[-TRADES_MAX:]
    since_ms = min((one.trade.opened_at_ms for one in shown), default=now_ms)
    held = interval_for(now_ms - since_ms, CHART_COUNT) if shown else DEFAULT_INTERVAL
    interval = interval or held
    start_ms = first_open((since_ms, now_ms), now_ms, interval, CHART_COUNT)
    candles = await context.candles.candles(symbol, interval, start_ms, CHART_COUNT)
    if not candles:
        return _no_candles(instrument)
    only = shown[0] if len(shown) == 1 else None
    marks: list[Mark] = []
    for one in shown:
        file = await context.books.trade(caller.person.user_id, one.number)
        drawn = marks_of(file.fills, is_open=True) if file else ()
        marks += drawn if only else [_numbered(mark, one.number) for mark in drawn]
    exits = await _recent_exits(context, caller, symbol, candles[0].open_ms)
    levels = [(one.number, level) for one in shown for level in levels_of(one.trade, None)]
    return ChartView(
        instrument=instrument,
        interval=interval,
        candles=tuple(candles),
        currency=caller.person.currency,
        zone=caller.person.zone,
        price=await _price(context, symbol),
        marks=(*marks, *exits),
        levels=tuple(one if only else _of_number(one, number) for number, one in levels),
        number=only.number if only else None,
        direction=only.trade.direction if only else None,
        trades=tuple(one.number for one in shown),
        trade_count=len(mine),
        is_of_coin=True,
        is_invented=context.is_invented,
        theme=Theme(caller.person.theme),
    )


def _numbered(mark: Mark, number: int) -> Mark:
    """Return a fill as one of several trades': what was sold is a dot, whichever part it was."""
    kind = MarkKind.ENTRY if mark.kind is MarkKind.ENTRY else MarkKind.EXIT
    return Mark(kind, mark.time_ms, mark.price, trade=number)


def _of_number(level: ChartLevel, number: int) -> ChartLevel:
    return ChartLevel(level.kind, level.steps, level.number, trade=number)


async def _recent_exits(context: Context, caller: Caller, symbol: str, since_ms: int) -> list[Mark]:
    """Return the last exits of closed trades of a pair, since an instant."""
    user_id = caller.person.user_id
    rows, _ = await context.books.history(user_id, 1, HISTORY_ROWS)
    recent = [one for one in rows if one.symbol == symbol and one.closed_at_ms >= since_ms]
    marks: list[Mark] = []
    for row in recent[:EXITS_MAX]:
        file = await context.books.trade(user_id, row.number)
        if file is not None:
            last = file.fills[-1]
            marks.append(Mark(MarkKind.EXIT, last.booked_at_ms, last.price, trade=row.number))
    return marks


async def card(context: Context, caller: Caller, request: Card) -> View:
    """Return a closed trade's card, for its owner; without a target, the last closed one's."""
    found = await _closed(context, caller, request.target)
    return await _card_of(context, caller, found) if isinstance(found, TradeFile) else found


async def share(context: Context, caller: Caller, request: Share, place: str = "") -> View:
    """Return a closed trade's card as it is shown to others; `place` names where."""
    view = await card(context, caller, Card(request.target))
    return replace(view, is_shared=True, place=place) if isinstance(view, CardView) else view


def asked_where(view: View) -> View:
    """Return the question in which room a card shall be shown; what is no card stays as it is."""
    return ShareView(number=view.number) if isinstance(view, CardView) else view


def interval_for(held_ms: int, count: int) -> str:
    """Return the shortest interval at which a span fills a good part of `count` candles."""
    most = HELD_COUNT_MAX[count]
    return next((name for name, ms in INTERVAL_MS.items() if held_ms <= most * ms), "1w")


def first_open(span: tuple[int, int], now_ms: int, interval: str, count: int) -> int:
    """Return when the first of `count` candles opens that show a span of time.

    What the span leaves over lies around it, as far as there are candles yet. Where it is longer
    than the candles, its end counts.
    """
    step = INTERVAL_MS[interval]
    first, last = span[0] // step, span[1] // step
    after = max(count - (last - first + 1), 0) // 2
    last = min(last + after, max(now_ms // step, last))
    return (last - count + 1) * step


async def _of_target(context: Context, caller: Caller, request: Chart, target: Target) -> View:
    if isinstance(target, ByNumber):
        return await _of_trade(context, caller, target.number, request.interval)
    found = await find_trade(context, caller, target, lambda one: replace(request, target=one))
    if not isinstance(found, NumberedTrade):
        return found
    return await _of_trade(context, caller, found.number, request.interval)


async def _of_trade(context: Context, caller: Caller, number: int, interval: str | None) -> View:
    found = await context.books.trade(caller.person.user_id, number)
    if found is None:
        return _no_such_trade(number)
    trade, until_ms = found.trade, _until_ms(context, found)
    interval = interval or interval_for(until_ms - trade.opened_at_ms, CHART_COUNT)
    candles = await _candles(context, found, interval, CHART_COUNT)
    instrument = instrument_of(context, trade.symbol)
    if not candles:
        return _no_candles(instrument)
    return ChartView(
        instrument=instrument,
        interval=interval,
        candles=tuple(candles),
        currency=found.currency,
        zone=caller.person.zone,
        price=await _price(context, trade.symbol) if trade.is_open else None,
        marks=marks_of(found.fills, is_open=trade.is_open),
        levels=levels_of(trade, None if trade.is_open else until_ms),
        number=found.number,
        direction=trade.direction,
        is_invented=context.is_invented,
        theme=Theme(caller.person.theme),
    )


async def _candles(
    context: Context, found: TradeFile, interval: str, count: int
) -> Sequence[Candle]:
    span = (found.trade.opened_at_ms, _until_ms(context, found))
    start_ms = first_open(span, context.clock.now_ms(), interval, count)
    return await context.candles.candles(found.trade.symbol, interval, start_ms, count)


def _until_ms(context: Context, found: TradeFile) -> int:
    return found.closed_at_ms or max(context.clock.now_ms(), found.trade.opened_at_ms)


async def _price(context: Context, symbol: str) -> Decimal | None:
    place = await context.desk.quote(symbol, QUOTE_SECONDS)
    return Decimal(place.last_price) if place else None


def marks_of(fills: Sequence[Fill], *, is_open: bool) -> tuple[Mark, ...]:
    """Return a trade's fills as marks; the last of a closed trade is its exit."""
    marks: list[Mark] = []
    partials = 0
    for index, fill in enumerate(fills):
        kind, number = MarkKind.PARTIAL, 0
        if fill.reason is None:
            kind = MarkKind.ENTRY
        elif not is_open and index == len(fills) - 1:
            kind = MarkKind.EXIT
        else:
            partials += 1
            number = partials
        marks.append(Mark(kind, fill.booked_at_ms, fill.price, number))
    return tuple(marks)


def levels_of(trade: Trade, closed_at_ms: int | None) -> tuple[ChartLevel, ...]:
    """Return entry, stop and targets as lines from the entry on, up to the close if there is one.

    Where a stop stood before is not kept: the present one is drawn from the entry on.
    """
    end = () if closed_at_ms is None else (Step(closed_at_ms, None),)

    def level(kind: LevelKind, price: Decimal, number: int = 0) -> ChartLevel:
        return ChartLevel(kind, (Step(trade.opened_at_ms, price), *end), number)

    levels = [level(LevelKind.ENTRY, trade.entry_price)]
    if trade.stop_price is not None:
        levels.append(level(LevelKind.STOP, trade.stop_price))
    levels += [level(LevelKind.TARGET, each.price, each.number) for each in trade.targets]
    return tuple(levels)


async def _closed(context: Context, caller: Caller, target: Target | None) -> TradeFile | View:
    """Return the closed trade that is meant, or what to say instead."""
    user_id = caller.person.user_id
    if isinstance(target, ByNumber):
        return await _file(context, caller, target.number)
    rows, _ = await context.books.history(user_id, 1, 1 if target is None else HISTORY_ROWS)
    for row in rows:
        if target is None or means(
            context, target, NumberedTrade(number=row.number, trade=row.trade)
        ):
            return await _file(context, caller, row.number)
    trades = await context.books.open_trades(user_id)
    for item in reversed(trades):
        if target is None or means(context, target, item):
            return _still_open(item.number)
    if target is None:
        return ProblemView(code=ProblemCode.NO_TRADE_YET, suggestion="/buy btc 100 sl2% tp4%")
    facts = {"coin": target.text}
    return ProblemView(code=ProblemCode.COIN_NOT_OPEN, facts=facts, suggestion="/history")


async def _file(context: Context, caller: Caller, number: int) -> TradeFile | View:
    found = await context.books.trade(caller.person.user_id, number)
    if found is None:
        return _no_such_trade(number)
    return _still_open(number) if found.trade.is_open else found


async def _card_of(context: Context, caller: Caller, found: TradeFile) -> CardView:
    held_ms = _until_ms(context, found) - found.trade.opened_at_ms
    interval = interval_for(held_ms, CARD_COUNT)
    candles = await _candles(context, found, interval, CARD_COUNT)
    record = await context.books.entry(caller.person.user_id, found.number)
    view = card_view(context, caller, found, record.order.stop if record else None)
    return replace(view, interval=interval, candles=tuple(candles))


def card_view(context: Context, caller: Caller, found: TradeFile, stop: Level | None) -> CardView:
    """Return a closed trade's card, still without candles; `stop` is its first one."""
    trade, person = found.trade, caller.person
    instrument = instrument_of(context, trade.symbol)
    pnl = sum((fill.pnl for fill in found.fills), ZERO)
    last = found.fills[-1]
    assert last.reason is not None, "a closed trade ends with an exit"
    return CardView(
        number=found.number,
        instrument=instrument,
        direction=trade.direction,
        currency=found.currency,
        name=caller.name,
        return_ratio=ratio(pnl, product(trade.entry_price, found.entry_quantity, trade.rate)),
        entry_price=trade.entry_price,
        exit_price=exit_price(found.fills),
        opened_at_ms=trade.opened_at_ms,
        closed_at_ms=_until_ms(context, found),
        reason=last.reason,
        zone=person.zone,
        interval=DEFAULT_INTERVAL,
        marks=marks_of(found.fills, is_open=False),
        pnl=pnl if person.card_money == "shown" else None,
        r_multiple=r_multiple(found, stop, instrument),
        is_invented=context.is_invented,
        theme=Theme(person.theme),
    )


def exit_price(fills: Sequence[Fill]) -> Decimal:
    """Return the average price at which a trade was left, weighted by quantity."""
    exits = [fill for fill in fills if fill.reason is not None]
    quantity = sum((fill.quantity for fill in exits), ZERO)
    if len(exits) == 1:
        return exits[0].price
    return CONTEXT.divide(
        sum((product(fill.price, fill.quantity) for fill in exits), ZERO), quantity
    )


def r_multiple(found: TradeFile, stop: Level | None, instrument: Instrument) -> Decimal | None:
    """Return the result over what the first stop risked (both fees included), None without one."""
    if stop is None:
        return None
    entries = [fill for fill in found.fills if fill.reason is None]
    opened = replace(
        found.trade,
        quantity=found.entry_quantity,
        reserved=-sum((fill.amount for fill in entries), ZERO),
        entry_fee=sum((fill.fee for fill in entries), ZERO),
    )
    price = stop_price(stop, opened.direction, entries[0].price, instrument)
    risk = -unrealized_pnl(opened, price, opened.rate)
    pnl = sum((fill.pnl for fill in found.fills), ZERO)
    return CONTEXT.divide(pnl, risk) if risk > ZERO else None


def _no_such_trade(number: int) -> ProblemView:
    facts = {"number": str(number)}
    return ProblemView(code=ProblemCode.NO_SUCH_TRADE, facts=facts, suggestion="/trades")


def _still_open(number: int) -> ProblemView:
    facts = {"number": str(number)}
    return ProblemView(code=ProblemCode.STILL_OPEN, facts=facts, suggestion=f"/close {number}")


def _no_candles(instrument: Instrument) -> ProblemView:
    return ProblemView(code=ProblemCode.NO_CANDLES, facts={"coin": instrument.base})
