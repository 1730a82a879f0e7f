"""Where the chat reads and shows: a person at a terminal, or a script in a pipe."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Protocol

from bot.surfaces.terminal.teaching import Teaching

STDIN_FD = 0
STDOUT_FD = 1


class Console(Protocol):
    """Lines in, paragraphs out. BrokenPipeError means that nobody reads any more."""

    @property
    def is_interactive(self) -> bool:
        """Whether a person is there, who can be asked and can watch."""
        ...

    async def read(self) -> str | None:
        """Return the next line; None at the end. Raises KeyboardInterrupt for Ctrl-C."""
        ...

    async def echo(self, line: str) -> None:
        """Show a line that was read, where it is not on the screen already."""
        ...

    async def show(self, lines: Sequence[str], *, is_alert: bool = False) -> None:
        """Show a paragraph at once; an alert may come between a person's keys."""
        ...

    @property
    def is_watching(self) -> bool:
        """Whether a live paragraph is still being looked at."""
        ...

    def watch(self, lines: Sequence[str]) -> None:
        """Show a paragraph that `refresh` replaces in place, until the next key."""
        ...

    def refresh(self, lines: Sequence[str]) -> None:
        """Replace the live paragraph, if it is still being looked at."""
        ...


@asynccontextmanager
async def open_console(
    is_interactive: bool,  # noqa: FBT001 - the one fact that decides
    teaching: Teaching,
    descriptors: tuple[int, int] = (STDIN_FD, STDOUT_FD),
) -> AsyncIterator[Console]:
    """Open the console that suits; what only a terminal needs is loaded only for it.

    `is_interactive`: both standard input and output are terminals.
    """
    if is_interactive:
        from bot.surfaces.terminal.screen import opened_screen

        with opened_screen(teaching) as screen:
            yield screen
        return
    from bot.surfaces.terminal.pipe import opened_pipe

    async with opened_pipe(*descriptors) as pipe:
        yield pipe
