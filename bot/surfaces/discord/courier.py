"""Carries messages to Discord for the relay: to a person's DM, a channel or a thread.

A handle with an interaction's token is edited by it; every other one with the bot's own right, so
its `chat_id` is always the channel that the message stands in.
"""

import asyncio
import hashlib
import logging
import secrets
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import discord

from bot.delivery.courier import Gone, Handle, TryLater
from bot.front import Front
from bot.messages import Message
from bot.surfaces.discord.client import VigilanteClient
from bot.surfaces.discord.directing import Directed
from bot.surfaces.discord.exchange import ORIGINAL
from bot.surfaces.discord.failures import REACHING, courier_error
from bot.surfaces.discord.places import PLATFORM
from bot.surfaces.discord.rendering import Rendered, rendered
from bot.text import Words

log = logging.getLogger(__name__)

REQUEST_SECONDS = 32.0  # the library itself asks again for 25 s where Discord errs
NONCE_MAX = 25
DMS_MAX = 10_000


class DiscordCourier:
    """The way out to Discord while one client is logged in."""

    platform = PLATFORM

    def __init__(self, front: Front, client: VigilanteClient, directed: Directed) -> None:
        self._front = front
        self._client = client
        self._directed = directed
        self._dms: OrderedDict[str, int] = OrderedDict()

    async def send(
        self,
        chat_id: str,
        message: Message,
        *,
        topic: str = "",
        nonce: str = "",
        is_person: bool = True,
    ) -> Handle:
        """Send to a person's DM, or to a channel; a `topic` is the channel or thread itself."""
        made = await self._made(message)
        async with self._reaching():
            try:
                channel_id = await self._dm(chat_id) if is_person else int(topic or chat_id)
                sent = await self._client.get_partial_messageable(channel_id).send(
                    view=made.view,
                    files=made.files,
                    nonce=_nonce(nonce),
                    silent=message.is_silent,
                )
            except (discord.NotFound, discord.Forbidden):
                self._dms.pop(chat_id, None)
                self._client.reached.discard(chat_id)
                raise
        return Handle(platform=PLATFORM, chat_id=str(channel_id), message_id=str(sent.id))

    async def edit(self, handle: Handle, message: Message) -> None:
        """Replace a message, its picture too."""
        self._refuse_late(handle)
        made = await self._made(message)
        async with self._reaching():
            if handle.token:
                webhook, message_id = self._webhook(handle)
                await webhook.edit_message(message_id, view=made.view, attachments=made.files)
                return
            await self._standing(handle).edit(view=made.view, attachments=made.files)

    async def delete(self, handle: Handle) -> None:
        """Remove a message; one that is gone already is no error."""
        try:
            self._refuse_late(handle)
            async with self._reaching():
                if handle.token:
                    webhook, message_id = self._webhook(handle)
                    await webhook.delete_message(message_id)
                    return
                await self._standing(handle).delete()
        except Gone:
            log.debug("it was gone already: %r", handle)

    def _refuse_late(self, handle: Handle) -> None:
        if handle.until_ms is not None and self._front.clock.now_ms() >= handle.until_ms:
            raise Gone("the interaction is over")

    def _standing(self, handle: Handle) -> discord.PartialMessage:
        channel = self._client.get_partial_messageable(int(handle.chat_id))
        return channel.get_partial_message(int(handle.message_id))

    def _webhook(self, handle: Handle) -> tuple[discord.Webhook, Any]:
        """Return whose message it is, and its name there: its id, or the original response."""
        token, _, alias = handle.token.partition("/")
        application_id = self._client.application_id
        assert application_id is not None
        webhook = discord.Webhook.partial(application_id, token, client=self._client)
        return webhook, ORIGINAL if alias == ORIGINAL else int(handle.message_id)

    async def _dm(self, person_id: str) -> int:
        known = self._dms.get(person_id)
        if known is None:
            # Not `create_dm`: the library would never open a chat anew that Discord has closed.
            opened = await self._client.http.start_private_message(int(person_id))
            known = self._dms[person_id] = int(opened["id"])
            while len(self._dms) > DMS_MAX:
                self._dms.popitem(last=False)
        self._dms.move_to_end(person_id)
        return known

    async def _made(self, message: Message) -> Rendered:
        view, picture = message.picture, None
        if view is not None:
            words = Words(self._front.catalog, message.locale, view.zone)
            try:
                picture = await self._front.painter.paint(view, words)
            except (TimeoutError, OSError) as error:
                log.warning("no picture this time: %s", type(error).__name__)
        return rendered(message, picture)

    @asynccontextmanager
    async def _reaching(self) -> AsyncIterator[None]:
        """Bound a request in time and tell its failure as what it means for the delivery.

        No pause is sat out in it: it is told, and the gate keeps it for this chat.
        """
        pause = self._directed.refusals.pause()
        if pause:
            raise TryLater(pause, is_global=True)
        try:
            async with self._directed.here(is_hasty=True), asyncio.timeout(REQUEST_SECONDS):
                yield
        except REACHING as error:
            raise courier_error(error) from error


def _nonce(nonce: str) -> str:
    """Fit a nonce into the 25 characters that Discord takes; without one, any will do."""
    if len(nonce) <= NONCE_MAX:
        return nonce or secrets.token_hex(12)
    return hashlib.sha256(nonce.encode()).hexdigest()[:NONCE_MAX]
