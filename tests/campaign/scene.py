"""Where a campaign takes place: a database, a market that never stops, and engines as processes."""

import asyncio
import json
import shutil
import sys
import tempfile
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from signal import SIGCONT, SIGKILL, SIGTERM
from typing import Any

import asyncpg
import httpx

from db.embedded import EmbeddedPostgres
from db.migrate import migrate
from engine.core.events import PriceTick
from tests.campaign.journal import Journal
from tests.campaign.market import LISTED
from tests.campaign.oracle import Judge, Verdict
from tests.campaign.records import read_records
from tests.support.house import holder

ROOT = Path(__file__).parents[2]
USERS = 20
SETTLE_SECONDS = 60.0
TERM_SECONDS_MAX = 5.0

_WAITING = "SELECT count(*) FROM orders WHERE status = 'waiting'"
_BEHIND = """
SELECT DISTINCT t.symbol, c.last_id FROM trades t
LEFT JOIN checkpoints c ON c.symbol = t.symbol WHERE t.status = 'open'
"""


@dataclass
class Worker:
    """One engine process. `armed_ms` is the machine's monotonic time, None until it is armed."""

    process: Process
    armed_ms: float | None = None
    armed: asyncio.Event = field(default_factory=asyncio.Event)
    caught_up: asyncio.Event = field(default_factory=asyncio.Event)

    async def read(self) -> None:
        """Take in what the process says until it ends."""
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            said = json.loads(line)
            if "armed_ms" in said:
                self.armed_ms = said["armed_ms"]
                self.armed.set()
            else:
                self.caught_up.set()

    async def wait_armed(self, seconds: float) -> bool:
        """Wait until it is armed; False when it is not in time, or has ended."""
        arming = asyncio.ensure_future(self.armed.wait())
        ending = asyncio.ensure_future(self.process.wait())
        done, rest = await asyncio.wait(
            {arming, ending}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED
        )
        for task in rest:
            task.cancel()
        return arming in done

    async def kill(self) -> float:
        """SIGKILL; return the moment in monotonic milliseconds."""
        assert self.process.returncode is None, "an engine ended by itself"
        self.process.send_signal(SIGKILL)
        moment = time.monotonic() * 1000
        await self.process.wait()
        return moment

    async def stop(self) -> float:
        """SIGTERM; return how many seconds it took to end in order."""
        assert self.process.returncode is None, "an engine ended by itself"
        since = time.monotonic()
        self.process.send_signal(SIGTERM)
        async with asyncio.timeout(30):
            code = await self.process.wait()
        assert code == 0, f"an engine ended with {code}"
        return time.monotonic() - since


@dataclass
class Scene:
    """One campaign's database, market and engines. `pause`: seconds between one's wishes."""

    dsn: str
    folder: Path
    urls: dict[str, str]
    rng: Random
    pause: float = 0.25
    workers: list[tuple[Worker, asyncio.Task[None]]] = field(default_factory=list)

    @property
    def journal_path(self) -> Path:
        """Where what people asked is noted."""
        return self.folder / "journal.jsonl"

    async def spawn(self, *, idle: bool = False) -> Worker:
        """Start an engine process; its complaints go to `engines.log`."""
        words = ["-m", "tests.campaign.worker", "--dsn", self.dsn, "--stream", self.urls["stream"]]
        words += ["--rest", self.urls["rest"], "--journal", str(self.journal_path)]
        words += ["--seed", str(self.rng.getrandbits(32)), "--pause", str(self.pause)]
        words += ["--idle"] if idle else []
        with (self.folder / "engines.log").open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                sys.executable, *words, stdout=PIPE, stderr=log, cwd=ROOT
            )
        worker = Worker(process)
        self.workers.append((worker, asyncio.create_task(worker.read())))
        return worker

    async def control(self, name: str, **given: Any) -> Any:
        """Ask the market's control door."""
        async with httpx.AsyncClient(base_url=self.urls["rest"], timeout=60) as client:
            answer = await client.post(f"/control/{name}", json=given)
        return answer.json()

    async def settle(self) -> None:
        """Let a last engine end what waits, stop the tape, and see the engine reach its end."""
        worker = await self.spawn(idle=True)
        assert await worker.wait_armed(SETTLE_SECONDS), "the last engine did not arm"
        async with asyncio.timeout(SETTLE_SECONDS):
            await worker.caught_up.wait()
        await self._until_no_order_waits()
        await self.control("pause")
        last_ids = (await self.control("state"))["last_ids"]
        await self._until_checkpoints(last_ids)
        assert await worker.stop() < TERM_SECONDS_MAX, "the last engine was slow to stop"

    async def judge(self) -> Verdict:
        """Compare everything that the database holds with the uninterrupted reference."""
        tapes = {
            symbol: [
                PriceTick(symbol, row["id"], row["price"], row["time_ms"])
                for row in await self.control("tape", symbol=symbol)
            ]
            for symbol in LISTED
        }
        journal = Journal(self.journal_path)
        try:
            return Judge(await read_records(self.dsn), tapes, LISTED, journal).judge()
        finally:
            journal.close()

    async def _until_no_order_waits(self) -> None:
        async with asyncio.timeout(SETTLE_SECONDS):
            while await self._ask(_WAITING) != [(0,)]:  # noqa: ASYNC110 - a table has no event
                await asyncio.sleep(0.2)

    async def _until_checkpoints(self, last_ids: dict[str, int]) -> None:
        async with asyncio.timeout(SETTLE_SECONDS):
            while set(await self._ask(_BEHIND)) - last_ids.items():  # noqa: ASYNC110 - the same
                await asyncio.sleep(0.2)

    async def _ask(self, statement: str) -> list[tuple]:
        connection = await asyncpg.connect(self.dsn, timeout=10)
        try:
            return [tuple(row) for row in await connection.fetch(statement, timeout=10)]
        finally:
            await connection.close(timeout=5)


@asynccontextmanager
async def open_scene(dsn: str, folder: Path, seed: int, users: int = USERS) -> AsyncIterator[Scene]:
    """Open accounts, start the market; in the end, end every process that was started."""
    for number in range(users):
        currency, amount = ("BRL", "500000") if number % 3 == 2 else ("USDT", "100000")
        await holder(dsn, currency, amount)
    words = ["-m", "tests.campaign.market", "--seed", str(seed)]
    market = await asyncio.create_subprocess_exec(sys.executable, *words, stdout=PIPE, cwd=ROOT)
    assert market.stdout is not None
    scene = Scene(dsn, folder, json.loads(await market.stdout.readline()), Random(seed))
    try:
        yield scene
    finally:
        processes = [market, *(worker.process for worker, _ in scene.workers)]
        for process in processes:
            with suppress(ProcessLookupError):
                process.send_signal(SIGCONT)
                process.send_signal(SIGKILL)
            await process.wait()
        await asyncio.gather(*(reading for _, reading in scene.workers))


@asynccontextmanager
async def own_database() -> AsyncIterator[tuple[str, Path]]:
    """Run a migrated Postgres of its own; yield its address and a folder for logs.

    It does without fsync: only engines are killed here, never the server or the machine, so what
    was committed is visible whether or not it has reached the disk.
    """
    folder = Path(tempfile.mkdtemp(prefix="vigilante-campaign-"))
    folder.chmod(0o755)  # the server's user enters it
    server = EmbeddedPostgres(folder, durable=False)
    try:
        dsn = server.start()
        await migrate(dsn)
        yield dsn, folder
    except BaseException:
        keep(folder)
        raise
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def keep(folder: Path) -> Path:
    """Copy what engines and people said to a folder that stays, and say where."""
    kept = Path(tempfile.mkdtemp(prefix="vigilante-differences-"))
    for path in (folder / "engines.log", folder / "journal.jsonl"):
        if path.exists():
            shutil.copy(path, kept)
    print(f"what the engines said is in {kept}", flush=True)
    return kept
