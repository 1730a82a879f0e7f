"""How much of one kind a person may have: one of us must not cost the others their vigil.

Looked at inside the statement that stores one more, along an index, no further than the quota.
"""

OPEN_TRADES_MAX = 200
"""Open trades of an account."""

WAITING_ENTRIES_MAX = 50
"""Entries of an account that wait for their print. Closes are never refused for their number."""

ARMED_ALERTS_MAX = 50
"""Alerts of a person that have not fired."""
