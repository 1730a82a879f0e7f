"""Trades that were reduced or closed, each for another reason, as prices and fees would have it."""

from decimal import Decimal

from msgspec import structs

from bot.views import ExitView, ManyClosedView, View
from engine.core.instrument import Direction
from engine.core.trade import ExitReason
from tests.bot.views.samples import OTHER_EXIT, SILENCE, STOPPED_BRL, STOPPED_USDT

D = Decimal
START = D(10000)

HALF = structs.replace(
    STOPPED_USDT,
    reason=ExitReason.MANUAL,
    is_closed=False,
    share=D("0.5"),
    exit_price=D("62711.20"),
    pnl=D("4.49"),
    return_ratio=D("0.018"),
    fee=D("0.25"),
    trigger_price=None,
    stop_price=D("60250.40"),
    target_price=D("63939.20"),
    balance=D("9754.58"),
)
TARGET = structs.replace(
    HALF,
    reason=ExitReason.TAKE_PROFIT,
    is_closed=True,
    share=D(1),
    pnl=D("9.00"),
    fee=D("0.51"),
    trigger_price=D("62711.00"),
    balance=D("10009.00"),
)
PART_OF_A_SHORT = structs.replace(
    HALF,
    direction=Direction.SHORT,
    share=D("0.3"),
    exit_price=D("60248.10"),
    pnl=D("2.71"),
    fee=D("0.15"),
    return_ratio=D("0.0181"),
    stop_price=D("62709.60"),
    target_price=None,
    balance=D("9652.51"),
)
# Of each reason that is no loss, and no close by hand: trigger, exit, result, return.
LEVELS = {
    ExitReason.TAKE_PROFIT: ("63939.20", "63941.10", "18.99", "0.038"),
    ExitReason.TRAILING_STOP: ("62673.50", "62671.20", "8.67", "0.0173"),
    ExitReason.TARGET_STOP: ("61900.00", "61898.70", "2.40", "0.0048"),
    ExitReason.BREAK_EVEN: ("61603.09", "61603.09", "0.00", "0"),
}


def ended(reason: ExitReason, level: tuple[str, str, str, str]) -> ExitView:
    """Return a trade that ended at a level, none of it a loss."""
    trigger, price, pnl, ratio = map(D, level)
    return structs.replace(
        STOPPED_USDT,
        reason=reason,
        trigger_price=trigger,
        exit_price=price,
        pnl=pnl,
        return_ratio=ratio,
        balance=START + pnl,
    )


def for_reason(reason: ExitReason) -> ExitView:
    """Return a trade that ended for a reason."""
    if reason in LEVELS:
        return ended(reason, LEVELS[reason])
    if reason is ExitReason.LIQUIDATION:
        level = ("122837.16", "122840.00", "-499.83", "-1")
        return structs.replace(ended(reason, level), direction=Direction.SHORT)
    if reason in (ExitReason.STOP_LOSS, ExitReason.COPY_STOP):
        return structs.replace(STOPPED_USDT, reason=reason)
    return structs.replace(STOPPED_USDT, reason=reason, trigger_price=None)


EXITS: dict[str, View] = {
    "stopped": STOPPED_USDT,
    "stopped in reais": STOPPED_BRL,
    "stopped in profit": ended(ExitReason.STOP_LOSS, LEVELS[ExitReason.TARGET_STOP]),
    "many closed": ManyClosedView(exits=(STOPPED_USDT, OTHER_EXIT)),
    "very many closed": ManyClosedView(
        exits=tuple(structs.replace(STOPPED_USDT, number=30 + at_) for at_ in range(25))
    ),
    "stopped late": structs.replace(STOPPED_USDT, late=SILENCE),
    "half closed": HALF,
    "a part closed": structs.replace(
        HALF, share=D("0.3"), pnl=D("2.70"), fee=D("0.15"), balance=D("9652.86")
    ),
    "a part of a short closed": PART_OF_A_SHORT,
    "target": TARGET,
    **{f"exit {reason.value}": for_reason(reason) for reason in ExitReason},
}
