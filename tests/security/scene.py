"""A whole application with people in it: what they say goes in, and what changed comes out."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import asyncpg
import msgspec

from bot.app import App, live_venue, opened
from bot.conversation.said import Asked, Room, Said, Shown
from bot.settings import Settings
from bot.use_cases.context import Identity
from tests.support.binance.stand_in import BinanceStandIn
from tests.support.house import quick_feed

HOST = "900001"
PRICES = {"BTCUSDT": "60000", "ETHUSDT": "2500", "BTCBRL": "330000", "ETHBRL": "13750"}
OPEN_NUMBERS = (2, 3)
CLOSED_NUMBER = 1
PERSON_USES = 6

# What belongs to somebody, one row of figures for each table and user; and what is the house's.
_OF_USERS = {
    "users": "SELECT id AS who, t FROM users t",
    "chats": "SELECT user_id AS who, t FROM chat_identities t",
    "plans": "SELECT user_id AS who, t FROM plans t",
    "alerts": "SELECT user_id AS who, t FROM alerts t",
    "codes": "SELECT user_id AS who, t FROM link_codes t",
    "accounts": "SELECT user_id AS who, t FROM accounts t",
    "trades": "SELECT user_id AS who, t FROM trades t",
    "fills": "SELECT user_id AS who, t FROM fills t",
    "ledger": "SELECT user_id AS who, t FROM ledger t",
    "orders": "SELECT user_id AS who, t FROM orders t",
    "notices": "SELECT user_id AS who, (n.id, n.code, n.payload) AS t FROM notices n",
    "rooms": "SELECT 0 AS who, t FROM rooms t",
    "values": "SELECT 0 AS who, t FROM stored_values t",
    "audit": "SELECT 0 AS who, t FROM host_actions t",
}
_STATE = " UNION ALL ".join(
    f"SELECT '{name}' AS kind, who, md5(string_agg(t::text, '|' ORDER BY t::text)) AS sum "
    f"FROM ({rows}) AS of_{name} GROUP BY who"
    for name, rows in _OF_USERS.items()
)
HOUSE = 0

_keys = itertools.count(1)
_ids = itertools.count(5_000_000)
_rooms = itertools.count(1)

State = dict[tuple[str, int], str]


@dataclass
class Person:
    """Somebody with, or without, an account: `user_id` 0 is a stranger.

    `secrets`: what only he may read. `uses` are counted so that he never asks too fast.
    """

    identity: Identity
    user_id: int = 0
    secrets: tuple[str, ...] = ()
    uses: int = 0


@dataclass
class House:
    """The application, its market and its tables."""

    app: App
    venue: BinanceStandIn
    tables: asyncpg.Pool
    shown: list[Any] = field(default_factory=list)

    def person(self, platform: str = "telegram", person_id: str = "", name: str = "Bo") -> Person:
        """Return a stranger, on a platform's word alone."""
        made = person_id or str(next(_ids))
        return Person(self.app.talks.identity(platform, made, name, "en"))

    def room(self, *, is_private: bool = True, is_admin: bool = False) -> Room:
        """Return a room in which nobody has spoken yet."""
        number = next(_rooms)
        if is_private:
            return Room(id=str(10_000_000 + number))
        return Room(id=f"-{10_000_000 + number}", is_private=False, name="Desk", is_admin=is_admin)

    async def hears(self, person: Person, room: Room, **said: Any) -> list[Shown | Asked]:
        """Let somebody say or press something, and return all that is shown for it."""
        person.uses += 1
        event = Said(key=said.pop("key", None) or f"test:{next(_keys)}", **said)
        shown: list[Shown | Asked] = []
        hearing = self.app.talks.of(person.identity, room).hear(event)
        async with asyncio.timeout(20):
            async for one in hearing:
                shown.append(one)
                if isinstance(one, Shown) and one.lets_go and one.message.is_silent:  # practice
                    await hearing.aclose()  # type: ignore[attr-defined]
                    break
        self.shown = shown
        return shown

    async def state(self) -> State:
        """Return what is stored of everybody and of the house, as sums."""
        rows = await self.tables.fetch(_STATE)
        return {(row["kind"], row["who"]): row["sum"] for row in rows}

    async def enrolled(self, platform: str = "telegram", **named: str) -> Person:
        """Return somebody with an account and an open dialogue with nobody."""
        person = self.person(platform, **named)
        books, identity = self.app.context.books, person.identity
        kept = await books.enroll(platform, identity.id, "en", "UTC", ("USDT", Decimal(10_000)))
        await books.set_name(platform, identity.id, identity.name)  # as his first word does
        return replace(person, user_id=kept.user_id)

    async def trader(self, platform: str = "telegram", **named: str) -> Person:
        """Return somebody with trades 2 and 3 open, 1 closed, a plan, and figures of his own."""
        person = await self.enrolled(platform, **named)
        room, own = self.room(), person.user_id % 900  # so that no two have the same balance
        cents = f"{person.user_id * 37 % 100:02d}"
        amounts = [f"{least + own}.{cents}" for least in (300, 500, 700)]
        for line in (f"/buy btc {amounts[0]} sl2%", "/close 1", f"/buy btc {amounts[1]} sl3%"):
            await self.hears(person, room, line=line)
        await self.hears(person, room, line=f"/short eth {amounts[2]}")
        plan = f"zz{person.user_id}plan"
        await self.hears(person, room, line=f"/plan {plan} {amounts[1]} sl=2% tp=4%")
        person.secrets = (plan, await self._equity_of(person))
        assert person.secrets[1] != "10,000.00", "he has traded"
        person.uses = 0
        return person

    async def traders(self, count: int, platform: str = "telegram") -> list[Person]:
        """Return several, made at once."""
        return list(await asyncio.gather(*(self.trader(platform) for _ in range(count))))

    async def _equity_of(self, person: Person) -> str:
        balance = await self.tables.fetchval(
            "SELECT balance FROM accounts WHERE user_id = $1 AND closed_at IS NULL", person.user_id
        )
        return f"{balance:,.2f}"


def changed(before: State, after: State) -> set[tuple[str, int]]:
    """Return whose figures of which table are not what they were."""
    return {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}


def text_of(shown: Iterable[Shown | Asked]) -> str:
    """Return everything that a message carries: words, buttons, pictures, files."""
    return "\n".join(
        str(msgspec.to_builtins(one.message if isinstance(one, Shown) else one.form))
        for one in shown
    )


def public_part(shown: Iterable[Shown | Asked]) -> list[Shown | Asked]:
    """Return what a whole room reads."""
    return [one for one in shown if isinstance(one, Shown) and not one.is_personal]


@asynccontextmanager
async def open_house(dsn: str, **environ: str) -> AsyncIterator[House]:
    """Run the application over a market that never stops printing."""
    given = {"ADMINS": f"telegram:{HOST}", **environ}
    tables = await asyncpg.create_pool(dsn, min_size=1, max_size=2, timeout=10)
    try:
        async with BinanceStandIn() as venue:
            for symbol, price in PRICES.items():
                venue.print(symbol, price)
            settings, feed = Settings.from_environ(given), quick_feed(venue)
            async with opened(settings, dsn, live_venue(feed)) as app:
                assert await app.engine.wait_armed(10)
                printing = asyncio.create_task(_keep_printing(venue))
                try:
                    yield House(app, venue, tables)
                finally:
                    printing.cancel()
                    await asyncio.wait({printing})
    finally:
        await asyncio.wait_for(tables.close(), 5)


async def _keep_printing(venue: BinanceStandIn) -> None:
    while True:
        for symbol, price in PRICES.items():
            venue.print(symbol, price)
        await asyncio.sleep(0.03)
