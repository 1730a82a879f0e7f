"""What people asked and what they were answered, in a file that outlives the engine's process.

A line is one write to the kernel: SIGKILL of the writer loses none of them.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

KEEP = "keep"
"""Stands for an exit that an edit does not touch."""


class Wish(Struct, frozen=True, tag="wish"):
    """One command as asked. Levels: a price, a ratio as `0.2%`, `KEEP`, or None.

    `amount` and a partial `share` are drawn so finely that no two commands have the same: they
    tell a command that was carried out twice, whatever became of its key.
    """

    key: str
    user_id: int
    kind: str
    symbol: str = ""
    direction: str = ""
    amount: str = ""
    trade_id: int = 0
    order_id: int = 0
    account_id: int = 0
    share: str = ""
    stop: str | None = None
    target: str | None = None


class Answer(Struct, frozen=True, tag="answer"):
    """What came of a command: a verdict of the store, or the code of a refusal."""

    key: str
    said: str


STORED = frozenset({"applied", "duplicate"})

_decoder = msgspec.json.Decoder(Wish | Answer)


class Journal:
    """The file, for appending by any number of processes and for reading."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def note(self, line: Wish | Answer) -> None:
        """Append one line."""
        os.write(self._file, msgspec.json.encode(line) + b"\n")

    def lines(self) -> Iterator[Wish | Answer]:
        """Yield everything noted so far."""
        for line in self._path.read_bytes().splitlines():
            yield _decoder.decode(line)

    def wishes(self) -> dict[str, Wish]:
        """Return what was asked, by key."""
        return {line.key: line for line in self.lines() if isinstance(line, Wish)}

    def stored_keys(self) -> set[str]:
        """Return the keys whose askers were told that it is done."""
        answers = [line for line in self.lines() if isinstance(line, Answer)]
        return {answer.key for answer in answers if answer.said in STORED}

    def unanswered(self) -> list[Wish]:
        """Return what was asked and never answered, in order."""
        answered = {line.key for line in self.lines() if isinstance(line, Answer)}
        return [wish for key, wish in self.wishes().items() if key not in answered]

    def close(self) -> None:
        """Give the file back."""
        os.close(self._file)
