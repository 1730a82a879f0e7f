"""Bugs planted on purpose, two per guard: the suite must find every one of them.

Each is a small change of the text of one file, made in a copy of the tree; then the part of the
suite that ought to notice runs there. A control without any bug must pass first.
"""

import asyncio
import os
import re
import shutil
import sys
import tempfile
from asyncio.subprocess import PIPE, STDOUT
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
COPIED = ("bot", "db", "engine", "tests", "pyproject.toml")
RUN_SECONDS_MAX = 600.0
TESTS_FAILED = 1
"""pytest's exit code; others mean that it could not run the tests at all."""

KILLS, OVERLAPS = "tests/campaign/test_kills.py", "tests/campaign/test_overlaps.py"
TAPES = "tests/campaign/test_tapes.py"
STORE, CORE, CRASHES = (
    "tests/db/test_store_contract.py",
    "tests/core",
    "tests/properties/test_crashes.py",
)


@dataclass(frozen=True)
class Bug:
    """One wrong line: `right` stands exactly once in the file and becomes `wrong`."""

    guard: str
    says: str
    file: str
    right: str
    wrong: str
    tests: tuple[str, ...]

    def plant(self, tree: Path) -> None:
        """Make the change in a copy of the tree."""
        path = tree / self.file
        text = path.read_text()
        assert text.count(self.right) == 1, f"{self.file} has changed: {self.says!r} has no place"
        path.write_text(text.replace(self.right, self.wrong))


BUGS = (
    Bug(
        "money",
        "of two exits of one account in one wave only the larger is paid",
        "db/store/exits.py",
        "sum(credit) AS credit",
        "max(credit) AS credit",
        (STORE, KILLS),
    ),
    Bug(
        "money",
        "an exit's fee is rounded down",
        "engine/core/fill.py",
        "fee = money_up(product(point.price, quantity, rate, trade.fee_rate))",
        "fee = money_down(product(point.price, quantity, rate, trade.fee_rate))",
        (TAPES,),
    ),
    Bug(
        "close",
        "a close is booked whatever the trade's status and revision",
        "db/store/exits.py",
        "AND t.status = 'open' AND t.revision = i.revision - 1",
        "",
        (STORE, OVERLAPS),
    ),
    Bug(
        "close",
        "a stop waits until the price is through it",
        "engine/core/decide.py",
        "(price > level if trade.is_long else price < level)",
        "(price >= level if trade.is_long else price <= level)",
        (TAPES, CORE),
    ),
    Bug(
        "partial",
        "a partial close frees the whole reserve",
        "engine/core/fill.py",
        "released = trade.reserved if is_last else pro_rata("
        "trade.reserved, quantity, trade.quantity)",
        "released = trade.reserved",
        (KILLS,),
    ),
    Bug(
        "partial",
        "a partial close leaves the whole entry fee in the trade's row",
        "db/store/exits.py",
        "entry_fee = i.entry_fee, stop_price",
        "stop_price",
        (KILLS,),
    ),
    Bug(
        "checkpoint",
        "a place on the tape overtakes what its print still fires",
        "engine/core/vigil/symbol_state.py",
        "return self.before or self.now()",
        "return self.now()",
        (CRASHES, CORE),
    ),
    Bug(
        "checkpoint",
        "a start leaves out the first prints that it missed",
        "engine/recovery.py",
        "    for tick in ticks:",
        "    for tick in ticks[12:]:",
        (KILLS,),
    ),
    Bug(
        "lease",
        "a batch is stored whoever holds the lease",
        "db/store/store.py",
        "if await connection.fetchval(_LEASE, self._shard, epoch) is None:",
        "if await connection.fetchval(_LEASE, self._shard, epoch) == 0:",
        (OVERLAPS, "tests/db/test_fencing.py", STORE),
    ),
    Bug(
        "lease",
        "taking the lease over does not raise its epoch",
        "db/lease.py",
        "epoch = lease.epoch + 1",
        "epoch = lease.epoch",
        (OVERLAPS, "tests/db/test_lease.py"),
    ),
    Bug(
        "edit order",
        "an edit is stored whatever revision the trade has",
        "db/store/orders.py",
        "AND t.status = 'open' AND t.revision = i.revision - 1",
        "",
        (STORE,),
    ),
    Bug(
        "edit order",
        "an edit takes part in prints from before it was asked for",
        "engine/core/decide.py",
        "after_id=max(trade.after_id, after_id),\n        stop_price=stop",
        "after_id=trade.after_id,\n        stop_price=stop",
        (KILLS,),
    ),
    Bug(
        "idempotency",
        "a key that was used before is not looked at",
        "db/store/keys.py",
        "    if rest:\n",
        "    if not asked:\n",
        (KILLS,),
    ),
    Bug(
        "idempotency",
        "another command with a used key is taken for our own",
        "db/store/keys.py",
        "found = claims.own if _cause(row) == one.cause else claims.taken",
        "found = claims.own",
        (STORE,),
    ),
)


async def planted(count: int | None = None) -> bool:
    """Plant the bugs one by one; print which test finds each. False when one is not found."""
    bugs = BUGS[:count]
    with tempfile.TemporaryDirectory(prefix="vigilante-planted-") as folder:
        tree = Path(folder)
        tree.chmod(0o755)
        _copy(tree, COPIED)
        every = sorted({name for bug in bugs for name in bug.tests})
        code, failed = await _run(tree, every)
        if code:
            print(f"without any bug: {failed or f'pytest ended with {code}'}")
            return False
        is_all_found = True
        for bug in bugs:
            bug.plant(tree)
            code, failed = await _run(tree, bug.tests)
            _copy(tree, (bug.file,))
            is_found = code == TESTS_FAILED and failed is not None
            is_all_found = is_all_found and is_found
            found_by = f"found by {failed}" if is_found else f"NOT FOUND (pytest {code})"
            print(f"{bug.guard:12} | {bug.says:66} | {found_by}", flush=True)
    return is_all_found


def _copy(tree: Path, names: tuple[str, ...]) -> None:
    for name in names:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, tree / name)


async def _run(tree: Path, tests: tuple[str, ...] | list[str]) -> tuple[int, str | None]:
    """Run tests until the first failure; return pytest's exit code and the test that failed."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests),
        stdout=PIPE,
        stderr=STDOUT,
        cwd=tree,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    try:
        async with asyncio.timeout(RUN_SECONDS_MAX):
            said, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    text = said.decode(errors="replace")
    found = re.search(r"^(?:FAILED|ERROR) (tests/.+?)(?: - .*)?$", text, re.MULTILINE)
    return process.returncode or 0, found and found.group(1)
