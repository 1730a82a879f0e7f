"""The life of the surface: it begins with the lease, survives everything, and ends in order."""

import asyncio
import json
import logging

import discord
import pytest

from bot.conversation.said import Shown
from bot.surfaces.discord import DiscordSettings, run_discord
from bot.surfaces.discord.pacing import (
    IDENTIFY_BURST,
    IDENTIFY_SECONDS,
    BackOff,
    Pace,
    Sessions,
    TooManySessions,
)
from bot.surfaces.discord.running import _Vigil
from engine.clock import ManualClock
from tests.bot.discord.house import QUICK, House, button, on_discord, text, until
from tests.support.discord.stand_in import DiscordStandIn

HOUR = Pace(first=3600.0)


class Chance:
    """The middle of everything."""

    def uniform(self, low: float, high: float) -> float:
        return (low + high) / 2


async def test_nobody_identifies_before_this_process_keeps_the_vigil(house, server):
    settings = DiscordSettings(server.token, server.api_url, server.gateway_url)
    stop = asyncio.Event()
    task = asyncio.create_task(run_discord(house.front, settings, stop, pace=QUICK))
    await asyncio.sleep(0.1)
    assert (server.requests, server.gateway.identified_at) == ([], [])
    house.lease.set()
    await server.connected()
    stop.set()
    await task


async def test_stopped_while_it_waits_for_the_lease_it_ends(house, server):
    settings = DiscordSettings(server.token, server.api_url, server.gateway_url)
    stop = asyncio.Event()
    task = asyncio.create_task(run_discord(house.front, settings, stop, pace=QUICK))
    await until(lambda: house.states == ["starting"])
    stop.set()
    async with asyncio.timeout(1):
        await task
    assert house.states == ["starting", "off"]


async def test_a_session_is_asked_for_as_agreed(house, server):
    async with on_discord(house, server):
        (told,) = server.gateway.identifies
        assert told["intents"] == 1
        assert house.states == ["starting", "up"]
        assert house.attached[-1] is not None


async def test_the_end_is_clean(house, server):
    async with on_discord(house, server) as stop:
        started = asyncio.get_running_loop().time()
        stop.set()
        await until(lambda: house.states[-1] == "off")
        assert asyncio.get_running_loop().time() - started < 1
    assert server.gateway.client_closes == [1000]
    assert house.attached[-1] is None


async def test_what_is_being_answered_may_end_but_not_for_long(house, server):
    ana = server.user(7)
    async with on_discord(house, server) as stop:
        house.says(0.4, text("Just in time"))
        quick = await ana.runs("balance")
        await until(lambda: house.heard)
        house.says(asyncio.Event(), text("Never"))
        await ana.runs("status")
        await until(lambda: len(house.heard) == 2)
        started = asyncio.get_running_loop().time()
        stop.set()
        await until(lambda: house.states[-1] == "off")
        assert asyncio.get_running_loop().time() - started < 3
    assert [one.text for one in quick.replies] == ["**Just in time**"]
    assert house.ended == 2
    assert server.gateway.client_closes == [1000]


async def test_a_gateway_that_does_not_say_goodbye_is_not_waited_for(house, server):
    async with on_discord(house, server) as stop:
        server.gateway.is_frozen = True
        for line in list(server.gateway.lines):
            line.socket._closed = True  # it reads no more and answers no close frame
        started = asyncio.get_running_loop().time()
        stop.set()
        await until(lambda: house.states[-1] == "off")
        assert asyncio.get_running_loop().time() - started < 3


async def test_a_bad_token_is_reported_and_asked_again_slowly(house, server, caplog):
    async with on_discord(house, server, token="not-the-token", is_awaited=False):
        await until(lambda: house.states.count("bad_token") == 2)
    assert "not-the-token" not in caplog.text
    assert server.gateway.identified_at == []


async def test_a_token_revoked_while_connected_is_reported(house, server):
    async with on_discord(house, server):
        server.gateway.close(4004)
        await until(lambda: "bad_token" in house.states)


async def test_an_outage_at_the_start_is_sat_out(house):
    server = DiscordStandIn()
    await server.start()
    await server.stop()
    house.lease.set()
    settings = DiscordSettings(server.token, server.api_url, server.gateway_url)
    stop = asyncio.Event()
    task = asyncio.create_task(run_discord(house.front, settings, stop, pace=QUICK))
    await until(lambda: house.states.count("away") >= 2)
    await server.start()
    await until(lambda: "up" in house.states)
    stop.set()
    await task
    await server.stop()


@pytest.mark.parametrize("status", [500, 200])
async def test_a_first_handshake_that_fails_makes_a_new_client(house, server, status, monkeypatch):
    monkeypatch.setattr("discord.client.ExponentialBackoff.delay", lambda _: 0.01)
    server.faults.on("^/$", status=status, times=2)
    async with on_discord(house, server):
        assert "away" in house.states
    assert server.gateway.client_closes == [1000]


POISON = [
    {"op": 0, "t": "GUILD_CREATE", "s": 7, "d": {"id": None}},
    {"op": 0, "t": "INTERACTION_CREATE", "s": 7, "d": {"type": 2}},
    {"op": 0, "t": "MESSAGE_UPDATE", "s": 7, "d": 7},
    {"op": 0, "t": "CHANNEL_CREATE", "s": 7, "d": []},
]


@pytest.mark.parametrize("event", POISON)
async def test_an_event_that_cannot_be_read_is_skipped(house, server, event, caplog):
    async with on_discord(house, server):
        server.gateway.send_raw(event)
        assert (await server.user(7).asks("balance")).text == "**ok**"
    assert len(server.gateway.identified_at) == 1
    assert "cannot be read" in caplog.text


@pytest.mark.parametrize(
    "frame", ["no json", json.dumps([1]), b"\x00\x00\xff\xff", json.dumps({"op": 10, "d": None})]
)
async def test_a_frame_that_is_none_makes_a_new_client(house, server, frame):
    async with on_discord(house, server):
        server.gateway.send_raw(frame)
        await until(lambda: house.states.count("up") == 2)
        assert (await server.user(7).asks("balance")).text == "**ok**"
    assert house.reports[2][0] == "away"


async def test_a_dropped_connection_is_resumed_without_a_new_session(house, server, monkeypatch):
    monkeypatch.setattr("discord.client.ExponentialBackoff.delay", lambda _: 0.01)
    async with on_discord(house, server):
        server.gateway.drop()
        await until(lambda: house.states == ["starting", "up", "away", "up"])
        assert server.gateway.counts["resume"] == 1
        assert (await server.user(7).asks("balance")).text == "**ok**"
    assert len(server.gateway.identified_at) == 1


async def test_a_void_session_is_begun_anew(house, server):
    async with on_discord(house, server):
        server.gateway.invalidate()
        await until(lambda: len(server.gateway.identified_at) == 2)
        await until(lambda: house.states.count("up") == 2)


async def test_a_gateway_that_answers_no_heartbeat_is_left(house, server):
    server.gateway.heartbeat_ms = 100
    pace = Pace(first=0.02, longest=0.05, identify_again=0.01, heartbeat=0.4)
    async with on_discord(house, server, pace):
        server.gateway.is_frozen = True
        await until(lambda: "away" in house.states)
        server.gateway.is_frozen = False
        await until(lambda: house.states.count("up") >= 2)


async def test_a_server_that_is_not_allowed_is_left(house, server):
    old = server.guild(666, "Strange")
    good = server.guild(555, "Desk")
    house.strange_rooms = {"666", "667"}
    async with on_discord(house, server):
        await until(lambda: not old.has_bot)
        new = server.guild(667, "Stranger")
        await until(lambda: not new.has_bot)
    assert good.has_bot


async def test_a_server_that_cannot_be_left_ends_nothing(house, server, caplog):
    house.strange_rooms = {"666"}
    server.guild(666, "Strange")
    server.faults.on("/users/@me/guilds", status=403, code=50001, times=-1)
    async with on_discord(house, server):
        await server.request("DELETE", "/guilds/666")
        assert (await server.user(7).asks("balance")).text == "**ok**"
    assert "could not leave 666" in caplog.text


async def test_commands_are_told_once_and_again_only_when_they_differ(house, server):
    async with on_discord(house, server):
        assert server.rest.syncs == 1
    async with on_discord(house, server):
        assert server.rest.syncs == 1
    async with on_discord(house, server, hosts=frozenset({"1"})):
        assert server.rest.syncs == 2
    assert len(house.values["discord.commands"] or "") == 64


async def test_commands_that_discord_refuses_do_not_stop_the_rest(house, server, caplog):
    server.faults.on("/commands", status=400, code=50035, times=-1)
    async with on_discord(house, server):
        assert house.states == ["starting", "up"]
    assert house.values == {}
    assert "commands are as Discord knows them" in caplog.text


async def test_without_a_database_commands_are_as_they_were(house, server):
    house.is_store_away = True
    async with on_discord(house, server):
        assert server.rest.syncs == 0


async def test_buttons_and_forms_of_before_a_restart_still_work(house, server):
    ana = server.user(7)
    house.says(text("Trade", rows=((button("Close", "/x 47"),),)))
    async with on_discord(house, server):
        message = await ana.asks("trades")
    house.says(text("Closed"))
    async with on_discord(house, server):
        turn = await ana.presses(message, "Close")
        assert (await turn.reply()).text == "**Closed**"
    assert house.said[-1].payload == "d..:/x 47"


@pytest.mark.parametrize("custom_id", ["close:47", "v1:", "v2:d..:/x 47", "v1:" + "x" * 70])
async def test_a_button_that_is_none_of_ours_reaches_nobody(house, server, custom_id):
    ana = server.user(7)
    house.says(text("Trade", rows=((button("Close", "/x 47"),),)))
    async with on_discord(house, server):
        message = await ana.asks("trades")
        await ana.forges(message, custom_id)
        await ana.asks("balance")
    assert [said.line for said in house.said] == ["/trades", "/balance"]


async def test_a_host_command_of_somebody_else_is_not_looked_at(house, server):
    async with on_discord(house, server, hosts=frozenset({"7"})):
        await server.user(7).asks("admin", action="broadcast", text="Hello all")
        await server.user(8).asks("admin", action="broadcast", text="Buy my coin")
    assert [said.line for said in house.said] == ["/admin broadcast Hello all", "/admin"]


async def test_values_are_completed_with_the_talks_own(house, server):
    house.completed = [("#47 BTC +2.51", "47"), ("", "48"), ("long" * 40, "49"), ("x", "y" * 101)]
    async with on_discord(house, server):
        found = await server.user(7).completes("close", "trade", "4")
    assert found == [("#47 BTC +2.51", "47"), (("long" * 40)[:100], "49")]
    assert house.completions == [("closing", "4")]


@pytest.mark.parametrize("failure", [TimeoutError(), AssertionError("x")])
async def test_completion_never_fails(house, server, failure):
    house.completion_failure = failure
    async with on_discord(house, server):
        assert await server.user(7).completes("buy", "coin", "b") == []


async def test_a_command_that_this_version_does_not_know_is_read_as_a_line(house, server):
    ana = server.user(7)
    async with on_discord(house, server):
        old = {"type": 1, "name": "alert", "description": "x", "id": "5"}
        old["options"] = [{"type": 3, "name": "coin", "description": "x"}]
        server.commands.append(old | {"contexts": [0, 1, 2], "integration_types": [0, 1]})
        server.commands[:] = [
            one | {"options": []} if one["name"] == "price" else one for one in server.commands
        ]
        await ana.asks("alert", coin="btc")
        await ana.asks("price")
    assert [said.line for said in house.said] == ["/alert btc", "/price"]


async def test_two_sessions_answer_once(house, server):
    other = House()
    ana = server.user(7)
    async with on_discord(house, server), on_discord(other, server, is_awaited=False):
        await server.connected(2)
        turn = await ana.runs("balance")
        await until(lambda: house.ended and other.ended)
        assert len(turn.replies) == 1
    assert house.said[0].key == other.said[0].key


async def test_too_many_at_once_are_not_queued(house, server, monkeypatch, caplog):
    monkeypatch.setattr("bot.surfaces.discord.client.EXCHANGES_MAX", 1)
    gate = asyncio.Event()
    house.says(gate, text("ok"))
    ana = server.user(7)
    async with on_discord(house, server):
        await ana.runs("balance")
        await until(lambda: house.heard)
        await ana.runs("status")
        await until(lambda: "too many at once" in caplog.text)
        gate.set()
    assert len(house.heard) == 1


async def test_no_secret_is_in_any_log_or_repr(house, server, caplog):
    caplog.set_level(logging.DEBUG)
    server.faults.on("/callback", status=500, times=1)
    server.faults.on("/webhooks", status=429, retry_after=0.01, times=1)
    house.says(Shown(message=text("One")), Shown(message=text("Two")))
    turn = None
    async with on_discord(house, server):
        turn = await server.user(7).runs("balance")
        await turn.replies_are(2)
        server.gateway.send_raw("no json")
        await until(lambda: house.states.count("up") == 2)
    assert server.token not in caplog.text
    assert turn.interaction.token not in caplog.text
    assert server.token not in repr(DiscordSettings(server.token))


def test_a_session_is_budgeted_over_all_clients():
    clock = ManualClock()
    sessions = Sessions(clock.monotonic)
    for _ in range(IDENTIFY_BURST):
        sessions.take()
    with pytest.raises(TooManySessions) as refused:
        sessions.take()
    assert refused.value.seconds == pytest.approx(IDENTIFY_SECONDS)
    clock.advance(IDENTIFY_SECONDS)
    sessions.take()
    assert 86_400 / IDENTIFY_SECONDS + IDENTIFY_BURST < 1000


def test_the_pause_grows_up_to_a_limit_and_starts_again_after_a_steady_time():
    pace = Pace(first=2, longest=100, steady=600, bad_token=600)
    back_off = BackOff(pace, Chance())  # type: ignore[arg-type]
    assert [back_off.next(0) for _ in range(8)] == [1.5, 3, 6, 12, 24, 48, 75, 75]
    assert back_off.next(601) == 1.5
    assert back_off.slowly() == 600


@pytest.mark.parametrize(
    ("failure", "at_least"),
    [(discord.RateLimited(45.0), 45.0), (TooManySessions(120.0), 120.0), (OSError(), 0.01)],
)
def test_a_pause_that_is_asked_for_is_kept(house, failure, at_least):
    stop = asyncio.Event()
    vigil = _Vigil(house.front, DiscordSettings("t"), stop, QUICK)
    assert at_least <= vigil._judge(failure, 0) < at_least + 0.1
    assert house.states == ["away"]


async def test_a_defect_of_ours_is_tried_again_too(house, server, monkeypatch, caplog):
    broken = iter([AssertionError("broken")])

    def once(client) -> None:
        for error in broken:
            raise error

    monkeypatch.setattr("bot.surfaces.discord.running.tolerate_odd_events", once)
    async with on_discord(house, server):
        assert house.states == ["starting", "away", "starting", "up"]
    assert "no client can be made" in caplog.text


async def test_sessions_that_end_at_once_are_not_begun_without_end(house, server):
    async with on_discord(house, server):
        for _ in range(IDENTIFY_BURST + 3):
            server.gateway.send_raw("no json")
            await asyncio.sleep(0.1)
    assert len(server.gateway.identified_at) <= IDENTIFY_BURST
