"""A door with a small, scripted desk behind it: enough to hold a conversation with."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from decimal import Decimal

from msgspec import structs

from bot.grammar.requests import (
    Close,
    CloseMany,
    Export,
    Group,
    Help,
    Language,
    ListTrades,
    Open,
    Price,
    Request,
    Start,
)
from bot.use_cases.lines import spelled
from bot.views import (
    AskCode,
    AskView,
    ConfirmKind,
    ConfirmView,
    DoneCode,
    DoneView,
    ExportView,
    HelpView,
    OrderWaitingView,
    PriceView,
    ProblemCode,
    ProblemView,
    View,
    WelcomeView,
)
from engine.core.instrument import Direction
from tests.bot.views.samples import (
    BTC,
    LIST_USDT,
    OPENED_USDT,
    ROWS_USDT,
    STOPPED_USDT,
)

D = Decimal


REPLIES: dict[type, View] = {
    Open: OPENED_USDT,
    Close: STOPPED_USDT,
    CloseMany: STOPPED_USDT,
    Help: HelpView(),
    Price: PriceView(instrument=BTC, price=D(61480), age_ms=84, print_id=17, is_fresh=True),
    Export: ExportView(filename="vigilante-ana.json", content=b"{}"),
}


class StandInDoor:
    """Answers each request with one of the house's example messages, and keeps what was asked."""

    def __init__(self, *, locale="en", is_known=True, rows=ROWS_USDT):
        self.locale = locale
        self.zone = "UTC"
        self.confirm = "buttons"
        self.is_known = is_known
        self.rows = rows
        self.asked: list[Request] = []
        self.keys: list[str] = []
        self.alerts: asyncio.Queue[View] = asyncio.Queue()
        self.fill = asyncio.Event()
        self.elsewhere = ""  # the language that is chosen in another chat

    async def look_up(self) -> bool:
        self.locale, self.elsewhere = self.elsewhere or self.locale, ""
        return self.is_known

    def handle(self, request: Request, key: str) -> AsyncGenerator[View, None]:
        self.asked.append(request)
        self.keys.append(key)
        return self._answer(request)

    async def notices(self) -> AsyncIterator[View]:
        while True:
            yield await self.alerts.get()

    async def _answer(self, request: Request) -> AsyncGenerator[View, None]:
        match request:
            case Start():
                yield self._welcome(request)
            case Open(symbol="NOPE"):
                yield AskView(code=AskCode.AMOUNT, coin="NOPE", line=spelled(request))
            case Open(size=None, symbol=str(coin)):
                yield AskView(code=AskCode.AMOUNT, coin=coin, line=spelled(request))
            case Open(is_asking=True):
                yield ConfirmView(
                    kind=ConfirmKind.OPEN,
                    on_yes=structs.replace(request, is_asking=False),
                    currency="USDT",
                    pair="BTC/USDT",
                    price=D(61480),
                )
            case Open(direction=Direction.SHORT):
                yield OrderWaitingView(instrument=BTC, direction=Direction.SHORT)
                await self.fill.wait()
                yield OPENED_USDT
            case Close(target=Group()):
                yield ConfirmView(
                    kind=ConfirmKind.CLOSE,
                    on_yes=CloseMany((47, 48)),
                    currency="USDT",
                    rows=self.rows,
                    pnl=D("-1.39"),
                )
            case _:
                yield self._one(request)

    def _welcome(self, request: Start) -> View:
        if request.currency:
            self.is_known = True
            balance = D(50000 if request.currency == "BRL" else 10000)
            return WelcomeView(name="ana", is_new=True, currency=request.currency, balance=balance)
        if not self.is_known:
            choices = (("USDT", D(10000)), ("BRL", D(50000)))
            return WelcomeView(name="ana", is_new=True, choices=choices)
        return WelcomeView(name="ana", is_new=False, currency="USDT", balance=D(10000))

    def _one(self, request: Request) -> View:
        match request:
            case ListTrades():
                return structs.replace(LIST_USDT, rows=self.rows)
            case Price(symbol="NOPE"):
                return ProblemView(code=ProblemCode.UNKNOWN_COIN, facts={"coin": "NOPE"})
            case Language(code=code):
                self.locale = code or self.locale
                return DoneView(code=DoneCode.LANGUAGE)
            case _:
                return REPLIES.get(type(request), DoneView(code=DoneCode.ALREADY_DONE))
