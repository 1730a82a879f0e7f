"""A slice of the campaign of tapes: generated ones, without faults and with random ones."""

import pytest

from tests.campaign.tapes import Play, generated, play


@pytest.mark.parametrize("chaos_seconds", [0.0, 0.4], ids=["no faults", "random faults"])
async def test_every_closure_on_a_tape_is_the_offline_references(dsn, chaos_seconds):
    tapes = generated(7, count=4_000)
    played = await play(dsn, Play(tapes, 7, trades=120, speed=50, chaos_seconds=chaos_seconds))
    assert played.is_clean, played.say()
    assert played.closures > 30
    assert bool(played.faults) == bool(chaos_seconds)
