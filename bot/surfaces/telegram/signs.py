"""The small signs of life while somebody waits: a press is acknowledged, "typing…" is shown."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from telegram.constants import ChatAction
from telegram.error import TelegramError

from bot.conversation.said import Room
from bot.surfaces.telegram.markup import clean
from bot.surfaces.telegram.wire import WireBot

log = logging.getLogger(__name__)

ACKNOWLEDGE_SECONDS = 0.5
TYPING_AFTER_SECONDS = 1.0
TYPING_AGAIN_SECONDS = 4.5
TYPING_TIMES_MAX = 8
LAST_SECONDS = 3.0
TOAST_MAX = 200
TOAST_READ_MAX = 80


class Signs:
    """What one exchange shows besides messages. A press is answered once, whatever happens."""

    def __init__(self, bot: WireBot, room: Room, query_id: str | None) -> None:
        self._bot = bot
        self._room = room
        self._query_id = query_id
        self._is_decided = asyncio.Event()
        self._has_shown = asyncio.Event()
        self._toast = ""
        self._url = ""

    @asynccontextmanager
    async def shown(self) -> AsyncIterator[None]:
        """Give the signs while the block runs, and acknowledge the press at its end at last."""
        acknowledging = asyncio.create_task(self._acknowledge(), name="telegram acknowledge")
        typing = asyncio.create_task(self._type(), name="telegram typing")
        patience = LAST_SECONDS
        try:
            yield
        except asyncio.CancelledError:
            patience = 0.0  # the end of the process waits for nobody's circle
            raise
        finally:
            self._is_decided.set()
            typing.cancel()
            try:
                await asyncio.wait([acknowledging], timeout=patience)
            finally:
                acknowledging.cancel()
                await asyncio.gather(acknowledging, typing, return_exceptions=True)

    def something(self) -> None:
        """Say that something is shown now: nobody needs to be told to wait."""
        self._is_decided.set()
        self._has_shown.set()

    def toast(self, lines: tuple[str, ...]) -> bool:
        """Show a toast to who pressed; False where nothing was pressed or it was answered."""
        if not self._is_awaited:
            return False
        self._toast = "\n".join(map(clean, lines))[:TOAST_MAX]
        self.something()
        return True

    def opens(self, url: str) -> bool:
        """Open our own private chat to who pressed, by its link; False as for a toast."""
        if not self._is_awaited:
            return False
        self._url = url
        self.something()
        return True

    @property
    def _is_awaited(self) -> bool:
        return self._query_id is not None and not self._is_decided.is_set()

    async def _acknowledge(self) -> None:
        if self._query_id is None:
            return
        try:
            async with asyncio.timeout(ACKNOWLEDGE_SECONDS):
                await self._is_decided.wait()
        except TimeoutError:
            self._is_decided.set()
        is_long = len(self._toast) > TOAST_READ_MAX
        try:
            await self._bot.answer_callback_query(
                self._query_id,
                text=self._toast or None,
                show_alert=is_long or None,
                url=self._url or None,
            )
        except TelegramError as error:  # too old, or answered by another process
            log.debug("a press was not acknowledged: %s", type(error).__name__)

    async def _type(self) -> None:
        pause = TYPING_AFTER_SECONDS
        for _ in range(TYPING_TIMES_MAX):
            try:
                async with asyncio.timeout(pause):
                    await self._has_shown.wait()
                return
            except TimeoutError:
                pause = TYPING_AGAIN_SECONDS
            topic = int(self._room.topic) if self._room.topic else None
            try:
                await self._bot.send_chat_action(
                    int(self._room.id), ChatAction.TYPING, message_thread_id=topic
                )
            except TelegramError:
                return
