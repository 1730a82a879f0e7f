"""Venue time stands on the monotonic clock: stepping the wall clock changes nothing."""

import time

import pytest

from engine.clock import ManualClock, SystemClock


class Machine:
    """A wall and a monotonic clock that a test can step apart."""

    def __init__(self) -> None:
        self.wall, self.steady = 1_700_000_000.0, 50.0


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    made = Machine()
    monkeypatch.setattr(time, "time", lambda: made.wall)
    monkeypatch.setattr(time, "monotonic", lambda: made.steady)
    return made


def pass_time(machine: Machine, seconds: float) -> None:
    machine.wall += seconds
    machine.steady += seconds


def test_before_a_measurement_the_wall_clock_is_believed(machine: Machine):
    clock = SystemClock()
    pass_time(machine, 1.5)
    assert clock.now_ms() == 1_700_000_001_500
    assert clock.needs_measuring(600)
    assert clock.monotonic() == 51.5


@pytest.mark.parametrize("step", [3600, -3600])
def test_a_stepped_wall_clock_does_not_move_venue_time(machine: Machine, step: int):
    clock = SystemClock()
    clock.anchor(1_700_000_001_260, machine.steady)
    assert not clock.needs_measuring(600)
    assert clock.offset_ms() == 1260
    machine.wall += step
    pass_time(machine, 2)
    assert clock.now_ms() == 1_700_000_003_260
    assert clock.needs_measuring(600)  # it may have been a sleep of the machine


def test_a_measurement_grows_old(machine: Machine):
    clock = SystemClock()
    clock.anchor(1_700_000_000_000, machine.steady - 0.1)
    assert clock.now_ms() == 1_700_000_000_100
    pass_time(machine, 599)
    assert not clock.needs_measuring(600)
    pass_time(machine, 2)
    assert clock.needs_measuring(600)


def test_a_manual_clock_moves_only_when_told():
    clock = ManualClock(1000, 5.0)
    clock.advance(1.5)
    assert (clock.now_ms(), clock.monotonic()) == (2500, 6.5)
    clock.set_ms(9000)
    assert (clock.now_ms(), clock.monotonic()) == (9000, 6.5)
    clock.anchor(10_000, 6.0)
    assert clock.now_ms() == 10_500
    assert not clock.needs_measuring(0)
