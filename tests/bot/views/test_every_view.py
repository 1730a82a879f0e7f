"""Every view can be told in both languages, whatever it carries."""

from decimal import Decimal
from typing import get_args

import pytest
from msgspec import structs

from bot.grammar.parse import parse
from bot.grammar.requests import (
    ByNumber,
    Close,
    CloseMany,
    DeleteMe,
    LevelText,
    Misread,
    MisreadCode,
    Open,
    Reset,
    SetStop,
    SizeText,
)
from bot.grammar.words import _LATER_COMMANDS, _LATER_OPTIONS
from bot.views import (
    AskCode,
    AskView,
    BalanceView,
    CaughtUp,
    ChoiceCode,
    ChoiceView,
    ConfirmKind,
    ConfirmView,
    DoneCode,
    DoneView,
    ExitsSetView,
    ExitView,
    ExportView,
    FeedRow,
    FeedState,
    FeedView,
    FillRow,
    HelpView,
    HistoryRow,
    HistoryView,
    MisreadView,
    OpenedView,
    Option,
    OrderFailedView,
    OrderWaitingView,
    PnlRow,
    PnlView,
    PriceView,
    Print,
    ProblemCode,
    ProblemView,
    RefusedView,
    StatusView,
    TradesView,
    TradeView,
    View,
    WaitingRow,
    WelcomeView,
)
from bot.views.plain import lines_of
from engine.core.commands import Refusal, RefusalCode
from engine.core.instrument import Direction
from engine.core.trade import ExitReason
from tests.bot.views.samples import (
    BTC,
    ENGLISH,
    LIST_BRL,
    LIST_USDT,
    OPENED_BRL,
    OPENED_USDT,
    PORTUGUESE,
    ROWS_USDT,
    SILENCE,
    STOPPED_BRL,
    STOPPED_USDT,
    at,
    text_of,
)
from tests.transcripts.samples import SAMPLES as TRANSCRIBED

D = Decimal
LONG, SHORT = Direction.LONG, Direction.SHORT
OF_BTC = {"instrument": BTC, "direction": LONG, "currency": "USDT"}
DAYS = structs.replace(SILENCE, since_ms=at(0) - 1, until_ms=at(9))
SECONDS = structs.replace(SILENCE, since_ms=at(14, 5, 1), until_ms=at(14, 5, 40))
ENTRY = Open(LONG, "BTC", SizeText(D(500)), LevelText(D(2), is_percent=True), LevelText(D(65000)))

EXITS = [
    structs.replace(STOPPED_USDT, reason=reason, is_closed=is_closed, late=late)
    for reason in ExitReason
    for is_closed in (True, False)
    for late in (None, SILENCE, DAYS, SECONDS)
] + [
    structs.replace(STOPPED_USDT, trigger_price=None, balance=None, share=D("0.3")),
    structs.replace(STOPPED_USDT, trigger_price=D("60248.10")),
    structs.replace(
        STOPPED_USDT, is_closed=False, direction=SHORT, stop_price=D(70000), share=D("0.3")
    ),
    structs.replace(STOPPED_USDT, is_closed=False, target_price=D(60000)),
    STOPPED_BRL,
]
ALL_FACTS = {
    "price": "61480",
    "level": "62000",
    "side": "above",
    "suggestion": "61480.01",
    "age_ms": "90000",
    "needed": "500.5",
    "balance": "10",
    "rate_symbol": "USDTBRL",
    "notional": "1",
    "notional_min": "5",
    "quantity": "1",
    "quantity_min": "2",
    "step_size": "0.1",
    "share": "0.01",
    "quote": "USDT",
    "symbol": "BTCUSDT",
    "limit": "200",
}
REFUSALS = [
    kind(refusal=Refusal(code, facts), number=number, **OF_BTC)
    for kind in (RefusedView, OrderFailedView)
    for code in RefusalCode
    for number in (None, 47)
    for facts in (
        {},
        {"price": "", "age_ms": "5"},
        ALL_FACTS,
    )
]
PRINT = Print(id=3217338290, price=D("61480.00"), time_ms=at(11))
FILLS = (
    FillRow(
        quantity=D("0.00813"),
        price=D("61480.00"),
        fee=D("0.5"),
        booked_at_ms=at(11),
        justified_by=PRINT,
    ),
    FillRow(
        quantity=D("0.004"),
        price=D("61500.00"),
        fee=D("0.2"),
        booked_at_ms=at(12),
        justified_by=PRINT,
        reason=ExitReason.MANUAL,
        pnl=D("1.2"),
        rate=D("5.4321"),
    ),
)
DETAIL = TradeView(
    number=47,
    is_open=True,
    quantity=D("0.00413"),
    notional=D("253.9"),
    entry_price=D("61480"),
    opened_at_ms=at(11),
    fills=FILLS,
    pnl=D("2.51"),
    return_ratio=D("0.005"),
    price=D("61912.30"),
    price_age_ms=400,
    stop=OPENED_USDT.stop,
    target=OPENED_USDT.target,
    liquidation_price=D(122000),
    realized_pnl=D("1.2"),
    **OF_BTC,
)
PAST = HistoryRow(
    number=47,
    instrument=BTC,
    direction=LONG,
    pnl=D("-11"),
    return_ratio=D("-0.022"),
    reason=ExitReason.STOP_LOSS,
    opened_at_ms=at(11),
    closed_at_ms=at(14),
)
STATUS = StatusView(
    feed=FeedState.LIVE,
    rows=(
        FeedRow(symbol="BTCUSDT", last_id=3217338290, age_ms=84, is_fresh=True),
        FeedRow(symbol="ETHUSDT", last_id=17, age_ms=84_000),
        FeedRow(symbol="SOLUSDT"),
    ),
    database_is_up=True,
    open_count=12_345,
    started_at_ms=at(9),
    now_ms=at(12),
    database="PostgreSQL 17.4",
    database_latency_ms=2,
    clock_offset_ms=-1_500,
    caught_up=CaughtUp(since_ms=at(8), until_ms=at(9), prints=1_234_567, fills=2),
)
HUNDRED = PnlRow(realized_pnl=D(100), closed_count=3, winner_count=2)
NOTHING = PnlRow(realized_pnl=D(0), closed_count=0, winner_count=0)
PNL = PnlView(
    currency="USDT",
    today=NOTHING,
    week=HUNDRED,
    all_time=HUNDRED,
    unrealized_pnl=D("-1.5"),
    open_count=2,
)
BALANCE = BalanceView(
    currency="USDT",
    balance=D("9500.17"),
    reserved=D("499.83"),
    unrealized_pnl=D("2.51"),
    equity=D("10002.51"),
    start=D(10000),
    open_count=1,
)
OPTIONS = (
    Option(request=Close(ByNumber(47)), line="/close 47", row=ROWS_USDT[0]),
    Option(request=SetStop(ByNumber(47), LevelText(D(2))), line="/sl 47 2%", level=LevelText(D(2))),
    Option(request=Open(SHORT, "BTC"), line="/short btc"),
    Option(request=Open(LONG, "BTC"), line="/buy btc"),
)
SAMPLES: list[View] = [
    *(OPENED_USDT, OPENED_BRL, structs.replace(OPENED_USDT, late=SILENCE)),
    structs.replace(OPENED_USDT, stop=None, target=None, liquidation_price=D(122000)),
    *EXITS,
    *REFUSALS,
    OrderWaitingView(instrument=BTC, direction=SHORT),
    OrderWaitingView(instrument=BTC, direction=SHORT, number=47),
    OrderWaitingView(
        instrument=BTC, direction=LONG, number=47, price_age_ms=47_000, is_patient=True
    ),
    *(ProblemView(code=code, suggestion="/help") for code in ProblemCode),
    *(
        MisreadView(misread=answer)
        for answer in (parse(line, "en") for line in ("", "x" * 500, "/buy \ud800", "boo"))
        if isinstance(answer, Misread)
    ),
    *(
        MisreadView(misread=Misread(MisreadCode.NOT_YET, {"feature": feature, "text": "x"}))
        for feature in [*_LATER_COMMANDS, *_LATER_OPTIONS, "ladder"]
    ),
    *(ChoiceView(code=code, options=OPTIONS, facts={"typed": "2"}) for code in ChoiceCode),
    *(LIST_USDT, LIST_BRL, structs.replace(LIST_USDT, rows=(), is_live=False)),
    structs.replace(
        LIST_USDT,
        rows=(
            structs.replace(ROWS_USDT[0], stop_distance_ratio=None, price_age_ms=60_000),
            structs.replace(
                ROWS_USDT[1], stop_distance_ratio=None, target_distance_ratio=D("0.04")
            ),
            structs.replace(ROWS_USDT[1], pnl=None, price=None),
        ),
        waiting=(
            WaitingRow(instrument=BTC, direction=LONG, received_at_ms=at(9)),
            WaitingRow(instrument=BTC, direction=LONG, received_at_ms=at(9), number=47),
        ),
    ),
    DETAIL,
    structs.replace(DETAIL, pnl=None, price=None, stop=None, target=None, liquidation_price=None),
    structs.replace(DETAIL, is_open=False, closed_at_ms=at(14)),
    *(
        ExitsSetView(number=47, is_stop=is_stop, stop=stop, price=price, **OF_BTC)
        for is_stop in (True, False)
        for stop in (OPENED_USDT.stop, None)
        for price in (D(61000), None)
    ),
    ExitsSetView(number=47, is_stop=False, target=OPENED_USDT.target, **OF_BTC),
    PriceView(instrument=BTC),
    PriceView(instrument=BTC, price=D("61480")),
    PriceView(instrument=BTC, price=D("61480"), age_ms=84, print_id=17, is_fresh=True),
    PriceView(instrument=BTC, price=D("61480"), age_ms=84_000, print_id=17),
    *(BALANCE, structs.replace(BALANCE, is_live=False)),
    *(PNL, structs.replace(PNL, open_count=0)),
    HistoryView(rows=(), currency="USDT", page=1, page_count=1),
    HistoryView(rows=(PAST,), currency="USDT", page=1, page_count=2),
    STATUS,
    *(structs.replace(STATUS, feed=state, database=None, caught_up=None) for state in FeedState),
    structs.replace(STATUS, database_is_up=False, database_latency_ms=None, clock_offset_ms=None),
    ConfirmView(
        kind=ConfirmKind.CLOSE,
        on_yes=CloseMany((47, 48)),
        currency="USDT",
        rows=ROWS_USDT,
        pnl=D("-1.39"),
    ),
    ConfirmView(
        kind=ConfirmKind.CLOSE,
        on_yes=CloseMany((47,)),
        currency="USDT",
        rows=ROWS_USDT[:1],
        pnl=D("2.51"),
        share=D("0.5"),
    ),
    ConfirmView(
        kind=ConfirmKind.RESET,
        on_yes=Reset(is_confirmed=True),
        currency="USDT",
        starting_balance=D(10000),
        open_count=1,
    ),
    ConfirmView(kind=ConfirmKind.DELETE_ME, on_yes=DeleteMe(is_confirmed=True), currency="USDT"),
    ConfirmView(kind=ConfirmKind.OPEN, on_yes=ENTRY, currency="USDT", price=D("61480")),
    ConfirmView(
        kind=ConfirmKind.OPEN,
        on_yes=structs.replace(ENTRY, size=SizeText(D(5), "%"), stop=None, target=None),
        currency="USDT",
        pair="BTC/USDT",
    ),
    ConfirmView(
        kind=ConfirmKind.OPEN,
        on_yes=structs.replace(ENTRY, size=SizeText(D("0.01"), "BTC")),
        currency="BRL",
    ),
    *(AskView(code=code, coin="BTC") for code in AskCode),
    *(DoneView(code=code, facts={"name": "Europe/Lisbon"}) for code in DoneCode),
    DoneView(code=DoneCode.RESET, facts={"count": "3"}, amount=D(10000), currency="USDT"),
    WelcomeView(name="ana", is_new=True, choices=(("USDT", D(10000)), ("BRL", D(50000)))),
    WelcomeView(name="ana", is_new=True, currency="USDT", balance=D(10000)),
    WelcomeView(name="ana", is_new=False, currency="BRL", balance=D(10000), open_count=2),
    *(FeedView(state=state, away_ms=away) for state in FeedState for away in (None, 90_000)),
    *(HelpView(), HelpView(topic="buy")),
    ExportView(filename="vigilante-ana.json", content=b"{}"),
    ExportView(filename="vigilante-ana.json", content=b"{}", path="vigilante-ana.json"),
    *TRANSCRIBED.values(),
]


def test_the_samples_hold_every_kind_of_view():
    assert {type(view) for view in SAMPLES} == set(get_args(View))


@pytest.mark.parametrize("words", [ENGLISH, PORTUGUESE], ids=["en", "pt-BR"])
def test_every_view_is_told_in_printable_lines(words):
    for view in SAMPLES:
        lines = lines_of(view, words)
        assert lines
        assert all(line.isprintable() for line in lines), (view, lines)
        assert lines[0].strip()
        assert "{" not in "".join(lines)


@pytest.mark.parametrize("words", [ENGLISH, PORTUGUESE], ids=["en", "pt-BR"])
def test_what_the_market_tells_fits_a_narrow_phone(words):
    told = OpenedView | ExitView | TradesView | OrderWaitingView
    for view in SAMPLES:
        if isinstance(view, told):
            for line in lines_of(view, words):
                assert len(line) <= 44, line


def test_a_sentence_never_lacks_a_number_that_the_engine_gave():
    full = [view for view in REFUSALS if "needed" in view.refusal.facts]
    for view in full:
        assert "…" not in text_of(view, ENGLISH), view


def test_the_detail_shows_the_print_that_justifies_each_fill():
    text = text_of(DETAIL, ENGLISH)
    assert "In 0.00813 at 61,480.00 · fee 0.50\n  print 3217338290 · 61,480.00 · 11:00:00" in text
    assert "Out 0.004 at 61,500.00 · fee 0.20\n  by hand · +1.20\n  rate 5.4321" in text
