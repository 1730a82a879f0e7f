"""Clears what a killed process left in the data folder, so that the next start works.

Called only while our own lock on the folder is held: no other launcher can be at work.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

STOP_SECONDS = 60.0
_POLL_SECONDS = 0.05


def clear(data: Path, sockets: Path) -> None:
    """Stop a server that outlived its bot, and defuse lock files whose pid now means another."""
    pid_file = data / "postmaster.pid"
    pid = _pid_in(pid_file)
    if pid is not None:
        if is_server_of(pid, data):
            _stop(pid, data)
        elif _is_alive(pid):
            _defuse(pid_file)
    for name in (".s.PGSQL.5432", ".s.PGSQL.5432.lock"):
        (sockets / name).unlink(missing_ok=True)


def is_server_of(pid: int, data: Path) -> bool:
    """Tell whether process `pid` is a Postgres server that was started on `data`."""
    if sys.platform == "linux":
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except OSError:
            return False
        return words[0].endswith(b"postgres") and os.fsencode(data) in words
    told = subprocess.run(
        ["/bin/ps", "-ww", "-o", "command=", "-p", str(pid)],
        capture_output=True,
        text=True,
        timeout=10,
        check=False,
    )
    return "postgres" in told.stdout and str(data) in told.stdout


def _stop(pid: int, data: Path) -> None:
    for kind in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        until = time.monotonic() + STOP_SECONDS
        try:
            os.kill(pid, kind)
            while is_server_of(pid, data) and time.monotonic() < until:
                time.sleep(_POLL_SECONDS)
        except ProcessLookupError:
            return
        if not is_server_of(pid, data):
            return


def _defuse(pid_file: Path) -> None:
    """Write our own pid over a reused one.

    Postgres takes its parent's pid for stale and goes on, yet still reads the shared memory key
    below it, which tells it whether children of the dead server are at work.
    """
    lines = pid_file.read_text().splitlines(keepends=True)
    lines[0] = f"{os.getpid()}\n"
    with pid_file.open("r+") as file:
        file.write("".join(lines))
        file.truncate()


def _pid_in(pid_file: Path) -> int | None:
    try:
        first = pid_file.read_text().partition("\n")[0].strip()
    except FileNotFoundError:
        return None
    if not first.isdecimal():
        pid_file.unlink()  # cut off while being written: names no server
        return None
    return int(first)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
