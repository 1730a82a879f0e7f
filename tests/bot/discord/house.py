"""A house without an engine for the Discord surface: talks that say what a test wants said."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any

from bot.conversation.flood import Pace
from bot.conversation.presses import Press, PressKind
from bot.conversation.said import Asked, Room, Said, Shown
from bot.front import Front
from bot.messages import Button, Message
from bot.messages.layout import lay
from bot.surfaces.discord import DiscordSettings, run_discord
from bot.surfaces.discord.pacing import Pace as Patience
from bot.text import Words, load_catalog
from bot.use_cases.context import Identity
from engine.clock import SystemClock
from engine.ports import StoreUnavailable

CATALOG = load_catalog()
QUICK = Patience(
    first=0.02, longest=0.05, bad_token=0.05, identify_again=0.01, login=5.0, lease=2.0
)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)

Step = Shown | Asked | float | asyncio.Event | BaseException


def text(*lines: str, **how) -> Message:
    return Message(lines=lines, **how)


def button(label: str, line: str, owner: str = "", kind: PressKind = PressKind.DO) -> Button:
    return Button(label=label, press=Press(kind=kind, line=line, owner=owner))


class FakeTalk:
    def __init__(self, house: "House", identity: Identity, room: Room) -> None:
        self.identity = identity
        self.room = room
        self._house = house
        self.own_locale: str | None = None
        self.words = Words(CATALOG, "pt-BR" if identity.locale.startswith("pt") else "en")

    async def hear(self, said: Said) -> AsyncIterator[Shown | Asked]:
        self._house.heard.append((self, said))
        try:
            for step in self._house.answers(said):
                if isinstance(step, float | int):
                    await asyncio.sleep(step)
                elif isinstance(step, asyncio.Event):
                    await step.wait()
                elif isinstance(step, BaseException):
                    raise step
                else:
                    yield step
        finally:
            self._house.ended += 1

    def judged(self, said: Said) -> Said:
        return replace(said, pace=Pace.HEARD)

    async def message(self, view) -> Message:
        return lay(view, self.words)

    async def look(self, request) -> Message:
        return text("look")

    async def hand_off(self, said: Said) -> Message:
        return text("hand off")

    async def complete(self, kind: str, typed: str) -> list[tuple[str, str]]:
        self._house.completions.append((kind, typed))
        if self._house.completion_failure is not None:
            raise self._house.completion_failure
        return self._house.completed


@dataclass
class House:
    """Everything a surface is given, on record."""

    heard: list[tuple[FakeTalk, Said]] = field(default_factory=list)
    ended: int = 0
    completions: list[tuple[str, str]] = field(default_factory=list)
    completed: list[tuple[str, str]] = field(default_factory=list)
    completion_failure: BaseException | None = None
    reports: list[tuple[str, str]] = field(default_factory=list)
    attached: list[Any] = field(default_factory=list)
    watched: list[tuple[object, Message]] = field(default_factory=list)
    watched_requests: list[object] = field(default_factory=list)
    left: list[object] = field(default_factory=list)
    parted: list[str] = field(default_factory=list)
    gone: list[tuple[str, str, str | None]] = field(default_factory=list)
    values: dict[str, str | None] = field(default_factory=dict)
    strange_rooms: set[str] = field(default_factory=set)
    is_store_away: bool = False
    is_painter_away: bool = False
    painted: list[tuple[object, str]] = field(default_factory=list)
    answers: Callable[[Said], Iterable[Step]] = lambda _: [Shown(message=text("ok"))]
    lease: asyncio.Event = field(default_factory=asyncio.Event)
    clock: SystemClock = field(default_factory=SystemClock)

    def says(self, *steps: Step | Message) -> None:
        """Let every talk answer this, whatever is said."""
        shown = [Shown(message=one) if isinstance(one, Message) else one for one in steps]
        self.answers = lambda _: shown

    @property
    def said(self) -> list[Said]:
        return [said for _, said in self.heard]

    @property
    def states(self) -> list[str]:
        return [state for state, _ in self.reports]

    @property
    def courier(self):
        return next(one for one in reversed(self.attached) if one is not None)

    @property
    def front(self) -> Front:
        me: Any = self

        async def attach(courier) -> None:
            self.attached.append(courier)

        async def wait_for_lease() -> None:
            await self.lease.wait()

        return Front(
            talks=me,
            way=me,
            live=me,
            house=me,
            painter=me,
            catalog=CATALOG,
            clock=self.clock,
            wait_for_lease=wait_for_lease,
            is_allowed=lambda room: room not in self.strange_rooms,
            report=lambda state, reason: self.reports.append((state.value, reason)),
            attach=attach,
        )

    def identity(self, platform: str, person_id: str, name: str, language: str) -> Identity:
        return Identity(platform, person_id, name, language, "UTC")

    def of(self, identity: Identity, room: Room) -> FakeTalk:
        return FakeTalk(self, identity, room)

    async def watch(self, handle, talk, request, shown) -> None:
        self.watched.append((handle, shown))
        self.watched_requests.append(request)

    async def part(self, platform: str) -> None:
        self.parted.append(platform)

    async def leave(self, handle) -> None:
        self.left.append(handle)

    async def value(self, name: str) -> str | None:
        if self.is_store_away:
            raise StoreUnavailable("away")
        return self.values.get(name)

    async def set_value(self, name: str, value: str | None) -> None:
        self.values[name] = value

    async def mark_gone(self, platform: str, person_id: str, reason: str | None) -> None:
        if self.is_store_away:
            raise StoreUnavailable("away")
        self.gone.append((platform, person_id, reason))

    async def paint(self, view, words: Words) -> bytes:
        self.painted.append((view, words.locale))
        if self.is_painter_away:
            raise TimeoutError
        return PNG


@asynccontextmanager
async def on_discord(
    house: House, server, pace: Patience = QUICK, **how
) -> AsyncIterator[asyncio.Event]:
    """Run the surface against a stand-in; yields what stops it. Connected when `is_awaited`."""
    is_awaited = how.pop("is_awaited", True)
    settings = DiscordSettings(
        token=how.pop("token", server.token),
        api_url=server.api_url,
        gateway_url=server.gateway_url,
        **how,
    )
    house.lease.set()
    stop = asyncio.Event()
    task = asyncio.create_task(run_discord(house.front, settings, stop, pace=pace))
    try:
        if is_awaited:
            await server.connected()
            await until(lambda: "up" in house.states)
        yield stop
    finally:
        stop.set()
        async with asyncio.timeout(5):
            await task


async def until(look: Callable[[], object], seconds: float = 5.0) -> None:
    """Wait until something holds."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while not look():  # noqa: ASYNC110 - what it looks at tells nobody
                await asyncio.sleep(0.005)
    assert look()
