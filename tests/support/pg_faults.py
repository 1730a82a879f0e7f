"""Faults of a database, each as something that begins and ends, on a server of its own."""

import asyncio
import os
import shutil
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg

from db.embedded import EmbeddedPostgres
from db.migrate import migrate
from tests.support.pg_proxy import PgProxy
from tests.support.postgres import reachable_folder

_OURS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE application_name IN ('vigilante', 'vigilante-lease')
"""


class FaultyServer:
    """A migrated database behind a proxy, and the means to hurt both. `dsn` goes past the proxy."""

    def __init__(self) -> None:
        self.root = reachable_folder()
        self.server = EmbeddedPostgres(self.root)
        self.dsn = ""
        self.proxy = PgProxy("")

    @asynccontextmanager
    async def running(self) -> AsyncIterator["FaultyServer"]:
        try:
            admin = self.server.start()
            connection = await asyncpg.connect(admin)
            await connection.execute("CREATE DATABASE faulty")
            await connection.close()
            self.dsn = urlsplit(admin)._replace(path="/faulty").geturl()
            await migrate(self.dsn)
            self.proxy = PgProxy(self.dsn)
            async with self.proxy.running():
                yield self
        finally:
            self.server.stop()
            shutil.rmtree(self.root, ignore_errors=True)

    async def run(self, *statements: str) -> None:
        """Run statements as somebody else, past the proxy."""
        connection = await asyncpg.connect(self.dsn)
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    def signal_all(self, kind: signal.Signals) -> None:
        """Send a signal to the server and all its processes."""
        pid = self.server.pid
        assert pid is not None
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for one in [pid, *map(int, children)]:
            os.kill(one, kind)


Fault = Callable[[FaultyServer], AbstractAsyncContextManager[None]]


@asynccontextmanager
async def terminate(server: FaultyServer) -> AsyncIterator[None]:
    """Every connection is killed on the server."""
    await server.run(_OURS)
    yield


@asynccontextmanager
async def restart(server: FaultyServer) -> AsyncIterator[None]:
    """The server stops and is away for a moment."""
    server.server.stop()
    await asyncio.sleep(0.3)
    server.server.start()
    yield


@asynccontextmanager
async def freeze(server: FaultyServer) -> AsyncIterator[None]:
    """Every process of the server stands still; sockets stay open."""
    server.signal_all(signal.SIGSTOP)
    try:
        await asyncio.sleep(1.5)
        yield
    finally:
        server.signal_all(signal.SIGCONT)


@asynccontextmanager
async def black_hole(server: FaultyServer) -> AsyncIterator[None]:
    """The network takes every byte and gives none."""
    server.proxy.swallow()
    try:
        await asyncio.sleep(1.5)
        yield
    finally:
        server.proxy.pass_on()


@asynccontextmanager
async def lost_commit_reply(server: FaultyServer) -> AsyncIterator[None]:
    """Two commits in a row are done, and nobody is told."""
    server.proxy.lose_commit_replies(2)
    async with asyncio.timeout(20):
        for _ in range(2):
            await server.proxy.lost.get()
    yield


@asynccontextmanager
async def read_only(server: FaultyServer) -> AsyncIterator[None]:
    """The primary is demoted: every session is read-only, and stays so until it is dropped."""
    await server.run("ALTER DATABASE faulty SET default_transaction_read_only = on", _OURS)
    try:
        await asyncio.sleep(0.5)
        yield
    finally:
        await server.run(
            "SET default_transaction_read_only = off",
            "ALTER DATABASE faulty RESET default_transaction_read_only",
        )


FAULTS: dict[str, Fault] = {
    "terminate": terminate,
    "restart": restart,
    "freeze": freeze,
    "black hole": black_hole,
    "lost commit reply": lost_commit_reply,
    "read-only flip": read_only,
}
