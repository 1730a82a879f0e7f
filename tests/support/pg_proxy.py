"""A TCP proxy before a Postgres server that does to a connection what networks do."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import parse_qs, unquote, urlsplit

COMMIT = b"COMMIT\x00"


class PgProxy:
    """Passes bytes on; can swallow them silently, cut every link, or lose the reply to a COMMIT."""

    def __init__(self, dsn: str) -> None:
        self._target = urlsplit(dsn)
        self._port = 0
        self._links: set[asyncio.StreamWriter] = set()
        self._passing = asyncio.Event()
        self._passing.set()
        self._losses = 0
        self.lost: asyncio.Queue[None] = asyncio.Queue()

    @property
    def dsn(self) -> str:
        """The server's address through the proxy."""
        user = self._target.username or "postgres"
        return f"postgresql://{user}@127.0.0.1:{self._port}{self._target.path}"

    @asynccontextmanager
    async def running(self) -> AsyncIterator["PgProxy"]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", self._port)
        self._port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            self._passing.set()
            self.cut()
            await server.wait_closed()
            await asyncio.sleep(0.05)

    def swallow(self) -> None:
        """Be a black hole: take every byte and give none, without closing anything."""
        self._passing.clear()

    def pass_on(self) -> None:
        """Work again; links from before stay dead, as after a change of route."""
        self.cut()
        self._passing.set()

    def lose_commit_replies(self, count: int = 1) -> None:
        """Let the next COMMITs run, then cut the link before their reply."""
        self._losses = count

    def cut(self) -> None:
        """Close every link."""
        for writer in list(self._links):
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            upstream_reader, upstream_writer = await self._connect()
        except OSError:
            writer.close()
            return
        self._links |= {writer, upstream_writer}
        is_mute = asyncio.Event()
        try:
            await asyncio.gather(
                self._pump(reader, upstream_writer, is_mute, is_command=True),
                self._pump(upstream_reader, writer, is_mute, is_command=False),
            )
        finally:
            for one in (writer, upstream_writer):
                self._links.discard(one)
                one.close()

    async def _pump(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        is_mute: asyncio.Event,
        *,
        is_command: bool,
    ) -> None:
        """Pass one direction on until it ends, or until a reply is to be lost."""
        with contextlib.suppress(OSError):
            while data := await reader.read(65_536):
                await self._passing.wait()
                if is_command and self._losses and COMMIT in data:
                    self._losses -= 1
                    is_mute.set()
                if not is_command and is_mute.is_set():
                    self.lost.put_nowait(None)
                    break
                writer.write(data)
                await writer.drain()
        writer.close()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        query = parse_qs(self._target.query)
        port = self._target.port or int(query.get("port", ["5432"])[0])
        host = self._target.hostname or query["host"][0]
        if host.startswith("/"):
            return await asyncio.open_unix_connection(f"{unquote(host)}/.s.PGSQL.{port}")
        return await asyncio.open_connection(host, port)
