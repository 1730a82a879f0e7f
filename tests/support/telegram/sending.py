"""The methods that put something into a chat, and what they share with those that edit."""

from collections.abc import Callable
from typing import Any

from tests.support.telegram.entities import Text, read_text, units
from tests.support.telegram.forms import Form, Upload
from tests.support.telegram.keyboards import check_markup
from tests.support.telegram.messages import Media, Message, Shown
from tests.support.telegram.people import BotAccount
from tests.support.telegram.pictures import picture_size
from tests.support.telegram.refusals import NOT_FOUND, Refusal, bad
from tests.support.telegram.rich import read_rich
from tests.support.telegram.rooms import Group, Room
from tests.support.telegram.world import Draft, World

TEXT_MAX = 4096
CAPTION_MAX = 1024
ACTIONS = frozenset(
    {"typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice"}
    | {"upload_document", "choose_sticker", "find_location", "record_video_note"}
    | {"upload_video_note"}
)

Method = Callable[[BotAccount, Form], Any]


def read_words(form: Form) -> Text:
    """Return a message's text; raises a 400 for markup, emptiness or length."""
    text = read_text(form.text("text"), form.text("parse_mode"), form.json("entities"))
    if not text.plain:
        raise bad("message text is empty")
    if units(text.plain) > TEXT_MAX:
        raise bad("message is too long")
    return text


def read_caption(given: dict[str, Any]) -> Text:
    """Return a caption, which may be empty."""
    text = read_text(
        given.get("caption") or "", given.get("parse_mode"), given.get("caption_entities")
    )
    if units(text.plain) > CAPTION_MAX:
        raise bad("message caption is too long")
    return text


def caption_fields(form: Form) -> dict[str, Any]:
    """Return the fields that make a caption."""
    return {
        "caption": form.text("caption"),
        "parse_mode": form.text("parse_mode"),
        "caption_entities": form.json("caption_entities"),
    }


class Sending:
    """sendMessage, sendPhoto, sendDocument, sendRichMessage, sendChatAction."""

    def __init__(self, world: World) -> None:
        self._world = world

    def methods(self) -> dict[str, Method]:
        """Return the methods by name."""
        return {
            "sendMessage": self.send_message,
            "sendPhoto": self.send_photo,
            "sendDocument": self.send_document,
            "sendRichMessage": self.send_rich,
            "sendChatAction": self.send_action,
        }

    def send_message(self, bot: BotAccount, form: Form) -> dict[str, Any]:
        return self._send(bot, form, Shown(read_words(form)))

    def send_photo(self, bot: BotAccount, form: Form) -> dict[str, Any]:
        words = read_caption(caption_fields(form))
        photo = self.media(form.upload("photo"), is_photo=True)
        return self._send(bot, form, Shown(words, photo_file=photo))

    def send_document(self, bot: BotAccount, form: Form) -> dict[str, Any]:
        words = read_caption(caption_fields(form))
        document = self.media(form.upload("document"), is_photo=False)
        return self._send(bot, form, Shown(words, document=document))

    def send_rich(self, bot: BotAccount, form: Form) -> dict[str, Any]:
        if not self._world.knows_rich:
            raise Refusal(*NOT_FOUND)
        given = form.json("rich_message")
        if not isinstance(given, dict):
            raise bad("rich message is empty")
        return self._send(bot, form, Shown(rich=read_rich(given)))

    def send_action(self, bot: BotAccount, form: Form) -> bool:
        if form.text("action") not in ACTIONS:
            raise bad("wrong parameter action in request")
        room = self._world.writable(bot, form.text("chat_id"))
        self._thread(room, form)
        return True

    def media(self, given: Upload | str | None, *, is_photo: bool) -> Media:
        """Return the stored file of an upload or of a file_id."""
        kind = "photo" if is_photo else "document"
        if given is None or given == "":
            raise bad(f"there is no {kind} in the request")
        if isinstance(given, str):
            found = self._world.files.get(given)
            if found is None:
                raise bad("wrong file identifier/HTTP URL specified")
            return found
        if not given.content:
            raise bad("file must be non-empty")
        size = picture_size(given.content) if is_photo else (0, 0)
        made = Media(given.content, given.filename, given.content_type, size)
        self._world.files[made.file_id] = made
        return made

    def _send(self, bot: BotAccount, form: Form, shown: Shown) -> dict[str, Any]:
        markup = check_markup(form.json("reply_markup"))
        room = self._world.writable(bot, form.text("chat_id"))
        draft = Draft(
            Shown(shown.words, shown.photo_file, shown.document, shown.rich, markup),
            reply_to=self._reply(room, form.json("reply_parameters")),
            thread_id=self._thread(room, form),
            is_silent=form.is_true("disable_notification"),
            effect_id=form.text("message_effect_id"),
        )
        if draft.effect_id and isinstance(room, Group):
            raise bad("EFFECT_CHAT_INVALID")
        self._world.flood.spend(room.id)
        return self._world.put(room, bot, draft).to_json()

    def _reply(self, room: Room, given: dict[str, Any] | None) -> Message | None:
        if not given or "message_id" not in given:
            return None
        found = room.messages.get(int(given["message_id"]))
        if found is None and not given.get("allow_sending_without_reply"):
            raise bad("message to be replied not found")
        return found

    def _thread(self, room: Room, form: Form) -> int | None:
        thread_id = form.number("message_thread_id")
        if not thread_id:
            return None
        # The General topic's id 1 is refused by the real thing as well.
        if not isinstance(room, Group) or thread_id not in room.topics:
            raise bad("message thread not found")
        if thread_id in room.closed_topics:
            raise bad("TOPIC_CLOSED")
        return thread_id
