"""Alerts as chats show them: set, listed, reached, gone, refused."""

from decimal import Decimal

from msgspec import structs

from bot.views import (
    AlertEndedView,
    AlertFiredView,
    AlertRow,
    AlertSetView,
    AlertsView,
    RefusedView,
    View,
)
from engine.core.alerts import Crossing
from engine.core.commands import Refusal, RefusalCode
from tests.bot.views.samples import BTC, BTC_BRL, ETH, SILENCE, at

D = Decimal
CODES = (RefusalCode.ALERT_REACHED, RefusalCode.ALERT_NOT_ARMED)
UP = AlertRow(instrument=BTC, price=D(70000), crossing=Crossing.UP, distance_ratio=D("0.1386"))
DOWN = AlertRow(
    instrument=ETH, price=D("2400.5"), crossing=Crossing.DOWN, distance_ratio=D("0.0911")
)
IN_REAIS = structs.replace(UP, instrument=BTC_BRL, price=D(400_000), distance_ratio=D("0.1958"))
FIRED = AlertFiredView(row=UP, price=D("70004.10"), time_ms=at(14, 5, 33))
REFUSED = RefusedView(
    refusal=Refusal(RefusalCode.ALERT_REACHED, {"price": "61480"}),
    currency="USDT",
    instrument=BTC,
    of_alert=True,
)

ALERTS: dict[str, View] = {
    "alert set": AlertSetView(row=UP, now=D("61480")),
    "alert set in reais": AlertSetView(row=IN_REAIS, now=D(334500)),
    "alert set already": AlertSetView(row=UP, now=D("61480"), was_armed=True),
    "alerts": AlertsView(rows=(UP, DOWN, structs.replace(UP, distance_ratio=None))),
    "alerts one": AlertsView(rows=(DOWN,), removed=1),
    "alerts none": AlertsView(rows=()),
    "alerts none left": AlertsView(rows=(), removed=2),
    "alert fired": FIRED,
    "alert fired below": structs.replace(FIRED, row=DOWN, price=D("2400.41")),
    "alert fired late": structs.replace(FIRED, late=SILENCE),
    "alert ended": AlertEndedView(row=DOWN),
    "alert refused": REFUSED,
    "alert refused gone": structs.replace(REFUSED, refusal=Refusal(RefusalCode.ALERT_NOT_ARMED)),
    "alert refused for its price": structs.replace(
        REFUSED,
        refusal=Refusal(RefusalCode.STALE_PRICE, {"price": "61480", "age_ms": "90000"}),
    ),
    "alert refused without a price": structs.replace(
        REFUSED, refusal=Refusal(RefusalCode.STALE_PRICE, {"symbol": "BTCUSDT"})
    ),
}
