"""The bot on Discord: what it does when something is asked, pressed, typed, or it is invited."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import discord
from discord import app_commands

from bot.conversation.presses import decode
from bot.conversation.said import Said
from bot.delivery.courier import Courier
from bot.front import Front, Talk
from bot.grammar.catalogue import Audience, Command, Kind
from bot.grammar.requests import ByNumber, Share
from bot.surfaces.discord.commands import (
    DO,
    Ears,
    FromCatalog,
    commands,
    fingerprint,
    made,
    payload,
)
from bot.surfaces.discord.directing import Directed
from bot.surfaces.discord.exchange import Exchange, Means
from bot.surfaces.discord.failures import REACHING, reason_of
from bot.surfaces.discord.places import PLATFORM, Asking, is_private, key_of, talk_of
from bot.surfaces.discord.pressing import PressButton, submitted
from bot.surfaces.discord.sharing import Channels, Place, ShareMenu, SharingTalk, place_of
from bot.views import PlatformState
from engine.defects import DEFECTS
from engine.ports import StoreError

log = logging.getLogger(__name__)

COMMANDS_VALUE = "discord.commands"
COMPLETE_SECONDS = 2.0
SYNC_SECONDS = 40.0
EXCHANGES_MAX = 500
HEARTBEAT_SECONDS = 60.0
CANCEL_SECONDS = 0.4
REACHED_MAX = 10_000


@dataclass(frozen=True)
class DiscordSettings:
    """What the environment says of Discord. An empty address is Discord's own.

    `hosts` are the Discord ids named in ADMINS; `default_locale` is for who speaks neither
    English nor Portuguese.
    """

    token: str = field(repr=False)
    api_url: str = ""
    gateway_url: str = ""
    hosts: frozenset[str] = frozenset()
    default_locale: str = "en"


class VigilanteClient(discord.Client):
    """One connection to Discord; a closed one is replaced, never opened again.

    `reached`: people who were in their private chat with the bot and have not been lost since.
    `courier`: the way out while it is logged in.
    """

    def __init__(
        self,
        front: Front,
        settings: DiscordSettings,
        *,
        directed: Directed | None = None,
        heartbeat_seconds: float = HEARTBEAT_SECONDS,
        before_identify: Callable[[bool], Awaitable[None]] | None = None,
    ) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            max_ratelimit_timeout=30,
            heartbeat_timeout=heartbeat_seconds,
            chunk_guilds_at_startup=False,
            guild_ready_timeout=0,  # nobody waits for servers: each is looked at when it is told
            max_messages=None,
        )
        if directed is not None:
            directed.install(self)  # before the tree, which keeps the way out it finds
        self._front = front
        self._settings = settings
        self._before_identify = before_identify
        self.reached: set[str] = set()
        self.courier: Courier | None = None
        self._channels = Channels(self, front.is_allowed)
        self._exchanges: set[asyncio.Task[Any]] = set()
        self._is_leaving = False
        self.tree = _Tree(
            self,
            front=front,
            ears=Ears(hear=self.heard, complete=self.completed),
            hosts=settings.hosts,
        )

    async def setup_hook(self) -> None:
        """Learn our buttons, and tell Discord our commands if they are not those it knows."""
        self.add_dynamic_items(PressButton, ShareMenu)
        await self.tree.set_translator(FromCatalog())
        try:
            async with asyncio.timeout(SYNC_SECONDS):
                await self._sync()
        except (StoreError, *REACHING) as error:
            log.warning("commands are as Discord knows them: %s", reason_of(error))

    async def before_identify_hook(
        self,
        shard_id: int | None,  # noqa: ARG002 - the library's signature
        *,
        initial: bool = False,
    ) -> None:
        """Wait for what must be true before a session begins: there are 1,000 of them a day."""
        if self._before_identify is not None:
            await self._before_identify(initial)

    async def heard(self, interaction: Asking, command: Command, line: str) -> None:
        """Answer a slash command, given as the line that means the same."""
        if (
            command.audience is Audience.HOST
            and str(interaction.user.id) not in self._settings.hosts
        ):
            line = "/admin"  # he is told that it is not his, without a look at what he typed
        said = Said(key=key_of(interaction), line=line, is_command=True)
        await self._answer(interaction, said, is_quiet=command.audience is not Audience.ANYONE)

    async def completed(self, interaction: Asking, kind: Kind, text: str) -> list[tuple[str, str]]:
        """Return what completes a value, in time or not at all."""
        try:
            async with self._counted(), asyncio.timeout(COMPLETE_SECONDS):
                return await self._talk(interaction).complete(kind, text)
        except (TimeoutError, StoreError):
            return []
        except DEFECTS:
            log.exception("not completed, we are to blame: %s", kind)
            return []

    async def pressed(self, interaction: Asking, carried: str) -> None:
        """Do what a button carries; the talk looks up who pressed it."""
        if decode(carried) is None:
            log.info("a button that nobody of us wrote was pressed")
        said = _on_shown(interaction, Said(key=key_of(interaction), payload=carried))
        await self._answer(interaction, said)

    async def chose(self, interaction: Asking, number: int, channel_id: int) -> None:
        """Show the card of somebody's trade in the channel that he chose for it."""
        talk = self._talk(interaction)

        async def find() -> Place | None:
            channel = await self._channels.chosen(interaction.user.id, channel_id)
            if channel is None or self.courier is None:
                return None
            return place_of(self._front, self.courier, channel, talk.identity)

        said = Said(key=key_of(interaction), request=Share(ByNumber(number)))
        said = _on_shown(interaction, said)
        await self._answer(interaction, said, talk=SharingTalk(talk, find))

    async def on_interaction(self, interaction: Asking) -> None:
        """Take the answers to our forms; they survive a restart as buttons do."""
        found = submitted(interaction)
        if found is None:
            return
        carried, typed = found
        said = Said(key=key_of(interaction), payload=carried, typed=typed)
        said = _on_shown(interaction, said)
        await self._answer(interaction, said)

    async def on_ready(self) -> None:
        """Report, and look at the servers that were told so far."""
        self._front.report(PlatformState.UP, "")
        for guild in self.guilds:
            if not guild.unavailable:
                await self._leave_if_strange(guild)

    async def on_resumed(self) -> None:
        self._front.report(PlatformState.UP, "")

    async def on_disconnect(self) -> None:
        if not self._is_leaving:
            self._front.report(PlatformState.AWAY, "disconnected")

    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Leave a server that was joined before ALLOWED_CHATS left it out."""
        await self._leave_if_strange(guild)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Leave a server in which the bot is not wanted."""
        await self._leave_if_strange(guild)

    async def drain(self, seconds: float) -> None:
        """Take nothing new, let what is being answered end, then cancel the rest."""
        self._is_leaving = True
        if self._exchanges:
            await asyncio.wait(self._exchanges, timeout=seconds)
        left = set(self._exchanges)
        for task in left:
            task.cancel()
        if left:
            await asyncio.wait(left, timeout=CANCEL_SECONDS)

    async def _answer(
        self, interaction: Asking, said: Said, *, is_quiet: bool = True, talk: Talk | None = None
    ) -> None:
        if self._is_leaving or len(self._exchanges) >= EXCHANGES_MAX:
            log.warning("not answered: %s", "leaving" if self._is_leaving else "too many at once")
            return
        async with self._counted():
            self._channels.note(interaction)
            means = Means(self._front, self._channels)
            talk = talk or self._talk(interaction)
            await Exchange(means, interaction, talk, is_quiet=is_quiet).run(said)
            if is_private(interaction):
                await self._note_reached(str(interaction.user.id))

    async def _note_reached(self, person_id: str) -> None:
        """Note once that somebody can be written to (again): he is in his chat with the bot."""
        if person_id in self.reached:
            return
        if len(self.reached) >= REACHED_MAX:
            self.reached.clear()
        try:
            await self._front.house.mark_gone(PLATFORM, person_id, None)
        except StoreError as error:
            log.warning("that a person is back is not noted: %s", error)
        else:
            self.reached.add(person_id)

    def _talk(self, interaction: Asking) -> Talk:
        return talk_of(self._front, interaction, self._settings.default_locale)

    @asynccontextmanager
    async def _counted(self) -> AsyncIterator[None]:
        """Count the library's task as ours while it runs, so that the end can wait for it."""
        task = asyncio.current_task()
        assert task is not None
        self._exchanges.add(task)
        try:
            yield
        finally:
            self._exchanges.discard(task)

    async def _sync(self) -> None:
        assert self.application_id is not None
        told = fingerprint(self.application_id, await payload(self.tree))
        if await self._front.house.value(COMMANDS_VALUE) == told:
            return
        await self.tree.sync()
        await self._front.house.set_value(COMMANDS_VALUE, told)
        log.info("Discord was told the commands")

    async def _leave_if_strange(self, guild: discord.Guild) -> None:
        if self._front.is_allowed(str(guild.id)):
            return
        log.info("leaving a server that is not in ALLOWED_CHATS: %s", guild.id)
        try:
            await guild.leave()
        except REACHING as error:
            log.warning("could not leave %s: %s", guild.id, reason_of(error))


def _on_shown(interaction: Asking, said: Said) -> Said:
    """Return what was said with the message that it was said on, and when that was written."""
    message = interaction.message
    if message is None:
        return said
    written = message.edited_at or message.created_at
    at_ms = int(written.timestamp() * 1000)
    return replace(said, message_id=str(message.id), shown_at_ms=at_ms)


class _Tree(app_commands.CommandTree[VigilanteClient]):
    """Our slash commands. One that this version does not know is read as a typed line."""

    def __init__(
        self, client: VigilanteClient, *, front: Front, ears: Ears, hosts: frozenset[str]
    ) -> None:
        super().__init__(client)
        self._ears = ears
        for command in commands(has_hosts=bool(hosts)):
            self.add_command(made(command, front.catalog, ears))

    async def on_error(self, interaction: Asking, error: app_commands.AppCommandError, /) -> None:
        data: dict[str, Any] = dict(interaction.data or {})
        is_unknown = isinstance(
            error, app_commands.CommandNotFound | app_commands.CommandSignatureMismatch
        )
        if not is_unknown or interaction.type is discord.InteractionType.autocomplete:
            log.error("a command failed: %s", data.get("name"), exc_info=error)
            return
        values = [str(option.get("value", "")) for option in data.get("options", [])]
        line = " ".join([f"/{data.get('name', '')}", *values])
        await self._ears.hear(interaction, DO, line)
