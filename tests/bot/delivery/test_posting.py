"""What is worth saying only now: once, to him alone, when his platform can be reached."""

import asyncio
import logging
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.delivery.chat_queues import PER_CHAT_MAX
from bot.delivery.courier import Gone, Priority, TryLater
from bot.delivery.gate import Gate
from bot.delivery.posting import QUEUE_MAX, Posting
from bot.delivery.way import GatedWay
from bot.text import load_catalog
from bot.views import LinkedView
from engine.clock import SystemClock
from engine.ports import StoreUnavailable
from tests.bot.delivery.scene import QUICK, ListCourier

JOINED = LinkedView(channel="discord:2", name="Ana", is_here=False)
COURIER: Any = object()
GONE: Any = Gone("blocked")
ANA = SimpleNamespace(locale="pt-BR", zone="America/Sao_Paulo")


class Books:
    """People by channel; `troubles` are raised first."""

    def __init__(self) -> None:
        self.troubles: list[Exception] = []

    async def person(self, platform: str, person_id: str):
        if self.troubles:
            raise self.troubles.pop(0)
        return ANA if (platform, person_id) == ("telegram", "1") else None


class Way:
    """Notes what is sent; a courier that is an error raises it."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, Priority]] = []
        self.news = asyncio.Event()

    async def send_soon(self, courier, chat_id, message, priority) -> None:
        self.news.set()
        if isinstance(courier, Exception):
            raise courier
        self.sent.append((chat_id, message.lines[0], priority))

    async def got(self, count: int) -> list[str]:
        async with asyncio.timeout(5):
            while len(self.sent) < count:
                self.news.clear()
                await self.news.wait()
        return [line for _, line, _ in self.sent]


@asynccontextmanager
async def posting():
    books: Any = Books()
    way: Any = Way()
    post = Posting(books, way, load_catalog(), SystemClock())
    task = asyncio.create_task(post.run())
    try:
        yield post, books, way
    finally:
        task.cancel()
        await asyncio.wait({task})


async def test_a_view_is_said_in_his_language_and_a_strangers_in_english():
    async with posting() as (post, _, way):
        post.attach("telegram", COURIER)
        post.attach("discord", COURIER)
        post.post("telegram:1", JOINED)
        post.post("discord:9", JOINED)
        await way.got(2)
        assert {(to, priority) for to, _, priority in way.sent} == {
            ("1", Priority.ALERT),
            ("9", Priority.ALERT),
        }
        lines = {to: line for to, line, _ in way.sent}
        assert lines["1"] != lines["9"]


async def test_what_comes_while_a_platform_is_down_is_said_once_it_is_up_again():
    async with posting() as (post, _, way):
        post.attach("telegram", COURIER)
        post.post("telegram:1", JOINED)
        await way.got(1)
        post.attach("telegram", None)
        post.post("telegram:1", JOINED)
        for _ in range(5):
            await asyncio.sleep(0)
        assert len(way.sent) == 1
        post.attach("telegram", COURIER)
        await way.got(2)


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (StoreUnavailable("away"), "not posted: LinkedView: StoreUnavailable"),
        (KeyError("x"), "not posted, we are to blame: LinkedView"),
    ],
)
async def test_what_goes_wrong_with_one_holds_up_no_other(trouble, said, caplog):
    async with posting() as (post, books, way):
        books.troubles.append(trouble)
        post.attach("telegram", COURIER)
        post.post("telegram:1", JOINED)
        post.post("telegram:2", JOINED)
        await way.got(1)
        assert said in caplog.text
        assert way.sent[0][0] == "2"


async def test_a_chat_that_is_gone_gets_nothing_and_a_terminal_is_no_chat(caplog):
    async with posting() as (post, _, way):
        post.attach("telegram", GONE)
        post.post("telegram:1", JOINED)
        async with asyncio.timeout(5):
            await way.news.wait()
        post.post("terminal:ana", JOINED)
        await asyncio.sleep(0)
        assert "not posted: LinkedView: Gone" in caplog.text
        assert way.sent == []


async def test_a_chat_that_must_rest_holds_up_no_other_chat_and_keeps_its_order():
    clock, courier, books = SystemClock(), ListCourier("telegram"), Books()
    way = GatedWay({"telegram": Gate(QUICK, clock)}, clock)
    post = Posting(cast("Any", books), way, load_catalog(), clock)
    post.attach("telegram", courier)
    task = asyncio.create_task(post.run())
    courier.script["1"] = [TryLater(1.2)]
    for name in ("Bia", "Caio"):
        post.post("telegram:1", LinkedView(channel="discord:2", name=name, is_here=False))
    await asyncio.sleep(0.1)
    post.post("telegram:2", JOINED)
    assert await courier.told("2") < 0.8
    assert courier.texts("1") == []
    await courier.told("1", 2)
    first, second = (text for to, text, _ in courier.sent if to == "1")
    assert "Bia" in first
    assert "Caio" in second
    task.cancel()
    await asyncio.wait({task})


async def test_what_is_too_much_is_dropped_and_noted(caplog):
    nobody: Any = None
    post = Posting(nobody, nobody, load_catalog(), SystemClock())
    with caplog.at_level(logging.WARNING):
        for number in range(QUEUE_MAX):
            post.post(f"telegram:{number}", JOINED)
        assert caplog.text == ""
        post.post("telegram:1", JOINED)
    assert "not posted, too much waits: LinkedView" in caplog.text


async def test_what_is_too_much_for_one_chat_leaves_room_for_the_others(caplog):
    nobody: Any = None
    post = Posting(nobody, nobody, load_catalog(), SystemClock())
    for _ in range(PER_CHAT_MAX + 1):
        post.post("telegram:1", JOINED)
    assert caplog.text.count("not posted, too much waits") == 1
    post.post("telegram:2", JOINED)
    assert caplog.text.count("not posted, too much waits") == 1
