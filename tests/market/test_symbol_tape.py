"""A tape gives each print once and in order, in whatever order and number they arrive."""

from collections.abc import Callable
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from engine.core.events import PriceTick
from engine.market.ports import Anchor
from engine.market.symbol_tape import SymbolTape, TapeLimits, TapeNeed
from tests.market.conftest import RecordingSink


class Bench:
    """A tape with a sink, and a venue that fills what is asked for when told to."""

    def __init__(self, held_max: int = 100, drain_max: int = 100) -> None:
        self.sink = RecordingSink()
        self.needs: list[TapeNeed] = []
        limits = TapeLimits(held_max, drain_max)
        self.tape = SymbolTape("X", self.sink, limits, lambda _, need: self.needs.append(need))

    def put(self, *ids: int) -> None:
        for number in ids:
            self.tape.apply(number, str(number), number)

    def finish(self, last_id: int) -> None:
        """Do what a feed does: fill and drain until the tape has all up to `last_id`."""
        self.sink.is_busy = False
        self.tape.release()
        for _ in range(1000):
            if self.tape.last_id >= last_id:
                return
            if self.tape.last_id + 1 in self.tape._held:
                self.tape.drain()
            else:
                first = self.tape.last_id + 1
                self.put(*range(first, min(first + 7, last_id + 1)))


@given(
    st.integers(0, 1 << 32),
    st.integers(1, 60),
    st.integers(1, 30),
    st.integers(1, 10),
)
def test_any_arrival_gives_each_print_once_in_order(
    seed: int, count: int, held_max: int, drain_max: int
):
    rng, bench = Random(seed), Bench(held_max, drain_max)
    bench.tape.anchor(Anchor(0, "0", 0))
    arrivals = [rng.randint(1, count) for _ in range(count * 2)]
    for number in arrivals:
        bench.sink.is_busy = rng.random() < 0.2
        if rng.random() < 0.2:
            bench.tape.release()
        bench.put(number)
        assert len(bench.tape._held) <= held_max + 1
    bench.finish(count)
    assert bench.sink.ids("X") == list(range(1, count + 1))
    assert not bench.tape.has_hole


def test_a_hole_asks_to_be_filled_and_holds_what_comes_after():
    bench = Bench()
    bench.put(5, 6, 9, 10)
    assert bench.sink.ids("X") == [5, 6]
    assert bench.tape.has_hole
    assert bench.needs[0] is TapeNeed.FILL
    assert bench.tape.highest_id == 10
    bench.put(7, 8)
    assert bench.sink.ids("X") == [5, 6, 7, 8, 9, 10]
    assert not bench.tape.has_hole


def test_duplicates_are_counted_and_dropped():
    bench = Bench()
    bench.put(5, 5, 6, 5, 8, 8)
    assert bench.sink.ids("X") == [5, 6]
    assert bench.tape.duplicates == 3


def test_a_long_backlog_is_handed_on_in_parts():
    bench = Bench(drain_max=3)
    bench.put(1)
    bench.sink.is_busy = True
    bench.put(*range(2, 12))
    bench.sink.is_busy = False
    bench.tape.release()
    assert bench.sink.ids("X") == [1, 2, 3, 4]
    assert bench.needs[-1] is TapeNeed.DRAIN
    bench.tape.drain()
    assert bench.sink.ids("X")[-1] == 7


def test_a_second_anchor_changes_nothing():
    bench = Bench()
    bench.tape.anchor(Anchor(10, "1", 1))
    bench.tape.anchor(Anchor(5, "1", 1))
    bench.put(11)
    assert bench.sink.ids("X") == [11]


def test_doubt_ends_with_the_next_print_or_with_a_proof():
    actions: list[Callable[[Bench], None]] = [
        lambda bench: bench.put(6),
        lambda bench: bench.tape.clear_doubt(),
    ]
    for action in actions:
        bench = Bench()
        bench.put(5)
        bench.tape.is_subscribed = True
        bench.tape.settle()
        assert bench.tape.ready.is_set()
        bench.tape.doubt()
        assert bench.tape.is_doubtful
        assert not bench.tape.ready.is_set()
        bench.tape.is_subscribed = True
        action(bench)
        assert bench.tape.is_ready


def test_a_sink_that_refuses_during_a_drain_keeps_the_rest():
    class Twice(RecordingSink):
        def on_tick(self, tick: PriceTick) -> bool:
            return len(self.ids("X")) < 2 and super().on_tick(tick)

    sink = Twice()
    tape = SymbolTape("X", sink, TapeLimits(10, 10), lambda *_: None)
    tape.anchor(Anchor(0, "0", 0))
    for number in (3, 2, 1):
        tape.apply(number, "1", 1)
    assert sink.ids("X") == [1, 2]
    assert tape.is_held
    assert not tape.has_hole
