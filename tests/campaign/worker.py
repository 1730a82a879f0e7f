"""The process that is killed: the real desk over Postgres and the stand-in, with people at it.

Composed by `bot.app` as in production and with nothing of its own to protect it. One line on
stdout when armed: JSON with the machine's monotonic milliseconds; one more when everything that
nobody had answered has been asked again.
"""

import argparse
import asyncio
import json
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from random import Random

import asyncpg

from bot import logs
from bot.app import App, feed_config, live_venue, migrated, opened
from bot.settings import Settings
from engine.desk import Owner
from engine.ports import StoreUnavailable
from tests.campaign.journal import Journal
from tests.campaign.traders import Trader

_OWNERS = "SELECT user_id, id, currency FROM accounts WHERE closed_at IS NULL ORDER BY id"


async def run(options: argparse.Namespace) -> int:
    """Serve until SIGTERM; return the exit code."""
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    if not await migrated(options.dsn, lambda text: print(text, file=sys.stderr)):
        return 3
    settings = Settings(
        home=options.journal.parent,
        database_url=options.dsn,
        stream_urls=(options.stream,),
        rest_urls=(options.rest,),
    )
    owners = await _owners(options.dsn)
    journal = Journal(options.journal)
    async with (
        opened(settings, options.dsn, live_venue(feed_config(settings))) as app,
        asyncio.TaskGroup() as group,
    ):
        crowd = group.create_task(_trade(app, owners, journal, options))
        await stopped.wait()
        app.engine.stop()
        crowd.cancel()
    return 0


async def _trade(
    app: App, owners: list[Owner], journal: Journal, options: argparse.Namespace
) -> None:
    """Wait for the vigil, ask again what nobody answered, then let everybody trade."""
    while not await app.engine.wait_armed(60):
        pass
    caught_up = app.engine.caught_up
    armed = {"armed_ms": time.monotonic() * 1000, "prints": caught_up and caught_up.prints}
    print(json.dumps(armed), flush=True)
    rng = Random(options.seed)
    traders = {
        owner.user_id: Trader(app.context, owner, journal, Random(rng.random())) for owner in owners
    }
    unanswered = journal.unanswered()
    for wish in unanswered:
        with suppress(StoreUnavailable):
            await traders[wish.user_id].ask(wish)
    print(json.dumps({"asked_again": len(unanswered)}), flush=True)
    if options.idle:
        return
    async with asyncio.TaskGroup() as group:
        for trader in traders.values():
            group.create_task(trader.live(options.pause))


async def _owners(dsn: str) -> list[Owner]:
    connection = await asyncpg.connect(dsn, timeout=10)
    try:
        rows = await connection.fetch(_OWNERS)
    finally:
        await connection.close(timeout=5)
    return [Owner(row["user_id"], row["id"], row["currency"]) for row in rows]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.campaign.worker", description=__doc__)
    parser.add_argument("--dsn", required=True)
    parser.add_argument("--stream", required=True)
    parser.add_argument("--rest", required=True)
    parser.add_argument("--journal", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pause", type=float, default=0.4, help="seconds between one's wishes")
    parser.add_argument("--idle", action="store_true", help="keep the vigil, ask for nothing")
    logs.set_up("WARNING", "text")
    return asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    sys.exit(main())
