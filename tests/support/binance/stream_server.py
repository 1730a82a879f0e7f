"""The stand-in's websocket side: combined and raw streams, control messages, limits, faults."""

import asyncio
import json
import time
from collections import Counter, deque
from collections.abc import Callable
from random import Random
from typing import Any, cast

from websockets.asyncio.server import ServerConnection, broadcast, serve
from websockets.exceptions import ConnectionClosed
from websockets.frames import Opcode
from websockets.http11 import Request, Response
from websockets.protocol import State

from tests.support.binance.faults import GARBAGE, Faults
from tests.support.binance.tapes import Print

MESSAGES_PER_SECOND = 5
STREAMS_MAX = 1024
COUNTED = {Opcode.TEXT, Opcode.BINARY, Opcode.PING, Opcode.PONG}


class Client(ServerConnection):
    """One connected client, its streams and its message rate."""

    streams: set[str]
    sent: deque[float]
    is_combined = True
    is_deaf = False
    on_flood: Callable[["Client"], None]

    @property
    def can_hear(self) -> bool:
        """Whether sending makes sense."""
        return not self.is_deaf and self.state is State.OPEN and not self.transport.is_closing()

    def process_event(self, event):
        if getattr(event, "opcode", None) in COUNTED:
            now = time.monotonic()
            self.sent.append(now)
            while self.sent and now - self.sent[0] > 1.0:
                self.sent.popleft()
            if len(self.sent) > MESSAGES_PER_SECOND:
                self.on_flood(self)
        super().process_event(event)

    def connection_made(self, transport):
        self.streams, self.sent = set(), deque()
        super().connection_made(transport)


class StreamServer:
    """Sends each print to whoever subscribed; counts what a client does against the rules."""

    def __init__(self, faults: Faults, rng: Random, counts: Counter[str]) -> None:
        self._faults = faults
        self._rng = rng
        self._counts = counts
        self._swapped: dict[str, str] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.clients: set[Client] = set()
        self.accepts: list[float] = []

    async def start(self, port: int) -> int:
        """Listen on loopback; return the port."""
        self._server = await serve(
            self._serve,
            "127.0.0.1",
            port,
            compression=None,
            process_request=self._admit,
            create_connection=cast("Any", self._create),
            ping_interval=20,
            ping_timeout=60,
            close_timeout=0.5,
        )
        return next(iter(self._server.sockets)).getsockname()[1]

    async def stop(self) -> None:
        """Cut everybody off and stop listening."""
        self.drop()
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    def drop(self) -> None:
        """Cut every connection without a word."""
        for client in list(self.clients):
            client.transport.abort()

    def deafen(self) -> None:
        """Make every present connection silent, pongs included, without closing it."""
        for client in self.clients:
            client.is_deaf = True
            client.transport.pause_reading()

    def close(self, code: int) -> None:
        """Close every connection with a code."""
        for client in list(self.clients):
            self._spawn(client.close(code, "stand-in"))

    def announce_shutdown(self, after_ms: int, *, now_ms: int) -> None:
        """Send `serverShutdown` to everybody and close those connections `after_ms` later."""
        event = {"e": "serverShutdown", "E": now_ms}
        wrapped = {"stream": "!serverShutdown", "data": event}
        leaving = list(self.clients)
        for client in leaving:
            broadcast([client], json.dumps(wrapped if client.is_combined else event))
        asyncio.get_running_loop().call_later(
            after_ms / 1000, lambda: [client.transport.abort() for client in leaving]
        )

    def subscriptions(self) -> set[str]:
        """Return every stream that any open connection holds."""
        return set().union(*(client.streams for client in self.clients))

    def on_print(self, symbol: str, made: Print, now_ms: int) -> None:
        """Send one print to its subscribers, unless a fault wants otherwise."""
        faults = self._faults
        if faults.is_stalled or symbol in faults.muted:
            return
        if faults.skip_next.get(symbol, 0) > 0:
            faults.skip_next[symbol] -= 1
            self._counts["skipped"] += 1
            return
        frame = _event(symbol, made, now_ms, scale=1000 if faults.uses_microseconds else 1)
        self._send_with_faults(symbol, frame, faults.choose(self._rng))

    def _send_with_faults(self, symbol: str, frame: str, fault: str) -> None:
        if fault != "send":
            self._counts[fault] += 1
        if fault == "swap" and symbol not in self._swapped:
            self._swapped[symbol] = frame
            return
        if fault == "late":
            loop = asyncio.get_running_loop()
            loop.call_later(self._faults.late_ms / 1000, self._send, symbol, frame)
            return
        if fault == "garbage":
            self._shout(self._rng.choice(GARBAGE))
        if fault != "skip":
            self._send(symbol, frame)
        if fault == "duplicate":
            self._send(symbol, frame)
        earlier = self._swapped.pop(symbol, None)
        if earlier is not None:
            self._send(symbol, earlier)

    def _send(self, symbol: str, event: str) -> None:
        stream = f"{symbol.lower()}@aggTrade"
        wrapped = f'{{"stream":"{stream}","data":{event}}}'
        for client in self.clients:
            if stream in client.streams and client.can_hear:
                broadcast([client], wrapped if client.is_combined else event)

    def _shout(self, text: str) -> None:
        broadcast([client for client in self.clients if client.can_hear], text)

    def _create(self, *args, **kwargs) -> Client:
        client = Client(*args, **kwargs)
        client.on_flood = self._on_flood
        return client

    def _on_flood(self, client: Client) -> None:
        self._counts["too_many_messages"] += 1
        self._spawn(client.close(1008, "Too many requests"))

    def _admit(self, client: ServerConnection, request: Request) -> Response | None:
        assert isinstance(client, Client)
        self.accepts.append(time.monotonic())
        self._counts["ws_attempts"] += 1
        if self._faults.refuse_status:
            response = client.respond(self._faults.refuse_status, "refused")
            if self._faults.refuse_retry_after:
                response.headers["Retry-After"] = str(self._faults.refuse_retry_after)
            return response
        path, _, query = request.path.partition("?")
        if path.startswith("/ws"):
            client.is_combined = False
            client.streams |= {path.removeprefix("/ws").strip("/")} - {""}
        for part in query.split("&"):
            if part.startswith("streams="):
                client.streams |= set(part.removeprefix("streams=").split("/")) - {""}
        return None

    async def _serve(self, client: ServerConnection) -> None:
        assert isinstance(client, Client)
        if self._faults.close_on_accept:
            await client.close(self._faults.close_on_accept, "stand-in")
            return
        self.clients.add(client)
        life = self._faults.connection_life_seconds
        handle = None
        if life:
            handle = asyncio.get_running_loop().call_later(life, client.transport.abort)
        try:
            async for message in client:
                await self._on_message(client, message)
        except ConnectionClosed:
            return
        finally:
            self.clients.discard(client)
            if handle is not None:
                handle.cancel()

    async def _on_message(self, client: Client, message: str | bytes) -> None:
        request = json.loads(message)
        method, params, request_id = request["method"], request.get("params", []), request["id"]
        self._counts[method] += 1
        if self._faults.take("no_ack_next"):
            return
        if method == "LIST_SUBSCRIPTIONS":
            await self._answer(client, {"result": sorted(client.streams), "id": request_id})
            return
        if method == "SUBSCRIBE" and self._faults.take("reject_sub_next"):
            await self._answer(client, self._error(request_id))
            return
        if not self._faults.take("ack_only_next"):
            self._change(client, method, params)
        await self._answer(client, {"result": None, "id": request_id})
        if len(client.streams) > STREAMS_MAX:
            self._counts["too_many_streams"] += 1
            await client.close(1008, "Too many streams")

    def _change(self, client: Client, method: str, params: list[str]) -> None:
        if method == "SUBSCRIBE":
            client.streams |= set(params)
        else:
            client.streams -= set(params)

    def _error(self, request_id: int) -> dict[str, object]:
        error = {"code": 2, "msg": "Invalid request: stand-in"}
        return (
            {"error": error, "id": request_id}
            if self._faults.uses_old_errors
            else {
                **error,
                "id": request_id,
            }
        )

    async def _answer(self, client: Client, answer: dict[str, object]) -> None:
        if self._faults.late_ack_ms:
            asyncio.get_running_loop().call_later(
                self._faults.late_ack_ms / 1000, broadcast, [client], json.dumps(answer)
            )
        else:
            await client.send(json.dumps(answer))

    def _spawn(self, work) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _event(symbol: str, made: Print, now_ms: int, *, scale: int) -> str:
    maker = "true" if made.is_buyer_maker else "false"
    return (
        f'{{"e":"aggTrade","E":{now_ms * scale},"s":"{symbol}","a":{made.id},"p":"{made.price}",'
        f'"q":"{made.quantity}","f":{made.id},"l":{made.id},"T":{made.time_ms * scale},'
        f'"m":{maker},"M":true}}'
    )
