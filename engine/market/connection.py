"""One open connection at work: frames to tapes, subscriptions kept, silence watched.

It lives as long as its socket and never reconnects; the supervisor does.
"""

import asyncio

import msgspec

from engine.market.binance_history import HistoryError, UnknownSymbol
from engine.market.binance_messages import (
    AggTrade,
    ControlKind,
    decode_frame,
    is_price,
    parse_control,
    to_ms,
)
from engine.market.binance_stream import StreamEnded, StreamSession
from engine.market.lane import Lane
from engine.market.reconciler import Reconciler
from engine.market.symbol_tape import TapeNeed


class Connection:
    """A socket serving a lane. `reason`: why it ended; `shutdown`: the venue will end it.

    `canary_id`: the canary's last id on this socket while nobody wants it, or -1. `print_ms`: the
    venue's time of the last print, of any symbol, and `print_at` the monotonic second it came.
    """

    def __init__(self, lane: Lane, session: StreamSession, *, is_overlap: bool) -> None:
        self._lane = lane
        self._context = lane.context
        self._tapes = lane.context.tapes
        self._canary = lane.context.config.canary
        self.canary_id = -1
        self._prints = 0
        self.print_ms = 0
        self.print_at = 0.0
        self.session = session
        self.seen: set[str] | None = set() if is_overlap else None
        self.is_open = True
        self.reason = ""
        self.shutdown = asyncio.Event()
        self.reconciler = Reconciler(
            lane.symbols,
            session.send,
            self._announce,
            lane.context.config,
            lane.context.clock,
        )

    async def run(self) -> None:
        """Work until the stream ends, then close it. Raises nothing for network reasons."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self.session.receive(self.on_frame))
                group.create_task(self.reconciler.run())
                group.create_task(self._keep_alive())
                group.create_task(self._watch_data())
        except* StreamEnded as errors:
            self.reason = str(errors.exceptions[0])
        finally:
            self.is_open = False
            await self.session.close()

    def lag_ms(self) -> float:
        """Return how long the last print was on its way here; 0 before the first."""
        if self.print_ms <= 0:
            return 0.0
        clock = self._context.clock
        came_ms = clock.now_ms() - (clock.monotonic() - self.print_at) * 1000
        return came_ms - to_ms(self.print_ms)

    def end_overlap(self, *, is_whole: bool) -> None:
        """Stand alone from now on; what the overlap does not prove is looked up."""
        self.seen = None
        if not is_whole:
            self._lane.doubt()
            self._context.on_subscribed(self.reconciler.acked & self._lane.symbols, False)

    def on_frame(self, frame: bytes) -> None:
        """Apply a print at once; everything else takes the slow way."""
        try:
            data = decode_frame(frame).data
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            self._on_other(frame)
            return
        if data is None or data.event != "aggTrade":
            self._on_other(frame)
            return
        self._prints += 1
        self.print_ms = data.time
        self.print_at = self.session.last_frame_at
        tape = self._tapes.get(data.symbol)
        if tape is None:
            if data.symbol == self._canary:
                self.canary_id = data.id
            return
        if self.seen is not None:
            self.seen.add(data.symbol)
        if data.id >= 0 and data.time > 0 and is_price(data.price):
            tape.apply(data.id, data.price, to_ms(data.time))
        else:
            self._on_bad_print(data)

    def _on_bad_print(self, data: AggTrade) -> None:
        """Believe the id but not the price: REST has the print as it was."""
        self._context.garbage_frames += 1
        tape = self._tapes[data.symbol]
        if data.id == tape.highest_id + 1 and tape.is_anchored:
            tape.note_highest(data.id, tape.highest_time_ms)
            tape.ask(TapeNeed.FILL)

    def _on_other(self, frame: bytes) -> None:
        control = parse_control(frame)
        if control.kind is ControlKind.SHUTDOWN:
            self.shutdown.set()
        elif control.kind is ControlKind.GARBAGE:
            self._context.garbage_frames += 1
        else:
            self.reconciler.on_control(control)

    def _announce(self, symbols: set[str]) -> None:
        self._context.on_subscribed(symbols, self.seen is not None)

    async def _keep_alive(self) -> None:
        """Ask for a pong when frames stay away: a frame within 5 s is what proves a connection."""
        config, clock = self._context.config, self._context.clock
        while True:
            await asyncio.sleep(config.watch_interval_seconds)
            if clock.monotonic() - self.session.last_frame_at >= config.ping_after_seconds:
                await self.session.ping()

    async def _watch_data(self) -> None:
        """End a connection that answers pings but carries no prints, when REST has newer ones."""
        known = self._known_canary()
        while True:
            before = self._prints
            await asyncio.sleep(self._context.config.canary_timeout_seconds)
            if self._prints == before:
                known = await self._check_canary(known)
            else:
                known = self._known_canary()

    def _known_canary(self) -> int:
        tape = self._tapes.get(self._canary)
        return max(self.canary_id, tape.highest_id if tape else -1)

    async def _check_canary(self, known: int) -> int:
        """Return the canary's newest id when the market is quiet; else the stream is deaf.

        `known` dates from before the silence: what was filled from REST since proves nothing.
        """
        try:
            async with asyncio.timeout(self._context.config.rest_timeout_seconds):
                newest = await self._context.history.newest(self._canary)
        except UnknownSymbol:
            return known
        except (HistoryError, TimeoutError) as error:
            raise StreamEnded("silent_unproven") from error
        if newest is None:
            return known
        age_ms = (self._context.clock.monotonic() - self.session.opened_at) * 1000
        is_newer = newest.time_ms > self._context.clock.now_ms() - age_ms
        if newest.id > known and (known >= 0 or is_newer):
            raise StreamEnded("deaf")
        return newest.id
