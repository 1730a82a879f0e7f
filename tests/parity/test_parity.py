"""Every command has its face on every surface, in both languages; one that lacks it is named."""

from dataclasses import dataclass

import pytest

from bot.conversation import Dialogue
from bot.conversation.said import Room
from bot.door import PersonDoor
from bot.grammar.catalogue import COMMANDS, Audience, Command, Group, Kind, Parameter
from bot.grammar.requests import Practice
from bot.grammar.words import taught
from bot.surfaces.discord.client import DiscordSettings, VigilanteClient
from bot.surfaces.discord.commands import FromCatalog, payload
from bot.surfaces.telegram.menus import CommandMenu, command_menus
from bot.text.catalog import LOCALES
from bot.use_cases.context import Identity
from bot.views import ProblemCode, ProblemView, View
from tests.bot.conversation.desk import open_desk
from tests.bot.discord.house import House as DiscordHouse
from tests.parity.faces import (
    CATALOG,
    is_offered,
    missing_in_menus,
    missing_in_terminal,
    missing_layout,
    missing_on_discord,
    missing_texts,
    missing_words,
    requests_of,
    unspelled,
)
from tests.security.scene import HOST

UNSERVED = (ProblemCode.NOTHING_TO_CONFIRM, ProblemCode.INTERNAL, ProblemCode.NOT_STARTED)
FLY = Command(
    name="fly",
    words=("fly",),
    spoken="voar",
    group=Group.LOOK,
    audience=Audience.ANYONE,
    parameters=(Parameter("height", "altura", Kind.AMOUNT),),
)


@dataclass(frozen=True)
class Surfaces:
    """What the surfaces would tell their platforms."""

    menus: list[CommandMenu]
    slash: dict[str, dict]


@pytest.fixture
async def surfaces() -> Surfaces:
    settings = DiscordSettings(token="t", hosts=frozenset({"1"}))
    client = VigilanteClient(DiscordHouse().front, settings)
    await client.tree.set_translator(FromCatalog())
    slash = {one["name"]: one for one in await payload(client.tree)}
    return Surfaces(command_menus(CATALOG, frozenset({"9"}), "en"), slash)


def gaps(command: Command, locale: str, surfaces: Surfaces) -> dict[str, list[str]]:
    """Return what a command lacks in a language, by face."""
    return {
        "grammar": missing_words(command) + unspelled(command),
        "texts": missing_texts(command, locale),
        "telegram": missing_in_menus(command, locale, surfaces.menus),
        "discord": missing_on_discord(command, locale, surfaces.slash),
        "terminal": missing_in_terminal(command, locale, taught(locale)),
    }


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("command", COMMANDS, ids=lambda one: one.name)
def test_a_command_has_every_face_in_every_language(command, locale, surfaces):
    lacking = [one for face in gaps(command, locale, surfaces).values() for one in face]
    assert lacking == [], "\n".join(lacking)


@pytest.mark.parametrize("locale", LOCALES)
def test_a_new_command_without_its_faces_is_told_what_it_lacks(locale, surfaces):
    name, word = ("fly", "/fly") if locale == "en" else ("voar", "/voar")
    found = gaps(FLY, locale, surfaces)
    assert "The grammar has no word '/fly' for the command 'fly'." in found["grammar"]
    assert "The grammar has no word '/voar' for the command 'fly'." in found["grammar"]
    assert found["texts"] == [
        f"There is no text 'command-fly' in {locale}.",
        f"There is no text 'help-fly' in {locale}.",
        f"There is no text 'parameter-height' in {locale}.",
    ]
    assert found["telegram"] == [
        f"Telegram's menu all_private_chats ({locale}) lacks '/{name}'.",
        f"Telegram's menu all_group_chats ({locale}) lacks '/{name}'.",
        f"Telegram's menu all_chat_administrators ({locale}) lacks '/{name}'.",
        f"Telegram's menu chat ({locale}) lacks '/{name}'.",
    ]
    assert found["discord"] == ["Discord has no slash command '/fly'."]
    assert found["terminal"] == [
        f"The terminal does not complete '{word}' ({locale}).",
        f"The terminal's help does not explain '{word}' ({locale}).",
    ]


def test_a_face_that_differs_from_the_catalogue_is_told():
    price = next(one for one in COMMANDS if one.name == "price")
    told = {
        "name": "price",
        "name_localizations": {"pt-BR": "valor"},
        "description": "?",
        "options": [
            {
                "name": "coin",
                "type": 4,
                "description": "?",
                "required": True,
                "choices": [{"value": "x"}],
            }
        ],
    }
    lacking = missing_on_discord(price, "pt-BR", {"price": told})
    assert "Discord calls 'price' 'valor' in pt-BR." in lacking
    assert "Discord calls 'coin' 'coin' in pt-BR." in lacking
    assert sum("in other words" in one for one in lacking) == 2
    assert sum("is untyped" in one or "is not needed" in one for one in lacking) == 2
    assert sum("other choices" in one or "completes nothing" in one for one in lacking) == 2
    quit_ = next(one for one in COMMANDS if one.name == "quit")
    assert missing_on_discord(quit_, "en", {"quit": told}) == ["Discord must not have '/quit'."]
    menu = CommandMenu(command_menus(CATALOG, frozenset(), "en")[0].scope, "", (("quit", "?"),))
    assert missing_in_menus(quit_, "en", [menu]) == [
        "Telegram's menu all_private_chats (en) must not have '/quit'."
    ]


async def test_every_command_is_served_and_its_answer_has_a_layout(dsn):
    wrong: list[str] = []
    async with open_desk(dsn) as desk:
        trader = await desk.house.trader()
        identity = Identity("telegram", HOST, "Ana", "en", "UTC", is_host=True)
        await desk.app.context.books.make_link_code(trader.user_id, "telegram:1", 60)
        for command in COMMANDS:
            if not is_offered(command):
                continue
            is_hosts = command.audience is Audience.HOST
            if is_hosts:
                await desk.house.enrolled(person_id=HOST)
            views = await _views(desk, command, identity if is_hosts else trader.identity)
            for view in views:
                wrong += [one for locale in LOCALES for one in missing_layout(view, locale)]
            wrong += unserved(command, views)
    assert wrong == [], "\n".join(wrong)


def unserved(command: Command, views: list[View]) -> list[str]:
    """Return that nobody serves a command, if its answers say so."""
    codes = [view.code for view in views if isinstance(view, ProblemView)]
    found = [f"The door answers '/{command.name}' with {one}." for one in codes if one in UNSERVED]
    return found if views else [f"The door does not answer '/{command.name}'."]


async def _views(desk, command: Command, identity: Identity) -> list[View]:
    is_rooms = command.audience is Audience.CHAT_ADMIN
    room = Room(id="-5", is_private=False, is_admin=True) if is_rooms else Room(id="")
    door = PersonDoor(desk.app.doors, identity, room)
    views: list[View] = []
    for number, request in enumerate(requests_of(command)):
        answering = Dialogue(door).answer(request, f"parity:{command.name}:{number}")
        async for view in answering:
            views.append(view)
            if isinstance(request, Practice):  # a minute; its beginning is enough
                break
        await answering.aclose()
    return views


async def test_a_request_that_the_door_does_not_know_is_told(dsn):
    async with open_desk(dsn) as desk:
        trader = await desk.opens()
        answers = next(one for one in COMMANDS if one.name == "yes")
        views = await _views(desk, answers, trader.person.identity)
    assert unserved(answers, views)[0] == "The door answers '/yes' with nothing_to_confirm."
    assert unserved(answers, []) == ["The door does not answer '/yes'."]
    assert missing_layout(object(), "en")[0].startswith("object has no layout in en")
