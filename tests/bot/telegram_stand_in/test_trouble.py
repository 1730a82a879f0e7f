"""Limits, faults, outages, the door from outside, and the platform's own description."""

import os
from pathlib import Path

import pytest
from telegram import (
    Bot,
    BotCommandScopeChat,
    InputMediaPhoto,
)
from telegram.error import (
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from tests.support.specs.telegram import TelegramSpec
from tests.support.telegram.library import PNG, Listening, client, keys
from tests.support.telegram.stand_in import TelegramStandIn


async def sends(bot: Bot, chat_id: int, count: int) -> list[int]:
    """Send one after the other; return how many seconds each was told to wait, 0 for a sent one."""
    told = []
    for _ in range(count):
        try:
            await bot.send_message(chat_id, "x")
            told.append(0)
        except RetryAfter as error:
            told.append(int(error._retry_after.total_seconds()))
    return told


async def test_flood_limits_hold_for_a_chat_a_group_and_all(server, bot, ana):
    now = [1000.0]
    server.flood.clock = lambda: now[0]
    group = server.group(-5, "Desk", ana)
    await ana.adds_bot(group)
    assert await sends(bot, 7, 5) == [0] * 5
    assert server.flood.counts["over"] == 2
    server.flood.heal()
    server.flood.is_on = True
    assert await sends(bot, 7, 5) == [0, 0, 0, 1, 1]
    now[0] += 1
    assert await sends(bot, 7, 2) == [0, 1]
    now[0] += 9
    assert await sends(bot, -5, 22) == [0] * 20 + [60, 60]
    now[0] += 45.5
    assert await sends(bot, -5, 1) == [15]
    people = [server.user(100 + at) for at in range(31)]
    for phone in people:
        await phone.starts()
    assert [wait for phone in people for wait in await sends(bot, phone.id, 1)] == [0] * 30 + [1]
    assert server.calls("sendMessage")[-1].description == "Too Many Requests: retry after 1"


async def test_a_pause_can_be_forced_on_one_chat_or_on_all(server, bot, ana):
    bob = server.user(8)
    await bob.starts()
    server.flood.refuse_next(7, 30)
    assert await sends(bot, 7, 2) == [30, 0]
    server.flood.pause(9, 8)
    assert (await sends(bot, 7, 1), await sends(bot, 8, 1)) == ([0], [9])
    server.flood.pause(9)
    assert (await sends(bot, 7, 1), server.flood.counts["in_pause"]) == ([9], 2)
    server.flood.heal()
    assert await sends(bot, 7, 1) == [0]


async def test_a_fault_breaks_a_call_before_or_after_its_effect(server, bot, ana):
    server.faults.fail("sendMessage", 502)
    with pytest.raises(NetworkError, match="Bad Gateway"):
        await bot.send_message(7, "never")
    server.faults.drop("sendMessage")
    with pytest.raises(NetworkError):
        await bot.send_message(7, "never")
    assert ana.last() is None
    server.faults.drop("*", after=True)
    with pytest.raises(NetworkError):
        await bot.send_message(7, "one")
    server.faults.garbage("sendMessage")
    with pytest.raises(TelegramError):
        await bot.send_message(7, "two")
    server.faults.delay("sendMessage", 0.3, after=True)
    with pytest.raises(TimedOut):
        await bot.send_message(7, "three", read_timeout=0.05)
    server.faults.heal()
    await bot.send_message(7, "four")
    assert [item.text for item in ana.reads_all()] == ["one", "two", "three", "four"]
    assert [call.status for call in server.calls("sendMessage")][:4] == [502, 0, 0, 200]


async def test_an_outage_ends_on_the_same_port_with_everything_kept(server, bot, ana):
    async with Listening(bot) as listening:
        await listening.next()
        url = server.url
        await server.goes_down()
        await ana.says("are you there?")
        await server.comes_back()
        assert server.url == url
        assert (await listening.next()).message.text == "are you there?"


@pytest.mark.skipif("SPECS" not in os.environ, reason="SPECS names no folder of descriptions")
async def test_library_and_stand_in_keep_to_the_description():
    spec = TelegramSpec(Path(os.environ["SPECS"]) / "telegram-bot-api.json")
    async with TelegramStandIn(spec=spec) as server, client(server) as bot:
        ana = server.user(7, "Ana")
        group = server.group(-5, "Desk", ana, topics={12: "Trades"})
        await ana.adds_bot(group)
        async with Listening(bot) as listening:
            await ana.starts()
            await ana.says("/price btc", group, topic=12)
            for _ in range(4):
                await listening.next()
            sent = await bot.send_message(7, "<b>x</b> $BTC", "HTML", reply_markup=keys({"a": "d"}))
            await sent.edit_text("y", reply_markup=keys({"b": "d"}))
            photo = await bot.send_photo(-5, PNG, "c", message_thread_id=12)
            await photo.edit_media(InputMediaPhoto(PNG))
            await bot.send_document(7, b"a,b", filename="a.csv")
            html = (
                "<h1>T</h1><table bordered><tr><th>a</th><td>b</td></tr></table><ul><li>x</li></ul>"
            )
            told = {"chat_id": 7, "rich_message": {"html": html}}
            await bot.do_api_request("sendRichMessage", api_kwargs=told)
            query = ana.presses_only(ana.messages()[1], "d")
            await listening.next()
            await bot.answer_callback_query(query.id, "ok")
            await bot.set_my_commands([("buy", "x")], BotCommandScopeChat(7), "pt")
            await bot.get_chat(-5)
            await bot.get_chat_member(-5, 7)
            await bot.get_chat_administrators(-5)
            await bot.set_message_reaction(7, 1, "👍")
            await bot.send_chat_action(7, "typing")
            await bot.delete_message(7, sent.message_id)
            await bot.leave_chat(-5)
            await ana.blocks()
            for _ in range(2):
                await listening.next()
        assert server.problems == []
        assert {call.method for call in server.requests if call.status == 200} >= {
            *("getMe", "getUpdates", "sendMessage", "sendPhoto", "sendRichMessage", "getChat"),
            *("editMessageText", "editMessageMedia", "answerCallbackQuery", "leaveChat"),
        }
