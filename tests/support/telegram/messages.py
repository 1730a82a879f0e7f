"""A message as it stands in a chat: what it shows now, everything it showed before, and to whom."""

import time
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any

from tests.support.telegram.entities import Text
from tests.support.telegram.keyboards import Button, buttons_of
from tests.support.telegram.rich import Block, plain

if TYPE_CHECKING:
    from tests.support.telegram.people import Account
    from tests.support.telegram.rooms import Room

ANONYMOUS = {
    "id": 1087968824,
    "is_bot": True,
    "first_name": "Group",
    "username": "GroupAnonymousBot",
}

_files = count(1)


@dataclass(eq=False, slots=True)
class Media:
    """A picture (with its size in pixels) or a file."""

    content: bytes
    filename: str = ""
    content_type: str = ""
    size: tuple[int, int] = (0, 0)
    id: int = field(default_factory=lambda: next(_files))

    @property
    def file_id(self) -> str:
        return f"AgACAgIAAxkBAAI{self.id:08d}"

    def to_json(self) -> dict[str, Any]:
        """Return a Document; for a picture its one PhotoSize."""
        told: dict[str, Any] = {
            "file_id": self.file_id,
            "file_unique_id": f"AQAD{self.id:08d}",
            "file_size": len(self.content),
        }
        if self.size != (0, 0):
            return told | {"width": self.size[0], "height": self.size[1]}
        return told | {"file_name": self.filename, "mime_type": self.content_type}


@dataclass(frozen=True, slots=True)
class Shown:
    """What a message shows; an edit puts another in its place. `at` is monotonic seconds."""

    words: Text = field(default_factory=Text)
    photo_file: Media | None = None
    document: Media | None = None
    rich: list[Block] | None = None
    markup: dict[str, Any] | None = None
    service: dict[str, Any] = field(default_factory=dict)
    at: float = field(default_factory=time.monotonic, compare=False)

    @property
    def text(self) -> str:
        """Plain text: the message's, its picture's caption, or a rich message's lines."""
        return plain(self.rich) if self.rich is not None else self.words.plain

    @property
    def html(self) -> str:
        return self.words.html

    @property
    def entities(self) -> list[dict[str, Any]]:
        return self.words.entities

    @property
    def buttons(self) -> list[list[Button]]:
        """Inline buttons by row; none for a reply keyboard, which belongs to the chat."""
        return buttons_of(self.markup)

    @property
    def labels(self) -> list[str]:
        return [button.label for row in self.buttons for button in row]

    @property
    def photo(self) -> bytes | None:
        return self.photo_file.content if self.photo_file else None

    def is_same(self, other: "Shown") -> bool:
        """Tell whether an edit to `other` changes nothing."""
        return self == other

    def to_json(self) -> dict[str, Any]:
        """Return the part of a Message that an edit can change."""
        told: dict[str, Any] = dict(self.service)
        has_media = self.photo_file or self.document
        if self.words.plain:
            told["caption" if has_media else "text"] = self.words.plain
        if self.words.entities:
            told["caption_entities" if has_media else "entities"] = self.words.entities
        if self.photo_file:
            told["photo"] = [self.photo_file.to_json()]
        if self.document:
            told["document"] = self.document.to_json()
        if self.rich is not None:
            told["rich_message"] = {"blocks": self.rich}
        if self.markup and "inline_keyboard" in self.markup:
            told["reply_markup"] = self.markup
        return told


@dataclass(eq=False, slots=True)
class Message:
    """One message; `history` begins with what was sent and ends with what is shown."""

    id: int
    room: "Room"
    sender: "Account"
    history: list[Shown]
    reply_to: "Message | None" = None
    thread_id: int | None = None
    is_silent: bool = False
    effect_id: str = ""
    is_anonymous: bool = False
    date: int = field(default_factory=lambda: int(time.time()))
    edit_date: int = 0
    is_deleted: bool = False
    reactions: dict[int, list[str]] = field(default_factory=dict)

    def __repr__(self) -> str:
        """Show what a person would see."""
        gone = " deleted" if self.is_deleted else ""
        return f"<{self.room.id}/{self.id}{gone} {self.text!r} {self.labels}>"

    @property
    def shown(self) -> Shown:
        return self.history[-1]

    @property
    def text(self) -> str:
        return self.shown.text

    @property
    def html(self) -> str:
        return self.shown.html

    @property
    def entities(self) -> list[dict[str, Any]]:
        return self.shown.entities

    @property
    def buttons(self) -> list[list[Button]]:
        return self.shown.buttons

    @property
    def labels(self) -> list[str]:
        return self.shown.labels

    @property
    def photo(self) -> bytes | None:
        return self.shown.photo

    @property
    def document(self) -> Media | None:
        return self.shown.document

    @property
    def is_rich(self) -> bool:
        return self.shown.rich is not None

    def to_json(self, *, with_reply: bool = True) -> dict[str, Any]:
        """Return the API's Message."""
        told: dict[str, Any] = {
            "message_id": self.id,
            **self._author(),
            "chat": self.room.to_json(),
            "date": self.date,
            **({"edit_date": self.edit_date} if self.edit_date else {}),
            **({"effect_id": self.effect_id} if self.effect_id else {}),
            **self.shown.to_json(),
        }
        if with_reply and self.reply_to is not None and not self.reply_to.is_deleted:
            told["reply_to_message"] = self.reply_to.to_json(with_reply=False)
        return told | self._thread()

    def _author(self) -> dict[str, Any]:
        if self.is_anonymous:  # an administrator who writes as the group
            return {"from": ANONYMOUS, "sender_chat": self.room.to_json()}
        return {"from": self.sender.to_json()}

    def _thread(self) -> dict[str, Any]:
        if self.thread_id is not None:
            return {"message_thread_id": self.thread_id, "is_topic_message": True}
        if self.room.has_reply_threads and self.reply_to is not None:
            # The real trap: a reply in a plain supergroup carries an id that is no topic.
            root = self.reply_to
            while root.reply_to is not None:
                root = root.reply_to
            return {"message_thread_id": root.id}
        return {}
