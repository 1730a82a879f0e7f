"""Builders of orders, trades and effects, with the money of the core itself."""

from dataclasses import dataclass
from decimal import Decimal

from msgspec.structs import replace

from engine.core.alerts import Crossing, PriceAlert
from engine.core.commands import RefusalCode
from engine.core.effects import (
    AlertEnded,
    AlertFired,
    AlertPlaced,
    Checkpoint,
    Effect,
    ExitsSet,
    OrderEnded,
    OrderPlaced,
    TradeExited,
    TradeOpened,
)
from engine.core.events import PriceTick
from engine.core.fill import ExitOrder, FillPoint, fill_entry, fill_exit
from engine.core.instrument import Direction, Leg
from engine.core.orders import CloseOrder, EntryOrder, Size
from engine.core.trade import ExitReason, Target, Trade
from engine.ports import Decided

T0_MS = 1_790_000_000_000
FEE_RATE = Decimal("0.001")


@dataclass(frozen=True)
class Owner:
    """A user with his open account."""

    user_id: int
    account_id: int


def entry_order(owner: Owner, order_id: int, symbol: str = "BTCUSDT") -> EntryOrder:
    return EntryOrder(
        id=order_id,
        user_id=owner.user_id,
        account_id=owner.account_id,
        symbol=symbol,
        after_id=100,
        received_at_ms=T0_MS,
        direction=Direction.LONG,
        size=Size(Decimal(500)),
        fee_rate=FEE_RATE,
        route=(Leg("USDTBRL"), Leg("BTCUSDT", is_inverse=True)),
    )


def close_order(trade: Trade, order_id: int, share: str = "1") -> CloseOrder:
    return CloseOrder(
        id=order_id,
        user_id=trade.user_id,
        account_id=trade.account_id,
        symbol=trade.symbol,
        after_id=trade.after_id,
        received_at_ms=T0_MS,
        trade_id=trade.id,
        share=Decimal(share),
    )


def placed(order: EntryOrder | CloseOrder, key: str | None = None) -> OrderPlaced:
    return OrderPlaced(order, key or f"key-{order.id}")


def opened(order: EntryOrder, *, quantity: str = "0.01", price: str = "50000") -> TradeOpened:
    trade, fill = fill_entry(order, Decimal(quantity), point(order.symbol, 101, price), Decimal(1))
    stop = (Decimal(price) * Decimal("0.98")).normalize()
    target = Target(1, Decimal(price) * Decimal("1.04"), Decimal(1))
    return TradeOpened(replace(trade, stop_price=stop, targets=(target,)), fill)


def exited(
    trade: Trade, price: str, *, quantity: str | None = None, order_id: int | None = None
) -> TradeExited:
    reason = ExitReason.STOP_LOSS if order_id is None else ExitReason.MANUAL
    order = ExitOrder(Decimal(quantity) if quantity else trade.quantity, reason, Decimal(price))
    place = point(trade.symbol, 110 + trade.revision, price)
    return TradeExited(*fill_exit(trade, order, place, Decimal(1)), order_id)


def exits_set(trade: Trade, stop: str | None, key: str) -> ExitsSet:
    stop_price = Decimal(stop) if stop else None
    return ExitsSet(replace(trade, revision=trade.revision + 1, stop_price=stop_price), key)


def canceled(order: EntryOrder | CloseOrder, key: str | None = None) -> OrderEnded:
    return OrderEnded(order, RefusalCode.CANCELED, {}, T0_MS + 500, key)


def failed(order: EntryOrder | CloseOrder) -> OrderEnded:
    return OrderEnded(order, RefusalCode.STALE_PRICE, {"age": "61"}, T0_MS + 3000)


def price_alert(owner: Owner, alert_id: int, price: str = "51000") -> PriceAlert:
    return PriceAlert(
        id=alert_id,
        user_id=owner.user_id,
        symbol="BTCUSDT",
        price=Decimal(price),
        crossing=Crossing.UP,
        after_id=100,
        placed_at_ms=T0_MS,
    )


def alert_placed(alert: PriceAlert, key: str | None = None) -> AlertPlaced:
    return AlertPlaced(alert, key or f"key-{alert.id}")


def alert_fired(alert: PriceAlert, print_id: int = 101) -> AlertFired:
    return AlertFired(alert, print_id, alert.price + 1, T0_MS + print_id)


def alert_removed(alert: PriceAlert, key: str | None = None) -> AlertEnded:
    return AlertEnded(alert, RefusalCode.CANCELED, T0_MS + 500, key or f"remove-{alert.id}")


def point(symbol: str, print_id: int, price: str) -> FillPoint:
    tick = PriceTick(symbol, print_id, price, T0_MS + print_id)
    return FillPoint(tick, Decimal(price), T0_MS + print_id, print_id)


def checkpoint(symbol: str = "BTCUSDT", last_id: int = 120, price: str = "50010.10") -> Checkpoint:
    return Checkpoint(symbol, last_id, price, T0_MS + last_id, 100, "50100", "49900.5")


def decided(*effects: Effect, late_since_ms: int | None = None) -> list[Decided]:
    return [Decided(effect, T0_MS + 1000, late_since_ms) for effect in effects]
