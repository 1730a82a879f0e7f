"""Turns rows into typed arrays, which `unnest` turns back into a table inside one statement."""

from collections.abc import Iterable, Sequence
from typing import Any


class Input:
    """The typed columns of a statement's input; `source` stands in its FROM.

    Exact numbers travel as text, which is exact as well and much cheaper to encode.
    """

    def __init__(self, **types: str) -> None:
        self._numeric = [n for n, kind in enumerate(types.values()) if kind == "numeric"]
        arrays = ", ".join(_array(n, kind) for n, kind in enumerate(types.values(), 1))
        self._unnest, self._columns = f"unnest({arrays})", ", ".join(types)
        self.source = self.named("input")

    def named(self, alias: str) -> str:
        """Return the source under another name."""
        return f"{self._unnest} AS {alias}({self._columns})"

    def arrays(self, rows: Iterable[Sequence[Any]]) -> list[list[Any]]:
        """Return one list per column. At least one row is needed."""
        columns = [list(column) for column in zip(*rows, strict=True)]
        for n in self._numeric:
            columns[n] = [None if value is None else str(value) for value in columns[n]]
        return columns


def _array(number: int, kind: str) -> str:
    return f"${number}::text[]::numeric[]" if kind == "numeric" else f"${number}::{kind}[]"
