"""The databases that tests get: migrated, empty, and emptied again in spite of its guards."""

import os
import time

import asyncpg

from tests.support.postgres import _PREFIX, is_held, reachable_folder, sweep

ADD_USER = """
INSERT INTO users (locale, zone, created_at) VALUES ('en', 'UTC', now()) RETURNING id
"""


async def add_user_with_ledger(dsn):
    connection = await asyncpg.connect(dsn, timeout=10)
    try:
        user = await connection.fetchval(ADD_USER)
        account = await connection.fetchval(
            "INSERT INTO accounts (user_id, currency, starting_balance, balance, opened_at)"
            " VALUES ($1, 'USDT', 1, 1, now()) RETURNING id",
            user,
        )
        await connection.execute(
            "INSERT INTO ledger (account_id, user_id, trade_id, effect_number, kind, amount,"
            " booked_at) VALUES ($1, $2, 0, 0, 'entry', 1, now())",
            account,
            user,
        )
        return user
    finally:
        await connection.close()


async def test_a_fresh_database_is_migrated_and_empty(dsn):
    assert await add_user_with_ledger(dsn) == 1


async def test_the_shared_database_is_empty_once(shared_dsn):
    assert await add_user_with_ledger(shared_dsn) == 1


async def test_the_shared_database_is_empty_every_time(shared_dsn):
    assert await add_user_with_ledger(shared_dsn) == 1


def test_folders_of_killed_runs_are_swept_and_others_kept(pg):
    left, fresh = reachable_folder(), reachable_folder()
    (left / "lock").write_text("")
    long_ago = time.time() - 3600
    os.utime(left, (long_ago, long_ago))
    assert left.name.startswith(_PREFIX)
    assert not is_held(left / "lock")
    sweep()
    assert not left.exists()
    assert fresh.exists()
    fresh.rmdir()
