"""What a bot and a person see of each other through the stand-in."""

import asyncio
import json

import httpx
import pytest
from telegram import (
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    CopyTextButton,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    KeyboardButton,
    KeyboardButtonRequestChat,
    ReplyKeyboardMarkup,
    ReplyParameters,
)
from telegram.error import (
    BadRequest,
    Conflict,
    InvalidToken,
)

from tests.support.telegram.library import PNG, Listening, client, keys, updates
from tests.support.telegram.phone import NoSuchButton


async def test_a_person_talks_presses_and_watches_the_message_change(server, bot, ana):
    async with Listening(bot) as listening:
        assert (await listening.next()).message.text == "/start"
        await ana.says("btc?")
        heard = await listening.next()
        assert (heard.message.text, heard.effective_user.id) == ("btc?", 7)
        assert heard.effective_user.language_code == "pt-br"
        await heard.message.reply_html("<b>BTC</b> 61,480", reply_markup=keys({"Close": "d.:x"}))

        async def obey() -> None:
            query = (await listening.next()).callback_query
            assert query.data == "d.:x"
            await query.answer("Closed", show_alert=True)
            await query.edit_message_text("gone")

        card = await ana.next()
        async with asyncio.TaskGroup() as group:
            group.create_task(obey())
            pressed = await ana.presses(card, "Close")
            assert (pressed.toast, pressed.is_alert) == ("Closed", True)
            assert await pressed.edited() is card
        assert [shown.text for shown in card.history] == ["BTC 61,480", "gone"]
        assert [shown.labels for shown in card.history] == [["Close"], []]
        assert card.history[0].html == "<b>BTC</b> 61,480"
        assert card.history[0].at < card.history[1].at
    sent = server.calls("sendMessage")[0]
    assert (sent.text, sent.chat_id, sent.status) == ("<b>BTC</b> 61,480", 7, 200)
    assert sent.at <= sent.answered_at <= card.history[1].at


async def test_an_unconfirmed_update_comes_again_and_a_confirmed_one_never(bot, ana):
    await ana.says("one")
    await ana.says("two")
    start, one, two = await updates(bot)
    assert [start.message.text, one.message.text] == ["/start", "one"]
    assert len(await bot.get_updates(timeout=0, limit=2)) == 2
    assert [item.update_id for item in await updates(bot, one.update_id + 1)] == [two.update_id]
    assert [item.update_id for item in await updates(bot, -1)] == [two.update_id]
    assert await updates(bot, two.update_id + 1) == ()


async def test_a_bot_hears_only_the_kinds_that_it_asked_for(bot, ana):
    await bot.get_updates(timeout=0, allowed_updates=["my_chat_member"])
    await ana.says("not wanted")
    await ana.blocks()
    heard = await bot.get_updates(timeout=0)
    assert [item.message.text if item.message else "" for item in heard] == ["/start", ""]
    assert heard[1].my_chat_member.new_chat_member.status == "kicked"


async def test_the_older_of_two_pollers_is_told_of_the_conflict(server, bot):
    older = asyncio.create_task(bot.get_updates(timeout=10))
    async with asyncio.timeout(5):
        await server.bot.updates.polling.wait()
    async with client(server) as newer:
        assert await newer.get_updates(timeout=0) == ()
    with pytest.raises(Conflict, match="terminated by other getUpdates request"):
        await older


async def test_a_stranger_with_a_wrong_token_is_unauthorized(server):
    for token, status in (("123:wrong", 401), ("wrong", 404)):
        with pytest.raises(InvalidToken):
            async with client(server, token):
                pass
        assert server.calls()[-1].status == status
    async with httpx.AsyncClient() as http:
        answer = await http.post(f"{server.url}/bot{server.token}/sendNothing")
    assert answer.json() == {"ok": False, "error_code": 404, "description": "Not Found"}


async def test_a_call_may_come_in_each_kind_of_body(server, ana):
    markup = {"inline_keyboard": [[{"text": "A", "callback_data": "a"}]]}
    fields = {"chat_id": "7", "text": "x", "reply_markup": json.dumps(markup)}
    url = f"{server.url}/bot{server.token}/sendMessage"
    async with httpx.AsyncClient() as http:
        answers = [
            await http.post(url, data=fields),
            await http.post(url, files={name: (None, value) for name, value in fields.items()}),
            await http.post(url, json={"chat_id": 7, "text": "x", "reply_markup": markup}),
            await http.get(url, params=fields),
        ]
        broken = await http.post(url, json=[1])
    assert [answer.json()["result"]["reply_markup"] for answer in answers] == [markup] * 4
    assert [call.params["reply_markup"] for call in server.calls()[:4]] == [markup] * 4
    assert broken.status_code == 400


async def test_a_picture_arrives_whole_and_can_be_sent_again_by_its_id(server, bot, ana):
    sent = await bot.send_photo(7, PNG, caption="<b>card</b>", parse_mode="HTML")
    again = await bot.send_photo(7, sent.photo[0].file_id)
    seen = await ana.next()
    assert (seen.photo, seen.text, seen.html) == (PNG, "card", "<b>card</b>")
    assert (sent.photo[0].width, sent.photo[0].height) == (4, 3)
    assert (await ana.next()).photo == PNG
    await bot.edit_message_caption(7, again.message_id, caption="new")
    await bot.edit_message_media(InputMediaPhoto(PNG + b"x", "third"), 7, again.message_id)
    assert [shown.text for shown in ana.last().history] == ["", "new", "third"]
    assert ana.last().photo == PNG + b"x"
    await bot.send_document(7, b"a,b", filename="trades.csv")
    assert (await ana.next()).document.filename == "trades.csv"


async def test_the_persistent_keyboard_sends_labels_and_shares_a_chat(server, bot, ana):
    group = server.group(-5, "Desk", ana)
    await ana.adds_bot(group)
    asks = KeyboardButtonRequestChat(
        3, chat_is_channel=False, bot_is_member=True, request_title=True
    )
    rows = [["Trades", KeyboardButton("Share", request_chat=asks)]]
    await bot.send_message(7, "menu", reply_markup=ReplyKeyboardMarkup(rows))
    assert ana.keyboard() == [["Trades", "Share"]]
    await ana.taps("Trades")
    await ana.shares(group, "Share")
    with pytest.raises(NoSuchButton, match="Nothing"):
        await ana.taps("Nothing")
    tapped, shared = [item.message for item in await updates(bot)][-2:]
    assert tapped.text == "Trades"
    assert shared.chat_shared.to_dict() == {"request_id": 3, "chat_id": -5, "title": "Desk"}


async def test_a_forced_reply_makes_the_next_line_a_reply_of_who_is_meant(server, bot, ana):
    bob = server.user(8, "Bob")
    group = server.group(-5, "Desk", ana, bob)
    await ana.adds_bot(group)
    asked = await bot.send_message(7, "How much?", reply_markup=ForceReply())
    await ana.says("500")
    await ana.says("600")
    line = await ana.says("/alert", group)
    question = ReplyParameters(line.id)
    meant = ForceReply(selective=True)
    again = await bot.send_message(-5, "Which?", reply_markup=meant, reply_parameters=question)
    await bob.says("not me", group)
    await ana.says("btc", group)
    heard = [item.message for item in await updates(bot) if item.message]
    replied = {item.text: item.reply_to_message for item in heard}
    assert replied["500"].message_id == asked.message_id
    assert replied["600"] is None
    assert "not me" not in replied
    assert replied["btc"].message_id == again.message_id


async def test_a_link_hands_a_stranger_over_to_his_private_chat(server, bot, ana):
    bob = server.user(8, "Bob")
    group = server.group(-5, "Desk", ana, bob)
    await ana.adds_bot(group)
    url = "https://t.me/vigilante_bot?start=go_1"
    buttons = [
        [InlineKeyboardButton("Go", url=url)],
        [InlineKeyboardButton("C", copy_text=CopyTextButton("k"))],
    ]
    await bot.send_message(-5, "private?", reply_markup=InlineKeyboardMarkup(buttons))
    seen = await bob.next(group)
    assert (await bob.presses(seen, "C")).copied == "k"
    await bob.opens((await bob.presses(seen, "Go")).opened)
    assert (await updates(bot))[-1].message.text == "/start go_1"
    await bot.send_message(8, "welcome")
    assert (await bob.next()).text == "welcome"


async def test_a_press_that_is_answered_too_late_gets_no_toast(server, bot, ana):
    await bot.send_message(7, "x", reply_markup=keys({"Close 50 %": "half", "Close": "all"}))
    card = await ana.next()
    with pytest.raises(NoSuchButton):
        await ana.presses(card, "Open")
    query = ana.presses_only(card, "forged")
    server.world.query_seconds = 0
    with pytest.raises(BadRequest, match="Query is too old"):
        await bot.answer_callback_query(query.id, "ok")
    server.world.query_seconds = 60
    ana.patience_seconds = 0.01
    with pytest.raises(TimeoutError):
        await ana.presses(card, "half")
    pressed = (await updates(bot))[-1].callback_query
    assert (pressed.data, pressed.from_user.id) == ("half", 7)
    assert pressed.message.message_id == card.id


async def test_the_menu_is_that_of_the_closest_scope_in_his_language(bot, ana):
    await bot.set_my_commands([BotCommand("buy", "Buy")])
    assert ana.menu() == [{"command": "buy", "description": "Buy"}]
    private = BotCommandScopeAllPrivateChats()
    await bot.set_my_commands([("comprar", "Comprar")], scope=private, language_code="pt")
    assert [item["command"] for item in ana.menu()] == ["comprar"]
    await bot.set_my_commands([("admin", "x")], scope=BotCommandScopeChat(7))
    assert [item["command"] for item in ana.menu()] == ["admin"]
    assert (await bot.get_my_commands(private, "pt"))[0].command == "comprar"
    await bot.delete_my_commands(BotCommandScopeChat(7))
    assert [item["command"] for item in ana.menu()] == ["comprar"]
    await bot.set_my_description("Mesa", "pt")
    assert (await bot.get_my_description("pt")).description == "Mesa"
    await bot.set_my_short_description("Desk")
    assert (await bot.get_my_name("pt")).name == "Vigilante"
