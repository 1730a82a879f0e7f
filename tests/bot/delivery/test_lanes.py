"""Whose news are next: urgent lanes first, then in the order they were woken; parked ones rest."""

from bot.delivery.courier import Priority
from bot.delivery.lanes import Lane, Lanes

ANA, BOB, EVE = Lane(1, "telegram:1"), Lane(2, "telegram:2"), Lane(3, "discord:3")
EXIT, ALERT = Priority.EXIT, Priority.ALERT


def drained(lanes: Lanes, now: float = 0.0) -> list[Lane]:
    taken = []
    while (found := lanes.take(now)) is not None:
        taken.append(found[0])
    return taken


def test_an_exit_goes_before_who_was_woken_earlier():
    lanes = Lanes()
    lanes.wake(ANA, ALERT)
    lanes.wake(BOB, ALERT)
    lanes.wake(EVE, EXIT)
    lanes.wake(BOB, EXIT)
    lanes.wake(BOB, ALERT)
    assert drained(lanes) == [EVE, BOB, ANA]
    assert len(lanes) == 3, "busy until they are done"


def test_a_lane_is_given_out_once_and_again_only_when_it_was_woken_meanwhile():
    lanes = Lanes()
    lanes.wake(ANA, ALERT)
    assert lanes.take(0.0) == (ANA, ALERT)
    assert lanes.take(0.0) is None
    lanes.wake(ANA, ALERT)
    lanes.wake(ANA, EXIT)
    assert lanes.take(0.0) is None
    lanes.done(ANA)
    assert lanes.take(0.0) == (ANA, EXIT)
    lanes.done(ANA)
    assert (lanes.take(0.0), len(lanes)) == (None, 0)


def test_a_parked_lane_waits_for_its_time_whatever_wakes_it():
    lanes = Lanes()
    lanes.wake(ANA, ALERT)
    lanes.take(0.0)
    lanes.park(ANA, ALERT, 5.0)
    lanes.wake(ANA, EXIT)
    lanes.wake(BOB, ALERT)
    assert drained(lanes, 4.9) == [BOB]
    assert lanes.next_at() == 5.0
    assert lanes.take(5.0) == (ANA, EXIT)
    assert lanes.next_at() is None


def test_who_may_have_more_goes_behind_the_others_of_his_class():
    lanes = Lanes()
    lanes.wake(ANA, ALERT)
    lanes.wake(BOB, ALERT)
    lanes.take(0.0)
    lanes.more(ANA, ALERT)
    assert drained(lanes) == [BOB, ANA]


def test_what_was_forgotten_comes_back_only_when_it_is_woken():
    lanes = Lanes()
    for lane in (ANA, BOB, EVE):
        lanes.wake(lane, ALERT)
    lanes.take(0.0)
    lanes.take(0.0)
    lanes.park(BOB, ALERT, 5.0)
    lanes.clear()
    lanes.done(ANA)
    lanes.more(ANA, EXIT)
    lanes.park(ANA, EXIT, 1.0)
    assert (len(lanes), drained(lanes, 9.0)) == (0, [])
    lanes.wake(ANA, ALERT)
    assert drained(lanes, 9.0) == [ANA]
    assert ANA.chat_id == "1"
