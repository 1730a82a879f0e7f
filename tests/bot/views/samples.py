"""The trades of the house's example messages, as a USDT and as a BRL account sees them."""

from decimal import Decimal

from msgspec import structs

from bot.text import Catalog, Words, load_catalog
from bot.views import (
    ExitPlan,
    ExitView,
    Late,
    OpenedView,
    Print,
    TradeRow,
    TradesView,
    View,
)
from bot.views.plain import lines_of
from engine.core.instrument import Direction, Instrument
from engine.core.trade import ExitReason

D = Decimal
BTC = Instrument("BTCUSDT", "BTC", "USDT", is_trading=True, tick_size=D("0.01000000"))
ETH = Instrument("ETHUSDT", "ETH", "USDT", is_trading=True, tick_size=D("0.01000000"))
BTC_BRL = Instrument("BTCBRL", "BTC", "BRL", is_trading=True, tick_size=D("1.00000000"))
ETH_BRL = Instrument("ETHBRL", "ETH", "BRL", is_trading=True, tick_size=D("1.00000000"))

DAY_MS = 1_784_160_000_000  # 2026-07-16 00:00 UTC
HOUR_MS = 3_600_000


def at(hour: int, minute: int = 0, second: int = 0) -> int:
    return DAY_MS + ((hour * 60 + minute) * 60 + second) * 1_000


CATALOG: Catalog = load_catalog()
ENGLISH = Words(CATALOG, "en")
PORTUGUESE = Words(CATALOG, "pt-BR")


def text_of(view: View, words: Words) -> str:
    return "\n".join(lines_of(view, words))


OPENED_USDT = OpenedView(
    number=47,
    instrument=BTC,
    direction=Direction.LONG,
    currency="USDT",
    notional=D("499.8324"),
    price=D("61480.00000000"),
    quantity=D("0.00813000"),
    fee=D("0.49983240"),
    justified_by=Print(id=3217338290, price=D("61480.00000000"), time_ms=at(11)),
    stop=ExitPlan(price=D("60250.40"), ratio=D("-0.02"), pnl=D("-10.9863")),
    target=ExitPlan(price=D("63939.20"), ratio=D("0.04"), pnl=D("18.9737")),
    risk_ratio=D("0.0011"),
    latency_ms=84,
)
OPENED_BRL = OpenedView(
    number=47,
    instrument=BTC_BRL,
    direction=Direction.LONG,
    currency="BRL",
    notional=D("2498.715"),
    price=D(334500),
    quantity=D("0.00747"),
    fee=D("2.498715"),
    justified_by=Print(id=1, price=D(334500), time_ms=at(11)),
    stop=ExitPlan(price=D(327810), ratio=D("-0.02"), pnl=D("-54.92")),
    target=ExitPlan(price=D(347880), ratio=D("0.04"), pnl=D("94.85")),
    risk_ratio=D("0.0011"),
    latency_ms=84,
)
STOPPED_USDT = ExitView(
    number=47,
    instrument=BTC,
    direction=Direction.LONG,
    currency="USDT",
    reason=ExitReason.STOP_LOSS,
    is_closed=True,
    share=D(1),
    quantity=D("0.00813"),
    entry_price=D("61480.00"),
    exit_price=D("60248.10"),
    pnl=D("-11.0049"),
    return_ratio=D("-0.0220"),
    fee=D("0.4898"),
    opened_at_ms=at(10, 53, 21),
    closed_at_ms=at(14, 5, 33),
    justified_by=Print(id=3217399001, price=D("60248.10"), time_ms=at(14, 5, 33)),
    trigger_price=D("60250.40"),
    balance=D("9988.9951"),
)
OTHER_EXIT = structs.replace(
    STOPPED_USDT,
    number=48,
    reason=ExitReason.MANUAL,
    pnl=D("9.98"),
    return_ratio=D("0.02"),
    balance=D("10499.10"),
)
STOPPED_BRL = ExitView(
    number=47,
    instrument=BTC_BRL,
    direction=Direction.LONG,
    currency="BRL",
    reason=ExitReason.STOP_LOSS,
    is_closed=True,
    share=D(1),
    quantity=D("0.00747"),
    entry_price=D(334500),
    exit_price=D(327790),
    pnl=D("-55.07"),
    return_ratio=D("-0.0220"),
    fee=D("2.45"),
    opened_at_ms=at(10, 53, 21),
    closed_at_ms=at(14, 5, 33),
    justified_by=Print(id=9, price=D(327790), time_ms=at(14, 5, 33)),
    trigger_price=D(327810),
    balance=D("49944.93"),
)
SILENCE = Late(since_ms=at(14, 2, 10), until_ms=at(14, 9, 41))
ROWS_USDT = (
    TradeRow(
        number=47,
        instrument=BTC,
        direction=Direction.LONG,
        pnl=D("2.51"),
        return_ratio=D("0.0050"),
        price=D("61912.30"),
        price_age_ms=400,
        stop_distance_ratio=D("0.0268"),
    ),
    TradeRow(
        number=48,
        instrument=ETH,
        direction=Direction.SHORT,
        pnl=D("-3.90"),
        return_ratio=D("-0.0130"),
        price=D("2641.15"),
        price_age_ms=400,
        stop_distance_ratio=D("0.009"),
    ),
)
ROWS_BRL = (
    TradeRow(
        number=47,
        instrument=BTC_BRL,
        direction=Direction.LONG,
        pnl=D("12.32"),
        return_ratio=D("0.0049"),
        price=D(336820),
        price_age_ms=400,
        stop_distance_ratio=D("0.027"),
    ),
    TradeRow(
        number=48,
        instrument=ETH_BRL,
        direction=Direction.SHORT,
        pnl=D("-19.52"),
        return_ratio=D("-0.0130"),
        price=D(14369),
        price_age_ms=400,
        stop_distance_ratio=D("0.009"),
    ),
)
LIST_USDT = TradesView(
    rows=ROWS_USDT,
    currency="USDT",
    pnl=D("-1.39"),
    equity=D("10034.96"),
    at_ms=at(14, 32, 7),
)
LIST_BRL = TradesView(
    rows=ROWS_BRL,
    currency="BRL",
    pnl=D("-7.20"),
    equity=D("50174.80"),
    at_ms=at(14, 32, 7),
)
