"""Serves people side by side, and each person in each room strictly in order.

At most 20 events of one lane wait, what comes then is dropped: it is a flood. At most 1,000 wait
in all; then nothing more is taken from the platform, which keeps it.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Hashable
from dataclasses import dataclass, field
from functools import partial
from typing import Generic, TypeVar

from bot.surfaces.telegram.faults import FAULTS, log_fault

log = logging.getLogger(__name__)

LANE_MAX = 20
SIDE_BY_SIDE_IN_LANE_MAX = 4
WAITING_MAX = 1_000
SIDE_BY_SIDE_MAX = 256
EVENT_SECONDS = 180.0
CANCEL_SECONDS = 0.3

Event = TypeVar("Event")
Call = Callable[[], None]


@dataclass
class _Lane(Generic[Event]):
    """What waits, with what to call when it was served; and how much of it may be under way."""

    waiting: deque[tuple[Event, Call]] = field(default_factory=deque)
    turns: asyncio.Semaphore = field(
        default_factory=lambda: asyncio.Semaphore(SIDE_BY_SIDE_IN_LANE_MAX)
    )


class Lanes(Generic[Event]):
    """One queue for each lane; a lane's task lives while its queue has something.

    `work` gets an event and what to call when the next one of its lane may begin already: an
    answer that takes long need not hold up the next, as long as the first came first.
    """

    def __init__(self, work: Callable[[Event, Call], Awaitable[None]]) -> None:
        self._work = work
        self._lanes: dict[Hashable, _Lane[Event]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._turns = asyncio.Semaphore(SIDE_BY_SIDE_MAX)
        self._room = asyncio.Event()
        self._count = 0
        self._counted(0)

    async def has_room(self) -> None:
        """Return once more may be put."""
        await self._room.wait()

    def put(self, name: Hashable, event: Event, done: Call) -> None:
        """Queue an event; `done` is called once it was served, or dropped."""
        lane = self._lanes.get(name)
        if lane is not None and len(lane.waiting) >= LANE_MAX:
            log.info("a flood: an event is dropped")
            done()
            return
        self._counted(1)
        if lane is None:
            lane = self._lanes[name] = _Lane()
            self._start(self._drain(name, lane))
        lane.waiting.append((event, done))

    async def finish(self, seconds: float) -> None:
        """Let what is under way end within `seconds`, then cancel the rest; 0.3 s more at most."""
        deadline = asyncio.get_running_loop().time() + seconds
        while self._tasks and (left := deadline - asyncio.get_running_loop().time()) > 0:
            await asyncio.wait(self._tasks, timeout=left)
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            _, stubborn = await asyncio.wait(tasks, timeout=CANCEL_SECONDS)
            if stubborn:
                log.warning("events do not end: %d", len(stubborn))

    def _start(self, coroutine: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(coroutine, name="telegram lane")
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log_fault(log, "an event was not served, for a reason nobody thought of", error)

    async def _drain(self, name: Hashable, lane: _Lane[Event]) -> None:
        while lane.waiting:
            await lane.turns.acquire()
            await self._turns.acquire()
            event, done = lane.waiting.popleft()
            passed = asyncio.Event()
            task = self._start(self._serve(lane, event, passed))
            task.add_done_callback(partial(_done, done))
            await passed.wait()
        del self._lanes[name]

    async def _serve(self, lane: _Lane[Event], event: Event, passed: asyncio.Event) -> None:
        try:
            async with asyncio.timeout(EVENT_SECONDS):
                await self._work(event, passed.set)
        except FAULTS as error:
            log_fault(log, "an event was not served", error)
        finally:
            passed.set()
            self._turns.release()
            lane.turns.release()
            self._counted(-1)

    def _counted(self, more: int) -> None:
        self._count += more
        (self._room.set if self._count < WAITING_MAX else self._room.clear)()


def _done(done: Call, task: asyncio.Task[None]) -> None:
    """Say that an event was served; one that was cut off by the end was not."""
    if not task.cancelled():
        done()
