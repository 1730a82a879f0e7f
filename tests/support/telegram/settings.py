"""The methods about the bot itself and about chats: names, command menus, members."""

import re
import time
from typing import Any

from tests.support.telegram.forms import Form
from tests.support.telegram.people import Account, BotAccount, Command
from tests.support.telegram.refusals import bad
from tests.support.telegram.rooms import Group, Member, PrivateRoom
from tests.support.telegram.sending import Method
from tests.support.telegram.world import World

COMMANDS_MAX = 100
TEXTS_MAX = {"name": 64, "description": 512, "short_description": 120}
_SCOPES = {
    "default": (),
    "all_private_chats": (),
    "all_group_chats": (),
    "all_chat_administrators": (),
    "chat": ("chat_id",),
    "chat_administrators": ("chat_id",),
    "chat_member": ("chat_id", "user_id"),
}
_GIFTS = (
    *("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription"),
    "gifts_from_channels",
)


class Registration:
    """getMe, commands, names, getChat, getChatMember, leaveChat, deleteWebhook."""

    def __init__(self, world: World) -> None:
        self._world = world

    def methods(self) -> dict[str, Method]:
        """Return the methods by name."""
        told: dict[str, Method] = {
            "getMe": lambda bot, form: bot.to_me(),
            "deleteWebhook": self._delete_webhook,
            "getWebhookInfo": self._webhook_info,
            "setMyCommands": self._set_commands,
            "getMyCommands": lambda bot, form: bot.commands.get(self._scope(bot, form), []),
            "deleteMyCommands": self._delete_commands,
            "getChat": self._get_chat,
            "getChatMember": self._get_member,
            "getChatAdministrators": self._get_admins,
            "leaveChat": self._leave,
        }
        for name, kind in (
            ("MyName", "name"),
            ("MyDescription", "description"),
            ("MyShortDescription", "short_description"),
        ):
            told[f"set{name}"] = lambda bot, form, kind=kind: self._set_text(bot, form, kind)
            told[f"get{name}"] = lambda bot, form, kind=kind: self._get_text(bot, form, kind)
        return told

    def _delete_webhook(self, bot: BotAccount, form: Form) -> bool:
        if form.is_true("drop_pending_updates"):
            bot.updates.drop()
        return True

    def _webhook_info(self, bot: BotAccount, form: Form) -> dict[str, Any]:
        waiting = len(bot.updates)
        return {"url": "", "has_custom_certificate": False, "pending_update_count": waiting}

    def _set_commands(self, bot: BotAccount, form: Form) -> bool:
        commands: list[Command] = form.json("commands") or []
        if len(commands) > COMMANDS_MAX:
            raise bad("BOT_COMMANDS_TOO_MUCH")
        for item in commands:
            if not re.fullmatch(r"/?[a-z0-9_]{1,32}", item["command"]):
                raise bad("BOT_COMMAND_INVALID")
            if not 1 <= len(item["description"]) <= 256:
                raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
        bot.commands[self._scope(bot, form)] = [
            {"command": item["command"].lstrip("/"), "description": item["description"]}
            for item in commands
        ]
        return True

    def _delete_commands(self, bot: BotAccount, form: Form) -> bool:
        bot.commands.pop(self._scope(bot, form), None)
        return True

    def _scope(self, bot: BotAccount, form: Form) -> tuple[str, int, int, str]:
        given = form.json("scope") or {"type": "default"}
        kind = given.get("type", "")
        if kind not in _SCOPES:
            raise bad("can't parse BotCommandScope: unsupported type specified")
        if any(not given.get(name) for name in _SCOPES[kind]):
            raise bad("chat not found")
        if given.get("chat_id"):
            self._world.find(bot, str(given["chat_id"]))
        language = self._language(form)
        return kind, int(given.get("chat_id", 0)), int(given.get("user_id", 0)), language

    def _language(self, form: Form) -> str:
        language = form.text("language_code")
        if language and not re.fullmatch(r"[a-z]{2}", language):
            raise bad("invalid language code specified")
        return language

    def _set_text(self, bot: BotAccount, form: Form, kind: str) -> bool:
        text = form.text(kind)
        if len(text) > TEXTS_MAX[kind]:
            raise bad("bot information is too long")
        bot.texts[kind, self._language(form)] = text
        return True

    def _get_text(self, bot: BotAccount, form: Form, kind: str) -> dict[str, str]:
        otherwise = bot.first_name if kind == "name" else ""
        return {kind: bot.text(kind, self._language(form)) or otherwise}

    def _get_chat(self, bot: BotAccount, form: Form) -> dict[str, Any]:
        room = self._world.find(bot, form.text("chat_id"))
        told = room.to_json() | {
            "accent_color_id": 0,
            "max_reaction_count": 11,
            "accepted_gift_types": dict.fromkeys(_GIFTS, False),
        }
        if isinstance(room, Group):
            told["permissions"] = {"can_send_messages": not room.is_read_only}
        return told

    def _get_member(self, bot: BotAccount, form: Form) -> dict[str, Any]:
        room = self._world.find(bot, form.text("chat_id"))
        person = self._world.accounts.get(form.number("user_id", 0) or 0)
        if person is None:
            raise bad("PARTICIPANT_ID_INVALID")
        if isinstance(room, Group):
            return room.standing(person).to_json()
        assert isinstance(room, PrivateRoom)
        if person not in (room.person, bot):
            raise bad("member not found")
        return Member(person, "member").to_json()

    def _get_admins(self, bot: BotAccount, form: Form) -> list[dict[str, Any]]:
        room = self._world.find(bot, form.text("chat_id"))
        if not isinstance(room, Group):
            raise bad("there are no administrators in the private chat")
        return [item.to_json() for item in room.members.values() if room.is_admin(item.account)]

    def _leave(self, bot: BotAccount, form: Form) -> bool:
        room = self._world.find(bot, form.text("chat_id"))
        if not isinstance(room, Group):
            raise bad("chat member status can't be changed in private chats")
        tell_standing(room, bot, bot, "left")
        self._world.changed()
        return True


def tell_standing(group: Group, bot: BotAccount, by: Account, status: str) -> None:
    """Change a bot's own standing in a group, and tell it."""
    old, new = group.put(bot, status)
    bot.updates.push("my_chat_member", standing_update(group.to_json(), by, old, new))


def standing_update(chat: dict[str, Any], by: Account, old: Member, new: Member) -> dict[str, Any]:
    """Return the API's ChatMemberUpdated."""
    return {
        "chat": chat,
        "from": by.to_json(),
        "date": int(time.time()),
        "old_chat_member": old.to_json(),
        "new_chat_member": new.to_json(),
    }
