"""Spans and moments: venue milliseconds as a person in his own zone reads them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

SECOND_MS = 1_000
MINUTE_MS = 60 * SECOND_MS
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS


def span(milliseconds: int) -> str:
    """Write a length of time with its two largest units: `84 ms`, `47 s`, `3h12`, `2d 4h`."""
    length = max(0, milliseconds)
    if length < SECOND_MS:
        return f"{length} ms"
    if length < MINUTE_MS:
        return f"{length // SECOND_MS} s"
    if length < HOUR_MS:
        return f"{length // MINUTE_MS} min"
    if length < DAY_MS:
        return f"{length // HOUR_MS}h{length % HOUR_MS // MINUTE_MS:02}"
    return f"{length // DAY_MS}d {length % DAY_MS // HOUR_MS}h"


def moment(time_ms: int, zone: ZoneInfo) -> datetime:
    """Return a venue time as an aware moment in a zone."""
    return datetime.fromtimestamp(time_ms / SECOND_MS, UTC).astimezone(zone)
