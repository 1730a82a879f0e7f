"""The commands in Telegram's own menus: by scope and language, told only when they changed."""

import hashlib
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from telegram import (
    BotCommand,
    BotCommandScope,
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
    """Return every menu: private chats, groups, and each host's own chat, in both languages."""
    return list(_menus(catalog, hosts, default))


def _menus(catalog: Catalog, hosts: frozenset[str], default: str) -> Iterator[CommandMenu]:
    private = offered(Audience.ANYONE, Audience.OWNER)
    group = tuple(
        one
        for one in offered(Audience.ANYONE, Audience.OWNER, Audience.CHAT_ADMIN)
        if one.audience is not Audience.OWNER or one.group is Group.TRADE
    )
    host = offered(Audience.ANYONE, Audience.OWNER, Audience.HOST)
    others = [locale for locale in LOCALES if locale != default]
    for locale, language in [(default, ""), *((other, LANGUAGES[other]) for other in others)]:
        yield CommandMenu(
            BotCommandScopeAllPrivateChats(), language, _commands(catalog, locale, private)
        )
        yield CommandMenu(
            BotCommandScopeAllGroupChats(), language, _commands(catalog, locale, group)
        )
        for host_id in sorted(hosts):
            scope = BotCommandScopeChat(int(host_id))
            told = _commands(catalog, locale, host)
            yield CommandMenu(scope, language, told, is_host=True)


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
        plain = json.dumps([bot.id, [menu.plain for menu in menus]], ensure_ascii=False)
        digest = hashlib.sha256(plain.encode()).hexdigest()
        if await front.house.value(STORED) == digest:
            return
        told = [await _tell(bot, menu) for menu in menus]
        if all(told):
            await front.house.set_value(STORED, digest)
    except FAULTS as error:
        log_fault(log, "the command menus are not told", error)


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
