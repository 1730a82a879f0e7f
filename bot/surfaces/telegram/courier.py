"""Sends, edits and deletes one message on Telegram, in whatever form that message has there.

It knows no person and no budget: who may be written to, and when, is decided by its callers.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import Any, TypeVar

from telegram import InputFile, InputMediaDocument, InputMediaPhoto, LinkPreviewOptions
from telegram import Message as Sent
from telegram.constants import ParseMode
from telegram.error import BadRequest, EndPointNotFound, TelegramError

from bot.delivery.courier import Handle, Unreachable, Unsendable
from bot.front import Painter
from bot.messages import Message
from bot.surfaces.telegram.faults import log_fault, says, translated
from bot.surfaces.telegram.keyboards import Keyboards, Markup
from bot.surfaces.telegram.markup import CAPTION_MAX, TEXT_MAX, plain_text, rich_html, text_html
from bot.surfaces.telegram.wire import WireBot
from bot.text import Catalog, Words
from engine.defects import DEFECTS

log = logging.getLogger(__name__)

CALL_SECONDS = 40.0
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
UNCHANGED = ("message is not modified",)
UNREADABLE = ("can't parse entities", "can't find end of")
NO_TOPIC = ("message thread not found", "topic_closed", "topic_deleted", "thread is closed")
NO_PICTURE = ("photo", "image", "picture")
NOT_A_TEXT = ("there is no text in the message", "there is no caption in the message")
# A server that knows no rich messages sees neither text nor anything else in such an edit.
NO_RICH = ("text is empty", "rich")

LIMITS = {"text": TEXT_MAX, "caption": CAPTION_MAX}

Result = TypeVar("Result")


@dataclass(frozen=True)
class Place:
    """Where a message goes. `markup`: what comes under it."""

    chat_id: int
    topic: int | None
    markup: Markup | None
    is_silent: bool

    @property
    def options(self) -> dict[str, Any]:
        """The keywords that every way of sending takes."""
        return {
            "chat_id": self.chat_id,
            "message_thread_id": self.topic,
            "reply_markup": self.markup,
            "disable_notification": self.is_silent or None,
        }


class TelegramCourier:
    """Telegram's way out. Pictures are drawn in the language of their message."""

    platform = "telegram"

    def __init__(self, bot: WireBot, painter: Painter, catalog: Catalog) -> None:
        self._bot = bot
        self._painter = painter
        self._catalog = catalog
        self._keyboards = Keyboards(catalog, bot.username)
        self._speaks_rich = True

    async def send(
        self,
        chat_id: str,
        message: Message,
        *,
        topic: str = "",
        nonce: str = "",  # noqa: ARG002 - Telegram drops no repeats
        is_person: bool = True,  # noqa: ARG002 - a private chat has its person's id
    ) -> Handle:
        """Send a message of its own; to a topic that is gone, without it."""
        markup = self._keyboards.under(message, is_group=is_group(chat_id))
        place = Place(_number(chat_id), _topic(topic), markup, message.is_silent)
        try:
            sent_id = await self._send(place, message)
        except BadRequest as error:
            if place.topic is None or not says(error, *NO_TOPIC):
                raise translated(error) from None
            general = Place(place.chat_id, None, markup, message.is_silent)
            sent_id = await self._said(self._send(general, message))
            topic = ""
        except TelegramError as error:
            raise translated(error) from None
        return Handle(platform=self.platform, chat_id=chat_id, message_id=str(sent_id), topic=topic)

    async def edit(self, handle: Handle, message: Message) -> None:
        """Put `message` in place of what stands there.

        Raises Unsendable where a picture stands and only a text is to follow: that takes a new
        message, and the old one loses its buttons.
        """
        where: dict[str, Any] = {
            "chat_id": _number(handle.chat_id),
            "message_id": _number(handle.message_id),
        }
        markup = self._keyboards.inline(message, is_group=is_group(handle.chat_id))
        try:
            await self._edit(where, message, markup)
        except BadRequest as error:
            if says(error, *UNCHANGED):
                return
            if says(error, *NOT_A_TEXT):
                await self.strip(handle)
            raise translated(error) from None
        except TelegramError as error:
            raise translated(error) from None

    async def delete(self, handle: Handle) -> None:
        """Remove a message, if it can still be removed."""
        chat_id, message_id = _number(handle.chat_id), _number(handle.message_id)
        try:
            await _bounded(self._bot.delete_message(chat_id, message_id))
        except BadRequest:  # gone already, or older than 48 h
            return
        except TelegramError as error:
            raise translated(error) from None

    async def strip(self, handle: Handle) -> None:
        """Take a message's buttons away; what does not work is left as it is."""
        chat_id, message_id = _number(handle.chat_id), _number(handle.message_id)
        try:
            await _bounded(
                self._bot.edit_message_reply_markup(chat_id=chat_id, message_id=message_id)
            )
        except (TelegramError, Unreachable):
            log.debug("a message keeps its buttons")

    async def _said(self, sending: Awaitable[Result]) -> Result:
        try:
            return await sending
        except TelegramError as error:
            raise translated(error) from None

    async def _send(self, place: Place, message: Message) -> int:
        """Send in the best form there is. Raises TelegramError, CourierError."""
        if (png := await self._painted(message)) is not None:
            try:
                photo = partial(self._bot.send_photo, photo=png)
                return await self._send_with(place, message, "caption", photo)
            except BadRequest as error:
                if not says(error, *NO_PICTURE):
                    raise
                log.info("a picture was refused: its words go alone")
        elif message.file is not None:
            file = InputFile(message.file.content, filename=message.file.filename)
            document = partial(self._bot.send_document, document=file)
            return await self._send_with(place, message, "caption", document)
        if message.table and (rich_id := await self._send_rich(place, message)) is not None:
            return rich_id
        plain = partial(self._bot.send_message, link_preview_options=NO_PREVIEW)
        return await self._send_with(place, message, "text", plain)

    async def _send_with(
        self, place: Place, message: Message, field: str, send: Callable[..., Awaitable[Sent]]
    ) -> int:
        """Send the message's words in a field of a method."""
        sent = await self._written(message, field, lambda words: send(**words, **place.options))
        return sent.message_id

    async def _send_rich(self, place: Place, message: Message) -> int | None:
        """Send a table as such; None where the server cannot, which is not asked again."""
        if not self._speaks_rich:
            return None
        asked = {**place.options, "rich_message": _rich(message)}
        asked = {name: value for name, value in asked.items() if value is not None}
        try:
            sent = await _bounded(
                self._bot.do_api_request("sendRichMessage", api_kwargs=asked, return_type=Sent)
            )
        except (EndPointNotFound, BadRequest) as error:
            if isinstance(error, BadRequest) and not says(error, *NO_RICH, *UNREADABLE):
                raise
            self._forget_rich()
            return None
        if not isinstance(sent, Sent):
            raise Unreachable("garbage", is_unknown=True)
        return sent.message_id

    async def _edit(self, where: dict[str, Any], message: Message, markup: Any) -> None:
        media = await self._media(message)
        if media is not None:
            await _bounded(self._bot.edit_message_media(media=media, reply_markup=markup, **where))
            return
        if not message.table or not await self._edit_rich(where, message, markup):
            await self._written(
                message,
                "text",
                lambda text: self._bot.edit_message_text(
                    reply_markup=markup, link_preview_options=NO_PREVIEW, **text, **where
                ),
            )

    async def _edit_rich(self, where: dict[str, Any], message: Message, markup: Any) -> bool:
        if not self._speaks_rich:
            return False
        asked = {**where, "rich_message": _rich(message)}
        if markup is not None:
            asked["reply_markup"] = markup
        try:
            await _bounded(self._bot.edit_rich(asked))
        except BadRequest as error:
            if not says(error, *NO_RICH, *UNREADABLE) or says(error, *NOT_A_TEXT):
                raise
            self._forget_rich()
            return False
        return True

    def _forget_rich(self) -> None:
        self._speaks_rich = False
        log.info("this server knows no rich messages: tables go as aligned text from now on")

    async def _media(self, message: Message) -> InputMediaPhoto | InputMediaDocument | None:
        caption = text_html(message, CAPTION_MAX)
        if (png := await self._painted(message)) is not None:
            return InputMediaPhoto(png, caption=caption, parse_mode=ParseMode.HTML)
        if message.file is not None:
            content, name = BytesIO(message.file.content), message.file.filename
            return InputMediaDocument(
                content, caption=caption, parse_mode=ParseMode.HTML, filename=name
            )
        return None

    async def _painted(self, message: Message) -> bytes | None:
        """Draw the picture; without one the words must do."""
        if message.picture is None:
            return None
        try:
            words = Words(self._catalog, message.locale, message.picture.zone)
            return await self._painter.paint(message.picture, words)
        except (TimeoutError, OSError, *DEFECTS) as error:
            log_fault(log, "a picture was not drawn", error)
            return None

    async def _written(
        self, message: Message, field: str, write: Callable[[dict[str, Any]], Awaitable[Result]]
    ) -> Result:
        """Write as HTML; once more as plain text where the server cannot read it."""
        limit = LIMITS[field]
        try:
            return await _bounded(
                write({field: text_html(message, limit), "parse_mode": ParseMode.HTML})
            )
        except BadRequest as error:
            if not says(error, *UNREADABLE):
                raise
            log.error("our HTML was not understood")  # noqa: TRY400 - its text quotes people
            return await _bounded(write({field: plain_text(message, limit)}))


async def _bounded(call: Awaitable[Result]) -> Result:
    """Wait for an answer, not for ever; an answer that makes no sense may still be a yes."""
    try:
        async with asyncio.timeout(CALL_SECONDS):
            return await call
    except TimeoutError:
        raise Unreachable("timeout", is_unknown=True) from None
    except DEFECTS:
        raise Unreachable("garbage", is_unknown=True) from None


def is_group(chat_id: str) -> bool:
    """Return whether a chat's id is that of a group: those are negative."""
    return chat_id.startswith("-")


def _rich(message: Message) -> dict[str, Any]:
    return {"html": rich_html(message), "skip_entity_detection": True}


def _number(text: str) -> int:
    """Read an id. Raises Unsendable for one that is not Telegram's."""
    try:
        return int(text)
    except ValueError:
        raise Unsendable("no id of this platform") from None


def _topic(topic: str) -> int | None:
    return int(topic) if topic.isdecimal() else None
