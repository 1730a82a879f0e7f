"""What a client offers a person: which synced commands there are for him, and how he fills them."""

from typing import Any

from tests.support.discord import shapes
from tests.support.discord.world import ADMINISTRATOR, Account, Attachment, Channel, World

JSON = dict[str, Any]
SUBCOMMAND, GROUP, TEXT, INTEGER, BOOLEAN, USER, CHANNEL = 1, 2, 3, 4, 5, 6, 7
NUMBER, FILE = 10, 11


class NotOffered(AssertionError):
    """A person's client would not have let him do this."""


def find_command(
    name: str, commands: dict[int, list[JSON]], account: Account, place: Channel, world: World
) -> JSON:
    """Return the command a person sees under a name, which may be localized. Else NotOffered."""
    guild_id = place.guild.id if place.guild is not None else 0
    known = [*(commands.get(guild_id, []) if guild_id else []), *commands.get(0, [])]
    named = [one for one in known if one["type"] == 1 and _is_named(one, name, account)]
    if not named:
        raise NotOffered(f"/{name} was never synced: {sorted(one['name'] for one in known)}")
    for one in named:
        if _is_open_to(one, account, place, world):
            return one
    raise NotOffered(f"/{name} is not offered to {account.name} here")


def _is_named(one: JSON, name: str, account: Account) -> bool:
    localized = (one.get("name_localizations") or {}).get(account.locale)
    return name in (one["name"], localized)


def _is_open_to(one: JSON, account: Account, place: Channel, world: World) -> bool:
    context = shapes.context(place, world)
    contexts = one.get("contexts")
    if contexts is None:
        contexts = [0, 1, 2] if one.get("dm_permission", True) else [0]
    if context not in contexts:
        return False
    installs = one.get("integration_types") or [0]
    has_bot = context == 1 or (place.guild is not None and place.guild.has_bot)
    if not ((0 in installs and has_bot) or (1 in installs and account.has_installed)):
        return False
    needed = one.get("default_member_permissions")
    if needed is None or place.guild is None:
        return True
    granted = place.guild.permissions(account)
    return granted & ADMINISTRATOR > 0 or (int(needed) > 0 and granted & int(needed) == int(needed))


class Filled:
    """The data of a command as a client sends it."""

    def __init__(self, command: JSON, account: Account) -> None:
        self._account = account
        self._resolved: JSON = {}
        self._command = command

    def data(self, words: list[str], given: JSON, focused: str = "") -> JSON:
        """Return the data with options typed as synced. Raises NotOffered.

        `words`: names of subcommands; `focused`: the option that is being typed.
        """
        data = {key: self._command[key] for key in ("id", "name", "type")}
        if "guild_id" in self._command:
            data["guild_id"] = self._command["guild_id"]
        data["options"] = self._options(self._command, words, dict(given), focused)
        return data | {"resolved": self._resolved} if self._resolved else data

    def _options(self, one: JSON, words: list[str], given: JSON, focused: str) -> list[JSON]:
        options = one.get("options", [])
        inner = [option for option in options if option["type"] in (SUBCOMMAND, GROUP)]
        if inner:
            for option in inner:
                if words and _is_named(option, words[0], self._account):
                    nested = self._options(option, words[1:], given, focused)
                    return [{"name": option["name"], "type": option["type"], "options": nested}]
            raise NotOffered(f"/{one['name']} has {[option['name'] for option in inner]}: {words}")
        made = []
        for option in options:
            key = next((key for key in given if _is_named(option, key, self._account)), None)
            if key is not None:
                made.append(self._option(option, given.pop(key), is_typed=key == focused))
            elif option.get("required") and not focused:
                raise NotOffered(f"/{one['name']} needs {option['name']}")
        if given or words:
            raise NotOffered(f"/{one['name']} has no option {[*given, *words]}")
        return made

    def _option(self, option: JSON, value: object, *, is_typed: bool) -> JSON:
        shape = {"name": option["name"], "type": option["type"]}
        if is_typed:
            if not option.get("autocomplete"):
                raise NotOffered(f"{option['name']} does not complete")
            return shape | {"value": str(value), "focused": True}
        return shape | {"value": self._value(option, value)}

    def _value(self, option: JSON, value: Any) -> object:
        if choices := option.get("choices"):
            for choice in choices:
                localized = (choice.get("name_localizations") or {}).get(self._account.locale)
                if value in (choice["value"], choice["name"], localized):
                    return choice["value"]
            raise NotOffered(f"{option['name']} has no choice {value!r}")
        kind = option["type"]
        try:
            reads = {TEXT: str, INTEGER: int, NUMBER: float, BOOLEAN: _as_bool}
            typed = reads[kind](value) if kind in reads else self._mention(kind, value)
        except ValueError as error:
            raise NotOffered(f"{option['name']} takes no {value!r}") from error
        _check_range(option, typed)
        return typed

    def _mention(self, kind: int, value: Any) -> str:
        if kind == USER and isinstance(value, Account):
            users = self._resolved.setdefault("users", {})
            users[str(value.id)] = shapes.user(value)
        elif kind == FILE and isinstance(value, Attachment):
            raise NotOffered("attachments are not played here")
        elif not (kind == CHANNEL and isinstance(value, Channel)):
            raise ValueError(value)
        return str(value.id)


def _as_bool(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueError(value)


def _check_range(option: JSON, value: Any) -> None:
    size = len(value) if isinstance(value, str) else value
    low, high = (
        ("min_length", "max_length")
        if isinstance(value, str)
        else (
            "min_value",
            "max_value",
        )
    )
    if low in option and size < option[low]:
        raise NotOffered(f"{option['name']} is less than {option[low]}: {value!r}")
    if high in option and size > option[high]:
        raise NotOffered(f"{option['name']} is more than {option[high]}: {value!r}")


def filled_form(modal: JSON, values: tuple[str, ...], fields: dict[str, Any]) -> list[JSON]:
    """Return the components of a submitted modal. Raises NotOffered for what a client refuses."""
    left, positional = dict(fields), list(values)
    made = []
    for one in modal["components"]:
        if one["type"] == 18:
            inner = _field(one["component"], one["label"], left, positional)
            made.append({"type": 18, "id": one.get("id", 0), "component": inner})
        elif one["type"] == 1:
            inner = one["components"][0]
            row = [_field(inner, inner.get("label") or "", left, positional)]
            made.append({"type": 1, "id": one.get("id", 0), "components": row})
        else:
            made.append({"type": one["type"], "id": one.get("id", 0)})
    if left or positional:
        raise NotOffered(f"the form has no field {[*left, *positional]}")
    return made


def _field(one: JSON, label: str, left: JSON, positional: list[str]) -> JSON:
    key = next((key for key in (one["custom_id"], label) if key in left), None)
    value = left.pop(key) if key is not None else None
    if value is None and positional:
        value = positional.pop(0)
    shape = {"type": one["type"], "id": one.get("id", 0), "custom_id": one["custom_id"]}
    if one["type"] == 23:
        return shape | {"value": bool(value)}
    if one["type"] != 4:
        chosen = [value] if isinstance(value, str) else list(value or [])
        if one["type"] == 21:
            return shape | {"value": chosen[0] if chosen else None}
        return shape | {"values": chosen}
    text = one.get("value") or "" if value is None else str(value)
    if one.get("required", True) and not text:
        raise NotOffered(f"the form needs {label or one['custom_id']}")
    if text and not (one.get("min_length") or 0) <= len(text) <= (one.get("max_length") or 4000):
        raise NotOffered(f"{label}: {len(text)} characters do not fit")
    return shape | {"value": text}
