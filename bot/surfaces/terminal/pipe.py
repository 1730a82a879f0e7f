"""The console of a script: lines as they arrive, each echoed, every paragraph written whole.

Reading and writing block, so each has a thread of its own on the bare descriptor; a thread that
is stuck there holds up neither the vigil nor the end of the program.
"""

import asyncio
import contextlib
import os
import queue
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from bot.grammar.line import printable

CHUNK_BYTES = 65_536
LINE_BYTES_MAX = 2_000_000
LINES_AHEAD_MAX = 64
PARAGRAPHS_AHEAD_MAX = 256
ECHO_MAX = 120


class LineCutter:
    """Cuts bytes into lines; of an endless line it keeps 2 MB, which nobody understands anyway."""

    def __init__(self) -> None:
        self._rest = bytearray()

    def feed(self, chunk: bytes) -> list[str]:
        """Return the lines that are complete now."""
        *complete, rest = chunk.split(b"\n")
        lines: list[str] = []
        for piece in complete:
            self._grow(piece)
            lines.append(self.flush())
        self._grow(rest)
        return lines

    def flush(self) -> str:
        """Return what is left as a line; undecodable bytes stay recognizable."""
        text = self._rest.decode("utf-8", "surrogateescape").removesuffix("\r")
        self._rest.clear()
        return text

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left."""
        return not self._rest

    def _grow(self, piece: bytes) -> None:
        self._rest += piece[: LINE_BYTES_MAX - len(self._rest)]


class PipeConsole:
    """A script's console; it is never asked for more than a yes."""

    is_interactive = False
    is_watching = False

    def __init__(self, source: int, sink: int) -> None:
        self._loop = asyncio.get_running_loop()
        self._lines: asyncio.Queue[str | None] = asyncio.Queue(LINES_AHEAD_MAX)
        self._room = threading.Semaphore(LINES_AHEAD_MAX)
        self._is_stopped = False
        self._paragraphs: queue.Queue[tuple[bytes, asyncio.Future[None]] | None] = queue.Queue(
            PARAGRAPHS_AHEAD_MAX
        )
        self._source = source
        self._sink = sink
        self._turn = asyncio.Lock()
        self._shown = ""

    def start(self) -> None:
        """Start the two threads."""
        for work in (self._read_all, self._write_all):
            threading.Thread(target=work, name=work.__name__, daemon=True).start()

    def stop(self) -> None:
        """Let the threads end; a reader that is stuck ends with its descriptor or the process."""
        self._is_stopped = True
        self._room.release()
        with contextlib.suppress(queue.Full):
            self._paragraphs.put_nowait(None)

    async def read(self) -> str | None:
        """Return the next line of the script."""
        line = await self._lines.get()
        self._room.release()
        return line

    async def echo(self, line: str) -> None:
        """Show a line of the script as it would have been typed."""
        text = printable(line.strip())
        shown = text if len(text) <= ECHO_MAX else text[: ECHO_MAX - 1] + "…"
        await self._write([f"> {shown}"], kind="echo")

    async def show(self, lines: Sequence[str], *, is_alert: bool = False) -> None:
        """Write a paragraph whole: right under its line, apart from an alert or another one."""
        await self._write(lines, kind="alert" if is_alert else "reply")

    def watch(self, lines: Sequence[str]) -> None:
        """Nobody looks at a script's list; it is shown once."""

    def refresh(self, lines: Sequence[str]) -> None:
        """Nobody looks at a script's list."""

    async def _write(self, lines: Sequence[str], *, kind: str) -> None:
        async with self._turn:
            is_apart = kind != "reply" or self._shown != "echo"
            gap = "\n" if is_apart and self._shown else ""
            self._shown = kind
            text = gap + "".join(f"{line}\n" for line in lines)
            written: asyncio.Future[None] = self._loop.create_future()
            self._paragraphs.put_nowait((text.encode("utf-8", "replace"), written))
            await written

    def _read_all(self) -> None:
        cutter = LineCutter()
        while chunk := _read_chunk(self._source):
            for line in cutter.feed(chunk):
                if not self._hand_over(line):
                    return
        if not cutter.is_empty and not self._hand_over(cutter.flush()):
            return
        self._hand_over(None)

    def _hand_over(self, line: str | None) -> bool:
        """Wait for room and give a line to the loop; False when nobody takes lines any more."""
        self._room.acquire()
        return not self._is_stopped and self._report(lambda: self._lines.put_nowait(line))

    def _write_all(self) -> None:
        while (paragraph := self._paragraphs.get()) is not None:
            content, written = paragraph
            error: OSError | None = None
            try:
                while content:
                    content = content[os.write(self._sink, content) :]
            except OSError as failure:
                error = failure
            if not self._report(lambda w=written, e=error: _settle(w, e)):
                return

    def _report(self, callback: Callable[[], None]) -> bool:
        try:
            self._loop.call_soon_threadsafe(callback)
        except RuntimeError:  # the loop has ended
            return False
        return True


def _read_chunk(source: int) -> bytes:
    try:
        return os.read(source, CHUNK_BYTES)
    except OSError:  # closed under us: the end of the script
        return b""


def _settle(written: asyncio.Future[None], error: OSError | None) -> None:
    if written.done():
        return
    if error is None:
        written.set_result(None)
    else:
        written.set_exception(BrokenPipeError(*error.args))


@asynccontextmanager
async def opened_pipe(source: int, sink: int) -> AsyncIterator[PipeConsole]:
    """Open the console on two descriptors, a regular file or a terminal among them too."""
    console = PipeConsole(source, sink)
    console.start()
    try:
        yield console
    finally:
        console.stop()
