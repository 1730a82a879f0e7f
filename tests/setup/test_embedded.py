"""The embedded server on real folders: first and warm start, kills, locks, majors and users."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import asyncpg
import pytest

from db.embedded import EmbeddedPostgres, state_folder
from db.embedded.binaries import Binaries, available, choose
from db.embedded.errors import (
    FolderBusy,
    FolderNotOurs,
    FolderUnreachable,
    NoBinaries,
    StartFailed,
    WrongMajor,
)
from db.embedded.folders import prepare_root, private_folder, server_user, socket_folder
from db.embedded.leftovers import clear, is_server_of
from tests.support.postgres import reachable_folder

PROJECT = Path(__file__).parents[2]
IS_ROOT = os.geteuid() == 0
HOLDER = """
import sys, time
from pathlib import Path
from db.embedded import EmbeddedPostgres
server = EmbeddedPostgres(Path(sys.argv[1]))
print(server.start(), server.pid, flush=True)
sys.stdin.read()
server.stop()
"""


@pytest.fixture
def root():
    folder = reachable_folder()
    yield folder / "state"
    shutil.rmtree(folder)


@contextlib.contextmanager
def holder(root, **options):
    """Another process that serves `root` until its stdin ends."""
    child = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=PROJECT,
        **options,
    )
    with child:
        dsn, pid = child.stdout.readline().split()
        yield child, dsn, int(pid)
        child.stdin.close()
        child.wait(30)


async def ask(dsn, statement):
    connection = await asyncpg.connect(dsn, timeout=10)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


def until(condition, seconds=20):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "not in time"
        time.sleep(0.02)


async def test_what_is_stored_is_there_after_a_stop_and_a_warm_start(root):
    with EmbeddedPostgres(root) as server:
        dsn = f"postgresql://postgres@/postgres?host={root}/run"
        await ask(dsn, "CREATE TABLE kept AS SELECT 42 AS answer")
        assert server.pid
        assert await ask(dsn, "SHOW timezone") == "UTC"
    assert not (root / "data" / "postmaster.pid").exists()
    with EmbeddedPostgres(root):
        assert await ask(dsn, "SELECT answer FROM kept") == 42


async def test_a_second_holder_is_refused_at_once_and_told_who_holds_it(root):
    with (
        holder(root) as (child, dsn, _),
        pytest.raises(FolderBusy, match=rf"folder_busy .* pid={child.pid}"),
    ):
        EmbeddedPostgres(root).start()
    with EmbeddedPostgres(root) as server:
        assert server.pid
        assert await ask(dsn, "SELECT 1") == 1


async def test_after_kill_9_of_the_bot_the_next_start_has_all_that_was_committed(root):
    with holder(root) as (child, dsn, pid):
        await ask(dsn, "CREATE TABLE kept AS SELECT 7 AS answer")
        child.kill()
        child.wait()
        with EmbeddedPostgres(root) as server:
            assert server.pid != pid
            assert await ask(dsn, "SELECT answer FROM kept") == 7
        assert not is_server_of(pid, root / "data")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's end")
def test_the_server_ends_with_a_killed_bot(root):
    with holder(root) as (child, _, pid):
        assert is_server_of(pid, root / "data")
        child.kill()
        until(lambda: not is_server_of(pid, root / "data"))


async def test_after_kill_9_of_the_server_the_next_start_recovers(root):
    with EmbeddedPostgres(root) as server:
        dsn = f"postgresql://postgres@/postgres?host={root}/run"
        await ask(dsn, "CREATE TABLE kept AS SELECT 9 AS answer")
        os.kill(server.pid or 0, signal.SIGKILL)
        server.stop()
        assert (root / "data" / "postmaster.pid").exists()
        assert server.start() == dsn
        assert await ask(dsn, "SELECT answer FROM kept") == 9


async def test_a_server_that_is_killed_under_us_is_revived_with_all_that_was_committed(root):
    with EmbeddedPostgres(root) as server:
        dsn = f"postgresql://postgres@/postgres?host={root}/run"
        await ask(dsn, "CREATE TABLE kept AS SELECT 11 AS answer")
        assert not server.revive()
        os.kill(server.pid or 0, signal.SIGKILL)
        answer, end = None, time.monotonic() + 20
        while answer is None and time.monotonic() < end:
            server.revive()
            with contextlib.suppress(OSError, asyncpg.PostgresError):
                answer = await ask(dsn, "SELECT answer FROM kept")
        assert answer == 11


async def test_a_reused_pid_in_the_lock_files_blocks_nothing(root):
    with EmbeddedPostgres(root) as server:
        dsn = f"postgresql://postgres@/postgres?host={root}/run"
        os.kill(server.pid or 0, signal.SIGKILL)
        server.stop()
        pid_file = root / "data" / "postmaster.pid"
        stale = pid_file.read_text().partition("\n")
        with subprocess.Popen(["sleep", "60"], user=server_user().uid) as other:
            pid_file.write_text(f"{other.pid}\n{stale[2]}")
            (root / "run" / ".s.PGSQL.5432.lock").write_text(f"{other.pid}\n")
            server.start()
            assert other.poll() is None
            other.kill()
        assert await ask(dsn, "SELECT 1") == 1


def test_a_server_that_outlived_its_bot_is_stopped_in_order(root):
    with holder(root) as (child, _, pid):
        clear(root / "data", root / "run")
        assert not is_server_of(pid, root / "data")
        assert child.poll() is None


def test_a_pid_file_cut_off_while_written_is_removed(tmp_path):
    pid_file = tmp_path / "postmaster.pid"
    pid_file.write_text("")
    clear(tmp_path, tmp_path)
    assert not pid_file.exists()


def test_a_half_made_cluster_is_never_used(root):
    half = root / "data.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("cut off")
    with EmbeddedPostgres(root, durable=False) as server:
        assert server.pid
    assert sorted(found.name for found in root.glob("data*")) == ["data"]


def test_a_kill_in_the_midst_of_the_first_start_does_no_harm(root):
    with subprocess.Popen([sys.executable, "-c", HOLDER, str(root)], cwd=PROJECT) as child:
        until(lambda: list(root.glob("data.new*/base")))
        child.kill()
        child.wait()
        with EmbeddedPostgres(root) as server:
            assert server.pid
            assert (root / "data" / "PG_VERSION").exists()


def test_data_of_another_major_is_refused_by_name(root):
    with EmbeddedPostgres(root, durable=False):
        pass
    (root / "data" / "PG_VERSION").write_text("14\n")
    with pytest.raises(WrongMajor, match=r"wrong_major folder=.* found=14 available=.*18"):
        EmbeddedPostgres(root).start()


def test_a_server_that_cannot_start_says_its_last_words(root):
    with EmbeddedPostgres(root, durable=False):
        pass
    (root / "data" / "global" / "pg_control").write_bytes(b"")
    with pytest.raises(StartFailed) as caught:
        EmbeddedPostgres(root).start()
    assert caught.value.placeholders["reason"] == "ended"
    assert "pg_control" in str(caught.value)


def test_a_deep_folder_gets_a_short_socket_elsewhere(root):
    deep = root / ("d" * 100)
    with EmbeddedPostgres(deep, durable=False) as server:
        assert server.pid
        sockets = socket_folder(deep, server_user())
        assert (sockets / ".s.PGSQL.5432").exists()
        assert len(str(sockets)) < 80
    shutil.rmtree(sockets)


def test_installed_programs_serve_where_none_are_bundled(tmp_path):
    installed = [found for found in available() if found.bundle is None and found.major >= 15]
    if not installed:
        pytest.skip("no Postgres is installed here")
    assert choose(tmp_path, iter(installed)) is installed[0]


@pytest.mark.parametrize("stamp", [None, "18"])
def test_no_programs_at_all_is_one_clear_error(tmp_path, stamp):
    if stamp:
        (tmp_path / "PG_VERSION").write_text(stamp)
    broken = Binaries(tmp_path)
    with pytest.raises(NoBinaries):
        choose(tmp_path, iter([broken]))


def test_the_state_folder_follows_the_environment(monkeypatch):
    assert state_folder({"VIGILANTE_HOME": "/srv/desk"}) == Path("/srv/desk")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert state_folder({}) == Path("/var/lib/vigilante")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(sys, "platform", "linux")
    assert state_folder({"XDG_STATE_HOME": "/state"}) == Path("/state/vigilante")
    assert state_folder({"XDG_STATE_HOME": "no"}) == Path.home() / ".local/state/vigilante"
    monkeypatch.setattr(sys, "platform", "darwin")
    assert state_folder({}) == Path.home() / "Library/Application Support/vigilante"


@pytest.mark.skipif(not IS_ROOT, reason="only root serves as another user")
def test_root_is_told_when_the_server_could_not_enter(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    before = closed.stat().st_mode
    with pytest.raises(FolderUnreachable, match="user=nobody"):
        EmbeddedPostgres(closed / "state").start()
    assert closed.stat().st_mode == before


@pytest.mark.skipif(not IS_ROOT, reason="only root can give a folder away")
def test_a_folder_of_another_user_is_refused(root):
    root.mkdir()
    (root / "data").mkdir()
    os.chown(root / "data", 12345, 12345)
    with pytest.raises(FolderNotOurs, match="owner=12345"):
        prepare_root(root, server_user())
    with pytest.raises(FolderNotOurs):
        private_folder(root / "data", server_user())


def is_open_to_all(path):
    """Tell whether any user may reach `path` and run or enter it."""
    real = Path(path).resolve()
    return real.exists() and all(step.stat().st_mode & 1 for step in (real, *real.parents))


@pytest.mark.skipif(not IS_ROOT, reason="only root can become a normal user")
async def test_a_normal_user_serves_his_own_folder(root):
    user = pwd.getpwnam("daemon").pw_uid
    pythons = [name for name in (sys.executable, "/usr/bin/python3") if is_open_to_all(name)]
    if not pythons or not is_open_to_all(next(available()).folder):
        pytest.skip("this Python or its packages are closed to normal users")
    root.mkdir()
    os.chown(root, user, user)
    become = f"os.setgroups([]); os.setgid({user}); os.setuid({user})"
    code = f"import os, db.embedded, sys\n{become}\nsys.executable = {pythons[0]!r}\n{HOLDER}"
    with subprocess.Popen(
        [sys.executable, "-c", code, str(root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=PROJECT,
        env={**os.environ, "HOME": str(root)},
    ) as child:
        dsn, pid = child.stdout.readline().split()
        assert Path(f"/proc/{pid}").stat().st_uid == user
        assert root.stat().st_mode & 0o777 == 0o700
        assert await ask(dsn, "SELECT 1") == 1
        child.stdin.close()
