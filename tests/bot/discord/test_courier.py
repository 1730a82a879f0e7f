"""The way out: to people, channels and threads, and what each refusal means."""

import asyncio

import aiohttp
import discord
import pytest
from discord.http import Route

from bot.delivery.courier import Gone, Handle, TryLater, Unreachable, Unsendable
from bot.messages import File
from bot.surfaces.discord import courier as couriers
from bot.surfaces.discord.directing import INVALID_MAX, WINDOW_SECONDS, Directed, Refusals
from bot.surfaces.discord.failures import courier_error, reason_of
from engine.clock import ManualClock
from tests.bot.discord.house import House, button, on_discord, text, until
from tests.support.discord.stand_in import DiscordStandIn


@pytest.fixture
async def courier(house, server):
    server.user(7, "Ana")
    async with on_discord(house, server):
        yield house.courier


async def test_a_person_gets_a_message_in_a_chat_that_is_opened_once(server, courier):
    ana = server.user(7)
    first = await courier.send("7", text("Stop hit", "−11.00"))
    await courier.send("7", text("Second", is_silent=True))
    assert [one.text for one in ana.messages] == ["**Stop hit**\n−11.00", "**Second**"]
    assert [one.is_silent for one in ana.messages] == [False, True]
    assert len(server.asked("POST", "/users/@me/channels")) == 1
    assert (first.platform, first.chat_id) == ("discord", str(ana.dm.id))
    assert first.message_id == str(ana.messages[0].id)


async def test_a_room_gets_it_in_its_channel_or_thread(server, courier):
    desk = server.guild(555, "Desk", "general", "trades")
    await courier.send(str(desk["general"].id), text("A"), is_person=False)
    await courier.send("555", text("B"), topic=str(desk["trades"].id), is_person=False)
    reader = server.user(7)
    desk.joins(reader.account)
    assert [one.text for one in reader.sees(desk["general"])] == ["**A**"]
    assert [one.text for one in reader.sees(desk["trades"])] == ["**B**"]


@pytest.mark.parametrize("nonce", ["notice:12", "notice:1234567890:discord:123456789012345678"])
async def test_a_repeat_is_dropped_by_its_nonce(server, courier, nonce):
    ana = server.user(7)
    for _ in range(2):
        await courier.send("7", text("Once"), nonce=nonce)
    assert len(ana.messages) == 1
    assert all(one.body["enforce_nonce"] for one in server.asked("POST", "/messages"))


async def test_without_a_nonce_two_messages_are_two(server, courier):
    for _ in range(2):
        await courier.send("7", text("Twice"))
    assert len(server.user(7).messages) == 2


async def test_nobody_is_ever_pinged(server, courier):
    server.user(8)
    await courier.send("7", text("@everyone <@8>", "@here"))
    (message,) = server.user(7).messages
    assert (message.pings, message.pings_everyone) == (set(), False)
    assert server.asked("POST", "/messages")[0].body["allowed_mentions"] == {"parse": []}


async def test_a_message_is_edited_and_removed(server, courier):
    ana = server.user(7)
    handle = await courier.send("7", text("1", rows=((button("A", "/x 1"),),)))
    await courier.edit(handle, text("2"))
    assert [(one.text, one.labels) for one in ana.messages] == [("**2**", [])]
    await courier.edit(handle, text("2"))
    await courier.delete(handle)
    await courier.delete(handle)
    assert ana.messages == []
    with pytest.raises(Gone):
        await courier.edit(handle, text("3"))


async def test_an_interactions_message_is_edited_and_removed_by_its_token(house, server, courier):
    desk = server.guild(555, "Desk")
    turn = await server.user(7).runs("balance", desk["general"])
    message = await turn.reply()
    handle = Handle(
        platform="discord",
        chat_id=str(desk["general"].id),
        message_id=str(message.id),
        token=f"{turn.interaction.token}/@original",
        until_ms=house.clock.now_ms() + 60_000,
    )
    await courier.edit(handle, text("edited"))
    assert (message.text, message.is_ephemeral) == ("**edited**", True)
    await courier.delete(handle)
    assert message.is_deleted


async def test_an_interaction_that_is_over_is_not_even_asked(house, server, courier):
    now_ms = house.clock.now_ms()
    handle = Handle(platform="discord", chat_id="1", message_id="2", token="t", until_ms=now_ms)
    before = len(server.requests)
    with pytest.raises(Gone):
        await courier.edit(handle, text("x"))
    await courier.delete(handle)
    assert len(server.requests) == before


async def test_a_token_that_discord_no_longer_takes_makes_the_message_gone(server, courier):
    desk = server.guild(555, "Desk")
    turn = await server.user(7).runs("balance", desk["general"])
    message = await turn.reply()
    server.advance(901)
    handle = Handle(
        platform="discord", chat_id="1", message_id=str(message.id), token=turn.interaction.token
    )
    with pytest.raises(Gone, match="401 50027"):
        await courier.edit(handle, text("x"))


async def test_a_picture_is_painted_in_the_messages_language_and_comes_with_a_file(
    house, server, courier
):
    view = type("View", (), {"zone": "America/Sao_Paulo"})()
    file = File(filename="all.json", content=b"{}")
    await courier.send("7", text("Cartão", picture=view, file=file, locale="pt-BR"))
    (message,) = server.user(7).messages
    assert [one.filename for one in message.attachments] == ["vigilante.png", "all.json"]
    assert house.painted == [(view, "pt-BR")]


async def test_without_a_painter_the_text_still_goes_out(house, server, courier):
    house.is_painter_away = True
    await courier.send("7", text("Card", picture=type("View", (), {"zone": "UTC"})()))
    assert [one.text for one in server.user(7).messages] == ["**Card**"]


async def test_who_blocked_the_bot_is_gone(server, courier):
    server.user(7).blocks()
    with pytest.raises(Gone, match="403 50007"):
        await courier.send("7", text("x"))


async def test_who_comes_back_to_his_chat_can_be_written_to_again(house, server, courier):
    ana, desk = server.user(7), server.guild(555, "Desk")
    await ana.asks("balance", desk["general"])
    assert house.gone == []
    for _ in range(2):
        await ana.asks("balance")
    await until(lambda: house.ended == 3)
    assert house.gone == [("discord", "7", None)]
    ana.blocks()
    with pytest.raises(Gone):
        await courier.send("7", text("x"))
    await ana.asks("balance")
    await until(lambda: len(house.gone) == 2)


async def test_that_somebody_is_back_waits_for_the_database(house, server, courier, caplog):
    house.is_store_away = True
    await server.user(7).asks("balance")
    await until(lambda: "that a person is back is not noted" in caplog.text)
    house.is_store_away = False
    await server.user(7).asks("balance")
    await until(lambda: house.gone == [("discord", "7", None)])


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (403, 50007, Gone),
        (403, 50278, Gone),
        (404, 10003, Gone),
        (404, 10004, Gone),
        (403, 50001, Gone),
        (403, 50013, Gone),
        (404, 10008, Gone),
        (400, 30046, Gone),
        (400, 50035, Unsendable),
        (404, 0, Unsendable),
        (401, 0, TryLater),
        (403, 0, TryLater),
        (400, 40003, TryLater),
        (503, 0, Unreachable),
    ],
)
async def test_every_refusal_has_its_meaning(server, courier, status, code, expected):
    server.faults.on("/messages", status=status, code=code, times=-1)
    with pytest.raises(expected):
        await courier.send("7", text("x"))


async def test_a_chat_that_vanished_is_opened_anew_next_time(server, courier):
    await courier.send("7", text("1"))
    server.faults.on("/messages", status=404, code=10003)
    with pytest.raises(Gone):
        await courier.send("7", text("2"))
    await courier.send("7", text("3"))
    assert len(server.asked("POST", "/users/@me/channels")) == 2


async def test_a_long_pause_is_told_and_not_slept(server, courier):
    server.faults.on("/messages", status=429, retry_after=45.0, times=-1)
    with pytest.raises(TryLater) as refused:
        await courier.send("7", text("x"))
    assert refused.value.seconds == 45.0
    assert not refused.value.is_global


@pytest.mark.parametrize("scope", ["user", "shared", "global"])
async def test_a_short_pause_is_told_and_not_slept_too(server, courier, scope):
    handle = await courier.send("7", text("1"))
    server.faults.on("/messages", status=429, retry_after=4.0, scope=scope, times=2)
    for attempt in (courier.send("7", text("x")), courier.edit(handle, text("2"))):
        async with asyncio.timeout(1):
            with pytest.raises(TryLater) as refused:
                await attempt
        assert (refused.value.seconds, refused.value.is_global) == (4.0, scope == "global")
    await courier.send("7", text("3"))


async def test_a_bucket_that_is_used_up_is_told_and_not_waited_for(server, courier):
    server.limits.be_real()
    server.user(8, "Bob")
    await courier.send("8", text("to Bob"))
    async with asyncio.timeout(2):
        sending = (courier.send("7", text(str(number))) for number in range(7))
        came = await asyncio.gather(*sending, return_exceptions=True)
    pauses = [one for one in came if isinstance(one, TryLater)]
    assert [one for one in came if isinstance(one, Exception)] == pauses
    assert 1 <= len(pauses) <= 3
    assert all(1 <= one.seconds <= 5 and not one.is_global for one in pauses)
    async with asyncio.timeout(1):
        await courier.send("8", text("again"))
    assert not [one for one in server.requests if one.status == 429]


async def test_a_pause_of_an_interactions_message_is_told_to_the_courier_only(
    house, server, courier
):
    desk = server.guild(555, "Desk")
    turn = await server.user(7).runs("balance", desk["general"])
    message = await turn.reply()
    handle = Handle(
        platform="discord",
        chat_id=str(desk["general"].id),
        message_id=str(message.id),
        token=f"{turn.interaction.token}/@original",
        until_ms=house.clock.now_ms() + 60_000,
    )
    server.limits.webhook, server.limits.webhook_seconds = 1, 3.0
    async with asyncio.timeout(1):
        await courier.edit(handle, text("edited"))
        with pytest.raises(TryLater):
            await courier.edit(handle, text("again"))
    server.limits.webhook = 0
    server.faults.on("/callback", status=429, retry_after=0.2)
    turn = await server.user(7).runs("balance", desk["general"])
    assert (await turn.reply()).text, "an answer sits a short pause out"


async def test_a_connection_that_breaks_leaves_it_unknown(server, courier):
    server.faults.on("/messages", drop="after", times=-1)
    with pytest.raises(Unreachable) as refused:
        await courier.send("7", text("x"), nonce="n1")
    assert refused.value.is_unknown
    server.faults.heal()
    await courier.send("7", text("x"), nonce="n1")
    assert len(server.user(7).messages) == 1


async def test_no_answer_in_time_leaves_it_unknown(server, courier, monkeypatch):
    monkeypatch.setattr(couriers, "REQUEST_SECONDS", 0.05)
    server.faults.on("/messages", delay_seconds=0.15)
    with pytest.raises(Unreachable) as refused:
        await courier.send("7", text("x"))
    assert refused.value.is_unknown


class Answer:
    """An answer that never came over a wire."""

    def __init__(self, status: int, headers: dict[str, str]) -> None:
        self.status = status
        self.reason = "x"
        self.headers = headers


@pytest.mark.parametrize(
    ("headers", "seconds", "is_global"),
    [
        ({"Retry-After": "7", "Via": "1.1 x"}, 7.0, False),
        ({"Retry-After": "7", "Via": "1.1 x", "X-RateLimit-Global": "true"}, 7.0, True),
        ({"Retry-After": "86400"}, 3600.0, True),
        ({"Retry-After": "soon"}, 60.0, True),
        ({}, 60.0, True),
    ],
)
def test_a_pause_holds_for_all_when_discords_front_door_says_so(headers, seconds, is_global):
    error = discord.HTTPException(Answer(429, headers), "limited")  # type: ignore[arg-type]
    meant = courier_error(error)
    assert isinstance(meant, TryLater)
    assert (meant.seconds, meant.is_global) == (seconds, is_global)


def test_what_never_left_is_known_not_to_have_arrived():
    key = aiohttp.client_reqrep.ConnectionKey("h", 1, False, True, None, None, None)  # type: ignore[arg-type]
    error = aiohttp.ClientConnectorError(key, OSError(111, "refused"))
    meant = courier_error(error)
    assert isinstance(meant, Unreachable)
    assert not meant.is_unknown
    assert "h" not in reason_of(error).lower().replace("aiohttp", "").split()


async def test_after_too_many_refusals_nothing_is_asked_any_more(house, server, courier):
    directed = courier._directed
    for _ in range(INVALID_MAX):
        directed.refusals.count(403)
    before = len(server.requests)
    with pytest.raises(TryLater) as refused:
        await courier.send("7", text("x"))
    assert refused.value.is_global
    with pytest.raises(discord.RateLimited):
        await courier._client.fetch_user(7)
    assert len(server.requests) == before


def test_refusals_are_forgotten_after_ten_minutes():
    clock = ManualClock()
    refusals = Refusals(clock.monotonic)
    for _ in range(INVALID_MAX):
        refusals.count(401)
        refusals.count(200)
    assert refusals.pause() == WINDOW_SECONDS
    clock.advance(WINDOW_SECONDS)
    assert refusals.pause() == 0


async def test_refused_requests_are_counted(server, courier):
    server.user(7).blocks()
    with pytest.raises(Gone):
        await courier.send("7", text("x"))
    assert len(courier._directed.refusals._times) == 1


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("wss://gateway.discord.gg/?v=10&encoding=json", "ws://127.0.0.1:1/?v=10&encoding=json"),
        ("wss://gateway-us-east1-b.discord.gg/?v=10", "wss://gateway-us-east1-b.discord.gg/?v=10"),
    ],
)
def test_only_the_librarys_own_gateway_is_replaced(url, expected):
    directed = Directed("", "ws://127.0.0.1:1/", Refusals(ManualClock().monotonic))
    assert directed.gateway(url) == expected
    assert Directed("", "", Refusals(ManualClock().monotonic)).gateway(url) == url


def test_without_addresses_requests_go_to_discord():
    route = Route("GET", "/users/@me")
    directed = Directed("", "", Refusals(ManualClock().monotonic))
    assert directed.route(route).url == "https://discord.com/api/v10/users/@me"


async def test_two_clients_at_two_servers_do_not_meet(house, server):
    other = House()
    async with DiscordStandIn() as elsewhere:
        for one in (server, elsewhere):
            one.user(7)
        async with on_discord(house, server), on_discord(other, elsewhere):
            await asyncio.gather(
                house.courier.send("7", text("here")), other.courier.send("7", text("there"))
            )
        assert [one.text for one in server.user(7).messages] == ["**here**"]
        assert [one.text for one in elsewhere.user(7).messages] == ["**there**"]
    assert Route.BASE == "https://discord.com/api/v10"
