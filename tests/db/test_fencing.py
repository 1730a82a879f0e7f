"""Two engines at the same time: only one epoch writes, and each trade is closed once."""

import asyncio

import pytest

from db.lease import Lease
from engine.ports import Batch, Fenced, Verdict
from tests.db.bench import PostgresBench
from tests.db.contract import commit, open_trade
from tests.support.effects import decided, exited


async def test_two_writers_close_each_trade_once_whoever_wins(postgres: PostgresBench):
    owners = [await postgres.owner() for _ in range(12)]
    trades = [await open_trade(postgres, owner, n) for n, owner in enumerate(owners, 1)]
    exits = [exited(trade, "51000") for trade in trades]

    async def write(epoch: int) -> list[Verdict]:
        verdicts: list[Verdict] = []
        for effect in exits:
            try:
                rulings = await postgres.store.commit(Batch(epoch, decided(effect), []))
            except Fenced:
                break
            verdicts += [ruling.verdict for ruling in rulings]
        return verdicts

    old = asyncio.create_task(write(1))
    await asyncio.sleep(0.01)
    await postgres.raise_epoch()
    new = await write(2)
    assert new == [Verdict.APPLIED] * 12
    assert set(await old) <= {Verdict.APPLIED}
    for owner in owners:
        assert await postgres.balance(owner.account_id) == await postgres.books(owner.account_id)
    assert await postgres.one("SELECT count(*) FROM fills WHERE kind = 'exit'") == 12


async def test_the_epoch_rises_only_between_batches(postgres: PostgresBench, shared_dsn, database):
    lease = Lease(shared_dsn)
    async with database.writer_session() as writing:
        await writing.execute("BEGIN")
        await writing.fetchval("SELECT 1 FROM lease WHERE shard = 0 AND epoch = 1 FOR SHARE")
        taking = asyncio.create_task(lease.try_acquire())
        await asyncio.sleep(0.1)
        assert not taking.done(), "a batch in flight holds the epoch"
        await writing.execute("COMMIT")
    assert await taking == 2
    with pytest.raises(Fenced):
        await commit(postgres, epoch=1)
    await lease.release()
