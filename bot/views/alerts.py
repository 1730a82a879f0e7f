"""Price alerts as people see them: set, listed, reached, gone.

Prices are in the instrument's quote; ratios are ratios (0.02 = 2 %); `*_ms` are venue milliseconds.
"""

from decimal import Decimal

from msgspec import Struct

from bot.views.trades import Late
from engine.core.alerts import Crossing
from engine.core.instrument import Instrument


class AlertRow(Struct, frozen=True, kw_only=True):
    """One alert; `distance_ratio` is how far the price has to go, None without a price."""

    instrument: Instrument
    price: Decimal
    crossing: Crossing
    distance_ratio: Decimal | None = None


class AlertSetView(Struct, frozen=True, kw_only=True, tag="alert_set"):
    """An alert is armed; `was_armed`: it was already. `now` is the price, where it is known."""

    row: AlertRow
    now: Decimal | None = None
    was_armed: bool = False


class AlertsView(Struct, frozen=True, kw_only=True, tag="alerts"):
    """The alerts that have not fired, after `removed` of them were taken back."""

    rows: tuple[AlertRow, ...]
    removed: int = 0


class AlertFiredView(Struct, frozen=True, kw_only=True, tag="alert_fired"):
    """A price reached an alert's level: `price` at `time_ms`. `late`: found after a silence."""

    row: AlertRow
    price: Decimal
    time_ms: int
    late: Late | None = None


class AlertEndedView(Struct, frozen=True, kw_only=True, tag="alert_ended"):
    """An alert ended without being reached: the venue has dropped its symbol."""

    row: AlertRow
