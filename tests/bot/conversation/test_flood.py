"""A bucket lets a burst through, then its rate, and forgives with time."""

from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.flood import ROOM_BURST, Bucket, Floods, Invitations, Pace


def test_a_burst_passes_and_then_two_a_second():
    bucket = Bucket(burst=3, per_second=2, left=3)
    assert [bucket.take(0.0) for _ in range(4)] == [True, True, True, False]
    assert bucket.take(0.5)
    assert not bucket.take(0.6)
    assert bucket.take(1.1)


@given(st.lists(st.floats(0, 5), min_size=1, max_size=200))
def test_no_stretch_of_time_lets_more_than_burst_and_rate_through(pauses):
    bucket, now, taken = Bucket(), 0.0, 0
    for pause in pauses:
        now += pause
        taken += bucket.take(now)
    assert taken <= 12 + 2 * now + 1e-6


def test_who_is_too_fast_is_told_once_until_he_has_been_calm():
    floods = Floods()
    paces = [floods.judge("telegram:1", "", 0.0) for _ in range(15)]
    assert paces == [Pace.HEARD] * 12 + [Pace.TOLD, Pace.SILENCE, Pace.SILENCE]
    hasty = [floods.judge("telegram:1", "", at / 10) for at in range(1, 50)]
    assert Pace.TOLD not in hasty
    assert hasty.count(Pace.HEARD) == 9
    calm = [floods.judge("telegram:1", "", 15.0) for _ in range(13)]
    assert calm == [Pace.HEARD] * 12 + [Pace.TOLD]


def test_each_has_a_bucket_of_his_own_and_the_longest_unused_is_forgotten():
    floods = Floods(people_max=2)
    for _ in range(13):
        floods.judge("telegram:1", "", 0.0)
    assert floods.judge("telegram:2", "", 0.0) is Pace.HEARD
    assert floods.judge("telegram:1", "", 0.0) is Pace.SILENCE
    assert floods.judge("telegram:3", "", 0.0) is Pace.HEARD
    assert len(floods) == 2
    assert floods.judge("telegram:1", "", 0.0) is Pace.SILENCE
    assert floods.judge("telegram:2", "", 0.0) is Pace.HEARD


def test_a_room_of_many_has_a_bucket_that_one_flooder_cannot_empty():
    floods = Floods()
    for _ in range(200):
        floods.judge("telegram:flooder", "telegram:-1/", 0.0)
    crowd = [floods.judge(f"telegram:{number}", "telegram:-1/", 0.0) for number in range(60)]
    assert crowd.count(Pace.HEARD) == ROOM_BURST - 12
    assert crowd.count(Pace.TOLD) == 1
    assert floods.judge("telegram:1", "telegram:-2/", 0.0) is Pace.HEARD
    assert floods.judge("telegram:1", "", 0.0) is Pace.HEARD
    assert floods.judge("telegram:2", "telegram:-1/", 1.0) is Pace.HEARD


def test_choices_have_a_bucket_of_their_own():
    floods = Floods()
    assert [floods.may_complete("discord:1", 0.0) for _ in range(31)] == [True] * 30 + [False]
    assert floods.judge("discord:1", "", 0.0) is Pace.HEARD
    assert floods.may_complete("discord:1", 1.0)


def test_an_invitation_counts_for_a_minute_and_the_oldest_are_forgotten():
    given = Invitations(most=2)
    given.note("telegram:1", "telegram:-1", "t1", 0.0)
    assert given.ticket("telegram:1", "telegram:-1", 59.0) == "t1"
    assert given.ticket("telegram:1", "telegram:-1", 60.0) is None
    assert given.ticket("telegram:1", "telegram:-2", 0.0) is None
    for number in (2, 3):
        given.note(f"telegram:{number}", "telegram:-1", "t", 1.0)
    assert given.ticket("telegram:1", "telegram:-1", 1.0) is None
