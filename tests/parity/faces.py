"""Every command's faces: how it is said, taught, offered, answered; and what is missing of them.

Each `missing_*` returns sentences that say what a command lacks, none where it lacks nothing.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from bot.grammar.catalogue import Audience, Command, Group, Kind, Parameter
from bot.grammar.parse import parse
from bot.grammar.requests import Misread, Request
from bot.grammar.words import COMMANDS as WORDS
from bot.messages.layout import lay
from bot.surfaces.discord.commands import COMPLETED
from bot.surfaces.telegram.menus import CommandMenu
from bot.text import Words, load_catalog
from bot.text.catalog import LOCALES
from bot.use_cases.lines import spelled
from bot.views import HelpView
from bot.views.plain import lines_of

CATALOG = load_catalog()
LANGUAGE_OF = {"en": "", "pt-BR": "pt"}
TYPED = {
    Kind.COIN: "btc",
    Kind.AMOUNT: "100",
    Kind.LEVEL: "2%",
    Kind.PRICE: "70k",
    Kind.TRADE: "1",
    Kind.CLOSING: "1",
    Kind.PAST: "1",
    Kind.SHARE: "50%",
    Kind.PAGE: "1",
    Kind.INTERVAL: "1h",
    Kind.LANGUAGE: "pt",
    Kind.ZONE: "UTC",
    Kind.PLAN: "swing",
    Kind.COMMAND: "buy",
}
TEXTS = {
    "settings": "confirm always",
    "group": "language pt",
    "admin": "health",
    "link": "ABCD2345",
    "wait": "1",
}
STRING, INTEGER = 3, 4


def is_offered(command: Command) -> bool:
    """Tell whether chats offer it in menus and as a slash command."""
    return command.audience is not Audience.TERMINAL and command.group is not Group.ANSWER


def lines_for(command: Command) -> list[str]:
    """Return lines that use it by each of its words: alone, and with each of its parameters."""
    return [
        " ".join([f"/{word}", *values])
        for word in dict.fromkeys((*command.words, command.spoken))
        for values in _arguments(command)
    ]


def _arguments(command: Command) -> Iterable[tuple[str, ...]]:
    needed = [TYPED[one.kind] for one in command.parameters if one.is_required]
    if command.name in TEXTS:
        yield (TEXTS[command.name],)
        return
    yield tuple(needed)
    rest = list(needed)
    for one in command.parameters:
        if one.is_required or one.kind is Kind.TEXT:
            continue
        value = one.choices[0] if one.choices else TYPED[one.kind]
        rest.append(f"{one.word}={value}" if one.word else value)
        yield tuple(rest)


def missing_words(command: Command) -> list[str]:
    """Return what the grammar does not understand of it, in either language."""
    said = [
        f"The grammar has no word '/{word}' for the command '{command.name}'."
        for word in dict.fromkeys((*command.words, command.spoken))
        if WORDS.get(word) != command.name
    ]
    if said:
        return said
    return [
        f"The grammar does not understand '{line}' ({locale})."
        for line in lines_for(command)
        for locale in LOCALES
        if isinstance(parse(line, locale), Misread)
    ]


def requests_of(command: Command) -> list[Request]:
    """Return what its lines ask for."""
    read = (parse(line, "en") for line in lines_for(command))
    return [one for one in read if not isinstance(one, Misread)]


def missing_texts(command: Command, locale: str) -> list[str]:
    """Return which texts are missing of a command that is offered or typed in a terminal."""
    if command.group is Group.ANSWER:
        return []
    wanted = [f"command-{command.name}", f"help-{command.name}"]
    wanted += [f"parameter-{one.name}" for one in command.parameters]
    return [f"There is no text '{name}' in {locale}." for name in wanted if not said(locale, name)]


def said(locale: str, name: str) -> str | None:
    """Return a text as its catalog has it, None where it has none."""
    try:
        return CATALOG.say(locale, name, {"line": "", "summary": ""})
    except KeyError:
        return None


def missing_in_menus(command: Command, locale: str, menus: list[CommandMenu]) -> list[str]:
    """Return in which of Telegram's menus a command is missing, or stands though it must not."""
    name = command.words[0] if locale == "en" else command.spoken
    found: list[str] = []
    for menu in menus:
        if menu.language != LANGUAGE_OF[locale]:
            continue
        is_there = name in dict(menu.commands)
        wanted = is_offered(command) and _belongs(command, menu.scope.type)
        if is_there != wanted:
            lack = "lacks" if wanted else "must not have"
            found.append(f"Telegram's menu {menu.scope.type} ({locale}) {lack} '/{name}'.")
    return found


def _belongs(command: Command, scope: str) -> bool:
    audience = command.audience
    if scope in ("all_group_chats", "all_chat_administrators"):
        if audience is Audience.CHAT_ADMIN:
            return scope == "all_chat_administrators"
        is_trading = audience is Audience.OWNER and command.group is Group.TRADE
        return audience is Audience.ANYONE or is_trading
    if scope == "chat":  # a host's own
        return audience is not Audience.CHAT_ADMIN
    return audience in (Audience.ANYONE, Audience.OWNER)


def missing_on_discord(
    command: Command, locale: str, payload: Mapping[str, Mapping[str, Any]]
) -> list[str]:
    """Return what Discord is not told of a command in a language."""
    found = payload.get(command.words[0])
    if not is_offered(command):
        return [f"Discord must not have '/{command.words[0]}'."] if found else []
    if found is None:
        return [f"Discord has no slash command '/{command.words[0]}'."]
    wrong = _differing(command.name, command.words[0], command.spoken, found, locale)
    if described(found, locale) != _cut(said(locale, f"command-{command.name}")):
        wrong.append(f"Discord describes '/{command.name}' in other words than {locale} has.")
    options = {one["name"]: one for one in found.get("options", [])}
    for one in command.parameters:
        option = options.get(one.name)
        if option is None:
            wrong.append(f"Discord's '/{command.name}' has no option '{one.name}'.")
        else:
            wrong += _missing_of_option(command, one, option, locale)
    return wrong


def _missing_of_option(
    command: Command, one: Parameter, option: Mapping[str, Any], locale: str
) -> list[str]:
    wrong = _differing(one.name, one.name, one.spoken, option, locale)
    if described(option, locale) != _cut(said(locale, f"parameter-{one.name}")):
        wrong.append(f"Discord describes '{one.name}' in other words than {locale} has.")
    choices = tuple(choice["value"] for choice in option.get("choices", []))
    is_completed = one.kind in COMPLETED and not one.choices
    faults = {
        "is untyped": option["type"] != (INTEGER if one.kind is Kind.PAGE else STRING),
        "is not needed as the command has it": bool(option.get("required")) != one.is_required,
        "has other choices": choices != one.choices,
        "completes nothing": bool(option.get("autocomplete")) != is_completed,
    }
    where = f"Discord's option '{one.name}' of '/{command.name}'"
    return wrong + [f"{where} {fault}." for fault, is_so in faults.items() if is_so]


def described(thing: Mapping[str, Any], locale: str) -> str:
    """Return a command's or option's description in a language."""
    localized = thing.get("description_localizations") or {}
    return thing["description"] if locale == "en" else localized.get(locale, "")


def _differing(
    name: str, english: str, portuguese: str, thing: Mapping[str, Any], locale: str
) -> list[str]:
    localized = thing.get("name_localizations") or {}
    shown = thing["name"] if locale == "en" else localized.get(locale, thing["name"])
    wanted = english if locale == "en" else portuguese
    return [] if shown == wanted else [f"Discord calls '{name}' '{shown}' in {locale}."]


def _cut(text: str | None) -> str:
    text = text or ""
    return text if len(text) <= 100 else f"{text[:99]}…"


def missing_in_terminal(command: Command, locale: str, taught: list[str]) -> list[str]:
    """Return what the terminal does not complete or explain."""
    if command.group is Group.ANSWER:
        return []
    word = f"/{command.words[0] if locale == 'en' else command.spoken}"
    wrong = [] if word in taught else [f"The terminal does not complete '{word}' ({locale})."]
    help_line = parse(f"/help {word.removeprefix('/')}", locale)
    topic = getattr(help_line, "topic", None)
    shown = lines_of(HelpView(topic=topic), Words(CATALOG, locale, "UTC"))
    if topic != command.name or word not in shown[0]:
        wrong.append(f"The terminal's help does not explain '{word}' ({locale}).")
    return wrong


def missing_layout(view: Any, locale: str) -> list[str]:
    """Return what cannot be shown of an answer in a chat and in a terminal."""
    words = Words(CATALOG, locale, "UTC")
    name = type(view).__name__
    try:
        is_laid, is_plain = bool(lay(view, words).lines), bool(lines_of(view, words))
    except (KeyError, LookupError) as error:
        return [f"{name} has no layout in {locale}: {error!r}."]
    return [] if is_laid and is_plain else [f"{name} shows nothing in {locale}."]


def unspelled(command: Command) -> list[str]:
    """Return which of its requests do not come back from the line that a button carries."""
    if command.audience is Audience.TERMINAL:
        return []
    return [
        f"'{spelled(request)}' does not mean {request}."
        for request in requests_of(command)
        if parse(spelled(request), "en") != request
    ]
