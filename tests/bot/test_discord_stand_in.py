"""The stand-in for Discord, with the real library as its client."""

import asyncio
import contextlib
import io
import os
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import discord
import pytest
from discord import app_commands, ui
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

from tests.support.discord.offers import NotOffered
from tests.support.discord.stand_in import TOKEN, DiscordStandIn
from tests.support.discord.world import NotSeen
from tests.support.specs.discord import DiscordSpec

SPECS = os.environ.get("SPECS", "")


class Close(ui.DynamicItem[ui.Button], template=r"close:(?P<id>\d+)"):
    """A persistent button."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(ui.Button(label="Close", custom_id=f"close:{number}"))

    @classmethod
    async def from_custom_id(cls, interaction, item, match: re.Match[str]):
        return cls(int(match["id"]))

    async def callback(self, interaction: discord.Interaction) -> None:
        await interaction.response.defer()
        await interaction.edit_original_response(view=card(f"closed {self.number}"))


class Ask(ui.Modal, title="Stop"):
    """One question."""

    price = ui.Label(text="Price", component=ui.TextInput(custom_id="price", max_length=20))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        assert isinstance(self.price.component, ui.TextInput)
        await interaction.response.send_message(f"stop at {self.price.component.value}")


def card(*lines: str, number: int = 0, picture: str = "") -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)
    inside: list[ui.Item] = [ui.TextDisplay(line) for line in lines]
    if picture:
        inside.append(ui.MediaGallery(discord.MediaGalleryItem(f"attachment://{picture}")))
    view.add_item(ui.Container(*inside, accent_color=0x00857A))
    if number:
        row = ui.ActionRow()
        row.add_item(Close(number))
        view.add_item(row)
    return view


class Bot(discord.Client):
    """A small bot that has a bit of everything."""

    connecting: asyncio.Task[None]

    def __init__(self, **options) -> None:
        super().__init__(intents=discord.Intents(guilds=True), **options)
        self.everywhere = app_commands.AppCommandContext(
            guild=True, dm_channel=True, private_channel=True
        )
        installs = app_commands.AppInstallationType(guild=True, user=True)
        self.tree = app_commands.CommandTree(
            self, allowed_contexts=self.everywhere, allowed_installs=installs
        )
        self.events: list[str] = []
        self.interactions: list[discord.Interaction] = []
        self.failures: asyncio.Queue[discord.HTTPException] = asyncio.Queue()
        for command in (self.slow, self.stop, self.whisper, self.close_trade):
            self.tree.add_command(command_of(command))
        self.tree.error(self.on_failure)

    async def setup_hook(self) -> None:
        self.add_dynamic_items(Close)
        await self.tree.sync()

    async def on_failure(self, interaction, error) -> None:
        self.failures.put_nowait(error.original)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        self.interactions.append(interaction)

    async def on_socket_event_type(self, event: str) -> None:
        self.events.append(event)

    async def slow(self, interaction: discord.Interaction, coin: str, amount: float = 0.0) -> None:
        await interaction.response.defer(thinking=True)
        await interaction.edit_original_response(view=card(f"{coin} {amount:g}", number=47))

    async def stop(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(Ask())

    async def whisper(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message("only you", ephemeral=True)
        await interaction.followup.send("and this", ephemeral=True)

    async def close_trade(self, interaction: discord.Interaction, trade: str) -> None:
        await interaction.response.send_message(f"closing {trade}")


def command_of(method) -> app_commands.Command:
    name = method.__name__.replace("_", "-")
    made = app_commands.Command(name=name, description=f"Do {name}", callback=method)
    if name == "close-trade":

        @made.autocomplete("trade")
        async def complete(interaction, typed: str):
            return [app_commands.Choice(name=f"#{typed}7 BTC", value=f"{typed}7")]

    return made


@pytest.fixture
async def server(monkeypatch) -> AsyncIterator[DiscordStandIn]:
    """The stand-in; with SPECS in the environment, both sides are held to the description."""
    spec = DiscordSpec(Path(SPECS) / "discord-openapi.json") if SPECS else None
    async with DiscordStandIn(spec=spec) as made:
        monkeypatch.setattr(Route, "BASE", made.api_url)
        monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", URL(made.gateway_url))
        yield made
        assert not made.problems, "\n".join(made.problems)


@contextlib.asynccontextmanager
async def running(server: DiscordStandIn, count: int = 1, **options) -> AsyncIterator[Bot]:
    bot = Bot(guild_ready_timeout=0.05, **options)
    await bot.login(TOKEN)
    task = bot.connecting = asyncio.create_task(bot.connect())
    try:
        await server.connected(count)
        await asyncio.wait_for(bot.wait_until_ready(), 5)
        yield bot
    finally:
        # In this order: a receiver that sees the socket closing says 4000 before close() says 1000.
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await bot.close()


async def test_a_bot_logs_in_syncs_and_sees_its_guilds(server):
    server.guild(500, "Desk", "general", "trades")
    async with running(server) as bot:
        assert bot.user.id == server.world.bot.id
        assert [guild.name for guild in bot.guilds] == ["Desk"]
        assert bot.guilds[0].text_channels[1].name == "trades"
        assert server.gateway.identifies[0]["intents"] == 1
        assert [one["name"] for one in server.commands] == [
            *("slow", "stop", "whisper", "close-trade")
        ]
    await server.connected(0)
    assert server.gateway.client_closes == [1000]


async def test_a_wrong_token_is_refused_by_both_doors(server):
    bot = Bot()
    with pytest.raises(discord.LoginFailure):
        await bot.login("wrong")
    await bot.close()
    async with aiohttp.ClientSession() as session, session.ws_connect(server.gateway_url) as ws:
        assert (await ws.receive_json())["op"] == 10
        await ws.send_json({"op": 2, "d": {"token": "wrong", "intents": 1}})
        assert (await ws.receive()).data == 4004


@pytest.mark.parametrize("place", ["dm", "guild", "foreign guild", "private channel"])
async def test_a_command_is_deferred_then_edited(server, place):
    ana, bia = server.user(7, "Ana"), server.user(8, "Bia")
    places = {
        "dm": ana.dm,
        "guild": server.guild(500, "Desk")["general"],
        "foreign guild": server.guild(501, "Elsewhere", has_bot=False)["general"],
        "private channel": server.private(ana, bia),
    }
    async with running(server) as bot:
        turn = await ana.runs("slow", places[place], coin="btc", amount="500")
        assert await turn.answered() == 5
        reply = await turn.reply()
        assert (reply.text, reply.labels) == ("btc 500", ["Close"])
        assert [version.text for version in reply.history] == ["", "btc 500"]
        assert turn.seconds_to_answer < 3
        context = bot.interactions[0].context
        assert (context.guild, context.dm_channel) == ("guild" in place, place == "dm")


async def test_a_button_edits_its_message_after_a_restart(server):
    ana = server.user(7)
    async with running(server):
        reply = await ana.asks("slow", coin="btc")
    async with running(server):
        turn = await ana.presses(reply, "Close")
        assert await turn.reply() is reply
    assert reply.text == "closed 47"
    assert turn.interaction.answer_type == 6


async def test_a_modal_is_filled_in(server):
    ana = server.user(7)
    async with running(server):
        form = await (await ana.runs("stop")).form()
        assert (form.title, form.labels) == ("Stop", ["Price"])
        with pytest.raises(NotOffered):
            await ana.submits(form, "1" * 21)
        reply = await (await ana.submits(form, price="60250")).reply()
        assert reply.text == "stop at 60250"


async def test_an_option_is_completed(server):
    async with running(server):
        found = await server.user(7).completes("close-trade", "trade", "4")
        assert found == [("#47 BTC", "47")]


async def test_an_ephemeral_answer_is_seen_by_one_only(server):
    general = server.guild(500, "Desk")["general"]
    ana, bia = server.user(7, "Ana"), server.user(8, "Bia")
    general.guild.joins(bia.account)
    async with running(server) as bot:
        turn = await ana.runs("whisper", general)
        said = await turn.replies_are(2)
        assert [one.text for one in said] == ["only you", "and this"]
        assert ana.sees(general) == said
        assert bia.sees(general) == []
        place = bot.get_partial_messageable(general.id)
        with pytest.raises(discord.NotFound) as caught:
            await place.fetch_message(said[0].id)
        assert caught.value.code == 10008
        with pytest.raises(NotOffered):
            await bia.presses(said[0], "Close")


async def test_a_private_message_carries_a_picture(server):
    ana = server.user(7)
    async with running(server) as bot:
        person = await bot.fetch_user(7)
        file = discord.File(io.BytesIO(b"png"), "card.png")
        sent = await person.send(view=card("target", picture="card.png"), file=file, silent=True)
        seen = await ana.next()
        assert (seen.id, seen.text, seen.is_silent) == (sent.id, "target", True)
        assert [(one.filename, one.content) for one in seen.pictures] == [("card.png", b"png")]
        again = await sent.edit(view=card("target 2", picture="card.png"))
        assert (await ana.until(lambda one: one.text == "target 2")).pictures == seen.pictures
        await again.delete()
        assert ana.messages == []
        ana.blocks()
        with pytest.raises(discord.Forbidden) as caught:
            await person.send("anybody home?")
        assert caught.value.code == 50007
        with pytest.raises(NotSeen):
            await ana.next(seconds=0.05)


async def test_a_dropped_socket_is_resumed_and_what_was_missed_is_replayed(server):
    ana = server.user(7)
    async with running(server) as bot:
        server.gateway.drop()
        turn = await ana.runs("slow", coin="eth")
        assert (await turn.reply()).text == "eth 0"
        assert "RESUMED" in bot.events
        server.gateway.reconnect()
        assert (await ana.asks("slow", coin="sol")).text == "sol 0"
        assert server.gateway.client_closes == [1006, 4000]
        assert len(server.gateway.identified_at) == 1


async def test_a_void_session_is_begun_anew(server, monkeypatch):
    monkeypatch.setattr(Bot, "before_identify_hook", _at_once)
    ana = server.user(7)
    async with running(server) as bot:
        ready = asyncio.create_task(bot.wait_for("ready", timeout=5))
        server.gateway.invalidate()
        await ready
        assert len(server.gateway.identified_at) == 2
        assert (await ana.asks("slow", coin="eth")).text == "eth 0"


async def _at_once(bot, shard_id, *, initial=False) -> None:
    """Identify without the library's pause."""


async def test_of_two_sessions_one_answers_and_the_other_is_told_so(server):
    ana = server.user(7)
    async with running(server) as old, running(server, 2) as new:
        reply = await (turn := await ana.runs("slow", coin="btc")).reply()
        waiting = [asyncio.create_task(one.failures.get()) for one in (old, new)]
        done, left = await asyncio.wait(waiting, timeout=5, return_when="FIRST_COMPLETED")
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        assert len(old.interactions) == len(new.interactions) == 1
        assert [task.result().code for task in done] == [40060]
        assert turn.replies == [reply]


async def test_an_answer_after_three_seconds_finds_nobody(server):
    async with running(server) as bot:
        server.world.ack_seconds = 0
        turn = await server.user(7).runs("slow", coin="btc")
        assert (await asyncio.wait_for(bot.failures.get(), 5)).code == 10062
        with pytest.raises(NotSeen):
            await turn.answered(0.05)


async def test_a_token_ends_after_fifteen_minutes(server):
    async with running(server) as bot:
        await server.user(7).asks("slow", coin="btc")
        server.advance(14 * 60)
        await bot.interactions[0].edit_original_response(view=card("still"))
        server.advance(61)
        with pytest.raises(discord.HTTPException) as caught:
            await bot.interactions[0].edit_original_response(view=card("late"))
        assert caught.value.code == 50027


async def test_a_silent_gateway_is_left(server):
    server.gateway.heartbeat_ms = 50
    async with running(server, heartbeat_timeout=0.3):
        assert server.gateway.counts["heartbeat"] >= 1
        server.gateway.is_mute = True
        await server.world.wait(lambda: server.gateway.counts["resume"] or None, 5, "no resume")
        server.gateway.is_mute = False
        assert 4000 in server.gateway.client_closes


async def test_an_odd_event_breaks_the_loop_of_the_library(server):
    async with running(server) as bot:
        server.gateway.publish("INTERACTION_CREATE", {"id": "1", "type": 2})
        with pytest.raises(KeyError):
            await bot.connecting


async def test_a_bucket_runs_empty_and_the_library_waits(server):
    server.limits.channel, server.limits.channel_seconds = 2, 0.3
    ana = server.user(7)
    async with running(server) as bot:
        person = await bot.fetch_user(7)
        for number in range(5):
            await person.send(str(number))
        assert [one.text for one in ana.messages] == list("01234")
        times = [one.at for one in server.asked("POST", "/messages")]
        assert times[4] - times[0] > 0.5
        assert {one.status for one in server.requests} == {200}


async def test_one_refusal_is_repeated_by_the_library(server):
    ana = server.user(7)
    async with running(server) as bot:
        person = await bot.fetch_user(7)
        server.faults.on(f"/channels/{ana.dm.id}", status=429, retry_after=0.05)
        await person.send("hello")
        assert [one.status for one in server.asked("POST", "/messages")] == [429, 200]


async def test_a_bot_is_played_with_through_the_door(server):
    server.user(7)
    server.guild(500, "Desk")
    async with running(server), aiohttp.ClientSession() as session:

        async def play(what: str, **given) -> Any:
            url = f"{server.world.base_url}/control/{what}"
            async with session.post(url, json=given) as answer:
                assert answer.status == 200, await answer.text()
                return await answer.json()

        shown = (await play("runs", command="slow", options={"coin": "btc"}, guild=500))["shown"]
        assert (shown["text"], shown["buttons"], shown["edits"]) == ("btc 0", ["Close"], 1)
        pressed = await play("presses", button="Close")
        assert (pressed["answer"], pressed["shown"]["text"]) == (6, "closed 47")
        assert (await play("runs", command="stop"))["form"] == "Stop"
        assert (await play("submits", values=["9"]))["shown"]["text"] == "stop at 9"
        found = await play("completes", command="close-trade", option="trade", typed="4")
        assert found == [["#47 BTC", "47"]]
        for what, given in [
            ("blocks", {}),
            ("fault", {"path": "/users", "status": 500}),
            ("heal", {}),
            ("limits", {"everything": 40}),
            ("advance", {"seconds": 1}),
            ("gateway", {"do": "reconnect"}),
        ]:
            await play(what, **given)
        assert server.world.accounts[7].blocks_dms
        assert (server.limits.everything, server.faults.all) == (40, [])
        assert (await play("state"))["identifies"] == 1
