"""When a command's turn comes: not before the tape has reached its place (RULES 3)."""

from engine.core.commands import (
    CancelOrder,
    Command,
    PlaceAlert,
    PlaceClose,
    PlaceEntry,
    RemoveAlert,
    SetExits,
)
from engine.core.vigil.holdings import Holdings
from engine.core.vigil.symbol_state import SymbolState


def awaited(
    holdings: Holdings, command: Command, playing: SymbolState | None = None
) -> SymbolState | None:
    """Return the symbol that a command has to wait for, or None when it can be decided now.

    A symbol that is being fired is waited for, except `playing`, which has just been.
    """
    for symbol, after_id in _places(holdings, command):
        state = holdings.symbols.get(symbol)
        if state is None:
            continue
        if after_id > state.last_id or (state.firing is not None and state is not playing):
            return state
    return None


def _places(holdings: Holdings, command: Command) -> list[tuple[str, int]]:
    """Return the symbols that a command reads with the print that must be applied before.

    A close is accepted ahead of its place: it is an order, which finds its own print.
    """
    match command:
        case PlaceEntry():
            return [(command.order.symbol, command.place.after_id)]
        case PlaceClose():
            return [(command.order.symbol, 0)]
        case CancelOrder() | RemoveAlert():
            return [(command.symbol, 0)]
        case PlaceAlert():
            return [(command.place.symbol, command.place.after_id)]
        case SetExits():
            trade = holdings.trade(command.trade_id)
            after_id = trade.after_id if trade else 0
            return [(command.place.symbol, max(command.place.after_id, after_id))]
        case _:
            listed = {*command.trades.values(), *command.orders.values()}
            return [(symbol, 0) for symbol in sorted(listed)]
