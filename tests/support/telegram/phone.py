"""A person with his phone: what he types and taps, and what he sees of what the bot does."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

from tests.support.telegram.entities import read_text
from tests.support.telegram.keyboards import Button
from tests.support.telegram.messages import Message, Shown
from tests.support.telegram.people import Account, BotAccount, Command
from tests.support.telegram.rooms import Group, Member, PrivateRoom, Room
from tests.support.telegram.settings import standing_update, tell_standing
from tests.support.telegram.world import Draft, Query, World

Found = TypeVar("Found")
PATIENCE_SECONDS = 15.0


class NoSuchButton(AssertionError):
    """What should be tapped is not on the screen."""


@dataclass(slots=True)
class Pressed:
    """What a tap led to. `toast`: the short answer, empty when the circle just went away.

    A button with an address or a text to copy asks no bot: it has `opened` or `copied` alone.
    """

    message: Message
    toast: str = ""
    is_alert: bool = False
    opened: str = ""
    copied: str = ""
    seconds: float = 0.0
    versions: int = 0
    world: World | None = None

    async def edited(self, seconds: float = PATIENCE_SECONDS) -> Message:
        """Wait until the message shows something else than when it was pressed."""
        assert self.world is not None
        await self.world.until(lambda: len(self.message.history) > self.versions, seconds)
        return self.message


class Phone:
    """One person. `where` is a Group, or a bot (its private chat); without it the first bot."""

    def __init__(self, world: World, account: Account) -> None:
        self._world = world
        self._read: dict[Room, int] = {}
        self.account = account
        self.patience_seconds = PATIENCE_SECONDS

    @property
    def id(self) -> int:
        return self.account.id

    # --- speaking ---

    async def says(
        self,
        text: str,
        where: "Group | BotAccount | None" = None,
        *,
        reply_to: Message | None = None,
        topic: int | None = None,
        as_group: bool = False,
    ) -> Message:
        """Type a line and send it; `topic` is a thread id, `as_group` an administrator's mask.

        After a message that forces a reply the client makes the line a reply to it by itself.
        """
        reply_to = reply_to or self._asking(self.room(where))
        draft = Draft(_typed(text), reply_to, topic, is_anonymous=as_group)
        return self._put(where, draft)

    async def edits(self, message: Message, text: str) -> None:
        """Change what he has sent."""
        assert message.sender is self.account, "not his"
        self._world.edit(message, _typed(text))

    async def starts(self, payload: str = "", bot: BotAccount | None = None) -> Message:
        """Press Start, with what a deep link carries."""
        return await self.says(f"/start {payload}".strip(), bot)

    async def opens(self, url: str) -> Message:
        """Follow a `t.me/<bot>?start=...` link."""
        parts = urlsplit(url)
        assert parts.hostname == "t.me", url
        named = [b for b in self._world.bots.values() if b.username == parts.path.strip("/")]
        assert named, f"no bot of that name: {url}"
        payload = parse_qs(parts.query).get("start", [""])[0]
        assert re.fullmatch(r"[A-Za-z0-9_-]{0,64}", payload), f"no client sends this: {url}"
        return await self.starts(payload, named[0])

    async def taps(self, label: str, bot: BotAccount | None = None) -> Message:
        """Press a key of the persistent keyboard, which sends its label."""
        key = self._key(label, bot)
        assert not {"request_chat", "request_contact", "web_app"} & set(key), "it asks for more"
        return await self.says(key["text"], bot)

    async def shares(self, group: Group, label: str, bot: BotAccount | None = None) -> Message:
        """Press a key that asks for a chat, and choose a group."""
        key = self._key(label, bot)
        assert "request_chat" in key, f"{label} asks for no chat"
        wanted = key["request_chat"]
        assert not wanted["chat_is_channel"], "a group is no channel"
        shared: dict[str, Any] = {"request_id": wanted["request_id"], "chat_id": group.id}
        if wanted.get("request_title"):
            shared["title"] = group.title
        me = bot or self._bot()
        if wanted.get("bot_is_member"):
            assert group.standing(me).is_in, "the client offers only groups that the bot is in"
        return self._put(bot, Draft(Shown(service={"chat_shared": shared})))

    def _put(self, where: "Group | BotAccount | None", draft: Draft) -> Message:
        room = self.room(where)
        if isinstance(room, PrivateRoom):
            assert self.id not in room.bot.blocked, "unblock the bot first"
            room.bot.started.add(self.id)
        else:
            assert room.seen_by(self.account), "not a member"
        return self._world.put(room, self.account, draft)

    def _asking(self, room: Room) -> Message | None:
        """Return the message whose reply the client has opened for him; once."""
        message = room.asking
        if message is None or message.is_deleted:
            return None
        markup = message.shown.markup or {}
        is_mine = message.reply_to is not None and message.reply_to.sender is self.account
        if isinstance(room, Group) and markup.get("selective") and not is_mine:
            return None
        room.asking = None
        return message

    # --- pressing ---

    async def presses(self, message: Message, button: str) -> Pressed:
        """Press a button by its label or payload, and wait for the bot's answer.

        Raises NoSuchButton, and TimeoutError when no answer comes (the circle goes on turning).
        """
        found = self._button(message, button)
        versions = len(message.history)
        if not found.data:
            return Pressed(message, opened=found.url, copied=found.copied, versions=versions)
        return await self.sends_press(message, found.data)

    async def sends_press(self, message: Message, data: str) -> Pressed:
        """Send any payload as if a button had carried it (a changed client can); wait."""
        assert message.room.seen_by(self.account), "he does not see this message"
        versions, begun = len(message.history), time.monotonic()
        query = self._world.press(self.account, message, data)
        answer = await self._world.until(lambda: query.answer, self.patience_seconds)
        return Pressed(
            message,
            toast=answer["text"],
            is_alert=answer["show_alert"],
            opened=answer["url"],
            seconds=query.answered_at - begun,
            versions=versions,
            world=self._world,
        )

    def presses_only(self, message: Message, data: str) -> Query:
        """Send a payload and do not wait; the Query tells later whether it was answered."""
        return self._world.press(self.account, message, data)

    # --- groups and blocking ---

    async def blocks(self, bot: BotAccount | None = None) -> None:
        """Block the bot, which is told."""
        self._change_private(bot, "member", "kicked")

    async def unblocks(self, bot: BotAccount | None = None) -> None:
        """Take it back (a client then sends nothing by itself)."""
        self._change_private(bot, "kicked", "member")

    async def adds_bot(self, group: Group, bot: BotAccount | None = None) -> None:
        """Put the bot into a group."""
        me = bot or self._bot()
        tell_standing(group, me, self.account, "member")
        self._world.put(
            group, self.account, Draft(Shown(service={"new_chat_members": [me.to_json()]}))
        )

    async def removes_bot(self, group: Group, bot: BotAccount | None = None) -> None:
        """Throw the bot out."""
        tell_standing(group, bot or self._bot(), self.account, "kicked")
        self._world.changed()

    async def makes_admin(self, group: Group, bot: BotAccount | None = None) -> None:
        """Make the bot an administrator: it then hears everything."""
        tell_standing(group, bot or self._bot(), self.account, "administrator")

    async def joins(self, group: Group) -> None:
        group.put(self.account, "member")
        service = {"new_chat_members": [self.account.to_json()]}
        self._world.put(group, self.account, Draft(Shown(service=service)))

    async def leaves(self, group: Group) -> None:
        group.put(self.account, "left")
        service = {"left_chat_member": self.account.to_json()}
        self._world.put(group, self.account, Draft(Shown(service=service)))

    def _change_private(self, bot: BotAccount | None, old: str, new: str) -> None:
        me = bot or self._bot()
        (me.blocked.add if new == "kicked" else me.blocked.discard)(self.id)
        chat = self._world.private(me, self.account).to_json()
        update = standing_update(chat, self.account, Member(me, old), Member(me, new))
        me.updates.push("my_chat_member", update)

    # --- reading ---

    def room(self, where: "Group | BotAccount | None" = None) -> Room:
        """Return a chat of his."""
        if isinstance(where, Group):
            return where
        return self._world.private(where or self._bot(), self.account)

    def messages(self, where: "Group | BotAccount | None" = None) -> list[Message]:
        """Return what stands in a chat now, oldest first; nothing where he does not read along."""
        room = self.room(where)
        return list(room.messages.values()) if room.seen_by(self.account) else []

    def last(self, where: "Group | BotAccount | None" = None) -> Message | None:
        """Return the newest message of a bot in a chat."""
        sent = [item for item in self.messages(where) if item.sender.is_bot]
        return sent[-1] if sent else None

    async def next(
        self, where: "Group | BotAccount | None" = None, *, seconds: float = 0
    ) -> Message:
        """Return a bot's next message that he has not read; raises TimeoutError."""
        room = self.room(where)
        found = await self._world.until(
            lambda: self._unread(room, where), seconds or self.patience_seconds
        )
        self._read[room] = found.id
        return found

    async def sees(
        self, text: str, where: "Group | BotAccount | None" = None, *, seconds: float = 0
    ) -> Message:
        """Return a bot's message that has `text` in it, old or new, as soon as there is one."""
        return await self.until(
            lambda: next(
                (
                    item
                    for item in reversed(self.messages(where))
                    if text in item.text and item.sender.is_bot
                ),
                None,
            ),
            seconds=seconds,
        )

    async def until(self, predicate: Callable[[], Found | None], *, seconds: float = 0) -> Found:
        """Return what a look at the screen finds, as soon as it finds it; raises TimeoutError."""
        return await self._world.until(predicate, seconds or self.patience_seconds)

    def reads_all(self, where: "Group | BotAccount | None" = None) -> list[Message]:
        """Mark what bots have sent as read; return it."""
        room, told = self.room(where), []
        while (found := self._unread(room, where)) is not None:
            self._read[room] = found.id
            told.append(found)
        return told

    def keyboard(self, bot: BotAccount | None = None) -> list[list[str]]:
        """Return the persistent keyboard's labels by row; none is an empty list."""
        return [[key["text"] for key in row] for row in self._keys(bot)]

    def menu(self, where: "Group | BotAccount | None" = None) -> list[Command]:
        """Return the commands that his client lists in a chat: the most specific scope wins."""
        room = self.room(where)
        me = where if isinstance(where, BotAccount) else self._bot()
        language = self.account.language_code[:2]
        for kind, user_id in self._scopes(room):
            at = room.id if kind.startswith("chat") else 0
            for code in (language, ""):
                found = me.commands.get((kind, at, user_id, code))
                if found:
                    return found
        return []

    def _scopes(self, room: Room) -> list[tuple[str, int]]:
        if not isinstance(room, Group):
            return [("chat", 0), ("all_private_chats", 0), ("default", 0)]
        admin = [("chat_administrators", 0)] if room.is_admin(self.account) else []
        admins = [("all_chat_administrators", 0)] if admin else []
        mine, plain = [("chat_member", self.id)], [("all_group_chats", 0), ("default", 0)]
        return [*mine, *admin, ("chat", 0), *admins, *plain]

    def _unread(self, room: Room, where: "Group | BotAccount | None") -> Message | None:
        after = self._read.get(room, 0)
        new = (item for item in self.messages(where) if item.id > after)
        return next((item for item in new if item.sender.is_bot), None)

    def _bot(self) -> BotAccount:
        return next(iter(self._world.bots.values()))

    def _keys(self, bot: BotAccount | None) -> list[list[dict[str, Any]]]:
        markup = self._world.private(bot or self._bot(), self.account).keyboard
        return markup["keyboard"] if markup else []

    def _key(self, label: str, bot: BotAccount | None) -> dict[str, Any]:
        for row in self._keys(bot):
            for key in row:
                if key["text"] == label:
                    return key
        raise NoSuchButton(f"{label!r} is not among {self.keyboard(bot)}")

    def _button(self, message: Message, wanted: str) -> Button:
        assert not message.is_deleted, "the message is gone"
        assert message.room.seen_by(self.account), "he does not see this message"
        all_of_them = [button for row in message.buttons for button in row]
        exact = [item for item in all_of_them if wanted in (item.label, item.data)]
        near = exact or [item for item in all_of_them if wanted in item.label]
        if len(near) != 1:
            raise NoSuchButton(f"{wanted!r} is not one of {message.labels} under {message.text!r}")
        return near[0]


def _typed(text: str) -> Shown:
    words = read_text(text, None, None)
    assert 0 < len(words) <= 4096, "a client sends 1 to 4096 characters"
    return Shown(words)
