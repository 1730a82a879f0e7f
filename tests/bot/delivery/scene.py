"""A relay over real Postgres and platforms that are lists: people, their trades, what they got."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from bot.delivery.courier import Budget, CourierError, Handle, Unreachable
from bot.delivery.gate import Gate
from bot.delivery.notices import NoticeBoard
from bot.delivery.postman import RelayParts
from bot.delivery.relay import Relay
from bot.delivery.way import GatedWay
from bot.delivery.wording import Wording
from bot.messages import Message
from bot.text import load_catalog
from db.house import PostgresHouse
from engine.clock import SystemClock
from engine.core.instrument import Instrument
from engine.tickets import Told
from tests.db.bench import PostgresBench
from tests.db.contract import commit
from tests.support.effects import Owner, decided, entry_order, exited, opened, placed

_UNADDRESSED = "SELECT count(*) FROM notices WHERE NOT is_addressed"
CATALOG = load_catalog()
QUICK = Budget(
    per_second=500, chat_per_second=500, chat_burst=500, live_seconds=0.05, live_minutes=1
)


class ListCourier:
    """A platform that is a list. `script` holds what the next calls to a chat come to."""

    def __init__(self, platform: str) -> None:
        self.platform = platform
        self.sent: list[tuple[str, str, str]] = []
        self.edits: list[tuple[str, Message]] = []
        self.calls = 0
        self.script: dict[str, list[CourierError]] = defaultdict(list)
        self.is_down = False
        self.seconds = 0.0

    def _meet(self, chat_id: str) -> CourierError | None:
        self.calls += 1
        if self.is_down:
            raise Unreachable("down")
        script = self.script[chat_id]
        error = script.pop(0) if script else None
        if error is not None and not (isinstance(error, Unreachable) and error.is_unknown):
            raise error
        return error

    async def send(self, chat_id: str, message: Message, **where: Any) -> Handle:
        await asyncio.sleep(self.seconds)
        lost = self._meet(chat_id)
        self.sent.append((chat_id, "\n".join(message.lines), where.get("nonce", "")))
        if lost is not None:
            raise lost
        return Handle(platform=self.platform, chat_id=chat_id, message_id=str(len(self.sent)))

    async def edit(self, handle: Handle, message: Message) -> None:
        lost = self._meet(handle.chat_id)
        self.edits.append((handle.message_id, message))
        if lost is not None:
            raise lost

    async def delete(self, handle: Handle) -> None:
        self.calls += 1

    async def told(self, chat_id: str, count: int = 1) -> float:
        """Wait until a chat got so many messages; return how many seconds it took."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        async with asyncio.timeout(5):
            while True:
                if len(self.texts(chat_id)) >= count:
                    return loop.time() - began
                await asyncio.sleep(0.005)

    def texts(self, chat_id: str) -> list[str]:
        """Return the first lines of what a chat got."""
        return [text.partition("\n")[0] for to, text, _ in self.sent if to == chat_id]


def context() -> Any:
    instrument = Instrument("BTCUSDT", "BTC", "USDT", True, Decimal("0.01"), Decimal("0.00001"))
    desk = SimpleNamespace(instrument=lambda _: instrument, exit_rate=lambda _: Decimal(1))
    return SimpleNamespace(desk=desk, clock=SystemClock())


class Scene:
    """One relay, two platforms, and people who trade."""

    def __init__(self, bench: PostgresBench, outbox: Any, budget: Budget = QUICK) -> None:
        self.bench = bench
        self.outbox = outbox
        self.couriers = {name: ListCourier(name) for name in ("telegram", "discord")}
        self.telegram = self.couriers["telegram"]
        self.clock = SystemClock()
        self.way = GatedWay({name: Gate(budget, self.clock) for name in self.couriers}, self.clock)
        self.board = NoticeBoard(outbox)
        self.house = PostgresHouse(bench.database)
        self.arrived: list[int] = []
        self.parts = RelayParts(
            outbox=outbox,
            board=self.board,
            way=self.way,
            house=self.house,
            wording=Wording(context(), CATALOG),
            clock=self.clock,
            after_sent=lambda notice, _: self.arrived.append(notice.id),
            sweep_seconds=0.2,
        )
        self.relay = Relay(self.parts, tuple(self.couriers))
        self._orders = 0

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self.relay.run())
        try:
            yield
            assert not task.done(), task.exception()
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def attach(self, *platforms: str) -> None:
        for name in platforms or self.couriers:
            await self.relay.attach(name, self.couriers[name])

    async def person(self, *channels: str, balance: str = "1000000") -> Owner:
        """Make a user with chats, as `telegram:1`."""
        owner = await self.bench.owner(balance)
        for channel in channels:
            platform, _, person_id = channel.partition(":")
            await self.bench.connection.execute(
                """INSERT INTO chat_identities
                    (platform, platform_user_id, user_id, created_at, joined_at)
                VALUES ($1, $2, $3, now(), now() - interval '1 day')""",
                platform,
                person_id,
                owner.user_id,
            )
        return owner

    async def trade(self, owner: Owner, *, is_told: bool = True) -> int:
        """Open and stop a trade; return its order's id. `is_told`: the relay hears of it."""
        self._orders += 1
        order = entry_order(owner, self._orders)
        entry = opened(order)
        effects = (placed(order), entry, exited(entry.trade, "49000"))
        rulings = await commit(self.bench, *effects)
        for told, ruling in zip(decided(*effects), rulings, strict=True):
            heard = Told(told.effect, ruling, told)
            self.board.hear(heard)
            if is_told:
                self.relay.hear(heard)
        return order.id

    async def statuses(self) -> dict[str, int]:
        rows = await self.bench.connection.fetch(
            "SELECT status, count(*) AS n FROM deliveries GROUP BY status"
        )
        return {row["status"]: row["n"] for row in rows}

    async def reasons(self) -> list[str]:
        rows = await self.bench.connection.fetch(
            "SELECT reason FROM deliveries WHERE status = 'dead' ORDER BY notice_id"
        )
        return [row["reason"] for row in rows]

    async def until(self, condition: Callable[[], bool], seconds: float = 10) -> None:
        async with asyncio.timeout(seconds):
            while True:
                if condition():
                    return
                await asyncio.sleep(0.01)

    async def settled(self, seconds: float = 15) -> dict[str, int]:
        """Wait until every delivery has ended; return how."""
        async with asyncio.timeout(seconds):
            while True:
                unaddressed = await self.bench.one(_UNADDRESSED)
                found = await self.statuses()
                if not found.get("pending") and not unaddressed:
                    return found
                await asyncio.sleep(0.02)
