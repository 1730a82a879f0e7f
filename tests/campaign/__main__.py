"""`make campaign`: what takes too long for `make test`, in large numbers, with the figures printed.

Exit code 1 on any difference. `make campaign ARGS="kills --count 20"`, `TAPES=folder` for tapes.
"""

import argparse
import asyncio
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path

from tests.campaign.chats import chats
from tests.campaign.database_faults import campaign as database_campaign
from tests.campaign.forgeries import campaign as forgery_campaign
from tests.campaign.kills import kills
from tests.campaign.oracle import Verdict
from tests.campaign.overlaps import overlaps
from tests.campaign.planted_bugs import planted
from tests.campaign.scene import keep, open_scene, own_database
from tests.campaign.tapes import tapes

Campaign = Callable[[argparse.Namespace], Coroutine[None, None, bool]]


async def _kills(options: argparse.Namespace) -> bool:
    async with own_database() as (dsn, folder), open_scene(dsn, folder, options.seed) as scene:
        found = await kills(scene, options.count or 200)
        return _tell(found.say(), found.verdict, folder)


async def _overlaps(options: argparse.Namespace) -> bool:
    async with own_database() as (dsn, folder), open_scene(dsn, folder, options.seed) as scene:
        found = await overlaps(scene, options.count or 50)
        return _tell(found.say(), found.verdict, folder)


async def _tapes(options: argparse.Namespace) -> bool:
    return await tapes(options.tapes, options.seed, options.count or 500)


async def _database(options: argparse.Namespace) -> bool:
    figures = await database_campaign(options.count or 20)
    return not any(figure["lost_or_doubled"] for figure in figures.values())


async def _planted(options: argparse.Namespace) -> bool:
    return await planted(options.count)


async def _chats(options: argparse.Namespace) -> bool:
    async with own_database() as (dsn, folder):
        walked = await chats(dsn, folder, options.specs)
        print(walked.say())
        return walked.is_clean


CAMPAIGNS: dict[str, Campaign] = {
    "kills": _kills,
    "overlaps": _overlaps,
    "tapes": _tapes,
    "database": _database,
    "planted": _planted,
    "chats": _chats,
    "forgeries": forgery_campaign,
}


def _tell(figures: str, verdict: Verdict, folder: Path) -> bool:
    print(figures)
    if not verdict.is_clean:
        (keep(folder) / "differences.txt").write_text("\n".join(verdict.differences))
    return verdict.is_clean


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.campaign", description=__doc__)
    names = ", ".join(CAMPAIGNS)
    parser.add_argument("names", nargs="*", help=f"of {names}; all when none is named")
    parser.add_argument("--tapes", type=Path, help="a folder of recorded tapes (*.jsonl.gz)")
    parser.add_argument("--specs", type=Path, help="a folder with both platforms' descriptions")
    parser.add_argument("--count", type=int, help="how many kills, trades, bugs, attempts")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if unknown := set(options.names) - CAMPAIGNS.keys():
        parser.error(f"no campaign {', '.join(sorted(unknown))}; there are {names}")
    failed = []
    for name in options.names or CAMPAIGNS:
        print(f"== {name} (seed {options.seed})", flush=True)
        if not asyncio.run(CAMPAIGNS[name](options)):
            failed.append(name)
    print(f"failed: {', '.join(failed)}" if failed else "everything held")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
