"""A bucket lets a burst through, then its rate, and forgives with time."""

from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.flood import Bucket, Floods, Pace


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
    paces = [floods.judge("telegram:1", 0.0) for _ in range(15)]
    assert paces == [Pace.HEARD] * 12 + [Pace.TOLD, Pace.SILENCE, Pace.SILENCE]
    hasty = [floods.judge("telegram:1", at / 10) for at in range(1, 50)]
    assert Pace.TOLD not in hasty
    assert hasty.count(Pace.HEARD) == 9
    calm = [floods.judge("telegram:1", 15.0) for _ in range(13)]
    assert calm == [Pace.HEARD] * 12 + [Pace.TOLD]


def test_each_has_a_bucket_of_his_own_and_the_longest_unused_is_forgotten():
    floods = Floods(people_max=2)
    for _ in range(13):
        floods.judge("telegram:1", 0.0)
    assert floods.judge("telegram:2", 0.0) is Pace.HEARD
    assert floods.judge("telegram:1", 0.0) is Pace.SILENCE
    assert floods.judge("telegram:3", 0.0) is Pace.HEARD
    assert len(floods) == 2
    assert floods.judge("telegram:1", 0.0) is Pace.SILENCE
    assert floods.judge("telegram:2", 0.0) is Pace.HEARD
