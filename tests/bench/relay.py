"""From a print to the request at a chat platform, and answers meanwhile: engine, Postgres, HTTP."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from decimal import Decimal
from statistics import median, quantiles
from typing import Any

import aiohttp
import asyncpg
from aiohttp import web

from bot.app import App
from bot.conversation.said import Room, Said, Shown
from bot.delivery.courier import TELEGRAM_BUDGET, Handle, Priority
from bot.delivery.turns import Turns
from bot.messages import Message
from bot.use_cases.context import Identity
from engine.core.instrument import Direction
from engine.core.orders import Level, Size
from engine.desk import AlertWish, EntryWish, Owner
from engine.tickets import Ticket
from tests.bench.asking import ticket_of
from tests.support.binance.stand_in import BinanceStandIn
from tests.support.chatting import open_app

ONES = 150
CROWD = 1_000
ALERTS = 10_000
ANSWERS = 80
ANSWER_SECONDS = 0.5
WIRE_SECONDS = 0.03
PRICE = Decimal(60_000)
CRASH = Decimal(50_000)
HEIGHT = Decimal(70_000)
FEE = Decimal("0.001")
TELEGRAM = "telegram"

_PEOPLE = """
WITH made AS (
    INSERT INTO users (locale, zone, created_at)
    SELECT 'en', 'UTC', now() FROM generate_series(1, $1) RETURNING id
),
money AS (
    INSERT INTO accounts (user_id, currency, starting_balance, balance, opened_at)
    SELECT id, 'USDT', 10000000, 10000000, now() FROM made RETURNING id, user_id
),
chats AS (
    INSERT INTO chat_identities (platform, platform_user_id, user_id, created_at, joined_at)
    SELECT 'telegram', id::text, id, now(), now() - interval '1 day' FROM made
)
SELECT user_id, id FROM money ORDER BY user_id
"""


class Wire:
    """A platform's server that notes when a message reached it, and answers after a while."""

    def __init__(self) -> None:
        self.arrived: dict[str, list[float]] = {}
        self.count = 0
        self._news = asyncio.Event()

    async def take(self, request: web.Request) -> web.Response:
        said = await request.json()
        self.arrived.setdefault(said["chat_id"], []).append(time.perf_counter())
        self.count += 1
        self._news.set()
        await asyncio.sleep(WIRE_SECONDS)
        return web.json_response({"message_id": self.count})

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(120):
            while not condition():
                self._news.clear()
                await self._news.wait()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[str]:
        app = web.Application()
        app.router.add_post("/send", self.take)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        try:
            yield f"http://127.0.0.1:{runner.addresses[0][1]}/send"
        finally:
            await runner.cleanup()


class WireCourier:
    """The way out to that server."""

    platform = TELEGRAM

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session = session
        self._url = url

    async def send(self, chat_id: str, message: Message, **_: Any) -> Handle:
        said = {"chat_id": chat_id, "text": "\n".join(message.lines)}
        async with self._session.post(self._url, json=said) as answer:
            found = await answer.json()
        return Handle(platform=TELEGRAM, chat_id=chat_id, message_id=str(found["message_id"]))

    async def edit(self, handle: Handle, message: Message) -> None:
        await self.send(handle.chat_id, message)

    async def delete(self, handle: Handle) -> None:
        raise NotImplementedError


async def measure(dsn: str) -> dict[str, float]:
    """Return milliseconds, seconds and microseconds under Telegram's own budget of 28 a second."""
    wire = Wire()
    async with (
        BinanceStandIn() as venue,
        wire.running() as url,
        aiohttp.ClientSession() as session,
    ):
        venue.print("BTCUSDT", PRICE)
        async with open_app(dsn, venue) as app:
            courier = WireCourier(session, url)
            people = await _people(dsn, ONES + CROWD)
            await _open(app, venue, people)
            await _forget_openings(dsn)
            await app.delivery.relay.attach(TELEGRAM, courier)
            figures = await _ones(venue, wire, people[:ONES])
            figures |= await _crowd(app, venue, wire)
            waiting = await _people(dsn, ALERTS)
            await _set_alerts(app, waiting)
            venue.print("BTCUSDT", HEIGHT)
            figures |= await _answers(app, dsn, wire, courier)
            await app.delivery.relay.attach(TELEGRAM, None)
    return figures | {"gate_turn_50k_waiters_us": _turn_us(50_000)}


async def _people(dsn: str, count: int) -> list[Owner]:
    connection = await asyncpg.connect(dsn)
    try:
        rows = await connection.fetch(_PEOPLE, count)
    finally:
        await connection.close()
    return [Owner(row["user_id"], row["id"], "USDT") for row in rows]


async def _forget_openings(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute("UPDATE notices SET is_addressed = true")
    finally:
        await connection.close()


async def _open(app: App, venue: BinanceStandIn, people: list[Owner]) -> None:
    """Open a trade for everybody: the first with stops of their own, the crowd with one."""
    for first in range(0, len(people), 50):
        tickets: list[Ticket] = []
        for number, owner in enumerate(people[first : first + 50], first):
            stop = Level(price=PRICE - 100 - number if number < ONES else CRASH)
            wish = EntryWish(owner, "BTCUSDT", Direction.LONG, Size(Decimal(100)), FEE, stop=stop)
            key = f"bench:{number}"
            tickets.append(await ticket_of(lambda w=wish, k=key: app.context.desk.open(w, k)))
        await asyncio.wait([ticket.accepted for ticket in tickets], timeout=30)
        venue.print("BTCUSDT", PRICE)
        _, late = await asyncio.wait([ticket.ended for ticket in tickets], timeout=30)
        assert not late, f"{len(late)} trades were not opened"


async def _ones(venue: BinanceStandIn, wire: Wire, people: list[Owner]) -> dict[str, float]:
    """Hit one stop after the other, under the budget."""
    waits: list[float] = []
    for number, owner in enumerate(people):
        await asyncio.sleep(0.05)
        printed_at = time.perf_counter()
        venue.print("BTCUSDT", PRICE - 100 - number)
        name = str(owner.user_id)
        await wire.until(lambda name=name: name in wire.arrived)
        waits.append((wire.arrived[name][0] - printed_at) * 1_000)
    return {
        "relay_print_to_wire_p50_ms": median(waits),
        "relay_print_to_wire_p99_ms": quantiles(waits, n=100)[98],
    }


async def _crowd(app: App, venue: BinanceStandIn, wire: Wire) -> dict[str, float]:
    """Hit a thousand stops with one print."""
    gate, before = app.delivery.way.gate(TELEGRAM), wire.count
    gate.idle_seconds = 0.0
    began = time.perf_counter()
    venue.print("BTCUSDT", CRASH - 1)
    await wire.until(lambda: wire.count >= before + CROWD)
    waits = sorted(times[-1] - began for times in wire.arrived.values() if times[-1] > began)
    return {
        "exits_1000_p50_seconds": median(waits),
        "exits_1000_last_seconds": waits[-1],
        "exits_1000_budget_seconds": CROWD / TELEGRAM_BUDGET.per_second,
        "exits_1000_unused_share": _unused(CROWD, waits[-1]),
        "exits_1000_late_timers_seconds": gate.idle_seconds,
    }


async def _answers(app: App, dsn: str, wire: Wire, courier: WireCourier) -> dict[str, float]:
    """Ask for `/trades` twice a second while ten thousand alerts are on their way."""
    before = wire.count
    askers = [str(owner.user_id) for owner in await _people(dsn, 10)]
    await wire.until(lambda: wire.count > before + 100)
    before = wire.count
    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        tasks: list[asyncio.Task[float]] = []
        for number in range(ANSWERS):
            asker = askers[number % len(askers)]
            tasks.append(group.create_task(_answer(app, courier, asker, number)))
            await asyncio.sleep(ANSWER_SECONDS)
    seconds = time.perf_counter() - began
    waits = [task.result() * 1_000 for task in tasks]
    return {
        "fan_out_answer_p50_ms": median(waits),
        "fan_out_answer_p99_ms": quantiles(waits, n=100)[98],
        "fan_out_messages_per_second": (wire.count - before) / seconds,
        "fan_out_unused_share": _unused(wire.count - before, seconds),
    }


async def _answer(app: App, courier: WireCourier, asker: str, number: int) -> float:
    """Return the seconds from the question until the platform had taken the answer."""
    began = time.perf_counter()
    talk = app.talks.of(Identity(TELEGRAM, asker, "bench", "en", "UTC"), Room(id=asker))
    async for shown in talk.hear(Said(key=f"bench:{number}", line="/trades")):
        assert isinstance(shown, Shown), shown
        await app.delivery.way.send(courier, asker, shown.message, Priority.ANSWER)
    return time.perf_counter() - began


async def _set_alerts(app: App, people: list[Owner]) -> None:
    """Let everybody wait for one price."""
    for first in range(0, len(people), 200):
        tickets: list[Ticket] = []
        for one in people[first : first + 200]:
            wish = AlertWish(one.user_id, "BTCUSDT", HEIGHT)
            key = f"bench-alert:{one.user_id}"
            tickets.append(await ticket_of(lambda w=wish, k=key: app.context.desk.set_alert(w, k)))
        _, late = await asyncio.wait([ticket.accepted for ticket in tickets], timeout=30)
        assert not late, f"{len(late)} alerts were not set"


def _unused(count: int, seconds: float) -> float:
    """Return the share of the budget that went by unused while somebody waited all the time."""
    return 1 - count / (seconds * TELEGRAM_BUDGET.per_second)


def _turn_us(count: int) -> float:
    """Return the microseconds of one turn while `count` wait."""
    turns = Turns(TELEGRAM_BUDGET, count)
    for number in range(count):
        turns.add(str(number % 20_000), Priority(number % 5), 0.0)
    now, taken = 0.0, 0
    began = time.perf_counter()
    while taken < 5_000:
        now = turns.next_at(now) or now
        taken += turns.take(now) is not None
    return (time.perf_counter() - began) / taken * 1e6
