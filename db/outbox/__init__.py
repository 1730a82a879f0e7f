"""What is still to be told, and on which channel: at least once, in order, or dead."""

from db.outbox.outbox import Outbox
from db.outbox.records import Address, Claimed, Due, OutboxConfig

__all__ = ["Address", "Claimed", "Due", "Outbox", "OutboxConfig"]
