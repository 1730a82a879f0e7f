"""Telegram's life in this process: begins, is watched over, ends in order; never falls with it."""

import asyncio
import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from telegram import Update
from telegram.error import TelegramError

from bot.conversation.said import Said
from bot.front import Front
from bot.grammar.requests import Help
from bot.surfaces.telegram.courier import TelegramCourier
from bot.surfaces.telegram.exchange import Means, serve
from bot.surfaces.telegram.faults import FAULTS, log_fault
from bot.surfaces.telegram.intake import (
    Event,
    GroupChosen,
    Joined,
    Moved,
    Reached,
    Spoken,
    Us,
    lane_of,
    read,
)
from bot.surfaces.telegram.keyboards import Keyboards
from bot.surfaces.telegram.lanes import Lanes
from bot.surfaces.telegram.menus import PersonalMenus, tell_menus
from bot.surfaces.telegram.polling import Inbox, Pace, Pauses, Poller
from bot.surfaces.telegram.rooms import Rooms
from bot.surfaces.telegram.sharing import share
from bot.surfaces.telegram.wire import WireBot, make_bot
from bot.views import PlatformState
from bot.views.market import GROUP_HELLO
from engine.defects import DEFECTS

log = logging.getLogger(__name__)

API_URL = "https://api.telegram.org"
DEFAULT_LOCALE = "en"
CONFIRM_SECONDS = 0.5
CLOSE_SECONDS = 0.3

_TOKEN = re.compile(r"[A-Za-z0-9_:-]{1,100}")


@dataclass(frozen=True, kw_only=True)
class TelegramSettings:
    """The bot's token, the server, the hosts' ids.

    `default_locale` is the language of who tells none: English, if it is not set.
    """

    token: str = field(repr=False)
    api_url: str = API_URL
    hosts: frozenset[str] = frozenset()
    default_locale: str | None = None
    pace: Pace = field(default_factory=Pace)


async def run_telegram(front: Front, settings: TelegramSettings, stop: asyncio.Event) -> None:
    """Serve Telegram until `stop`, whatever happens there; all is closed within 3 s of it."""
    surface = Surface(front, settings)
    stopping = asyncio.create_task(stop.wait(), name="telegram stop")
    running: asyncio.Task[None] | None = None
    try:
        while not stop.is_set():
            running = asyncio.create_task(surface.run(), name="telegram")
            await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if running.done() and not running.cancelled() and (error := running.exception()):
                log_fault(log, "Telegram ended, for a reason nobody thought of", error)
                surface.report(PlatformState.AWAY, type(error).__name__)
                await asyncio.wait({stopping}, timeout=settings.pace.away_max)
    finally:
        left: list[asyncio.Task[Any]] = [task for task in (running, stopping) if task]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        await surface.close()


class Surface:
    """The parts of one platform's life, and the order in which they begin and end."""

    def __init__(self, front: Front, settings: TelegramSettings) -> None:
        self._front = front
        self._settings = settings
        self._told: tuple[PlatformState, str] | None = None
        self._bot: WireBot | None = None
        self._poller: Poller | None = None
        self._lanes: Lanes[Event] = Lanes(self._serve)
        self._means: Means | None = None
        self._us: Us | None = None

    async def run(self) -> None:
        """Begin, poll, and begin anew after what nobody thought of; ends when canceled."""
        pauses = Pauses(self._settings.pace)
        while True:
            try:
                await self._live(pauses)
            except FAULTS as error:
                log_fault(log, "Telegram begins anew", error)
                state, pause = pauses.after(error)
                self.report(state, type(error).__name__)
                await asyncio.sleep(pause)

    async def close(self) -> None:
        """End: what is under way first, then the confirmation, then the connections."""
        await self._lanes.finish(self._settings.pace.grace)
        if self._poller is not None:
            await _quietly(self._poller.confirm(), CONFIRM_SECONDS)
        await _quietly(self._front.attach(None), CLOSE_SECONDS)
        if self._bot is not None:
            await _quietly(self._bot.shutdown(), CLOSE_SECONDS)

    async def _live(self, pauses: Pauses) -> None:
        self.report(PlatformState.STARTING, "")
        bot = await self._connected(pauses)
        self._us = Us(bot.id, bot.username, self._keys())
        courier = TelegramCourier(bot, self._front.painter, self._front.catalog)
        default = self._settings.default_locale or DEFAULT_LOCALE
        self._means = Means(
            front=self._front,
            bot=bot,
            courier=courier,
            rooms=Rooms(self._front, bot),
            menus=PersonalMenus(self._front, bot, self._settings.hosts, default),
            default_locale=default,
        )
        await self._front.wait_for_lease()
        await self._front.attach(courier)
        inbox = Inbox(self._put, self._lanes.has_room)
        self._poller = self._poller or Poller(
            bot, inbox, self._front.clock, self._settings.pace, self.report
        )
        menus = asyncio.create_task(
            tell_menus(self._front, bot, self._settings.hosts, default),
            name="telegram menus",
        )
        try:
            await self._poller.run(self._front.wait_for_lease)
        finally:
            menus.cancel()
            await asyncio.gather(menus, return_exceptions=True)

    async def _connected(self, pauses: Pauses) -> WireBot:
        """Return the bot once the server knows its token; tries for ever."""
        while not _TOKEN.fullmatch(self._settings.token):
            self.report(PlatformState.BAD_TOKEN, "malformed")
            await asyncio.sleep(self._settings.pace.bad_token)
        if self._bot is None:
            self._bot = make_bot(self._settings.token, self._settings.api_url)
        while True:
            try:
                await self._bot.initialize()
                await self._bot.delete_webhook()
            except FAULTS as error:  # the text of one of them holds the token
                state, pause = pauses.after(error)
                self.report(state, type(error).__name__)
                await asyncio.sleep(pause)
            else:
                pauses.reset()
                return self._bot

    def _put(self, raw: Any, done: Callable[[], None]) -> None:
        """Take one update in; one that cannot be read is logged and let go."""
        assert self._us is not None
        try:
            update = Update.de_json(raw, self._bot)
            event = read(update, self._us)
        except DEFECTS as error:
            log_fault(log, "an update cannot be read", error)
            event = None
        if event is None:
            done()
        else:
            self._lanes.put(lane_of(event), event, done)

    async def _serve(self, event: Event, passed: Callable[[], None]) -> None:
        assert self._means is not None
        means, rooms = self._means, self._means.rooms
        match event:
            case Reached():
                await rooms.reached(event.user_id, is_blocked=event.is_blocked)
            case Moved():
                await rooms.move(event.old_id, event.new_id)
            case GroupChosen():
                await share(means, event, passed)
            case _ if not event.room.is_private and not await rooms.may_stay(event.room.id):
                await rooms.leave(event.room.id)
            case Joined():
                await serve(means, _hello(event), passed)
            case Spoken():
                await serve(means, event, passed)

    def _keys(self) -> Mapping[str, str]:
        try:
            return Keyboards(self._front.catalog, "").lines()
        except DEFECTS as error:
            log_fault(log, "there are no keys", error)
            return {}

    def report(self, state: PlatformState, reason: str) -> None:
        """Tell how the platform is, if that is news."""
        if self._told != (state, reason):
            self._told = state, reason
            self._front.report(state, reason)


def _hello(joined: Joined) -> Spoken:
    """Return what is heard when we come into a group: a call for help, answered in short."""
    said = Said(key=joined.key, request=Help(GROUP_HELLO))
    return Spoken(user=joined.user, room=joined.room, said=said, message_id=0)


async def _quietly(ending: Any, seconds: float) -> None:
    """Do one step of the end; neither an error nor a server that is silent holds it up."""
    try:
        async with asyncio.timeout(seconds):
            await ending
    except (TimeoutError, TelegramError, *DEFECTS, OSError, RuntimeError) as error:
        log.debug("at the end: %s", type(error).__name__)
