"""Long lists a page at a time, in a chat: which page there is, and what is on it."""

from collections.abc import Sequence
from typing import TypeVar

PAGE_ROWS = 8

Row = TypeVar("Row")


def page_count(rows: Sequence[object]) -> int:
    """Return on how many pages rows are shown, at least one."""
    return max(1, -(-len(rows) // PAGE_ROWS))


def page_of(rows: Sequence[object], page: int) -> int:
    """Return the page that is shown: beyond the last one it is the last."""
    return min(max(page, 1), page_count(rows))


def page_rows(rows: Sequence[Row], page: int) -> tuple[Row, ...]:
    """Return the rows of a page."""
    first = (page_of(rows, page) - 1) * PAGE_ROWS
    return tuple(rows[first : first + PAGE_ROWS])
