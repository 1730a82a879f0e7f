"""Keeps one connection subscribed to exactly what is wanted: a difference, a request, its answer.

An ack proves little: the listing is compared once all is sent, and a symbol that stays silent is
judged elsewhere and comes back as `resubscribe`. It refuses to send more than the venue allows.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

from engine.clock import Clock
from engine.market.binance_messages import (
    Control,
    ControlKind,
    list_subscriptions,
    stream_of,
    subscribe,
    unsubscribe,
)
from engine.market.binance_stream import StreamEnded
from engine.market.ports import FeedConfig

FAILURES_MAX = 3


class Reconciler:
    """Subscriptions of one connection. `acked` holds the symbols that the venue confirmed."""

    def __init__(
        self,
        wanted: set[str],
        send: Callable[[str], Awaitable[None]],
        on_subscribed: Callable[[set[str]], None],
        config: FeedConfig,
        clock: Clock,
    ) -> None:
        self._wanted = wanted
        self._send = send
        self._on_subscribed = on_subscribed
        self._config = config
        self._clock = clock
        self._changed = asyncio.Event()
        self._names = {stream_of(config.canary): config.canary}
        self._announced: set[str] = set()
        self._again: set[str] = set()
        self._refused: dict[str, float] = {}
        self._batch = config.streams_per_message
        self._failures = 0
        self._is_unproven = False
        self._next_id = 1
        self._sent_at = clock.monotonic() - config.message_spacing_seconds
        self._answer: tuple[int, asyncio.Future[Control]] | None = None
        self.acked = {config.canary}

    @property
    def is_settled(self) -> bool:
        """Whether everything wanted is acknowledged and announced."""
        return self._wanted <= self._announced

    def wake(self) -> None:
        """Say that what is wanted has changed."""
        self._changed.set()

    def resubscribe(self, symbol: str) -> None:
        """Drop and renew a subscription that was acknowledged but does not speak."""
        self._again.add(symbol)
        self._changed.set()

    def on_control(self, control: Control) -> None:
        """Take an answer; one that nobody waits for any more is ignored."""
        if self._answer is None:
            return
        request_id, answer = self._answer
        if control.request_id == request_id and not answer.done():
            answer.set_result(control)

    async def run(self) -> None:
        """Reconcile for ever. Raises `StreamEnded` when the connection does not obey."""
        while True:
            self._changed.clear()
            self._announce()
            if not await self._act():
                await self._rest()

    async def _act(self) -> bool:
        """Send at most one request; return whether there was anything to do."""
        again, self._again = self._again & self.acked, set()
        if again:
            await self._change(unsubscribe, again, is_subscribing=False)
            return True
        now = self._clock.monotonic()
        self._refused = {name: until for name, until in self._refused.items() if until > now}
        stale = self.acked - self._wanted - {self._config.canary} - self._refused.keys()
        if stale:
            await self._change(unsubscribe, stale, is_subscribing=False)
            return True
        missing = self._wanted - self.acked - self._refused.keys()
        if missing:
            await self._change(subscribe, missing, is_subscribing=True)
            return True
        if self._is_unproven:
            await self._prove()
            return True
        return False

    async def _rest(self) -> None:
        timeout = self._config.refused_seconds if self._refused else None
        try:
            async with asyncio.timeout(timeout):
                await self._changed.wait()
        except TimeoutError:
            return

    async def _change(
        self,
        message: Callable[[list[str], int], str],
        symbols: Iterable[str],
        *,
        is_subscribing: bool,
    ) -> None:
        batch = sorted(symbols)[: self._batch]
        answer = await self._request(lambda number: message(self._streams(batch), number))
        if answer is None:
            await self._repair()
        elif answer.kind is ControlKind.ACK:
            self._failures = 0
            self._batch = min(self._config.streams_per_message, self._batch * 2)
            self._take(batch, is_subscribing=is_subscribing)
        else:
            await self._refuse(batch)

    def _take(self, batch: list[str], *, is_subscribing: bool) -> None:
        if is_subscribing:
            self.acked.update(batch)
            self._is_unproven = True
        else:
            self.acked.difference_update(batch)
            self._announced.difference_update(batch)

    async def _refuse(self, batch: list[str]) -> None:
        """After an error halve the batch, until the one that the venue dislikes stands alone."""
        if len(batch) == 1:
            self._refused[batch[0]] = self._clock.monotonic() + self._config.refused_seconds
            self._batch = self._config.streams_per_message
            return
        self._batch = max(1, len(batch) // 2)
        await self._repair()

    async def _repair(self) -> None:
        """After a lost answer ask what is subscribed. Raises `StreamEnded` when it goes on."""
        self._failures += 1
        if self._failures > FAILURES_MAX + self._config.streams_per_message.bit_length():
            raise StreamEnded("subscriptions")
        self._take_listing(await self._list())

    async def _prove(self) -> None:
        """Compare what was acknowledged with the venue's list; what is not there waits a while."""
        self._is_unproven = False
        acked = set(self.acked)
        self._take_listing(await self._list())
        until = self._clock.monotonic() + self._config.refused_seconds
        self._refused |= dict.fromkeys(acked - self.acked, until)

    async def _list(self) -> Control:
        answer = await self._request(list_subscriptions)
        if answer is None or answer.kind is not ControlKind.LISTING:
            raise StreamEnded("no_ack")
        return answer

    def _take_listing(self, listing: Control) -> None:
        self.acked = {
            self._names.get(stream, stream.removesuffix("@aggTrade").upper())
            for stream in listing.streams
        } | {self._config.canary}
        self._announced &= self.acked

    async def _request(self, message: Callable[[int], str]) -> Control | None:
        pause = self._sent_at + self._config.message_spacing_seconds - self._clock.monotonic()
        if pause > 0:
            await asyncio.sleep(pause)
        self._sent_at = self._clock.monotonic()
        request_id, self._next_id = self._next_id, self._next_id + 1
        answer: asyncio.Future[Control] = asyncio.get_running_loop().create_future()
        self._answer = (request_id, answer)
        await self._send(message(request_id))
        try:
            async with asyncio.timeout(self._config.ack_timeout_seconds):
                return await answer
        except TimeoutError:
            return None
        finally:
            self._answer = None

    def _streams(self, symbols: list[str]) -> list[str]:
        names = {stream_of(symbol): symbol for symbol in symbols}
        self._names.update(names)
        return list(names)

    def _announce(self) -> None:
        fresh = (self._wanted & self.acked) - self._announced
        if fresh:
            self._announced |= fresh
            self._on_subscribed(fresh)
        self._announced &= self._wanted
