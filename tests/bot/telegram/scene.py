"""A Telegram surface on a stand-in server, with talks that do as a test tells them."""

import asyncio
import os
import struct
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bot.conversation.flood import Pace
from bot.conversation.presses import Press, PressKind
from bot.conversation.said import Asked, Room, Said, Shown
from bot.delivery.courier import Budget, Courier, Handle
from bot.delivery.gate import Gate
from bot.delivery.way import GatedWay
from bot.front import Front
from bot.messages import Button, Message
from bot.messages.layout import lay
from bot.surfaces.telegram import TelegramSettings, run_telegram
from bot.surfaces.telegram.polling import Pace as Patience
from bot.text import Words
from bot.use_cases.context import Identity
from bot.views import PlatformState, ShareView
from engine.clock import SystemClock
from tests.bot.views.samples import CATALOG
from tests.support.specs.telegram import TelegramSpec
from tests.support.telegram.stand_in import TelegramStandIn

QUICK = Patience(away=0.02, away_max=0.1, bad_token=0.05, other_poller=0.05, held=0.05, grace=0.3)
WIDE = Budget(per_second=1_000, chat_per_second=1_000, chat_burst=1_000)
TICKET = "T1cket0123456789"

Script = Callable[["FakeTalk", Said], AsyncIterator[Shown | Asked]]


def png(width: int = 40, height: int = 30) -> bytes:
    """Return a black picture."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    rows = zlib.compress((b"\0" + b"\0" * width) * height)
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def do(line: str, label: str = "Go", **more: Any) -> Button:
    return Button(label=label, press=Press(kind=PressKind.DO, line=line), **more)


def text(*lines: str, **more: Any) -> Message:
    return Message(lines=lines, **more)


@dataclass
class FakeTalk:
    """A talk that answers what its house says; it notes what it heard."""

    house: "FakeTalks"
    identity: Identity
    room: Room
    order: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def words(self) -> Words:
        locale = "pt-BR" if self.identity.locale.startswith("pt") else "en"
        return Words(CATALOG, locale)

    @property
    def own_locale(self) -> str | None:
        return self.house.chosen.get(self.identity.id)

    async def hear(self, said: Said) -> AsyncIterator[Shown | Asked]:
        async with self.order:
            self.house.heard.append((self, said))
            async for shown in self.house.script(self, said):
                yield shown
            self.house.ended.append(said)

    def judged(self, said: Said) -> Said:
        return replace(said, pace=Pace.HEARD)

    async def message(self, view: Any) -> Message:
        return lay(view, self.words)

    async def look(self, request: Any) -> Message:
        return text("looked")

    async def hand_off(self, said: Said) -> Message:
        self.house.handed_off.append(said)
        press = Press(kind=PressKind.PARKED, line=TICKET, owner=self.identity.id)
        return text("Go on in private", rows=((Button(label="Go on", press=press),),))

    async def complete(self, kind: str, text: str) -> list[tuple[str, str]]:
        return []


async def echo(talk: FakeTalk, said: Said) -> AsyncIterator[Shown | Asked]:
    """Say what was heard, to whoever reads along."""
    yield Shown(
        message=text(f"heard {said.line or said.payload or said.request}"), is_personal=False
    )


@dataclass
class FakeTalks:
    script: Script = echo
    heard: list[tuple[FakeTalk, Said]] = field(default_factory=list)
    ended: list[Said] = field(default_factory=list)
    handed_off: list[Said] = field(default_factory=list)
    chosen: dict[str, str] = field(default_factory=dict)
    talks: dict[tuple[str, str], FakeTalk] = field(default_factory=dict)

    @property
    def lines(self) -> list[str | None]:
        return [said.line for _, said in self.heard]

    def identity(self, platform: str, person_id: str, name: str, language: str) -> Identity:
        return Identity(platform, person_id, name, language, "UTC")

    def of(self, identity: Identity, room: Room) -> FakeTalk:
        talk = self.talks.setdefault((identity.id, room.id), FakeTalk(self, identity, room))
        talk.room = room
        return talk


@dataclass
class FakeHouse:
    """The part of the house's books that a surface writes to."""

    values: dict[str, str | None] = field(default_factory=dict)
    gone: list[tuple[str, str, str | None]] = field(default_factory=list)
    moved: list[tuple[str, str, str]] = field(default_factory=list)

    async def value(self, name: str) -> str | None:
        return self.values.get(name)

    async def set_value(self, name: str, value: str | None) -> None:
        self.values[name] = value

    async def move_room(self, platform: str, old_id: str, new_id: str) -> None:
        self.moved.append((platform, old_id, new_id))

    async def mark_gone(self, platform: str, platform_id: str, reason: str | None) -> None:
        self.gone.append((platform, platform_id, reason))


@dataclass
class FakeBoard:
    watched: list[tuple[Handle, Any]] = field(default_factory=list)
    left: list[Handle] = field(default_factory=list)

    async def watch(self, handle: Handle, talk: Any, request: Any, shown: Message) -> None:
        self.watched.append((handle, request))

    async def part(self, platform: str) -> None:
        raise AssertionError("nothing of Telegram's is by a token")

    async def leave(self, handle: Handle) -> None:
        self.left.append(handle)


@dataclass
class FakePainter:
    painted: list[tuple[Any, str]] = field(default_factory=list)
    error: Exception | None = None

    async def paint(self, view: Any, words: Words) -> bytes:
        self.painted.append((view, words.locale))
        if self.error:
            raise self.error
        return png(40 + len(self.painted))


@dataclass
class Scene:
    """One process with its server; `restart` ends the surface and begins another."""

    server: TelegramStandIn
    talks: FakeTalks = field(default_factory=FakeTalks)
    house: FakeHouse = field(default_factory=FakeHouse)
    board: FakeBoard = field(default_factory=FakeBoard)
    painter: FakePainter = field(default_factory=FakePainter)
    states: list[tuple[PlatformState, str]] = field(default_factory=list)
    attached: list[Courier | None] = field(default_factory=list)
    lease: asyncio.Event = field(default_factory=asyncio.Event)
    allowed: set[str] | None = None
    settings: TelegramSettings | None = None
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    running: asyncio.Task[None] | None = None

    def front(self) -> Front:
        clock = SystemClock()
        return Front(
            talks=self.talks,
            way=GatedWay({"telegram": Gate(WIDE, clock)}, clock),
            live=self.board,
            house=self.house,  # type: ignore[arg-type]  # the part that is used
            painter=self.painter,
            catalog=CATALOG,
            clock=clock,
            wait_for_lease=self.wait_for_lease,
            is_allowed=lambda room: self.allowed is None or room in self.allowed,
            report=lambda state, reason: self.states.append((state, reason)),
            attach=self._attach,
        )

    async def wait_for_lease(self) -> None:
        await self.lease.wait()

    async def _attach(self, courier: Courier | None) -> None:
        self.attached.append(courier)

    def starts(self, **settings: Any) -> None:
        """Begin the surface; nothing is awaited."""
        given = {"token": self.server.token, "api_url": self.server.url, "pace": QUICK}
        self.settings = TelegramSettings(**(given | settings))
        self.stop = asyncio.Event()
        self.running = asyncio.create_task(run_telegram(self.front(), self.settings, self.stop))

    async def is_up(self) -> None:
        await until(lambda: self.states and self.states[-1][0] is PlatformState.UP)

    async def ends(self, seconds: float = 3.0) -> float:
        """Stop the surface and wait; return how long it took."""
        begun = asyncio.get_running_loop().time()
        self.stop.set()
        assert self.running is not None
        async with asyncio.timeout(seconds):
            await self.running
        return asyncio.get_running_loop().time() - begun


async def until(look: Callable[[], Any], seconds: float = 5.0) -> Any:
    """Return what `look` finds as soon as it finds it; looks often, as nobody tells."""
    async with asyncio.timeout(seconds):
        while not (found := look()):  # noqa: ASYNC110 - what it looks at has no event
            await asyncio.sleep(0.005)
        return found


@asynccontextmanager
async def described_server() -> AsyncIterator[TelegramStandIn]:
    """Give a server; with SPECS in the environment every call is held to the description."""
    folder = os.environ.get("SPECS")
    spec = TelegramSpec(Path(folder) / "telegram-bot-api.json") if folder else None
    async with TelegramStandIn(spec=spec) as server:
        yield server
        # Updates that are broken on purpose are no fault of anybody's.
        assert [one for one in server.problems if not one.startswith("getUpdates")] == []


@asynccontextmanager
async def scene(*, begin: bool = True, **settings: Any) -> AsyncIterator[Scene]:
    """Give a server and a surface that is up; end both, in order."""
    async with described_server() as server:
        made = Scene(server)
        made.lease.set()
        if begin:
            made.starts(**settings)
            await made.is_up()
        try:
            yield made
        finally:
            if made.running is not None:
                await made.ends()


def share(number: int) -> Message:
    """Return what asks for a group, as the talk words it."""
    return lay(ShareView(number=number), Words(CATALOG, "en"))
