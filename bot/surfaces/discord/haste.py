"""Requests that sit no pause out: whoever sends for many is told how long it is, and goes on.

The library sleeps before a request (its bucket is used up), in it (a 429) and after it (it took the
last of a bucket). Here the first two are raised and the third is left to the next request.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Any

import aiohttp
import discord
from discord.http import Ratelimit, json_or_text
from multidict import CIMultiDict


async def refuse_pause(response: aiohttp.ClientResponse) -> None:
    """Raise a 429 as the error it is, before the library sleeps over it."""
    if response.status == 429:
        raise discord.HTTPException(response, await json_or_text(response))


class Bucket(Ratelimit):
    """One bucket's budget. Raises RateLimited where the library would wait for the next."""

    async def acquire(self) -> None:
        self._last_request = self._loop.time()
        while True:
            if self.is_expired():
                self.reset()
            if self.remaining > 0:
                break
            if self.expires is not None:
                raise discord.RateLimited(max(0.0, self.expires - self._loop.time()))
            answered = self._loop.create_future()  # nobody knows yet: an answer will tell
            self._pending_requests.append(answered)
            await answered
        self.remaining -= 1
        self.outgoing += 1

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.outgoing -= 1
        if self.expires is None:  # the answer told nothing of a bucket, or there was none
            self.reset()
        self._wake(len(self._pending_requests))


class HastySession:
    """A session as webhooks use it."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    @asynccontextmanager
    async def request(self, method: str, url: str, **kwargs: Any) -> AsyncIterator[Any]:
        """Ask. Raises HTTPException for a 429."""
        asking = self._session.request(method, url, raise_for_status=refuse_pause, **kwargs)
        async with asking as response:
            yield _Answer(response)


class _Answer:
    """An answer that says nothing of what is left in its bucket."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response
        self.headers = CIMultiDict(response.headers)
        self.headers.pop("X-RateLimit-Remaining", None)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._response, name)
