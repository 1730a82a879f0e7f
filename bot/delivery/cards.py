"""Sends a closed trade's card after the message that tells its end: silently, and only in a lull.

A card is worth having and never worth a delay: where many wait, the exit's button is enough.
"""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from msgspec import structs

from bot.delivery.chat_queues import ChatQueues
from bot.delivery.courier import Courier, CourierError, Priority, TryLater
from bot.delivery.way import GatedWay
from bot.grammar.requests import ByNumber, Card
from bot.messages.layout import lay
from bot.text import Catalog, Words
from bot.use_cases import charting
from bot.use_cases.context import Caller, Context, Identity
from bot.views import CardView
from db.queries.records import Notice
from engine.core.effects import TradeExited
from engine.defects import DEFECTS
from engine.ports import StoreError

log = logging.getLogger(__name__)

QUEUE_MAX = 200
PLATFORMS = ("telegram", "discord")
CROWD = 20
BREATH_SECONDS = 0.5


@dataclass(frozen=True)
class CardParts:
    """What cards are made of."""

    context: Context
    way: GatedWay
    catalog: Catalog


class Cards:
    """Short queues of trades whose cards are due; when they are full, there is no lull."""

    def __init__(self, parts: CardParts) -> None:
        self._parts = parts
        self._couriers: dict[str, Courier] = {}
        self._queues: Mapping[str, ChatQueues[int]] = {
            platform: ChatQueues(partial(self._carry, platform), parts.context.clock, QUEUE_MAX)
            for platform in PLATFORMS
        }

    def attach(self, platform: str, courier: Courier | None) -> None:
        """Take a platform's courier; None: it cannot send, so there are no cards."""
        if courier is None:
            self._couriers.pop(platform, None)
        else:
            self._couriers[platform] = courier

    def after_sent(self, notice: Notice, channel: str) -> None:
        """Follow the message that told a trade's end on a channel."""
        effect = notice.effect
        if isinstance(effect, TradeExited) and not effect.trade.is_open and notice.number:
            self.follow(channel, notice.number)

    def follow(self, channel: str, number: int) -> None:
        """Send the card of somebody's trade soon, unless many wait for that platform."""
        platform, _, person_id = channel.partition(":")
        if platform in self._couriers and self._parts.way.gate(platform).queued < CROWD:
            # the message it follows comes first
            self._queues[platform].put(person_id, number, BREATH_SECONDS)

    async def run(self) -> None:
        """Send until canceled."""
        async with asyncio.TaskGroup() as group:
            for platform, queues in self._queues.items():
                group.create_task(queues.run(), name=f"cards {platform}")

    async def _carry(self, platform: str, person_id: str, number: int) -> None:
        """Send a card if it can be sent. Raises TryLater."""
        try:
            await self._send(platform, person_id, number)
        except TryLater:
            raise
        except (CourierError, StoreError) as error:
            log.info("no card: %s", type(error).__name__)
        except DEFECTS:
            log.exception("no card, we are to blame")

    async def _send(self, platform: str, person_id: str, number: int) -> None:
        parts, courier = self._parts, self._couriers.get(platform)
        person = await parts.context.books.person(platform, person_id)
        if courier is None or person is None:
            return
        identity = Identity(platform, person_id, "", person.locale, person.zone)
        caller = Caller(identity, person, "")
        view = await charting.card(parts.context, caller, Card(ByNumber(number)))
        if isinstance(view, CardView):
            words = Words(parts.catalog, person.locale, person.zone)
            message = structs.replace(lay(view, words), is_silent=True)
            await parts.way.send_soon(courier, person_id, message, Priority.LIVE)
