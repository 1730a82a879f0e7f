"""People who try everything: every command in several ways, and every button that comes of it.

A button counts as seen by its words without figures, so the walk is bounded but broad.
"""

import asyncio
import re
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.grammar.catalogue import COMMANDS, Audience, Command, Kind
from bot.grammar.words import in_words_of
from tests.support.discord.offers import NotOffered
from tests.support.discord.people import Modal, Person, Turn
from tests.support.discord.world import Channel, NotSeen
from tests.support.discord.world import Message as DiscordMessage
from tests.support.platforms import Town
from tests.support.telegram.messages import Message
from tests.support.telegram.phone import Phone
from tests.support.telegram.rooms import Group

DEPTH_MAX = 4
QUIET_SECONDS = 0.12
QUIET_LOOKS = 8
TYPED = ("2%", "100", "Europe/Lisbon", "<b>&\u202e@everyone `x`")
NONSENSE = "<b>&amp; ```@everyone [x](http://127.0.0.1) \u202e" + "x" * 40
VALUES: dict[Kind, tuple[str, ...]] = {
    Kind.COIN: ("btc", "eth", "nosuchcoin"),
    Kind.AMOUNT: ("100", "R$500", "5%", "1e9"),
    Kind.LEVEL: ("2%", "be", "off", "2"),
    Kind.PRICE: ("70k", "+3%", "-3%", "3%", "off"),
    Kind.TRADE: ("1", "2", "btc", "999"),
    Kind.CLOSING: ("1", "btc", "winners", "all", "999"),
    Kind.PAST: ("1", "2", "btc", "999"),
    Kind.SHARE: ("50%", "100%", "0"),
    Kind.PAGE: ("1", "99"),
    Kind.INTERVAL: ("1m", "1w"),
    Kind.LANGUAGE: ("en", "pt"),
    Kind.ZONE: ("Asia/Kathmandu", "Mars/Base"),
    Kind.PLAN: ("default", "nosuchplan"),
    Kind.COMMAND: ("buy", "close", "nosuch"),
    Kind.TEXT: ("default", NONSENSE),
}
assert VALUES.keys() == set(Kind), "every kind has values to try"
LAST = ("reset", "delete_me")  # they end what the others need
PLAIN = ("btc?", "hello", "yes", "no", "buy btc 100 sl2%", "close all", "/", "x" * 500, NONSENSE)
_FIGURES = re.compile(r"[0-9][0-9.,]*")


def commands() -> list[Command]:
    """Return what a chat may be asked, in an order that leaves something to look at."""
    offered = [one for one in COMMANDS if one.audience is not Audience.TERMINAL]
    return sorted(offered, key=lambda one: LAST.index(one.name) + 1 if one.name in LAST else 0)


def ways(command: Command) -> Iterator[dict[str, str]]:
    """Yield parameters: none, one after the other, each value once, and all of nonsense."""
    names = [parameter.name for parameter in command.parameters]
    options = [one.choices or VALUES[one.kind] for one in command.parameters]
    yield {}
    for count in range(1, len(names) + 1):
        yield {name: option[0] for name, option in zip(names[:count], options, strict=False)}
    for at, option in enumerate(options):
        usual = {name: found[0] for name, found in zip(names[:at], options, strict=False)}
        for value in option[1:]:
            yield {**usual, names[at]: value}
    if names:
        yield dict.fromkeys(names, NONSENSE)


@dataclass
class Figures:
    """What was done, and what nobody may read."""

    lines: int = 0
    presses: int = 0
    forms: int = 0
    completions: int = 0
    shown: Counter[str] = field(default_factory=Counter[str])
    wrong: list[str] = field(default_factory=list)

    def note(self, where: str, text: str) -> None:
        """Count a message; keep one that shows a fault of ours."""
        self.shown[where] += 1
        signs = ("My mistake", "Erro meu", "None", "{ $", "{$")
        if any(sign in text for sign in signs):
            self.wrong.append(f"{where}: {text[:300]}")


class Quiet:
    """Tells when the program has nothing more to say to a platform, or that it goes on talking."""

    def __init__(self, count: Callable[[], int]) -> None:
        self._count = count

    async def comes(self) -> None:
        """Wait until no request has come for a moment; others may never let it be quiet."""
        before = -1
        for _ in range(QUIET_LOOKS):
            if before == (now := self._count()):
                return
            before = now
            await asyncio.sleep(QUIET_SECONDS)


@dataclass
class TelegramWalker:
    """One person in his private chat, or in a group."""

    town: Town
    phone: Phone
    figures: Figures
    group: Group | None = None
    seen: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._quiet = Quiet(lambda: len(self.town.telegram.calls()))
        self._waiting: deque[tuple[Message, str, int]] = deque()

    @property
    def _name(self) -> str:
        return f"telegram {self.phone.account.language_code} {'group' if self.group else 'private'}"

    async def walk(self) -> None:
        """Say everything and press everything."""
        locale = "pt-BR" if self.phone.account.language_code == "pt" else "en"
        for command in commands():
            for values in ways(command):
                line = in_words_of(command.line(values), locale)
                await self._says(line)
            await self._press_all()
        for line in PLAIN:
            await self._says(line)
        await self._press_all()

    async def _says(self, line: str) -> None:
        self.figures.lines += 1
        await self.phone.says(line[:4096], self.group)
        await self._quiet.comes()
        self._look(0)

    def _look(self, depth: int) -> None:
        """Take in what is new, here and in private; its buttons wait to be pressed."""
        places = [None, self.group] if self.group else [None]
        for place in places:
            for message in self.phone.reads_all(place):
                self._take(message, depth)

    def _take(self, message: Message, depth: int) -> None:
        self.figures.note(self._name, message.text)
        for row in message.buttons:
            for button in row:
                key = f"{_FIGURES.sub('#', button.label)} {button.data[:2]}"
                if key not in self.seen and depth < DEPTH_MAX and (button.data or button.url):
                    self.seen.add(key)
                    self._waiting.append((message, button.data or button.label, depth + 1))

    async def _press_all(self) -> None:
        while self._waiting:
            message, data, depth = self._waiting.popleft()
            if not message.is_deleted:
                await self._press(message, data, depth)

    async def _press(self, message: Message, data: str, depth: int) -> None:
        self.figures.presses += 1
        versions = len(message.history)
        if not data.startswith(tuple("dasfpxm")) or ":" not in data:
            pressed = await self.phone.presses(message, data)
            if pressed.opened:
                await self.phone.opens(pressed.opened)
        else:
            pressed = await self.phone.sends_press(message, data)
        if pressed.toast:
            self.figures.note(f"{self._name} toast", pressed.toast)
        await self._quiet.comes()
        if len(message.history) > versions:
            self._take(message, depth)
        self._look(depth)
        if data[:1] == "f":
            self.figures.forms += 1
            for typed in TYPED:
                await self._says(typed)


@dataclass
class DiscordWalker:
    """One person in his private chat with the bot, or in a server."""

    town: Town
    person: Person
    figures: Figures
    place: Channel | None = None
    seen: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._quiet = Quiet(lambda: len(self.town.discord.requests))
        self._waiting: deque[tuple[DiscordMessage, str, int]] = deque()
        self._known: dict[int, str] = {}
        self._keys: dict[tuple[int, str], str] = {}

    @property
    def _name(self) -> str:
        return f"discord {self.person.account.locale} {'server' if self.place else 'private'}"

    async def walk(self) -> None:
        """Run everything, press everything, complete everything."""
        for command in commands():
            for values in ways(command):
                await self._run(command.words[0], values)
            await self._complete(command)
            await self._press_all()
        for line in PLAIN:
            await self._run("do", {"text": line[:400]})
        await self._press_all()

    async def _run(self, name: str, values: dict[str, Any]) -> None:
        try:
            turn = await self.person.runs(name, self.place, **values)
        except NotOffered:
            return
        self.figures.lines += 1
        await self._answered(turn, 0)

    async def _complete(self, command: Command) -> None:
        for parameter in command.parameters:
            for typed in ("", "b", NONSENSE):
                try:
                    await self.person.completes(command.words[0], parameter.name, typed, self.place)
                except NotOffered:
                    break
                self.figures.completions += 1

    async def _answered(self, turn: Turn, depth: int) -> None:
        """Wait for the answer; a form is filled in several ways."""
        kind = await turn.answered()
        if kind == 9:
            form = await turn.form()
            for typed in TYPED:
                await self._submit(form, typed, depth)
            return
        await self._quiet.comes()
        self._look(depth)

    async def _submit(self, form: Modal, typed: str, depth: int) -> None:
        self.figures.forms += 1
        turn = await self.person.submits(form, typed)
        await turn.answered()
        await self._quiet.comes()
        self._look(depth)

    def _look(self, depth: int) -> None:
        for message in self.town.discord.world.messages_of(self.person.account):
            if message.is_loading or message.author is not self.town.discord.world.bot:
                continue
            now = f"{message.text} {message.labels}"
            if self._known.get(message.id) != now:
                self._known[message.id] = now
                self._take(message, depth)

    def _take(self, message: DiscordMessage, depth: int) -> None:
        self.figures.note(self._name, message.text)
        for button in message.buttons:
            key = f"{_FIGURES.sub('#', button.label)} {button.custom_id[:4]}"
            if key not in self.seen and depth < DEPTH_MAX and button.custom_id:
                self.seen.add(key)
                self._keys[message.id, button.custom_id] = key
                self._waiting.append((message, button.custom_id, depth + 1))

    async def _press_all(self) -> None:
        while self._waiting:
            message, custom_id, depth = self._waiting.popleft()
            try:
                turn = await self.person.presses(message, custom_id)
            except NotOffered:  # something else stands there now: it counts when it comes again
                self.seen.discard(self._keys.get((message.id, custom_id), ""))
                continue
            self.figures.presses += 1
            try:
                await self._answered(turn, depth)
            except NotSeen as error:
                self.figures.wrong.append(f"{self._name}: {custom_id}: {error}")
