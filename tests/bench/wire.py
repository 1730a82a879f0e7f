"""From a print at the venue to the request at Telegram: the whole application over real sockets.

10,000 trades are open while single stops are hit, within the platform's budget; then one print
reaches the alerts of a thousand people at once, and the budget is what counts.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from statistics import median, quantiles

import asyncpg

from bot.app import App, live_venue, opened
from bot.chats import serve
from bot.delivery.courier import TELEGRAM_BUDGET
from bot.settings import Settings
from engine.core.instrument import Direction
from engine.core.orders import Level, Size
from engine.desk import AlertWish, EntryWish, Owner
from engine.tickets import Ticket
from tests.bench.asking import ticket_of
from tests.support.binance.stand_in import BinanceStandIn
from tests.support.house import quick_feed
from tests.support.telegram.stand_in import TelegramStandIn

OPEN_TRADES = 10_000
PEOPLE = 1_000
SINGLE_HITS = 200
PACE_SECONDS = 0.1
SETTLING_SECONDS = 3.0
PRICE = Decimal(60_000)
FEE = Decimal("0.001")
BURST_SECONDS_MAX = 180.0


async def measure(dsn: str) -> dict[str, float]:
    """Return milliseconds from print to request, and seconds until a thousand are told."""
    async with BinanceStandIn() as venue, TelegramStandIn() as telegram:
        for symbol in ("BTCUSDT", "ETHUSDT"):
            venue.print(symbol, PRICE)
        async with _opened(dsn, venue) as app:
            owners = [await _person(app, telegram, number) for number in range(1, PEOPLE + 1)]
            await _open(app, venue, owners)
            await _set_alerts(app, owners)
        await _forget_openings(dsn)
        async with _opened(dsn, venue) as app, _serving(app, telegram):
            return await _singles(venue, telegram) | await _burst(app, venue, telegram)


@asynccontextmanager
async def _opened(dsn: str, venue: BinanceStandIn) -> AsyncIterator[App]:
    settings = Settings.from_environ({"HOME": "/nonexistent"})
    async with opened(settings, dsn, live_venue(quick_feed(venue))) as app:
        assert await app.engine.wait_armed(30)
        yield app


@asynccontextmanager
async def _serving(app: App, telegram: TelegramStandIn) -> AsyncIterator[None]:
    environ = {
        "HOME": "/nonexistent",
        "TELEGRAM_TOKEN": telegram.token,
        "TELEGRAM_API_URL": telegram.url,
    }
    stop = asyncio.Event()
    serving = asyncio.create_task(serve(app, Settings.from_environ(environ), stop))
    try:
        await asyncio.sleep(SETTLING_SECONDS)
        yield
    finally:
        stop.set()
        await serving


async def _person(app: App, telegram: TelegramStandIn, number: int) -> Owner:
    telegram.user(number)
    telegram.bot.started.add(number)
    grant = ("USDT", Decimal(10_000_000))
    person = await app.context.books.enroll("telegram", str(number), "en", "UTC", grant)
    return Owner(person.user_id, person.account_id, "USDT")


async def _open(app: App, venue: BinanceStandIn, owners: list[Owner]) -> None:
    """Open everybody's trades: far stops, one single stop for some."""
    plans: list[tuple[Owner, str, Decimal]] = []
    plans += [(owner, "ETHUSDT", PRICE / 4) for owner in owners]
    plans += [(owners[at], "BTCUSDT", PRICE - 100 - at) for at in range(SINGLE_HITS)]
    left = OPEN_TRADES - len(plans)
    plans += [(owners[at % PEOPLE], "BTCUSDT", Decimal(100)) for at in range(left)]
    for start in range(0, len(plans), 500):
        tickets: list[Ticket] = []
        for number, (owner, symbol, stop) in enumerate(plans[start : start + 500], start):
            size, level = Size(Decimal(100)), Level(price=stop)
            wish = EntryWish(owner, symbol, Direction.LONG, size, FEE, stop=level)
            key = f"wire:{number}"
            tickets.append(await ticket_of(lambda w=wish, k=key: app.context.desk.open(w, k)))
        for symbol in ("BTCUSDT", "ETHUSDT"):
            venue.print(symbol, PRICE)
        await asyncio.wait([ticket.ended for ticket in tickets], timeout=30)


async def _set_alerts(app: App, owners: list[Owner]) -> None:
    """Let everybody wait for one price."""
    for start in range(0, len(owners), 200):
        tickets: list[Ticket] = []
        for owner in owners[start : start + 200]:
            wish = AlertWish(owner.user_id, "ETHUSDT", PRICE / 2)
            key = f"wire-alert:{owner.user_id}"
            tickets.append(await ticket_of(lambda w=wish, k=key: app.context.desk.set_alert(w, k)))
        await asyncio.wait([ticket.accepted for ticket in tickets], timeout=30)


async def _forget_openings(dsn: str) -> None:
    """Leave nothing to be told of how everything was opened."""
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute("DELETE FROM notices")
    finally:
        await connection.close()


async def _singles(venue: BinanceStandIn, telegram: TelegramStandIn) -> dict[str, float]:
    waits: list[float] = []
    for at in range(SINGLE_HITS):
        known = len(telegram.requests)
        printed_at = time.monotonic()
        venue.print("BTCUSDT", PRICE - 100 - at)
        sent = await telegram.world.until(lambda known=known: _sends(telegram, known), 30)
        waits.append((sent[0] - printed_at) * 1_000)
        await asyncio.sleep(PACE_SECONDS)
    return {
        "print_to_wire_p50_ms": median(waits),
        "print_to_wire_p99_ms": quantiles(waits, n=100)[98],
    }


def _sends(telegram: TelegramStandIn, known: int) -> list[float]:
    """Return when messages came since there were `known` requests."""
    return [call.at for call in telegram.requests[known:] if call.method == "sendMessage"]


async def _burst(app: App, venue: BinanceStandIn, telegram: TelegramStandIn) -> dict[str, float]:
    gate = app.delivery.way.gate("telegram")
    idle_before, known = gate.idle_seconds, len(telegram.requests)
    printed_at = time.monotonic()
    venue.print("ETHUSDT", PRICE / 2)
    await telegram.world.until(
        lambda: len(telegram.requests) >= known + PEOPLE and len(_sends(telegram, known)) >= PEOPLE,
        BURST_SECONDS_MAX,
    )
    told = sorted(at - printed_at for at in _sends(telegram, known))
    return {
        "alerts_1000_first_ms": told[0] * 1_000,
        "alerts_1000_p50_seconds": median(told),
        "alerts_1000_last_seconds": told[-1],
        "alerts_1000_over_budget_times": told[-1] * TELEGRAM_BUDGET.per_second / PEOPLE,
        "alerts_1000_gate_idle_seconds": gate.idle_seconds - idle_before,
    }
