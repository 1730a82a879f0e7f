"""What a talk shows goes to where it belongs: a new message, the pressed one, a toast."""

import asyncio

import pytest

from bot.conversation.presses import Press, PressKind
from bot.conversation.said import Asked, Shown, Where
from bot.delivery import way as way_module
from bot.grammar.requests import ByNumber, Help, ListTrades, Share, Start
from bot.messages import Button, Form, Message
from tests.bot.telegram.scene import TICKET, Scene, do, scene, share, text, until
from tests.bot.telegram.test_courier import CHART, TABLE
from tests.bot.views.samples import ENGLISH
from tests.support.telegram.faults import Fault
from tests.support.telegram.phone import Phone
from tests.support.telegram.rooms import Group

ROWS = ((do("/menu", "Next"),),)


def says(*shown: Shown | Asked):
    """Return a script that always shows the same."""

    async def script(talk, said):
        for one in shown:
            yield one

    return script


async def group_of(it: Scene, *people: Phone, **settings) -> Group:
    group = it.server.group(-100, "Desk", *people, **settings)
    await people[0].adds_bot(group)
    await people[0].next(group)  # the greeting
    await until(lambda: any(said.request == Help("group-hello") for said in it.talks.ended))
    it.talks.heard.clear()
    for phone in people:
        phone.reads_all(group)
    return group


# --- in private ---


async def test_a_press_edits_its_message_and_a_second_edit_follows_it():
    async with scene() as it:
        ana = it.server.user(7)
        it.talks.script = says(Shown(message=text("first", rows=ROWS)))
        await ana.says("/help")
        card = await ana.next()
        it.talks.script = says(
            Shown(message=text("second"), where=Where.SAME),
            Shown(message=text("third", rows=ROWS), where=Where.SAME),
            Shown(message=text("apart")),
            Shown(message=text("apart, changed"), where=Where.SAME),
        )
        pressed = await ana.presses(card, "Next")
        await ana.next()
        await until(lambda: ana.last().text == "apart, changed")
        assert pressed.toast == ""
        assert [shown.text for shown in card.history] == ["first", "second", "third"]
        assert it.board.left[0].message_id == str(card.id)


async def test_an_edit_of_a_picture_into_words_is_a_new_message():
    async with scene() as it:
        ana = it.server.user(7)
        it.talks.script = says(Shown(message=text("card", picture=CHART, rows=ROWS)))
        await ana.says("/card")
        card = await ana.next()
        it.talks.script = says(Shown(message=text("words"), where=Where.SAME))
        await ana.presses(card, "Next")
        assert (await ana.next()).text == "words"
        assert (card.labels, card.text) == ([], "card")


async def test_an_edit_of_a_message_that_is_gone_is_a_new_message():
    async with scene() as it:
        ana = it.server.user(7)
        it.talks.script = says(Shown(message=text("first", rows=ROWS)))
        await ana.says("/help")
        card = await ana.next()
        it.talks.script = says(Shown(message=text("second"), where=Where.SAME))
        query = ana.presses_only(card, card.buttons[0][0].data)
        it.server.world.delete(card)
        assert (await ana.next()).text == "second"
        await until(lambda: query.answer)


async def test_a_toast_is_the_presss_answer_and_no_message():
    async with scene() as it:
        ana = it.server.user(7)
        it.talks.script = says(Shown(message=text("first", rows=ROWS)))
        await ana.says("/help")
        card = await ana.next()
        it.talks.script = says(Shown(message=text("Not yours", "x" * 300), where=Where.TOAST))
        pressed = await ana.presses(card, "Next")
        assert pressed.toast.startswith("Not yours\nxxx")
        assert len(pressed.toast) == 200
        assert pressed.is_alert
        it.talks.script = says(Shown(message=text("Done already"), where=Where.TOAST))
        pressed = await ana.presses(card, "Next")
        assert (pressed.toast, pressed.is_alert) == ("Done already", False)
        assert len(ana.messages()) == 2


async def test_a_toast_for_a_typed_line_or_one_too_late_is_a_message():
    async def late(talk, said):
        await asyncio.sleep(0.7)
        yield Shown(message=text("late", rows=ROWS), where=Where.TOAST)

    async with scene() as it:
        ana = it.server.user(7)
        it.talks.script = says(Shown(message=text("toast", rows=ROWS), where=Where.TOAST))
        await ana.says("x")
        card = await ana.next()
        it.talks.script = late
        pressed = await ana.presses(card, "Next")
        assert (pressed.toast, pressed.seconds < 0.7) == ("", True)
        assert (await ana.next()).text == "late"


async def test_a_press_is_answered_even_when_the_talk_breaks():
    async def broken(talk, said):
        if said.payload:
            raise KeyError("x")
        yield Shown(message=text("first", rows=ROWS))

    async with scene() as it:
        ana = it.server.user(7)
        it.talks.script = broken
        await ana.says("/menu")
        pressed = await ana.presses(await ana.next(), "Next")
        assert pressed.toast == ""


async def test_a_press_that_is_too_old_to_be_answered_is_served_all_the_same():
    async with scene() as it:
        ana = it.server.user(7)
        it.talks.script = says(Shown(message=text("first", rows=ROWS)))
        await ana.says("/help")
        card = await ana.next()
        it.server.world.query_seconds = -1
        it.talks.script = says(Shown(message=text("second"), where=Where.SAME))
        ana.presses_only(card, card.buttons[0][0].data)
        await until(lambda: card.text == "second")


async def test_typing_is_shown_when_it_takes_long():
    async def slow(talk, said):
        await asyncio.sleep(1.2)
        yield Shown(message=text("at last"))

    async with scene() as it:
        it.talks.script = slow
        ana = it.server.user(7)
        await ana.says("/chart btc")
        await ana.next()
        assert [call.chat_id for call in it.server.calls("sendChatAction")] == [7]


async def test_a_live_list_is_given_to_the_board():
    async with scene() as it:
        it.talks.script = says(Shown(message=TABLE, is_watched=True))
        ana = it.server.user(7)
        await ana.says("/trades")
        card = await ana.next()
        handle, request = await until(lambda: it.board.watched and it.board.watched[0])
        assert (handle.message_id, request) == (str(card.id), ListTrades())


async def test_a_form_is_a_question():
    async with scene() as it:
        form = Form(title="Stop of #47", label="A price or a percentage", placeholder="2%")
        it.talks.script = says(Asked(payload="f", form=form))
        ana = it.server.user(7)
        await ana.says("/sl 47")
        assert (await ana.next()).text == "Stop of #47\nA price or a percentage"
        sent = it.server.calls("sendMessage")[-1].params["reply_markup"]
        assert sent["input_field_placeholder"] == "2%"


@pytest.mark.parametrize(
    ("line", "is_brought"),
    [
        ("/menu", True),
        ("/start", False),
        ("/trades", False),
        (ENGLISH.say("keyboard-menu"), False),
    ],
)
async def test_the_keys_are_brought_by_the_menu_that_is_typed(line, is_brought):
    async with scene() as it:
        ana = it.server.user(7)
        await ana.says(line)
        await ana.next()
        if is_brought:
            assert (await ana.next()).text == ENGLISH.say("keyboard-here")
            await ana.taps(ENGLISH.say("keyboard-trades"))
            await until(lambda: it.talks.lines == [line, "/trades"])
            assert ana.last().text in ("heard /trades", ENGLISH.say("keyboard-here"))
        await until(lambda: not it.server.bot.updates)
        assert bool(ana.keyboard()) is is_brought


async def test_the_keys_are_brought_to_whoever_comes_in():
    async with scene() as it:
        it.talks.script = says(Shown(message=text("Welcome back"), is_arrival=True))
        ana = it.server.user(7)
        await ana.starts()
        await ana.next()
        assert (await ana.next()).text == ENGLISH.say("keyboard-here")
        assert ana.keyboard()


async def test_a_reply_to_a_trades_message_names_it():
    async with scene() as it:
        stop = Button(label="Stop", press=Press(kind=PressKind.DO, line="/sl 47"))
        it.talks.script = says(Shown(message=Message(lines=("✅ BTC long",), rows=((stop,),))))
        ana = it.server.user(7)
        await ana.says("/buy btc 500")
        await ana.says("2%", reply_to=await ana.next())
        await until(lambda: len(it.talks.heard) == 2)
        assert it.talks.heard[1][1].replied_number == 47


async def test_what_takes_long_lets_the_next_line_pass_where_the_talk_says_so():
    gate = asyncio.Event()

    async def waiting(talk, said):
        if said.line == "wait":
            yield Shown(message=text("waiting"), lets_go=True)
            talk.order.release()
            await gate.wait()
            await talk.order.acquire()
            yield Shown(message=text("filled"), where=Where.SAME)
        else:
            yield Shown(message=text("next"))

    async with scene() as it:
        it.talks.script = waiting
        ana = it.server.user(7)
        await ana.says("wait")
        first = await ana.next()
        await ana.says("other")
        assert (await ana.next()).text == "next"
        gate.set()
        await until(lambda: first.text == "filled")


# --- in a group ---


async def test_a_group_is_answered_where_it_asked_in_its_topic():
    async with scene() as it:
        ana = it.server.user(7)
        group = await group_of(it, ana, topics={4: "Prices"})
        await ana.says("/price@vigilante_bot btc", group, topic=4)
        card = await ana.next(group)
        assert (card.text, card.thread_id) == ("heard /price btc", 4)
        talk, said = it.talks.heard[0]
        assert (talk.room.id, talk.room.topic, talk.room.is_private) == ("-100", "4", False)
        assert said.replied_number is None
        assert it.server.calls("sendChatAction", "getChatMember") == []


async def test_what_is_personal_goes_to_the_private_chat_with_a_sign_in_the_group():
    async with scene() as it:
        ana = it.server.user(7)
        await ana.starts()
        await ana.next()
        group = await group_of(it, ana, it.server.user(8, "Ben"))
        it.talks.script = says(Shown(message=text("Balance 9,989.00")))
        asked = await ana.says("/balance", group)
        assert (await ana.next()).text == "Balance 9,989.00"
        await until(lambda: asked.reactions)
        assert list(asked.reactions.values()) == [["👌"]]
        assert group.messages[max(group.messages)] is asked
        assert it.talks.handed_off == []


async def test_who_never_pressed_start_is_handed_off_before_anything_is_done():
    async with scene() as it:
        ana, ben = it.server.user(7), it.server.user(8, "Ben")
        group = await group_of(it, ana, ben, topics={4: "Trades"})
        await ben.says("/buy btc 500 sl2%", group, topic=4)
        card = await ben.next(group)
        assert card.thread_id == 4
        assert it.talks.heard == []
        assert [said.line for said in it.talks.handed_off] == ["/buy btc 500 sl2%"]
        await ben.opens((await ben.presses(card, "Go on")).opened)
        assert (await ben.next()).text.startswith("heard /start T1cket")
        await ben.says("/buy btc 500", group)
        await until(lambda: "/buy btc 500" in it.talks.lines)


async def test_a_personal_answer_that_cannot_be_told_is_not_done_twice():
    async with scene() as it:
        ana = it.server.user(7)
        await ana.starts()
        await ana.next()
        group = await group_of(it, ana)
        gate = asyncio.Event()

        async def bought(talk, said):
            await gate.wait()
            yield Shown(message=text("bought"))
            yield Shown(message=text("never shown"))

        it.talks.script = bought
        await ana.says("/buy btc 500", group)
        await until(lambda: it.talks.heard)
        await ana.blocks()
        gate.set()
        await ana.next(group)
        assert [said.request for said in it.talks.handed_off] == [Start()]
        assert "/buy btc 500" not in [said.line for said in it.talks.ended]


async def test_an_answer_to_a_reply_that_turns_out_personal_is_handed_off():
    async with scene() as it:
        ana, ben = it.server.user(7), it.server.user(8, "Ben")
        group = await group_of(it, ana, ben)
        await ana.says("/price btc", group)
        ours = await ana.next(group)
        ben.reads_all(group)
        it.talks.script = says(Shown(message=text("personal")))
        await ben.says("500", group, reply_to=ours)
        assert (await ben.next(group)).text.startswith("Go on in private")
        assert [said.line for said in it.talks.handed_off] == ["500"]


async def test_a_press_in_a_group_never_puts_what_is_personal_into_it():
    async with scene() as it:
        ana = it.server.user(7)
        await ana.starts()
        await ana.next()
        group = await group_of(it, ana)
        it.talks.script = says(Shown(message=text("BTC 61,480", rows=ROWS), is_personal=False))
        await ana.says("/price btc", group)
        card = await ana.next(group)
        it.talks.script = says(Shown(message=text("my trades"), where=Where.SAME))
        pressed = await ana.presses(card, "Next")
        assert (await ana.next()).text == "my trades"
        assert card.text == "BTC 61,480"
        assert (pressed.toast, pressed.is_alert) == ("Answered in private", False)


async def test_a_press_in_a_group_by_who_never_pressed_start_opens_his_private_chat():
    async with scene() as it:
        ana, ben = it.server.user(7), it.server.user(8, "Ben")
        group = await group_of(it, ana, ben)
        rows = ((do("/buy btc", "Buy"),), (do("/price btc", "Refresh"),))
        it.talks.script = says(Shown(message=text("BTC", rows=rows), is_personal=False))
        await ben.says("/price btc", group)
        card = await ben.next(group)
        pressed = await ben.presses(card, "Buy")
        assert pressed.opened == f"https://t.me/{it.server.bot.username}?start={TICKET}"
        assert group.messages[max(group.messages)] is card
        await ben.opens(pressed.opened)
        await until(lambda: it.talks.lines[-1] == f"/start {TICKET}")
        it.talks.script = says(Shown(message=text("too soon for the room")))
        assert (await ben.presses(card, "Refresh")).toast == "Answered in private"


async def test_a_late_toast_in_a_group_goes_to_who_pressed_or_nowhere():
    async def late(talk, said):
        if said.payload:
            await asyncio.sleep(0.6)
            yield Shown(message=text("Not yours"), where=Where.TOAST)
        else:
            yield Shown(
                message=text("BTC 61,480", rows=((do("/price btc", "Again"),),)), is_personal=False
            )

    async with scene() as it:
        ana, ben = it.server.user(7), it.server.user(8, "Ben")
        group = await group_of(it, ana, ben)
        it.talks.script = late
        await ana.says("/price btc", group)
        card = await ana.next(group)
        await ben.presses(card, "Again")
        await until(lambda: any(said.payload for _, said in it.talks.heard))
        await it.ends()
        assert len(ben.messages()) == 0
        assert it.talks.handed_off == []
        assert card.id == max(group.messages)


async def test_rights_are_looked_up_for_admin_commands_alone_and_kept_a_minute():
    async with scene() as it:
        ana, ben = it.server.user(7), it.server.user(8, "Ben")
        group = await group_of(it, ana, ben)
        it.server.requests.clear()
        for phone in (ana, ana, ben):
            await phone.says("/group cooldown 5", group)
        await until(lambda: len(it.talks.heard) == 3)
        asked = it.server.calls("getChatMember")
        assert sorted(call.params["user_id"] for call in asked) == sorted(
            type(asked[0].params["user_id"])(number) for number in (7, 8)
        )
        it.server.faults.fail("getChatMember", 500)
        cleo = it.server.user(9, "Cleo")
        await cleo.joins(group)
        await cleo.says("/group", group)
        await until(lambda: len(it.talks.heard) == 4)
        assert not it.talks.talks["9", "-100"].room.is_admin
        assert it.talks.talks["7", "-100"].room.is_admin
        assert not it.talks.talks["8", "-100"].room.is_admin


# --- coming, going, moving, sharing ---


async def test_an_allowed_group_is_greeted_and_another_is_left():
    async with scene() as it:
        it.allowed = {"-100"}
        ana = it.server.user(7)
        await group_of(it, ana)
        other = it.server.group(-200, "Other", ana)
        await ana.adds_bot(other)
        await until(lambda: it.server.calls("leaveChat"))
        assert [call.chat_id for call in it.server.calls("leaveChat")] == [-200]
        assert [said.request for said in it.talks.ended] == [Help("group-hello")]


async def test_a_group_that_is_no_longer_allowed_is_left_at_its_next_word():
    async with scene() as it:
        ana = it.server.user(7)
        group = await group_of(it, ana)
        it.allowed = set()
        it.server.faults.fail("leaveChat", 500)
        await ana.says("/price btc", group)
        await until(lambda: it.server.calls("leaveChat"))
        await ana.says("/price btc", group)
        await until(lambda: len(it.server.calls("leaveChat")) == 2)
        assert it.talks.heard == []


async def test_a_group_that_moves_keeps_its_settings_and_its_leave_to_stay():
    async with scene() as it:
        it.allowed = {"-100"}
        ana = it.server.user(7)
        group = await group_of(it, ana, kind="group")
        new = it.server.migrate(group, -300)
        await until(lambda: it.house.moved)
        assert it.house.moved[0] == ("telegram", "-100", "-300")
        await ana.says("/price btc", new)
        assert (await ana.next(new)).text == "heard /price btc"


async def test_blocking_and_coming_back_is_noted():
    async with scene() as it:
        ana = it.server.user(7)
        await ana.starts()
        await ana.blocks()
        await until(lambda: it.house.gone)
        await ana.unblocks()
        await until(lambda: len(it.house.gone) == 2)
        assert it.house.gone == [("telegram", "7", "blocked"), ("telegram", "7", None)]


async def test_a_card_is_shared_to_the_group_that_its_owner_chooses():
    async with scene() as it:
        ana = it.server.user(7)
        await ana.starts()
        await ana.next()
        group = await group_of(it, ana)
        it.talks.script = says(Shown(message=share(47)))
        await ana.says("/share 47")
        await ana.next()
        it.talks.script = says(Shown(message=text("Card", picture=CHART), is_personal=False))
        await ana.shares(group, "Choose a group")
        assert (await ana.next(group)).photo is not None
        talk, said = it.talks.heard[-1]
        assert (said.request, talk.room.id) == (Share(ByNumber(47)), "-100")
        assert (await ana.next()).text == "🖼 Shown in Desk."
        assert ana.keyboard()[0] == [ENGLISH.say("keyboard-trades"), ENGLISH.say("keyboard-buy")]


async def test_who_chose_a_group_is_told_when_the_card_is_not_shown_there(monkeypatch):
    monkeypatch.setattr(way_module, "ANSWER_SECONDS", 0.2)
    async with scene() as it:
        ana = it.server.user(7)
        await ana.starts()
        await ana.next()
        group = await group_of(it, ana)
        group.settings.title = "<b>Desk \u202e& Co"

        async def chooses() -> str:
            it.talks.script = says(Shown(message=share(47)))
            await ana.says("/share 47")
            await ana.next()
            it.talks.script = says(Shown(message=text("Card"), is_personal=False))
            await ana.shares(group, "Choose a group")
            told = await ana.next()
            usual = [ENGLISH.say("keyboard-trades"), ENGLISH.say("keyboard-buy")]
            assert ana.keyboard()[0] == usual
            return told.text

        group.is_read_only = True
        assert await chooses() == "✕ I may not write in <b>Desk & Co."
        group.is_read_only = False
        it.server.faults.add(Fault("fail", "sendMessage", times=None, chat_id=group.id))
        assert (await chooses()).startswith("✕ Not shown in <b>Desk & Co: Telegram")
        it.server.faults.heal()
        it.allowed = {"7"}
        assert await chooses() == "✕ I may not write in <b>Desk & Co."
        await until(lambda: not group.standing(it.server.bot).is_in)


async def test_a_card_that_there_is_not_brings_the_keys_back_as_they_are():
    async with scene() as it:
        ana = it.server.user(7)
        await ana.starts()
        await ana.next()
        group = await group_of(it, ana)
        it.talks.script = says(Shown(message=share(47)))
        await ana.says("/share 47")
        await ana.next()
        it.talks.script = says(Shown(message=text("No such trade")))
        await ana.shares(group, "Choose a group")
        assert (await ana.next()).text == "No such trade"
        assert (await ana.next()).text == ENGLISH.say("keyboard-here")


async def test_every_call_of_a_day_fits_the_commands_of_the_api():
    async with scene() as it:
        ana = it.server.user(7)
        await ana.says("/menu")
        await ana.next()
        refused = [call for call in it.server.calls() if call.status != 200]
        assert [(call.method, call.description) for call in refused] == []
