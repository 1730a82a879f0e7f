"""The lease: one writer at a time, fast hand-over, fencing without trust in clocks."""

import asyncio
import time

import asyncpg
import pytest

from db.lease import Lease, LeaseConfig
from engine.ports import StoreUnavailable


@pytest.fixture
async def lease_of(shared_dsn):
    made: list[Lease] = []

    def make(**options) -> Lease:
        made.append(Lease(shared_dsn, config=LeaseConfig(**options)))
        return made[-1]

    yield make
    for lease in made:
        await lease.release()


async def test_the_first_to_come_gets_the_lease_and_the_second_does_not(lease_of):
    first, second = lease_of(), lease_of()
    assert await first.try_acquire() == 1
    assert await second.try_acquire() is None
    assert first.epoch == 1
    assert first.owner != second.owner


async def test_renewing_prolongs_and_never_raises_the_epoch(lease_of, connection):
    lease = lease_of()
    await lease.acquire()
    until = await connection.fetchval("SELECT until FROM lease")
    assert await lease.renew()
    assert lease.epoch == 1
    assert await connection.fetchval("SELECT until FROM lease") > until


async def test_a_released_lease_is_taken_over_at_once(lease_of):
    first, second = lease_of(), lease_of(retry_seconds=30)
    await first.acquire()
    waiting = asyncio.create_task(second.acquire())
    await asyncio.sleep(0.2)
    assert not waiting.done()
    started = time.monotonic()
    await first.release()
    assert await waiting == 2
    assert time.monotonic() - started < 1, "the hint woke it long before its next look"


async def test_a_killed_holder_is_followed_without_waiting_for_the_lease_to_run_out(
    lease_of, connection
):
    first, second = lease_of(lasts_seconds=3600), lease_of()
    await first.acquire()
    await _kill(connection)
    assert await second.acquire() == 2
    assert not await first.renew()
    assert first.is_lost


async def test_a_holder_whose_connection_died_keeps_its_epoch_if_nobody_came(lease_of, connection):
    lease = lease_of()
    await lease.acquire()
    await _kill(connection)
    assert await lease.renew()
    assert lease.epoch == 1
    assert await lease_of().try_acquire() is None, "it has the lock again"


async def test_a_lease_that_ran_out_is_taken_although_the_lock_is_still_held(lease_of, connection):
    silent, second = lease_of(), lease_of()
    await silent.acquire()
    await connection.execute("UPDATE lease SET until = now() - interval '1 second'")
    assert await second.try_acquire() == 2
    assert not await silent.renew()
    assert await second.renew()


async def test_of_many_that_wait_one_gets_it(lease_of):
    leases = [lease_of() for _ in range(5)]
    epochs = await asyncio.gather(*(lease.try_acquire() for lease in leases))
    assert sorted(epoch for epoch in epochs if epoch is not None) == [1]


async def test_a_lost_lease_can_be_acquired_anew(lease_of, connection):
    first, second = lease_of(lasts_seconds=3600), lease_of()
    await first.acquire()
    await _kill(connection)
    await second.acquire()
    assert not await first.renew()
    await second.release()
    assert await first.acquire() == 3
    assert not first.is_lost


async def test_a_database_that_is_away_is_said_and_outwaited(tmp_path):
    lease = Lease(f"postgresql://postgres@/x?host={tmp_path}", config=LeaseConfig())
    with pytest.raises(StoreUnavailable):
        await lease.try_acquire()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await lease.acquire()


async def _kill(connection: asyncpg.Connection) -> None:
    killed = await connection.fetch(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE application_name = 'vigilante-lease' AND datname = current_database()"
    )
    assert killed
    await asyncio.sleep(0.05)
