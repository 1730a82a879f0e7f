"""A reply that is no longer wanted ends at once, with everything that it held."""

from typing import Any

from bot.conversation.said import Said
from tests.bot.conversation.desk import open_desk


async def test_a_reply_that_is_not_wanted_any_more_lets_go_of_everything_at_once(dsn):
    async with open_desk(dsn) as desk:
        ana = await desk.opens()
        talk: Any = desk.app.talks.of(ana.person.identity, ana.room)
        hearing = talk.hear(Said(key="test:practice", line="/practice"))
        assert (await anext(hearing)).lets_go
        await hearing.aclose()
        again = talk.hear(Said(key="test:again", line="/practice"))
        assert "Practice" in (await anext(again)).message.lines[0]
        await again.aclose()
        hearing = talk.hear(Said(key="test:buy", line="/buy btc 500"))
        assert "#1" in (await anext(hearing)).message.lines[0]
        assert desk.app.doors.board._replies
        await hearing.aclose()
        assert not desk.app.doors.board._replies
