"""The guards themselves: what they stop, and what they let pass."""

import asyncio
import socket
import time
import urllib.error
import urllib.request

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.guards import BlockedSocket, is_local


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.9.9.9", "::1", None, ""])
def test_loopback_is_local(host):
    assert is_local(host)


@pytest.mark.parametrize("host", ["example.org", "8.8.8.8", "10.0.0.1", "::2", "0.0.0.0"])
def test_everything_else_is_not(host):
    assert not is_local(host)


@pytest.fixture
def attempts(_socket_attempts):
    yield _socket_attempts
    _socket_attempts.clear()


def test_a_connection_beyond_loopback_is_refused_and_noted(attempts):
    with socket.socket() as sock, pytest.raises(BlockedSocket):
        sock.connect(("192.0.2.1", 80))
    assert attempts == ["192.0.2.1"]


def test_a_name_beyond_loopback_is_not_even_resolved(attempts):
    with pytest.raises(BlockedSocket):
        urllib.request.urlopen("http://example.org/", timeout=1)
    assert attempts == ["example.org"]


async def test_asyncio_is_refused_too(attempts):
    with pytest.raises(BlockedSocket):
        await asyncio.open_connection("192.0.2.1", 80)


async def test_a_loopback_server_can_be_reached():
    async def serve(_reader, writer):
        writer.write(b"hello")
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        assert await reader.read() == b"hello"
        writer.close()
        await writer.wait_closed()


def test_a_task_left_behind_fails_its_test(pytester_run):
    assert pytester_run(
        "import asyncio\n"
        "from tests.support.guards import _no_task_left as _no_task_left\n"
        "kept = []\n"
        "async def test_leaves_a_task():\n"
        "    kept.append(asyncio.create_task(asyncio.sleep(60), name='orphan'))\n"
    ).endswith("1 passed, 1 error")


@pytest.fixture
def pytester_run(tmp_path):
    """Run one test file in a pytest of its own and return how it ended."""
    import re
    import subprocess
    import sys
    from pathlib import Path

    def run(source):
        (tmp_path / "test_it.py").write_text(source)
        root = Path(__file__).parents[2]
        config = [
            "-p",
            "no:cacheprovider",
            "--rootdir",
            str(root),
            "-c",
            str(root / "pyproject.toml"),
        ]
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "pytest",
                "-q",
                "-p",
                "no:cacheprovider",
                *config,
                str(tmp_path),
            ],
            cwd=root,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        last = done.stdout.strip().splitlines()[-1]
        return re.sub(r" in [\d.]+s.*", "", last).strip()

    return run


def test_local_time_is_far_from_utc():
    assert time.localtime(0).tm_hour == 5


@given(st.integers())
def test_properties_work_under_the_guards(number):
    assert number + 0 == number
