"""Groups and private chats: where we may stay, who administers, whom we can write to.

Answers of Telegram are kept for a while, and for a bounded number of people.
"""

import logging
from collections import OrderedDict
from collections.abc import Hashable

from telegram.constants import ChatAction, ChatMemberStatus
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.front import Front
from bot.surfaces.telegram.faults import log_fault
from bot.surfaces.telegram.wire import WireBot
from engine.clock import Clock
from engine.ports import StoreError

log = logging.getLogger(__name__)

ADMIN_SECONDS = 60.0
REACHED_SECONDS = 600.0
KEPT_MAX = 10_000
_ADMINS = (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)


class Recent:
    """Answers that hold for some seconds; the oldest make room for new ones."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock = clock
        self._seconds = seconds
        self._kept: OrderedDict[Hashable, tuple[float, bool]] = OrderedDict()

    def get(self, key: Hashable) -> bool | None:
        """Return an answer that still holds."""
        at, answer = self._kept.get(key, (float("-inf"), False))
        return answer if self._clock.monotonic() - at < self._seconds else None

    def put(self, key: Hashable, *, answer: bool) -> bool:
        """Keep an answer, and return it."""
        self._kept[key] = self._clock.monotonic(), answer
        self._kept.move_to_end(key)
        if len(self._kept) > KEPT_MAX:
            self._kept.popitem(last=False)
        return answer

    def drop(self, key: Hashable) -> None:
        """Forget an answer."""
        self._kept.pop(key, None)


class Rooms:
    """What Telegram and the house say about chats."""

    def __init__(self, front: Front, bot: WireBot) -> None:
        self._front = front
        self._bot = bot
        self._admins = Recent(front.clock, ADMIN_SECONDS)
        self._reached = Recent(front.clock, REACHED_SECONDS)

    async def may_stay(self, chat_id: str) -> bool:
        """Return whether the bot may be in a group, under its id of now or the one before."""
        if self._front.is_allowed(chat_id):
            return True
        try:
            old_id = await self._front.house.value(_moved(chat_id))
        except StoreError:
            return True  # whoever cannot look it up sends nobody away
        return old_id is not None and self._front.is_allowed(old_id)

    async def leave(self, chat_id: str) -> None:
        """Leave a group, if it lets us."""
        try:
            await self._bot.leave_chat(int(chat_id))
        except TelegramError as error:
            log_fault(log, "a group was not left", error)

    async def move(self, old_id: int, new_id: int) -> None:
        """Keep what holds in a group that has another id now. Raises StoreError."""
        await self._front.house.set_value(_moved(str(new_id)), str(old_id))
        await self._front.house.move_room("telegram", str(old_id), str(new_id))

    async def is_admin(self, chat_id: str, user_id: int) -> bool:
        """Return whether somebody administers a group, as known within the last minute."""
        known = self._admins.get((chat_id, user_id))
        if known is not None:
            return known
        try:
            member = await self._bot.get_chat_member(int(chat_id), user_id)
        except TelegramError as error:
            log_fault(log, "a group's admins are not known", error)
            return False
        return self._admins.put((chat_id, user_id), answer=member.status in _ADMINS)

    async def can_reach(self, user_id: int) -> bool:
        """Return whether somebody's private chat can be written to; when in doubt, it can."""
        if self._reached.get(user_id):
            return True
        try:
            await self._bot.send_chat_action(user_id, ChatAction.TYPING)
        except (Forbidden, BadRequest):
            return False
        except TelegramError:
            return True
        return self._reached.put(user_id, answer=True)

    async def reached(self, user_id: int, *, is_blocked: bool) -> None:
        """Note that somebody blocked us, or no longer does. Raises StoreError."""
        self._reached.drop(user_id)
        reason = "blocked" if is_blocked else None
        await self._front.house.mark_gone("telegram", str(user_id), reason)

    def lost(self, user_id: int) -> None:
        """Forget that somebody could be reached."""
        self._reached.drop(user_id)


def _moved(chat_id: str) -> str:
    return f"telegram.moved.{chat_id}"
