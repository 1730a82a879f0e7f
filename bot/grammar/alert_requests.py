"""What can be asked about price alerts, as values."""

from msgspec import Struct

from bot.grammar.parts import LevelText, Move


class SetAlert(Struct, frozen=True, tag="alert"):
    """Tell once when a coin reaches a price; what is None is to be asked."""

    symbol: str | None = None
    price: LevelText | Move | None = None


class RemoveAlerts(Struct, frozen=True, tag="remove_alerts"):
    """Take back an alert, all of a coin (no price), or all (no coin)."""

    symbol: str | None = None
    price: LevelText | None = None


class ListAlerts(Struct, frozen=True, tag="alerts"):
    """List the alerts that have not fired."""
