"""The tables, for the migrations: what each column is. Guards live in the migrations' SQL.

It refuses to be used for reading or writing: rows leave this room as plain records (db/queries),
and the hot path speaks SQL (db/store).
"""

from db.models.alerts import Alert
from db.models.house import HostAction, LiveMessage, Room, StoredValue
from db.models.passing import LinkAttempt, LinkCode, ParkedRequest
from db.models.people import Account, ChatIdentity, Plan, User
from db.models.telling import Delivery, Notice
from db.models.trading import CommandKey, Fill, LedgerRow, Order, Trade
from db.models.vigil import Checkpoint, Instruments, Lease, WatermarkSegment

__all__ = [
    "Account",
    "Alert",
    "ChatIdentity",
    "Checkpoint",
    "CommandKey",
    "Delivery",
    "Fill",
    "HostAction",
    "Instruments",
    "Lease",
    "LedgerRow",
    "LinkAttempt",
    "LinkCode",
    "LiveMessage",
    "Notice",
    "Order",
    "ParkedRequest",
    "Plan",
    "Room",
    "StoredValue",
    "Trade",
    "User",
    "WatermarkSegment",
]
