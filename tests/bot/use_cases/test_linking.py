"""One person, several chats: a code goes from the one to the other, and nothing is lost unasked."""

import re
from typing import Any

import pytest

from bot.conversation.presses import encode
from bot.views import LinkedView
from tests.bot.conversation.desk import open_desk


def code_of(text: str) -> str:
    found = re.search(r"/link ([A-Z0-9]{8})", text)
    assert found, text
    return found[1]


@pytest.fixture
def posted(monkeypatch):
    """What was posted to other chats."""
    views: list[tuple[str, Any]] = []
    monkeypatch.setattr(
        "bot.delivery.posting.Posting.post", lambda _, channel, view: views.append((channel, view))
    )
    return views


async def test_a_newcomers_chat_joins_at_once_and_both_are_told(dsn, posted):
    async with open_desk(dsn) as desk:
        ana, phone = await desk.opens(), desk.stranger(platform="discord", name="Ana D")
        code = code_of(await ana.says("/link"))
        assert await phone.says("/link AAAAAAAA") == "✕ That code is wrong, used up or expired"
        assert "This chat is linked" in await phone.says(f"/link {code.lower()}")
        channel = ana.person.identity.channel
        joined = phone.person.identity.channel
        assert posted == [(channel, LinkedView(channel=joined, name="Ana D", is_here=False))]
        await ana.says("/buy btc 100")
        assert "#1" in await phone.says("/trades")
        assert "wrong, used up" in await desk.stranger(platform="discord").says(f"/link {code}")


async def test_who_leaves_something_behind_is_asked_first(dsn, posted):
    async with open_desk(dsn) as desk:
        ana, bob = await desk.opens(), await desk.opens(platform="discord")
        code = code_of(await ana.says("/link"))
        await bob.says("/buy btc 100")
        assert "Trades are still open here" in await bob.says(f"/link {code}")
        await bob.says("/close 1")
        question = await bob.says(f"/link {code}")
        assert "You lose here: 9,999.80 USDT" in question
        assert "1 closed trade" in question
        assert posted == []
        await bob.presses("Cancel")
        assert "9,999.80" in await bob.says("/balance")
        await bob.says(f"/link {code}")
        assert "This chat is linked" in await bob.presses("Yes, join it")
        assert len(posted) == 1
        assert "10,000.00" in await bob.says("/balance")


async def test_ones_own_code_joins_nothing_and_too_many_tries_end(dsn):
    async with open_desk(dsn) as desk:
        ana, eve = await desk.opens(), await desk.opens()
        code = code_of(await ana.says("/link"))
        assert "✕" in await ana.says(f"/link {code}")
        told = [await eve.says(f"/link AAAAAAA{number}") for number in range(2, 8)]
        assert told[0] == "✕ That code is wrong, used up or expired"
        assert told[-1] != told[0]
        assert await eve.says(f"/link {code}") == told[-1]


async def test_a_joined_chat_is_taken_off_again_and_the_last_one_is_not(dsn, posted):
    async with open_desk(dsn) as desk:
        ana, phone = await desk.opens(), desk.stranger(platform="discord")
        await phone.says(f"/link {code_of(await ana.says('/link'))}")
        _, told = posted[0]
        talk = desk.app.talks.of(ana.person.identity, ana.room)
        message = await talk.message(told)
        presses = [one.press for row in message.rows for one in row if one.press]
        (undo,) = [press for press in presses if press.line.startswith("=unlink")]
        assert await ana.does(payload=encode(undo)) == "✅ Discord is unlinked"
        assert "Welcome" in await phone.says("/balance")
        assert "too old" in await ana.does(payload=encode(undo), message_id="9")
