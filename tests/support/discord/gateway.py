"""Gateway v10 over websockets: sessions, heartbeats, resuming, and everything that goes wrong."""

import asyncio
import json
import secrets
import time
import zlib
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web

from tests.support.discord import shapes
from tests.support.discord.traffic import Faults
from tests.support.discord.world import Guild, World

JSON = dict[str, Any]
DISPATCH, HEARTBEAT, IDENTIFY, RESUME = 0, 1, 2, 6
RECONNECT, INVALID_SESSION, HELLO, ACK = 7, 9, 10, 11
REPLAYED_MAX = 1000
COMMANDS_PER_MINUTE = 120
INTENTS_MAX = (1 << 26) - 1
GUILDS_INTENT = 1


@dataclass(eq=False)
class Session:
    """What survives a dropped socket: the number of the last event, and the events to replay."""

    id: str
    intents: int
    seq: int = 0
    events: deque[tuple[int, str]] = field(default_factory=lambda: deque(maxlen=REPLAYED_MAX))
    line: "Line | None" = None


class Line:
    """One websocket. Messages are sent in order by its own task; compressed in one context."""

    def __init__(self, socket: web.WebSocketResponse, request: web.Request) -> None:
        self.socket = socket
        self.session: Session | None = None
        self.commands: deque[float] = deque(maxlen=COMMANDS_PER_MINUTE)
        self._transport = request.transport
        self._queue: asyncio.Queue[str | bytes | int] = asyncio.Queue()
        is_compressed = request.query.get("compress") == "zlib-stream"
        self._zlib = zlib.compressobj() if is_compressed else None

    def send(self, text: str) -> None:
        """Send one payload."""
        self._queue.put_nowait(text)

    def send_bytes(self, content: bytes) -> None:
        """Send bytes as they are: no payload at all, perhaps."""
        self._queue.put_nowait(content)

    def close(self, code: int) -> None:
        """Close after what was sent before."""
        self._queue.put_nowait(code)

    def cut(self) -> None:
        """Drop the connection without a goodbye."""
        if self._transport is not None:
            self._transport.abort()

    async def run(self) -> None:
        """Send until closed."""
        while not self.socket.closed:
            item = await self._queue.get()
            try:
                if isinstance(item, int):
                    await self.socket.close(code=item)
                    return
                await self._write(item)
            except ConnectionError:
                return

    async def _write(self, item: str | bytes) -> None:
        if isinstance(item, bytes):
            await self.socket.send_bytes(item)
        elif self._zlib is None:
            await self.socket.send_str(item)
        else:
            packed = self._zlib.compress(item.encode()) + self._zlib.flush(zlib.Z_SYNC_FLUSH)
            await self.socket.send_bytes(packed)


class Gateway:
    """Serves sessions and says to all of them what happens.

    `heartbeat_ms`: told in HELLO. `is_mute`: heartbeats are no longer acknowledged (a zombie).
    `is_frozen`: nothing at all is sent. `client_closes`: close codes of clients; 1006: vanished.
    """

    def __init__(self, world: World, faults: Faults) -> None:
        self._world = world
        self._faults = faults
        self.heartbeat_ms = 41_250
        self.is_mute = False
        self.is_frozen = False
        self.sessions: dict[str, Session] = {}
        self.lines: set[Line] = set()
        self.client_closes: list[int] = []
        self.identified_at: list[float] = []
        self.identifies: list[JSON] = []
        self.counts: Counter[str] = Counter()

    @property
    def ready(self) -> list[Session]:
        """The sessions that are connected now."""
        return [one for one in self.sessions.values() if one.line is not None]

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Serve one websocket until it ends."""
        fault = await self._faults.meet("GET", "/")
        if fault is not None and fault.status:
            return web.Response(status=fault.status, text=fault.html or "no gateway here")
        socket = web.WebSocketResponse(timeout=0.5, max_msg_size=4096)
        await socket.prepare(request)
        line = Line(socket, request)
        self.lines.add(line)
        sender = asyncio.create_task(line.run(), name="discord-line")
        try:
            if request.query.get("v", "10") not in ("9", "10"):
                line.close(4012)
            self._send(line, HELLO, {"heartbeat_interval": self.heartbeat_ms, "_trace": []})
            await self._listen(line)
        finally:
            self.lines.discard(line)
            self._part(line)
            sender.cancel()
            await asyncio.gather(sender, return_exceptions=True)
        return socket

    async def _listen(self, line: Line) -> None:
        while True:
            try:
                message = await line.socket.receive(timeout=self.heartbeat_ms * 2.5 / 1000 + 1)
            except TimeoutError:
                self.counts["silent"] += 1
                await line.socket.close(code=4000)
                return
            if message.type is WSMsgType.CLOSE:
                self.client_closes.append(message.data or 1005)
            if message.type is not WSMsgType.TEXT:
                return
            self._take(line, message.data)

    def _part(self, line: Line) -> None:
        if line.socket.close_code == WSCloseCode.ABNORMAL_CLOSURE:
            self.client_closes.append(1006)
        session = line.session
        if session is None:
            return
        if session.line is line:
            session.line = None
        if line.socket.close_code in (1000, 1001) and self.sessions.get(session.id) is session:
            del self.sessions[session.id]
        self._world.touch()

    def _take(self, line: Line, text: str) -> None:
        now = time.monotonic()
        if len(line.commands) == COMMANDS_PER_MINUTE and now - line.commands[0] < 60:
            line.close(4008)
            return
        line.commands.append(now)
        try:
            payload = json.loads(text)
            number, data = payload["op"], payload.get("d")
        except (ValueError, KeyError, TypeError):
            line.close(4002)
            return
        takes = {HEARTBEAT: self._beat, IDENTIFY: self._identify, RESUME: self._resume}
        if number in takes:
            takes[number](line, data)
        elif number not in (3, 4, 8, 31):
            line.close(4001)
        elif line.session is None:
            line.close(4003)

    def _beat(self, line: Line, _: object) -> None:
        self.counts["heartbeat"] += 1
        if not self.is_mute:
            self._send(line, ACK, None)

    def _identify(self, line: Line, data: JSON) -> None:
        self.identified_at.append(time.monotonic())
        if line.session is not None:
            line.close(4005)
            return
        self.identifies.append({key: data[key] for key in data if key != "token"})
        if data.get("token") != self._world.token:
            line.close(4004)
            return
        intents = data.get("intents")
        if not isinstance(intents, int) or not 0 <= intents <= INTENTS_MAX:
            line.close(4013)
            return
        session = Session(secrets.token_hex(16), intents)
        self.sessions[session.id] = session
        session.line, line.session = line, session
        self._greet(session, data)
        self._world.touch()

    def _greet(self, session: Session, data: JSON) -> None:
        world = self._world
        guilds = [one for one in world.guilds.values() if one.has_bot]
        ready: JSON = {
            "v": 10,
            "user": shapes.me(world),
            "guilds": [{"id": str(one.id), "unavailable": True} for one in guilds],
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": world.base_url.replace("http", "ws", 1) + "/",
            "application": {"id": str(world.bot.id), "flags": 0},
            "private_channels": [],
            "relationships": [],
            "presences": [],
            "guild_join_requests": [],
            "geo_ordered_rtc_regions": [],
            "_trace": [],
        }
        if "shard" in data:
            ready["shard"] = data["shard"]
        self._event(session, "READY", ready)
        if session.intents & GUILDS_INTENT:
            for one in guilds:
                self._event(session, "GUILD_CREATE", shapes.guild_create(one, world))

    def _resume(self, line: Line, data: JSON) -> None:
        self.counts["resume"] += 1
        if data.get("token") != self._world.token:
            line.close(4004)
            return
        session = self.sessions.get(str(data.get("session_id")))
        oldest = session.events[0][0] if session is not None and session.events else 0
        seq = data.get("seq") or 0
        if session is None or (oldest > seq + 1):
            self._send(line, INVALID_SESSION, False)
            return
        if seq > session.seq:
            line.close(4007)
            return
        if session.line is not None:
            session.line.close(4000)
        session.line, line.session = line, session
        for number, text in list(session.events):
            if number > seq:
                self._post(line, text)
        self._event(session, "RESUMED", {"_trace": []})
        self._world.touch()

    def publish(self, event: str, data: JSON, intents: int = 0) -> None:
        """Say something to every session that asked for one of `intents` (0: to all)."""
        for session in list(self.sessions.values()):
            if not intents or session.intents & intents:
                self._event(session, event, data)

    def say_guild(self, guild: Guild) -> None:
        """Tell everybody of a server the bot is in from now on."""
        self.publish("GUILD_CREATE", shapes.guild_create(guild, self._world), GUILDS_INTENT)

    def _event(self, session: Session, event: str, data: Any) -> None:
        session.seq += 1
        text = json.dumps({"op": DISPATCH, "t": event, "s": session.seq, "d": data})
        session.events.append((session.seq, text))
        if session.line is not None:
            self._post(session.line, text)

    def _send(self, line: Line, number: int, data: Any) -> None:
        self._post(line, json.dumps({"op": number, "d": data, "s": None, "t": None}))

    def _post(self, line: Line, text: str) -> None:
        if not self.is_frozen:
            line.send(text)

    def drop(self) -> None:
        """Cut every connection without a close frame."""
        for line in list(self.lines):
            line.cut()

    def close(self, code: int) -> None:
        """Close every connection with a code; 4004 ends a bot for good, 4009 its session."""
        for line in list(self.lines):
            line.close(code)
        if code in (4007, 4009):
            self.sessions.clear()

    def reconnect(self) -> None:
        """Ask every client to come back (opcode 7)."""
        for line in list(self.lines):
            self._send(line, RECONNECT, None)

    def invalidate(self, *, is_resumable: bool = False) -> None:
        """Tell every client that its session is void (opcode 9)."""
        for line in list(self.lines):
            if not is_resumable and line.session is not None:
                self.sessions.pop(line.session.id, None)
            self._send(line, INVALID_SESSION, is_resumable)

    def send_raw(self, payload: Any) -> None:
        """Send anything: bytes as a binary frame, a text as it is, all else as JSON."""
        for line in list(self.lines):
            if isinstance(payload, bytes):
                line.send_bytes(payload)
            else:
                line.send(payload if isinstance(payload, str) else json.dumps(payload))
