"""`python -m tests.db.measure [people]`: what the outbox costs when 1,000 people have news at once.

Absolute figures are this machine's; the durable embedded server is measured, as people run it.
"""

import argparse
import asyncio
import shutil
import statistics
import sys
import time
from collections.abc import Awaitable
from typing import TypeVar

import asyncpg

from db.embedded import EmbeddedPostgres
from db.house import PostgresHouse
from db.migrate import migrate
from db.outbox import Outbox
from db.pool import Database
from tests.db.test_dispatch import BOTH, CROWD
from tests.support.postgres import Server, reachable_folder

Found = TypeVar("Found")

NEWS = 1_000
NOTICES_BEFORE = 3

_NEWS = """
INSERT INTO notices (user_id, code, payload, decided_at, created_at)
SELECT id, 'broadcast', '{"type": "broadcast", "text": "Hello"}', now(), now()
FROM users ORDER BY id LIMIT $1
"""

_TOLD_BEFORE = """
INSERT INTO deliveries (notice_id, user_id, channel, status, next_attempt_at, ended_at)
SELECT id, user_id, 'telegram:' || user_id, 'delivered', now(), now() FROM notices
"""


async def measure(dsn: str, people: int) -> dict[str, float]:
    """Return milliseconds, medians of five, on an empty migrated database."""
    connection = await asyncpg.connect(dsn)
    await connection.execute(CROWD, people, NOTICES_BEFORE)
    await connection.execute("UPDATE notices SET is_addressed = true")
    await connection.execute(_TOLD_BEFORE)
    await connection.execute("VACUUM ANALYZE")
    database = await Database.open(dsn)
    outbox, figures = Outbox(database), dict[str, list[float]]()

    async def timed(name: str, work: Awaitable[Found]) -> Found:
        started = time.perf_counter()
        found = await work
        figures.setdefault(name, []).append(1000 * (time.perf_counter() - started))
        return found

    async def round_of(kind: str) -> None:
        due = await timed(f"{kind}: due", outbox.due(BOTH, NEWS))
        taken = await timed(f"{kind}: take", outbox.take(due, NEWS))
        pairs = [(one.notice.id, one.channel) for one in taken]
        await timed(f"{kind}: told_many", outbox.told_many(pairs))
        assert len(taken) == min(NEWS, people)

    for _ in range(5):
        await connection.execute(_NEWS, NEWS)
        await round_of("1,000 notices of 1,000 people")
        await timed("nothing to do: due", outbox.due(BOTH))
    await timed("broadcast to all", PostgresHouse(database).broadcast("telegram:1", "Hello"))
    for _ in range(min(5, people // NEWS)):
        await round_of("1,000 of a broadcast")
    await database.close()
    await connection.close()
    return {name: statistics.median(values) for name, values in figures.items()}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.db.measure")
    parser.add_argument("people", nargs="?", type=int, default=100_000)
    people = parser.parse_args().people
    root = reachable_folder()
    embedded = EmbeddedPostgres(root)
    try:
        server = Server(embedded.start())
        asyncio.run(server.run("CREATE DATABASE measured"))
        asyncio.run(migrate(server.dsn("measured")))
        for name, ms in asyncio.run(measure(server.dsn("measured"), people)).items():
            sys.stdout.write(f"{name:<42} {ms:>9.1f} ms\n")
    finally:
        embedded.stop()
        shutil.rmtree(root, ignore_errors=True)


if __name__ == "__main__":
    main()
