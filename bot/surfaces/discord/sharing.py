"""Where a card may be shown: channels in which its owner and the bot may both write.

What was offered authorizes nothing: a channel is looked up again, for who chose it, when he does.
"""

import asyncio
import logging
import re
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import Any, Protocol, cast

import discord
from discord import ui

from bot.conversation.said import Asked, Room, Said, Shown, Where
from bot.delivery.courier import Courier, CourierError, Priority
from bot.front import Front, Talk
from bot.grammar.parse import parse
from bot.grammar.requests import ByNumber, Request, Share
from bot.messages import Message
from bot.surfaces.discord.escaping import one_line
from bot.surfaces.discord.failures import REACHING, reason_of
from bot.surfaces.discord.places import Asking
from bot.text import Words
from bot.use_cases.context import Identity
from bot.views import DoneCode, DoneView, ProblemCode, ProblemView, View

log = logging.getLogger(__name__)

OFFERED_MAX = 25
GUILDS_MAX = 40
AT_ONCE = 8
LOOK_SECONDS = 2.0
SEEN_MAX = 10_000
NAME_MAX = 100
MENU = "share:"

Channel = discord.TextChannel


class Channels:
    """The channels that are open to somebody and to the bot.

    Discord tells a bot without privileges nobody's servers: he is asked for in each that the bot
    knows, those where he was seen first, a bounded number and time.
    """

    def __init__(self, client: discord.Client, is_allowed: Callable[[str], bool]) -> None:
        self._client = client
        self._is_allowed = is_allowed
        self._seen: OrderedDict[int, dict[int, None]] = OrderedDict()

    def note(self, interaction: Asking) -> None:
        """Remember in which server somebody was seen; all of it may be lost."""
        if interaction.guild_id is None:
            return
        where = self._seen.setdefault(interaction.user.id, {})
        where[interaction.guild_id] = None
        self._seen.move_to_end(interaction.user.id)
        if len(self._seen) > SEEN_MAX:
            self._seen.popitem(last=False)
        if len(where) > GUILDS_MAX:
            del where[next(iter(where))]

    async def of(self, person_id: int) -> list[Channel]:
        """Return at most 25 channels to choose from, some of every server."""
        seen = self._seen.get(person_id, {})
        guilds = [one for one in self._client.guilds if self._is_allowed(str(one.id))]
        guilds.sort(key=lambda one: one.id not in seen)
        gate = asyncio.Semaphore(AT_ONCE)
        looking = [
            asyncio.create_task(self._open_in(guild, person_id, gate), name="discord share look")
            for guild in guilds[:GUILDS_MAX]
        ]
        if not looking:
            return []
        try:
            await asyncio.wait(looking, timeout=LOOK_SECONDS)
            found = [one.result() for one in looking if one.done()]
        finally:
            for one in looking:
                one.cancel()
            await asyncio.gather(*looking, return_exceptions=True)
        turns = chain.from_iterable(zip_longest(*found))
        kept = [channel for channel in turns if channel is not None][:OFFERED_MAX]
        return [channel for channels in found for channel in channels if channel in kept]

    async def chosen(self, person_id: int, channel_id: int) -> Channel | None:
        """Return a channel if both may write there now."""
        channel = self._client.get_channel(channel_id)
        if not isinstance(channel, Channel) or not self._is_allowed(str(channel.guild.id)):
            return None
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                member = await channel.guild.fetch_member(person_id)
        except REACHING as error:
            log.info("a channel is not open: %s", reason_of(error))
            return None
        return channel if _are_let(channel, member) else None

    async def _open_in(
        self, guild: discord.Guild, person_id: int, gate: asyncio.Semaphore
    ) -> list[Channel]:
        async with gate:
            try:
                member = await guild.fetch_member(person_id)
            except REACHING:  # mostly: he is not in it
                return []
        return [channel for channel in guild.text_channels if _are_let(channel, member)]


def _are_let(channel: Channel, member: discord.Member) -> bool:
    his, ours = channel.permissions_for(member), channel.permissions_for(channel.guild.me)
    can_write = all(one.view_channel and one.send_messages for one in (his, ours))
    return can_write and ours.attach_files


def shared_number(line: str) -> int | None:
    """Return the trade of a line that shares its card; None for any other line."""
    request = parse(line, "en")
    target = request.target if isinstance(request, Share) else None
    return target.number if isinstance(target, ByNumber) else None


def menu(number: int, channels: Sequence[Channel], words: Words) -> ui.Select[Any] | None:
    """Return the menu of channels for the card of a trade; None where there is none to choose."""
    if not channels:
        return None
    options = [
        discord.SelectOption(
            label=one_line(f"#{one.name}")[:NAME_MAX],
            description=one_line(one.guild.name)[:NAME_MAX] or None,
            value=str(one.id),
        )
        for one in channels
    ]
    placeholder = words.say("share-pick-channel")
    return ui.Select(custom_id=f"{MENU}{number}", placeholder=placeholder, options=options)


class Chooses(Protocol):
    """What a client does about a choice."""

    async def chose(self, interaction: Asking, number: int, channel_id: int) -> None:
        """Show the card of a trade in a channel."""
        ...


class ShareMenu(
    ui.DynamicItem[ui.Select[Any]], template=rf"{re.escape(MENU)}(?P<number>[0-9]{{1,9}})"
):
    """One of our menus, whoever was shown it and when."""

    def __init__(self, item: ui.Select[Any], number: int) -> None:
        super().__init__(item)
        self._number = number

    @classmethod
    async def from_custom_id(
        cls,
        interaction: Asking,  # noqa: ARG003 - the library's signature
        item: ui.Item[Any],
        match: re.Match[str],
        /,
    ) -> "ShareMenu":
        """Make one of what was chosen from, as the library finds it by its template."""
        return cls(cast("ui.Select[Any]", item), int(match["number"]))

    async def callback(self, interaction: Asking) -> None:
        """Hand the choice on."""
        data: dict[str, Any] = dict(interaction.data or {})
        chosen = next(iter(data.get("values", [])), "")
        channel_id = int(chosen) if re.fullmatch(r"[0-9]{1,20}", chosen) else 0
        client: Any = interaction.client
        await client.chose(interaction, self._number, channel_id)


@dataclass(frozen=True)
class Place:
    """A channel that is open to both: who speaks there, how it is written to, what it is called."""

    talk: Talk
    send: Callable[[Message], Awaitable[object]]
    name: str


def place_of(front: Front, courier: Courier, channel: Channel, identity: Identity) -> Place:
    """Return a channel as somebody has chosen it."""
    guild = channel.guild
    room = Room(id=str(guild.id), is_private=False, topic=str(channel.id), name=guild.name)

    async def send(message: Message) -> None:
        where = {"topic": room.topic, "is_person": False}
        await front.way.send(courier, room.id, message, Priority.ANSWER, **where)

    name = one_line(f"#{channel.name} · {guild.name}")
    return Place(front.talks.of(identity, room), send, name)


class SharingTalk:
    """One's private chat while a card of his goes to a channel.

    What is for the channel is sent there, and told here; what is not, is shown here alone. `find`
    looks the channel up, None when it is not open to both.
    """

    def __init__(self, here: Talk, find: Callable[[], Awaitable[Place | None]]) -> None:
        self.identity = here.identity
        self.room = here.room
        self._here = here
        self._find = find

    @property
    def words(self) -> Words:
        """His words now."""
        return self._here.words

    @property
    def own_locale(self) -> str | None:
        """The language of his account."""
        return self._here.own_locale

    def judged(self, said: Said) -> Said:
        """Return what was said with its pace."""
        return self._here.judged(said)

    async def hear(self, said: Said) -> AsyncIterator[Shown | Asked]:
        """Show the card there, and say here what came of it."""
        there = await self._find()
        if there is None:
            yield await self._told(_CLOSED, Where.TOAST)
            return
        hearing: Any = there.talk.hear(said)
        async with aclosing(hearing):
            async for shown in hearing:
                if not isinstance(shown, Shown) or shown.is_personal:
                    yield shown
                    continue
                try:
                    await there.send(shown.message)
                except CourierError as error:
                    log.info("a card is not shown: %s", type(error).__name__)
                    yield await self._told(_CLOSED, Where.TOAST)
                else:
                    facts = {"name": there.name}
                    yield await self._told(DoneView(code=DoneCode.SHARED, facts=facts))

    async def message(self, view: View) -> Message:
        """Word a view for him."""
        return await self._here.message(view)

    async def look(self, request: Request) -> Message:
        """Ask for something that changes nothing."""
        return await self._here.look(request)

    async def hand_off(self, said: Said) -> Message | None:
        """Invite him to go on in private."""
        return await self._here.hand_off(said)

    async def complete(self, kind: str, text: str) -> list[tuple[str, str]]:
        """Complete what he types."""
        return await self._here.complete(kind, text)

    async def _told(self, view: View, where: Where = Where.SAME) -> Shown:
        return Shown(message=await self._here.message(view), where=where)


_CLOSED = ProblemView(code=ProblemCode.SHARE_CLOSED)
