"""Keeps a lane connected: attempts with backoff, other hosts, and a new socket before the old ends.

It never gives up and never raises for network reasons; a storm of attempts it refuses to make.
"""

import asyncio
from random import Random

from engine.market.attempt_budget import AttemptBudget
from engine.market.backoff import Backoff
from engine.market.binance_stream import StreamError, StreamRefused, open_stream
from engine.market.connection import Connection
from engine.market.lane import Lane

ACTIVE_MS = 10_000
OTHER_HOST_STATUS = frozenset({403, 404, 410, 451})
QUIET_STATUS = frozenset({429, 418})
FAILURES_PER_HOST = 2


class Supervisor:
    """The one task that opens and replaces the sockets of a lane."""

    def __init__(self, lane: Lane, attempts: AttemptBudget, rng: Random) -> None:
        config = lane.context.config
        self._lane = lane
        self._attempts = attempts
        self._config = config
        self._clock = lane.context.clock
        self._rng = rng
        self._backoff = Backoff(config.backoff_seconds_min, config.backoff_seconds_max, rng)
        self._host = 0
        self._failures = 0

    async def run(self) -> None:
        """Serve the lane until cancelled."""
        async with asyncio.TaskGroup() as group:
            while True:
                current = await self._connect(group, is_overlap=False)
                while current is not None:
                    current = await self._serve(group, current)
                self._lane.doubt()
                self._lane.reconnects += 1
                await asyncio.sleep(self._backoff.next_seconds())

    async def _connect(self, group: asyncio.TaskGroup, *, is_overlap: bool) -> "Served":
        while True:
            served = await self._attempt(group, is_overlap=is_overlap)
            if served is not None:
                return served
            await asyncio.sleep(self._backoff.next_seconds())

    async def _attempt(self, group: asyncio.TaskGroup, *, is_overlap: bool) -> "Served | None":
        """Try to open one socket; on failure note why and choose the next host."""
        await self._attempts.take()
        host = self._config.stream_urls[self._host]
        try:
            session = await open_stream(host, self._config, self._clock)
        except StreamRefused as refused:
            self._lane.last_error = str(refused)
            if refused.status in QUIET_STATUS:
                await asyncio.sleep(refused.retry_after_seconds)
            self._note_failure(is_final=refused.status in OTHER_HOST_STATUS)
            return None
        except StreamError as error:
            self._lane.last_error = str(error)
            self._note_failure(is_final=False)
            return None
        self._failures = 0
        self._lane.host = host
        connection = Connection(self._lane, session, is_overlap=is_overlap)
        self._lane.connections.append(connection)
        task = group.create_task(connection.run())
        # A task that is canceled before its first step, or while it closes, leaves no socket open.
        task.add_done_callback(lambda _: session.abort())
        return Served(connection, task)

    def _note_failure(self, *, is_final: bool) -> None:
        """Go to the next host at once when this one refuses for good, else after two failures."""
        self._failures += 1
        if is_final or self._failures >= FAILURES_PER_HOST:
            self._host = (self._host + 1) % len(self._config.stream_urls)
            self._failures = 0

    async def _serve(self, group: asyncio.TaskGroup, current: "Served") -> "Served | None":
        """Stay with a socket until it ends (None) or its successor has taken over."""
        healthy_at = self._clock.monotonic() + self._config.healthy_after_seconds
        rollover_at = self._clock.monotonic() + self._rollover_seconds()
        try:
            while not current.task.done():
                now = self._clock.monotonic()
                if now >= healthy_at:
                    self._backoff.reset()
                    healthy_at = rollover_at
                if now >= rollover_at or current.connection.shutdown.is_set():
                    return await self._replace(group, current)
                await self._wait(current, min(healthy_at, rollover_at) - now)
            return None
        finally:
            self._forget(current)

    async def _wait(self, current: "Served", seconds: float) -> None:
        """Wait for the socket's end, the venue's notice, or the time."""
        notice = asyncio.ensure_future(current.connection.shutdown.wait())
        try:
            await asyncio.wait(
                {notice, current.task},
                timeout=max(0.0, seconds),
                return_when=asyncio.FIRST_COMPLETED,
            )
        finally:
            notice.cancel()

    async def _replace(self, group: asyncio.TaskGroup, old: "Served") -> "Served | None":
        """Make before break: the old socket goes when the new one speaks for it."""
        successor: Served | None = None
        while successor is None and not old.task.done():
            successor = await self._attempt(group, is_overlap=True)
            if successor is None:
                await self._wait_end(old, self._backoff.next_seconds())
        if successor is None:
            return None
        until = self._clock.monotonic() + self._config.overlap_seconds_max
        while self._clock.monotonic() < until and not old.task.done():
            if self._has_taken_over(successor.connection):
                break
            await self._wait_end(old, self._config.watch_interval_seconds / 10)
        self._end_overlap(old, successor)
        return successor

    def _end_overlap(self, old: "Served", successor: "Served") -> None:
        is_whole = not old.task.done() and successor.connection.reconciler.is_settled
        old.task.cancel()
        successor.connection.end_overlap(is_whole=is_whole)

    def _has_taken_over(self, successor: Connection) -> bool:
        seen, tapes = successor.seen or set(), self._lane.context.tapes
        since_ms = self._clock.now_ms() - ACTIVE_MS
        active = {
            symbol
            for symbol in self._lane.symbols
            if symbol in tapes and tapes[symbol].highest_time_ms >= since_ms
        }
        return successor.reconciler.is_settled and active <= seen

    async def _wait_end(self, served: "Served", seconds: float) -> None:
        await asyncio.wait({served.task}, timeout=seconds)

    def _rollover_seconds(self) -> float:
        jitter = self._config.rollover_jitter_seconds
        return self._config.rollover_seconds + self._rng.uniform(-jitter, jitter)

    def _forget(self, served: "Served") -> None:
        """Strike the socket from the lane; its end leaves a reason."""
        connection = served.connection
        connection.is_open = False
        if connection in self._lane.connections:
            self._lane.connections.remove(connection)
        if connection.reason:
            self._lane.last_error = connection.reason


class Served:
    """A connection and the task that runs it."""

    __slots__ = ("connection", "task")

    def __init__(self, connection: Connection, task: asyncio.Task[None]) -> None:
        self.connection = connection
        self.task = task
