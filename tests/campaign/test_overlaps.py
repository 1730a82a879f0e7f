"""A slice of the campaign of overlapping restarts: one handover, one holder that was frozen."""

from tests.campaign.overlaps import overlaps
from tests.campaign.scene import open_scene


async def test_two_engines_at_once_close_each_trade_once_and_book_each_cent_once(dsn, tmp_path):
    async with open_scene(dsn, tmp_path, seed=4, users=12) as scene:
        scene.pause = 0.15
        found = await overlaps(scene, 1, zombies=1)
    assert found.verdict.is_clean, found.verdict.say()
    assert found.verdict.counts["fills"] > 20
    assert found.takeover_ms
