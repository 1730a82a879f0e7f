"""The process's few connections, each use of them bounded in time. It knows no table.

A connection that failed or was too slow is dropped, never handed on (facts: asyncpg's own
time-outs do not end while a server is frozen). Errors are those of `engine.ports`.
"""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg

from db.url import database_settings
from engine.ports import StoreError, StoreUnavailable

READ_ONLY = "25006"

DATABASE_ERRORS = (
    OSError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # what a connection says that was killed behind our back
)
"""All that a call may raise when the database, or the way to it, is not well."""

Connection = asyncpg.pool.PoolConnectionProxy


@dataclass(frozen=True)
class PoolConfig:
    """How many connections, and for how many seconds one use may take.

    `kept_for_writer` of the `size` connections are never given to readers.
    """

    size: int = 8
    kept_for_writer: int = 2
    timeout_seconds: float = 5.0


class Database:
    """A pool of connections to one database; opens them when they are first needed."""

    def __init__(self, pool: asyncpg.Pool, config: PoolConfig) -> None:
        self._pool = pool
        self._config = config
        self._readers = asyncio.Semaphore(config.size - config.kept_for_writer)

    @classmethod
    async def open(cls, dsn: str, config: PoolConfig | None = None) -> "Database":
        """Make the pool without connecting yet. Raises DatabaseUrlError for a bad address."""
        config = config or PoolConfig()
        settings = database_settings(dsn, environ=os.environ)
        pool = asyncpg.create_pool(
            **settings.connect_arguments(),
            min_size=0,
            max_size=config.size,
            timeout=config.timeout_seconds,
            reset=_keep,
            server_settings=_server_settings(config),
        )
        return cls(await pool, config)

    @asynccontextmanager
    async def session(self, timeout_seconds: float | None = None) -> AsyncIterator[Connection]:
        """Lend a connection to a reader. Raises StoreUnavailable."""
        limit = timeout_seconds or self._config.timeout_seconds
        try:
            async with asyncio.timeout(limit):
                await self._readers.acquire()
        except TimeoutError as error:
            raise StoreUnavailable("every connection is busy") from error
        try:
            async with self.writer_session(limit) as connection:
                yield connection
        finally:
            self._readers.release()

    @asynccontextmanager
    async def writer_session(
        self, timeout_seconds: float | None = None
    ) -> AsyncIterator[Connection]:
        """Lend a connection to the one writer, whatever the readers do. Raises StoreUnavailable.

        After `timeout_seconds` the connection is cut: whoever waits on it gets StoreUnavailable.
        """
        limit = timeout_seconds or self._config.timeout_seconds
        try:
            connection = await self._pool.acquire(timeout=limit)
        except DATABASE_ERRORS as error:
            raise StoreUnavailable(describe(error)) from error
        timer = asyncio.get_running_loop().call_later(limit, _cut, connection)
        try:
            yield connection
        except StoreError:
            _cut(connection)
            raise
        except DATABASE_ERRORS as error:
            _cut(connection)
            await self.healed(error)
            raise StoreUnavailable(describe(error)) from error
        except BaseException:
            _cut(connection)
            raise
        finally:
            timer.cancel()
            await self._pool.release(connection)

    async def healed(self, error: BaseException) -> None:
        """Drop every connection when a primary became read-only: such a pool never heals alone."""
        if getattr(error, "sqlstate", None) == READ_ONLY:
            await self._pool.expire_connections()

    async def ping(self) -> None:
        """Prove that the database answers and can be written. Raises StoreUnavailable."""
        async with self.session() as connection:
            if await connection.fetchval("SHOW transaction_read_only") != "off":
                await self._pool.expire_connections()
                raise StoreUnavailable(READ_ONLY)

    @property
    def size(self) -> int:
        """How many connections are open now."""
        return self._pool.get_size()

    async def close(self, timeout_seconds: float = 2.0) -> None:
        """Close every connection; those still busy after `timeout_seconds` are cut."""
        try:
            async with asyncio.timeout(timeout_seconds):
                await self._pool.close()
        except TimeoutError:
            self._pool.terminate()


def describe(error: BaseException) -> str:
    """Return what a log line needs of a database error: class, SQLSTATE and message."""
    state = getattr(error, "sqlstate", None)
    return " ".join(str(part) for part in (type(error).__name__, state, error) if part)


def _server_settings(config: PoolConfig) -> dict[str, str]:
    # A half-dead transaction of ours must not hold its locks longer than we wait for it.
    limit = str(int(config.timeout_seconds * 1000))
    return {
        "application_name": "vigilante",
        "idle_in_transaction_session_timeout": limit,
        "timezone": "UTC",
        "jit": "off",
    }


def _cut(connection: Connection) -> None:
    """Drop a connection at once, whatever it waits for; the server's end of it is not awaited."""
    with contextlib.suppress(asyncpg.InterfaceError):  # it broke by itself and is gone already
        connection.terminate()


async def _keep(_connection: Any) -> None:
    """Leave a connection as it is: no session state is ever set on one."""
