"""One exchange: what somebody said goes to his talk, what the talk shows goes to where it belongs.

What is personal never reaches a group: it goes to the private chat, or an invitation is left.
"""

import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import cast

from telegram.error import TelegramError

from bot.conversation.flood import Pace
from bot.conversation.said import Asked, Room, Said, Shown, Where
from bot.delivery.courier import Gone, Handle, Priority, Unsendable
from bot.front import Front, Talk
from bot.grammar.catalogue import Audience
from bot.grammar.requests import Start
from bot.messages import Message
from bot.surfaces.telegram.courier import TelegramCourier
from bot.surfaces.telegram.intake import Spoken
from bot.surfaces.telegram.keyboards import bringing_keys, invitation_link
from bot.surfaces.telegram.meaning import (
    PRIVATE,
    asked,
    audience,
    wants_keys,
    watched,
)
from bot.surfaces.telegram.menus import PersonalMenus
from bot.surfaces.telegram.rooms import Rooms
from bot.surfaces.telegram.signs import Signs
from bot.surfaces.telegram.wire import WireBot
from bot.text import Words

log = logging.getLogger(__name__)

DONE = "👌"


@dataclass(frozen=True)
class Means:
    """What every exchange is given. `default_locale`: for who does not tell his language."""

    front: Front
    bot: WireBot
    courier: TelegramCourier
    rooms: Rooms
    menus: PersonalMenus
    default_locale: str

    def talk(self, spoken: Spoken, room: Room) -> Talk:
        """Return the talk of who spoke."""
        user = spoken.user
        language = user.language_code or self.default_locale
        identity = self.front.talks.identity("telegram", str(user.id), user.full_name, language)
        return self.front.talks.of(identity, room)


async def serve(means: Means, spoken: Spoken, passed: Callable[[], None]) -> bool:
    """Serve one thing that was said or pressed; return whether its room was shown an answer.

    Raises CourierError when nothing can be shown.
    `passed` is called where the person's next event may begin before this one has ended.
    """
    room, signs = spoken.room, Signs(means.bot, spoken.room, spoken.query_id)
    async with signs.shown():
        said = means.talk(spoken, room).judged(spoken.said)
        if said.pace is Pace.SILENCE:
            return False
        spoken = replace(spoken, said=said)
        for_whom = audience(spoken.said)
        if not room.is_private and for_whom is Audience.CHAT_ADMIN:
            is_admin = await means.rooms.is_admin(room.id, spoken.user.id)
            room = replace(room, is_admin=is_admin)
        exchange = Exchange(means, replace(spoken, room=room), signs, passed)
        if not room.is_private and for_whom in PRIVATE and said.pace is Pace.HEARD:
            await exchange.run_from_group()
        else:
            await exchange.run()
        return exchange.has_answered_here


class Exchange:
    """Shows what a talk yields. Remembers, by chat, the message that stands there now."""

    def __init__(
        self, means: Means, spoken: Spoken, signs: Signs, passed: Callable[[], None]
    ) -> None:
        self._means = means
        self._way = means.front.way
        self._spoken = spoken
        self._room = spoken.room
        self._signs = signs
        self._passed = passed
        self._talk = means.talk(spoken, spoken.room)
        self._asked = asked(spoken.said, self._talk.words.locale)
        self._places: dict[str, Handle] = {}
        if spoken.pressed is not None:
            self._places[spoken.pressed.chat_id] = spoken.pressed
        self.has_answered_here = False
        self._is_reached = False
        self._is_handed_off = False
        self._has_reacted = False

    async def run_from_group(self) -> None:
        """Do what is one's own affair only if its answer can be told, else hand it off undone."""
        self._is_reached = await self._means.rooms.can_reach(self._spoken.user.id)
        if self._is_reached:
            await self.run()
        else:
            await self._hand_off(self._spoken.said)

    async def run(self) -> None:
        """Hear the talk to its end and show what it yields."""
        has_shown, is_arrival = False, False
        hearing = cast("AsyncGenerator[Shown | Asked]", self._talk.hear(self._spoken.said))
        async with aclosing(hearing):  # what could not be shown comes later, as a notice
            async for shown in hearing:
                one = shown if isinstance(shown, Shown) else _question(shown)
                await self._show(one)
                has_shown, is_arrival = True, is_arrival or one.is_arrival
                if one.lets_go:
                    self._passed()
                if self._is_handed_off:
                    break
        is_typed = self._spoken.said.line is not None and not self._spoken.is_key
        is_wanted = is_arrival or wants_keys(self._asked, is_typed=is_typed)
        if has_shown and self._room.is_private and is_wanted:
            await self._send(self._room.id, bringing_keys(self._talk.words))
        if has_shown and self._room.is_private:
            user = self._spoken.user
            await self._means.menus.keep(user.id, user.language_code, self._talk.own_locale)

    async def _show(self, shown: Shown) -> None:
        if shown.where is Where.TOAST and self._signs.toast(shown.message.lines):
            return
        is_aside = not self._room.is_private and (shown.is_personal or shown.where is Where.TOAST)
        if is_aside and self._is_reached:
            self._tell_where(shown)
        elif not is_aside:
            self._signs.something()
        handle = await (self._aside(shown) if is_aside else self._put(self._room.id, shown))
        self.has_answered_here |= not is_aside
        if handle is not None and shown.is_watched:
            await self._means.front.live.watch(
                handle, self._talk, watched(self._asked), shown.message
            )

    def _tell_where(self, shown: Shown) -> None:
        """Tell who pressed in a group where his answer is."""
        his = Words(self._means.front.catalog, shown.message.locale)
        if not self._signs.toast((his.say("answered-in-private"),)):
            self._signs.something()

    async def _aside(self, shown: Shown) -> Handle | None:
        """Show something to one person of a group, in his private chat."""
        try:
            handle = await self._put(str(self._spoken.user.id), shown)
        except Gone:
            self._means.rooms.lost(self._spoken.user.id)
            if shown.where is not Where.TOAST:
                await self._hand_off(self._resumable())
            return None
        self._tell_where(shown)
        await self._react()
        return handle

    def _resumable(self) -> Said:
        """Return what may be resumed: not what was done already, though it could not be told."""
        said = self._spoken.said
        return Said(key=said.key, request=Start()) if self._is_reached else said

    async def _put(self, chat_id: str, shown: Shown) -> Handle:
        """Show a message in place of the one before, or as one of its own."""
        place = self._places.get(chat_id)
        if shown.where is Where.SAME and place is not None:
            await self._means.front.live.leave(place)
            try:
                await self._way.edit(self._means.courier, place, shown.message, Priority.ANSWER)
            except (Unsendable, Gone):
                log.debug("a message cannot be edited: a new one takes its place")
            else:
                return place
        place = await self._send(chat_id, shown.message)
        self._places[chat_id] = place
        return place

    async def _send(self, chat_id: str, message: Message) -> Handle:
        is_here = chat_id == self._room.id
        return await self._way.send(
            self._means.courier,
            chat_id,
            message,
            Priority.ANSWER,
            topic=self._room.topic if is_here else "",
            is_person=not is_here or self._room.is_private,
        )

    async def _hand_off(self, said: Said) -> None:
        """Open the private chat to who pressed; else leave an invitation, if none leads there."""
        self._is_handed_off = True
        invitation = await self._talk.hand_off(said)
        if invitation is None:
            self._signs.something()
            return
        link = invitation_link(invitation, self._means.bot.username)
        if link is not None and self._signs.opens(link):
            return
        self._signs.something()
        await self._send(self._room.id, invitation)

    async def _react(self) -> None:
        """Mark a group's message as served, where reactions are let."""
        if self._has_reacted or self._spoken.pressed is not None or not self._spoken.message_id:
            return
        self._has_reacted = True
        try:
            await self._means.bot.set_message_reaction(
                int(self._room.id), self._spoken.message_id, DONE
            )
        except TelegramError:
            log.debug("no reaction is let here")


def _question(form: Asked) -> Shown:
    """Ask in a message what elsewhere opens a form: here are none."""
    lines = dict.fromkeys((form.form.title, form.form.label))
    asks = Message(lines=tuple(lines), answers_by_text=True, placeholder=form.form.placeholder)
    return Shown(message=asks)
