"""One painter process: started when first needed, ended when idle, replaced when it dies."""

import asyncio
import contextlib
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from bot.charts.jobs import FRAME_MAX, HEAD, PICTURE, framed

log = logging.getLogger(__name__)

COMMAND = (sys.executable, "-m", "bot.charts.painter")
PROJECT = Path(__file__).parents[2]
KEPT_VARIABLES = ("HOME", "LANG", "LC_ALL", "PATH", "TEMP", "TMP", "TMPDIR", "XDG_CACHE_HOME")
LEAVE_SECONDS = 0.5
END_SECONDS = 2.0


class PictureFailed(OSError):
    """The painter cannot draw this, or died of it twice."""


class Easel:
    """Asks a process to draw, one job after the other. Not to be used by two at a time."""

    def __init__(self, command: Sequence[str] = COMMAND) -> None:
        self._command = command
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int | None:
        """The process' id while one runs."""
        alive = self._process is not None and self._process.returncode is None
        return self._process.pid if self._process is not None and alive else None

    async def draw(self, job: bytes) -> bytes:
        """Return the picture of a packed job. When canceled, the process ends with it.

        Raises OSError when no process can be started, PictureFailed when it cannot draw.
        """
        done = False
        try:
            answer = await self._ask(job)
            if answer is None:
                log.warning("the painter died while drawing; a new one tries again")
                answer = await self._ask(job)
            done = answer is not None
        finally:
            if not done:
                await self.end(leave_seconds=0)
        if answer is None:
            raise PictureFailed("the painter died twice")
        if not answer.startswith(PICTURE):
            log.error("a picture cannot be drawn:\n%s", answer[1:].decode(errors="replace"))
            raise PictureFailed("not drawn")
        return answer[1:]

    async def end(self, leave_seconds: float = LEAVE_SECONDS) -> None:
        """End the process, if there is one: it may leave by itself, tidily, within a moment."""
        process, self._process = self._process, None
        if process is None:
            return
        assert process.stdin is not None
        process.stdin.close()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(leave_seconds):
                await process.wait()
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(END_SECONDS):
                await process.communicate()

    async def _ask(self, job: bytes) -> bytes | None:
        """Return the answer, or None when the process died before it gave one."""
        process = await self._alive()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(framed(job))
            await process.stdin.drain()
            (length,) = HEAD.unpack(await process.stdout.readexactly(HEAD.size))
            assert length <= FRAME_MAX, "the painter speaks nonsense"
            return await process.stdout.readexactly(length)
        except (ConnectionError, asyncio.IncompleteReadError):
            await self.end(leave_seconds=0)
            return None

    async def _alive(self) -> asyncio.subprocess.Process:
        if self.pid is None:
            await self.end()
        if self._process is None:
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                env=_environment(),
                start_new_session=True,  # a Ctrl-C at the terminal is not for it
            )
        return self._process


def _environment() -> dict[str, str]:
    """Return what the painter may know: where things are, and nothing that is secret."""
    kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    return kept | threads | {"PYTHONPATH": str(PROJECT), "MPLBACKEND": "agg"}
