"""Binance's REST: prints by id, bars, instruments and the venue's time, on a shared weight budget.

HistoryError
├── Unreachable     no host answers, or it answers with a server error: ask again later
├── Throttled       the venue asked for silence; the budget keeps it
├── UnknownSymbol   the venue does not know this symbol
└── BadRequest      the venue refuses what was asked
"""

import asyncio
import contextlib
import functools
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from random import Random
from typing import TypeVar

import httpx

from engine.clock import Clock
from engine.core.events import PriceTick
from engine.market.backoff import Backoff
from engine.market.binance_messages import BadAnswer, parse_error, parse_rows, parse_time
from engine.market.candles import Bar, parse_candles
from engine.market.ports import FeedConfig
from engine.market.weight_budget import WeightBudget

PAGE_MAX = 1000
RETRY_AFTER_SECONDS = 60.0
Answer = TypeVar("Answer")
UNKNOWN_SYMBOL_CODES = frozenset({-1121, -1100})


class HistoryError(Exception):
    """A REST question has no answer."""


class Unreachable(HistoryError):
    """No host gave an answer."""


class Throttled(HistoryError):
    """The venue wants silence."""


class UnknownSymbol(HistoryError):
    """The venue does not know the symbol."""


class BadRequest(HistoryError):
    """The venue refuses the question."""


class BinanceHistory:
    """Questions to the venue's REST. Each is under a timeout; hosts are tried in turn."""

    def __init__(self, config: FeedConfig, clock: Clock, rng: Random) -> None:
        self._config = config
        self._clock = clock
        self._rng = rng
        self._hosts = config.rest_urls
        self._at = 0
        self._slots = asyncio.Semaphore(config.rest_parallel_max)
        self._client: httpx.AsyncClient | None = None
        self.budget = WeightBudget(
            clock, config.weight_per_minute, config.weight_burst, config.weight_limit
        )
        self.is_reachable = False

    @property
    def host(self) -> str:
        """Return the host in use."""
        return self._hosts[self._at]

    async def close(self) -> None:
        """Close the connections; a later question opens them anew."""
        client, self._client = self._client, None
        if client is not None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._config.close_timeout_seconds):
                    await client.aclose()

    async def measure_clock(self) -> tuple[int, float]:
        """Return the venue's time in ms and the monotonic second it belongs to (midpoint)."""
        await self.budget.take(1)  # before the stamp: a wait would falsify the midpoint
        sent_at = self._clock.monotonic()
        body = await self._get("/api/v3/time", {}, weight=0)
        try:
            return parse_time(body), (sent_at + self._clock.monotonic()) / 2
        except BadAnswer as error:
            raise Unreachable("time") from error

    async def newest(self, symbol: str) -> PriceTick | None:
        """Return the newest print that REST knows; it may lag behind the stream."""
        rows = await self._agg_trades(symbol, {"limit": "1"})
        return rows[-1] if rows else None

    async def page(self, symbol: str, from_id: int, limit: int = PAGE_MAX) -> list[PriceTick]:
        """Return up to `limit` (1 to 1,000) prints with id >= `from_id`, in id order."""
        params = {"fromId": str(from_id), "limit": str(max(1, min(limit, PAGE_MAX)))}
        return await self._agg_trades(symbol, params)

    async def prints(
        self, symbol: str, from_id: int, to_id: int | None = None
    ) -> AsyncIterator[list[PriceTick]]:
        """Yield the prints from `from_id` to `to_id` (or to the newest), contiguous, in pages.

        Lag, short pages, refusals and outages are waited out; an id that the venue proves not to
        have is left out. Raises `UnknownSymbol`; bounded in time only by the caller.
        """
        if to_id is None:
            newest = await self.persist(functools.partial(self.newest, symbol))
            to_id = newest.id if newest else from_id - 1
        backoff, void_tries = self._new_backoff(), 0
        while from_id <= to_id:
            rows = await self.persist(functools.partial(self.page, symbol, from_id))
            whole = contiguous(rows, from_id, to_id)
            if whole:
                yield whole
                from_id = whole[-1].id + 1
                backoff.reset()
                void_tries = 0
                continue
            await asyncio.sleep(backoff.next_seconds())
            void_tries += bool(rows)
            if void_tries >= self._config.void_print_tries:
                from_id += 1
                void_tries = 0

    async def prints_before(self, symbol: str, time_ms: int, span_ms: int) -> list[PriceTick]:
        """Return the prints with `time_ms - span_ms <= T <= time_ms` in id order, all of them.

        Raises `HistoryError`.
        """
        params = {"startTime": str(time_ms - span_ms), "endTime": str(time_ms), "limit": "1000"}
        rows = await self._agg_trades(symbol, params)
        found = list(rows)
        while len(rows) >= PAGE_MAX and rows[-1].time_ms <= time_ms:
            rows = await self.page(symbol, rows[-1].id + 1)
            found.extend(rows)
        return [row for row in found if time_ms - span_ms <= row.time_ms <= time_ms]

    async def candles(
        self, symbol: str, interval: str, start_ms: int, end_ms: int | None = None
    ) -> list[Bar]:
        """Return up to 1,000 bars that open at or after `start_ms`, oldest first.

        `interval` is the venue's word (`1s`, `1m`, `1h`, ...). Raises `HistoryError`.
        """
        params = {"symbol": symbol, "interval": interval, "startTime": str(start_ms)}
        if end_ms is not None:
            params["endTime"] = str(end_ms)
        body = await self._get("/api/v3/klines", params | {"limit": "1000"}, weight=2)
        try:
            return parse_candles(body)
        except BadAnswer as error:
            raise Unreachable("klines") from error

    async def exchange_info(self) -> bytes:
        """Return the venue's exchangeInfo as it is (some megabytes). Raises `HistoryError`."""
        return await self._get("/api/v3/exchangeInfo", {}, weight=20)

    async def persist(self, question: Callable[[], Awaitable[Answer]]) -> Answer:
        """Ask until there is an answer, pausing in between; other refusals are raised."""
        backoff = self._new_backoff()
        while True:
            try:
                return await question()
            except (Unreachable, Throttled):
                await asyncio.sleep(backoff.next_seconds())

    async def _agg_trades(self, symbol: str, params: Mapping[str, str]) -> list[PriceTick]:
        body = await self._get("/api/v3/aggTrades", {"symbol": symbol, **params}, weight=4)
        try:
            return parse_rows(body, symbol)
        except BadAnswer as error:
            raise Unreachable("agg_trades") from error

    async def _get(self, path: str, params: Mapping[str, str], weight: int) -> bytes:
        """Ask the hosts in turn, beginning with the one that worked last."""
        last: Exception | None = None
        for _ in self._hosts:
            await self.budget.take(weight)
            try:
                response = await self._send(path, params)
            except (httpx.HTTPError, TimeoutError, OSError) as error:
                last = error
            else:
                if response.status_code not in {403, 451} and response.status_code < 500:
                    return self._read(response)
                last = Unreachable(f"status_{response.status_code}")
            self._at = (self._at + 1) % len(self._hosts)
        self.is_reachable = False
        raise Unreachable("no_host") from last

    async def _send(self, path: str, params: Mapping[str, str]) -> httpx.Response:
        async with self._slots, asyncio.timeout(self._config.rest_timeout_seconds):
            if self.budget.banned_seconds:  # it may have come while waiting for a slot
                raise Throttled("banned")
            if self._client is None:
                self._client = httpx.AsyncClient(timeout=self._config.rest_timeout_seconds)
            return await self._client.get(self.host + path, params=dict(params))

    def _read(self, response: httpx.Response) -> bytes:
        self.is_reachable = True
        used = response.headers.get("x-mbx-used-weight-1m", "")
        if used.isascii() and used.isdigit():
            self.budget.observe(int(used))
        if response.status_code in {429, 418}:
            self.budget.ban(retry_after_seconds(response.headers.get("retry-after", "")))
            raise Throttled(str(response.status_code))
        if response.status_code == 200:
            return response.content
        refusal = parse_error(response.content)
        if refusal.code in UNKNOWN_SYMBOL_CODES:
            raise UnknownSymbol(str(refusal.code))
        raise BadRequest(f"{response.status_code}:{refusal.code}")

    def _new_backoff(self) -> Backoff:
        config = self._config
        return Backoff(config.fill_retry_seconds, config.fill_retry_seconds_max, self._rng)


def contiguous(rows: list[PriceTick], from_id: int, to_id: int | None = None) -> list[PriceTick]:
    """Return the unbroken run of `rows` (in id order) that begins at `from_id`, up to `to_id`."""
    run: list[PriceTick] = []
    for row in rows:
        if row.id < from_id + len(run):
            continue  # the venue's own repetition
        if row.id > from_id + len(run) or (to_id is not None and row.id > to_id):
            break
        run.append(row)
    return run


def retry_after_seconds(header: str) -> float:
    """Return the seconds of a Retry-After header; an unreadable one counts a minute."""
    return float(header) if header.isascii() and header.isdigit() else RETRY_AFTER_SECONDS
