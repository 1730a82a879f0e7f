"""Connections: few, bounded in time, dropped when they are not well."""

import asyncio

import pytest

from db.pool import Database, PoolConfig
from engine.ports import StoreUnavailable


async def test_readers_never_take_the_writers_connections(shared_dsn):
    database = await Database.open(shared_dsn, PoolConfig(3, 1, timeout_seconds=0.3))
    try:
        async with database.session() as one, database.session() as two:
            assert one is not two
            with pytest.raises(StoreUnavailable):
                async with database.session(0.05):
                    pytest.fail("a third reader got a connection")
            async with database.writer_session() as writer:
                assert await writer.fetchval("SELECT 1") == 1
        assert database.size == 3
    finally:
        await database.close()


async def test_a_statement_that_takes_too_long_is_cut_and_the_pool_stays_whole(shared_dsn):
    database = await Database.open(shared_dsn, PoolConfig(2, 1, timeout_seconds=0.2))
    try:
        for _ in range(5):
            with pytest.raises(StoreUnavailable):
                async with database.session() as connection:
                    await connection.execute("SELECT pg_sleep(10)")
        await database.ping()
        assert database.size == 1
    finally:
        await database.close()


async def test_an_error_of_a_statement_says_its_state(database):
    with pytest.raises(StoreUnavailable, match="UndefinedTableError 42P01"):
        async with database.session() as connection:
            await connection.execute("SELECT * FROM nowhere")


async def test_a_pool_that_was_read_only_writes_again_when_the_database_does(dsn, pg):
    name = dsn.partition("?")[0].rpartition("/")[2]
    await pg.run(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
    database = await Database.open(dsn)
    try:
        with pytest.raises(StoreUnavailable):
            await database.ping()
        with pytest.raises(StoreUnavailable, match="25006"):
            async with database.session() as connection:
                await connection.execute("DELETE FROM lease")
        await pg.run(f'ALTER DATABASE "{name}" RESET default_transaction_read_only')
        await database.ping()
    finally:
        await database.close()


async def test_closing_does_not_wait_for_ever_for_a_busy_connection(shared_dsn):
    database = await Database.open(shared_dsn)
    started = asyncio.Event()

    async def read_long() -> None:
        async with database.session() as connection:
            started.set()
            await connection.execute("SELECT pg_sleep(10)")

    reading = asyncio.create_task(read_long())
    await started.wait()
    async with asyncio.timeout(3):
        await database.close(timeout_seconds=0.2)
        with pytest.raises(StoreUnavailable):
            await reading
