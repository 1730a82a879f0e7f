"""The contract of an EngineStore, held by Postgres and by its twin in memory alike."""

from decimal import Decimal

import pytest

from engine.ports import Batch, OutcomeUnknown, StoreUnavailable
from tests.db.bench import PostgresBench
from tests.db.contract import StoreContract
from tests.support.effects import Owner, decided, entry_order, opened, placed
from tests.support.twin_store import Fault, TwinStore


class TwinBench:
    """The twin, seen as the contract sees a store."""

    def __init__(self) -> None:
        self.store = TwinStore()

    @property
    def epoch(self) -> int:
        return self.store.epoch

    async def raise_epoch(self) -> None:
        self.store.epoch += 1

    async def owner(self, balance: str = "10000") -> Owner:
        return self.store.add_owner(balance)

    async def open_account(self, user_id: int) -> int:
        accounts = self.store.accounts.items()
        return next(id for id, one in accounts if one.user_id == user_id and one.is_open)

    async def balance(self, account_id: int) -> Decimal:
        return self.store.accounts[account_id].balance

    async def books(self, account_id: int) -> Decimal:
        return self.store.books(account_id)


class TestPostgres(StoreContract):
    @pytest.fixture
    async def bench(self, postgres: PostgresBench) -> PostgresBench:
        return postgres

    @pytest.fixture(autouse=True)
    def _no_last_wall(self, request, caplog):
        """Fail where a guard let something through that only a table's own check stopped."""
        yield
        if "cannot_be_stored" not in request.node.name:
            hit = [one for one in caplog.get_records("call") if one.name == "db.store.store"]
            assert not hit, hit


class TestTwin(StoreContract):
    @pytest.fixture
    def bench(self) -> TwinBench:
        return TwinBench()


async def test_a_lost_reply_of_the_twin_has_stored_everything():
    store = TwinStore()
    owner = store.add_owner()
    order = entry_order(owner, 1)
    batch = Batch(1, decided(placed(order), opened(order)), [])
    store.fault = lambda: Fault.REPLY_LOST
    with pytest.raises(OutcomeUnknown):
        await store.commit(batch)
    store.fault = lambda: None
    rulings = await store.commit(batch)
    assert [ruling.verdict for ruling in rulings] == ["applied", "applied"]
    assert len(store.fills) == len(store.notices) == 1


async def test_an_unavailable_twin_has_stored_nothing():
    store = TwinStore()
    order = entry_order(store.add_owner(), 1)
    store.fault = lambda: Fault.UNAVAILABLE
    with pytest.raises(StoreUnavailable):
        await store.commit(Batch(1, decided(placed(order)), []))
    assert not store.orders
