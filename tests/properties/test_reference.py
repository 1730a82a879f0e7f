"""The engine's core against the naive reference: same tape, same trades, same money, same order."""

import os
import random

import pytest

from engine.core.events import PriceTick, TapeQuiet
from tests.support.builders import START_MS
from tests.support.builders_scenario import (
    Scenario,
    compare,
    fresh_naive,
    fresh_vigil,
    play,
    recorded,
    tell,
)

EVENTS = 400


def events_of(seed):
    return Scenario(seed).events(EVENTS)


def told_by_reference(events):
    naive = fresh_naive()
    for event in events:
        if isinstance(event, PriceTick):
            naive.on_print(event)
        elif isinstance(event, TapeQuiet):
            naive.on_quiet(event)
        else:
            naive.on_command(event)
    return naive.outcomes


@pytest.mark.parametrize("seed", range(40))
def test_random_markets_come_out_as_the_naive_reference_says(seed):
    events = events_of(seed)
    vigil = fresh_vigil()
    told = [line for event in events for line in tell(play(vigil, event))]
    expected = told_by_reference(events)
    assert told == expected
    assert {line[0] for line in told} >= {"placed", "opened", "exited", "alert"}


def test_what_is_drawn_at_random_has_everything_in_it():
    told = {line[0] for seed in range(5) for line in told_by_reference(events_of(seed))}
    assert told == {
        *("placed", "ended", "refused", "opened", "exited", "set", "reset"),
        *("alert", "alerted", "unalerted"),
    }


@pytest.mark.parametrize("seed", range(100, 110))
def test_two_vigils_over_one_tape_say_the_same_whatever_their_slices(seed):
    events = Scenario(seed).events(EVENTS)
    one, other = fresh_vigil(), fresh_vigil(slice_size=1)
    assert [play(one, event) for event in events] == [play(other, event) for event in events]


def generated(seed, count=4_000):
    rng, price, now_ms = random.Random(seed), 6_000_000, START_MS
    tape = []
    for print_id in range(1, count + 1):
        price += rng.choice((-1, 1)) * rng.choice((0, 0, 1, 200, 900, 4_000))
        now_ms += rng.choice((0, 0, 20, 200, 4_000))
        tape.append(PriceTick("BTCUSDT", print_id, f"{price // 100}.{price % 100:02}", now_ms))
    return tape


def tapes():
    named = os.environ.get("VIGILANTE_TAPES", "").split(os.pathsep)
    return [("generated", generated(1)), *((name, recorded(name)) for name in named if name)]


@pytest.mark.parametrize("tape", [pytest.param(tape, id=name) for name, tape in tapes()])
def test_every_closure_on_a_tape_is_the_references(tape):
    closures, equal = compare(tape, seed=5, trades=200)
    assert closures == equal
    assert closures > 100
