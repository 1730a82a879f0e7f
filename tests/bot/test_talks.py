"""Who somebody is, where he talks, where the bot may stay, and what serves him."""

import asyncio
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from bot import chats, talks
from bot.chats import platforms, serve
from bot.conversation.said import Room
from bot.settings import PlatformId, Settings
from bot.talks import AllTalks, TalksParts, allowed_rooms, harmless
from bot.text import load_catalog
from bot.views import CaughtUp, ReceiptView

TELEGRAM = "123456789:" + "A" * 35
DISCORD = "M" * 24 + "." + "a" * 6 + "." + "b" * 27
HOST = PlatformId("telegram", "9")


def house(locale: str | None = None) -> AllTalks:
    doors: Any = SimpleNamespace(context=None)
    return AllTalks(TalksParts(doors, load_catalog(), frozenset({HOST}), locale))


@pytest.mark.parametrize(
    ("language", "default", "locale"),
    [
        ("pt-br", None, "pt-BR"),
        ("pt_PT", "en", "pt-BR"),
        ("en-GB", "pt-BR", "en"),
        ("de", "pt-BR", "pt-BR"),
        ("de", None, "en"),
        ("", None, "en"),
    ],
)
def test_a_persons_language_is_his_platforms_or_the_houses(language, default, locale):
    found = house(default).identity("telegram", "1", "Ana", language)
    assert (found.locale, found.channel, found.is_host) == (locale, "telegram:1", False)
    assert found.zone == {"en": "UTC", "pt-BR": "America/Sao_Paulo"}[locale]


def test_a_host_is_one_on_his_platform_alone():
    assert house().identity("telegram", "9", "Ana", "en").is_host
    assert not house().identity("discord", "9", "Ana", "en").is_host


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Ana", "Ana"),
        ("  Ana \n\t Maria ", "Ana Maria"),
        ("\u202eanA\u2066", "anA"),
        ("Zoe\u0301", "Zoé"),
        ("Z\u0300\u0301\u0302\u0303algo", "Zalgo"),
        ("Z\u0489\u20dd\u034f\u034f\u034f\u034fo", "Zo"),
        ("हिन्दु", "हिन्दु".replace("\u094d", "")),
        ("/reset he/him a / b", "\u2044reset he/him a / b"),
        ("a\u0000b\ufeffc", "abc"),
        ("x" * 40, "x" * 32),
        ("x" * 31 + " y", "x" * 31),
        ("\u200b", "Trader"),
        ("", "Trader"),
    ],
)
def test_a_name_can_do_nothing(name, shown):
    assert harmless(name) == shown


def test_who_does_not_speak_himself_has_no_name_that_could_replace_his():
    assert house().identity("telegram", "1", "", "").name == ""
    assert house().identity("telegram", "1", "\u200b", "").name == "Trader"


def test_a_person_finds_his_talk_again_in_each_room_of_his():
    all_talks = house()
    ana = all_talks.identity("telegram", "1", "Ana", "en")
    private, group = Room(id="1"), Room(id="-5", is_private=False)
    talk = all_talks.of(ana, private)
    assert all_talks.of(ana, private) is talk
    assert all_talks.of(ana, group) is not talk
    assert all_talks.of(ana, Room(id="-5", is_private=False, topic="2")) is not (
        all_talks.of(ana, group)
    )
    admin = all_talks.of(ana, Room(id="-5", is_private=False, is_admin=True))
    assert admin.room.is_admin
    assert not all_talks.of(ana, group).room.is_admin


def test_the_longest_unused_talk_is_forgotten_first(monkeypatch):
    monkeypatch.setattr(talks, "TALKS_MAX", 2)
    all_talks = house()
    ana = all_talks.identity("telegram", "1", "Ana", "en")
    first, second = (all_talks.of(ana, Room(id=each)) for each in "12")
    assert all_talks.of(ana, Room(id="1")) is first
    all_talks.of(ana, Room(id="3"))
    assert all_talks.of(ana, Room(id="1")) is first
    assert all_talks.of(ana, Room(id="2")) is not second


def test_the_bot_stays_where_it_is_let_and_everywhere_without_a_list():
    group = PlatformId("telegram", "-5")
    assert allowed_rooms("telegram", frozenset())("-7")
    assert allowed_rooms("telegram", frozenset({group}))("-5")
    assert not allowed_rooms("telegram", frozenset({group}))("-7")
    server = PlatformId("discord", "456")
    assert allowed_rooms("discord", frozenset({group}))("789")  # the list is Telegram's
    assert not allowed_rooms("discord", frozenset({group, server}))("789")
    assert not allowed_rooms("discord", frozenset({group, server}))("-5")


@pytest.mark.parametrize(
    ("environ", "served"),
    [
        ({}, ()),
        ({"TELEGRAM_TOKEN": TELEGRAM}, ("telegram",)),
        ({"DISCORD_TOKEN": DISCORD}, ("discord",)),
        ({"TELEGRAM_TOKEN": TELEGRAM, "DISCORD_TOKEN": DISCORD}, ("telegram", "discord")),
    ],
)
def test_every_platform_with_a_token_is_served(environ, served):
    settings = Settings.from_environ({**environ, "ADMINS": "telegram:9,discord:7"})
    assert platforms(settings) == served
    app: Any = SimpleNamespace(front=lambda name: name)
    assert tuple(chats._surfaces(app, settings)) == served


class App:
    """What serving needs of the application: when it is armed, what it found, what it posts."""

    def __init__(self, found: CaughtUp | None) -> None:
        self.posted: list[tuple[str, Any]] = []
        self.is_armed = True
        self.found = found
        self.engine = self
        self.waits = 0
        self.context = SimpleNamespace(desk=SimpleNamespace(facts=lambda: None))

    async def wait_armed(self, seconds: float) -> bool:
        await asyncio.sleep(0.002)  # its ten minutes
        self.waits -= 1
        return self.is_armed and self.waits <= 0

    def post(self, channel: str, view: Any) -> None:
        self.posted.append((channel, view))


FOUND = CaughtUp(since_ms=0, until_ms=42_000, prints=7, fills=1)


@pytest.mark.parametrize(
    ("found", "is_armed", "waits", "told"),
    [
        (FOUND, True, 1, ["telegram:9"]),
        (FOUND, True, 3, ["telegram:9"]),  # it stood by for half an hour
        (FOUND, False, 1, []),
        (None, True, 1, []),
    ],
)
async def test_hosts_get_a_receipt_of_what_a_start_has_found(
    found, is_armed, waits, told, monkeypatch
):
    app: Any = App(found)
    app.is_armed, app.waits = is_armed, waits
    monkeypatch.setattr(chats, "caught_up", lambda _: found)
    monkeypatch.setattr(chats, "_surfaces", lambda *_: {"telegram": ends})
    stop = asyncio.Event()
    serving = asyncio.create_task(serve(app, Settings.from_environ({"ADMINS": "telegram:9"}), stop))
    await asyncio.sleep(0.05)
    stop.set()
    await serving
    assert [channel for channel, _ in app.posted] == told
    assert all(view == ReceiptView(found=FOUND) for _, view in app.posted)


async def ends(stop: asyncio.Event) -> None:
    await stop.wait()


async def test_a_surface_that_breaks_is_noted_at_once_and_stops_no_other(monkeypatch, caplog):
    served: list[str] = []

    async def breaks(_: asyncio.Event) -> None:
        raise OSError("the token is 1:secret")

    async def serves(stop: asyncio.Event) -> None:
        await stop.wait()
        served.append("discord")

    monkeypatch.setattr(chats, "_surfaces", lambda *_: {"telegram": breaks, "discord": serves})
    monkeypatch.setattr(chats, "caught_up", lambda _: None)
    stop = asyncio.Event()
    app: Any = App(None)
    serving = asyncio.create_task(serve(app, Settings.from_environ({}), stop))
    await asyncio.sleep(0.01)
    assert "telegram is not served any more: OSError" in caplog.text
    assert "secret" not in caplog.text
    stop.set()
    await serving
    assert served == ["discord"]


async def test_a_surface_that_does_not_end_in_time_is_cut_off(monkeypatch):
    cut: list[str] = []

    async def lingers(_: asyncio.Event) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            cut.append("telegram")

    monkeypatch.setattr(chats, "_surfaces", lambda *_: {"telegram": lingers})
    monkeypatch.setattr(chats, "END_SECONDS", 0.01)
    stop = asyncio.Event()
    app: Any = App(None)
    stop.set()
    async with asyncio.timeout(2):
        await serve(app, Settings.from_environ({}), stop)
    assert cut == ["telegram"]


@pytest.mark.parametrize(("is_migrated", "code", "served"), [(False, 3, []), (True, 0, ["served"])])
async def test_without_a_database_nothing_is_served(monkeypatch, is_migrated, code, served):
    done: list[str] = []

    async def migrated(*_: object) -> bool:
        return is_migrated

    @asynccontextmanager
    async def opened(*_: object):
        yield SimpleNamespace(context=SimpleNamespace(database="a database"))

    async def serves(*_: object) -> None:
        done.append("served")

    monkeypatch.setattr(chats, "migrated", migrated)
    monkeypatch.setattr(chats, "opened", opened)
    monkeypatch.setattr(chats, "serve", serves)
    loop = asyncio.get_running_loop()
    try:
        assert await chats._run(Settings.from_environ({}), "") == code
    finally:
        for ending in chats.ENDINGS:
            loop.remove_signal_handler(ending)
    assert done == served
