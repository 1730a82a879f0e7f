"""Who takes part: people, and bots with what they have registered about themselves."""

from dataclasses import dataclass, field
from typing import Any

from tests.support.telegram.polling import Updates

Command = dict[str, str]
Scope = tuple[str, int, int, str]  # type, chat, user, language


@dataclass(eq=False)
class Account:
    """A person or a bot."""

    id: int
    first_name: str
    username: str = ""
    language_code: str = ""
    last_name: str = ""
    is_bot: bool = False
    is_deactivated: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return the API's User."""
        told: dict[str, Any] = {
            "id": self.id,
            "is_bot": self.is_bot,
            "first_name": self.first_name,
        }
        for name in ("last_name", "username", "language_code"):
            if getattr(self, name):
                told[name] = getattr(self, name)
        return told


@dataclass(eq=False)
class BotAccount(Account):
    """A bot. `started`: who pressed Start; `blocked`: who blocked it since; texts by language.

    Anything at all can be put before it: `updates.push("channel_post", {...})`.
    """

    token: str = field(default="", repr=False)
    is_bot: bool = True
    reads_all: bool = False
    started: set[int] = field(default_factory=set)
    blocked: set[int] = field(default_factory=set)
    updates: Updates = field(default_factory=Updates)
    commands: dict[Scope, list[Command]] = field(default_factory=dict)
    texts: dict[tuple[str, str], str] = field(default_factory=dict)

    def to_me(self) -> dict[str, Any]:
        """Return what getMe tells."""
        told = {
            "can_join_groups": True,
            "can_read_all_group_messages": self.reads_all,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }
        return self.to_json() | told

    def text(self, kind: str, language: str) -> str:
        """Return a name, description or short description as a client in `language` shows it."""
        return self.texts.get((kind, language)) or self.texts.get((kind, ""), "")
