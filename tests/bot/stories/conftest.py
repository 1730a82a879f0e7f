"""Fixtures: a town of three servers with its market, and people in it."""

import pytest

from tests.support.platforms import open_town


@pytest.fixture
async def town(dsn, tmp_path):
    async with open_town(dsn, tmp_path) as found:
        yield found
