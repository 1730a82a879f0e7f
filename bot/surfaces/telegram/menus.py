"""The commands in Telegram's own menus: by scope and language, told only when they changed.

A client shows them in its own language; who chose another one here has a menu of his own.
"""

import hashlib
import json
import logging
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from telegram import (
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)
from telegram.error import BadRequest, Forbidden

from bot.front import Front
from bot.grammar.catalogue import Audience, Command, Group, offered
from bot.surfaces.telegram.faults import FAULTS, log_fault
from bot.surfaces.telegram.wire import WireBot
from bot.text import Catalog
from bot.text.catalog import LOCALES

log = logging.getLogger(__name__)

STORED = "telegram.commands"
PERSONAL = "telegram.menu."
VERSION_LETTERS = 12
KEPT_MAX = 10_000
DESCRIPTION_MAX = 256
LANGUAGES = {"en": "en", "pt-BR": "pt"}


@dataclass(frozen=True)
class CommandMenu:
    """One list of commands. `language` empty: for whoever has none of his own."""

    scope: BotCommandScope
    language: str
    commands: tuple[tuple[str, str], ...]
    is_host: bool = False

    @property
    def plain(self) -> list[Any]:
        """Everything that makes it another menu."""
        return [self.scope.to_dict(), self.language, self.commands]


def command_menus(catalog: Catalog, hosts: frozenset[str], default: str) -> list[CommandMenu]:
    """Return every menu in both languages: private chats, groups, their admins, hosts' chats."""
    return list(_menus(catalog, hosts, default))


def _menus(catalog: Catalog, hosts: frozenset[str], default: str) -> Iterator[CommandMenu]:
    private = offered(Audience.ANYONE, Audience.OWNER)
    group = _in_groups(Audience.ANYONE, Audience.OWNER)
    admins = _in_groups(Audience.ANYONE, Audience.OWNER, Audience.CHAT_ADMIN)
    host = offered(Audience.ANYONE, Audience.OWNER, Audience.HOST)
    others = [locale for locale in LOCALES if locale != default]
    for locale, language in [(default, ""), *((other, LANGUAGES[other]) for other in others)]:
        yield CommandMenu(
            BotCommandScopeAllPrivateChats(), language, _commands(catalog, locale, private)
        )
        yield CommandMenu(
            BotCommandScopeAllGroupChats(), language, _commands(catalog, locale, group)
        )
        yield CommandMenu(
            BotCommandScopeAllChatAdministrators(), language, _commands(catalog, locale, admins)
        )
        for host_id in sorted(hosts):
            scope = BotCommandScopeChat(int(host_id))
            told = _commands(catalog, locale, host)
            yield CommandMenu(scope, language, told, is_host=True)


def _in_groups(*audiences: Audience) -> tuple[Command, ...]:
    return tuple(
        one
        for one in offered(*audiences)
        if one.audience is not Audience.OWNER or one.group is Group.TRADE
    )


def _commands(
    catalog: Catalog, locale: str, commands: tuple[Command, ...]
) -> tuple[tuple[str, str], ...]:
    return tuple(
        (
            one.words[0] if locale == "en" else one.spoken,
            catalog.say(locale, f"command-{one.name}", {})[:DESCRIPTION_MAX],
        )
        for one in commands
    )


async def tell_menus(front: Front, bot: WireBot, hosts: frozenset[str], default: str) -> None:
    """Tell Telegram the menus if they changed; what fails is tried at the next start."""
    try:
        menus = command_menus(front.catalog, hosts, default)
        digest = _digest(bot, menus)
        if await front.house.value(STORED) == digest:
            return
        told = [await _tell(bot, menu) for menu in menus]
        if all(told):
            await front.house.set_value(STORED, digest)
    except FAULTS as error:
        log_fault(log, "the command menus are not told", error)


def _digest(bot: WireBot, menus: list[CommandMenu]) -> str:
    plain = json.dumps([bot.id, [menu.plain for menu in menus]], ensure_ascii=False)
    return hashlib.sha256(plain.encode()).hexdigest()


class PersonalMenus:
    """The menus of those who chose another language here than their client speaks.

    What each was told is remembered, with the commands of then: it is told again only when either
    changed, and taken back when it is not needed any more. What fails is tried at the next start.
    """

    def __init__(self, front: Front, bot: WireBot, hosts: frozenset[str], default: str) -> None:
        self._front = front
        self._bot = bot
        self._hosts = hosts
        self._default = default
        self._menus = command_menus(front.catalog, hosts, default)
        self._version = _digest(bot, self._menus)[:VERSION_LETTERS]
        self._kept: OrderedDict[int, str] = OrderedDict()

    async def keep(self, user_id: int, language: str | None, chosen: str | None) -> None:
        """Have somebody's menu in the language he chose; `language` is his client's.

        `chosen` None: nobody has looked up yet what he chose.
        """
        if chosen is None:
            return
        is_needed = chosen != self._of_client(language or "")
        wanted = f"{chosen} {self._version}" if is_needed else ""
        if self._kept.get(user_id) == wanted:
            return
        self._kept[user_id] = wanted
        self._kept.move_to_end(user_id)
        if len(self._kept) > KEPT_MAX:
            self._kept.popitem(last=False)
        stored = f"{PERSONAL}{user_id}"
        try:
            if (await self._front.house.value(stored) or "") != wanted:
                await self._tell(user_id, chosen if is_needed else None)
                await self._front.house.set_value(stored, wanted or None)
        except FAULTS as error:
            log_fault(log, "somebody's own menu is not told", error)

    def _of_client(self, language: str) -> str:
        found = (one for one, code in LANGUAGES.items() if language.lower().startswith(code))
        return next(found, self._default)

    async def _tell(self, user_id: int, locale: str | None) -> None:
        """Tell one's menu in a language; None: the one that everybody has, a host his own."""
        scope, is_host = BotCommandScopeChat(user_id), str(user_id) in self._hosts
        of_host = [one for one in self._menus if one.is_host and one.scope == scope]
        if locale is None and not is_host:
            await self._bot.delete_my_commands(scope=scope)
            return
        told = of_host
        if locale is not None:
            audiences = (Audience.ANYONE, Audience.OWNER, *((Audience.HOST,) if is_host else ()))
            commands = _commands(self._front.catalog, locale, offered(*audiences))
            languages = [one.language for one in of_host] or [""]
            told = [CommandMenu(scope, language, commands) for language in languages]
        for menu in told:
            await _tell(self._bot, menu)


async def _tell(bot: WireBot, menu: CommandMenu) -> bool:
    """Tell one menu; False for a host who never opened his chat with us."""
    commands = [BotCommand(name, text) for name, text in menu.commands]
    try:
        await bot.set_my_commands(commands, scope=menu.scope, language_code=menu.language or None)
    except (BadRequest, Forbidden):
        if not menu.is_host:
            raise
        log.info("a host has not opened his chat yet: his menu waits for the next start")
        return False
    return True
