"""What counts as said to us, by whom and where; everything else is nobody's."""

from typing import Any

import pytest
from telegram import Update

from bot.conversation.presses import Press, PressKind, encode
from bot.conversation.said import Room
from bot.surfaces.telegram.intake import (
    GroupChosen,
    Joined,
    Moved,
    Reached,
    Spoken,
    Us,
    lane_of,
    read,
)

US = Us(700, "vigilante_bot", {"📊 Trades": "/trades", "📋 Menu": "/menu"})
BOT = {"id": 700, "is_bot": True, "first_name": "V", "username": "vigilante_bot"}
ANA = {"id": 7, "is_bot": False, "first_name": "Ana", "language_code": "pt-br"}
PRIVATE = {"id": 7, "type": "private", "first_name": "Ana"}
GROUP = {"id": -100, "type": "supergroup", "title": "De\u202esk"}
OURS = {"message_id": 3, "date": 1, "chat": GROUP, "from": BOT, "text": "✅ BTC long #47 · #48"}


def message(text: str | None = None, **more: Any) -> Any:
    told: dict[str, Any] = {"message_id": 9, "date": 1, "chat": PRIVATE, "from": ANA}
    if text is not None:
        told["text"] = text
    return heard({"message": told | more})


def heard(update: dict[str, Any]) -> Any:
    return read(Update.de_json({"update_id": 5, **update}, None), US)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("btc?", "btc?"),
        ("/buy btc 500", "/buy btc 500"),
        ("/buy@vigilante_bot btc 500", "/buy btc 500"),
        ("/BUY@Vigilante_Bot btc", "/BUY btc"),
        ("/start T1cket", "/start T1cket"),
        ("/nonsense", "/nonsense"),
        ("/buy@other_bot btc", None),
        ("📊 Trades", "/trades"),
        ("📋 Menu", "/menu"),
        ("two\nlines", "two\nlines"),
    ],
)
def test_a_line_in_the_private_chat(text, line):
    spoken = message(text)
    assert (spoken.said.line if spoken else None) == line
    if spoken:
        assert spoken.said.key == "telegram:700:5"
        assert spoken.room == Room(id="7")
        assert (spoken.user.id, spoken.message_id) == (7, 9)


@pytest.mark.parametrize(
    ("text", "more", "line"),
    [
        ("btc?", {}, None),
        ("📊 Trades", {}, None),
        ("/price btc", {}, "/price btc"),
        ("/preco btc", {}, "/preco btc"),
        ("/price@vigilante_bot btc", {}, "/price btc"),
        ("/price@other_bot btc", {}, None),
        ("/nonsense", {}, None),
        ("/quit", {}, None),
        ("/nonsense@vigilante_bot", {}, "/nonsense"),
        ("60250", {"reply_to_message": OURS}, "60250"),
        ("60250", {"reply_to_message": {**OURS, "from": ANA}}, None),
        (
            "hello",
            {"reply_to_message": {**OURS, "forum_topic_created": {"name": "x", "icon_color": 1}}},
            None,
        ),
    ],
)
def test_a_line_in_a_group(text, more, line):
    spoken = message(text, chat=GROUP, **more)
    assert (spoken.said.line if spoken else None) == line
    if spoken:
        assert spoken.room == Room(id="-100", is_private=False, name="Desk")
        assert spoken.said.replied_number is None


@pytest.mark.parametrize(
    "more",
    [
        {"from": {**ANA, "is_bot": True}},
        {"from": None},
        {"sender_chat": GROUP},
        {"chat": {"id": -1, "type": "channel", "title": "News"}},
        {"forward_origin": {"type": "hidden_user", "date": 1, "sender_user_name": "x"}},
        {"via_bot": BOT},
    ],
    ids=["a bot", "nobody", "an anonymous admin", "a channel", "forwarded", "via a bot"],
)
def test_who_is_not_heard(more):
    assert message("/close all", **more) is None


@pytest.mark.parametrize("kind", ["edited_message", "channel_post", "inline_query", "poll"])
def test_other_kinds_of_updates_are_nothing(kind):
    told = {"message_id": 9, "date": 1, "chat": PRIVATE, "from": ANA, "text": "/close all"}
    assert kind != "message"
    if kind in ("edited_message", "channel_post"):
        assert heard({kind: told}) is None
    else:
        assert heard({}) is None


def buttons(*lines: str) -> dict[str, Any]:
    """Return the keyboard of a message whose buttons carry these lines."""
    payloads = [encode(Press(kind=PressKind.DO, line=line)) for line in lines]
    return {"inline_keyboard": [[{"text": "x", "callback_data": one} for one in payloads]]}


def replied_number(**more: Any) -> int | None:
    return message("2%", reply_to_message={**OURS, "chat": PRIVATE, **more}).said.replied_number


def test_a_reply_in_private_names_the_trade_of_the_message_it_replies_to():
    of_trade = buttons("/sl 47", "/close 47 50%", "/trades")
    assert replied_number(reply_markup=of_trade) == 47
    picture = {"text": None, "caption": "#51 BTC long"}
    assert replied_number(reply_markup=buttons("/card 51"), **picture) == 51
    rich = {"text": None, "rich_message": {"blocks": []}}
    listed = buttons("/trades 47", "/trades 48", "/buy", "/trades")
    assert replied_number(reply_markup=listed, **rich) is None
    assert replied_number(reply_markup=listed) is None
    link = {"inline_keyboard": [[{"text": "x", "url": "https://t.me/x"}]]}
    assert replied_number(reply_markup=link) is None
    assert replied_number(text="see #5") is None
    assert replied_number(reply_markup=of_trade, **{"from": ANA}) is None
    assert replied_number(text="#0 long 61,480.00") == 0


def test_a_caption_is_a_line_and_a_picture_alone_is_none():
    photo: dict[str, Any] = {
        "photo": [{"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}]
    }
    assert message(caption="/price btc", **photo).said.line == "/price btc"
    assert message(**photo) is None


def test_a_topic_is_kept_and_a_thread_of_replies_is_none():
    topic = {"message_thread_id": 4, "is_topic_message": True}
    assert message("/price btc", chat=GROUP, **topic).room.topic == "4"
    assert message("/price btc", chat=GROUP, message_thread_id=4).room.topic == ""


def press(**more: Any) -> Any:
    shown = {"message_id": 3, "date": 1, "chat": PRIVATE, "from": BOT, "text": "x"}
    told = {"id": "1", "from": ANA, "chat_instance": "1", "message": shown, "data": "d..:/menu"}
    return heard({"callback_query": told | more})


def test_a_press_carries_its_payload_and_the_message_it_is_on():
    spoken = press()
    assert (spoken.said.payload, spoken.said.message_id) == ("d..:/menu", "3")
    assert (spoken.query_id, spoken.pressed.chat_id, spoken.pressed.message_id) == ("1", "7", "3")
    old = {"message_id": 3, "date": 0, "chat": GROUP}
    assert press(message=old).room == Room(id="-100", is_private=False, name="Desk")
    assert press(data=None, game_short_name="x").said.payload == ""


@pytest.mark.parametrize(
    "more",
    [
        {"message": None, "inline_message_id": "1"},
        {"from": BOT},
        {"message": {"message_id": 3, "date": 0, "chat": {"id": -1, "type": "channel"}}},
    ],
)
def test_presses_that_are_not_ours(more):
    assert press(**more) is None


def standing(chat: dict[str, Any], was: str, now: str, **more: Any) -> Any:
    def member(status: str) -> dict[str, Any]:
        told: dict[str, Any] = {"user": BOT, "status": status}
        if status == "kicked":
            told["until_date"] = 0
        return told | (more if status == "restricted" else {})

    change = {"chat": chat, "from": ANA, "date": 1}
    return heard(
        {
            "my_chat_member": {
                **change,
                "old_chat_member": member(was),
                "new_chat_member": member(now),
            }
        }
    )


def test_blocking_and_joining():
    assert standing(PRIVATE, "member", "kicked") == Reached(7, is_blocked=True)
    assert standing(PRIVATE, "kicked", "member") == Reached(7, is_blocked=False)
    joined = standing(GROUP, "left", "member")
    assert isinstance(joined, Joined)
    assert (joined.room.id, joined.key) == ("-100", "telegram:700:5")
    assert standing(GROUP, "member", "kicked") is None
    assert standing(GROUP, "member", "left") is None
    channel = {"id": -1, "type": "channel", "title": "News"}
    assert standing(channel, "left", "member") is None


def test_a_group_that_moved_keeps_its_place():
    assert message(chat=GROUP, migrate_to_chat_id=-200, sender_chat=GROUP) == Moved(-100, -200)


def test_a_chosen_group_comes_with_the_number_of_the_trade():
    chosen = message(chat_shared={"request_id": 47, "chat_id": -100, "title": "Desk"})
    assert isinstance(chosen, GroupChosen)
    assert (chosen.number, chosen.room) == (47, Room(id="-100", is_private=False, name="Desk"))
    assert message(chat=GROUP, chat_shared={"request_id": 47, "chat_id": -100}) is None


def test_events_queue_by_person_and_room():
    assert lane_of(message("x")) == ("7", 7)
    assert lane_of(message("/price btc", chat=GROUP)) == ("-100", 7)
    assert lane_of(standing(GROUP, "left", "member")) == ("-100", 7)
    assert lane_of(standing(PRIVATE, "member", "kicked")) == ("7", 7)
    assert lane_of(Moved(-100, -200)) == ("-100", "room")
    assert isinstance(message("x"), Spoken)
