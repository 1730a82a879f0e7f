"""Runs cells of the matrix, and judges what changed and what was shown."""

import asyncio
import re
from collections import Counter
from random import Random

from bot.conversation.said import Asked, Shown
from bot.views import CardView, ChartView
from tests.security.crowd import HOSTS, Crowd
from tests.security.matrix import Actor, Cell, Guise, cells, is_once, room_of, said_of
from tests.security.rules import MONEY
from tests.security.scene import House, Person, State, changed, public_part, text_of
from tests.security.things import everything

TOGETHER = 24
PLAN_OF = re.compile(r"zz(\d+)plan")
ADMINS = {"ADMINS": ",".join(f"telegram:{host}" for host in HOSTS)}
PLACES = [(actor, place) for actor in Actor for place in (True, False)]
PLACES.remove((Actor.GROUP_ADMIN, True))


def attempts_of(actor: Actor, *, is_private: bool) -> list[Cell]:
    """Return all cells of somebody somewhere."""
    return list(cells(everything(), actor, is_private=is_private))


async def tried(house: House, attempts: list[Cell], chance: Random) -> "Trial":
    """Run attempts of one actor; return what was found."""
    trial = Trial(house, chance)
    for at in range(0, len(attempts), TOGETHER):
        await trial.run(attempts[at : at + TOGETHER])
    return trial


class Trial:
    """Runs attempts, each by another person, and notes what should not have happened."""

    def __init__(self, house: House, chance: Random) -> None:
        self.house = house
        self.crowd = Crowd(house)
        self.chance = chance
        self.victim: Person | None = None
        self.wrong: list[str] = []
        self.kinds: Counter[str] = Counter()
        self.count = 0

    async def run(self, attempts: list[Cell]) -> None:
        """Run some at once."""
        self.victim = self.victim or await self.house.trader()
        people = await self.crowd.take(attempts[0].actor, len(attempts))
        said = [
            said_of(cell, person, self.victim, self.chance)
            for cell, person in zip(attempts, people, strict=True)
        ]
        rooms = [await room_of(self.house, cell) for cell in attempts]
        before = await self.house.state()
        acts = list(zip(attempts, people, rooms, said, strict=True))
        await asyncio.gather(*(self._act(*act) for act in acts))
        after = await self.house.state()
        self._judge(attempts, people, before, after)
        again = [act for act in acts if act[0].guise is Guise.REPLAYED]
        if again:
            await asyncio.gather(*(self._again(*act) for act in again))
            last = await self.house.state()
            for cell, person, _, what in again:
                self._judge_again(
                    cell, person, changed(after, last), "line" in what or is_once(what)
                )
            after = last
        touched = {who for _, who in changed(before, after)}
        for cell, person in zip(attempts, people, strict=True):
            if person.user_id and person.user_id not in touched:
                self.crowd.give_back(cell.actor, person)

    async def _act(self, cell: Cell, person: Person, room, said: dict[str, str]) -> None:
        self.count += 1
        key = f"matrix:{person.identity.id}:{person.uses}"
        shown = await self.house.hears(person, room, **said, key=key)
        said["key"] = key
        self._look(cell, person, shown)

    async def _again(self, cell: Cell, person: Person, room, said: dict[str, str]) -> None:
        moved = {**said, "message_id": "another"} if "payload" in said else said
        self._look(cell, person, await self.house.hears(person, room, **moved))

    def _judge(self, attempts, people, before: State, after: State) -> None:
        of = {person.user_id: cell for cell, person in zip(attempts, people, strict=True)}
        others = frozenset[str]().union(*(cell.may_change_others() for cell in attempts))
        strangers = [cell for cell in attempts if cell.actor is Actor.STRANGER]
        for kind, who in changed(before, after):
            self.kinds[kind] += 1
            cell = of.get(who)
            may = cell.may_change() if cell else self._new(strangers, before, who)
            if kind not in may and kind not in others:
                name = cell.name if cell else "somebody else's"
                self.wrong.append(f"{name}: {kind} of {who} changed")

    def _new(self, strangers: list[Cell], before: State, who: int) -> frozenset[str]:
        """Return what may come of strangers: a new account, when one of them asked for it."""
        is_new = ("users", who) not in before and who != 0
        return (
            frozenset().union(*(cell.may_change() for cell in strangers)) if is_new else frozenset()
        )

    def _judge_again(self, cell: Cell, person: Person, kinds, once: bool) -> None:
        for kind, who in kinds:
            if who == person.user_id and kind in MONEY and once:
                self.wrong.append(f"{cell.name}: {kind} changed again")

    def _look(self, cell: Cell, person: Person, shown: list[Shown | Asked]) -> None:
        if any(user != str(person.user_id) for user in PLAN_OF.findall(text_of(shown))):
            self.wrong.append(f"{cell.name}: shows another's plan")
        if self.victim.secrets[1] in text_of(shown):
            self.wrong.append(f"{cell.name}: shows another's balance")
        if not cell.is_private:
            self._look_public(cell, person, public_part(shown))

    def _look_public(self, cell: Cell, person: Person, shown: list[Shown | Asked]) -> None:
        text = text_of(shown)
        if PLAN_OF.search(text) or any(secret in text for secret in person.secrets):
            self.wrong.append(f"{cell.name}: shows the room what is private")
        for one in shown:
            picture = one.message.picture if isinstance(one, Shown) else None
            if isinstance(picture, ChartView) and (
                picture.marks or picture.levels or picture.number
            ):
                self.wrong.append(f"{cell.name}: shows the room his trade on a chart")
            if isinstance(picture, CardView) and not picture.is_shared:
                self.wrong.append(f"{cell.name}: shows the room a card that nobody shared")
