"""Guards over every test: no socket beyond loopback, no task left behind, no local time."""

import asyncio
import os
import socket
import time
from collections.abc import AsyncIterator, Iterator
from ipaddress import ip_address
from typing import Any

import pytest

_OURS = (
    *("ADMINS", "ALLOWED_CHATS", "DATABASE_URL", "DEFAULT_LOCALE", "DYNO", "FEE_RATE"),
    *("BINANCE_FILES_URL", "BINANCE_REST_URL", "BINANCE_STREAM_URL", "DASK_SCHEDULER"),
    *("DISCORD_API_URL", "DISCORD_GATEWAY_URL", "DISCORD_TOKEN", "LOG_FORMAT", "LOG_LEVEL"),
    *("MAIL_FROM", "PUBLIC_URL", "SMTP_URL", "STARTING_BALANCE", "TELEGRAM_API_URL"),
    *("TELEGRAM_TOKEN", "VIGILANTE_HOME"),
)
_PROXIES = ("ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY", "all_proxy", "https_proxy", "http_proxy")


class BlockedSocket(RuntimeError):
    """A test tried to reach beyond loopback."""


def is_local(host: object) -> bool:
    """Tell whether a host, an address or a unix path stays on this machine."""
    if host in (None, "", "localhost", b"localhost"):
        return True
    text = host.decode() if isinstance(host, bytes) else str(host)
    try:
        return ip_address(text.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _refuse_beyond_loopback(patch: pytest.MonkeyPatch, attempts: list[object]) -> None:
    def check(host: object) -> None:
        if not is_local(host):
            attempts.append(host)
            raise BlockedSocket(host)

    def guarded(name: str) -> Any:
        original = getattr(socket.socket, name)

        def call(sock: socket.socket, *args: Any) -> Any:
            address = args[-1]
            if sock.family in (socket.AF_INET, socket.AF_INET6) and isinstance(address, tuple):
                check(address[0])
            return original(sock, *args)

        return call

    resolve = socket.getaddrinfo

    def getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        check(host)
        return resolve(host, *args, **kwargs)

    for name in ("connect", "connect_ex", "sendto"):
        patch.setattr(socket.socket, name, guarded(name))
    patch.setattr(socket, "getaddrinfo", getaddrinfo)


@pytest.fixture(scope="session")
def _socket_attempts() -> Iterator[list[object]]:
    attempts: list[object] = []
    with pytest.MonkeyPatch.context() as patch:
        _refuse_beyond_loopback(patch, attempts)
        yield attempts


@pytest.fixture(scope="session", autouse=True)
def _plain_environment() -> Iterator[None]:
    """Take away the machine's own settings, and put local time far from UTC."""
    with pytest.MonkeyPatch.context() as patch:
        for name in (*_OURS, *_PROXIES):
            patch.delenv(name, raising=False)
        patch.setenv("TZ", "Asia/Kathmandu")
        time.tzset()
        yield
    os.environ.setdefault("TZ", "UTC")
    time.tzset()


@pytest.fixture(autouse=True)
def _only_loopback(_socket_attempts: list[object]) -> Iterator[None]:
    """Fail the test that tried to leave loopback, even when its code swallowed the refusal."""
    _socket_attempts.clear()
    yield
    assert not _socket_attempts, f"sockets beyond loopback: {_socket_attempts}"


@pytest.fixture(autouse=True)
async def _no_task_left() -> AsyncIterator[None]:
    """Fail the test that leaves a task running."""
    before = asyncio.all_tasks()
    yield
    for _ in range(5):
        await asyncio.sleep(0)
    left = asyncio.all_tasks() - before - {asyncio.current_task()}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
    assert not left, f"tasks left behind: {[task.get_name() for task in left]}"
