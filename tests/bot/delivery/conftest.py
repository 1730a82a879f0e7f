"""Fixtures of the delivery's tests: real Postgres, a relay that runs, platforms made of lists."""

from collections.abc import AsyncIterator

import pytest

from db.outbox import Outbox
from tests.bot.delivery.scene import Scene
from tests.db.bench import PostgresBench
from tests.db.conftest import connection, database, postgres

__all__ = ["connection", "database", "postgres"]


@pytest.fixture
async def scene(postgres: PostgresBench) -> AsyncIterator[Scene]:
    scene = Scene(postgres, Outbox(postgres.database))
    async with scene.running():
        yield scene
