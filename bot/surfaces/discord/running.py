"""Keeps the bot on Discord until it is told to stop: one client after the other, with pauses.

Order of the end: live lists that no other process can go on with are ended (0.8 s), the gateway is
closed with 1000 while what is being answered ends (2 s), then the rest is canceled, then the HTTP
session is closed.
"""

import asyncio
import logging
from collections.abc import Coroutine
from contextlib import suppress
from random import Random
from typing import Any

import discord

from bot.front import Front
from bot.surfaces.discord.client import DiscordSettings, VigilanteClient
from bot.surfaces.discord.courier import DiscordCourier
from bot.surfaces.discord.directing import Directed, Refusals, hush
from bot.surfaces.discord.failures import reason_of
from bot.surfaces.discord.pacing import BackOff, Pace, Sessions, TooManySessions
from bot.surfaces.discord.places import PLATFORM
from bot.surfaces.discord.tolerance import tolerate_odd_events
from bot.views import PlatformState
from engine.defects import DEFECTS

log = logging.getLogger(__name__)

PATIENT = Pace()
AUTHENTICATION_FAILED = 4004


async def run_discord(
    front: Front, settings: DiscordSettings, stop: asyncio.Event, *, pace: Pace = PATIENT
) -> None:
    """Be on Discord until `stop`; return within 3 s of it, with everything closed.

    Nothing that Discord or the network does ends it: what happened is told by `front.report`.
    """
    hush()
    await _Vigil(front, settings, stop, pace).keep()


class _Vigil:
    """One client after the other."""

    def __init__(
        self, front: Front, settings: DiscordSettings, stop: asyncio.Event, pace: Pace
    ) -> None:
        self._front = front
        self._settings = settings
        self._stop = stop
        self._pace = pace
        self._sessions = Sessions(front.clock.monotonic)
        self._back_off = BackOff(pace, Random())  # noqa: S311 - spreads attempts, hides nothing
        refusals = Refusals(front.clock.monotonic)
        self._directed = Directed(settings.api_url, settings.gateway_url, refusals)

    async def keep(self) -> None:
        try:
            while not self._stop.is_set():
                self._front.report(PlatformState.STARTING, "")
                began = asyncio.get_running_loop().time()
                failure = await self._one_client()
                if self._stop.is_set():
                    break
                lasted = asyncio.get_running_loop().time() - began
                pause = self._judge(failure, lasted)
                log.info("Discord is tried again in %.0f s", pause)
                await self._until_stop(asyncio.sleep(pause))
        finally:
            self._front.report(PlatformState.OFF, "")

    async def _one_client(self) -> BaseException | None:
        """Log in and stay connected; return why it ended, None when it was told to."""
        try:
            client = self._client()
        except DEFECTS as error:
            log.exception("no client can be made, we are to blame")
            return error
        async with self._directed.here():
            connecting = asyncio.create_task(self._connected(client), name="discord")
            try:
                return await self._until_stop(connecting)
            finally:
                await self._end(client)

    def _client(self) -> VigilanteClient:
        client = VigilanteClient(
            self._front,
            self._settings,
            directed=self._directed,
            heartbeat_seconds=self._pace.heartbeat,
            before_identify=self._before_identify,
        )
        tolerate_odd_events(client)
        return client

    async def _connected(self, client: VigilanteClient) -> None:
        await self._front.wait_for_lease()
        async with asyncio.timeout(self._pace.login):
            await client.login(self._settings.token)
        client.courier = DiscordCourier(self._front, client, self._directed)
        await self._front.attach(client.courier)
        await client.connect()

    async def _before_identify(self, is_first: bool) -> None:  # noqa: FBT001 - the library's hook
        if not is_first:
            await asyncio.sleep(self._pace.identify_again)
        async with asyncio.timeout(self._pace.lease):
            await self._front.wait_for_lease()
        self._sessions.take()

    async def _until_stop(
        self, doing: "Coroutine[Any, Any, None] | asyncio.Task[None]"
    ) -> BaseException | None:
        """Let something run until it ends or we are told to stop; return what it raised."""
        task = doing if isinstance(doing, asyncio.Task) else asyncio.create_task(doing)
        stopping = asyncio.create_task(self._stop.wait())
        try:
            await asyncio.wait({task, stopping}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in (task, stopping):
                one.cancel()
            await asyncio.wait({task, stopping})
        return None if task.cancelled() else task.exception()

    def _judge(self, failure: BaseException | None, lasted: float) -> float:
        """Report why a client ended, and return the pause before the next."""
        if _is_bad_token(failure):
            log.error("Discord does not know DISCORD_TOKEN: it is asked again, slowly")
            self._front.report(PlatformState.BAD_TOKEN, "")
            return self._back_off.slowly()
        reason = reason_of(failure) if failure else "closed"
        trace = failure if isinstance(failure, DEFECTS) else None
        log.warning("the connection to Discord ended: %s", reason, exc_info=trace)
        self._front.report(PlatformState.AWAY, reason)
        pause = self._back_off.next(lasted)
        if isinstance(failure, TooManySessions):
            return max(pause, failure.seconds)
        if isinstance(failure, discord.RateLimited):
            return max(pause, failure.retry_after)
        return pause

    async def _end(self, client: VigilanteClient) -> None:
        if self._stop.is_set():
            await self._bounded(self._front.live.part(PLATFORM), self._pace.part)
        await self._front.attach(None)
        await asyncio.gather(self._bounded(self._hung_up(client)), client.drain(self._pace.drain))
        await self._bounded(client.close())

    async def _hung_up(self, client: VigilanteClient) -> None:
        gateway: Any = client.ws  # None before the first connection
        if gateway is not None and gateway.open:
            await gateway.close(1000)

    async def _bounded(
        self, closing: Coroutine[Any, Any, None], seconds: float | None = None
    ) -> None:
        with suppress(TimeoutError, OSError):
            async with asyncio.timeout(seconds or self._pace.close):
                await closing


def _is_bad_token(failure: BaseException | None) -> bool:
    if isinstance(failure, discord.ConnectionClosed):
        return failure.code == AUTHENTICATION_FAILED
    return isinstance(failure, discord.LoginFailure)
