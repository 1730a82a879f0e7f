"""A slice of `make campaign ARGS="forgeries"`: forged attempts of every kind, none accepted."""

from random import Random

from bot.door import PersonDoor
from tests.campaign import forgeries as campaign
from tests.campaign.forgeries import Forger, forgeries
from tests.security import scene

COUNT = 500


async def test_no_forged_attempt_is_accepted(dsn):
    found = await forgeries(dsn, COUNT, seed=7, people=100)
    print(found.say())  # noqa: T201 - its figures, with -s
    assert found.accepted == []
    assert found.tried.total() >= COUNT
    assert set(found.tried) == set(Forger([], Random(1)).kinds)
    assert found.own_changes  # attacks reach the application: some change the attacker's own
    assert found.silent < COUNT / 10


async def test_what_is_taken_from_another_is_seen_as_taken(dsn, monkeypatch):
    """The judge itself: a house that lets everybody act for its victim is found out."""
    first = str(next(scene._ids) + 1)
    look_up, gather, errs = PersonDoor._refresh, campaign._attackers, []

    async def all_are_there(house, many):
        crowd = await gather(house, many)
        errs.append("from now on")
        return crowd

    async def as_somebody_else(door, *, is_cached=False):
        person = await look_up(door, is_cached=is_cached)
        if not errs:
            return person
        mine = await door._context.books.person("telegram", first)
        door._person = person and mine
        return door._person

    monkeypatch.setattr(campaign, "_attackers", all_are_there)
    monkeypatch.setattr(PersonDoor, "_refresh", as_somebody_else)
    found = await forgeries(dsn, 100, seed=7, people=50)
    assert found.accepted
