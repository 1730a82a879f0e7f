"""What commands and effects reach: users, symbols, orders, trades, alerts. It decides nothing."""

from engine.core.commands import (
    CancelOrder,
    Command,
    PlaceClose,
    PlaceEntry,
    RemoveAlert,
    ResetAccount,
)
from engine.core.effects import (
    AccountReset,
    AlertEnded,
    AlertFired,
    AlertPlaced,
    Effect,
    ExitsSet,
    OrderEnded,
    OrderPlaced,
    TradeExited,
)
from engine.core.orders import CloseOrder


def subjects(effect: Effect) -> set[int]:
    """Return the orders, trades and alerts that an effect changes: doubtful if it is not stored.

    A trade bears the id of the order that opened it; alerts are numbered with them.
    """
    match effect:
        case OrderPlaced() | OrderEnded():
            return {effect.order.id}
        case AlertPlaced() | AlertFired() | AlertEnded():
            return {effect.alert.id}
        case AccountReset():
            return {exited.trade.id for exited in effect.exits} | set(effect.orders)
        case TradeExited(trade=trade, order_id=int(order_id)):
            return {trade.id, order_id}
        case _:
            return {effect.trade.id}


def rests_on(effect: Effect) -> set[int]:
    """Return the orders, trades and alerts whose earlier effects must have held for this one."""
    if isinstance(effect, OrderPlaced) and isinstance(effect.order, CloseOrder):
        return {effect.order.id, effect.order.trade_id}
    return subjects(effect)


def symbol_of(command: Command) -> str | None:
    """Return the symbol whose tape a command has its place on; None: a reset, on many."""
    match command:
        case CancelOrder() | RemoveAlert():
            return command.symbol
        case ResetAccount():
            return None
        case _:
            return command.place.symbol


def symbols_read(command: Command) -> set[str]:
    """Return every symbol that a command decides on."""
    symbol = symbol_of(command)
    if symbol is not None:
        return {symbol}
    assert isinstance(command, ResetAccount)
    return {*command.trades.values(), *command.orders.values()}


def user_of(command: Command) -> int:
    """Return who asks."""
    if isinstance(command, PlaceEntry | PlaceClose):
        return command.order.user_id
    return command.user_id


def barring(effect: Effect) -> list[str]:
    """Return the symbols whose prints wait until a command's effect is stored.

    A new entry or alert touches nothing but itself; what a print did is no command.
    """
    match effect:
        case OrderPlaced(order=CloseOrder() as order):
            return [order.symbol]
        case OrderEnded(order=order, key=str()):
            return [order.symbol]
        case AlertEnded(alert=alert, key=str()):
            return [alert.symbol]
        case ExitsSet(trade=trade):
            return [trade.symbol]
        case AccountReset(exits=exits):
            return [exited.trade.symbol for exited in exits]
        case _:
            return []


def whereabouts(effect: Effect) -> dict[int, str]:
    """Return what an effect changes, each with its symbol; canceled orders of a reset without."""
    match effect:
        case OrderPlaced() | OrderEnded():
            return {effect.order.id: effect.order.symbol}
        case AlertPlaced() | AlertFired() | AlertEnded():
            return {effect.alert.id: effect.alert.symbol}
        case AccountReset():
            trades = {exited.trade.id: exited.trade.symbol for exited in effect.exits}
            return dict.fromkeys(effect.orders, "") | trades
        case _:
            return dict.fromkeys(subjects(effect), effect.trade.symbol)
