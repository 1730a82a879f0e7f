"""Forged attempts against a running application: other people's buttons, tickets, codes, trades.

An attempt is accepted when an account, or the house, is other than before though its owner did
not ask for it, or when somebody is shown what is another's. There must be none.
"""

import argparse
import asyncio
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from bot.conversation.presses import Press, PressKind, encode
from bot.conversation.said import Room, Said, Shown
from bot.use_cases.books import Parked
from tests.campaign.scene import own_database
from tests.security.matrix import bent
from tests.security.rules import HIDDEN
from tests.security.scene import House, Person, State, changed, open_house, text_of
from tests.security.things import Thing, everything
from tests.security.trial import ADMINS, PLACES, attempts_of, tried

PEOPLE = 1_500
VICTIMS = 12
TOGETHER = 50
GROUPS = 10
CODE_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
HOUSE = 0

Forged = dict[str, str]


@dataclass
class Loot:
    """What an attacker may have seen, guessed or kept of one victim."""

    victim: Person
    payloads: list[str] = field(default_factory=list)
    tickets: list[str] = field(default_factory=list)
    void_codes: list[str] = field(default_factory=list)
    live_codes: list[str] = field(default_factory=list)
    secrets: tuple[str, ...] = ()


@dataclass
class Found:
    """The figures of a run. `silent`: attempts that got no answer at all are not counted."""

    tried: Counter[str] = field(default_factory=Counter)
    accepted: list[str] = field(default_factory=list)
    silent: int = 0
    own_changes: int = 0
    seconds: float = 0.0

    def say(self) -> str:
        kinds = "\n".join(f"  {count:>7,} {name}" for name, count in self.tried.most_common())
        return (
            f"{self.tried.total():,} forged attempts, {len(self.accepted)} accepted, "
            f"{self.own_changes:,} changes of the attacker's own account only, "
            f"{self.silent:,} more not answered, {self.seconds:.0f} s\n{kinds}"
        )


class Forger:
    """Makes attempts of every kind, by its name."""

    def __init__(self, loot: list[Loot], chance: Random) -> None:
        self._loot = loot
        self._chance = chance
        self._things = everything()
        self._pressed = [thing for thing in self._things if thing.press]
        self.secrets = tuple(secret for one in loot for secret in one.secrets)
        self._hidden = [line for lines in HIDDEN.values() for line in lines]
        self.kinds: dict[str, Callable[[], Forged]] = {
            "another's button as it is": self._stolen,
            "another's button, bent": self._bent,
            "another's ticket behind a button": self._ticket_pressed,
            "another's ticket in a deep link": self._ticket_typed,
            "another's link code, void, bent or guessed": self._code,
            "another's link code, behind a confirmed button": self._code_pressed,
            "a foreign trade's number": self._number,
            "a hidden line, typed": self._hidden_typed,
            "a confirmed request without its question": self._hidden_pressed,
            "an admin's command": self._admin,
            "a group's settings by who is no admin": self._group,
            "a made-up payload": self._made_up,
        }

    def forge(self) -> tuple[str, Forged]:
        name = self._chance.choice(tuple(self.kinds))
        return name, self.kinds[name]()

    @property
    def _one(self) -> Loot:
        return self._chance.choice(self._loot)

    def _press(self, payload: str) -> Forged:
        typed = {"typed": "100"} if payload.startswith("f") and self._chance.random() < 0.5 else {}
        return {"payload": payload, "message_id": str(self._chance.getrandbits(40)), **typed}

    def _stolen(self) -> Forged:
        return self._press(self._chance.choice(self._one.payloads))

    def _bent(self) -> Forged:
        return self._press(bent(self._chance.choice(self._one.payloads), self._chance))

    def _ticket(self) -> str:
        ticket = self._chance.choice(self._one.tickets)
        return ticket if self._chance.random() < 0.7 else bent(ticket, self._chance)

    def _ticket_pressed(self) -> Forged:
        kind = self._chance.choice((PressKind.PARKED, PressKind.DO, PressKind.MORE))
        return self._press(f"{kind}..{self._nonce()}:{self._ticket()}")

    def _ticket_typed(self) -> Forged:
        currency = self._chance.choice(("", "usdt ", "brl en "))
        return {"line": f"/start {currency}{self._ticket()}"}

    def _made_code(self) -> str:
        loot, dice = self._one, self._chance.random()
        if dice < 0.4:
            return self._chance.choice(loot.void_codes)
        if dice < 0.7:  # one letter beside a code that is good now
            letters = list(self._chance.choice(loot.live_codes))
            at = self._chance.randrange(len(letters))
            letters[at] = self._chance.choice(CODE_SIGNS.replace(letters[at], ""))
            return "".join(letters)
        return "".join(self._chance.choices(CODE_SIGNS, k=8))

    def _code(self) -> Forged:
        return {"line": f"/link {self._made_code()}"}

    def _code_pressed(self) -> Forged:
        return self._press(f"d..{self._nonce()}:=link {self._made_code()}")

    def _number(self) -> Forged:
        thing = self._chance.choice([one for one in self._things if one.names_trade])
        line = thing.filled(self._chance.choice((1, 2, 3)), self._one.victim.identity.id)
        if thing.press is None:
            return {"line": line}
        return self._press(f"{thing.press.kind}..{self._nonce()}:{line}")

    def _hidden_line(self) -> str:
        line = self._chance.choice(self._hidden)
        return line.format(n=2, m=3, victim=self._one.victim.identity.id)

    def _hidden_typed(self) -> Forged:
        return {"line": self._chance.choice(("", "/", " ", "/do ")) + self._hidden_line()}

    def _hidden_pressed(self) -> Forged:
        kind = self._chance.choice((PressKind.DO, PressKind.ASK, PressKind.STEP, PressKind.MORE))
        return self._press(f"{kind}..{self._nonce()}:{self._hidden_line()}")

    def _admin(self) -> Forged:
        action = self._chance.choice(("health", "pause", "resume", "broadcast Hello", ""))
        if self._chance.random() < 0.5:
            return {"line": f"/admin {action}".strip()}
        sign = self._chance.choice("=/")
        return self._press(f"d..{self._nonce()}:{sign}admin {action}".strip())

    def _group(self) -> Forged:
        line = "/group " + self._chance.choice(("language pt", "cooldown 30", "cooldown 0", ""))
        return {"line": line} if self._chance.random() < 0.5 else self._press(f"d..:{line}")

    def _made_up(self) -> Forged:
        thing = self._chance.choice(self._pressed)
        owner = self._chance.choice(("", self._one.victim.identity.id, str(self._chance.random())))
        return self._press(self._written(thing, owner))

    def _written(self, thing: Thing, owner: str) -> str:
        assert thing.press is not None, "a button has a press"
        line = thing.filled(2, self._one.victim.identity.id)
        steps = "".join(self._chance.choices("abcdefz", k=self._chance.randrange(4)))
        return f"{thing.press.kind}{steps}.{owner[:13]}.{self._nonce()}:{line}"

    def _nonce(self) -> str:
        return self._chance.choice(("", "abcde", "".join(self._chance.choices("abcXYZ019", k=5))))


async def forgeries(dsn: str, count: int, seed: int, people: int = PEOPLE) -> Found:
    """Try at least so many forged attempts; many at once, each by somebody else."""
    chance, found, since = Random(seed), Found(), time.monotonic()
    async with open_house(dsn) as house:
        loot = await asyncio.gather(*(_loot(house) for _ in range(VICTIMS)))
        forger = Forger(loot, chance)
        crowd = await _attackers(house, people)
        state = await house.state()
        at = 0
        while found.tried.total() < count:
            acting = [crowd[(at + step) % len(crowd)] for step in range(TOGETHER)]
            at += TOGETHER
            state = await _together(house, forger, acting, (state, found))
            assert found.silent < count, "most attempts are not even heard"
        await _codes_still_work(house, loot, found)
    found.seconds = time.monotonic() - since
    return found


async def _together(
    house: House, forger: Forger, acting: list[Person], before: tuple[State, Found]
) -> State:
    """Let some attack at once and judge what changed; return the state after it."""
    state, found = before
    forged = [(person, *forger.forge()) for person in acting]
    shown = await asyncio.gather(*(_attack(house, person, what) for person, _, what in forged))
    after = await house.state()
    ids = {person.user_id for person in acting} - {0}
    is_any_stranger = any(not person.user_id for person in acting)
    told = [f"{name}: {what}" for _, name, what in forged]
    for kind, who in changed(state, after):
        is_new = is_any_stranger and who != HOUSE and ("users", who) not in state
        if who in ids or is_new:
            found.own_changes += 1
        else:
            found.accepted.append(f"{kind} of {who} changed, after one of {told}")
    for (person, name, what), answer in zip(forged, shown, strict=True):
        if answer is None:
            found.silent += 1
            continue
        found.tried[name] += 1
        if any(secret in answer for secret in forger.secrets):
            found.accepted.append(f"{name}: {what} shows {person.identity.id} what is another's")
    await _look_up(house, acting)
    return after


async def _look_up(house: House, acting: list[Person]) -> None:
    """Learn who of them has another account now than before."""
    for person in acting:
        kept = await house.app.context.books.person("telegram", person.identity.id)
        person.user_id = kept.user_id if kept else 0


async def _attack(house: House, person: Person, what: Forged) -> str | None:
    """Say or press it; return all that was shown, None for no answer."""
    is_private = person.uses % 4 != 3
    group = f"-77{int(person.identity.id) % GROUPS}"  # so many that none of them is too fast
    room = Room(id=person.identity.id) if is_private else Room(id=group, is_private=False)
    shown = await house.hears(person, room, **what)
    return text_of(shown) if shown else None


async def _loot(house: House) -> Loot:
    """Make a victim, and what of him may fall into other hands."""
    victim = await house.trader()
    loot = Loot(victim, secrets=victim.secrets)
    group = Room(id="-77", is_private=False)
    lines = ("/close all", "/close 2", "/reset", "/trades", "/trades 2", "/delete_me", "/price btc")
    for line in lines:
        await asyncio.sleep(0.35)  # as fast as a person may ask for a while
        for shown in await house.hears(victim, house.room(), line=line):
            loot.payloads += _payloads(shown)
    for shown in await house.hears(victim, group, line="/price btc"):
        loot.payloads += _payloads(shown)
    books, name = house.app.context.books, ("telegram", victim.identity.id)
    talk = house.app.talks.of(victim.identity, group)
    for line in ("/close 2", "/sl 2 off", "=reset", "=x 2,3 100", "/buy btc 4000"):
        handed = await talk.hand_off(Said(key="loot", line=line))
        loot.payloads += _payloads(Shown(message=handed)) if handed else []
        loot.tickets.append(await books.park(*name, Parked(line=line, room_id="-77"), 3_600))
    for _ in range(3):
        code = await books.make_link_code(victim.user_id, victim.identity.channel, 600)
        loot.void_codes.append(code)
    loot.live_codes.append(loot.void_codes.pop())
    assert loot.payloads, "there is something to steal"
    return loot


def _payloads(shown: object) -> list[str]:
    if not isinstance(shown, Shown):
        return []
    presses = [one.press for row in shown.message.rows for one in row if one.press]
    owned = [Press(kind=one.kind, line=one.line, nonce=one.nonce) for one in presses]
    return [encode(one) for one in (*presses, *owned)]


async def _attackers(house: House, many: int) -> list[Person]:
    """Return people with an account, every fourth without one, every twentieth with trades."""
    traders = await house.traders(max(1, many // 20))
    known = [await house.enrolled() for _ in range(many * 7 // 10)]
    strangers = [house.person() for _ in range(many - len(known) - len(traders))]
    return [*traders, *known, *strangers]


async def _codes_still_work(house: House, loot: list[Loot], found: Found) -> None:
    """See that the victims' own tickets were not used up by anybody else."""
    for one in loot:
        victim = one.victim.identity
        for ticket in one.tickets:
            kept = await house.app.context.books.unpark("telegram", victim.id, ticket)
            if kept is None:
                found.accepted.append(f"a ticket of {victim.id} is gone")


async def whole_matrix(seed: int) -> tuple[int, list[str]]:
    """Run every cell of the matrix; return how many, and what should not have happened.

    Each place has a database of its own: what a host pauses stays paused.
    """
    count, wrong = 0, list[str]()
    for actor, is_private in PLACES:
        attempts = attempts_of(actor, is_private=is_private)
        async with own_database() as (dsn, _), open_house(dsn, **ADMINS) as house:
            trial = await tried(house, attempts, Random(seed))
        count += trial.count
        wrong += trial.wrong
    return count, wrong


async def campaign(options: argparse.Namespace) -> bool:
    """Run the matrix and then forgeries, with databases of their own; print the figures."""
    count, wrong = await whole_matrix(options.seed)
    print(f"{count:,} cells of the matrix, {len(wrong)} wrong", flush=True)
    async with own_database() as (dsn, _):
        found = await forgeries(dsn, options.count or 100_000, options.seed)
    print(found.say())
    print("\n".join([*wrong[:20], *found.accepted[:20]]))
    return not wrong and not found.accepted
