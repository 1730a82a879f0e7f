"""Real Postgres for tests: one embedded server per worker, databases made from one template.

The template is built by the migrations themselves: tests run against what production runs.
"""

import fcntl
import itertools
import os
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest

from db.embedded import EmbeddedPostgres
from db.migrate import migrate

_PREFIX = "vigilante-test-"
_names = (f"test_{number}" for number in itertools.count(1))

# Triggers that guard append-only tables rest while the tables are emptied.
_EMPTY = """
SET session_replication_role = replica;
DO $$
DECLARE name text; filled boolean;
BEGIN
  FOR name IN SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
              WHERE schemaname = 'public' AND tablename <> 'aerich' LOOP
    EXECUTE 'SELECT EXISTS (SELECT 1 FROM ' || name || ')' INTO filled;
    IF filled THEN EXECUTE 'DELETE FROM ' || name; END IF;
  END LOOP;
  PERFORM setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
    FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL
    AND sequencename NOT LIKE 'aerich%';
END $$;
"""


class Server:
    """One running server; `dsn(name)` is the address of a database on it."""

    def __init__(self, dsn: str) -> None:
        self._parts = urlsplit(dsn)

    def dsn(self, database: str = "postgres") -> str:
        return self._parts._replace(path=f"/{database}").geturl()

    async def run(self, statement: str, *, database: str = "postgres") -> None:
        connection = await asyncpg.connect(self.dsn(database), timeout=30)
        try:
            await connection.execute(statement, timeout=60)
        finally:
            await connection.close(timeout=10)

    async def create(self, database: str, template: str) -> str:
        await self.run(f'CREATE DATABASE "{database}" TEMPLATE "{template}" STRATEGY file_copy')
        return self.dsn(database)

    async def drop(self, database: str) -> None:
        await self.run(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')


def reachable_folder() -> Path:
    """Return a new folder that the server's user may enter (pytest's own are closed to it)."""
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    folder.chmod(0o755)
    return folder


def sweep(older_than_seconds: float = 900) -> None:
    """Remove the folders of killed runs: ours, old enough, and with a lock that nobody holds."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        found = folder.stat()
        if found.st_uid != os.geteuid() or time.time() - found.st_mtime < older_than_seconds:
            continue
        locks = [lock for lock in (folder / "lock", folder / "state" / "lock") if lock.exists()]
        if not any(is_held(lock) for lock in locks):
            shutil.rmtree(folder, ignore_errors=True)


def is_held(lock: Path) -> bool:
    with lock.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


@pytest.fixture(scope="session")
def pg() -> Iterator[Server]:
    """The worker's own server, without crash safety."""
    sweep()
    root = reachable_folder()
    server = EmbeddedPostgres(root, durable=False)
    try:
        yield Server(server.start())
    finally:
        server.stop()
        shutil.rmtree(root, ignore_errors=True)


@pytest.fixture(scope="session")
async def template(pg: Server) -> str:
    """The name of a migrated database that nobody connects to."""
    await pg.run("CREATE DATABASE template_migrated")
    await migrate(pg.dsn("template_migrated"))
    return "template_migrated"


@pytest.fixture
async def dsn(pg: Server, template: str) -> AsyncIterator[str]:
    """A fresh migrated database for this test alone (about 0.2 s)."""
    name = next(_names)
    yield await pg.create(name, template)
    await pg.drop(name)


@pytest.fixture(scope="session")
async def _shared_database(pg: Server, template: str) -> str:
    await pg.create("shared", template)
    return "shared"


@pytest.fixture
async def shared_dsn(pg: Server, _shared_database: str) -> str:
    """The worker's migrated database, emptied before this test (about 10 ms)."""
    await pg.run(_EMPTY, database=_shared_database)
    return pg.dsn(_shared_database)
