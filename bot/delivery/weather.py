"""Says once that the venue cannot be reached, and once that it can be again."""

import asyncio
from collections.abc import AsyncIterator

from bot.use_cases.context import Context
from bot.use_cases.status import feed_state
from bot.views import FeedState, FeedView

LOOK_SECONDS = 0.5
OFFLINE_SECONDS = 2.0


class Weather:
    """The state of the feed as one person was told it."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._told = FeedState.CONNECTING
        self._offline_since: float | None = None

    async def until(self, news: asyncio.Event, seconds: float) -> AsyncIterator[FeedView]:
        """Yield changes worth telling until there is other news, at most for `seconds`."""
        for _ in range(int(seconds / LOOK_SECONDS)):
            if (view := self._change()) is not None:
                yield view
            try:
                async with asyncio.timeout(LOOK_SECONDS):
                    await news.wait()
            except TimeoutError:
                continue
            return

    def _change(self) -> FeedView | None:
        state = feed_state(self._context.desk.facts())
        now = self._context.clock.monotonic()
        if state is not FeedState.OFFLINE:
            since, self._offline_since = self._offline_since, None
            if state is FeedState.LIVE and self._told is FeedState.OFFLINE:
                self._told = state
                away_ms = None if since is None else round((now - since) * 1000)
                return FeedView(state=state, away_ms=away_ms)
            return None
        if self._offline_since is None:
            self._offline_since = now
        if self._told is FeedState.OFFLINE or now - self._offline_since < OFFLINE_SECONDS:
            return None
        self._told = state
        return FeedView(state=state)
