"""People who open, reduce, close and edit all the time, and ask again what was never answered."""

import asyncio
from contextlib import suppress
from decimal import Decimal
from random import Random

from msgspec import UNSET

from bot.use_cases.context import Context
from db.books import PostgresBooks
from engine.core.commands import CancelOrder, Refusal, RefusalCode, RemoveAlert, ResetAccount
from engine.core.instrument import Direction
from engine.core.orders import Size
from engine.core.trade import Trade
from engine.desk import AlertWish, CloseWish, EntryWish, Owner
from engine.desk import Answer as Ticketed
from engine.ports import StoreUnavailable
from tests.campaign.journal import KEEP, Answer, Journal, Wish
from tests.support.builders import FEE, level

SYMBOLS = {
    "USDT": ("BTCUSDT", "ETHUSDT", "SOLUSDT", "DOGEUSDT", "BTCBRL"),
    "BRL": ("BTCUSDT", "ETHUSDT", "BTCBRL", "DOGEUSDT"),
}
OPEN_MAX = 6
ANSWER_SECONDS = 20.0


class Trader:
    """One account holder. `pause_seconds`: mean time between what he asks."""

    def __init__(self, context: Context, owner: Owner, journal: Journal, rng: Random) -> None:
        self._desk = context.desk
        assert isinstance(context.books, PostgresBooks)
        self._books = context.books
        self._clock = context.clock
        self._owner = owner
        self._journal = journal
        self._rng = rng

    async def live(self, pause_seconds: float) -> None:
        """Ask until canceled; a database that is away for a moment is asked again later."""
        while True:
            await asyncio.sleep(self._rng.expovariate(1 / pause_seconds))
            with suppress(StoreUnavailable):
                await self._ask_something()

    async def _ask_something(self) -> None:
        wish = await self._wish()
        self._journal.note(wish)
        await self.ask(wish)
        if self._rng.random() < 0.05:  # a platform that delivers the same update twice
            await self.ask(wish)

    async def ask(self, wish: Wish) -> None:
        """Ask once and note the answer; one that never comes is not noted."""
        ticket = await self._submit(wish)
        if isinstance(ticket, Refusal):
            self._journal.note(Answer(wish.key, ticket.code.value))
            return
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                told = await asyncio.shield(ticket.accepted)
        except TimeoutError:
            return
        said = told.code.value if isinstance(told, Refusal) else told.ruling.verdict.value
        self._journal.note(Answer(wish.key, said))
        if wish.kind == "reset" or said == "conflict":  # his account may be another one now
            person = await self._books.person_by_id(self._owner.user_id)
            assert person is not None
            self._owner = Owner(person.user_id, person.account_id, person.currency)

    async def _submit(self, wish: Wish) -> Ticketed:
        if wish.kind == "open":
            entry = EntryWish(
                self._owner,
                wish.symbol,
                Direction(wish.direction),
                Size(Decimal(wish.amount)),
                FEE,
                stop=level(wish.stop),
                target=level(wish.target),
            )
            return await self._desk.open(entry, wish.key)
        if wish.kind in ("alert", "unalert", "cancel"):
            return await self._submit_small(wish)
        if wish.kind == "reset":
            return self._desk.reset(await self._reset(wish))
        trade = await self._trade(wish.trade_id)
        if isinstance(trade, Refusal):
            return trade
        if wish.kind == "close":
            asked = CloseWish(self._owner, trade, Decimal(wish.share))
            return await self._desk.close(asked, wish.key)
        stop, target = (UNSET if one == KEEP else level(one) for one in (wish.stop, wish.target))
        return await self._desk.set_exits(trade, wish.key, stop, target)

    async def _submit_small(self, wish: Wish) -> Ticketed:
        """Submit what touches no trade."""
        named = (wish.key, wish.user_id, wish.order_id, wish.symbol)
        if wish.kind == "cancel":
            return self._desk.cancel(CancelOrder(*named))
        if wish.kind == "unalert":
            return await self._desk.remove_alert(RemoveAlert(*named))
        alert = AlertWish(wish.user_id, wish.symbol, Decimal(wish.amount))
        return await self._desk.set_alert(alert, wish.key)

    async def _reset(self, wish: Wish) -> ResetAccount:
        held = await self._books.open_trades(wish.user_id)
        waiting = await self._books.waiting(wish.user_id)
        return ResetAccount(
            key=wish.key,
            user_id=wish.user_id,
            account_id=wish.account_id,
            now_ms=self._clock.now_ms(),
            currency=self._owner.currency,
            starting_balance=Decimal(wish.amount),
            trades={one.trade.id: one.trade.symbol for one in held},
            orders={one.order.id: one.order.symbol for one in waiting},
        )

    async def _trade(self, trade_id: int) -> Trade | Refusal:
        for numbered in await self._books.open_trades(self._owner.user_id):
            if numbered.trade.id == trade_id:
                return numbered.trade
        return Refusal(RefusalCode.TRADE_NOT_OPEN)

    async def _wish(self) -> Wish:
        held = [n.trade for n in await self._books.open_trades(self._owner.user_id)]
        key, roll = f"{self._rng.getrandbits(96):024x}", self._rng.random()
        if roll > 0.99:
            user_id, account_id = self._owner.user_id, self._owner.account_id
            return Wish(key, user_id, "reset", account_id=account_id, amount="250000")
        alert = await self._alert(key, roll) if roll > 0.9 else None
        if alert is not None:
            return alert
        waiting = await self._books.waiting(self._owner.user_id) if roll < 0.2 else ()
        if waiting:
            order = waiting[0].order
            return Wish(key, order.user_id, "cancel", symbol=order.symbol, order_id=order.id)
        if len(held) < 2 or (len(held) < OPEN_MAX and roll < 0.4):
            return self._open(key)
        trade = self._rng.choice(held)
        if roll < 0.7:
            share = "1" if roll < 0.55 else f"0.{self._rng.randrange(10**7, 9 * 10**7):08}"
            return Wish(key, self._owner.user_id, "close", trade_id=trade.id, share=share)
        stop, target = self._levels(trade.symbol, trade.direction)
        edits = [(stop, target), (stop, KEEP), (KEEP, target), (None, KEEP), (KEEP, None)]
        stop, target = self._rng.choice(edits)
        return Wish(key, self._owner.user_id, "exits", trade_id=trade.id, stop=stop, target=target)

    async def _alert(self, key: str, roll: float) -> Wish | None:
        """Set an alert up to 0.4 % away, or take one back."""
        user_id = self._owner.user_id
        armed = await self._books.alerts(user_id) if roll > 0.97 else ()
        if armed:
            one = self._rng.choice(armed)
            return Wish(key, user_id, "unalert", symbol=one.symbol, order_id=one.id)
        symbol = self._rng.choice(SYMBOLS[self._owner.currency])
        level = self._level(symbol, self._rng.choice((1, -1)))
        if level is None or level.endswith("%"):
            return None
        return Wish(key, user_id, "alert", symbol=symbol, amount=level)

    def _open(self, key: str) -> Wish:
        symbol = self._rng.choice(SYMBOLS[self._owner.currency])
        direction = self._rng.choice(("long", "short"))
        stop, target = self._levels(symbol, direction)
        if symbol == "DOGEUSDT" and direction == "short":
            stop = target = None  # until the pump takes its collateral
        scale = 5 if self._owner.currency == "BRL" else 1
        dear = 100 if self._rng.random() < 0.02 else 1  # more than he has, now and then
        amount = scale * dear * self._rng.randrange(20 * 10**8, 900 * 10**8)
        return Wish(
            key,
            self._owner.user_id,
            "open",
            symbol=symbol,
            direction=direction,
            amount=f"{Decimal(amount) / 10**8:f}",
            stop=stop,
            target=target,
        )

    def _levels(self, symbol: str, direction: str) -> tuple[str | None, str | None]:
        """Draw a stop and a target 0.01 to 0.4 % away, some as prices, some not at all."""
        sign = 1 if direction == "long" else -1
        return self._level(symbol, -sign), self._level(symbol, sign)

    def _level(self, symbol: str, sign: int) -> str | None:
        ratio = round(self._rng.uniform(0.0001, 0.004), 6)
        place = self._desk.place(symbol)
        if self._rng.random() < 0.1:
            return None
        if place is None or self._rng.random() < 0.5:
            return f"{ratio * 100:.4f}%"
        price = Decimal(place.last_price) * Decimal(str(1 + sign * ratio))
        return f"{price.quantize(Decimal('1e-5')):f}"
