"""Which picture is drawn: the right pair, the trade's own candles, its own numbers, or why not."""

from dataclasses import dataclass, field, replace
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec.structs import replace as changed

from bot.conversation.exchange import is_public
from bot.grammar.requests import ByCoin, ByNumber, Card, Chart, Share
from bot.messages.layout import lay
from bot.use_cases.books import ClosedTrade, EntryRecord, NumberedTrade, Person, TradeFile
from bot.use_cases.candles import INTERVAL_MS
from bot.use_cases.charting import asked_where, card, chart, first_open, interval_for, share
from bot.use_cases.context import Caller, Context, Identity
from bot.views import (
    Candle,
    CardView,
    ChartView,
    ChoiceView,
    LevelKind,
    MarkKind,
    ProblemCode,
    ProblemView,
    ShareView,
    Step,
    Theme,
)
from engine.clock import ManualClock
from engine.core.instrument import Direction
from engine.core.trade import ExitReason
from tests.bot.views.samples import ENGLISH
from tests.support.builders import LONG, SHORT, START_MS, Tape, entry, instrument

D = Decimal
PERSON = Person(
    user_id=7,
    locale="en",
    zone="America/Sao_Paulo",
    account_id=70,
    currency="USDT",
    starting_balance=D(10_000),
    balance=D(10_000),
)
MINUTE_MS, HOUR_MS = 60_000, 3_600_000
BOTH = {"BTCUSDT": instrument(), "ETHUSDT": instrument("ETHUSDT"), "BTCBRL": instrument("BTCBRL")}


class Shelf:
    """Books of one person: what is open, closed, and how it was asked for."""

    def __init__(self):
        self.files: dict[int, TradeFile] = {}
        self.entries: dict[int, EntryRecord] = {}

    def add(self, found: TradeFile, order: Any = None) -> int:
        self.files[found.number] = found
        if order is not None:
            self.entries[found.number] = EntryRecord(number=found.number, order=order)
        return found.number

    async def open_trades(self, user_id):
        assert user_id == PERSON.user_id
        found = sorted(self.files.items())
        return [NumberedTrade(number=n, trade=f.trade) for n, f in found if f.trade.is_open]

    async def trade(self, user_id, number):
        assert user_id == PERSON.user_id
        return self.files.get(number)

    async def entry(self, user_id, number):
        assert user_id == PERSON.user_id
        return self.entries.get(number)

    async def history(self, user_id, page, size):
        assert (user_id, page) == (PERSON.user_id, 1)
        closed = [one for one in self.files.values() if not one.trade.is_open]
        closed.sort(key=lambda one: -(one.closed_at_ms or 0))
        rows = [
            ClosedTrade(
                number=one.number,
                symbol=one.trade.symbol,
                trade=one.trade,
                realized_pnl=D(0),
                entry_notional=D(1),
                exit_reason=ExitReason.MANUAL,
                closed_at_ms=one.closed_at_ms or 0,
            )
            for one in closed
        ]
        return rows[:size], len(rows)


@dataclass
class Bars:
    """Candles on request, written down: all of a symbol's bars have its price."""

    is_empty: bool = False
    asked: list[tuple[str, str, int, int]] = field(default_factory=list)

    async def candles(self, symbol, interval, start_ms, count):
        self.asked.append((symbol, interval, start_ms, count))
        if self.is_empty:
            return ()
        step, price = INTERVAL_MS[interval], D(len(symbol))
        opens = (start_ms + n * step for n in range(count))
        return [Candle(at, price, price, price, price, D(1)) for at in opens]


class Catalog:
    """Instruments that know USDT pairs and one in BRL."""

    def __len__(self):
        return len(BOTH)

    def find(self, text, currency):
        wanted = (text, f"{text}{currency}", f"{text}USDT")
        return [BOTH[symbol] for symbol in dict.fromkeys(wanted) if symbol in BOTH]

    async def refresh_for_unknown(self):
        return False


class House:
    """A context around a shelf, with the clock at `now_ms`."""

    def __init__(self, now_ms=START_MS + 100 * HOUR_MS, **person):
        self.shelf, self.bars, self.price = Shelf(), Bars(), "105"
        desk = SimpleNamespace(
            instrument=BOTH.get,
            instruments=Catalog(),
            quote=self._quote,
            place=lambda symbol: None,
            exit_rate=lambda trade: D(1),
        )
        self.context = Context(
            desk=desk,  # type: ignore[arg-type]
            books=self.shelf,  # type: ignore[arg-type]
            house=None,  # type: ignore[arg-type]
            candles=self.bars,
            clock=ManualClock(now_ms),
            starting_balance={},
            fee_rate=D("0.001"),
        )
        identity = Identity("telegram", "1", "Ana Luísa", "en", "UTC")
        self.caller = Caller(identity, changed(PERSON, **person), "key")

    async def _quote(self, symbol, seconds=4.0):
        if not self.price:
            return None
        now_ms = self.context.clock.now_ms()
        return SimpleNamespace(last_price=self.price, last_time_ms=now_ms, now_ms=now_ms)

    async def chart(self, **asked) -> Any:
        return await chart(self.context, self.caller, Chart(**asked))

    async def card(self, target=None) -> Any:
        return await card(self.context, self.caller, Card(target))


def traded(number=47, prices=("100", "110"), shares=("1",), **fields):
    """A trade that the real core opened at the first price and closed share by share."""
    symbol = fields.pop("symbol", "BTCUSDT")
    held_ms, direction = fields.pop("held_ms", 5 * HOUR_MS), fields.pop("direction", LONG)
    tape = Tape(BOTH[symbol], price=prices[0])
    outcome = tape.enter(number, direction, symbol=symbol, **fields)
    order = outcome[0].order
    opened = tape.at(prices[0], symbol)[0]
    trade, fills = opened.trade, [opened.fill]
    for index, (price, part) in enumerate(zip(prices[1:], shares, strict=False)):
        tape.now_ms += held_ms // len(shares)
        tape.close(1_000 + index, number, part, symbol=symbol)
        exited = tape.at(price, symbol)[-1]
        trade, fills = exited.trade, [*fills, exited.fill]
    found = TradeFile(
        number=number,
        trade=trade,
        currency="USDT",
        entry_quantity=fills[0].quantity,
        fills=tuple(fills),
        closed_at_ms=None if trade.is_open else fills[-1].booked_at_ms,
    )
    return found, order


async def test_a_coin_without_a_trade_is_drawn_at_an_hour():
    house = House()
    view = await house.chart(symbol="BTC")
    assert isinstance(view, ChartView)
    assert (view.instrument.symbol, view.interval, view.number) == ("BTCUSDT", "1h", None)
    assert (view.zone, view.theme, view.price) == ("America/Sao_Paulo", Theme.DARK, D(105))
    assert len(view.candles) == 100
    assert view.candles[-1].open_ms == house.context.clock.now_ms() // HOUR_MS * HOUR_MS
    assert (view.marks, view.levels) == ((), ())


async def test_a_coin_of_an_open_trade_bears_its_entry_stop_and_target():
    house = House(theme="light")
    house.shelf.add(*traded(shares=(), stop="2%", target="4%"))
    view = await house.chart(symbol="BTC", interval="15m")
    assert (view.number, view.direction, view.interval) == (47, Direction.LONG, "15m")
    assert view.theme is Theme.LIGHT
    opened = view.marks[0]
    assert (opened.kind, opened.price, len(view.marks)) == (MarkKind.ENTRY, D(100), 1)
    steps = {level.kind: level.steps for level in view.levels}
    assert steps == {
        LevelKind.ENTRY: (Step(opened.time_ms, D(100)),),
        LevelKind.STOP: (Step(opened.time_ms, D(98)),),
        LevelKind.TARGET: (Step(opened.time_ms, D(104)),),
    }


async def test_a_coin_with_several_open_trades_bears_all_of_them_by_their_numbers():
    house = House()
    house.shelf.add(*traded(1, shares=(), stop="2%", target="4%"))
    house.shelf.add(*traded(2, prices=("110", "111"), shares=("0.5",), stop="1%"))
    house.shelf.add(*traded(3, shares=(), symbol="ETHUSDT"))
    view = await house.chart(symbol="BTC")
    assert (view.number, view.trades, view.trade_count) == (None, (1, 2), 2)
    assert [(one.kind, one.price, one.trade) for one in view.marks] == [
        (MarkKind.ENTRY, D(100), 1),
        (MarkKind.ENTRY, D(110), 2),
        (MarkKind.EXIT, D(111), 2),
    ]
    assert {(one.kind, one.steps[0].price, one.trade) for one in view.levels} == {
        (LevelKind.ENTRY, D(100), 1),
        (LevelKind.STOP, D(98), 1),
        (LevelKind.TARGET, D(104), 1),
        (LevelKind.ENTRY, D(110), 2),
        (LevelKind.STOP, D("108.9"), 2),
    }
    assert not is_public(view)


async def test_of_very_many_trades_the_last_five_are_drawn_and_it_is_said_of_how_many():
    house = House()
    for number in range(1, 8):
        house.shelf.add(*traded(number, shares=()))
    view = await house.chart(symbol="BTC")
    assert (view.trades, view.trade_count) == ((3, 4, 5, 6, 7), 7)
    assert "the last 5 of your 7 trades" in lay(view, ENGLISH).lines[-1]


async def test_recent_exits_of_a_coin_are_dots_after_the_close_as_well():
    house = House(now_ms=START_MS + 10 * HOUR_MS)
    house.shelf.add(*traded(1, held_ms=HOUR_MS))
    view = await house.chart(symbol="BTC")
    assert [(one.kind, one.price, one.trade) for one in view.marks] == [(MarkKind.EXIT, D(110), 1)]
    assert (view.number, view.levels, view.trades) == (None, (), ())
    assert not is_public(view)
    house.shelf.add(*traded(2, shares=(), stop="2%"))
    view = await house.chart(symbol="BTC")
    assert (view.number, [(one.kind, one.trade) for one in view.marks]) == (
        2,
        [(MarkKind.ENTRY, 0), (MarkKind.EXIT, 1)],
    )
    later = House(now_ms=START_MS + 400 * HOUR_MS)
    later.shelf.add(*traded(1, held_ms=HOUR_MS))
    assert (await later.chart(symbol="BTC", interval="15m")).marks == ()


async def test_another_interval_keeps_all_that_is_drawn_for_a_coin():
    house = House()
    house.shelf.add(*traded(1, shares=()))
    for trades in (1, 2):
        rows = lay(await house.chart(symbol="BTC"), ENGLISH).rows
        lines = [one.press.line for row in rows for one in row if one.press]
        assert "/chart btcusdt 4h" in lines
        assert f"/trades {trades}" in lines
        house.shelf.add(*traded(2, shares=()))
    found, order = traded(9)
    house.shelf.add(found, order)
    (intervals, _) = lay(await house.chart(target=ByNumber(9)), ENGLISH).rows
    assert intervals[0].press.line == "/chart 9 15m"


async def test_a_coin_stands_for_the_pair_that_was_traded_last():
    house = House()
    house.shelf.add(*traded(1, shares=()))
    house.shelf.add(*traded(2, shares=(), symbol="BTCBRL"))
    house.shelf.add(*traded(3, shares=(), symbol="ETHUSDT"))
    assert (await house.chart(symbol="BTC")).number == 2
    assert (await house.chart(symbol="BTC")).instrument.symbol == "BTCBRL"
    assert (await house.chart(symbol="BTCUSDT")).number == 1
    assert (await house.chart()).number == 3
    assert {(symbol, len(symbol)) for symbol, *_ in house.bars.asked} == {
        ("BTCBRL", 6),
        ("BTCUSDT", 7),
        ("ETHUSDT", 7),
    }


async def test_a_closed_trade_is_drawn_on_its_own_candles_with_its_end():
    house = House()
    found, order = traded(prices=("100", "110", "120"), shares=("0.5", "1"), stop="2%")
    house.shelf.add(found, order)
    view = await house.chart(target=ByNumber(47))
    assert [(mark.kind, mark.price, mark.number) for mark in view.marks] == [
        (MarkKind.ENTRY, D(100), 0),
        (MarkKind.PARTIAL, D(110), 1),
        (MarkKind.EXIT, D(120), 0),
    ]
    assert all(level.steps[-1] == Step(found.closed_at_ms or 0, None) for level in view.levels)
    assert view.price is None
    first, last = view.candles[0].open_ms, view.candles[-1].open_ms
    assert first < found.trade.opened_at_ms < (found.closed_at_ms or 0) < last
    assert view.interval == "5m"
    assert last <= house.context.clock.now_ms()


async def test_a_coin_as_target_asks_which_of_several_is_meant():
    house = House()
    house.shelf.add(*traded(1, shares=()))
    house.shelf.add(*traded(2, shares=()))
    view = await house.chart(target=ByCoin("BTC"), interval="1m")
    assert isinstance(view, ChoiceView)
    wanted = [Chart(target=ByNumber(n), interval="1m") for n in (1, 2)]
    assert [option.request for option in view.options] == wanted
    house.shelf.files.pop(1)
    assert (await house.chart(target=ByCoin("BTC"))).number == 2


@pytest.mark.parametrize(
    ("asked", "code", "facts"),
    [
        ({}, ProblemCode.COIN_MISSING, {}),
        ({"symbol": "NOPE"}, ProblemCode.UNKNOWN_COIN, {"coin": "NOPE"}),
        ({"target": ByNumber(9)}, ProblemCode.NO_SUCH_TRADE, {"number": "9"}),
    ],
)
async def test_a_chart_that_cannot_be_is_refused_with_a_reason(asked, code, facts):
    view = await House().chart(**asked)
    assert isinstance(view, ProblemView)
    assert (view.code, view.facts) == (code, facts)


async def test_without_candles_there_is_no_chart_but_still_a_card():
    house = House()
    house.bars.is_empty = True
    house.shelf.add(*traded())
    for asked in ({"symbol": "ETH"}, {"target": ByNumber(47)}):
        assert (await house.chart(**asked)).code is ProblemCode.NO_CANDLES
    view = await house.card()
    assert isinstance(view, CardView)
    assert view.candles == ()


async def test_without_a_price_there_is_still_a_chart():
    house = House()
    house.price = ""
    assert (await house.chart(symbol="ETH")).price is None


async def test_a_card_bears_the_numbers_of_the_core():
    house = House(card_money="shown")
    found, order = traded(stop="2%")
    house.shelf.add(found, order)
    view = await house.card(ByNumber(47))
    pnl = sum(fill.pnl for fill in found.fills)
    assert (view.number, view.name, view.pnl) == (47, "Ana Luísa", pnl)
    assert view.return_ratio == pnl / 1_000
    assert (view.entry_price, view.exit_price) == (D(100), D(110))
    assert view.reason is ExitReason.MANUAL
    # 1,000 in at 100 and out at 98: 20 lost, fees of 1 and 0.98 on top.
    assert round(view.r_multiple, 12) == round(pnl / D("21.98"), 12)
    assert not view.is_shared
    assert not view.is_invented
    assert len(view.candles) == 60


async def test_a_stop_that_was_hit_as_planned_is_one_r():
    house = House()
    found, order = traded(prices=("100", "102"), direction=SHORT, stop="2%")
    house.shelf.add(found, order)
    view = await house.card()
    assert view.r_multiple == D(-1)
    assert view.direction is Direction.SHORT
    assert view.pnl is None


async def test_without_a_first_stop_there_is_no_r():
    house = House()
    found, order = traded()
    house.shelf.add(found, order)
    assert (await house.card()).r_multiple is None
    house.shelf.entries.clear()
    assert (await house.card()).r_multiple is None


async def test_a_stop_that_risks_nothing_has_no_r():
    house = House()
    found, _ = traded()
    house.shelf.add(found, entry(47, stop="150"))
    assert (await house.card()).r_multiple is None


async def test_several_exits_have_an_average_price():
    house = House()
    house.shelf.add(*traded(prices=("100", "110", "120"), shares=("0.5", "1")))
    assert (await house.card()).exit_price == D(115)


async def test_a_card_is_the_last_closed_ones_or_the_last_of_its_coin():
    house = House()
    house.shelf.add(*traded(1))
    house.shelf.add(*traded(2, symbol="ETHUSDT", held_ms=9 * HOUR_MS))
    house.shelf.add(*traded(3, shares=()))
    assert (await house.card()).number == 2
    assert (await house.card(ByCoin("BTC"))).number == 1


@pytest.mark.parametrize(
    ("target", "code", "facts"),
    [
        (None, ProblemCode.STILL_OPEN, {"number": "47"}),
        (ByNumber(47), ProblemCode.STILL_OPEN, {"number": "47"}),
        (ByCoin("BTC"), ProblemCode.STILL_OPEN, {"number": "47"}),
        (ByNumber(9), ProblemCode.NO_SUCH_TRADE, {"number": "9"}),
        (ByCoin("ETH"), ProblemCode.COIN_NOT_OPEN, {"coin": "ETH"}),
    ],
)
async def test_an_open_trade_has_no_card(target, code, facts):
    house = House()
    house.shelf.add(*traded(shares=()))
    view = await house.card(target)
    assert (view.code, view.facts) == (code, facts)


async def test_who_never_traded_has_no_card():
    assert (await House().card()).code is ProblemCode.NO_TRADE_YET


async def test_a_shared_card_names_its_place_and_in_private_the_place_is_asked_for():
    house = House()
    house.shelf.add(*traded())
    view = await share(house.context, house.caller, Share(), "Traders")
    assert isinstance(view, CardView)
    assert (view.is_shared, view.place) == (True, "Traders")
    assert asked_where(view) == ShareView(number=47)
    house.shelf.files.clear()
    problem = await share(house.context, house.caller, Share())
    assert isinstance(problem, ProblemView)
    assert asked_where(problem) is problem


async def test_an_invented_market_is_called_so():
    house = House()
    house.context = replace(house.context, is_invented=True)
    house.shelf.add(*traded())
    assert (await house.chart(symbol="ETH")).is_invented
    assert (await house.chart(target=ByNumber(47))).is_invented
    assert (await house.card()).is_invented


@pytest.mark.parametrize(
    ("held_ms", "count", "interval"),
    [
        (0, 100, "1m"),
        (70 * MINUTE_MS, 100, "1m"),
        (71 * MINUTE_MS, 100, "5m"),
        (40 * MINUTE_MS, 60, "1m"),
        (41 * MINUTE_MS, 60, "5m"),
        (70 * HOUR_MS, 100, "1h"),
        (10_000 * 24 * HOUR_MS, 100, "1w"),
    ],
)
def test_the_interval_follows_the_time_held(held_ms, count, interval):
    assert interval_for(held_ms, count) == interval


@pytest.mark.parametrize(
    ("opened", "closed", "now", "first", "last"),
    [
        (1_000, 1_000, 1_000, 901, 1_000),  # nothing but now
        (960, 1_000, 1_000, 901, 1_000),  # open
        (960, 1_000, 1_010, 911, 1_010),  # closed a while ago: what followed is seen
        (960, 1_000, 9_999, 930, 1_029),  # closed long ago: in the middle
        (100, 1_000, 9_999, 901, 1_000),  # longer than the candles: its end
        (960, 1_000, 990, 901, 1_000),  # a clock that is behind
    ],
)
def test_candles_lie_around_what_is_shown(opened, closed, now, first, last):
    span = (opened * MINUTE_MS + 17, closed * MINUTE_MS + 59_999)
    start_ms = first_open(span, now * MINUTE_MS + 30_000, "1m", 100)
    assert start_ms == first * MINUTE_MS
    assert start_ms + 99 * MINUTE_MS == last * MINUTE_MS
