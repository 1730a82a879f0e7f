"""Buttons as Telegram's keyboards: under a message, below the typing field, and what they say.

A press goes as it is encoded; a parked one in a group becomes a link into the private chat.
"""

import logging
import re
from collections.abc import Mapping

from telegram import (
    CopyTextButton,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    KeyboardButtonRequestChat,
    ReplyKeyboardMarkup,
)
from telegram.constants import KeyboardButtonStyle

from bot.conversation.presses import Press, PressKind, encode
from bot.grammar.parse import parse
from bot.messages import Button, Message, Tone
from bot.messages.layout import keyboard
from bot.surfaces.telegram.markup import clean
from bot.surfaces.telegram.meaning import shared_number
from bot.text import Catalog, Words
from bot.text.catalog import LOCALES

log = logging.getLogger(__name__)

COPIED_MAX = 256
PLACEHOLDER_MAX = 64
LABEL_MAX = 64
KEYS_A_ROW = 2
STYLES = {Tone.GOOD: KeyboardButtonStyle.SUCCESS, Tone.BAD: KeyboardButtonStyle.DANGER}

_TICKET = re.compile(r"[A-Za-z0-9_-]{1,64}")

Markup = InlineKeyboardMarkup | ReplyKeyboardMarkup | ForceReply


class KeysMessage(Message, frozen=True, kw_only=True):
    """A message that brings the keys below the typing field, in place of buttons of its own."""


class Keyboards:
    """Everything that can be tapped, in everybody's language. `username`: the bot's."""

    def __init__(self, catalog: Catalog, username: str) -> None:
        self._catalog = catalog
        self._username = username

    def under(self, message: Message, *, is_group: bool) -> Markup | None:
        """Return what comes under a message that is sent; None for nothing."""
        if isinstance(message, KeysMessage) or (message.asks_room and not is_group):
            return self._keys(message)
        inline = self.inline(message, is_group=is_group)
        if inline is None and message.answers_by_text and not is_group:
            hint = clean(message.placeholder)[:PLACEHOLDER_MAX]
            return ForceReply(input_field_placeholder=hint or None)
        return inline

    def inline(self, message: Message, *, is_group: bool) -> InlineKeyboardMarkup | None:
        """Return the buttons under a message; what cannot be one is left out and logged."""
        name = self._username
        rows = [[_button(one, name, is_group=is_group) for one in row] for row in message.rows]
        kept = [[button for button in row if button is not None] for row in rows]
        kept = [row for row in kept if row]
        return InlineKeyboardMarkup(kept) if kept else None

    def lines(self) -> Mapping[str, str]:
        """Return the line that each key stands for: a pressed key comes as its label, typed."""
        return {
            label: line
            for locale in LOCALES
            for label, line in keyboard(Words(self._catalog, locale))
        }

    def _keys(self, message: Message) -> ReplyKeyboardMarkup:
        words = Words(self._catalog, message.locale)
        keys = [KeyboardButton(label) for label, _ in keyboard(words)]
        rows = [keys[at : at + KEYS_A_ROW] for at in range(0, len(keys), KEYS_A_ROW)]
        number = shared_number(parse(message.asks_room, "en")) if message.asks_room else None
        if number is not None:
            rows.insert(0, [_chooser(words, number)])
        return ReplyKeyboardMarkup(rows, is_persistent=True, resize_keyboard=True)


def bringing_keys(words: Words, text: str = "") -> KeysMessage:
    """Return a message that brings the keys, in somebody's words, and says something with them."""
    lines = (text or words.say("keyboard-here")).splitlines()
    return KeysMessage(lines=tuple(lines), locale=words.locale, is_silent=True)


def _chooser(words: Words, number: int) -> KeyboardButton:
    """Return the key by which the owner of a trade chooses the group that shall see its card."""
    asks = KeyboardButtonRequestChat(
        request_id=number, chat_is_channel=False, bot_is_member=True, request_title=True
    )
    return KeyboardButton(
        words.say("share-pick-button"), request_chat=asks, style=KeyboardButtonStyle.PRIMARY
    )


def _button(button: Button, username: str, *, is_group: bool) -> InlineKeyboardButton | None:
    label = clean(button.label)[:LABEL_MAX] or "…"
    style = STYLES.get(button.tone)
    if button.copied:
        copied = CopyTextButton(button.copied[:COPIED_MAX])
        return InlineKeyboardButton(label, copy_text=copied, style=style)
    if button.url:
        return InlineKeyboardButton(label, url=button.url, style=style)
    if button.press is None:
        return None
    if is_group and (link := parked_link(button.press, username)):
        return InlineKeyboardButton(label, url=link, style=style)
    try:
        return InlineKeyboardButton(label, callback_data=encode(button.press), style=style)
    except ValueError:
        log.error("a button does not fit: %s", button.press.kind)  # noqa: TRY400 - no text of his
        return None


def parked_link(press: Press, username: str) -> str | None:
    """Return the address that resumes a parked request in private; None for other presses."""
    if press.kind is not PressKind.PARKED or not _TICKET.fullmatch(press.line):
        return None
    return f"https://t.me/{username}?start={press.line}"


def invitation_link(message: Message, username: str) -> str | None:
    """Return the address into the private chat that a message's buttons offer, if one does."""
    presses = (button.press for row in message.rows for button in row if button.press)
    return next((link for one in presses if (link := parked_link(one, username))), None)
