"""Turns rows into typed arrays and back into a table inside one statement (`unnest`)."""

from collections.abc import Iterable, Sequence
from typing import Any


class Input:
    """The typed columns of a statement's input; `source` stands in its FROM."""

    def __init__(self, **types: str) -> None:
        self.names = tuple(types)
        arrays = ", ".join(f"${n}::{kind}[]" for n, kind in enumerate(types.values(), 1))
        self.source = f"unnest({arrays}) AS input({', '.join(types)})"

    def arrays(self, rows: Iterable[Sequence[Any]]) -> list[list[Any]]:
        """Return one list per column. At least one row is needed."""
        return [list(column) for column in zip(*rows, strict=True)]
