"""The one door for chat: takes a wish, finds its place on the tape, hands it to the monitor.

It refuses to wait for prices longer than a few seconds, and to answer before the store has.
"""

import asyncio
from decimal import Decimal

from msgspec import UNSET, Struct, UnsetType

from engine.core.alerts import Crossing
from engine.core.commands import (
    CancelOrder,
    Command,
    PlaceAlert,
    PlaceClose,
    PlaceEntry,
    Refusal,
    RefusalCode,
    RemoveAlert,
    ResetAccount,
    SetExits,
)
from engine.core.events import Place
from engine.core.instrument import Direction, Instrument
from engine.core.orders import CloseOrder, EntryOrder, Level, Size
from engine.core.trade import ExitReason, Trade
from engine.engine import Engine, Term
from engine.market.instruments import Instruments
from engine.market.ports import FeedStatus
from engine.recovery import CaughtUp
from engine.tickets import Ticket

READY_SECONDS = 4.0
OFFLINE_READY_SECONDS = 0.3
TURN_SECONDS = 3.0

Answer = Ticket | Refusal


class Owner(Struct, frozen=True):
    """For whom: the user, his open account and its currency."""

    user_id: int
    account_id: int
    currency: str


class EntryWish(Struct, frozen=True):
    """An entry as a person wants it; `size`, `stop` and `target` as in EntryOrder."""

    owner: Owner
    symbol: str
    direction: Direction
    size: Size
    fee_rate: Decimal
    stop: Level | None = None
    target: Level | None = None


class CloseWish(Struct, frozen=True):
    """A close as a person wants it: `share` of what is open then, 0 < share <= 1."""

    owner: Owner
    trade: Trade
    share: Decimal = Decimal(1)
    reason: ExitReason = ExitReason.MANUAL


class AlertWish(Struct, frozen=True):
    """An alert as a person wants it; `crossing`: the way that the price has to go, as he saw it."""

    user_id: int
    symbol: str
    price: Decimal
    crossing: Crossing | None = None


class FeedFacts(Struct, frozen=True):
    """How prices and engine are now. `was_tried`: an attempt to connect has failed already."""

    is_connected: bool
    was_tried: bool
    is_armed: bool
    symbols: frozenset[str]
    caught_up: CaughtUp | None
    clock_offset_ms: int | None


class Desk:
    """Prices and commands for use cases, whatever term the engine is in."""

    def __init__(self, engine: Engine, instruments: Instruments) -> None:
        self._engine = engine
        self.instruments = instruments

    @property
    def is_armed(self) -> bool:
        """Whether the vigil is complete: recovered and deciding."""
        return self._engine.armed is not None

    async def wait_armed(self, seconds: float) -> bool:
        """Wait at most `seconds` until the vigil is complete."""
        return await self._engine.wait_armed(seconds)

    def instrument(self, symbol: str) -> Instrument | None:
        """Return a symbol's instrument, or None when the venue does not know it."""
        return self.instruments.get(symbol)

    async def quote(self, symbol: str, seconds: float = READY_SECONDS) -> Place | None:
        """Watch a symbol and return its place, fresh or not; None when it has never spoken."""
        term = self._engine.term
        if term is None:
            return None
        term.monitor.attention.display(symbol)
        place = term.feed.place(symbol)
        if place is None or not place.is_fresh:
            facts = self.facts()
            is_offline = facts.was_tried and not facts.is_connected
            limit = min(seconds, OFFLINE_READY_SECONDS) if is_offline else seconds
            await term.feed.wait_ready(symbol, limit)
            place = term.feed.place(symbol)
        return place

    def place(self, symbol: str) -> Place | None:
        """Return what is known of a symbol right now, without waiting."""
        term = self._engine.term
        return None if term is None else term.feed.place(symbol)

    def exit_rate(self, trade: Trade) -> Decimal:
        """Return the rate at which a close of the trade would be booked now."""
        term = self._engine.term
        return trade.rate if term is None else term.exit_rate(trade)

    def facts(self) -> FeedFacts:
        """Return how prices and engine are now."""
        term = self._engine.term
        status = term.feed.status() if term is not None else None
        connections = status.connections if status is not None else ()
        return FeedFacts(
            is_connected=any(one.is_connected for one in connections) or self._is_replayed(status),
            was_tried=any(one.last_error or one.reconnects for one in connections),
            is_armed=self.is_armed,
            symbols=frozenset(one.symbol for one in status.symbols) if status else frozenset(),
            caught_up=self._engine.caught_up,
            clock_offset_ms=self._engine.clock_offset_ms(),
        )

    @staticmethod
    def _is_replayed(status: FeedStatus | None) -> bool:
        return status is not None and not status.connections and status.is_rest_reachable

    async def open(self, wish: EntryWish, key: str) -> Answer:
        """Place a market entry."""
        term = self._engine.armed
        instrument = self.instruments.get(wish.symbol)
        if term is None or instrument is None:
            return Refusal(RefusalCode.TRY_AGAIN)
        route = self.instruments.route(instrument.quote, wish.owner.currency)
        if route is None:
            facts = {"quote": instrument.quote, "currency": wish.owner.currency}
            return Refusal(RefusalCode.NO_ROUTE, facts)
        if not instrument.is_trading:
            return Refusal(RefusalCode.NOT_TRADING, {"symbol": wish.symbol})
        for leg in route:
            await self.quote(leg.symbol)
            if not await term.follow_rate(leg.symbol):
                return Refusal(RefusalCode.STALE_RATE, {"rate_symbols": leg.symbol})
        await self.quote(wish.symbol)
        place = term.feed.place(wish.symbol)
        if place is None or not place.is_fresh:
            return _stale(wish.symbol, place)
        order_id = term.next_id()
        if order_id is None:
            return Refusal(RefusalCode.TRY_AGAIN)
        term.follow(place)
        order = EntryOrder(
            id=order_id,
            user_id=wish.owner.user_id,
            account_id=wish.owner.account_id,
            symbol=wish.symbol,
            after_id=place.after_id,
            received_at_ms=place.now_ms,
            direction=wish.direction,
            size=wish.size,
            fee_rate=wish.fee_rate,
            route=route,
            stop=wish.stop,
            target=wish.target,
        )
        return self._submit(term, PlaceEntry(key, order, place))

    async def close(self, wish: CloseWish, key: str) -> Answer:
        """Place a market close; patient when the price is stale (RULES 3)."""
        term = await self._term_for(wish.trade.symbol)
        if term is None:
            return Refusal(RefusalCode.TRY_AGAIN)
        place = term.place_of(wish.trade.symbol)
        order_id = term.next_id()
        if place is None or order_id is None:
            return Refusal(RefusalCode.TRY_AGAIN)
        order = CloseOrder(
            id=order_id,
            user_id=wish.owner.user_id,
            account_id=wish.trade.account_id,
            symbol=wish.trade.symbol,
            after_id=place.after_id,
            received_at_ms=place.now_ms,
            trade_id=wish.trade.id,
            share=wish.share,
            reason=wish.reason,
            is_patient=not place.is_fresh or not self._is_trading(wish.trade.symbol),
        )
        return self._submit(term, PlaceClose(key, order, place))

    async def set_exits(
        self,
        trade: Trade,
        key: str,
        stop: Level | UnsetType | None = UNSET,
        target: Level | UnsetType | None = UNSET,
    ) -> Answer:
        """Set, move or remove a trade's stop or target.

        Refused while prints may exist that nobody here has heard of: what is set must never see
        one of them (RULES 3).
        """
        term = await self._term_for(trade.symbol)
        if term is None:
            return Refusal(RefusalCode.TRY_AGAIN)
        place = term.place_of(trade.symbol)
        if place is None or not place.is_live:
            return Refusal(RefusalCode.TRY_AGAIN)
        command = SetExits(key, trade.user_id, trade.id, place, stop, target)
        return self._submit(term, command)

    async def set_alert(self, wish: AlertWish, key: str) -> Answer:
        """Tell the user once when a symbol reaches a price; refused while nobody knows where it is.

        A level is above or below the last price, however old: what counts is a live, whole tape.
        """
        await self.quote(wish.symbol)
        term = await self._term_for(wish.symbol)
        if term is None:
            return Refusal(RefusalCode.TRY_AGAIN)
        is_whole = await term.feed.wait_ready(wish.symbol, 0)
        place = term.feed.place(wish.symbol)
        if place is None or not (place.is_live and is_whole):
            return _stale(wish.symbol, place)
        alert_id = term.next_id()
        if alert_id is None:
            return Refusal(RefusalCode.TRY_AGAIN)
        term.follow(place)
        command = PlaceAlert(key, alert_id, wish.user_id, wish.price, place, wish.crossing)
        return self._submit(term, command)

    async def remove_alert(self, command: RemoveAlert) -> Answer:
        """Take back an alert that has not fired."""
        term = await self._term_for(command.symbol)
        return Refusal(RefusalCode.TRY_AGAIN) if term is None else self._submit(term, command)

    def cancel(self, command: CancelOrder) -> Answer:
        """Take back an order that waits."""
        term = self._engine.armed
        return Refusal(RefusalCode.TRY_AGAIN) if term is None else self._submit(term, command)

    def reset(self, command: ResetAccount) -> Answer:
        """Close everything at the last prices and open a new account."""
        term = self._engine.armed
        return Refusal(RefusalCode.TRY_AGAIN) if term is None else self._submit(term, command)

    async def _term_for(self, symbol: str) -> Term | None:
        """Return the present term once it is this command's turn on the symbol, or None."""
        try:
            async with asyncio.timeout(TURN_SECONDS):
                if self._engine.armed is not None:
                    await self._engine.armed.monitor.turn(symbol)
        except TimeoutError:
            return None
        return self._engine.armed

    def _is_trading(self, symbol: str) -> bool:
        instrument = self.instruments.get(symbol)
        return instrument is not None and instrument.is_trading

    @staticmethod
    def _submit(term: Term, command: Command) -> Answer:
        return term.monitor.accept(command)


def _stale(symbol: str, place: Place | None) -> Refusal:
    if place is None:
        return Refusal(RefusalCode.STALE_PRICE, {"symbol": symbol})
    age_ms = str(place.now_ms - place.last_time_ms)
    return Refusal(RefusalCode.STALE_PRICE, {"price": place.last_price, "age_ms": age_ms})
