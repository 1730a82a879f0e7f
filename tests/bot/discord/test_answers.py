"""Where answers go: in private, in servers, edited, in time, and to nobody else."""

import asyncio

import pytest

from bot.conversation.presses import PressKind
from bot.conversation.said import Asked, Shown, Where
from bot.grammar.requests import ListTrades
from bot.messages import Form
from tests.bot.discord.house import House, button, on_discord, text, until

FORM = Asked(
    payload="fc..:/b btc",
    form=Form(title="Amount", label="How much?", placeholder="500"),
)
DEFERRED, DEFERRED_UPDATE, MESSAGE, UPDATE, MODAL = 5, 6, 4, 7, 9


def public(*lines: str, **how) -> Shown:
    return Shown(message=text(*lines, **how), is_personal=False)


def same(*lines: str, **how) -> Shown:
    return Shown(message=text(*lines), where=Where.SAME, **how)


def toast(line: str) -> Shown:
    return Shown(message=text(line), where=Where.TOAST)


@pytest.fixture
async def ana(house, server):
    async with on_discord(house, server):
        yield server.user(7, "Ana")


@pytest.fixture
def desk(server):
    return server.guild(555, "Desk")


async def test_a_command_in_private_is_answered_at_once(house, ana):
    house.says(text("Bought", "In 61,480"))
    turn = await ana.runs("buy", coin="btc", amount="500", stop="2%")
    message = await turn.reply()
    assert message.text == "**Bought**\nIn 61,480"
    assert not message.is_ephemeral
    assert turn.interaction.answer_type == MESSAGE
    (said,) = house.said
    assert said.line == "/buy btc 500 sl=2%"
    assert said.key == f"discord:{turn.interaction.id}"


async def test_a_person_is_known_by_id_name_and_language(house, server, ana):
    await server.user(8, "João", "pt-BR").asks("saldo")
    await server.user(9, "Eva", "es-ES").asks("balance")
    identities = [talk.identity for talk, _ in house.heard]
    assert [(one.id, one.name, one.locale) for one in identities] == [
        ("8", "João", "pt-BR"),
        ("9", "Eva", "en"),
    ]
    assert house.heard[0][0].room.is_private


async def test_one_line_is_read_as_typed(house, ana):
    await ana.asks("do", text="47 be")
    assert house.said[0].line == "47 be"


async def test_in_a_server_an_answer_is_for_its_asker_alone(house, ana, desk):
    message = await ana.asks("balance", desk["general"])
    assert message.is_ephemeral
    room = house.heard[0][0].room
    assert (room.id, room.topic, room.name, room.is_private) == (
        "555",
        str(desk["general"].id),
        "Desk",
        False,
    )


async def test_what_is_not_personal_is_seen_by_the_server(house, ana, desk):
    house.says(public("BTC 61,480"))
    assert not (await ana.asks("price", desk["general"], coin="btc")).is_ephemeral


async def test_an_admin_of_the_server_is_one_to_the_talk(house, server, ana, desk):
    desk.joins(ana.account, 1 << 5)
    await ana.asks("group", desk["general"])
    assert house.heard[0][0].room.is_admin


@pytest.mark.parametrize(
    "case",
    [
        ("balance", True, True),
        ("price", False, False),
        ("price", True, False),
        ("card", False, True),
    ],
)
async def test_a_slow_answer_is_deferred_within_a_second_and_then_filled(house, ana, desk, case):
    command, is_personal, is_quiet_first = case
    slow = Shown(message=text("Late"), is_personal=is_personal)
    house.says(1.1, slow)
    options = {"coin": "btc"} if command == "price" else {}
    turn = await ana.runs(command, desk["general"], **options)
    assert await turn.answered() == DEFERRED
    assert turn.seconds_to_answer < 1.1
    assert turn.interaction.original.is_ephemeral is is_quiet_first
    message = await turn.reply()
    assert message.is_ephemeral is is_personal
    assert message.text == "**Late**"
    assert turn.interaction.original.is_deleted is (is_personal is not is_quiet_first)


async def test_later_answers_are_follow_ups_and_same_edits_our_last(house, ana, desk):
    house.says(text("Waiting"), same("Filled"), text("Second"), same("Second, edited"))
    turn = await ana.runs("buy", desk["general"], coin="btc")
    await until(lambda: house.ended)
    assert [one.text for one in turn.replies] == ["**Filled**", "**Second, edited**"]
    assert all(one.is_ephemeral for one in turn.replies)
    assert len(turn.follow_ups) == 1


async def test_a_press_edits_the_pressed_message(house, ana):
    house.says(text("Trade", rows=((button("Close", "/x 47"),),)))
    message = await ana.asks("trades")
    house.says(same("Closed"))
    turn = await ana.presses(message, "Close")
    await turn.reply()
    assert message.text == "**Closed**"
    assert turn.interaction.answer_type == UPDATE
    assert house.said[-1].payload == "d..:/x 47"
    assert house.said[-1].message_id == str(message.id)
    assert [handle.message_id for handle in house.left] == [str(message.id)]


async def test_a_slow_press_is_touched_first_and_edited_later(house, ana):
    house.says(text("Trade", rows=((button("Close", "/x 47"),),)))
    message = await ana.asks("trades")
    house.says(1.1, same("Closed"), text("And more"))
    turn = await ana.presses(message, "Close")
    assert await turn.answered() == DEFERRED_UPDATE
    await turn.replies_are(2)
    assert message.text == "**Closed**"
    assert turn.follow_ups[0].text == "**And more**"


async def test_a_toast_is_seen_by_who_pressed_alone_and_leaves_the_message(
    house, server, ana, desk
):
    house.says(public("BTC", rows=((button("Buy", "/b btc", owner="7"),),)))
    message = await ana.asks("price", desk["general"], coin="btc")
    house.says(toast("Not yours"))
    bia = server.user(8, "Bia")
    desk.joins(bia.account)
    answer = await (await bia.presses(message, "Buy")).reply()
    assert answer.is_ephemeral
    assert answer.seen_by is bia.account
    assert message.text == "**BTC**"


async def test_after_a_slow_toast_the_pressed_message_can_still_be_edited(house, ana):
    house.says(text("Trade", rows=((button("Close", "/x 47"),),)))
    message = await ana.asks("trades")
    house.says(1.1, toast("Working"), same("Closed"))
    turn = await ana.presses(message, "Close")
    await turn.replies_are(2)
    assert message.text == "**Closed**"


async def test_what_is_personal_never_replaces_a_public_message(house, ana, desk):
    house.says(public("BTC", rows=((button("Buy", "/b btc"),),)))
    message = await ana.asks("price", desk["general"], coin="btc")
    house.says(same("You have 9,989.00"), same("Bought"))
    turn = await ana.presses(message, "Buy")
    await until(lambda: house.ended == 2)
    assert message.text == "**BTC**"
    assert [(one.text, one.is_ephemeral) for one in turn.replies] == [("**Bought**", True)]


async def test_what_is_public_replaces_a_public_message(house, ana, desk):
    house.says(public("BTC 1h", rows=((button("4h", "/chart btc 4h"),),)))
    message = await ana.asks("chart", desk["general"], coin="btc")
    house.says(same("BTC 4h", is_personal=False))
    await (await ana.presses(message, "4h")).reply()
    assert message.text == "**BTC 4h**"


async def test_nothing_is_public_where_the_bot_is_not_wanted(house, server, ana):
    place = server.guild(666, "Strange", has_bot=False)
    house.strange_rooms.add("666")
    house.says(1.1, public("BTC 61,480"))
    assert (await ana.asks("price", place["general"], coin="btc")).is_ephemeral


async def test_among_people_without_the_bot_answers_are_personal(house, server, ana):
    place = server.private(ana, server.user(8, "Bia"))
    assert (await ana.asks("balance", place)).is_ephemeral
    assert not house.heard[0][0].room.is_private


async def test_a_press_that_shows_nothing_is_acknowledged(house, ana):
    house.says(text("Trade", rows=((button("Close", "/x 47"),),)))
    message = await ana.asks("trades")
    house.says()
    turn = await ana.presses(message, "Close")
    assert await turn.answered() == DEFERRED_UPDATE


async def test_a_command_that_shows_nothing_leaves_nothing(house, ana):
    house.says()
    turn = await ana.runs("balance")
    assert await turn.answered() == DEFERRED
    await until(lambda: turn.interaction.original.is_deleted)


async def test_a_form_opens_and_its_answer_comes_back(house, ana):
    house.says(FORM)
    form = await (await ana.runs("buy", coin="btc")).form()
    assert (form.title, form.labels) == ("Amount", ["How much?"])
    house.says(text("Bought"))
    assert (await (await ana.submits(form, "500")).reply()).text == "**Bought**"
    assert (house.said[-1].payload, house.said[-1].typed) == ("fc..:/b btc", "500")


async def test_a_form_from_a_button_edits_the_message_of_the_button(house, ana):
    house.says(text("How much?", rows=((button("Type", "/b btc", kind=PressKind.FORM),),)))
    message = await ana.asks("buy", coin="btc")
    house.says(FORM)
    form = await (await ana.presses(message, "Type")).form()
    house.says(same("Bought"))
    await (await ana.submits(form, "500")).reply()
    assert message.text == "**Bought**"


async def test_after_a_form_another_one_is_opened_by_a_button(house, ana):
    house.says(FORM)
    form = await (await ana.runs("buy", coin="btc")).form()
    message = await (await ana.submits(form, "much")).reply()
    assert message.labels == ["Amount"]
    assert (await (await ana.presses(message, "Amount")).form()).title == "Amount"


async def test_too_late_for_a_form_a_button_opens_it(house, ana):
    house.says(1.1, FORM)
    message = await ana.asks("buy", coin="btc")
    assert message.labels == ["Amount"]
    house.says(FORM)
    assert (await (await ana.presses(message, "Amount")).form()).title == "Amount"
    assert house.said[-1].payload == "fc..:/b btc"


async def test_a_live_list_in_private_is_edited_by_the_bots_own_right(house, ana):
    house.says(Shown(message=text("3 open"), is_watched=True))
    message = await ana.asks("trades")
    await until(lambda: house.watched)
    ((handle, _),) = house.watched
    assert (handle.chat_id, handle.message_id) == (str(ana.dm.id), str(message.id))
    assert (handle.token, handle.until_ms) == ("", None)
    await house.courier.edit(handle, text("4 open"))
    assert message.text == "**4 open**"


@pytest.mark.parametrize("delay", [0.0, 1.1])
async def test_a_live_list_in_a_server_lasts_fourteen_minutes(house, ana, desk, delay):
    house.says(delay, Shown(message=text("3 open"), is_watched=True))
    message = await ana.asks("trades", desk["general"])
    await until(lambda: house.watched)
    ((handle, _),) = house.watched
    left_ms = handle.until_ms - house.clock.now_ms()
    assert 13 * 60_000 < left_ms <= 14 * 60_000
    assert handle.token not in repr(handle)
    await house.courier.edit(handle, text("4 open"))
    assert (message.text, message.is_ephemeral) == ("**4 open**", True)


async def test_a_live_list_in_a_follow_up_is_edited_where_it_stands(house, ana, desk):
    house.says(text("First"), Shown(message=text("3 open"), is_watched=True))
    turn = await ana.runs("trades", desk["general"])
    await until(lambda: house.watched)
    await house.courier.edit(house.watched[0][0], text("4 open"))
    assert [one.text for one in turn.replies] == ["**First**", "**4 open**"]


async def test_a_live_list_goes_on_with_the_page_that_was_asked_for(house, ana):
    rows = ((button("▶", "=trades 2"),),)
    house.says(Shown(message=text("19 open", rows=rows), is_watched=True))
    message = await ana.asks("trades")
    house.says(same("19 open, page 2", is_watched=True))
    await ana.presses(message, "▶")
    await until(lambda: len(house.watched) == 2)
    assert house.watched_requests == [ListTrades(), ListTrades(page=2)]


async def test_what_takes_the_place_of_a_live_list_ends_it(house, ana):
    house.says(Shown(message=text("3 open"), is_watched=True), same("Now this"))
    await ana.runs("trades")
    await until(lambda: house.left)
    assert house.left == [house.watched[0][0]]


@pytest.mark.parametrize("code", [40060, 10062])
async def test_an_interaction_that_another_session_answered_is_left_alone(
    house, ana, server, code, caplog
):
    server.faults.on("/callback", status=400, code=code, times=-1)
    house.says(text("One"), text("Two"))
    await ana.runs("balance")
    await until(lambda: house.ended)
    assert len(server.asked("POST", "/callback")) == 1
    assert server.asked("POST", "/webhooks") == []
    assert len(house.heard) == 1
    assert caplog.records == []


async def test_a_deferral_that_came_too_late_ends_the_answering(house, ana, server):
    server.faults.on("/callback", status=400, code=40060, times=-1)
    house.says(1.2, text("Late"))
    await ana.runs("balance")
    await until(lambda: house.ended)
    assert len(server.asked("POST", "/callback")) == 1


async def test_what_is_not_shown_is_left_to_the_notices(house, ana, server, caplog):
    server.faults.on("/webhooks", status=403, code=50013, times=-1)
    more = asyncio.Event()
    house.says(text("Waiting"), text("Filled"), more, text("Never asked for"))
    await ana.runs("buy", coin="btc")
    await until(lambda: house.ended)
    assert "403 50013" in caplog.text


async def test_a_defect_is_told_as_one_sentence(house, ana, caplog):
    house.says(AssertionError("secret detail"))
    message = await ana.asks("balance")
    assert "secret" not in message.text
    assert message.text
    assert "we are to blame" in caplog.text


async def test_without_a_painter_the_text_is_shown(house: House, ana):
    house.is_painter_away = True
    house.says(text("Card", picture=object()))
    message = await ana.asks("card")
    assert (message.text, message.pictures) == ("**Card**", [])


async def test_a_picture_is_shown_and_replaced(house, ana):
    house.says(text("1h", picture=object(), rows=((button("4h", "/chart btc 4h"),),)))
    message = await ana.asks("chart", coin="btc")
    assert [one.filename for one in message.pictures] == ["vigilante.png"]
    house.says(same("no picture"))
    await (await ana.presses(message, "4h")).reply()
    assert (message.pictures, message.attachments) == ([], [])


async def test_a_message_that_discord_does_not_take_is_shown_plainly(house, ana, server, caplog):
    server.faults.on("/callback", status=400, code=50035)
    house.says(text("Trade", "In 61,480", rows=((button("Close", "/x 47"),),)))
    message = await ana.asks("trades")
    assert (message.text, message.labels) == ("**Trade**\nIn 61,480", [])
    assert "400 50035" in caplog.text


async def test_a_message_that_is_never_taken_is_given_up(house, ana, server):
    server.faults.on("/callback", status=400, code=50035, times=-1)
    await ana.runs("trades")
    await until(lambda: house.ended)
    assert len(server.asked("POST", "/callback")) == 2
