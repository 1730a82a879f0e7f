"""Directs one client of discord.py at the servers that the settings name, and counts refusals.

The library keeps its REST base in a class (`discord.http.Route.BASE`) and the gateway's address in
another. Nothing global is changed: every request of this client, of its webhooks and of its gateway
passes here, where the library's own base is replaced by ours.
"""

import logging
import re
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import HTTPClient, Ratelimit, Route
from discord.webhook import async_ as webhooks

from bot.surfaces.discord.haste import Bucket, HastySession, refuse_pause

WINDOW_SECONDS = 600.0
INVALID_MAX = 2_000
GLOBAL_SECONDS = 1.0
INVALID = (401, 403, 429)
_SECRET_PATH = re.compile(r"(/(?:webhooks|interactions)/\d+/)[^/?\s'\"]+")


class Refusals:
    """Counts answers that Discord calls invalid: 10,000 in ten minutes get the address banned."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._times: deque[float] = deque(maxlen=INVALID_MAX)

    def count(self, status: int) -> None:
        """Note an answer's status."""
        if status in INVALID:
            self._times.append(self._monotonic())

    def pause(self) -> float:
        """Return for how many seconds nothing should be asked any more; 0: go on."""
        if len(self._times) < INVALID_MAX:
            return 0.0
        return max(0.0, self._times[0] + WINDOW_SECONDS - self._monotonic())


class Directed:
    """Where this client's requests go. An empty address is Discord's own."""

    def __init__(self, api_url: str, gateway_url: str, refusals: Refusals) -> None:
        self._api_url = api_url.rstrip("/")
        self._gateway_url = gateway_url
        self.refusals = refusals
        self._adapter = _Adapter(self)
        self._hasty = _HastyAdapter(self)

    def install(self, client: discord.Client) -> None:
        """Make a client, not yet logged in, send everything through here."""
        plain = client.http
        http = _Http(self, plain)
        client.http = http
        client._connection.http = http  # noqa: SLF001 - the library offers no other way

    def route(self, route: Route) -> Route:
        """Point a route at our base. Raises RateLimited when refusals come too thick."""
        pause = self.refusals.pause()
        if pause:
            raise discord.RateLimited(pause)
        if self._api_url:
            route.url = self._api_url + route.url.removeprefix(Route.BASE)
        return route

    def gateway(self, url: str) -> str:
        """Point the library's default gateway at ours; a server's own resume address stays."""
        asked = yarl.URL(url)
        if not self._gateway_url or asked.host != DiscordWebSocket.DEFAULT_GATEWAY.host:
            return url
        return str(yarl.URL(self._gateway_url).with_query(asked.query))

    @property
    def is_hasty(self) -> bool:
        """Whether what asks now would rather be told of a pause than sit it out."""
        return webhooks.async_context.get() is self._hasty

    @asynccontextmanager
    async def here(self, *, is_hasty: bool = False) -> AsyncIterator[None]:
        """Let webhooks and interactions in this block use this client's way out.

        `is_hasty`: no request in it waits for a limit of Discord's; RateLimited or the 429 is
        raised. Answers to interactions do wait: nobody else would say them later.
        """
        token = webhooks.async_context.set(self._hasty if is_hasty else self._adapter)
        try:
            yield
        finally:
            webhooks.async_context.reset(token)


class _Http(HTTPClient):
    """The library's HTTP client, directed."""

    def __init__(self, directed: Directed, plain: HTTPClient) -> None:
        super().__init__(
            plain.loop, max_ratelimit_timeout=plain.max_ratelimit_timeout, unsync_clock=True
        )
        self._directed = directed

    def get_ratelimit(self, key: str) -> Ratelimit:
        """Return a bucket; those of the hasty are theirs alone, since only they write to chats."""
        if self._directed.is_hasty and key not in self._buckets:
            self._try_clear_expired_ratelimits()
            self._buckets[key] = Bucket(None)
        return super().get_ratelimit(key)

    async def request(self, route: Route, **kwargs: Any) -> Any:
        if self._directed.is_hasty:
            if not self._global_over.is_set():
                raise discord.RateLimited(GLOBAL_SECONDS)
            kwargs["raise_for_status"] = refuse_pause
        try:
            return await super().request(self._directed.route(route), **kwargs)
        except discord.HTTPException as error:
            self._directed.refusals.count(error.status)
            raise

    async def ws_connect(self, url: str, *, compress: int = 0) -> aiohttp.ClientWebSocketResponse:
        return await super().ws_connect(self._directed.gateway(url), compress=compress)


class _Adapter(webhooks.AsyncWebhookAdapter):
    """The library's way to webhooks and interactions, directed."""

    def __init__(self, directed: Directed) -> None:
        super().__init__()
        self._directed = directed

    async def request(self, route: Route, session: Any, **kwargs: Any) -> Any:
        try:
            return await super().request(self._directed.route(route), session, **kwargs)
        except discord.HTTPException as error:
            self._directed.refusals.count(error.status)
            raise


class _HastyAdapter(_Adapter):
    """The same for whoever sits no pause out."""

    async def request(self, route: Route, session: Any, **kwargs: Any) -> Any:
        return await super().request(route, HastySession(session), **kwargs)


class _WithoutTokens(logging.Filter):
    """Strikes an interaction's token out of the addresses that the library logs."""

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        clean = _SECRET_PATH.sub(r"\1[secret]", text)
        if clean != text:
            record.msg, record.args = clean, None
        return True


_FILTER = _WithoutTokens()


def hush() -> None:
    """Keep the library's log free of tokens; doing it twice changes nothing.

    Its debug lines print whole events and requests, so they are not to be had.
    """
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # nobody speaks here
    library = logging.getLogger("discord")
    if library.getEffectiveLevel() < logging.INFO:
        library.setLevel(logging.INFO)
    for name in ("discord.http", "discord.webhook.async_", "discord.client", "discord.gateway"):
        logging.getLogger(name).addFilter(_FILTER)
