"""Pictures for whoever asks, drawn elsewhere: the event loop never waits for a pixel."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from bot.charts.easel import COMMAND, Easel, PictureFailed
from bot.charts.jobs import Job, packed
from bot.text import Words
from bot.views import CardView, ChartView
from engine.defects import DEFECTS

log = logging.getLogger(__name__)

QUEUE_MAX = 32
KEPT_MAX = 8


@dataclass(frozen=True)
class StudioLimits:
    """Seconds: one drawing at most; an idle painter's stay; how long a picture is good for."""

    job_seconds: float = 20.0
    idle_seconds: float = 240.0
    shared_seconds: float = 5.0


@dataclass(eq=False)
class _Drawing:
    job: bytes
    picture: asyncio.Future[bytes]
    askers: int = 0
    drawn_at: float | None = None


class PictureStudio:
    """Plays `Painter`: one process, one job at a time, at most 32 waiting.

    Who asks for what was asked for within the last seconds gets the same drawing.
    """

    def __init__(
        self, limits: StudioLimits | None = None, command: Sequence[str] = COMMAND
    ) -> None:
        self._limits = limits or StudioLimits()
        self._easel = Easel(command)
        self._queue: asyncio.Queue[_Drawing] = asyncio.Queue(QUEUE_MAX)
        self._known: OrderedDict[bytes, _Drawing] = OrderedDict()
        self._work: asyncio.Task[None] | None = None
        self._is_closed = False

    @property
    def pid(self) -> int | None:
        """The painter's process id, None while none runs."""
        return self._easel.pid

    async def paint(self, view: ChartView | CardView, words: Words) -> bytes:
        """Return a PNG, its texts in the language of `words`, its times in the view's zone.

        Raises TimeoutError after 20 s or when 32 wait already, OSError when no painter can run.
        """
        if self._is_closed:
            raise PictureFailed("closed")
        drawing = self._drawing(packed(Job(view, words.locale)))
        drawing.askers += 1
        try:
            async with asyncio.timeout(self._limits.job_seconds):
                return await asyncio.shield(drawing.picture)
        finally:
            drawing.askers -= 1

    async def close(self) -> None:
        """End the painter; who still waits gets PictureFailed."""
        self._is_closed = True
        work, self._work = self._work, None
        if work is not None:
            work.cancel()
            await asyncio.wait({work})
        for drawing in self._known.values():
            _fail(drawing, PictureFailed("closed"))
        self._known.clear()

    def _drawing(self, job: bytes) -> _Drawing:
        """Return the drawing of a job: one that was begun, or a new one in the queue."""
        loop = asyncio.get_running_loop()
        self._forget(loop.time())
        drawing = self._known.get(job)
        if drawing is None:
            if self._queue.full():
                raise TimeoutError("too many pictures wait")
            drawing = _Drawing(job, loop.create_future())
            self._known[job] = drawing
            self._queue.put_nowait(drawing)
        if self._work is None:
            self._work = loop.create_task(self._draw_all(), name="pictures")
        return drawing

    def _forget(self, now: float) -> None:
        """Drop pictures that are old, and the oldest beyond the few that are kept."""
        drawn = [one for one in self._known.values() if one.drawn_at is not None]
        old = [one for one in drawn if now - (one.drawn_at or 0) > self._limits.shared_seconds]
        for drawing in {*old, *drawn[:-KEPT_MAX]}:
            del self._known[drawing.job]

    async def _draw_all(self) -> None:
        try:
            while True:
                try:
                    async with asyncio.timeout(self._limits.idle_seconds):
                        drawing = await self._queue.get()
                except TimeoutError:
                    await self._easel.end()
                    self._forget(asyncio.get_running_loop().time())
                    if self._queue.empty():
                        self._work = None
                        return
                else:
                    await self._draw(drawing)
        finally:
            await self._easel.end()

    async def _draw(self, drawing: _Drawing) -> None:
        if not drawing.askers:  # they all gave up
            self._drop(drawing, TimeoutError("late"))
            return
        try:
            async with asyncio.timeout(self._limits.job_seconds):
                picture = await self._easel.draw(drawing.job)
        except (TimeoutError, OSError) as error:
            self._drop(drawing, error)
        except DEFECTS as error:
            log.exception("a picture met a defect")
            self._drop(drawing, PictureFailed(repr(error)))
        else:
            drawing.picture.set_result(picture)
            drawing.drawn_at = asyncio.get_running_loop().time()

    def _drop(self, drawing: _Drawing, error: Exception) -> None:
        self._known.pop(drawing.job, None)
        _fail(drawing, error)


def _fail(drawing: _Drawing, error: Exception) -> None:
    if not drawing.picture.done():
        drawing.picture.set_exception(error)
        drawing.picture.exception()  # it may be that nobody waits for it any more
