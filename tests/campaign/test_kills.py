"""A slice of the campaign of kills, small enough for every run of the suite."""

from tests.campaign.kills import kills
from tests.campaign.scene import open_scene


async def test_an_engine_that_is_killed_again_and_again_loses_and_doubles_nothing(dsn, tmp_path):
    async with open_scene(dsn, tmp_path, seed=5, users=12) as scene:
        scene.pause = 0.15
        found = await kills(scene, 4, quiet_seconds=6)
    assert found.verdict.is_clean, found.verdict.say()
    assert found.verdict.counts["fills"] > 4
    assert found.verdict.counts["edits"] > 2
    assert found.verdict.counts["alerts told"] > 0
