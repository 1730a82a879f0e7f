"""Shows a view in another chat of somebody, soon and at most once: a receipt, a chat that joined.

What must not be lost is a notice in the outbox; this is for what is worth saying only now.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial

from bot.delivery.chat_queues import ChatQueues
from bot.delivery.courier import Courier, CourierError, Priority, TryLater
from bot.delivery.way import GatedWay
from bot.messages.layout import lay
from bot.text import Catalog, Words
from bot.use_cases.books import Books
from bot.views import View
from engine.clock import Clock
from engine.defects import DEFECTS
from engine.ports import StoreError

log = logging.getLogger(__name__)

QUEUE_MAX = 1_000
PLATFORMS = ("telegram", "discord")


class Line:
    """What waits to be posted on one platform, and its courier once it can send."""

    def __init__(self, carry: Callable[[str, View], Awaitable[None]], clock: Clock) -> None:
        self.queues = ChatQueues(carry, clock, QUEUE_MAX)
        self.courier: Courier | None = None
        self.can_send = asyncio.Event()


class Posting:
    """Bounded queues of views per platform; what does not fit is dropped and logged."""

    def __init__(self, books: Books, way: GatedWay, catalog: Catalog, clock: Clock) -> None:
        self._books = books
        self._way = way
        self._catalog = catalog
        self._lines = {name: Line(partial(self._carry, name), clock) for name in PLATFORMS}

    def attach(self, platform: str, courier: Courier | None) -> None:
        """Take a platform's courier once it can send; None: it cannot."""
        line = self._lines[platform]
        line.courier = courier
        if courier is None:
            line.can_send.clear()
        else:
            line.can_send.set()

    def post(self, channel: str, view: View) -> None:
        """Show a view in somebody's private chat (`telegram:123`), if there is one."""
        platform, _, person_id = channel.partition(":")
        line = self._lines.get(platform)
        if line is not None and not line.queues.put(person_id, view):
            log.warning("not posted, too much waits: %s", type(view).__name__)

    async def run(self) -> None:
        """Post until canceled."""
        async with asyncio.TaskGroup() as group:
            for platform, line in self._lines.items():
                group.create_task(line.queues.run(), name=f"posting {platform}")

    async def _carry(self, platform: str, person_id: str, view: View) -> None:
        """Show a view if it can be shown. Raises TryLater."""
        line = self._lines[platform]
        await line.can_send.wait()
        assert line.courier is not None, "who can send has a courier"
        try:
            await self._post(platform, line.courier, person_id, view)
        except TryLater:
            raise
        except (CourierError, StoreError) as error:
            log.warning("not posted: %s: %s", type(view).__name__, type(error).__name__)
        except DEFECTS:
            log.exception("not posted, we are to blame: %s", type(view).__name__)

    async def _post(self, platform: str, courier: Courier, person_id: str, view: View) -> None:
        person = await self._books.person(platform, person_id)
        tongue = ("en", "UTC") if person is None else (person.locale, person.zone)
        message = lay(view, Words(self._catalog, *tongue))
        await self._way.send_soon(courier, person_id, message, Priority.ALERT)
