"""A bucket lets a burst through, then its rate, and forgives with time."""

from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.flood import Bucket


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
