"""Fixtures of the database's tests."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from db.pool import Database
from tests.db.bench import PostgresBench


@pytest.fixture
async def connection(shared_dsn: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(shared_dsn)
    yield connection
    await connection.close(timeout=5)


@pytest.fixture
async def database(shared_dsn: str) -> AsyncIterator[Database]:
    database = await Database.open(shared_dsn)
    yield database
    await database.close()


@pytest.fixture
async def postgres(database: Database, connection: asyncpg.Connection) -> PostgresBench:
    bench = PostgresBench(database, connection)
    await bench.prepare()
    return bench
