"""Fails when a room is covered below its floor: `python -m tests.support.coverage_gate`.

Lines and branches count together. The decision core has no excuse: each of its files is whole.
"""

import json
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import coverage

COUNTED = ("num_statements", "num_branches", "covered_lines", "covered_branches")
FLOORS = {"engine/core": 100.0, "engine": 90.0, "db": 90.0, "bot": 90.0}


def room_of(file: str) -> str | None:
    """Return the room whose floor holds for `file`, the narrowest first."""
    path = file.replace("\\", "/")
    return next((room for room in FLOORS if path.startswith(f"{room}/")), None)


def percent(summary: Mapping[str, int]) -> float:
    """Return how much of the lines and branches ran, 100 where there are none."""
    every = summary["num_statements"] + summary.get("num_branches", 0)
    ran = summary["covered_lines"] + summary.get("covered_branches", 0)
    return 100.0 * ran / every if every else 100.0


def shortfalls(files: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return one line per room below its floor, with its weakest files; empty when all hold."""
    rooms: dict[str, dict[str, Mapping[str, int]]] = defaultdict(dict)
    for file, told in files.items():
        room = room_of(file)
        if room:
            rooms[room][file] = told["summary"]
    said = [f"{room}: nothing was measured" for room in FLOORS if room not in rooms]
    for room, summaries in rooms.items():
        total = {key: sum(summary.get(key, 0) for summary in summaries.values()) for key in COUNTED}
        if percent(total) < FLOORS[room]:
            weakest = sorted(summaries, key=lambda file: percent(summaries[file]))[:8]
            shown = ", ".join(f"{file} {percent(summaries[file]):.1f}" for file in weakest)
            said.append(f"{room}: {percent(total):.2f} % of {FLOORS[room]:.0f} %: {shown}")
    return said


def main() -> int:
    """Read the combined data file and print what falls short."""
    measured = coverage.Coverage()
    measured.load()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "coverage.json"
        measured.json_report(outfile=str(report))
        files = json.loads(report.read_text())["files"]
    said = shortfalls(files)
    for line in said:
        sys.stderr.write(f"coverage too low: {line}\n")
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main())
