"""What a surface hands to a talk and what it gets back: the seam between chat and conversation."""

from dataclasses import dataclass
from enum import StrEnum

from bot.conversation.flood import Pace
from bot.grammar.requests import Request
from bot.messages import Form, Message


@dataclass(frozen=True, kw_only=True)
class Room:
    """Where something is said. `id` is the platform's chat or channel id.

    `is_private`: nobody else reads it (a private chat, a DM). `topic` is the thread or topic in it,
    empty for none. `is_admin`: who speaks administers it; `name` is shown on cards.
    """

    id: str
    is_private: bool = True
    topic: str = ""
    name: str = ""
    is_admin: bool = False


@dataclass(frozen=True, kw_only=True)
class Said:
    """One thing that came in. Exactly one of `line`, `payload` and `request` is set.

    `key` names this very event on its platform (an update's or interaction's id), so that the same
    event twice does a thing once. `typed` is what was typed into the form of `payload`.
    `is_command`: the line is one, even without its slash; it never answers an open question.
    `replied_number` is the trade that the message is about to which this one replies, 0 for one
    that is practiced. `message_id` is the message that was pressed; `shown_at_ms` is when it,
    or the one that is replied to, was last written (None: nobody knows). `pace` is what the judge
    of floods made of it, once he was asked. Nothing else in here is trusted.
    """

    key: str
    line: str | None = None
    payload: str | None = None
    request: Request | None = None
    typed: str | None = None
    replied_number: int | None = None
    message_id: str = ""
    shown_at_ms: int | None = None
    is_command: bool = False
    pace: Pace | None = None


class Where(StrEnum):
    """Where a message belongs."""

    NEW = "new"  # a message of its own
    SAME = "same"  # in place of the one before in this exchange: the pressed one, or our last
    TOAST = "toast"  # seen by who pressed, alone, and gone: at most 200 characters


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One message to show. `is_personal`: to him who spoke, never to the room.

    `is_watched`: the message is a live list; the surface gives its handle to the live board.
    `lets_go`: what follows may take long, so the next event need not wait for it.
    `is_step`: one of many in a row; where a platform lets few messages pass, it takes the place
    of the step before. `is_arrival`: who reads it has just come in, or back, and may lack what a
    surface keeps on his screen.
    """

    message: Message
    where: Where = Where.NEW
    is_personal: bool = True
    is_watched: bool = False
    lets_go: bool = False
    is_step: bool = False
    is_arrival: bool = False


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A form to open at once (a modal), instead of an answer. Its answer comes as `Said.typed`."""

    payload: str
    form: Form
