"""One websocket to Binance's combined stream: open, receive, send, end. It knows no prints.

StreamError
├── StreamRefused   the handshake was answered with an HTTP status
└── StreamEnded     it could not be opened, was closed, fell silent, or was judged deaf
"""

import asyncio
import contextlib
from collections.abc import Callable

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus, WebSocketException

from engine.clock import Clock
from engine.market.binance_history import retry_after_seconds
from engine.market.binance_messages import stream_of
from engine.market.ports import FeedConfig

YIELD_SECONDS = 0.02
EXTEND_SECONDS = 0.5
FRAME_BYTES_MAX = 2**20


class StreamError(Exception):
    """A stream is not to be had, or no more."""


class StreamRefused(StreamError):
    """The handshake got an HTTP status instead of a stream."""

    def __init__(self, status: int, retry_after_seconds: float) -> None:
        super().__init__(f"status_{status}")
        self.status = status
        self.retry_after_seconds = retry_after_seconds


class StreamEnded(StreamError):
    """The stream is over; the text is a code of why."""


class StreamSession:
    """An open websocket. `last_frame_at` is the monotonic second of its last sign of life."""

    def __init__(self, socket: ClientConnection, config: FeedConfig, clock: Clock) -> None:
        self._socket = socket
        self._config = config
        self._clock = clock
        self.opened_at = clock.monotonic()
        self.last_frame_at = self.opened_at

    async def receive(self, on_frame: Callable[[bytes], None]) -> None:
        """Hand each frame to `on_frame`, synchronously. Ends only by raising `StreamEnded`."""
        while True:
            try:
                await self._receive_under_deadline(on_frame)
            except TimeoutError as error:
                silence = self._clock.monotonic() - self.last_frame_at
                if silence >= self._config.frame_timeout_seconds:
                    raise StreamEnded("silent") from error
            except (WebSocketException, OSError) as error:
                raise StreamEnded(_reason(error)) from error

    async def send(self, message: str) -> None:
        """Send a control message. Raises `StreamEnded`."""
        try:
            async with asyncio.timeout(self._config.ack_timeout_seconds):
                await self._socket.send(message)
        except (WebSocketException, OSError, TimeoutError) as error:
            raise StreamEnded(_reason(error)) from error

    async def ping(self) -> None:
        """Ask for a sign of life and wait for it as long as an ack. Raises `StreamEnded`."""
        try:
            async with asyncio.timeout(self._config.ack_timeout_seconds):
                await (await self._socket.ping())
            self.last_frame_at = self._clock.monotonic()
        except TimeoutError:
            return  # the frame timeout judges
        except (WebSocketException, OSError) as error:
            raise StreamEnded(_reason(error)) from error

    async def close(self) -> None:
        """Close politely, bounded in time, then without ceremony."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._config.close_timeout_seconds):
                await self._socket.close()
        self.abort()

    def abort(self) -> None:
        """Drop the socket at once; nothing happens when it is closed already."""
        self._socket.transport.abort()

    async def _receive_under_deadline(self, on_frame: Callable[[bytes], None]) -> None:
        """Read under one deadline that moves on as frames come: a timer per frame would cost."""
        timeout = self._config.frame_timeout_seconds
        recv, monotonic = self._socket.recv, self._clock.monotonic
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(timeout) as deadline:
            yielded_at = extended_at = monotonic()
            while True:
                frame = await recv(decode=False)
                now = monotonic()
                self.last_frame_at = now
                on_frame(frame)
                if now - yielded_at > YIELD_SECONDS:
                    await asyncio.sleep(0)  # a burst never starves the rest of the loop
                    yielded_at = monotonic()
                if now - extended_at > EXTEND_SECONDS:
                    deadline.reschedule(loop.time() + timeout)
                    extended_at = now


async def open_stream(host: str, config: FeedConfig, clock: Clock) -> StreamSession:
    """Open the combined stream with the canary on it. Raises `StreamError`."""
    url = f"{host}/stream?streams={stream_of(config.canary)}"
    try:
        socket = await connect(
            url,
            compression=None,
            open_timeout=config.connect_timeout_seconds,
            close_timeout=config.close_timeout_seconds,
            ping_interval=None,  # the connection pings by itself when frames stay away
            max_size=FRAME_BYTES_MAX,
        )
    except InvalidStatus as error:
        retry_after = error.response.headers.get("Retry-After", "0")
        raise StreamRefused(error.response.status_code, retry_after_seconds(retry_after)) from error
    except (WebSocketException, OSError, TimeoutError) as error:
        raise StreamEnded(_reason(error)) from error
    return StreamSession(socket, config, clock)


def _reason(error: Exception) -> str:
    code = getattr(getattr(error, "rcvd", None), "code", None)
    return f"closed_{code}" if code is not None else type(error).__name__
