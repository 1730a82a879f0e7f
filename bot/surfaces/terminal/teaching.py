"""What a terminal offers while one types."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Teaching:
    """Commands to complete, and a file that remembers lines (None: nothing is remembered)."""

    commands: Sequence[str] = ()
    history: Path | None = None
