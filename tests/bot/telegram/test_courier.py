"""One message reaches Telegram in its best form there, and every refusal is understood."""

from collections.abc import AsyncIterator
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from telegram.error import BadRequest, NetworkError, TelegramError

from bot.conversation.presses import Press, PressKind
from bot.delivery.courier import (
    CourierError,
    Gone,
    Handle,
    TryLater,
    Unreachable,
    Unsendable,
)
from bot.messages import Button, File, Message, Tone
from bot.surfaces.telegram.courier import TelegramCourier
from bot.surfaces.telegram.faults import log_fault, seconds_of, translated
from bot.surfaces.telegram.keyboards import bringing_keys
from bot.surfaces.telegram.wire import make_bot
from bot.views import ChartView
from tests.bot.telegram.scene import TICKET, FakePainter, described_server, do, share, text
from tests.bot.views.samples import BTC, CATALOG, PORTUGUESE
from tests.support.telegram.faults import Fault
from tests.support.telegram.refusals import bad
from tests.support.telegram.stand_in import TelegramStandIn

CHART = ChartView(
    instrument=BTC, interval="1h", candles=(), currency="USDT", zone="UTC", price=Decimal(1)
)
TABLE = text(
    "2 open · ▲ +13.56",
    "not shown",
    table=("Trade          PnL  Stop", "#47 long BTC +2.51  2.7%"),
    footer=("live 14:32:07",),
)


class Desk:
    """A courier on a server, and a person who has pressed Start."""

    def __init__(self, server: TelegramStandIn) -> None:
        self.server = server
        self.bot = make_bot(server.token, server.url)
        self.painter = FakePainter()
        self.ana = server.user(7)

    async def begin(self) -> None:
        await self.bot.initialize()
        await self.ana.starts()
        self.courier = TelegramCourier(self.bot, self.painter, CATALOG)

    async def send(self, message: Message, chat_id: str = "7", **where: Any) -> Any:
        """Send; return the message as the server has it, with its handle."""
        handle = await self.courier.send(chat_id, message, **where)
        room = self.server.world.groups.get(int(chat_id)) or self.ana.room()
        return SimpleNamespace(handle=handle, at=room.messages[int(handle.message_id)])


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with described_server() as server:
        made = Desk(server)
        await made.begin()
        yield made
        await made.bot.shutdown()


async def test_a_message_has_a_bold_first_line_no_preview_and_its_buttons(desk):
    rows = (
        (do("/close 47", "Close", tone=Tone.BAD), do("/sl 47", "Stop", tone=Tone.GOOD)),
        (Button(label="Copy", copied="x" * 400), Button(label="Site", url="https://a.example")),
        (do("/menu", "Plain"), Button(label="nothing")),
    )
    sent = await desk.send(text("✅ BTC <long>", "In 61,480.00", rows=rows, is_silent=True))
    assert sent.at.html == "<b>✅ BTC &lt;long&gt;</b>\nIn 61,480.00"
    assert sent.at.is_silent
    close, stop, copy, site, plain = (button for row in sent.at.buttons for button in row)
    assert (close.data, close.style, stop.style) == ("d..:/close 47", "danger", "success")
    assert (len(copy.copied), site.url, plain.style) == (256, "https://a.example", "")
    call = desk.server.calls("sendMessage")[-1]
    assert call.params["link_preview_options"] == {"is_disabled": True}


async def test_a_button_that_does_not_fit_is_left_out(desk, caplog):
    sent = await desk.send(text("x", rows=((do("/buy " + "x" * 80), do("/menu", "Menu")),)))
    assert sent.at.labels == ["Menu"]
    assert "does not fit" in caplog.text


async def test_a_parked_press_is_a_link_in_a_group_and_a_press_in_private(desk):
    group = desk.server.group(-100, "Desk", desk.ana)
    await desk.ana.adds_bot(group)
    press = Press(kind=PressKind.PARKED, line=TICKET, owner="7")
    message = text("Go on", rows=((Button(label="Go", press=press),),))
    outside = await desk.send(message, "-100", is_person=False)
    assert outside.at.buttons[0][0].url == f"https://t.me/vigilante_bot?start={TICKET}"
    assert (await desk.send(message)).at.buttons[0][0].data.startswith("p.")


async def test_a_question_without_buttons_opens_the_keyboard_in_private_only(desk):
    group = desk.server.group(-100, "Desk", desk.ana)
    await desk.ana.adds_bot(group)
    question = text("How much?", answers_by_text=True, placeholder="e.g. 500")
    await desk.send(question)
    sent = desk.server.calls("sendMessage")[-1].params["reply_markup"]
    assert sent == {"force_reply": True, "input_field_placeholder": "e.g. 500"}
    await desk.send(question, "-100", is_person=False)
    assert "reply_markup" not in desk.server.calls("sendMessage")[-1].params
    await desk.send(text("How much?", answers_by_text=True, rows=((do("/menu", "500"),),)))
    assert "inline_keyboard" in desk.server.calls("sendMessage")[-1].params["reply_markup"]


async def test_the_keys_come_in_ones_language_and_stay(desk):
    await desk.send(bringing_keys(PORTUGUESE))
    labels = [PORTUGUESE.say(f"keyboard-{name}") for name in ("trades", "buy", "balance", "menu")]
    assert desk.ana.keyboard() == [labels[:2], labels[2:]]
    markup = desk.server.calls("sendMessage")[-1].params["reply_markup"]
    assert markup["is_persistent"]
    assert markup["resize_keyboard"]


async def test_who_is_asked_for_a_group_gets_a_key_that_chooses_one(desk):
    group = desk.server.group(-100, "Desk", desk.ana)
    await desk.ana.adds_bot(group)
    await desk.send(share(47))
    await desk.ana.shares(group, "Choose a group")
    shared = desk.ana.messages()[-1].shown.service["chat_shared"]
    assert shared == {"request_id": 47, "chat_id": -100, "title": "Desk"}


async def test_topics_are_kept_and_one_that_is_gone_is_done_without(desk):
    group = desk.server.group(-100, "Desk", desk.ana, topics={4: "Trades"})
    await desk.ana.adds_bot(group)
    there = await desk.send(text("x"), "-100", topic="4", is_person=False)
    assert (there.at.thread_id, there.handle.topic) == (4, "4")
    lost = await desk.send(text("x"), "-100", topic="5", is_person=False)
    assert (lost.at.thread_id, lost.handle.topic) == (None, "")


async def test_a_table_is_a_rich_message(desk):
    sent = await desk.send(TABLE)
    assert [block["type"] for block in sent.at.shown.rich] == ["paragraph", "table", "footer"]
    later = text("3 open", table=TABLE.table, footer=("live 14:33",), rows=((do("/menu"),),))
    await desk.courier.edit(sent.handle, later)
    assert sent.at.text.startswith("3 open")
    assert sent.at.labels == ["Go"]


@pytest.mark.parametrize("first", ["send", "edit"])
async def test_a_server_that_knows_no_rich_messages_is_asked_once(desk, first):
    desk.server.world.knows_rich = False
    if first == "send":
        sent = await desk.send(TABLE)
    else:
        sent = await desk.send(text("plain"))
        await desk.courier.edit(sent.handle, TABLE)
    assert "<pre>#47" in sent.at.html.replace("Trade          PnL  Stop\n", "")
    assert sent.at.text.endswith("live 14:32:07")
    desk.server.world.knows_rich = True
    await desk.courier.edit(sent.handle, text("x", table=("a", "b")))
    await desk.send(TABLE)
    rich = [call for call in desk.server.calls() if "rich_message" in call.params]
    assert len(rich) == 1


async def test_another_refusal_of_a_table_is_no_reason_to_give_rich_messages_up(desk):
    sent = await desk.send(TABLE)
    await desk.courier.delete(sent.handle)
    with pytest.raises(Unsendable):
        await desk.courier.edit(sent.handle, TABLE)
    with pytest.raises(Gone):
        await desk.courier.send("-555", TABLE)
    assert (await desk.send(TABLE)).at.shown.rich is not None


async def test_a_picture_is_drawn_in_the_language_of_its_message(desk):
    message = text("BTC 1h", "61,480.00", picture=CHART, locale="pt-BR", rows=((do("/menu"),),))
    sent = await desk.send(message)
    assert sent.at.photo is not None
    assert sent.at.html == "<b>BTC 1h</b>\n61,480.00"
    assert sent.at.labels == ["Go"]
    assert desk.painter.painted[0][1] == "pt-BR"


@pytest.mark.parametrize("error", [TimeoutError(), OSError(), ValueError("x")])
async def test_a_picture_that_cannot_be_drawn_leaves_its_words(desk, error):
    desk.painter.error = error
    sent = await desk.send(text("BTC 1h", picture=CHART))
    assert (sent.at.photo, sent.at.text) == (None, "BTC 1h")


async def test_a_picture_that_is_refused_leaves_its_words(desk, monkeypatch):
    monkeypatch.setattr("tests.support.telegram.sending.picture_size", refuse_picture)
    sent = await desk.send(text("BTC 1h", picture=CHART, rows=((do("/menu"),),)))
    assert (sent.at.photo, sent.at.text, sent.at.labels) == (None, "BTC 1h", ["Go"])


def refuse_picture(content: bytes) -> tuple[int, int]:
    raise bad("not enough rights to send photos to the chat")


async def test_a_text_becomes_a_picture_and_a_picture_another(desk):
    sent = await desk.send(text("BTC 1h"))
    await desk.courier.edit(sent.handle, text("BTC 4h", picture=CHART))
    first = sent.at.photo
    assert first is not None
    await desk.courier.edit(sent.handle, text("BTC 1d", picture=CHART))
    assert sent.at.photo not in (None, first)
    assert sent.at.text == "BTC 1d"


async def test_a_picture_becomes_no_text_but_loses_its_buttons(desk):
    sent = await desk.send(text("BTC 1h", picture=CHART, rows=((do("/menu"),),)))
    for words in (text("Closed"), TABLE):
        with pytest.raises(Unsendable):
            await desk.courier.edit(sent.handle, words)
    assert sent.at.labels == []
    assert sent.at.photo is not None


async def test_a_file_comes_with_its_name_and_words(desk):
    message = text("All your data", file=File(filename="data.json", content=b"{}"))
    sent = await desk.send(message)
    document = sent.at.shown.document
    assert (document.filename, document.content) == ("data.json", b"{}")
    assert sent.at.html == "<b>All your data</b>"
    plain = await desk.send(text("wait"))
    await desk.courier.edit(plain.handle, message)
    assert plain.at.shown.document.content == b"{}"


async def test_the_same_text_again_is_no_error(desk):
    sent = await desk.send(text("same"))
    await desk.courier.edit(sent.handle, text("same"))
    assert len(sent.at.history) == 1


async def test_html_that_is_not_understood_goes_as_plain_text_once(desk, monkeypatch, caplog):
    monkeypatch.setattr("bot.surfaces.telegram.courier.text_html", lambda *_: "<nonsense>")
    sent = await desk.send(text("<b>", "line"))
    assert sent.at.text == "<b>\nline"
    await desk.courier.edit(sent.handle, text("<i>"))
    assert sent.at.text == "<i>"
    assert "not understood" in caplog.text


async def test_deleting_is_no_error_when_it_is_gone(desk):
    sent = await desk.send(text("x"))
    await desk.courier.delete(sent.handle)
    await desk.courier.delete(sent.handle)
    assert sent.at.is_deleted
    await desk.courier.strip(sent.handle)
    await desk.ana.blocks()
    desk.server.faults.fail("deleteMessage", 500)
    with pytest.raises(Unreachable):
        await desk.courier.delete(sent.handle)


async def test_a_pause_is_told_with_its_length(desk):
    desk.server.flood.refuse_next(7, 3)
    with pytest.raises(TryLater) as caught:
        await desk.send(text("x"))
    assert (caught.value.seconds, caught.value.is_global) == (3.0, False)


async def test_a_group_that_moved_says_where(desk):
    group = desk.server.group(-100, "Desk", desk.ana, kind="group")
    await desk.ana.adds_bot(group)
    desk.server.migrate(group, -200)
    with pytest.raises(Gone) as caught:
        await desk.send(text("x"), "-100", is_person=False)
    assert caught.value.moved_to == "-200"


async def test_who_blocked_us_or_never_began_is_gone(desk):
    await desk.ana.blocks()
    with pytest.raises(Gone, match="blocked"):
        await desk.send(text("x"))
    with pytest.raises(Gone, match="not found"):
        await desk.courier.send("99", text("x"))


async def test_an_id_of_another_platform_is_unsendable(desk):
    handle = Handle(platform="telegram", chat_id="7", message_id="abc")
    with pytest.raises(Unsendable):
        await desk.courier.send("abc", text("x"))
    with pytest.raises(Unsendable):
        await desk.courier.edit(handle, text("x"))


@pytest.mark.parametrize(
    ("fault", "is_unknown"),
    [
        (Fault("fail", "sendMessage", status=500), False),
        (Fault("fail", "sendMessage", status=502), True),
        (Fault("drop", "sendMessage"), True),
        (Fault("drop_after", "sendMessage"), True),
        (Fault("garbage", "sendMessage"), True),
        (Fault("garbage", "sendMessage", body=b'{"ok":true,"result":7}'), True),
        (Fault("garbage", "sendMessage", body=b"[]"), True),
        (Fault("fail", "sendMessage", status=401), True),
    ],
)
async def test_an_answer_that_does_not_come_may_have_been_a_yes(desk, fault, is_unknown):
    desk.server.faults.add(fault)
    with pytest.raises(Unreachable) as caught:
        await desk.send(text("x"))
    assert caught.value.is_unknown is is_unknown
    assert "bot" not in caught.value.reason


async def test_a_server_that_is_not_there_took_nothing(desk):
    await desk.server.goes_down()
    with pytest.raises(Unreachable) as caught:
        await desk.courier.send("7", text("x"))
    assert not caught.value.is_unknown


async def test_a_server_that_is_silent_is_not_waited_for_for_ever(desk, monkeypatch):
    monkeypatch.setattr("bot.surfaces.telegram.courier.CALL_SECONDS", 0.05)
    desk.server.faults.delay("sendMessage", 0.5, times=1)
    with pytest.raises(Unreachable) as caught:
        await desk.send(text("x"))
    assert caught.value.is_unknown


@pytest.mark.parametrize(
    ("text_", "kind"),
    [
        ("Chat not found", Gone),
        ("Not enough rights to send text messages to the chat", Gone),
        ("Not enough rights to send photos to the chat", Unsendable),
        ("Message is too long", Unsendable),
    ],
)
def test_a_refusal_is_for_the_chat_or_for_the_message(text_, kind):
    assert isinstance(translated(BadRequest(text_)), kind)


def test_no_token_stands_in_a_reason():
    secret = "7000001:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc"
    for error in (BadRequest(secret), NetworkError(secret), TelegramError(secret)):
        made = translated(error)
        assert isinstance(made, CourierError)
        assert secret not in f"{made!r} {made.args}"
    assert secret not in repr(make_bot(secret, "http://127.0.0.1:1"))
    assert seconds_of(3) == 3.0


def test_an_error_without_a_trace_is_logged_by_its_class(caplog):
    import logging

    log_fault(logging.getLogger("x"), "it failed", ValueError("secret"))
    assert "it failed: ValueError at ?" in caplog.text
    assert "secret" not in caplog.text
