"""What is offered while somebody types: the usual first, his own alone, at most 25."""

import pytest

from bot.conversation.completing import CHOICES_MAX
from bot.grammar.catalogue import Kind
from tests.bot.conversation.desk import open_desk


async def test_a_traders_own_things_complete_and_nobody_elses(dsn):
    async with open_desk(dsn) as desk:
        ana, eve, nobody = await desk.opens(), await desk.opens(), desk.stranger()
        await ana.says("/buy btc 100")
        await ana.says("/buy eth 100")
        await ana.says("/buy btc 100")
        await ana.says("/close 3")
        await ana.says("/plan swing 100")

        async def offered(somebody, kind: str, text: str) -> list[str]:
            talk = desk.app.talks.of(somebody.person.identity, somebody.room)
            return [value for _, value in await talk.complete(kind, text)]

        for kind, text, values in (
            ("trade", "", ["1", "2"]),
            ("trade", "#2", ["2"]),
            ("trade", "et", ["2"]),
            ("closing", "", ["1", "2", "all", "winners", "losers"]),
            ("closing", "win", ["winners"]),
            ("past", "3", ["3"]),
            ("plan", "s", ["swing"]),
            ("plan", "x", []),
            ("coin", "$bt", ["btc"]),
            ("amount", "5", ["5", "500", "5k", "5%"]),
            ("share", "", ["25%", "50%", "75%", "100%"]),
            ("interval", "1", ["1m", "15m", "1h", "1d", "1w"]),
            ("command", "bal", ["balance"]),
            ("zone", "lisbon", ["Europe/Lisbon"]),
            ("text", "x", []),
        ):
            assert await offered(ana, kind, text) == values, (kind, text)
        for other in (eve, nobody):
            assert [await offered(other, kind, "") for kind in ("trade", "past", "plan")] == [
                [],
                [],
                [],
            ]
        for kind in Kind:
            for text in ("", "a", "é" * 500, "\x00"):
                assert len(await offered(ana, kind, text)) <= CHOICES_MAX


@pytest.mark.parametrize("text", ["sao paulo", "são_paulo", "Paulo"])
async def test_a_zone_is_found_by_its_city(dsn, text):
    async with open_desk(dsn) as desk:
        ana = await desk.opens()
        talk = desk.app.talks.of(ana.person.identity, ana.room)
        assert (await talk.complete("zone", text))[0][1] == "America/Sao_Paulo"
        assert (await talk.complete("zone", ""))[0][1] == "America/Sao_Paulo"
