"""The rules for application commands as they are synced."""

import unicodedata
from typing import Any

from tests.support.discord.refusals import Form

JSON = dict[str, Any]
Path = tuple[object, ...]
LOCALES = {
    *("ar", "bg", "cs", "da", "de", "el", "en-GB", "en-US", "es-419", "es-ES", "fi", "fr", "he"),
    *("hi", "hr", "hu", "id", "it", "ja", "ko", "lt", "nl", "no", "pl", "pt-BR", "ro", "ru"),
    *("sv-SE", "th", "tr", "uk", "vi", "zh-CN", "zh-TW"),
}
SUBCOMMAND, GROUP, TEXT, INTEGER, BOOLEAN, NUMBER = 1, 2, 3, 4, 5, 10
CHARACTERS_MAX = 8000


def check_commands(commands: object) -> None:
    """Refuse a list of commands that Discord would refuse (50035)."""
    form = Form()
    if form.length((), commands, 0, 110):
        assert isinstance(commands, list)
        taken: set[tuple[int, str]] = set()
        for index, command in enumerate(commands):
            _command(form, (index,), command)
            key = (command.get("type") or 1, str(command.get("name")))
            if key in taken:
                say = "Application command names must be unique"
                form.error((index, "name"), "APPLICATION_COMMANDS_DUPLICATE_NAME", say)
            taken.add(key)
        if sum(1 for kind, _ in taken if kind == 1) > 100:
            say = "Maximum number of application commands reached (100)."
            form.error((), "APPLICATION_COMMANDS_MAX", say)
    form.finish()


def _command(form: Form, path: Path, command: JSON) -> None:
    kind = command.get("type") or 1
    if kind == 1:
        _name(form, path, command)
        _description(form, path, command)
        _options(form, path, command.get("options"))
    else:
        form.length((*path, "name"), command.get("name"), 1, 32)
    for key, allowed in (("contexts", (0, 1, 2)), ("integration_types", (0, 1))):
        for value in command.get(key) or ():
            form.choice((*path, key), value, allowed)
    if _characters(command) > CHARACTERS_MAX:
        say = f"Command exceeds maximum size ({CHARACTERS_MAX})"
        form.error(path, "APPLICATION_COMMAND_TOO_LARGE", say)


def _is_name(text: str) -> bool:
    marks = all(one in "-_'" or unicodedata.category(one)[0] in "LN" for one in text)
    return marks and text == text.lower()


def _name(form: Form, path: Path, one: JSON) -> None:
    named = {None: one.get("name"), **_localizations(form, path, one, "name")}
    for locale, text in named.items():
        at = (*path, "name") if locale is None else (*path, "name_localizations", locale)
        if form.length(at, text, 1, 32) and not _is_name(str(text)):
            form.error(at, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")


def _description(form: Form, path: Path, one: JSON) -> None:
    form.length((*path, "description"), one.get("description"), 1, 100)
    for locale, text in _localizations(form, path, one, "description").items():
        form.length((*path, "description_localizations", locale), text, 1, 100)


def _localizations(form: Form, path: Path, one: JSON, key: str) -> JSON:
    found = one.get(f"{key}_localizations") or {}
    for locale in found:
        form.choice((*path, f"{key}_localizations"), locale, tuple(sorted(LOCALES)))
    return found


def _options(form: Form, path: Path, options: object) -> None:
    if options is None or not form.length((*path, "options"), options, 0, 25):
        return
    assert isinstance(options, list)
    names: set[str] = set()
    was_optional = False
    for index, option in enumerate(options):
        here = (*path, "options", index)
        _name(form, here, option)
        _description(form, here, option)
        _values(form, here, option)
        if option.get("name") in names:
            say = "Option name already exists"
            form.error(here, "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", say)
        names.add(str(option.get("name")))
        if option.get("required") and was_optional:
            say = "Required options must be placed before non-required options"
            form.error(here, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", say)
        was_optional |= not option.get("required")


def _values(form: Form, path: Path, option: JSON) -> None:
    kind = option.get("type")
    if not form.choice((*path, "type"), kind, tuple(range(1, 12))):
        return
    if kind in (SUBCOMMAND, GROUP):
        _options(form, path, option.get("options"))
        return
    choices = option.get("choices") or []
    if option.get("autocomplete") and choices:
        say = "Options with choices cannot have autocomplete"
        form.error(path, "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_CHOICES", say)
    if (option.get("autocomplete") or choices) and kind not in (TEXT, INTEGER, NUMBER):
        form.error(path, "APPLICATION_COMMAND_OPTIONS_TYPE", "Not on options of this type")
    form.length((*path, "choices"), choices, 0, 25)
    check_choices(form, (*path, "choices"), choices, kind)


def check_choices(form: Form, path: Path, choices: list[JSON], kind: object) -> None:
    """Note choices whose name, localizations or values do not fit their option."""
    for index, choice in enumerate(choices):
        here = (*path, index)
        form.length((*here, "name"), choice.get("name"), 1, 100)
        for locale, text in _localizations(form, here, choice, "name").items():
            form.length((*here, "name_localizations", locale), text, 1, 100)
        value = choice.get("value")
        if kind == TEXT:
            form.length((*here, "value"), value, 0, 100)
        elif not isinstance(value, int if kind == INTEGER else (int, float)):
            form.error((*here, "value"), "NUMBER_TYPE_COERCE", "Value is not a number")


def _characters(one: JSON) -> int:
    """Count names, descriptions and values, each in its longest localization."""
    total = 0
    for key in ("name", "description"):
        texts = [one.get(key) or "", *(one.get(f"{key}_localizations") or {}).values()]
        total += max(len(str(text)) for text in texts)
    total += len(one["value"]) if isinstance(one.get("value"), str) else 0
    inner = [*(one.get("options") or []), *(one.get("choices") or [])]
    return total + sum(_characters(child) for child in inner)
