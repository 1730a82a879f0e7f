"""Slash commands, made from the catalogue: names and descriptions in both languages, options typed.

A command becomes the line that means the same; the talk reads it as if it had been typed.
"""

import hashlib
import inspect
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import locale_str

from bot.grammar.catalogue import BY_NAME, Audience, Command, Kind, Parameter, offered
from bot.surfaces.discord.places import Asking
from bot.text import Catalog

DESCRIPTION_MAX = 100
VALUE_MAX = 100
LINE_MAX = 400
PAGES_MAX = 10_000
TRADES = frozenset({Kind.TRADE, Kind.CLOSING, Kind.PAST})
NUMBERS = frozenset({Kind.AMOUNT, Kind.SHARE, Kind.PRICE})
NAMES = frozenset({Kind.COIN, Kind.PLAN, Kind.ZONE, Kind.COMMAND, Kind.INTERVAL})
COMPLETED = TRADES | NUMBERS | NAMES
EVERYWHERE = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True)
SERVERS = app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False)
INSTALLS = app_commands.AppInstallationType(guild=True, user=True)
BY_SERVER = app_commands.AppInstallationType(guild=True, user=False)
DO = Command(
    name="do",
    words=("do",),
    spoken="fazer",
    group=BY_NAME["help"].group,
    parameters=(Parameter("text", "texto", Kind.TEXT, is_required=True),),
)

Hear = Callable[[Asking, Command, str], Awaitable[None]]
Complete = Callable[[Asking, Kind, str], Awaitable[list[tuple[str, str]]]]


@dataclass(frozen=True)
class Ears:
    """What commands are connected to: what hears a line, and what completes a value."""

    hear: Hear
    complete: Complete


def commands(*, has_hosts: bool) -> tuple[Command, ...]:
    """Return what Discord offers; `admin` only where the house has hosts."""
    named = ["group", "admin"] if has_hosts else ["group"]
    return (
        *offered(Audience.ANYONE, Audience.OWNER),
        *(BY_NAME[name] for name in named),
        DO,
    )


def made(command: Command, catalog: Catalog, ears: Ears) -> app_commands.Command[Any, ..., None]:
    """Make a slash command of one row of the catalogue."""
    is_admins = command.audience in (Audience.CHAT_ADMIN, Audience.HOST)
    is_servers = command.audience is Audience.CHAT_ADMIN
    slash = app_commands.Command(
        name=locale_str(command.words[0], pt=command.spoken),
        description=_text(catalog, f"command-{command.name}"),
        callback=_callback(command, catalog, ears),
        allowed_contexts=SERVERS if is_servers else EVERYWHERE,
        allowed_installs=BY_SERVER if is_servers else INSTALLS,
    )
    if is_admins:
        slash.default_permissions = discord.Permissions(manage_guild=True)
    return slash


class FromCatalog(app_commands.Translator):
    """Gives each name and description its Portuguese, which came along with it."""

    async def translate(
        self,
        string: locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,  # noqa: ARG002 - the library's signature
    ) -> str | None:
        if locale is not discord.Locale.brazil_portuguese:
            return None
        return string.extras.get("pt")


async def payload(tree: app_commands.CommandTree[Any]) -> list[dict[str, Any]]:
    """Return what Discord is told of the commands."""
    translator = tree.translator
    assert translator is not None
    return [
        await command.get_translated_payload(tree, translator)
        for command in sorted(tree.get_commands(), key=lambda command: command.name)
    ]


def fingerprint(application_id: int, told: list[dict[str, Any]]) -> str:
    """Name what one application was told, so that it is told again only when it differs."""
    text = json.dumps([application_id, told], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def line_of(command: Command, values: dict[str, Any], locale: str = "en") -> str:
    """Write the line that means the same as a command's options, in its speaker's words."""
    typed = {name: str(value) for name, value in values.items() if value is not None}
    if command is DO:
        return " ".join(typed.get("text", "").split())
    return command.line(typed, locale)


def _callback(command: Command, catalog: Catalog, ears: Ears) -> Callable[..., Any]:
    async def call(interaction: Asking, **values: Any) -> None:
        line = line_of(command, values, str(interaction.locale.value))
        await ears.hear(interaction, command, line)

    first = inspect.Parameter("interaction", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    options = [_option(command, parameter) for parameter in command.parameters]
    call.__signature__ = inspect.Signature([first, *options])  # type: ignore[attr-defined] # read by the library
    names = {parameter.name: parameter for parameter in command.parameters}
    app_commands.rename(
        **{name: locale_str(name, pt=parameter.spoken) for name, parameter in names.items()}
    )(call)
    app_commands.describe(
        **{name: _text(catalog, _described(command, name)) for name in names},
    )(call)
    chosen = {name: _choices(found, catalog) for name, found in names.items() if found.choices}
    app_commands.choices(**chosen)(call)
    completed = {
        name: _completer(found.kind, ears)
        for name, found in names.items()
        if found.kind in COMPLETED and not found.choices
    }
    app_commands.autocomplete(**completed)(call)
    return call


def _option(command: Command, parameter: Parameter) -> inspect.Parameter:
    kind: Any = app_commands.Range[str, 1, VALUE_MAX]
    if parameter.kind is Kind.PAGE:
        kind = app_commands.Range[int, 1, PAGES_MAX]
    elif parameter.kind is Kind.TEXT and not parameter.choices and command.name != "settings":
        kind = app_commands.Range[str, 1, LINE_MAX]
    return inspect.Parameter(
        parameter.name,
        inspect.Parameter.POSITIONAL_OR_KEYWORD,
        annotation=str if parameter.choices else kind,
        default=inspect.Parameter.empty if parameter.is_required else None,
    )


def _described(command: Command, name: str) -> str:
    return "parameter-do" if command is DO else f"parameter-{name}"


def _choices(parameter: Parameter, catalog: Catalog) -> list[app_commands.Choice[str]]:
    is_plain = parameter.kind is Kind.INTERVAL
    return [
        app_commands.Choice(
            name=value if is_plain else _text(catalog, f"value-{value}"), value=value
        )
        for value in parameter.choices
    ]


def _completer(kind: Kind, ears: Ears) -> Callable[..., Any]:
    async def complete(interaction: Asking, current: str) -> list[app_commands.Choice[str]]:
        found = await ears.complete(interaction, kind, current)
        return [
            app_commands.Choice(name=label[:100], value=value)
            for label, value in found[:25]
            if label and 0 < len(value) <= VALUE_MAX
        ]

    return complete


def _text(catalog: Catalog, message_id: str) -> locale_str:
    english, portuguese = (_cut(catalog.say(locale, message_id, {})) for locale in ("en", "pt-BR"))
    return locale_str(english, pt=portuguese)


def _cut(text: str) -> str:
    return text if len(text) <= DESCRIPTION_MAX else f"{text[: DESCRIPTION_MAX - 1]}…"
