"""The methods that change or remove what stands in a chat, and answers to presses."""

import time
from dataclasses import replace
from typing import Any

from tests.support.telegram.entities import units
from tests.support.telegram.forms import Form
from tests.support.telegram.keyboards import check_markup
from tests.support.telegram.messages import Message, Shown
from tests.support.telegram.people import BotAccount
from tests.support.telegram.refusals import (
    NOT_MODIFIED,
    QUERY_TOO_OLD,
    bad,
)
from tests.support.telegram.rich import read_rich
from tests.support.telegram.rooms import Group, Room
from tests.support.telegram.sending import (
    Method,
    Sending,
    caption_fields,
    read_caption,
    read_words,
)
from tests.support.telegram.world import World

DELETABLE_SECONDS = 48 * 3600
ANSWER_MAX = 200
REACTIONS = frozenset(
    emoji
    for line in (
        "👍 👎 ❤ 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥 🌚 🌭 💯 🤣",
        "⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅",
        "🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡",
    )
    for emoji in line.split()
)


class Editing:
    """Edits, deletions, reactions and answers."""

    def __init__(self, world: World, sending: Sending) -> None:
        self._world = world
        self._sending = sending

    def methods(self) -> dict[str, Method]:
        """Return the methods by name."""
        return {
            "editMessageText": self.edit_text,
            "editMessageCaption": self.edit_caption,
            "editMessageMedia": self.edit_media,
            "editMessageReplyMarkup": self.edit_markup,
            "deleteMessage": self.delete,
            "deleteMessages": self.delete_many,
            "setMessageReaction": self.react,
            "answerCallbackQuery": self.answer,
        }

    def edit_text(self, bot: BotAccount, form: Form) -> dict[str, Any]:
        rich = form.json("rich_message")
        if rich is not None and self._world.knows_rich:
            shown = Shown(rich=read_rich(rich))
        else:  # a server that does not know the parameter ignores it
            shown = Shown(read_words(form))
        message = self._own(bot, form)
        if message.shown.photo_file or message.shown.document:
            raise bad("there is no text in the message to edit")
        return self._edit(message, form, shown)

    def edit_caption(self, bot: BotAccount, form: Form) -> dict[str, Any]:
        words = read_caption(caption_fields(form))
        message = self._own(bot, form)
        if not (message.shown.photo_file or message.shown.document):
            raise bad("there is no caption in the message to edit")
        return self._edit(message, form, replace(message.shown, words=words))

    def edit_media(self, bot: BotAccount, form: Form) -> dict[str, Any]:
        given = form.json("media")
        if not isinstance(given, dict) or given.get("type") not in ("photo", "document"):
            raise bad("can't parse InputMedia: type must be photo or document")
        words = read_caption(given)
        is_photo = given["type"] == "photo"
        media = self._sending.media(form.attached(str(given.get("media", ""))), is_photo=is_photo)
        shown = Shown(words, photo_file=media) if is_photo else Shown(words, document=media)
        return self._edit(self._own(bot, form), form, shown)

    def edit_markup(self, bot: BotAccount, form: Form) -> dict[str, Any]:
        message = self._own(bot, form)
        return self._edit(message, form, message.shown)

    def delete(self, bot: BotAccount, form: Form) -> bool:
        room = self._world.find(bot, form.text("chat_id"))
        message = room.messages.get(form.number("message_id", 0) or 0)
        if message is None:
            raise bad("message to delete not found")
        self._world.flood.spend(room.id)
        self._delete(bot, room, message)
        return True

    def delete_many(self, bot: BotAccount, form: Form) -> bool:
        room = self._world.find(bot, form.text("chat_id"))
        for number in form.json("message_ids") or []:
            message = room.messages.get(number)
            if message is not None:
                self._delete(bot, room, message)
        return True

    def react(self, bot: BotAccount, form: Form) -> bool:
        room = self._world.find(bot, form.text("chat_id"))
        message = room.messages.get(form.number("message_id", 0) or 0)
        if message is None:
            raise bad("message to react not found")
        chosen = [item.get("emoji", "") for item in form.json("reaction") or []]
        if len(chosen) > 1:
            raise bad("REACTIONS_TOO_MANY")
        if any(emoji.rstrip("\ufe0f") not in REACTIONS for emoji in chosen):
            raise bad("REACTION_INVALID")
        message.reactions[bot.id] = chosen
        self._world.changed()
        return True

    def answer(self, bot: BotAccount, form: Form) -> bool:
        query = self._world.queries.get(form.text("callback_query_id"))
        now = time.monotonic()
        is_old = query is not None and now - query.pressed_at > self._world.query_seconds
        if query is None or query.bot is not bot or is_old:
            raise bad(QUERY_TOO_OLD)
        if units(form.text("text")) > ANSWER_MAX:
            raise bad("MESSAGE_TOO_LONG")
        url = form.text("url")
        if url and not url.startswith(f"https://t.me/{bot.username}?start="):
            raise bad("URL_INVALID")
        if query.answer is None:
            query.answer = {
                "text": form.text("text"),
                "show_alert": form.is_true("show_alert"),
                "url": url,
            }
            query.answered_at = now
            self._world.changed()
        return True

    def _own(self, bot: BotAccount, form: Form) -> Message:
        room = self._world.writable(bot, form.text("chat_id"))
        message = room.messages.get(form.number("message_id", 0) or 0)
        if not form.number("message_id"):
            raise bad("message identifier is not specified")
        if message is None:
            raise bad("message to edit not found")
        # What was sent with a reply keyboard can never be edited, a trap of the real thing.
        has_keys = bool(message.shown.markup) and "inline_keyboard" not in message.shown.markup
        if message.sender is not bot or has_keys:
            raise bad("message can't be edited")
        return message

    def _edit(self, message: Message, form: Form, shown: Shown) -> dict[str, Any]:
        # A reply_markup that is left out takes the buttons away, as the real thing does.
        markup = check_markup(form.json("reply_markup"), inline_only=True)
        shown = replace(shown, markup=markup)
        self._world.flood.spend(message.room.id)
        if shown.is_same(message.shown):
            raise bad(NOT_MODIFIED)
        self._world.edit(message, shown)
        return message.to_json()

    def _delete(self, bot: BotAccount, room: Room, message: Message) -> None:
        is_own = message.sender is bot
        if isinstance(room, Group) and not is_own and not room.is_admin(bot):
            raise bad("message can't be deleted")
        if time.time() - message.date > DELETABLE_SECONDS:
            raise bad("message can't be deleted for everyone")
        self._world.delete(message)
