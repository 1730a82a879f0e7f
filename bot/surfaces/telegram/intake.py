"""Reads one update: who speaks, where, and what he means to us; None for what is not ours.

Nothing in it is trusted, nothing is decided, and nothing is asked of anybody.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from telegram import (
    CallbackQuery,
    Chat,
    ChatMember,
    ChatMemberUpdated,
    MaybeInaccessibleMessage,
    Update,
    User,
)
from telegram import Message as Sent
from telegram.constants import ChatMemberStatus, ChatType

from bot.conversation.lines import trade_of
from bot.conversation.said import Room, Said
from bot.delivery.courier import Handle
from bot.grammar.catalogue import COMMANDS, Audience, Command
from bot.surfaces.telegram.markup import clean

GROUPS = (ChatType.GROUP, ChatType.SUPERGROUP)
NAME_MAX = 64

COMMAND_OF: Mapping[str, Command] = {word: one for one in COMMANDS for word in one.words}

_COMMAND = re.compile(r"/(?P<word>[A-Za-z0-9_]{1,32})(?:@(?P<bot>[A-Za-z0-9_]{1,32}))?(?=\s|$)")
_OUTSIDE = (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED)


@dataclass(frozen=True)
class Us:
    """Who we are. `keys`: what each key below the typing field means, by its label."""

    id: int
    username: str
    keys: Mapping[str, str]

    def key(self, update_id: int) -> str:
        """Name an event for ever: the same update twice does a thing once."""
        return f"telegram:{self.id}:{update_id}"


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """Somebody said or pressed something. `message_id`: his own message, or the pressed one.

    `is_key`: he pressed one of the keys below the typing field.
    """

    user: User
    room: Room
    said: Said
    message_id: int
    query_id: str | None = None
    pressed: Handle | None = None
    is_key: bool = False


@dataclass(frozen=True)
class Joined:
    """We were brought into a group."""

    user: User
    room: Room
    key: str


@dataclass(frozen=True)
class Reached:
    """Somebody blocked us in his private chat, or lets us in again."""

    user_id: int
    is_blocked: bool


@dataclass(frozen=True)
class Moved:
    """A group has another id now."""

    old_id: int
    new_id: int


@dataclass(frozen=True)
class GroupChosen:
    """Somebody chose a group for the card of a trade; `number` 0: of his last one."""

    user: User
    room: Room
    number: int
    key: str


Event = Spoken | Joined | Reached | Moved | GroupChosen


def read(update: Update, us: Us) -> Event | None:
    """Say what an update is to us."""
    if update.callback_query is not None:
        return _pressed(update.callback_query, us.key(update.update_id))
    if update.my_chat_member is not None:
        return _membership(update.my_chat_member, us.key(update.update_id))
    if update.message is not None:
        return _message(update.message, us, us.key(update.update_id))
    return None


def lane_of(event: Event) -> tuple[str, int | str]:
    """Return whose turn an event waits for: a person in a room, or a room itself."""
    match event:
        case Spoken():
            return event.room.id, event.user.id
        case Joined() | GroupChosen():
            return event.room.id, event.user.id
        case Reached():
            return str(event.user_id), event.user_id
        case Moved():
            return str(event.old_id), "room"


def _pressed(query: CallbackQuery, key: str) -> Spoken | None:
    message = query.message
    if message is None or query.from_user.is_bot or not _is_ours(message.chat):
        return None
    room = _room(message.chat, message if isinstance(message, Sent) else None)
    pressed = Handle(
        platform="telegram", chat_id=room.id, message_id=str(message.message_id), topic=room.topic
    )
    return Spoken(
        user=query.from_user,
        room=room,
        said=Said(
            key=key,
            payload=query.data or "",
            message_id=str(message.message_id),
            shown_at_ms=_written_ms(message),
        ),
        message_id=message.message_id,
        query_id=query.id,
        pressed=pressed,
    )


def _membership(change: ChatMemberUpdated, key: str) -> Joined | Reached | None:
    was, now = change.old_chat_member, change.new_chat_member
    if change.chat.type == ChatType.PRIVATE:
        return Reached(change.chat.id, now.status == ChatMemberStatus.BANNED)
    is_new = not _is_inside(was) and _is_inside(now)
    if change.chat.type in GROUPS and is_new:
        return Joined(change.from_user, _room(change.chat, None), key)
    return None


def _is_inside(member: ChatMember) -> bool:
    return member.status not in _OUTSIDE and getattr(member, "is_member", True)


def _message(message: Sent, us: Us, key: str) -> Event | None:
    if not _is_ours(message.chat):
        return None
    if message.migrate_to_chat_id is not None:
        return Moved(message.chat.id, message.migrate_to_chat_id)
    user = message.from_user
    if user is None or user.is_bot or message.sender_chat is not None:
        return None
    if message.chat_shared is not None and message.chat.type == ChatType.PRIVATE:
        chosen = message.chat_shared
        room = Room(id=str(chosen.chat_id), is_private=False, name=_named(chosen.title))
        return GroupChosen(user, room, chosen.request_id, key)
    line = _line(message, us)
    if line is None:
        return None
    room = _room(message.chat, message)
    said = Said(
        key=key,
        line=line,
        replied_number=_replied(message) if room.is_private else None,
        shown_at_ms=_written_ms(message.reply_to_message),
    )
    return Spoken(
        user=user,
        room=room,
        said=said,
        message_id=message.message_id,
        is_key=message.text in us.keys,
    )


def _line(message: Sent, us: Us) -> str | None:
    """Return what was typed to us; what was forwarded was said by somebody else, or elsewhere."""
    text = message.text or message.caption
    if text is None or message.forward_origin is not None or message.via_bot is not None:
        return None
    is_private = message.chat.type == ChatType.PRIVATE
    found = _COMMAND.match(text)
    if found is None:
        if is_private:
            return us.keys.get(text, text)
        return text if _is_reply_to_us(message, us) else None
    addressed = found["bot"]
    if addressed is not None and addressed.lower() != us.username.lower():
        return None
    if addressed is None and not is_private and not _is_known(found["word"]):
        return None  # another bot's
    return f"/{found['word']}{text[found.end() :]}"


def _is_known(word: str) -> bool:
    command = COMMAND_OF.get(word.lower())
    return command is not None and command.audience is not Audience.TERMINAL


def _is_reply_to_us(message: Sent, us: Us) -> bool:
    """In a topic every message replies to the one that opened it: that one does not count."""
    replied = message.reply_to_message
    if replied is None or replied.from_user is None or replied.forum_topic_created is not None:
        return False
    return replied.from_user.id == us.id


def _replied(message: Sent) -> int | None:
    """Return the trade whose message is replied to, as its buttons name it."""
    replied = message.reply_to_message
    if replied is None or replied.from_user is None or not replied.from_user.is_bot:
        return None
    markup = replied.reply_markup
    buttons = [one for row in markup.inline_keyboard for one in row] if markup else []
    payloads = [one.callback_data for one in buttons if isinstance(one.callback_data, str)]
    return trade_of(payloads, replied.text or replied.caption or "")


def _written_ms(message: MaybeInaccessibleMessage | None) -> int | None:
    """Return when a message was last written (ms UTC), None where Telegram does not tell."""
    if not isinstance(message, Sent):
        return None
    return int((message.edit_date or message.date).timestamp() * 1000)


def _is_ours(chat: Chat) -> bool:
    return chat.type == ChatType.PRIVATE or chat.type in GROUPS


def _room(chat: Chat, message: Sent | None) -> Room:
    is_topic = message is not None and message.is_topic_message and message.message_thread_id
    return Room(
        id=str(chat.id),
        is_private=chat.type == ChatType.PRIVATE,
        topic=str(message.message_thread_id) if message is not None and is_topic else "",
        name=_named(chat.title),
    )


def _named(title: str | None) -> str:
    return clean(title or "")[:NAME_MAX]
