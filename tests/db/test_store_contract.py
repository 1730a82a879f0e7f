"""The contract of an EngineStore, held by Postgres."""

import pytest

from tests.db.bench import PostgresBench
from tests.db.contract import StoreContract


class TestPostgres(StoreContract):
    @pytest.fixture
    async def bench(self, postgres: PostgresBench) -> PostgresBench:
        return postgres
