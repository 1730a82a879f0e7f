"""Where a message belongs and who may see it."""

from decimal import Decimal
from typing import Any

import pytest
from msgspec import structs

from bot.conversation.exchange import Turn, is_paced, is_public, placed, turn_of
from bot.conversation.presses import Press, PressKind
from bot.conversation.said import Said, Where
from bot.grammar.requests import Again, ByNumber, Close, ListTrades
from bot.messages.layout import lay
from bot.views import (
    DoneCode,
    DoneView,
    LinkedView,
    Mark,
    MarkKind,
    ProblemCode,
    ProblemView,
    WelcomeView,
)
from tests.bot.views.samples import ENGLISH
from tests.transcripts.samples import SAMPLES

PRESS = Press(kind=PressKind.DO, line="/trades")
VIEWS: list[Any] = list(SAMPLES.values())
NAMES = {type(view).__name__: view for view in VIEWS}


def of(kind: str, *, is_shared: bool | None = None) -> Any:
    """Return a sample of a view; a card that is shared, or is not."""
    found = [view for view in VIEWS if type(view).__name__ == kind]
    if is_shared is not None:
        found = [view for view in found if view.is_shared is is_shared]
    return found[0]


@pytest.mark.parametrize(
    ("view", "is_pressed", "where"),
    [
        (of("TradesView"), False, Where.NEW),
        (of("TradesView"), True, Where.SAME),
        (of("ExportView"), True, Where.NEW),
        (of("LinkedView"), True, Where.NEW),
        (of("PracticeView"), True, Where.NEW),
        (of("CardView"), True, Where.NEW),
        (DoneView(code=DoneCode.ALREADY_DONE), True, Where.TOAST),
        (DoneView(code=DoneCode.ALREADY_DONE), False, Where.NEW),
        (DoneView(code=DoneCode.NOT_DONE), True, Where.SAME),
        (ProblemView(code=ProblemCode.NOT_YOURS, suggestion="/trades"), True, Where.TOAST),
        (ProblemView(code=ProblemCode.EXPIRED), True, Where.TOAST),
        (ProblemView(code=ProblemCode.NO_SUCH_TRADE, suggestion="/trades"), True, Where.SAME),
    ],
)
def test_where_a_message_belongs(view, is_pressed, where):
    turn = Turn(Said(key="1", payload="p" if is_pressed else None), press=None)
    turn.press = PRESS if is_pressed else None
    shown = placed(lay(view, ENGLISH), view, turn)
    assert shown.where is where
    assert turn.shown == 1


def test_what_nobody_of_us_wrote_is_told_aside():
    view = ProblemView(code=ProblemCode.EXPIRED, suggestion="/trades")
    assert placed(lay(view, ENGLISH), view, Turn(Said(key="1", payload="?"))).where is Where.TOAST


def test_the_end_of_an_order_takes_the_place_of_its_waiting():
    waiting, opened = of("OrderWaitingView"), of("OpenedView")
    turn = Turn(Said(key="1", line="/buy btc 100"))
    first = placed(lay(waiting, ENGLISH), waiting, turn)
    assert (first.where, first.lets_go) == (Where.NEW, True)
    last = placed(lay(opened, ENGLISH), opened, turn)
    assert (last.where, last.lets_go, turn.is_waiting) == (Where.SAME, False, False)


def test_a_second_message_is_one_of_its_own():
    view = of("PriceView")
    turn = Turn(Said(key="1", payload="p"), press=PRESS)
    assert [placed(lay(view, ENGLISH), view, turn).where for _ in "ab"] == [Where.SAME, Where.NEW]


def test_only_a_list_with_rows_is_watched():
    full = next(one for one in VIEWS if type(one).__name__ == "TradesView" and one.rows)
    for view, is_watched in ((full, True), (of("PriceView"), False)):
        shown = placed(lay(view, ENGLISH), view, Turn(Said(key="1", line="/trades")))
        assert shown.is_watched is is_watched


@pytest.mark.parametrize(
    ("view", "is_arrival"),
    [
        (WelcomeView(name="Ana", is_new=True, currency="USDT", balance=Decimal(9)), True),
        (WelcomeView(name="Ana", is_new=False, currency="USDT", balance=Decimal(9)), True),
        (WelcomeView(name="Ana", is_new=True), False),
        (LinkedView(channel="discord:1", name="Ana", is_here=True), True),
        (LinkedView(channel="discord:1", name="Ana", is_here=False), False),
        (of("TradesView"), False),
    ],
)
def test_whoever_is_greeted_into_his_account_has_come_in(view, is_arrival):
    shown = placed(lay(view, ENGLISH), view, Turn(Said(key="1", line="/start")))
    assert shown.is_arrival is is_arrival
    resumed = Turn(Said(key="1", line="/start t"), is_back=True)
    assert placed(lay(view, ENGLISH), view, resumed).is_arrival


@pytest.mark.parametrize("name", sorted(NAMES))
def test_a_room_sees_prices_plain_charts_and_what_was_shared(name):
    seen = {"PriceView", "HelpView", "GroupView", "HandOffView"}
    if name not in {"ChartView", "CardView"}:
        assert is_public(NAMES[name]) is (name in seen)
        assert is_paced(NAMES[name]) is (name in {"PriceView", "HelpView"})


def test_a_chart_is_the_rooms_unless_a_trade_is_on_it_and_a_card_if_it_is_shared():
    charts = [view for view in VIEWS if type(view).__name__ == "ChartView"]
    has_mine = [bool(view.marks or view.levels or view.number) for view in charts]
    assert set(has_mine) == {True, False}
    assert [is_public(view) for view in charts] == [not mine for mine in has_mine]
    assert not is_public(structs.replace(charts[0], marks=(Mark(MarkKind.EXIT, 0, Decimal(1)),)))
    assert is_public(of("CardView", is_shared=True))
    assert not is_public(of("CardView", is_shared=False))


def test_a_press_asks_before_it_acts_unless_its_owner_wants_no_questions():
    ask = Press(kind=PressKind.ASK, line="/close 1")
    close = Close(ByNumber(1))
    assert turn_of(close, ask, "buttons") == Close(ByNumber(1), is_asking=True)
    assert turn_of(Again(), ask, "always") == Again(is_asking=True)
    assert turn_of(close, ask, "never") == close
    assert turn_of(close, PRESS, "always") == close
    assert turn_of(ListTrades(), ask, "always") == ListTrades()
