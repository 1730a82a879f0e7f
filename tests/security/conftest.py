"""Fixtures: a town of three servers, and books to enroll people without many words."""

import pytest

from db.books import PostgresBooks
from db.pool import Database
from tests.support.platforms import open_town


@pytest.fixture
async def town(dsn, tmp_path):
    async with open_town(dsn, tmp_path) as found:
        yield found


@pytest.fixture
async def books(dsn):
    database = await Database.open(dsn)
    yield PostgresBooks(database)
    await database.close()
