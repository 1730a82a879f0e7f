"""People to act with: of each kind as many as are needed, made anew when they have changed."""

from collections import defaultdict
from itertools import count

from tests.security.matrix import HAS_TRADES, Actor
from tests.security.scene import HOST, PERSON_USES, House, Person

HOSTS = tuple(str(int(HOST) + number) for number in range(2_000))


class Crowd:
    """Hands out people of a kind; one is in use at a time, and rested before he asks too fast."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._free: defaultdict[Actor, list[Person]] = defaultdict(list)
        self._hosts = count()

    async def take(self, actor: Actor, many: int) -> list[Person]:
        """Return so many different people."""
        free = self._free[actor]
        lacking = many - len(free)
        if lacking > 0 and actor in HAS_TRADES:
            made = await self._house.traders(lacking)
            if actor is Actor.BLOCKED:
                for person in made:
                    await self._house.app.context.house.mark_gone(
                        "telegram", person.identity.id, "blocked"
                    )
            free += made
        else:
            free += [await self._new(actor) for _ in range(max(0, lacking))]
        taken, self._free[actor] = free[:many], free[many:]
        return taken

    def give_back(self, actor: Actor, person: Person) -> None:
        """Take somebody back who has changed nothing."""
        if person.uses < PERSON_USES:
            self._free[actor].append(person)

    async def _new(self, actor: Actor) -> Person:
        match actor:
            case Actor.STRANGER:
                return self._house.person()
            case Actor.HOST:
                return await self._house.enrolled(person_id=HOSTS[next(self._hosts)])
            case _:
                return await self._house.enrolled()
