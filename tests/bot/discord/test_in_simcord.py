"""The adapter against a second, independent model of Discord: what it refuses, Discord refuses."""

from contextlib import asynccontextmanager

import simcord

from bot.conversation.presses import PressKind
from bot.conversation.said import Asked, Shown, Where
from bot.messages import Form, Tone
from bot.surfaces.discord.client import DiscordSettings, VigilanteClient
from tests.bot.discord.house import House, button, text

HOSTS = frozenset({"1"})


@asynccontextmanager
async def scene(house: House):
    """A server with a member, and the bot on it."""
    client = VigilanteClient(house.front, DiscordSettings(token="t", hosts=HOSTS))
    async with simcord.run(client) as env:
        guild = env.create_guild("Desk")
        channel = guild.create_text_channel("general")
        yield env, guild.add_member(env.create_user("ana")), channel


async def test_every_command_is_synced_and_offered(house: House):
    async with scene(house) as (_, ana, channel):
        offered = ana.available_commands(channel)
        assert {"buy", "trades", "price", "help", "do"} <= set(offered)
        assert "group" not in offered


async def test_a_command_a_press_and_a_form_go_round(house: House):
    async with scene(house) as (_, ana, channel):
        rows = ((button("Close", "/x 47"), button("Type", "/sl 47", kind=PressKind.FORM)),)
        house.says(text("Trade", "In 61,480", rows=rows, tone=Tone.GOOD))
        shown = await ana.slash(channel, "trades")
        assert shown.ephemeral
        assert shown.response is not None
        assert shown.response.components[0]["accent_color"] == 0x3FD0C9

        form = Form(title="Stop", label="Where?", placeholder="2%")
        house.says(Asked(payload="f..:/sl 47", form=form))
        asked = await ana.click(shown.response, label="Type")
        assert asked.modal["title"] == "Stop"

        house.says(Shown(message=text("Stop set", rows=rows), where=Where.SAME))
        await ana.submit_modal(asked, {"typed": "2%"})
        assert (house.said[-1].payload, house.said[-1].typed) == ("f..:/sl 47", "2%")

        house.says(Shown(message=text("Closed"), where=Where.SAME), text("Card"))
        pressed = await ana.click(shown.response, label="Close")
        assert [one.ephemeral for one in pressed.followups] == [True]


async def test_buttons_of_before_a_restart_work(house: House):
    async with scene(house) as (env, ana, channel):
        house.says(text("Trade", rows=((button("Close", "/x 47"),),)))
        shown = await ana.slash(channel, "trades")
        assert shown.response is not None
        await env.restart_bot(VigilanteClient(house.front, DiscordSettings(token="t", hosts=HOSTS)))
        house.says(Shown(message=text("Closed"), where=Where.SAME))
        assert (await ana.click(shown.response, label="Close")).acknowledged


async def test_completion_offers_what_the_talk_knows(house: House):
    async with scene(house) as (_, ana, channel):
        house.completed = [("BTC", "btc"), ("ETH", "eth")]
        found = await ana.autocomplete(channel, "buy", "coin", "b")
        assert [one["value"] for one in found] == ["btc", "eth"]
