"""Each fault of a database once: nothing lost, nothing doubled, booking goes on by itself."""

import asyncio

import pytest

from db.pool import Database, PoolConfig
from db.store import PostgresStore
from engine.ports import Batch, StoreUnavailable
from tests.support.pg_drill import drill
from tests.support.pg_faults import FAULTS, FaultyServer


@pytest.fixture(scope="module")
async def server():
    async with FaultyServer().running() as server:
        yield server


@pytest.mark.parametrize("name", FAULTS)
async def test_a_writer_books_through(server, name):
    audit = await drill(server, FAULTS[name])
    assert audit.is_clean, audit
    assert audit.recovery_seconds < 10
    if name == "lost commit reply":
        assert audit.outcomes_unknown >= 2


async def test_a_call_into_a_black_hole_ends_in_time_and_leaves_nothing(server):
    database = await Database.open(server.proxy.dsn, PoolConfig(timeout_seconds=0.5))
    try:
        await database.ping()
        server.proxy.swallow()
        loop = asyncio.get_running_loop()
        started = loop.time()
        with pytest.raises(StoreUnavailable):
            await PostgresStore(database).commit(Batch(1, [], []))
        assert loop.time() - started < 1.5
        started = loop.time()
        await database.close(timeout_seconds=0.5)
        assert loop.time() - started < 1.5
    finally:
        server.proxy.pass_on()
        await database.close()


async def test_a_caller_that_gives_up_in_a_black_hole_leaves_no_task_and_no_connection(server):
    database = await Database.open(server.proxy.dsn, PoolConfig(timeout_seconds=30))
    try:
        await database.ping()
        server.proxy.swallow()
        task = asyncio.create_task(PostgresStore(database).commit(Batch(1, [], [])))
        await asyncio.sleep(0.1)
        task.cancel()
        async with asyncio.timeout(1):
            with pytest.raises(asyncio.CancelledError):
                await task
        assert database.size == 0
    finally:
        server.proxy.pass_on()
        await database.close()
