"""Who may write: a lease row whose epoch fences, and an advisory lock that makes taking over fast.

Whoever holds the lock may raise the epoch at once; without it only a lease that ran out may be
taken. All times are the database's. One connection of its own, never through a pooler.
"""

import asyncio
import contextlib
import logging
import os
import secrets
from dataclasses import dataclass
from typing import Any

import asyncpg

from db.pool import DATABASE_ERRORS, describe
from db.url import database_settings
from engine.ports import StoreUnavailable

log = logging.getLogger(__name__)

_LOCK_CLASS = 7_416_052

_TRY_LOCK = "SELECT pg_try_advisory_lock($1, $2)"

_TAKE = """
INSERT INTO lease (shard, epoch, owner, until)
SELECT $1, 1, $2, now() + $3 * interval '1 second'
WHERE $4 OR EXISTS (SELECT FROM lease WHERE shard = $1)
ON CONFLICT (shard) DO UPDATE SET
    epoch = lease.epoch + 1, owner = excluded.owner, until = excluded.until
WHERE $4 OR lease.until <= now()
RETURNING epoch
"""

_RENEW = """
UPDATE lease SET until = now() + $4 * interval '1 second'
WHERE shard = $1 AND epoch = $2 AND owner = $3 RETURNING epoch
"""

_RELEASE = "UPDATE lease SET owner = NULL, until = now() WHERE shard = $1 AND epoch = $2"


# A holder that is cut off must not keep the lock: the server looks whether it is still there.
_SETTINGS = {
    "application_name": "vigilante-lease",
    "tcp_keepalives_idle": "5",
    "tcp_keepalives_interval": "2",
    "tcp_keepalives_count": "3",
}


@dataclass(frozen=True)
class LeaseConfig:
    """Seconds: how long a lease lasts unrenewed, how often a successor looks, one call's limit."""

    lasts_seconds: float = 10.0
    retry_seconds: float = 0.25
    timeout_seconds: float = 3.0


class Lease:
    """The right to write for one shard, as one process holds or awaits it."""

    def __init__(self, dsn: str, shard: int = 0, config: LeaseConfig | None = None) -> None:
        self._dsn = dsn
        self._shard = shard
        self._config = config or LeaseConfig()
        self._connection: asyncpg.Connection | None = None
        self._has_lock = False
        self._hint = asyncio.Event()
        self._epoch: int | None = None
        self._is_lost = False
        self.owner = f"{os.getpid()}-{secrets.token_hex(8)}"

    @property
    def epoch(self) -> int:
        """The epoch that our batches carry. It must have been acquired."""
        assert self._epoch is not None, "the lease was never acquired"
        return self._epoch

    @property
    def is_lost(self) -> bool:
        """Whether another process has raised the epoch since: then stand by and acquire anew."""
        return self._is_lost

    async def acquire(self) -> int:
        """Wait until the lease is ours and return its new epoch.

        It outlasts a database that is away; whoever calls bounds the waiting.
        """
        while True:
            self._hint.clear()
            try:
                epoch = await self.try_acquire()
            except StoreUnavailable as error:
                log.warning("lease: %s", error)
                epoch = None
            if epoch is not None:
                return epoch
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._config.retry_seconds):
                    await self._hint.wait()

    async def try_acquire(self) -> int | None:
        """Take the lease if it is free now; None when another process has it."""
        config = self._config
        await self._lock()
        taken = await self._call(
            _TAKE, self._shard, self.owner, config.lasts_seconds, self._has_lock
        )
        if taken is not None:
            self._epoch, self._is_lost = taken, False
        return taken

    async def renew(self) -> bool:
        """Prolong the lease; call it several times per `lasts_seconds`. It never raises the epoch.

        False: the lease is lost. Raises StoreUnavailable when that cannot be known now. A
        connection that died is replaced: while the epoch is still ours, so is the lease.
        """
        await self._lock()
        lasts = self._config.lasts_seconds
        held = await self._call(_RENEW, self._shard, self.epoch, self.owner, lasts)
        self._is_lost = held is None
        if self._is_lost:
            self._drop()
        return not self._is_lost

    async def release(self) -> None:
        """Give the lease back, so that a successor starts at once; never fails."""
        connection, epoch = self._connection, self._epoch
        try:
            async with asyncio.timeout(self._config.timeout_seconds):
                if connection is not None and epoch is not None and not self._is_lost:
                    await connection.execute(_RELEASE, self._shard, epoch)
                    await connection.execute("SELECT pg_advisory_unlock_all()")
                    await connection.execute("SELECT pg_notify($1, '')", self._channel)
        except DATABASE_ERRORS as error:
            log.warning("lease not given back, it will run out: %s", describe(error))
        self._drop()

    @property
    def _channel(self) -> str:
        return f"vigilante_lease_{self._shard}"

    async def _lock(self) -> None:
        if self._connection is None or self._connection.is_closed():
            await self._connect()
        if not self._has_lock:
            self._has_lock = await self._call(_TRY_LOCK, _LOCK_CLASS, self._shard)

    async def _connect(self) -> None:
        self._has_lock = False
        settings = database_settings(self._dsn, environ=os.environ)
        try:
            async with asyncio.timeout(self._config.timeout_seconds):
                connection = await asyncpg.connect(
                    **settings.connect_arguments(), server_settings=_SETTINGS
                )
        except DATABASE_ERRORS as error:
            raise StoreUnavailable(describe(error)) from error
        self._connection = connection
        await self._call_on(connection, connection.add_listener(self._channel, self._hear))

    async def _call(self, statement: str, *arguments: Any) -> Any:
        connection = self._connection
        assert connection is not None, "a connection comes before a call"
        return await self._call_on(connection, connection.fetchval(statement, *arguments))

    async def _call_on(self, connection: asyncpg.Connection, call: Any) -> Any:
        loop = asyncio.get_running_loop()
        timer = loop.call_later(self._config.timeout_seconds, connection.terminate)
        try:
            return await call
        except DATABASE_ERRORS as error:
            self._drop()
            raise StoreUnavailable(describe(error)) from error
        except asyncio.CancelledError:
            self._drop()
            raise
        finally:
            timer.cancel()

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        self._has_lock = False
        if connection is not None:
            connection.terminate()

    def _hear(self, *_notification: object) -> None:
        self._hint.set()
