"""Everything that can be said or pressed, by everybody, everywhere, in every disguise."""

import inspect
import re
from collections import Counter
from random import Random
from typing import get_args

import pytest

from bot.conversation import presses
from bot.conversation.presses import PressKind, read_line
from bot.grammar.catalogue import BY_NAME, COMMANDS
from bot.grammar.requests import Misread, Request
from bot.grammar.words import COMMANDS as WORDS
from bot.grammar.words import bare
from tests.security.matrix import Actor, Guise
from tests.security.rules import ACTS, HIDDEN, RULES
from tests.security.scene import open_house
from tests.security.things import everything, hidden, misread, pressed, said
from tests.security.trial import ADMINS, PLACES, attempts_of, tried

SLICES = 10
SEEN_TO_CHANGE = ((Actor.OWNER, True), (Actor.HOST, True), (Actor.GROUP_ADMIN, False))
ACTING = (*said(), *hidden())


def test_every_request_and_kind_of_button_has_a_row():
    assert set(RULES) == set(get_args(Request))
    assert set(ACTS) == set(PressKind)


def test_every_command_is_judged_by_the_audience_that_the_catalogue_names():
    seen = set()
    for thing in said():
        name = WORDS[bare(thing.line.split()[0]).removeprefix("/")]
        seen.add(name)
        if not misread(thing):
            assert thing.rule().audience is BY_NAME[name].audience, thing.name
    assert seen == {command.name for command in COMMANDS}


def test_every_hidden_line_is_among_those_that_are_forged():
    written = set(re.findall(r'f?"=([a-z_]+)', inspect.getsource(presses)))
    assert written == set(HIDDEN)
    for lines in HIDDEN.values():
        for line in lines:
            filled = line.format(n=2, m=3, victim="77")
            assert not isinstance(read_line(filled), Misread), line


def test_every_button_of_every_view_has_a_row():
    kinds = Counter(thing.press.kind for thing in pressed())
    assert set(kinds) == set(PressKind)
    for thing in pressed():
        assert misread(thing) or thing.rule(), thing.name


def test_the_matrix_has_its_size():
    sizes = {place: len(attempts_of(place[0], is_private=place[1])) for place in PLACES}
    print(f"{sum(sizes.values()):,} attempts with {len(everything())} things: {sizes}")  # noqa: T201
    assert sum(sizes.values()) > 10_000


@pytest.mark.timeout(400)
@pytest.mark.parametrize(("actor", "is_private"), PLACES)
async def test_nobody_changes_or_sees_what_is_not_his(dsn, actor, is_private):
    """Each place another part; `make campaign ARGS="forgeries"` runs the whole matrix."""
    every = attempts_of(actor, is_private=is_private)
    attempts = every[PLACES.index((actor, is_private)) % SLICES :: SLICES]
    if (actor, is_private) in SEEN_TO_CHANGE:
        attempts += [cell for cell in every if cell.guise is Guise.FRESH and cell.thing in ACTING]
    attempts.sort(key=lambda cell: "resume" in cell.thing.line)  # not beside what it undoes
    async with open_house(dsn, **ADMINS) as house:
        trial = await tried(house, attempts, Random(actor + str(is_private)))
    assert trial.wrong == []
    assert trial.count == len(attempts)
    if actor is Actor.OWNER and is_private:
        wanted = {kind for rule in RULES.values() for kind in rule.may_change}
        assert wanted - {"rooms", "values", "audit"} == set(trial.kinds)
    if actor is Actor.HOST and is_private:
        assert {"values", "audit"} <= set(trial.kinds)
    if actor is Actor.GROUP_ADMIN:
        assert "rooms" in trial.kinds
