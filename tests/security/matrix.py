"""The cells of the authorization matrix: who says or presses what, where, and in which disguise."""

import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from random import Random

from msgspec import structs

from bot.conversation.presses import Press, PressKind, decode, encode
from bot.conversation.said import Room
from bot.grammar.catalogue import Audience
from tests.security.rules import ALL_OF_ONE, HOUSE_KINDS, NOTHING
from tests.security.scene import CLOSED_NUMBER, House, Person
from tests.security.things import Thing, misread

NO_SUCH_NUMBER = 99


class Actor(StrEnum):
    """Who acts. OTHER has an account and no trade, so that every number is another's."""

    OWNER = "owner"
    OTHER = "other known user"
    STRANGER = "stranger"
    GROUP_ADMIN = "group admin"
    HOST = "host"
    BLOCKED = "blocked user"


class Guise(StrEnum):
    """What is done to what is said or pressed."""

    FRESH = "fresh"
    CLOSED = "trade closed"
    GONE = "no such trade"
    FORGED_OWNER = "another's owner field"
    NO_OWNER = "owner field taken out"
    FORGED_PAYLOAD = "forged payload"
    REPLAYED = "replayed"


HAS_TRADES = (Actor.OWNER, Actor.BLOCKED)
PRESSED_ONLY = (Guise.FORGED_OWNER, Guise.NO_OWNER, Guise.FORGED_PAYLOAD)
OF_TRADES = (Guise.CLOSED, Guise.GONE)


@dataclass(frozen=True)
class Cell:
    """One attempt."""

    thing: Thing
    actor: Actor
    is_private: bool
    guise: Guise

    @property
    def name(self) -> str:
        place = "in private" if self.is_private else "in a group"
        return f"{self.actor} {place}, {self.guise}: {self.thing.name}"

    @property
    def is_allowed(self) -> bool:
        """Whether the one who acts may ask for this here at all."""
        if self.guise is Guise.FORGED_OWNER:
            return False
        if misread(self.thing):
            return self.guise is Guise.FORGED_PAYLOAD
        return self._is_of(self.thing.rule().audience)

    def _is_of(self, audience: Audience) -> bool:
        match audience:
            case Audience.CHAT_ADMIN:
                return self.actor is Actor.GROUP_ADMIN and not self.is_private
            case Audience.HOST:
                return self.actor is Actor.HOST
            case Audience.TERMINAL:
                return False
            case Audience.ANYONE | Audience.OWNER:
                return True

    def may_change(self) -> frozenset[str]:
        """Return the tables that may be other than before: his own rows, and the house's."""
        if not self.is_allowed:
            return NOTHING
        if self.guise is Guise.FORGED_PAYLOAD:  # whatever it reads as, it is his own wish
            return ALL_OF_ONE
        kinds = self.thing.rule().may_change
        if self.actor is Actor.STRANGER and self.thing.line.split()[0] != "/start":
            return frozenset(kinds & {"chats", "users", "accounts"} if "link" in kinds else ())
        return kinds

    def may_change_others(self) -> frozenset[str]:
        """Return the tables of everybody that may be other: a host's broadcast tells them all."""
        is_host = self.is_allowed and self.actor is Actor.HOST
        return HOUSE_KINDS | {"notices"} if is_host else HOUSE_KINDS & self.may_change()


def cells(things: list[Thing], actor: Actor, *, is_private: bool) -> Iterator[Cell]:
    """Return every guise that a thing can take."""
    for thing in things:
        for guise in Guise:
            if actor is Actor.BLOCKED and guise is not Guise.FRESH:
                continue  # but for being blocked he is an owner
            if guise in PRESSED_ONLY and thing.press is None:
                continue
            if guise in OF_TRADES and not thing.names_trade:
                continue
            yield Cell(thing, actor, is_private, guise)


def number_of(guise: Guise) -> int:
    """Return the trade that is named."""
    return {Guise.CLOSED: CLOSED_NUMBER, Guise.GONE: NO_SUCH_NUMBER}.get(guise, 2)


def said_of(cell: Cell, person: Person, victim: Person, chance: Random) -> dict[str, str]:
    """Return what a surface would hand over for a cell."""
    line = cell.thing.filled(number_of(cell.guise), victim.identity.id)
    if cell.thing.press is None:
        return {"line": line}
    owner = "" if cell.is_private else person.identity.id
    owner = {Guise.FORGED_OWNER: victim.identity.id, Guise.NO_OWNER: ""}.get(cell.guise, owner)
    press = structs.replace(cell.thing.press, line=line, owner=owner)
    payload = encode(press) if len(line) < 40 else _unchecked(press)
    if cell.guise is Guise.FORGED_PAYLOAD:
        payload = bent(payload, chance)
    typed = {"typed": "100"} if press.kind is PressKind.FORM else {}
    return {"payload": payload, "message_id": str(chance.getrandbits(40)), **typed}


def bent(payload: str, chance: Random) -> str:
    """Return a payload with one to three characters put in, taken out or exchanged."""
    signs = string.ascii_letters + string.digits + " .:,=/%#-"
    letters = list(payload)
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(letters) + 1)
        change: Callable[[], None] = chance.choice(
            (
                lambda at=at: letters.insert(at, chance.choice(signs)),
                lambda at=at: letters.__setitem__(slice(at, at + 1), []),
                lambda at=at: letters.__setitem__(slice(at, at + 1), [chance.choice(signs)]),
            )
        )
        change()
    return "".join(letters)


def is_once(said: dict[str, str]) -> bool:
    """Tell whether a second press of this must do nothing: it has a nonce."""
    press = decode(said.get("payload", ""))
    return press is not None and bool(press.nonce)


async def room_of(house: House, cell: Cell) -> Room:
    """Return where a cell happens; nobody has spoken there yet."""
    return house.room(is_private=cell.is_private, is_admin=cell.actor is Actor.GROUP_ADMIN)


def _unchecked(press: Press) -> str:
    """Write a payload of any length, as only a forger does."""
    try:
        return encode(press)
    except ValueError as error:
        return str(error)
