"""Where messages stand: a bot's private chat with a person, and groups with members and topics."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from tests.support.telegram.messages import Message
from tests.support.telegram.people import Account, BotAccount

_RIGHTS = (
    *("can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages"),
    *("can_manage_video_chats", "can_restrict_members", "can_promote_members", "can_change_info"),
    *("can_invite_users", "can_post_stories", "can_edit_stories", "can_delete_stories"),
)


class Room:
    """Messages by id, in the order they came. `asking`: the last one that forces a reply."""

    has_reply_threads = False

    def __init__(self, chat_id: int, ids: "count[int] | None" = None) -> None:
        self.id = chat_id
        self.messages: dict[int, Message] = {}
        self.asking: Message | None = None
        self._ids = ids or count(1)

    def next_id(self) -> int:
        return next(self._ids)

    def to_json(self) -> dict[str, Any]:
        """Return the API's Chat."""
        raise NotImplementedError

    def seen_by(self, person: Account) -> bool:
        """Tell whether somebody reads along."""
        raise NotImplementedError

    def bots(self) -> Iterable[BotAccount]:
        """Return the bots that are in here."""
        raise NotImplementedError


class PrivateRoom(Room):
    """A bot and a person. For the bot its id is the person's."""

    def __init__(self, bot: BotAccount, person: Account, ids: "count[int]") -> None:
        super().__init__(person.id, ids)
        self.bot = bot
        self.person = person
        self.keyboard: dict[str, Any] | None = None

    def to_json(self) -> dict[str, Any]:
        told = self.person.to_json()
        kept = {
            name: told[name] for name in ("first_name", "last_name", "username") if name in told
        }
        return {"id": self.id, "type": "private", **kept}

    def seen_by(self, person: Account) -> bool:
        return person is self.person

    def bots(self) -> Iterable[BotAccount]:
        return () if self.person.id in self.bot.blocked else (self.bot,)


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody's standing in a group: creator, administrator, member, left or kicked."""

    account: Account
    status: str

    @property
    def is_in(self) -> bool:
        return self.status in ("creator", "administrator", "member")

    def to_json(self) -> dict[str, Any]:
        """Return the API's ChatMember."""
        told: dict[str, Any] = {"user": self.account.to_json(), "status": self.status}
        if self.status == "creator":
            told["is_anonymous"] = False
        if self.status == "administrator":
            told |= {name: name not in ("is_anonymous", "can_be_edited") for name in _RIGHTS}
        if self.status == "kicked":
            told["until_date"] = 0
        return told


@dataclass(eq=False)
class GroupSettings:
    """How a group is: `topics` by thread id make it a forum; `kind` is `group` or `supergroup`."""

    title: str
    topics: dict[int, str] = field(default_factory=dict)
    kind: str = "supergroup"
    username: str = ""


class Group(Room):
    """Several people and bots."""

    def __init__(self, chat_id: int, settings: GroupSettings) -> None:
        super().__init__(chat_id)
        self.settings = settings
        self.members: dict[int, Member] = {}
        self.closed_topics: set[int] = set()
        self.migrated_to: int = 0
        self.is_read_only = False
        self.has_reply_threads = settings.kind == "supergroup" and not settings.topics

    @property
    def title(self) -> str:
        return self.settings.title

    @property
    def topics(self) -> dict[int, str]:
        return self.settings.topics

    def to_json(self) -> dict[str, Any]:
        told: dict[str, Any] = {
            "id": self.id,
            "type": self.settings.kind,
            "title": self.settings.title,
        }
        if self.settings.username:
            told["username"] = self.settings.username
        return told | ({"is_forum": True} if self.settings.topics else {})

    def standing(self, account: Account) -> Member:
        """Return somebody's standing; a stranger has left."""
        return self.members.get(account.id) or Member(account, "left")

    def put(self, account: Account, status: str) -> tuple[Member, Member]:
        """Change somebody's standing; return the old and the new."""
        old = self.standing(account)
        self.members[account.id] = Member(account, status)
        return old, self.members[account.id]

    def is_admin(self, account: Account) -> bool:
        return self.standing(account).status in ("creator", "administrator")

    def seen_by(self, person: Account) -> bool:
        return self.standing(person).is_in

    def bots(self) -> Iterable[BotAccount]:
        inside = [member.account for member in self.members.values() if member.is_in]
        return [account for account in inside if isinstance(account, BotAccount)]
