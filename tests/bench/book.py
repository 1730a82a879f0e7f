"""What watching costs: the trigger book and the vigil against the scans that they replace.

Workload of the live case: prints and trades over 500 symbols by Zipf, steps of 5 basis points,
20 % shorts. Ratios count; absolute figures are this machine's.
"""

import gc
import json
import random
import sys
import time
import tracemalloc
from array import array
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import accumulate, islice

from engine.core.commands import PlaceClose, PlaceEntry
from engine.core.events import Place, PriceTick
from engine.core.instrument import Direction, Instrument
from engine.core.orders import CloseOrder, EntryOrder, Level, Size
from engine.core.trade import Target, Trade
from engine.core.trade_table import thresholds, write
from engine.core.trigger_book import SymbolBook
from engine.core.vigil import Vigil

SYMBOLS = [f"C{number:03}USDT" for number in range(500)]
WEIGHTS = list(accumulate(1 / rank for rank in range(1, len(SYMBOLS) + 1)))
START_MS = 1_700_000_000_000
PAGE = 1_000
MANY, FEW = 1_000_000, 1_000
QUIET = 200_000
FIRING = 60_000
ROUNDS = 5


def measure(many: int = MANY) -> dict[str, float]:
    """Return the figures by name: microseconds, bytes, seconds, or ratios (`_times`)."""
    figures: dict[str, float] = {}
    small, large = Market(FEW), Market(many)
    figures |= large.load_figures
    figures |= quiet_figures(small, large)
    figures |= command_figures(small, large)
    figures |= firing_figures(large)
    return figures | memory(min(many, 200_000))


class Market:
    """A vigil that watches `count` trades of the workload."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.rng = random.Random(count)
        self.instruments = {symbol: listed(symbol) for symbol in SYMBOLS}
        self.vigil = Vigil(self.instruments)
        for symbol in SYMBOLS:
            self.vigil.start_symbol(symbol, 100, "100.00", START_MS)
        self.ids = dict.fromkeys(SYMBOLS, 100)
        self.now_ms = START_MS
        self.load_figures = self._load()

    def _load(self) -> dict[str, float]:
        seconds, longest = 0.0, 0.0
        lines = (write(trade) for trade in trades(self.count, self.rng))
        while page := list(islice(lines, PAGE)):
            began = time.process_time()
            self.vigil.load_trades(page)
            block = time.process_time() - began
            seconds += block
            longest = max(longest, block)
        return {"load_seconds": seconds, "load_block_ms": longest * 1_000}

    def tick(self, symbol: str, price: str) -> PriceTick:
        """Return the next print of a symbol."""
        self.ids[symbol] += 1
        self.now_ms += 1
        return PriceTick(symbol, self.ids[symbol], price, self.now_ms)

    def place(self, symbol: str) -> Place:
        """Return the place of a command now."""
        return Place(symbol, self.ids[symbol], self.now_ms, True, "100.00", self.now_ms)


def listed(symbol: str) -> Instrument:
    """Return an instrument of the workload."""
    return Instrument(symbol, symbol[:4], "USDT", True, Decimal("0.01"), Decimal("0.00001"))


def trades(count: int, rng: random.Random) -> Iterator[Trade]:
    """Yield trades opened at 100: stop 0.5 to 15 % away, target 0.5 to 30 %, 20 % short."""
    for trade_id, symbol in enumerate(rng.choices(SYMBOLS, cum_weights=WEIGHTS, k=count), 1):
        is_short = rng.random() < 0.2
        stop, target = rng.randrange(50, 1_501), rng.randrange(50, 3_001)
        sign = -1 if is_short else 1
        yield Trade(
            id=trade_id,
            user_id=trade_id % 50_000,
            account_id=trade_id % 50_000,
            symbol=symbol,
            direction=Direction.SHORT if is_short else Direction.LONG,
            revision=1,
            after_id=100,
            opened_at_ms=START_MS,
            quantity=Decimal("12.34567"),
            entry_price=Decimal("100.00"),
            reserved=Decimal("1234.56700000"),
            entry_fee=Decimal("1.23456700"),
            fee_rate=Decimal("0.001"),
            rate=Decimal(1),
            route=(),
            liquidation_price=Decimal("199.80") if is_short else None,
            stop_price=Decimal(10_000 - sign * stop) / 100,
            targets=(Target(1, Decimal(10_000 + sign * target) / 100, Decimal(1)),),
        )


def quiet_figures(small: Market, large: Market) -> dict[str, float]:
    """Time prints that fire nothing: the bare loop, the book alone, the vigil's `on_print`."""
    rng = random.Random(9)
    symbols = rng.choices(SYMBOLS, cum_weights=WEIGHTS, k=QUIET)
    prices = [rng.uniform(99.6, 100.4) for _ in symbols]
    pairs = list(zip(symbols, prices, strict=True))
    floors, ceilings = dict.fromkeys(SYMBOLS, 99.5), dict.fromkeys(SYMBOLS, 100.5)
    timed: dict[str, Callable[[], float]] = {
        "bare_loop_us": lambda: bare_loop(pairs, floors, ceilings),
        "touch_1k_us": lambda: touch_loop(pairs, small),
        "touch_1m_us": lambda: touch_loop(pairs, large),
        "on_print_1k_us": lambda: print_loop(pairs, small),
        "on_print_1m_us": lambda: print_loop(pairs, large),
    }
    best = {name: min(run() for _ in range(ROUNDS)) / QUIET * 1e6 for name, run in timed.items()}
    return best | {
        "touch_1m_to_1k_times": best["touch_1m_us"] / best["touch_1k_us"],
        "touch_1m_to_bare_times": best["touch_1m_us"] / best["bare_loop_us"],
    }


def bare_loop(
    pairs: list[tuple[str, float]], floors: dict[str, float], ceilings: dict[str, float]
) -> float:
    """Return the seconds of a look-up and two comparisons for each pair."""
    fired = 0
    began = time.process_time()
    for symbol, price in pairs:
        if price <= floors[symbol] or price >= ceilings[symbol]:
            fired += 1
    seconds = time.process_time() - began
    assert fired == 0
    return seconds


def touch_loop(pairs: list[tuple[str, float]], market: Market) -> float:
    """Return the seconds of the same through the trigger book."""
    books = {symbol: book_of(market, symbol) for symbol in SYMBOLS}
    fired = 0
    began = time.process_time()
    for symbol, price in pairs:
        if books[symbol].touch(price):
            fired += 1
    seconds = time.process_time() - began
    assert fired == 0
    return seconds


def print_loop(pairs: list[tuple[str, float]], market: Market) -> float:
    """Return the seconds of the same through the vigil, place and segment included."""
    ticks = [market.tick(symbol, f"{price:.2f}") for symbol, price in pairs]
    on_print, effects = market.vigil.on_print, 0
    began = time.process_time()
    for tick in ticks:
        effects += len(on_print(tick))
    seconds = time.process_time() - began
    assert effects == 0
    return seconds


def command_figures(small: Market, large: Market) -> dict[str, float]:
    """Time opening and closing by command (accept, fill at a print, book, cancel), per pair."""
    few = min(open_and_close(small) for _ in range(3))
    many = min(open_and_close(large) for _ in range(3))
    return {"open_close_1k_us": few, "open_close_1m_us": many, "open_close_times": many / few}


def open_and_close(market: Market, count: int = 1_000) -> float:
    """Return microseconds of one opening and one closing on the busiest symbols."""
    rng = random.Random(4)
    seconds = 0.0
    for number in range(count):
        symbol = SYMBOLS[rng.randrange(5)]
        order_id = 10**9 + 2 * number
        opening = PlaceEntry(f"o{number}", entry(order_id, symbol, market), market.place(symbol))
        seconds += spent(lambda command=opening: market.vigil.on_command(command))
        filling = market.tick(symbol, "100.00")
        seconds += spent(lambda tick=filling: market.vigil.on_print(tick))
        closing = PlaceClose(f"c{number}", close(order_id, symbol, market), market.place(symbol))
        seconds += spent(lambda command=closing: market.vigil.on_command(command))
        filling = market.tick(symbol, "100.00")
        seconds += spent(lambda tick=filling: market.vigil.on_print(tick))
        assert market.vigil.trade(order_id) is None
    return seconds / count * 1e6


def spent(action: Callable[[], object]) -> float:
    """Return the seconds of an action."""
    began = time.process_time()
    action()
    return time.process_time() - began


def entry(order_id: int, symbol: str, market: Market) -> EntryOrder:
    """Return a market entry with both exits."""
    return EntryOrder(
        id=order_id,
        user_id=1,
        account_id=1,
        symbol=symbol,
        after_id=market.ids[symbol],
        received_at_ms=market.now_ms,
        direction=Direction.LONG,
        size=Size(Decimal(500)),
        fee_rate=Decimal("0.001"),
        route=(),
        stop=Level(ratio=Decimal("0.02")),
        target=Level(ratio=Decimal("0.04")),
    )


def close(trade_id: int, symbol: str, market: Market) -> CloseOrder:
    """Return a close of all."""
    place = (market.ids[symbol], market.now_ms)
    return CloseOrder(trade_id + 1, 1, 1, symbol, *place, trade_id, Decimal(1))


def firing_figures(market: Market) -> dict[str, float]:
    """Play a tape that fires, against scans of the same trades (sampled and scaled)."""
    columns = Columns(market)
    ticks = list(walk(market, FIRING))
    fired, longest, began = 0, 0.0, time.process_time()
    for tick in ticks:
        slice_began = time.process_time()
        fired += len(market.vigil.on_print(tick))
        longest = max(longest, time.process_time() - slice_began)
        while market.vigil.is_busy(tick.symbol):
            slice_began = time.process_time()
            fired += len(market.vigil.resume(tick.symbol))
            longest = max(longest, time.process_time() - slice_began)
    per_print = (time.process_time() - began) / len(ticks) * 1e6
    touch = book_firing(columns, ticks)
    per_second_scan = columns.scan_all() / 500 * 1e6
    scan_of_symbol = columns.scan_symbols(ticks)
    return {
        "fired_trades": fired,
        "firing_on_print_us": per_print,
        "firing_book_us": touch,
        "firing_block_ms": longest * 1_000,
        "scan_per_second_us": per_second_scan,
        "scan_of_symbol_us": scan_of_symbol,
        "scan_per_second_to_book_times": per_second_scan / touch,
        "scan_of_symbol_to_book_times": scan_of_symbol / touch,
    }


def walk(market: Market, count: int) -> Iterator[PriceTick]:
    """Yield a tape of 5 bp steps by Zipf."""
    rng = random.Random(3)
    prices = dict.fromkeys(SYMBOLS, 100.0)
    for symbol in rng.choices(SYMBOLS, cum_weights=WEIGHTS, k=count):
        prices[symbol] *= 1 + rng.choice((-1, 1)) * 0.0005
        yield market.tick(symbol, f"{prices[symbol]:.2f}")


class Columns:
    """The market's thresholds as flat columns, for scans and a book without money."""

    def __init__(self, market: Market) -> None:
        self.by_symbol: dict[str, tuple[array[float], array[float]]] = {}
        self.books: dict[str, SymbolBook] = {}
        for symbol in SYMBOLS:
            keys = book_of(market, symbol).owners()
            below = array("d", (key for key, _ in keys if key > 0))
            above = array("d", (-key for key, _ in keys if key < 0))
            self.by_symbol[symbol] = below, above
            self.books[symbol] = book = SymbolBook()
            for key, owner in keys:
                book.add(key, owner)

    def scan_all(self) -> float:
        """Return the seconds of one look at every threshold, as once a second (500 prints)."""
        began = time.process_time()
        for below, above in self.by_symbol.values():
            _scan(below, above, 100.0)
        return time.process_time() - began

    def scan_symbols(self, ticks: list[PriceTick]) -> float:
        """Return microseconds a print of scanning the print's symbol, from a sample."""
        sample = ticks[:: len(ticks) // 40]
        began = time.process_time()
        for tick in sample:
            _scan(*self.by_symbol[tick.symbol], float(tick.price))
        return (time.process_time() - began) / len(sample) * 1e6


def _scan(below: "array[float]", above: "array[float]", price: float) -> int:
    hits = [level for level in below if price <= level]
    hits += [level for level in above if price >= level]
    return len(hits)


def book_firing(columns: Columns, ticks: list[PriceTick]) -> float:
    """Return microseconds a print of the book alone on the firing tape."""
    books = columns.books
    began = time.process_time()
    for tick in ticks:
        price, book = float(tick.price), books[tick.symbol]
        if book.touch(price):
            book.take(price)
    return (time.process_time() - began) / len(ticks) * 1e6


def book_of(market: Market, symbol: str) -> SymbolBook:
    """Return the trigger book of a market's symbol."""
    return market.vigil._symbols[symbol].book  # what is measured


def memory(count: int = 200_000) -> dict[str, float]:
    """Return bytes per open trade, in the whole vigil and in its trigger books alone."""
    gc.collect()
    tracemalloc.start()
    vigil = Vigil({symbol: listed(symbol) for symbol in SYMBOLS})
    for symbol in SYMBOLS:
        vigil.start_symbol(symbol, 100, "100.00", START_MS)
    source = trades(count, random.Random(1))
    before = tracemalloc.get_traced_memory()[0]
    while page := [write(trade) for trade in islice(source, PAGE)]:
        vigil.load_trades(page)
    del page
    gc.collect()
    whole = tracemalloc.get_traced_memory()[0] - before
    before = tracemalloc.get_traced_memory()[0]
    books = {symbol: SymbolBook() for symbol in SYMBOLS}
    for trade in trades(count, random.Random(1)):
        for key, owner in thresholds(trade):
            books[trade.symbol].add(key, owner)
    gc.collect()
    index = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    return {"bytes_per_trade": whole / count, "bytes_in_index": index / count}


if __name__ == "__main__":
    size = int(sys.argv[1]) if len(sys.argv) > 1 else MANY
    print(json.dumps(measure(size), indent=1))
