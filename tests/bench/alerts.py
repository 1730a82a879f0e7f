"""From a print at the venue to the alert in somebody's hands, over sockets and Postgres."""

import asyncio
import time
from decimal import Decimal
from statistics import median, quantiles

from bot.use_cases.context import Identity
from bot.views import ExitView
from engine.core.instrument import Direction
from engine.core.orders import Level, Size
from engine.desk import EntryWish, Owner
from engine.tickets import Ticket
from tests.support.binance.stand_in import BinanceStandIn
from tests.support.chatting import open_app

TRADES = 200
PRICE = Decimal(60_000)
FEE = Decimal("0.001")


async def measure(dsn: str) -> dict[str, float]:
    """Return milliseconds from a stop's print until its notice is handed over, one at a time."""
    async with BinanceStandIn() as venue:
        venue.print("BTCUSDT", PRICE)
        async with open_app(dsn, venue) as app:
            identity = Identity("terminal", "bench", "bench", "en", "UTC")
            person = await app.context.books.enroll(
                "terminal", "bench", "en", "UTC", ("USDT", Decimal(10_000_000))
            )
            owner = Owner(person.user_id, person.account_id, "USDT")
            await _open(app, venue, owner)
            return await _hit(app, venue, identity)


async def _open(app, venue, owner: Owner) -> None:
    tickets: list[Ticket] = []
    for number in range(TRADES):
        stop = Level(price=PRICE - 100 - number)
        wish = EntryWish(owner, "BTCUSDT", Direction.LONG, Size(Decimal(100)), FEE, stop=stop)
        ticket = await app.context.desk.open(wish, f"bench:{number}")
        assert isinstance(ticket, Ticket), ticket
        tickets.append(ticket)
    venue.print("BTCUSDT", PRICE)
    await asyncio.wait([ticket.ended for ticket in tickets], timeout=30)


async def _hit(app, venue, identity: Identity) -> dict[str, float]:
    told: asyncio.Queue[float] = asyncio.Queue()
    listening = asyncio.create_task(_listen(app, identity, told))
    waits: list[float] = []
    try:
        for number in range(TRADES):
            await asyncio.sleep(0.01)
            printed_at = time.perf_counter()
            venue.print("BTCUSDT", PRICE - 100 - number)
            async with asyncio.timeout(10):
                waits.append((await told.get() - printed_at) * 1_000)
    finally:
        listening.cancel()
        await asyncio.wait({listening})
    return {
        "print_to_alert_p50_ms": median(waits),
        "print_to_alert_p99_ms": quantiles(waits, n=100)[98],
    }


async def _listen(app, identity: Identity, told: "asyncio.Queue[float]") -> None:
    async for view in app.door(identity).notices():
        if isinstance(view, ExitView):
            told.put_nowait(time.perf_counter())
