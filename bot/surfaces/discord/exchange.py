"""One interaction, from its coming to its last answer.

Discord waits 3 s for the first answer and takes more for 15 minutes. What is personal is never
shown to a room; when another session of ours has answered already, nothing more is shown.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

import discord
from discord import ui

from bot.conversation.presses import decode, read_line
from bot.conversation.said import Asked, Said, Shown, Where
from bot.delivery.courier import Handle
from bot.front import Front, Talk
from bot.grammar.parse import parse
from bot.grammar.requests import ListTrades, Misread, Request
from bot.messages import Button, Message
from bot.surfaces.discord.failures import REACHING, is_answered_elsewhere, reason_of
from bot.surfaces.discord.places import (
    PLATFORM,
    Asking,
    is_foreign,
    is_private,
    may_be_public,
)
from bot.surfaces.discord.rendering import Rendered, modal, rendered
from bot.surfaces.discord.sharing import Channels, menu, shared_number
from bot.views import ProblemCode, ProblemView
from engine.defects import DEFECTS

log = logging.getLogger(__name__)

DEFER_SECONDS = 0.9
REQUEST_SECONDS = 12.0
EDITABLE_MS = 14 * 60_000
ORIGINAL = "@original"
INVALID_FORM = 50035


class _Lost(Exception):
    """Nothing more can be shown: another session answered, or Discord does not take it."""


class _Refused(_Lost):
    """Discord does not take this message for what it is; a plainer one it may."""


class _Ack(Enum):
    """How the interaction has been answered. `@original` is the message named last."""

    NONE = auto()
    THINKING = auto()  # a placeholder waits to be filled
    TOUCHED = auto()  # the pressed message stays as it is, for now
    ANSWERED = auto()  # the pressed message was edited, or a message sent


@dataclass
class _Last:
    """Our last message of this exchange; `message` None means the original response.

    `is_step`: a step stands there, whose place the next one may take.
    """

    is_quiet: bool
    message: Any = None
    is_step: bool = False


@dataclass(frozen=True)
class Means:
    """What every exchange is given."""

    front: Front
    channels: Channels


class Exchange:
    """Shows what a talk answers to one interaction. `is_quiet`: its placeholder is ephemeral."""

    def __init__(
        self, means: Means, interaction: Asking, talk: Talk, *, is_quiet: bool = True
    ) -> None:
        self._front = front = means.front
        self._channels = means.channels
        self._interaction = interaction
        self._talk = talk
        self._is_private = is_private(interaction)
        is_quiet = is_quiet or not may_be_public(front, interaction)
        self._is_quiet = is_quiet and not self._is_private
        self._came_ms = front.clock.now_ms()
        self._lock = asyncio.Lock()
        self._ack = _Ack.NONE
        self._last: _Last | None = None
        self._watched: Handle | None = None
        self._request: Request | Misread | None = None
        self._is_lost = False

    async def run(self, said: Said) -> None:
        """Let the talk hear, show what it answers, and answer Discord in time meanwhile."""
        self._request = _request_of(said, self._talk.words.locale)
        deferring = asyncio.create_task(self._defer_in_time(), name="discord-defer")
        try:
            await self._converse(said)
        except _Lost:
            log.debug("the rest is told as notices")
        except DEFECTS:
            log.exception("not shown, we are to blame")
            await self._apologize()
        finally:
            deferring.cancel()
            await asyncio.wait({deferring})

    async def ask(self, asked: Asked) -> None:
        """Open a form; where it is too late for one, show a button that opens it."""
        async with self._turn():
            is_form = self._interaction.type is discord.InteractionType.modal_submit
            if self._ack is _Ack.NONE and not is_form:  # a form opens no other
                response = self._interaction.response
                await self._reach(response.send_modal(modal(asked.payload, asked.form)))
                self._ack = _Ack.ANSWERED
                self._last = None
                return
        press, form = decode(asked.payload), asked.form
        rows = ((Button(label=form.title, press=press),),) if press else ()
        await self.show(Shown(message=Message(lines=(form.label, form.placeholder), rows=rows)))

    async def show(self, shown: Shown) -> None:
        """Show one message where it belongs, and have it watched if it is a live list."""
        picture = await self._painted(shown.message)
        choice = await self._choice(shown.message)
        async with self._turn():
            try:
                message_id = await self._place(rendered(shown.message, picture, choice), shown)
            except _Refused:
                bare = Message(lines=shown.message.lines, tone=shown.message.tone)
                message_id = await self._place(rendered(bare), shown)
            if shown.is_watched and message_id:
                self._watched = handle = self._handle(message_id)
                request = self._request if isinstance(self._request, ListTrades) else ListTrades()
                await self._front.live.watch(handle, self._talk, request, shown.message)

    async def _converse(self, said: Said) -> None:
        hearing = self._talk.hear(said)
        try:
            async for answer in hearing:
                await (self.ask(answer) if isinstance(answer, Asked) else self.show(answer))
            await self._settle()
        finally:
            close = getattr(hearing, "aclose", None)
            if close is not None:  # what was not shown is told as a notice
                await close()

    async def _settle(self) -> None:
        """Answer Discord even when there was nothing to show."""
        async with self._turn():
            if self._ack is _Ack.NONE:
                await self._defer()
            if self._ack is _Ack.THINKING:
                await self._reach(self._interaction.delete_original_response())
                self._ack = _Ack.ANSWERED

    async def _apologize(self) -> None:
        try:
            sorry = await self._talk.message(ProblemView(code=ProblemCode.INTERNAL))
            await self.show(Shown(message=sorry))
        except (_Lost, *DEFECTS):
            log.exception("not even an apology is shown")

    async def _defer_in_time(self) -> None:
        await asyncio.sleep(DEFER_SECONDS)
        with suppress(_Lost):
            async with self._turn():
                if self._ack is _Ack.NONE:
                    await self._defer()

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """Let one answer at a time go out. Raises _Lost when none can any more."""
        async with self._lock:
            if self._is_lost:
                raise _Lost
            yield

    async def _defer(self) -> None:
        response = self._interaction.response
        if self._pressed is not None:
            await self._reach(response.defer())
            self._ack = _Ack.TOUCHED
        else:
            await self._reach(response.defer(thinking=True, ephemeral=self._is_quiet))
            self._ack = _Ack.THINKING

    @property
    def _pressed(self) -> discord.Message | None:
        """The message whose button was pressed, or whose button opened the form."""
        if self._interaction.type is discord.InteractionType.application_command:
            return None
        return self._interaction.message

    def _must_be_quiet(self, shown: Shown) -> bool:
        if shown.where is Where.TOAST:
            return True
        if self._is_private:
            return False
        return shown.is_personal or not may_be_public(self._front, self._interaction)

    def _can_edit(self, *, is_quiet: bool) -> bool:
        """Whether our last message, or the pressed one, may be replaced by this."""
        if self._last is not None:
            return self._last.is_quiet or not is_quiet
        if self._pressed is None or self._ack is _Ack.ANSWERED:
            return False
        return self._is_private or not is_quiet or self._pressed.flags.ephemeral

    async def _place(self, made: Rendered, shown: Shown) -> int:
        is_quiet = self._must_be_quiet(shown)
        is_same = shown.where is Where.SAME or (shown.is_step and self._shares_place())
        if is_same and self._can_edit(is_quiet=is_quiet):
            return await self._edit(made, is_quiet=is_quiet)
        message_id = await self._add(made, is_quiet=is_quiet, where=shown.where)
        if self._last is not None and shown.where is not Where.TOAST:
            self._last.is_step = shown.is_step
        return message_id

    def _shares_place(self) -> bool:
        """Whether a step takes the last one's place: where the bot is not, 5 more are let pass."""
        is_after_step = self._last is not None and self._last.is_step
        return is_after_step and is_foreign(self._interaction)

    async def _edit(self, made: Rendered, *, is_quiet: bool) -> int:
        pressed, last = self._pressed, self._last
        if last is not None and self._watched is not None:
            await self._front.live.leave(self._watched)
        if last is not None and last.message is not None:
            await self._reach(last.message.edit(view=made.view, attachments=made.files))
            return last.message.id
        if pressed is not None and last is None:
            await self._front.live.leave(self._handle(pressed.id))
            is_quiet = pressed.flags.ephemeral
        if self._ack is _Ack.NONE:
            response = self._interaction.response
            await self._reach(response.edit_message(view=made.view, attachments=made.files))
            message_id = pressed.id if pressed else 0
        else:
            message_id = await self._edit_original(made)
        self._ack, self._last = _Ack.ANSWERED, _Last(is_quiet)
        return message_id

    async def _add(self, made: Rendered, *, is_quiet: bool, where: Where) -> int:
        message: Any = None
        if self._ack is _Ack.NONE:
            response = self._interaction.response
            sent = await self._reach(
                response.send_message(view=made.view, files=made.files, ephemeral=is_quiet)
            )
            message_id = sent.message_id or 0
        elif self._ack is _Ack.THINKING and (self._is_private or is_quiet == self._is_quiet):
            message_id = await self._edit_original(made)
        else:
            message = await self._follow_up(made, is_quiet=is_quiet)
            message_id = message.id
        if where is not Where.TOAST:
            self._last = _Last(is_quiet, message)
        if self._ack is not _Ack.TOUCHED or where is not Where.TOAST:
            self._ack = _Ack.ANSWERED
        return message_id

    async def _edit_original(self, made: Rendered) -> int:
        editing = self._interaction.edit_original_response(view=made.view, attachments=made.files)
        return (await self._reach(editing)).id

    async def _follow_up(self, made: Rendered, *, is_quiet: bool) -> Any:
        if self._ack is _Ack.THINKING:
            # A follow-up would fill the placeholder and be seen by whom the placeholder was for.
            await self._reach(self._interaction.delete_original_response())
            self._ack = _Ack.ANSWERED
        return await self._reach(
            self._interaction.followup.send(
                view=made.view, files=made.files, ephemeral=is_quiet, wait=True
            )
        )

    async def _painted(self, message: Message) -> bytes | None:
        if message.picture is None:
            return None
        try:
            return await self._front.painter.paint(message.picture, self._talk.words)
        except (TimeoutError, OSError) as error:
            log.warning("no picture this time: %s", type(error).__name__)
            return None

    async def _choice(self, message: Message) -> ui.Select[Any] | None:
        """Return the channels to choose from, where a message asks for one."""
        number = shared_number(message.asks_room) if message.asks_room else None
        if number is None or not self._is_private:
            return None
        open_to_both = await self._channels.of(self._interaction.user.id)
        return menu(number, open_to_both, self._talk.words)

    async def _reach(self, request: Awaitable[Any]) -> Any:
        """Send one request. Raises _Lost when there is nobody to answer any more."""
        try:
            async with asyncio.timeout(REQUEST_SECONDS):
                return await request
        except REACHING as error:
            if not is_answered_elsewhere(error):
                log.warning("an answer is not shown: %s", reason_of(error))
            if isinstance(error, discord.HTTPException) and error.code == INVALID_FORM:
                raise _Refused from error
            self._is_lost = True
            raise _Lost from error

    def _handle(self, message_id: int) -> Handle:
        """Name a message for later edits: by the bot's own right in its DM, else by this token."""
        channel_id = str(self._interaction.channel_id or "")
        if self._is_private:
            return Handle(platform=PLATFORM, chat_id=channel_id, message_id=str(message_id))
        is_original = self._last is None or self._last.message is None
        token = self._interaction.token
        return Handle(
            platform=PLATFORM,
            chat_id=channel_id,
            message_id=str(message_id),
            token=f"{token}/{ORIGINAL}" if is_original else token,
            until_ms=self._came_ms + EDITABLE_MS,
        )


def _request_of(said: Said, locale: str) -> Request | Misread | None:
    """Return what was asked for: a live list goes on asking for the same page."""
    if said.payload is None:
        return said.request or parse(said.line or "", locale)
    press = decode(said.payload)
    return read_line(press.line) if press is not None else None
