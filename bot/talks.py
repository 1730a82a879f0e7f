"""Everybody's talks: who somebody is on a platform, and the talk he has in a room."""

import re
import unicodedata
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from bot.conversation.said import Room
from bot.conversation.talk import ChatTalk, TalkParts
from bot.door import DoorParts, PersonDoor
from bot.settings import PlatformId
from bot.text import Catalog
from bot.text.zones import zone_of
from bot.use_cases.context import NAMELESS, Identity

TALKS_MAX = 20_000
NAME_MAX = 32
MARKS_MAX = 2  # on one letter: writing needs no more
HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_COMMAND_STARTS = re.compile(r"(?<![\w/])/(?=\w)")


@dataclass(frozen=True)
class TalksParts:
    """What talks are made of. `locale` is the default for who says nothing of his language."""

    door: DoorParts
    catalog: Catalog
    hosts: frozenset[PlatformId]
    locale: str | None = None


class AllTalks:
    """The talks of this process; the longest unused is forgotten first, and nothing is lost."""

    def __init__(self, parts: TalksParts) -> None:
        self._parts = parts
        self._talks: OrderedDict[tuple[str, str, str], ChatTalk] = OrderedDict()
        self._talk = TalkParts(parts.door.context, parts.catalog, {})

    def identity(self, platform: str, person_id: str, name: str, language: str) -> Identity:
        """Return somebody as this house knows him; without a name he has none."""
        locale = _locale(language) or self._parts.locale or "en"
        is_host = PlatformId(platform, person_id) in self._parts.hosts
        called = harmless(name) if name else ""
        return Identity(platform, person_id, called, locale, zone_of(locale), is_host=is_host)

    def of(self, identity: Identity, room: Room) -> ChatTalk:
        """Return the talk of a person in a room; what the room is now holds from now on."""
        key = (identity.platform, identity.id, f"{room.id}/{room.topic}")
        talk = self._talks.get(key)
        if talk is None or talk.identity != identity or talk.room != room:
            door = PersonDoor(self._parts.door, identity, room)
            talk = self._talks[key] = ChatTalk(self._talk, identity, room, door)
        self._talks.move_to_end(key)
        while len(self._talks) > TALKS_MAX:
            self._talks.popitem(last=False)
        return talk


def harmless(name: str) -> str:
    """Return a display name that can do nothing: printable, one line, at most 32 characters.

    Marks that turn text around and letters piled on letters are dropped; what a chat would take
    for a command, which others could tap, gets another slash.
    """
    kept: list[str] = []
    marks = 0
    for sign in unicodedata.normalize("NFC", name[: 8 * NAME_MAX]):
        category = unicodedata.category(sign)
        if category in HIDDEN:
            kept.append(" " if sign in "\n\r\t" else "")
            continue
        marks = marks + 1 if category.startswith("M") else 0
        if not unicodedata.combining(sign) and category != "Me" and marks <= MARKS_MAX:
            kept.append(sign)
    text = " ".join(_COMMAND_STARTS.sub("\u2044", "".join(kept)).split())
    return text[:NAME_MAX].rstrip() or NAMELESS


def _locale(language: str) -> str | None:
    """Return the language of a platform's code: any Portuguese, any English, else unknown."""
    head = language.lower().replace("_", "-").partition("-")[0]
    return {"pt": "pt-BR", "en": "en"}.get(head)


Allowed = Callable[[str], bool]


def allowed_rooms(platform: str, allowed: frozenset[PlatformId]) -> Allowed:
    """Return whether the bot may stay in a room; a platform of which none is listed allows all."""
    ids = frozenset(one.id for one in allowed if one.platform == platform)
    return lambda room_id: not ids or room_id in ids
