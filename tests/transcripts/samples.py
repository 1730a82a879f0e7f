"""One view of every kind, and of every code that changes the text, by name: what chats may show.

A new kind of view, or a new member of one of these codes, is missing here until it is added.
"""

from decimal import Decimal
from typing import get_args

from msgspec import structs

from bot.grammar.catalogue import COMMANDS
from bot.grammar.requests import (
    Admin,
    ByNumber,
    Close,
    CloseMany,
    DeleteMe,
    Language,
    LevelText,
    Link,
    Open,
    Reset,
    SetStop,
    SizeText,
)
from bot.views import (
    AdminDoneView,
    AskCode,
    AskView,
    BalanceView,
    BroadcastPreview,
    BroadcastView,
    Candle,
    CardView,
    CaughtUp,
    ChartView,
    ChoiceCode,
    ChoiceView,
    ConfirmKind,
    ConfirmView,
    DoneCode,
    DoneView,
    ExitsSetView,
    ExportView,
    FeedState,
    FeedView,
    FillRow,
    GroupView,
    HandOffView,
    HelpView,
    HistoryRow,
    HistoryView,
    LinkedView,
    LinkView,
    Mark,
    MarkKind,
    MenuView,
    Option,
    OrderWaitingView,
    PlanRow,
    PlansView,
    PnlRow,
    PnlView,
    PracticeStep,
    PracticeView,
    PriceView,
    Print,
    ReceiptView,
    Savings,
    ShareView,
    TradeView,
    View,
    WaitingRow,
    WelcomeView,
)
from bot.views.market import GROUP_HELLO
from engine.core.instrument import Direction
from engine.core.trade import ExitReason
from tests.bot.views.samples import (
    BTC,
    BTC_BRL,
    HOUR_MS,
    LIST_BRL,
    LIST_USDT,
    OPENED_BRL,
    OPENED_USDT,
    ROWS_USDT,
    SILENCE,
    at,
)
from tests.transcripts.alert_samples import ALERTS
from tests.transcripts.exits import EXITS, TARGET
from tests.transcripts.house_samples import HEALTH, SETTINGS, STATUS
from tests.transcripts.refused import REFUSED

D = Decimal
LONG, SHORT = Direction.LONG, Direction.SHORT
OF_BTC = {"instrument": BTC, "direction": LONG, "currency": "USDT"}
TWO_PERCENT = LevelText(D(2), is_percent=True)
FOUR_PERCENT = LevelText(D(4), is_percent=True)
ENTRY = Open(LONG, "BTCUSDT", SizeText(D(500)), TWO_PERCENT, LevelText(D(65000)))

PRACTICED = structs.replace(TARGET, number=0, balance=None)
PRINT = Print(id=3217338290, price=D("61480.00"), time_ms=at(11))
BOUGHT = FillRow(
    quantity=D("0.00813"),
    price=D("61480.00"),
    fee=D("0.5"),
    booked_at_ms=at(11),
    justified_by=PRINT,
)
SOLD = structs.replace(
    BOUGHT, quantity=D("0.004"), reason=ExitReason.MANUAL, pnl=D("1.2"), rate=D("5.4321")
)
DETAIL = TradeView(
    number=47,
    is_open=True,
    quantity=D("0.00413"),
    notional=D("253.9"),
    entry_price=D("61480"),
    opened_at_ms=at(11),
    fills=(BOUGHT, SOLD),
    pnl=D("2.51"),
    return_ratio=D("0.005"),
    price=D("61912.30"),
    price_age_ms=400,
    stop=OPENED_USDT.stop,
    target=OPENED_USDT.target,
    realized_pnl=D("1.2"),
    **OF_BTC,
)
MANY = structs.replace(
    LIST_USDT,
    rows=tuple(
        structs.replace(ROWS_USDT[at_ % 2], number=40 + at_, pnl=D(at_) * 1234 - 5000)
        for at_ in range(19)
    ),
    waiting=(
        WaitingRow(instrument=BTC, direction=LONG, received_at_ms=at(9)),
        WaitingRow(instrument=BTC, direction=LONG, received_at_ms=at(9), number=47),
    ),
)
CANDLES = tuple(
    Candle(at(9) + n * HOUR_MS, D(61000 + n), D(62000 + n), D(60000 + n), D(61500 + n), D(12))
    for n in range(3)
)
CHART = ChartView(
    instrument=BTC,
    interval="1h",
    candles=CANDLES,
    currency="USDT",
    zone="UTC",
    price=D("61912.30"),
)
CARD = CardView(
    number=47,
    name="ana",
    return_ratio=D("-0.022"),
    entry_price=D("61480"),
    exit_price=D("60248.10"),
    opened_at_ms=at(10, 53, 21),
    closed_at_ms=at(14, 5, 33),
    reason=ExitReason.STOP_LOSS,
    zone="UTC",
    interval="5m",
    candles=CANDLES,
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
ONE_FOUND = CaughtUp(since_ms=at(9), until_ms=at(9, 0, 42), prints=1, fills=1)
NOTHING = PnlRow(realized_pnl=D(0), closed_count=0, winner_count=0)
HUNDRED = PnlRow(realized_pnl=D(100), closed_count=3, winner_count=2)
PNL = PnlView(
    currency="USDT",
    today=NOTHING,
    week=HUNDRED,
    all_time=HUNDRED,
    unrealized_pnl=D("-1.5"),
    open_count=2,
)
TRADE_OPTIONS = tuple(
    Option(request=Close(ByNumber(row.number)), line=f"/close {row.number}", row=row)
    for row in ROWS_USDT
)
SHORT_OPTION = Option(request=Open(SHORT, "BTC"), line="/short btc")
LEVEL_OPTION = Option(
    request=SetStop(ByNumber(47), TWO_PERCENT), line="/sl 47 2%", level=TWO_PERCENT
)
READINGS = tuple(
    Option(request=SetStop(ByNumber(47), level), line=f"/sl 47 {level.value}", level=level)
    for level in (LevelText(D(61480)), LevelText(D("61.48")))
)
LANGUAGE_OPTIONS = (
    Option(request=Language("en"), line="/language en", label="English"),
    Option(request=Language("pt-BR"), line="/idioma pt", label="Português"),
)
CHOICES = {
    ChoiceCode.WHICH_TRADE: (TRADE_OPTIONS, {"coin": "BTC"}),
    ChoiceCode.SELL_WHAT: ((TRADE_OPTIONS[0], SHORT_OPTION), {}),
    ChoiceCode.SELL_WHOLE: ((TRADE_OPTIONS[0], SHORT_OPTION), {}),
    ChoiceCode.PERCENT_MEANT: ((LEVEL_OPTION,), {"typed": "2"}),
    ChoiceCode.THOUSANDS_MEANT: ((READINGS[0],), {"typed": "61.48"}),
    ChoiceCode.WHICH_READING: (READINGS, {"typed": "61.480"}),
    ChoiceCode.WHICH_LANGUAGE: (LANGUAGE_OPTIONS, {}),
    ChoiceCode.WHICH_CURRENCY: ((), {}),
}
LINES_ASKED = {
    AskCode.COIN: ("/buy", ()),
    AskCode.AMOUNT: ("/buy btc", (AskCode.COIN,)),
    AskCode.STOP: ("/buy btc 100", (AskCode.COIN, AskCode.AMOUNT)),
    AskCode.TARGET: ("/buy btc 100 sl 2%", (AskCode.COIN, AskCode.AMOUNT, AskCode.STOP)),
    AskCode.LEVEL_STOP: ("/sl 47", ()),
    AskCode.LEVEL_TARGET: ("/tp 47", ()),
    AskCode.ALERT: ("/alert btc", (AskCode.COIN,)),
}
WELCOME = WelcomeView(name="ana", is_new=True)
CLOSE_ONE = ConfirmView(
    kind=ConfirmKind.CLOSE,
    on_yes=CloseMany((47,)),
    currency="USDT",
    rows=ROWS_USDT[:1],
    pnl=D("2.51"),
)
DONE_NAMES = {DoneCode.UNLINKED: "discord:2", DoneCode.SHARED: "#general · Desk"}
PLANS = PlansView(
    rows=(
        PlanRow(name="default", size=SizeText(D(500)), stop=TWO_PERCENT, target=FOUR_PERCENT),
        PlanRow(name="scalp", size=SizeText(D(5), "%")),
        PlanRow(name="empty"),
    ),
    currency="USDT",
)


SAMPLES: dict[str, View] = {
    "opened": OPENED_USDT,
    "opened in reais": OPENED_BRL,
    "opened late": structs.replace(
        OPENED_USDT,
        late=SILENCE,
        justified_by=Print(id=3217399001, price=D("61480.00"), time_ms=at(14, 5, 33)),
    ),
    "opened short without a stop": structs.replace(
        OPENED_USDT,
        stop=None,
        target=None,
        direction=SHORT,
        risk_ratio=None,
        liquidation_price=D("122837.16"),
    ),
    **EXITS,
    "waiting": OrderWaitingView(instrument=BTC, direction=SHORT),
    "waiting to close": OrderWaitingView(
        instrument=BTC, direction=LONG, number=47, price_age_ms=47_000, is_patient=True
    ),
    **REFUSED,
    **{
        f"choice {code.value}": ChoiceView(code=code, options=options, facts=facts)
        for code, (options, facts) in CHOICES.items()
    },
    "trades": LIST_USDT,
    "trades in reais": LIST_BRL,
    "trades none": structs.replace(LIST_USDT, rows=(), pnl=D(0), is_live=False),
    "trades many": structs.replace(MANY, page=2),
    "trades old": structs.replace(
        LIST_USDT,
        rows=(
            structs.replace(ROWS_USDT[0], stop_distance_ratio=None, price_age_ms=60_000),
            structs.replace(ROWS_USDT[1], pnl=None, price=None, stop_distance_ratio=None),
        ),
    ),
    "trade": DETAIL,
    "trade without exits": structs.replace(
        DETAIL, pnl=None, price=None, stop=None, target=None, fills=(BOUGHT,)
    ),
    "trade closed": structs.replace(DETAIL, is_open=False, closed_at_ms=at(14)),
    "stop set": ExitsSetView(
        number=47, is_stop=True, stop=OPENED_USDT.stop, price=D(61000), **OF_BTC
    ),
    "stop removed": ExitsSetView(number=47, is_stop=True, **OF_BTC),
    "target set": ExitsSetView(
        number=47, is_stop=False, stop=OPENED_USDT.stop, target=OPENED_USDT.target, **OF_BTC
    ),
    "target removed": ExitsSetView(number=47, is_stop=False, stop=OPENED_USDT.stop, **OF_BTC),
    "price": PriceView(
        instrument=BTC, price=D("61480"), age_ms=84, print_id=3217338290, is_fresh=True
    ),
    "price in reais": PriceView(
        instrument=BTC_BRL, price=D(334500), age_ms=84, print_id=17, is_fresh=True
    ),
    "price old": PriceView(instrument=BTC, price=D("61480"), age_ms=84_000, print_id=17),
    "price unknown": PriceView(instrument=BTC),
    "balance": BalanceView(
        currency="USDT",
        balance=D("9500.17"),
        reserved=D("499.83"),
        unrealized_pnl=D("2.51"),
        equity=D("10002.51"),
        start=D(10000),
        open_count=1,
        is_live=False,
    ),
    "balance in reais": BalanceView(
        currency="BRL",
        balance=D("47498.79"),
        reserved=D("2498.71"),
        unrealized_pnl=D("12.32"),
        equity=D("50009.82"),
        start=D(50000),
        open_count=1,
        is_live=True,
    ),
    "pnl": PNL,
    "pnl with one open": structs.replace(PNL, open_count=1),
    "history": HistoryView(rows=(PAST, PAST), currency="USDT", page=2, page_count=3),
    "history empty": HistoryView(rows=(), currency="USDT", page=1, page_count=1),
    "status": STATUS,
    "status of one": structs.replace(STATUS, open_count=1, waiting_count=1, caught_up=ONE_FOUND),
    **{
        f"status {state.value}": structs.replace(STATUS, feed=state, rows=(), caught_up=None)
        for state in FeedState
    },
    "status without a database": structs.replace(STATUS, database_is_up=False),
    "close one": CLOSE_ONE,
    "close half": structs.replace(
        CLOSE_ONE, on_yes=CloseMany((47,), D("0.5")), share=D("0.5"), pnl=D("1.25")
    ),
    "close all": structs.replace(
        CLOSE_ONE, on_yes=CloseMany((47, 48)), rows=ROWS_USDT, pnl=D("-1.39")
    ),
    "close very many": structs.replace(
        CLOSE_ONE,
        on_yes=CloseMany(tuple(row.number for row in MANY.rows)),
        rows=MANY.rows,
        page=2,
    ),
    "choice of very many": ChoiceView(
        code=ChoiceCode.WHICH_TRADE,
        options=tuple(
            Option(request=Close(ByNumber(row.number)), line=f"/close {row.number}", row=row)
            for row in MANY.rows
        ),
        facts={"coin": "BTC"},
        line="/close btc",
        page=2,
    ),
    "confirm reset": ConfirmView(
        kind=ConfirmKind.RESET,
        on_yes=Reset(is_confirmed=True),
        currency="USDT",
        starting_balance=D(10000),
        open_count=2,
    ),
    "confirm delete": ConfirmView(
        kind=ConfirmKind.DELETE_ME, on_yes=DeleteMe(is_confirmed=True), currency="USDT"
    ),
    "confirm open": ConfirmView(
        kind=ConfirmKind.OPEN,
        on_yes=ENTRY,
        currency="USDT",
        price=D("61480"),
        pair="BTC/USDT",
        instrument=BTC,
    ),
    "confirm open bare short": ConfirmView(
        kind=ConfirmKind.OPEN,
        on_yes=Open(SHORT, "ETHBRL", SizeText(D(5), "%")),
        currency="BRL",
    ),
    "confirm link": ConfirmView(
        kind=ConfirmKind.LINK,
        on_yes=Link("ABCD1234", is_confirmed=True),
        currency="USDT",
        savings=Savings(balance=D("9989"), currency="USDT", closed_count=12),
    ),
    "confirm link that ends alerts": ConfirmView(
        kind=ConfirmKind.LINK,
        on_yes=Link("ABCD1234", is_confirmed=True),
        currency="USDT",
        savings=Savings(balance=D("9989"), currency="USDT", closed_count=0, alert_count=3),
    ),
    "confirm link of a stranger": ConfirmView(
        kind=ConfirmKind.LINK, on_yes=Link("ABCD1234", is_confirmed=True), currency="USDT"
    ),
    "confirm broadcast": ConfirmView(
        kind=ConfirmKind.BROADCAST,
        on_yes=Admin("broadcast", "Back at 18:00.\nSorry!", is_confirmed=True),
        currency="USDT",
        broadcast=BroadcastPreview(text="Back at 18:00.\nSorry!", count=14_210),
    ),
    **{
        f"ask {code.value}": AskView(
            code=code,
            coin="" if code is AskCode.COIN else "BTCUSDT",
            line=line,
            asked=asked,
            price=None if code is AskCode.COIN else D("61480.00"),
            instrument=None if code is AskCode.COIN else BTC,
        )
        for code, (line, asked) in LINES_ASKED.items()
    },
    **{
        f"done {code.value}": DoneView(
            code=code,
            facts={"name": DONE_NAMES.get(code, "Europe/Lisbon")},
        )
        for code in DoneCode
    },
    "done reset with money": DoneView(
        code=DoneCode.RESET, facts={"count": "3"}, amount=D(10000), currency="USDT"
    ),
    "welcome language": structs.replace(WELCOME, languages=("en", "pt-BR")),
    "welcome money": structs.replace(
        WELCOME, choices=(("USDT", D(10000)), ("BRL", D(50000))), ticket="A" * 16
    ),
    "welcome first": structs.replace(WELCOME, currency="USDT", balance=D(10000)),
    "welcome invented": structs.replace(
        WELCOME, currency="BRL", balance=D(50000), is_invented=True
    ),
    "welcome back": structs.replace(
        WELCOME, is_new=False, currency="BRL", balance=D(10000), open_count=2
    ),
    **{f"feed {state.value}": FeedView(state=state) for state in FeedState},
    "feed back": FeedView(state=FeedState.LIVE, away_ms=90_000),
    "help": HelpView(),
    "help to a group": HelpView(topic=GROUP_HELLO),
    **{f"help {command.name}": HelpView(topic=command.name) for command in COMMANDS},
    "export": ExportView(filename="vigilante-ana.json", content=b"{}"),
    "menu": MenuView(open_count=3),
    "menu with one open": MenuView(open_count=1),
    "menu of a newcomer": MenuView(is_new=True),
    "menu of a newcomer with reais": MenuView(is_new=True, currency="BRL"),
    "plans": PLANS,
    "plans one": structs.replace(PLANS, rows=PLANS.rows[:1]),
    "plans in pages": structs.replace(PLANS, rows=PLANS.rows * 5),
    "plans none": PlansView(rows=(), currency="USDT", removed="scalp"),
    "plan saved": structs.replace(PLANS, saved="default"),
    "practice begins": PracticeView(step=PracticeStep.BEGIN),
    "practice event": PracticeView(step=PracticeStep.EVENT, at_seconds=20, event=PRACTICED),
    "practice card": PracticeView(
        step=PracticeStep.EVENT,
        at_seconds=55,
        event=structs.replace(CARD, is_invented=True, pnl=D("4.49")),
    ),
    "practice ends": PracticeView(step=PracticeStep.END, at_seconds=60),
    "share": ShareView(number=47),
    "link": LinkView(
        code="ABCD1234", expires_at_ms=at(14, 42), channels=("telegram:1", "terminal:ana")
    ),
    "linked here": LinkedView(channel="discord:2", name="ana", is_here=True),
    "linked there": LinkedView(channel="discord:" + "9" * 19, name="ana", is_here=False),
    "settings": SETTINGS,
    "settings changed": structs.replace(SETTINGS, confirm="never", changed="confirm"),
    "settings all told": structs.replace(
        SETTINGS, locale="pt-BR", theme="light", card_money="shown", channels=SETTINGS.channels[:1]
    ),
    "group": GroupView(locale=None, cooldown_seconds=0),
    "group changed": GroupView(locale="pt-BR", cooldown_seconds=30, changed="language"),
    "hand off": HandOffView(name="Ana", ticket="A" * 16),
    "health": HEALTH,
    "health paused": structs.replace(
        HEALTH, platforms=(), is_paused=True, is_armed=False, database_is_up=False, people=1
    ),
    "receipt": ReceiptView(
        found=CaughtUp(since_ms=at(9), until_ms=at(9, 0, 42), prints=18_204, fills=3)
    ),
    "receipt of one": ReceiptView(found=ONE_FOUND),
    "receipt of nothing": ReceiptView(
        found=CaughtUp(since_ms=at(9), until_ms=at(9, 0, 42), prints=0, fills=0)
    ),
    **{
        f"admin {action}": AdminDoneView(action=action, count=14_210)
        for action in ("pause", "resume", "broadcast")
    },
    "broadcast": BroadcastView(text="Back at 18:00.\nSorry!"),
    "chart": CHART,
    "chart of a trade": structs.replace(CHART, number=47, direction=LONG),
    "chart of several trades": structs.replace(
        CHART,
        marks=(Mark(MarkKind.ENTRY, at(9), D(61500), trade=47),),
        trades=(47, 48),
        trade_count=2,
        is_of_coin=True,
    ),
    "chart without candles": structs.replace(CHART, candles=(), price=None),
    **ALERTS,
    "card": CARD,
    "card with money": structs.replace(CARD, pnl=D("-11"), r_multiple=D("-1.02")),
    "card shared": structs.replace(CARD, is_shared=True, place="Traders"),
}
KINDS = get_args(View)
