"""The control door: a whole conversation from outside, and the command that starts the process."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio
from telegram import Bot, ReplyKeyboardMarkup
from telegram.error import NetworkError, RetryAfter

from tests.support.telegram.library import Listening, keys


class Door:
    """What a person at a shell does with curl."""

    def __init__(self, http: httpx.AsyncClient, url: str) -> None:
        self._http = http
        self._url = f"{url}/control"

    async def __call__(self, what: str, **given: Any) -> Any:
        return (await self._http.post(f"{self._url}/{what}", json=given)).json()


@pytest_asyncio.fixture
async def door(server) -> AsyncIterator[Door]:
    async with httpx.AsyncClient() as http:
        yield Door(http, server.url)


async def obey(bot: Bot, listening: Listening) -> None:
    """Answer one line with buttons and one press with a toast."""
    heard = await listening.next()
    await bot.send_message(
        heard.effective_chat.id, "<b>BTC</b>", "HTML", reply_markup=keys({"Buy": "b"})
    )
    pressed = (await listening.next()).callback_query
    await pressed.answer("Bought")


async def test_a_line_and_a_press_come_back_with_what_the_bot_did(server, bot, door):
    assert await door("user", user=3, name="Rui", language="pt-br") == {"user": 3}
    async with Listening(bot) as listening, asyncio.TaskGroup() as group:
        group.create_task(obey(bot, listening))
        (answer,) = await door("says", user=3, text="btc?")
        assert (answer["html"], answer["buttons"]) == ("<b>BTC</b>", [["Buy"]])
        pressed = await door("presses", user=3, button="Buy", message=answer["id"])
        assert (pressed["toast"], pressed["message"]["id"]) == ("Bought", answer["id"])


async def test_the_chat_is_shown_as_the_person_sees_it(server, bot, door):
    await door("says", text="/start", seconds=0.01)
    await bot.send_message(1, "menu", reply_markup=ReplyKeyboardMarkup([["Trades"]]))
    await bot.set_my_commands([("buy", "Buy")])
    assert (await door("taps", label="Trades"))["text"] == "Trades"
    seen = await door("chat")
    assert [item["text"] for item in seen["messages"]] == ["/start", "menu", "Trades"]
    assert (seen["keyboard"], seen["menu"][0]["command"]) == ([["Trades"]], "buy")
    assert await door("group", group=-5, users=[1, 2], topics={"12": "Trades"}) == {"group": -5}
    await door("says", user=2, group=-5, topic=12, text="/price btc", seconds=0.01)
    assert (await door("chat", user=2, group=-5))["messages"][-1]["text"] == "/price btc"


async def test_faults_pauses_and_blocks_are_switched_from_outside(server, bot, door):
    await door("says", text="/start", seconds=0.01)
    assert (await door("flood", seconds=9, chat=1))["is_on"] is False
    with pytest.raises(RetryAfter):
        await bot.send_message(1, "x")
    await door("fault", kind="fail", method="sendMessage", status=502)
    await door("heal")
    await bot.send_message(1, "x")
    assert await door("blocks") == {}
    assert "unblock the bot first" in (await door("says", text="x"))["error"]
    await door("blocks", undo=True)
    assert await door("says", text="x", seconds=0.01) == []
    state = await door("state")
    assert (state["calls"], state["refused"]) == (
        3,
        ["sendMessage: Too Many Requests: retry after 9"],
    )
    assert (await door("nothing"))["doors"][:3] == ["blocks", "chat", "fault"]
    assert "nothing to press" in (await door("presses", user=9, button="x"))["error"]


async def test_the_door_lets_a_person_play_with_a_process():
    command = [sys.executable, "-m", "tests.support.telegram", "--token", "5:x"]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    try:
        async with asyncio.timeout(20):
            told = json.loads(await process.stdout.readline())
        door = f"{told['url']}/control"
        async with httpx.AsyncClient() as http, Bot("5:x", base_url=f"{told['url']}/bot") as bot:
            said = await http.post(f"{door}/says", json={"text": "/start", "seconds": 0.01})
            assert said.json() == []
            await bot.send_message(1, "<b>x</b>", "HTML", reply_markup=keys({"Close": "d"}))
            seen = (await http.get(f"{door}/chat")).json()["messages"]
            assert [item["html"] for item in seen] == ["/start", "<b>x</b>"]
            wrong = await http.post(f"{door}/presses", json={"button": "Open"})
            assert (wrong.status_code, "NoSuchButton" in wrong.text) == (400, True)
            await http.post(f"{door}/fault", json={"kind": "fail", "method": "sendMessage"})
            with pytest.raises(NetworkError):
                await bot.send_message(1, "x")
            state = (await http.get(f"{door}/state")).json()
        assert state["refused"] == ["sendMessage: Internal Server Error"]
    finally:
        process.terminate()
        assert await process.wait() == 0
