"""Alerts in a campaign: each is told at the first print that reaches it, once, whatever was killed.

Judged against the tape alone, without the engine's code: its place, its level, its side.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal

from engine.core.events import PriceTick
from tests.campaign.records import Records, Row


def differences(records: Records, tapes: Mapping[str, Sequence[PriceTick]]) -> list[str]:
    """Return what is not as an uninterrupted run would have told it."""
    told = Counter(records.alert_notices)
    found = [
        line
        for row in records.alerts
        for line in _of_alert(row, tapes[row["symbol"]], records, told[row["id"]])
    ]
    kept = {row["subject_id"] for row in records.keys.values() if row["kind"] == "alert_placed"}
    if odd := kept ^ {row["id"] for row in records.alerts}:
        found.append(f"alerts without a command, or commands without an alert: {odd}")
    return found


def _of_alert(row: Row, tape: Sequence[PriceTick], records: Records, told: int) -> list[str]:
    at = next(tick for tick in tape if tick.id == row["after_id"])
    way = "up" if row["price"] > Decimal(at.price) else "down"
    found = [] if row["crossing"] == way else [f"alert {row['id']} looks {row['crossing']}"]
    behind = (tick for tick in tape if tick.id > row["after_id"])
    due = next((tick.id for tick in behind if _is_reached(row, Decimal(tick.price))), None)
    if due is not None and due > records.checkpoints.get(row["symbol"], due):
        due = None  # nobody has looked at that print yet
    if row["status"] == "fired" and (row["print_id"], told) != (due, 1):
        found.append(f"alert {row['id']} told {told} times at {row['print_id']}, due {due}")
    if row["status"] == "armed" and due is not None:
        found.append(f"alert {row['id']} was not told, due {due}")
    if row["status"] != "fired" and told:
        found.append(f"alert {row['id']} was told and is {row['status']}")
    return found


def _is_reached(row: Row, price: Decimal) -> bool:
    return price >= row["price"] if row["crossing"] == "up" else price <= row["price"]
