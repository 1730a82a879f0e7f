"""One trade's whole life on a practice tape: the real vigil decides, nothing is kept."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from msgspec import UNSET, Struct, UnsetType

from bot.practice.tape import PracticeTape
from bot.use_cases.bars import add_print
from bot.views import Candle
from engine.core.commands import Command, PlaceClose, PlaceEntry, Refusal, SetExits
from engine.core.effects import Effect, ExitsSet, TradeExited, TradeOpened
from engine.core.events import Place, PriceTick
from engine.core.instrument import Direction
from engine.core.levels import break_even_price
from engine.core.numbers import ONE, product
from engine.core.orders import CloseOrder, EntryOrder, Level, Size
from engine.core.trade import ExitReason, Fill, Trade
from engine.core.vigil import Deferred, Vigil

ENTRY_AFTER_MS = 360_000
RAISE_AFTER_MS = 180_000
REST_MS = 300_000
STOP_RATIO = Decimal("0.01")
TARGET_RATIO = Decimal("0.01")
SLIP_RATIO = Decimal("0.0015")
"""How far beyond break-even the stop goes after the target, so that a slip leaves a gain."""
FEE_RATE = Decimal("0.001")
HALF = Decimal("0.5")
NOBODY, ENTRY_ID, CLOSE_ID = 0, 1, 2

Told = TradeOpened | TradeExited | ExitsSet


class Moment(Struct, frozen=True):
    """One print of the tape, `at_ms` after its beginning, and what followed from it."""

    at_ms: int
    effects: Sequence[Told] = ()


class Stage:
    """Plays a tape once. `stop` is the first stop; `bars` and `fills` are what was seen so far."""

    def __init__(self, tape: PracticeTape, start_ms: int) -> None:
        self.instrument = tape.instrument
        self.stop = Level(ratio=STOP_RATIO)
        self.bars: list[Candle] = []
        self.fills: list[Fill] = []
        self.trade: Trade | None = None
        self._tape = tape
        self._start_ms = start_ms
        self._vigil = Vigil({tape.instrument.symbol: tape.instrument})
        self._raise_at_ms: int | None = None
        self._last: PriceTick | None = None

    def moments(self) -> Iterator[Moment]:
        """Yield print by print what happens, until some minutes after the trade is closed."""
        until_ms: int | None = None
        for tick in self._tape.prints(self._start_ms):
            effects = [*self._commanded(tick), *self._played(tick)]
            told = [one for one in effects if isinstance(one, TradeOpened | TradeExited | ExitsSet)]
            for effect in told:
                self._note(effect, tick)
            yield Moment(tick.time_ms - self._start_ms, told)
            if until_ms is None and self.trade is not None and not self.trade.is_open:
                until_ms = tick.time_ms + REST_MS
            if until_ms is not None and tick.time_ms >= until_ms:
                return

    @property
    def price(self) -> Decimal:
        """The last price."""
        assert self._last is not None, "the tape has begun"
        return Decimal(self._last.price)

    def _commanded(self, tick: PriceTick) -> Sequence[Effect]:
        """Return what is done before a print: enter, take half at the target, raise the stop."""
        if self._last is None:
            return ()
        at_ms, trade = tick.time_ms - self._start_ms, self.trade
        if trade is None:
            is_due = at_ms >= ENTRY_AFTER_MS and self._vigil.order(ENTRY_ID) is None
            return self._ask(self._entry()) if is_due else ()
        if trade.targets and Decimal(tick.price) >= trade.targets[0].price:
            self._raise_at_ms = at_ms + RAISE_AFTER_MS
            self._ask(self._exits(trade, target=None))  # there is no ladder: half goes by hand
            self._ask(self._half(trade))
        elif trade.is_open and self._raise_at_ms is not None and at_ms >= self._raise_at_ms:
            self._raise_at_ms = None
            free = break_even_price(trade.direction, trade.entry_price, FEE_RATE, self.instrument)
            price = self.instrument.tick_up(product(free, ONE + SLIP_RATIO))
            return self._ask(self._exits(trade, stop=Level(price=price)))
        return ()

    def _played(self, tick: PriceTick) -> Sequence[Effect]:
        if self._last is None:
            symbol = self.instrument.symbol
            self._vigil.start_symbol(symbol, tick.id, tick.price, tick.time_ms)
        self._last = tick
        add_print(self.bars, tick)
        return self._vigil.on_print(tick)

    def _note(self, effect: Told, tick: PriceTick) -> None:
        self.trade = effect.trade
        if isinstance(effect, TradeOpened | TradeExited):
            self.fills.append(effect.fill)
            assert effect.fill.print_id == tick.id, "a dense tape fills at its next print"

    def _ask(self, command: Command) -> Sequence[Effect]:
        outcome = self._vigil.on_command(command)
        assert not isinstance(outcome, Refusal | Deferred), outcome
        return outcome

    def _place(self) -> Place:
        last = self._last
        assert last is not None
        return Place(last.symbol, last.id, last.time_ms, True, last.price, last.time_ms)

    def _entry(self) -> PlaceEntry:
        place = self._place()
        order = EntryOrder(
            id=ENTRY_ID,
            user_id=NOBODY,
            account_id=NOBODY,
            symbol=place.symbol,
            after_id=place.after_id,
            received_at_ms=place.now_ms,
            direction=Direction.LONG,
            size=Size(self._tape.notional),
            fee_rate=FEE_RATE,
            route=(),
            stop=self.stop,
            target=Level(ratio=TARGET_RATIO),
        )
        return PlaceEntry("enter", order, place)

    def _half(self, trade: Trade) -> PlaceClose:
        place = self._place()
        order = CloseOrder(
            id=CLOSE_ID,
            user_id=NOBODY,
            account_id=NOBODY,
            symbol=place.symbol,
            after_id=place.after_id,
            received_at_ms=place.now_ms,
            trade_id=trade.id,
            share=HALF,
            reason=ExitReason.TAKE_PROFIT,
        )
        return PlaceClose("half", order, place)

    def _exits(
        self,
        trade: Trade,
        stop: Level | UnsetType | None = UNSET,
        target: Level | UnsetType | None = UNSET,
    ) -> SetExits:
        return SetExits("exits", NOBODY, trade.id, self._place(), stop, target)
