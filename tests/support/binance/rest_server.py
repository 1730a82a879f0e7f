"""The stand-in's REST side: a small HTTP/1.1 server with weights, bans and faults."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from tests.support.binance.faults import Faults
from tests.support.binance.venue import INTERVALS_MS, Market, Venue

WEIGHT_PER_MINUTE = 6000
IN_FLIGHT_SECONDS = 0.1
WEIGHTS = {
    "/api/v3/ping": 1,
    "/api/v3/time": 1,
    "/api/v3/exchangeInfo": 20,
    "/api/v3/aggTrades": 4,
    "/api/v3/klines": 2,
    "/api/v3/ticker/price": 2,
}
BODY_MAX = 1 << 20


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request as far as it matters."""

    method: str
    path: str
    query: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and JSON body; `retry_after` in seconds."""

    status: int
    body: object
    retry_after: int = 0


class Refusal(Exception):
    """A request that the venue answers with an error body."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code


Control = Callable[[Request], Awaitable[object]]


class RestServer:
    """Answers from the venue's tapes; counts requests during a ban as `rest_in_ban`."""

    def __init__(self, venue: Venue, counts: Counter[str], control: Control) -> None:
        self._venue = venue
        self._faults: Faults = venue.faults
        self._counts = counts
        self._control = control
        self._banned_at = 0.0
        self._banned_until = 0.0
        self._minute = -1
        self._connections: set[asyncio.Task[None]] = set()
        self.weight = 0
        self.info_extra: list[dict[str, object]] = []

    async def start(self, port: int) -> int:
        """Listen on loopback; return the port."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", port)
        return self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Close every connection and stop listening."""
        self._server.close()
        for task in self._connections:
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        try:
            while (request := await _read(reader)) is not None:
                answer = await self._answer(request)
                writer.write(self._encode(answer))
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._connections.discard(task)
            writer.close()

    async def _answer(self, request: Request) -> Answer:
        if request.path.startswith("/control/"):
            return Answer(200, await self._control(request))
        refused = self._refuse()
        if self._faults.rest_slow_ms:
            await asyncio.sleep(self._faults.rest_slow_ms / 1000)
        if refused is not None:
            return refused
        if request.path not in WEIGHTS:
            return Answer(404, {"code": 0, "msg": "not found"})
        self._counts[request.path] += 1
        self._spend(WEIGHTS[request.path])
        try:
            return Answer(200, self._read_market(request))
        except Refusal as refusal:
            return Answer(400, {"code": refusal.code, "msg": str(refusal)})

    def _refuse(self) -> Answer | None:
        now, faults = time.monotonic(), self._faults
        if now < self._banned_until:
            if now - self._banned_at > IN_FLIGHT_SECONDS:
                self._counts["rest_in_ban"] += 1
            return Answer(429, _too_many(), int(self._banned_until - now) + 1)
        status = faults.rest_status
        if self.weight > WEIGHT_PER_MINUTE and self._minute == int(time.time() // 60):
            self._counts["over_weight"] += 1
            status = 429
        if not status:
            return None
        self._counts[f"rest_{status}"] += 1
        if status in {429, 418}:
            faults.rest_status = 0
            self._banned_at = now
            self._banned_until = now + (faults.rest_retry_after or 1)
            return Answer(status, _too_many(), faults.rest_retry_after or 1)
        return Answer(status, {"code": -1000, "msg": "stand-in"})

    def _spend(self, weight: int) -> None:
        minute = int(time.time() // 60)
        if minute != self._minute:
            self._minute, self.weight = minute, 0
        self.weight += weight
        self._counts["weight"] += weight

    def _read_market(self, request: Request) -> object:
        name = request.path.removeprefix("/api/v3/")
        if name == "ping":
            return {}
        if name == "time":
            return {"serverTime": self._venue.now_ms()}
        if name == "exchangeInfo":
            return {"timezone": "UTC", "serverTime": self._venue.now_ms(), "symbols": self._info()}
        symbol = request.query.get("symbol", "")
        if symbol not in self._venue.markets:
            raise Refusal(-1121, "Invalid symbol.")
        if name == "aggTrades":
            return self._agg_trades(symbol, request.query)
        if name == "klines":
            interval_ms = INTERVALS_MS[request.query["interval"]]
            start_ms = int(request.query.get("startTime", "0"))
            limit = min(1000, int(request.query.get("limit", "500")))
            return self._venue.klines(symbol, interval_ms, start_ms, limit)
        prints = self._venue.markets[symbol].prints[: self._venue.visible(symbol)]
        return {"symbol": symbol, "price": prints[-1].price if prints else "0"}

    def _agg_trades(self, symbol: str, query: dict[str, str]) -> list[dict[str, object]]:
        number = {key: int(value) for key, value in query.items() if key != "symbol"}
        if "fromId" in number and ("startTime" in number or "endTime" in number):
            raise Refusal(-1128, "Combination of optional parameters invalid.")
        limit = min(1000, number.get("limit", 500), self._faults.rest_short_rows or 1000)
        span_ms = (number.get("startTime"), number.get("endTime"))
        rows = self._venue.page(symbol, number.get("fromId"), span_ms, limit)
        return [
            {
                "a": row.id,
                "p": row.price,
                "q": row.quantity,
                "f": row.id,
                "l": row.id,
                "T": row.time_ms,
                "m": row.is_buyer_maker,
                "M": True,
            }
            for row in rows
        ]

    def _info(self) -> list[dict[str, object]]:
        listed = [self._symbol(market) for market in self._venue.markets.values()]
        known = set(self._venue.markets)
        return listed + [row for row in self.info_extra if row["symbol"] not in known]

    def _symbol(self, market: Market) -> dict[str, object]:
        return {
            "symbol": market.symbol,
            "status": "HALT" if market.symbol in self._faults.halted else "TRADING",
            "baseAsset": market.base,
            "quoteAsset": market.quote,
            "filters": [
                {"filterType": "PRICE_FILTER", "tickSize": market.tick_size},
                {"filterType": "LOT_SIZE", "minQty": "0.00001", "stepSize": market.step_size},
                {"filterType": "NOTIONAL", "minNotional": market.notional_min},
            ],
        }

    def _encode(self, answer: Answer) -> bytes:
        body = json.dumps(answer.body).encode()
        head = (
            f"HTTP/1.1 {answer.status} X\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\nX-MBX-USED-WEIGHT-1M: {self.weight}\r\n"
        )
        if answer.retry_after:
            head += f"Retry-After: {answer.retry_after}\r\n"
        return head.encode() + b"\r\n" + body


def _too_many() -> dict[str, object]:
    return {"code": -1003, "msg": "Too many requests"}


async def _read(reader: asyncio.StreamReader) -> Request | None:
    line = await reader.readline()
    if not line:
        return None
    method, target, _ = line.decode("latin-1").split(" ", 2)
    length = 0
    while (header := (await reader.readline()).decode("latin-1").strip()) != "":
        name, _, value = header.partition(":")
        if name.lower() == "content-length":
            length = min(BODY_MAX, int(value))
    body = await reader.readexactly(length) if length else b""
    url = urlsplit(target)
    return Request(method, url.path, dict(parse_qsl(url.query)), body)
