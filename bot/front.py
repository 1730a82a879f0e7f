"""What a chat surface is given: talks with people, the way out, and what it must report.

A surface turns platform events into `Said` and `Shown` into its own widgets; it decides nothing.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from bot.conversation.said import Asked, Room, Said, Shown
from bot.delivery.courier import Courier, Handle, Priority
from bot.grammar.requests import Request
from bot.messages import Message
from bot.text import Catalog, Words
from bot.use_cases.context import Identity
from bot.use_cases.house_books import HouseBooks
from bot.views import CardView, ChartView, PlatformState, View
from engine.clock import Clock


class Talk(Protocol):
    """One person in one room. Errors never come through it: what went wrong is a message."""

    identity: Identity
    room: Room

    @property
    def words(self) -> Words:
        """His words now; a stranger's are those of his platform's language."""
        ...

    def judged(self, said: Said) -> Said:
        """Return what was said with its `pace`, for who must know it before it is heard."""
        ...

    @property
    def own_locale(self) -> str | None:
        """The language of his account, a stranger's his platform's; None: nobody looked it up."""
        ...

    def hear(self, said: Said) -> AsyncIterator[Shown | Asked]:
        """Do what was said and yield what to show; the first comes within about a second.

        Two events of one person in one room are done one after the other.
        """
        ...

    async def message(self, view: View) -> Message:
        """Word a view for this person, its buttons bound to him where others could press."""
        ...

    async def look(self, request: Request) -> Message:
        """Ask for something that changes nothing, for a live list."""
        ...

    async def hand_off(self, said: Said) -> Message | None:
        """Park what was said and return what invites its speaker to go on in private.

        None: the room is to rest, or he was invited a moment ago; that invitation leads to what he
        said last.
        """
        ...

    async def complete(self, kind: str, text: str) -> list[tuple[str, str]]:
        """Return up to 25 (label, value) that complete `text`: a catalogue's parameter kind."""
        ...


class Talks(Protocol):
    """Everybody's talks: the same person in the same room finds the same talk again."""

    def identity(self, platform: str, person_id: str, name: str, language: str) -> Identity:
        """Return somebody as this house knows him; `language` is the platform's code (`pt-br`).

        The name is made harmless: printable, one line, bounded, without marks that turn text.
        """
        ...

    def of(self, identity: Identity, room: Room) -> Talk:
        """Return the talk of a person in a room."""
        ...


class Way(Protocol):
    """The way out through the platform's budget: the gate that relay and surfaces share."""

    async def send(
        self, courier: Courier, chat_id: str, message: Message, priority: Priority, **where: object
    ) -> Handle:
        """Send when it is this message's turn; waits and repeats as the platform asks.

        `where` are the keywords of `Courier.send`. Raises CourierError when it gives up: an
        ANSWER after 60 s.
        """
        ...

    async def edit(
        self, courier: Courier, handle: Handle, message: Message, priority: Priority
    ) -> None:
        """Edit when it is this message's turn."""
        ...

    def hold(self, platform: str, chat_id: str, seconds: float) -> None:
        """Keep a chat's turn back: the platform asked for it. An empty `chat_id`: all of them."""
        ...


class LiveBoard(Protocol):
    """Keeps live lists fresh, each at its platform's pace, and ends them in time."""

    async def watch(self, handle: Handle, talk: Talk, request: Request, shown: Message) -> None:
        """Keep a message live from now on; one in the same room for the same person ends."""
        ...

    async def leave(self, handle: Handle) -> None:
        """Stop refreshing a message: something else stands there now."""
        ...

    async def part(self, platform: str) -> None:
        """End at once what no process after this one can go on with."""
        ...


class Painter(Protocol):
    """Draws pictures off the loop."""

    async def paint(self, view: ChartView | CardView, words: Words) -> bytes:
        """Return a PNG. Raises TimeoutError after 20 s, OSError when no painter can run."""
        ...


Report = Callable[[PlatformState, str], None]


@dataclass(frozen=True, kw_only=True)
class Front:
    """Everything a surface needs. `wait_for_lease` returns once this process keeps the vigil.

    `is_allowed(room id)`: whether the bot may stay there. `report(state, reason)` tells how the
    platform is. `attach` gives the relay the courier once it can send, None when it cannot.
    """

    talks: Talks
    way: Way
    live: LiveBoard
    house: HouseBooks
    painter: Painter
    catalog: Catalog
    clock: Clock
    wait_for_lease: Callable[[], Awaitable[None]]
    is_allowed: Callable[[str], bool]
    report: Report
    attach: Callable[[Courier | None], Awaitable[None]]
