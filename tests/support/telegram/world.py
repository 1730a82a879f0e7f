"""Everything the server knows: accounts, rooms, messages, presses; and how bots hear of them."""

import asyncio
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any, TypeVar

from tests.support.telegram.flood import Flood
from tests.support.telegram.messages import Media, Message, Shown
from tests.support.telegram.people import Account, BotAccount
from tests.support.telegram.refusals import bad, forbidden
from tests.support.telegram.rooms import Group, PrivateRoom, Room

Found = TypeVar("Found")


@dataclass(eq=False, slots=True)
class Query:
    """A pressed button; answered at most once as far as anybody sees. Times are monotonic."""

    id: str
    bot: BotAccount
    pressed_at: float
    answer: dict[str, Any] | None = None
    answered_at: float = 0.0


@dataclass(slots=True)
class Draft:
    """A message about to be put into a room."""

    shown: Shown
    reply_to: Message | None = None
    thread_id: int | None = None
    is_silent: bool = False
    effect_id: str = ""
    is_anonymous: bool = False


@dataclass
class World:
    """The server's state. `query_seconds`: how long a press may wait for its answer."""

    knows_rich: bool = True
    query_seconds: float = 60.0
    accounts: dict[int, Account] = field(default_factory=dict)
    groups: dict[int, Group] = field(default_factory=dict)
    bots: dict[str, BotAccount] = field(default_factory=dict)
    queries: dict[str, Query] = field(default_factory=dict)
    files: dict[str, Media] = field(default_factory=dict)
    flood: Flood = field(default_factory=Flood)

    def __post_init__(self) -> None:
        self._private: dict[tuple[int, int], PrivateRoom] = {}
        self._ids: dict[int, count[int]] = {}
        self._query_ids = count(4_000_000_000_000_000_000)
        self._waiters: set[asyncio.Event] = set()

    # --- waiting ---

    def changed(self) -> None:
        """Wake everybody who waits for something to be seen."""
        for waiter in self._waiters:
            waiter.set()

    async def until(self, look: Callable[[], Found | None], seconds: float) -> Found:
        """Return what `look` finds, as soon as it finds it; raises TimeoutError."""
        waiter = asyncio.Event()
        self._waiters.add(waiter)
        try:
            async with asyncio.timeout(seconds):
                while not (found := look()):
                    waiter.clear()
                    await waiter.wait()
                return found
        finally:
            self._waiters.discard(waiter)

    # --- rooms ---

    def private(self, bot: BotAccount, person: Account) -> PrivateRoom:
        """Return the private chat of a bot and a person, started or not."""
        key = (bot.id, person.id)
        if key not in self._private:
            ids = self._ids.setdefault(bot.id, count(1))
            self._private[key] = PrivateRoom(bot, person, ids)
        return self._private[key]

    def find(self, bot: BotAccount, chat_id: str) -> Room:
        """Return a chat that a bot knows of; raises 400 or 403 as the API does."""
        if not chat_id:
            raise bad("chat_id is empty")
        if chat_id.startswith("@"):
            named = [
                group for group in self.groups.values() if f"@{group.settings.username}" == chat_id
            ]
            chat_id = str(named[0].id) if named else "0"
        if not re.fullmatch(r"-?\d+", chat_id):
            raise bad("chat not found")
        number = int(chat_id)
        return self._find_group(bot, number) if number < 0 else self._find_person(bot, number)

    def writable(self, bot: BotAccount, chat_id: str) -> Room:
        """Return a chat that a bot may write into."""
        room = self.find(bot, chat_id)
        if isinstance(room, Group):
            if room.is_read_only and not room.is_admin(bot):
                raise bad("not enough rights to send text messages to the chat")
            return room
        assert isinstance(room, PrivateRoom)
        if room.person.is_deactivated:
            raise forbidden("user is deactivated")
        if room.person.id in bot.blocked:
            raise forbidden("bot was blocked by the user")
        if room.person.id not in bot.started:
            raise forbidden("bot can't initiate conversation with a user")
        return room

    def _find_person(self, bot: BotAccount, number: int) -> Room:
        person = self.accounts.get(number)
        if person is None or not self._has_met(bot, person):
            raise bad("chat not found")
        if person.is_bot:
            raise forbidden("bot can't send messages to bots")
        return self.private(bot, person)

    def _has_met(self, bot: BotAccount, person: Account) -> bool:
        shared = (group for group in self.groups.values() if bot.id in group.members)
        return person.id in bot.started or any(person.id in group.members for group in shared)

    def _find_group(self, bot: BotAccount, number: int) -> Group:
        group = self.groups.get(number)
        if group is None:
            raise bad("chat not found")
        if group.migrated_to:
            raise bad(
                "group chat was upgraded to a supergroup chat",
                migrate_to_chat_id=group.migrated_to,
            )
        status = group.standing(bot).status
        if status == "kicked":
            raise forbidden(f"bot was kicked from the {group.settings.kind} chat")
        if status == "left":
            if bot.id not in group.members:
                raise bad("chat not found")
            raise forbidden(f"bot is not a member of the {group.settings.kind} chat")
        return group

    # --- messages ---

    def put(self, room: Room, sender: Account, draft: Draft) -> Message:
        """Put a message into a room and tell the bots that may hear it."""
        message = Message(
            id=room.next_id(),
            room=room,
            sender=sender,
            history=[draft.shown],
            reply_to=draft.reply_to,
            thread_id=draft.thread_id,
            is_silent=draft.is_silent,
            effect_id=draft.effect_id,
            is_anonymous=draft.is_anonymous,
        )
        room.messages[message.id] = message
        if sender.is_bot and draft.shown.markup:
            self._show_keys(message, draft.shown.markup)
        self._tell(message, "message")
        self.changed()
        return message

    def edit(self, message: Message, shown: Shown) -> None:
        """Show something else in a message's place; bots hear of a person's edits."""
        message.history.append(replace(shown, at=time.monotonic()))
        message.edit_date = int(time.time())
        self._tell(message, "edited_message")
        self.changed()

    def _tell(self, message: Message, kind: str) -> None:
        if message.sender.is_bot:
            return  # bots never hear each other
        for bot in message.room.bots():
            if self._hears(bot, message):
                bot.updates.push(kind, message.to_json())

    def delete(self, message: Message) -> None:
        message.is_deleted = True
        del message.room.messages[message.id]
        self.changed()

    def _show_keys(self, message: Message, markup: dict[str, Any]) -> None:
        room = message.room
        if markup.get("force_reply"):
            room.asking = message
        elif isinstance(room, PrivateRoom) and "inline_keyboard" not in markup:
            room.keyboard = markup if "keyboard" in markup else None

    def _hears(self, bot: BotAccount, message: Message) -> bool:
        """Apply privacy mode: in a group commands, replies to the bot, and service messages."""
        room, shown = message.room, message.shown
        if not isinstance(room, Group) or bot.reads_all or room.is_admin(bot) or shown.service:
            return True
        if message.reply_to is not None and message.reply_to.sender is bot:
            return True
        return any(self._is_for(bot, shown, item) for item in shown.entities)

    def _is_for(self, bot: BotAccount, shown: Shown, entity: dict[str, Any]) -> bool:
        if entity["type"] != "bot_command" or entity["offset"] != 0:
            return False
        _, at, named = shown.text[: entity["length"]].partition("@")
        return not at or named.lower() == bot.username.lower()

    # --- presses ---

    def press(self, presser: Account, message: Message, data: str) -> Query:
        """Tell a message's bot that one of its buttons was pressed."""
        bot = message.sender
        assert isinstance(bot, BotAccount)
        query = Query(str(next(self._query_ids)), bot, time.monotonic())
        self.queries[query.id] = query
        body = {
            "id": query.id,
            "from": presser.to_json(),
            "message": message.to_json(),
            "chat_instance": str(hash(message.room.id) % 10**18),
            "data": data,
        }
        bot.updates.push("callback_query", body)
        return query
