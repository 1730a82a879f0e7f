"""The console of a person: a prompt with history and completion, alerts above it, a live list."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from prompt_toolkit import PromptSession, print_formatted_text
from prompt_toolkit.completion import WordCompleter
from prompt_toolkit.formatted_text import FormattedText, StyleAndTextTuples
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.input import Input
from prompt_toolkit.output import Output
from prompt_toolkit.patch_stdout import patch_stdout

from bot.surfaces.terminal.teaching import Teaching

PROMPT = "> "
LIVE_ROWS_LEFT = 5


class ScreenConsole:
    """A terminal's console. The live list is part of the prompt, so it is drawn in place."""

    is_interactive = True

    def __init__(
        self, teaching: Teaching, source: Input | None = None, sink: Output | None = None
    ) -> None:
        self._live: list[str] = []
        self._is_watching = False
        self._session: PromptSession[str] = PromptSession(
            message=self._message,
            history=_history(teaching.history),
            completer=WordCompleter(
                [f"/{word.removeprefix('/')}" for word in teaching.commands], sentence=True
            ),
            complete_while_typing=False,
            input=source,
            output=sink,
        )
        self._session.default_buffer.on_text_changed += self._on_key

    @property
    def is_watching(self) -> bool:
        """Whether nobody has typed since the live list was shown."""
        return self._is_watching

    async def read(self) -> str | None:
        """Return what is typed until Enter; None for Ctrl-D; Ctrl-C clears what is typed first."""
        try:
            while True:
                try:
                    return await self._session.prompt_async()
                except KeyboardInterrupt:
                    if not self._session.default_buffer.text:
                        raise
        except EOFError:
            return None
        finally:
            self._is_watching = False
            self._live = []

    async def echo(self, line: str) -> None:
        """Do nothing: the line is on the screen."""

    async def show(self, lines: Sequence[str], *, is_alert: bool = False) -> None:
        """Print a paragraph above the prompt, its first line bold."""
        bell = "\a" if is_alert else ""
        text: StyleAndTextTuples = [("[ZeroWidthEscape]", bell)] if bell else []
        gap = "\n" if is_alert and self._live else ""
        text += [("bold", gap + lines[0]), ("", "".join(f"\n{line}" for line in lines[1:]) + "\n")]
        print_formatted_text(FormattedText(text), output=self._session.output)

    def watch(self, lines: Sequence[str]) -> None:
        """Put a live list above the prompt."""
        self._is_watching = True
        self._live = list(lines)

    def refresh(self, lines: Sequence[str]) -> None:
        """Redraw the live list in place."""
        if self._is_watching:
            self._live = list(lines)
            self._session.app.invalidate()

    def _on_key(self, _buffer: object) -> None:
        self._is_watching = False

    def _message(self) -> FormattedText:
        rows = self._session.output.get_size().rows - LIVE_ROWS_LEFT
        lines = self._live
        if len(lines) > rows > 2:
            lines = [*lines[: rows - 2], "…", lines[-1]]
        text: StyleAndTextTuples = [
            ("bold" if at == 0 else "", f"{line}\n") for at, line in enumerate(lines)
        ]
        return FormattedText([*text, ("bold", PROMPT)])


def _history(path: Path | None) -> History:
    if path is None:
        return InMemoryHistory()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600, exist_ok=True)
    except OSError:  # a read-only home: remember only while it runs
        return InMemoryHistory()
    return _Remembered(str(path))


class _Remembered(FileHistory):
    """Lines kept in a file; a disk that is full or gone costs the memory, never the chat."""

    def load_history_strings(self) -> Iterable[str]:
        try:
            return list(super().load_history_strings())
        except OSError:
            return []

    def store_string(self, string: str) -> None:
        with suppress(OSError):
            super().store_string(string)


@contextmanager
def opened_screen(teaching: Teaching) -> Iterator[ScreenConsole]:
    """Open the console on this process's terminal."""
    screen = ScreenConsole(teaching)
    with patch_stdout(raw=True):
        yield screen
