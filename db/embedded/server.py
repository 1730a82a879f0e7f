"""Starts and stops one Postgres server on one folder, reached through a unix socket only.

Never shares a folder between two processes and never leaves a half-made cluster behind.
"""

import contextlib
import fcntl
import logging
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from urllib.parse import quote

from db.embedded import child, leftovers
from db.embedded.binaries import Binaries, choose, copy_bundle
from db.embedded.errors import FolderBusy, StartFailed
from db.embedded.folders import prepare_root, private_folder, server_user, socket_folder

# Crash recovery of a large log takes minutes on a slow disk; giving up would only prolong it.
START_SECONDS_MAX = 900.0
STOP_SECONDS_MAX = 30.0
_POLL_SECONDS = 0.01
_TELL_EVERY_SECONDS = 5.0
_ORPHAN_SECONDS_MAX = 20.0
_LOG_BYTES_MAX = 8_000_000
_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "shared_buffers": "64MB",
    "max_connections": "60",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
_CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}

_log = logging.getLogger(__name__)


class EmbeddedPostgres:
    """One server on the folder `root`; `durable=False` gives up crash safety for speed (tests).

    Start it from the main thread: Linux ends the server when the starting thread ends.
    """

    def __init__(self, root: Path, *, durable: bool = True) -> None:
        self._root = root.absolute()
        self._data = self._root / "data"
        self._durable = durable
        self._user = server_user()
        self._lock: IO[str] | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._command: list[str] = []
        self._sockets = self._root

    def __enter__(self) -> Self:
        """Start the server."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the server."""
        self.stop()

    def start(self) -> str:
        """Start the server and return a `postgresql://` address for asyncpg and tortoise.

        Blocks until the server takes connections, however long its crash recovery takes (up to
        15 minutes). Raises the `EmbeddedError` tree.
        """
        assert threading.current_thread() is threading.main_thread()
        prepare_root(self._root, self._user)
        self._take_lock()
        try:
            binaries = choose(self._data)
            if self._user.is_other:
                binaries = copy_bundle(binaries, self._root)
            sockets = socket_folder(self._root, self._user)
            self._sockets = sockets
            leftovers.clear(self._data, sockets)
            if not self._data.exists():
                self._create_cluster(binaries)
            self._launch(binaries, sockets)
        except BaseException:
            self.stop()
            raise
        return f"postgresql://postgres@/postgres?host={quote(str(sockets), safe='/')}"

    def stop(self) -> None:
        """End the server and release the folder; harmless when it does not run."""
        process, self._process = self._process, None
        if process is not None:
            for kind in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
                with contextlib.suppress(ProcessLookupError, subprocess.TimeoutExpired):
                    process.send_signal(kind)
                    process.wait(STOP_SECONDS_MAX)
                    break
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def revive(self) -> bool:
        """Start a server that ended by itself again, without waiting until it takes connections.

        To be asked every now and then, from the main thread; returns whether it had ended.
        """
        assert threading.current_thread() is threading.main_thread()
        if self._process is None or self._process.poll() is None:
            return False
        _log.warning("embedded Postgres ended (%s); starting it again", self._process.returncode)
        leftovers.clear(self._data, self._sockets)
        with self._open_log() as log:
            self._process = self._spawn(self._command, log)
        return True

    @property
    def pid(self) -> int | None:
        """The server's process id while it runs."""
        return self._process.pid if self._process else None

    def _take_lock(self) -> None:
        lock = (self._root / "lock").open("a+")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            holder = lock.read().strip()
            lock.close()
            raise FolderBusy(folder=str(self._root), pid=holder or "?") from error
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        self._lock = lock

    def _create_cluster(self, binaries: Binaries) -> None:
        """Make the cluster beside its place and rename it, so that no half of one is ever used.

        Its name is new each time: a killed bot's `initdb` may still be clearing up its own.
        """
        for half in self._root.glob("data.new*"):
            shutil.rmtree(half, ignore_errors=True)
        new = private_folder(self._root / f"data.new-{os.getpid()}", self._user)
        words = ["-D", str(new), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C"]
        if not self._durable:
            words.append("--no-sync")
        with self._open_log() as log:
            process = self._spawn([str(binaries.folder / "initdb"), *words], log)
            if process.wait(START_SECONDS_MAX) != 0:
                raise StartFailed(reason="ended", log=self._log_tail())
        new.rename(self._data)

    def _launch(self, binaries: Binaries, sockets: Path) -> None:
        settings = _SETTINGS | ({} if self._durable else _CARELESS)
        quoted = str(sockets).replace('"', '""')
        settings["unix_socket_directories"] = f'"{quoted}"'
        command = [str(binaries.folder / "postgres"), "-D", str(self._data)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        self._command = command
        since = time.monotonic()
        while True:
            with self._open_log() as log:
                self._process = self._spawn(command, log)
            if self._is_ready_in_time(since):
                return
            # Children of a killed server need a moment to notice; Postgres refuses until then.
            tail = self._log_tail()
            waited = time.monotonic() - since
            if "shared memory block" not in tail or waited > _ORPHAN_SECONDS_MAX:
                raise StartFailed(reason="ended", log=tail)
            time.sleep(0.2)

    def _is_ready_in_time(self, since: float) -> bool:
        """Wait for the server; false when it ended instead. Raises `StartFailed` when too late."""
        assert self._process is not None
        told = time.monotonic()
        while self._process.poll() is None:
            if self._is_ready():
                return True
            now = time.monotonic()
            if now - since > START_SECONDS_MAX:
                raise StartFailed(reason="timeout", log=self._log_tail())
            if now - told > _TELL_EVERY_SECONDS:
                told = now
                _log.warning("embedded Postgres is recovering: %.0f s", now - since)
            time.sleep(_POLL_SECONDS)
        return False

    def _is_ready(self) -> bool:
        """Tell whether the eighth line of the pid file says so, and is of this very server."""
        assert self._process is not None
        try:
            lines = (self._data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return (
            len(lines) > 7
            and lines[0].strip() == str(self._process.pid)
            and lines[7].strip() == "ready"
        )

    def _spawn(self, command: list[str], log: IO[bytes]) -> subprocess.Popen[bytes]:
        user = self._user
        ours = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        first = [sys.executable, "-I", "-S", str(Path(child.__file__)), str(os.getpid())]
        return subprocess.Popen(
            [*first, str(user.uid), str(user.gid), *command],
            cwd=self._root,
            env={**ours, "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C reaches the bot first, which then stops us in order
        )

    def _open_log(self) -> IO[bytes]:
        path = self._root / "postgres.log"
        if path.exists() and path.stat().st_size > _LOG_BYTES_MAX:
            path.replace(path.with_suffix(".log.1"))
        return path.open("ab")

    def _log_tail(self) -> str:
        with (self._root / "postgres.log").open("rb") as log:
            log.seek(max(0, log.seek(0, os.SEEK_END) - 2000))
            return log.read().decode(errors="replace").strip()
