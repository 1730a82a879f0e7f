"""A server, the real library as its client, and somebody who has pressed Start."""

from collections.abc import AsyncIterator

import pytest_asyncio
from telegram import (
    Bot,
)

from tests.support.telegram.library import client
from tests.support.telegram.phone import Phone
from tests.support.telegram.stand_in import TelegramStandIn


@pytest_asyncio.fixture
async def server() -> AsyncIterator[TelegramStandIn]:
    async with TelegramStandIn() as server:
        yield server


@pytest_asyncio.fixture
async def bot(server, monkeypatch) -> AsyncIterator[Bot]:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # else the library warns of its own 429
    async with client(server) as bot:
        yield bot


@pytest_asyncio.fixture
async def ana(server) -> Phone:
    phone = server.user(7, "Ana", "pt-br")
    await phone.starts()
    return phone
