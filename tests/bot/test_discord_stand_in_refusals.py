"""What the stand-in for Discord refuses, and how it fails when told to; no library in between."""

import asyncio
import io
import json
import signal
import sys
import zlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.support.discord.offers import NotOffered
from tests.support.discord.shapes import FILE_BYTES_MAX
from tests.support.discord.stand_in import TOKEN, DiscordStandIn
from tests.support.discord.world import MANAGE_GUILD, MEMBER

PROJECT = Path(__file__).parents[2]


@pytest.fixture
async def bare() -> AsyncIterator["Bare"]:
    """The stand-in without a library, for requests that a library would not send."""
    async with DiscordStandIn() as made, aiohttp.ClientSession() as session:
        yield Bare(made, session)


class Bare:
    """Sends what it is told, with the bot's token."""

    def __init__(self, server: DiscordStandIn, session: aiohttp.ClientSession) -> None:
        self.server = server
        self._session = session

    async def ask(self, method: str, path: str, **how) -> tuple[int, Any]:
        headers = {"Authorization": f"Bot {TOKEN}"}
        url = f"{self.server.api_url}{path}"
        async with self._session.request(method, url, headers=headers, **how) as answer:
            is_json = answer.headers.get("Content-Type") == "application/json"
            return answer.status, await answer.json() if is_json else await answer.text()

    async def post(self, path: str, body: Any) -> tuple[int, Any]:
        return await self.ask("POST", path, json=body)

    @property
    def channel(self) -> str:
        return f"/channels/{self.server.user(7).dm.id}/messages"


@pytest.mark.parametrize("query", ["v=10&encoding=json&compress=zlib-stream", "v=10&encoding=json"])
async def test_payloads_are_compressed_in_one_context_when_asked(bare, query):
    context = zlib.decompressobj()
    found = []
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{bare.server.gateway_url}?{query}") as ws,
    ):
        await ws.send_json({"op": 2, "d": {"token": TOKEN, "intents": 1}})
        for _ in range(2):
            message = await ws.receive()
            if message.type is aiohttp.WSMsgType.BINARY:
                assert message.data.endswith(b"\x00\x00\xff\xff")
                found.append(context.decompress(message.data).decode())
            else:
                found.append(message.data)
    assert '"op": 10' in found[0]
    assert '"t": "READY"' in found[1]


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ("{", 4002),
        ('{"op": 99}', 4001),
        ('{"op": 3, "d": {}}', 4003),
        ('{"op": 2, "d": {"token": "TOKEN", "intents": -1}}', 4013),
        ('{"op": 6, "d": {"token": "wrong", "session_id": "x", "seq": 1}}', 4004),
    ],
)
async def test_the_gateway_closes_on_what_it_does_not_take(bare, payload, code):
    url = bare.server.gateway_url
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as ws:
        await ws.receive()
        await ws.send_str(payload.replace("TOKEN", TOKEN))
        assert (await ws.receive()).data == code


async def test_a_429_tells_when_to_come_back(bare):
    bare.server.limits.channel = 1
    assert (await bare.post(bare.channel, {"content": "a"}))[0] == 200
    status, body = await bare.post(bare.channel, {"content": "b"})
    assert (status, body["global"]) == (429, False)
    assert 4 < body["retry_after"] <= 5
    bare.server.limits.channel, bare.server.limits.everything = 0, 1
    await bare.ask("GET", "/users/@me")
    status, body = await bare.ask("GET", "/users/@me")
    assert (status, body["global"]) == (429, True)


@pytest.mark.parametrize(("drop", "arrived"), [("before", 0), ("after", 1)])
async def test_a_connection_drops_before_or_after_the_effect(bare, drop, arrived):
    bare.server.faults.on("/messages", method="POST", drop=drop)
    body = {"content": "hello", "nonce": "n1", "enforce_nonce": True}
    with pytest.raises(aiohttp.ClientError):
        await bare.post(bare.channel, body)
    assert len(bare.server.user(7).messages) == arrived
    assert (await bare.post(bare.channel, body))[0] == 200
    assert len(bare.server.user(7).messages) == 1


async def test_a_server_in_trouble_answers_after_a_while(bare):
    bare.server.faults.on("/users", status=503, html="<h1>503</h1>", delay_seconds=0.05)
    assert await bare.ask("GET", "/users/@me") == (503, "<h1>503</h1>")
    request = bare.server.requests[0]
    assert request.answered_at - request.at >= 0.05
    assert (await bare.ask("GET", "/users/@me"))[0] == 200


def _row(*buttons) -> list[dict]:
    return [{"type": 1, "components": list(buttons)}]


def _button(**other) -> dict:
    return {"type": 2, "style": 1, "label": "Go", "custom_id": "go"} | other


def _texts(count: int, text: str = "a") -> list[dict]:
    return [{"type": 10, "content": text}] * count


def codes_in(errors: dict) -> list[str]:
    if "_errors" in errors:
        return [one["code"] for one in errors["_errors"]]
    return [code for inner in errors.values() for code in codes_in(inner)]


V2 = 32768
GALLERY = [{"type": 12, "items": [{"media": {"url": "attachment://no.png"}}]}]
BAD_MESSAGES = {
    ("text beside components", "LEGACY_FIELDS"): {
        "flags": V2,
        "content": "a",
        "components": _texts(1),
    },
    ("an embed beside components", "LEGACY_FIELDS"): {
        "flags": V2,
        "embeds": [{}],
        "components": _texts(1),
    },
    ("too many components", "MAX_NUMBER_OF_COMPONENTS"): {
        "flags": V2,
        "components": [{"type": 17, "components": _texts(40)}],
    },
    ("too much text", "DISPLAYABLE_TEXT_SIZE"): {"flags": V2, "components": _texts(2, "a" * 2001)},
    ("components of the second kind unannounced", "BASE_TYPE_CHOICES"): {"components": _texts(1)},
    ("a long custom id", "BASE_TYPE_BAD_LENGTH"): {
        "components": _row(_button(custom_id="a" * 101))
    },
    ("one custom id twice", "CUSTOM_ID_DUPLICATED"): {"components": _row(_button(), _button())},
    ("a long label", "BASE_TYPE_BAD_LENGTH"): {"components": _row(_button(label="a" * 81))},
    ("no label", "MISSING_LABEL"): {"components": _row(_button(label=None))},
    ("no custom id", "BASE_TYPE_REQUIRED"): {"components": _row(_button(custom_id=None))},
    ("a link with a custom id", "INVALID_CUSTOM_ID"): {
        "components": _row(_button(style=5, url="https://a.b"))
    },
    ("a link to nowhere", "INVALID_SCHEME"): {
        "components": _row(_button(style=5, custom_id=None, url="ftp:"))
    },
    ("six buttons", "BASE_TYPE_BAD_LENGTH"): {
        "components": _row(*(_button(custom_id=str(n)) for n in range(6)))
    },
    ("a menu beside a button", "WIDTH_EXCEEDED"): {
        "components": _row(
            _button(), {"type": 3, "custom_id": "m", "options": [{"label": "a", "value": "a"}]}
        )
    },
    ("an empty menu", "BASE_TYPE_BAD_LENGTH"): {
        "components": _row({"type": 3, "custom_id": "m", "options": []})
    },
    ("a picture that is not there", "REFERENCED_ATTACHMENT"): {"flags": V2, "components": GALLERY},
    ("long text", "BASE_TYPE_BAD_LENGTH"): {"content": "a" * 2001},
    ("a long nonce", "BASE_TYPE_BAD_LENGTH"): {"content": "a", "nonce": "a" * 26},
    ("a file that is not there", "ATTACHMENT_NOT_FOUND"): {
        "content": "a",
        "attachments": [{"id": 0}],
    },
    ("contrary mentions", "PARSE_EXCLUSIVE"): {
        "content": "a",
        "allowed_mentions": {"parse": ["users"], "users": ["7"]},
    },
    ("a long embed", "MAX_EMBED_SIZE"): {
        "embeds": [{"description": "a" * 4000}, {"description": "a" * 4000}]
    },
}


@pytest.mark.parametrize("what", BAD_MESSAGES, ids=lambda what: what[0])
async def test_a_message_is_refused_for(bare, what):
    status, body = await bare.post(bare.channel, BAD_MESSAGES[what])
    assert (status, body["code"]) == (400, 50035)
    assert [code for code in codes_in(body["errors"]) if what[1] not in code] == []
    assert bare.server.user(7).messages == []


def _command(**other) -> dict:
    return {"name": "buy", "description": "Buy"} | other


def _option(**other) -> dict:
    return {"type": 3, "name": "coin", "description": "Coin"} | other


BAD_COMMANDS = {
    ("a space in its name", "INVALID_NAME"): [_command(name="buy now")],
    ("a capital in its name", "INVALID_NAME"): [_command(name="Buy")],
    ("a long name", "BAD_LENGTH"): [_command(name="b" * 33)],
    ("no description", "BASE_TYPE_REQUIRED"): [{"name": "buy"}],
    ("a long description", "BAD_LENGTH"): [_command(description="a" * 101)],
    ("a bad localized name", "INVALID_NAME"): [
        _command(name_localizations={"pt-BR": "Comprar já"})
    ],
    ("an unknown locale", "BASE_TYPE_CHOICES"): [_command(name_localizations={"pt": "comprar"})],
    ("a name used twice", "DUPLICATE_NAME"): [_command(), _command()],
    ("101 commands", "COMMANDS_MAX"): [_command(name=f"b{number}") for number in range(101)],
    ("26 options", "BAD_LENGTH"): [
        _command(options=[_option(name=f"o{number}") for number in range(26)])
    ],
    ("an option used twice", "NAME_ALREADY_EXISTS"): [_command(options=[_option(), _option()])],
    ("a required option last", "REQUIRED_INVALID"): [
        _command(options=[_option(), _option(name="b", required=True)])
    ],
    ("choices and completion", "AUTOCOMPLETE_CHOICES"): [
        _command(options=[_option(autocomplete=True, choices=[{"name": "a", "value": "a"}])])
    ],
    ("a number among texts", "BASE_TYPE_REQUIRED"): [
        _command(options=[_option(choices=[{"name": "a", "value": 1}])])
    ],
    ("an unknown context", "BASE_TYPE_CHOICES"): [_command(contexts=[3])],
    ("8001 characters", "TOO_LARGE"): [
        _command(
            options=[
                _option(name=f"o{n}", choices=[{"name": f"{m:100}", "value": "v" * 9}] * 3)
                for n in range(25)
                for m in [n]
            ]
        )
    ],
}


@pytest.mark.parametrize("what", BAD_COMMANDS, ids=lambda what: what[0])
async def test_commands_are_refused_for(bare, what):
    path = f"/applications/{bare.server.world.bot.id}/commands"
    status, body = await bare.ask("PUT", path, json=BAD_COMMANDS[what])
    assert (status, body["code"]) == (400, 50035)
    assert [code for code in codes_in(body["errors"]) if what[1] not in code] == []
    assert bare.server.commands == []


async def sync(bare: Bare, *commands: dict) -> None:
    path = f"/applications/{bare.server.world.bot.id}/commands"
    assert (await bare.ask("PUT", path, json=list(commands)))[0] == 200


BUY = _command(
    name_localizations={"pt-BR": "comprar"},
    options=[
        _option(required=True, max_length=8),
        _option(type=10, name="amount", min_value=1),
        _option(type=4, name="days", choices=[{"name": "a week", "value": 7}]),
        _option(type=5, name="quiet"),
    ],
    contexts=[0, 1],
    integration_types=[0],
)


async def test_options_are_typed_as_they_were_synced(bare):
    bia = bare.server.user(8, "Bia", "pt-BR")
    await sync(bare, BUY, _command(name="alert", options=[_option(type=1, name="add")]))
    turn = await bia.runs("comprar", coin="btc", amount="500", days="a week", quiet=True)
    sent = turn.interaction.data
    assert sent["name"] == "buy"
    assert [one["value"] for one in sent["options"]] == ["btc", 500.0, 7, True]
    nested = (await bia.runs("alert add")).interaction.data["options"]
    assert nested == [{"name": "add", "type": 1, "options": []}]


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("sell", {}),
        ("buy", {}),
        ("buy", {"coin": "btc", "stop": "2%"}),
        ("buy", {"coin": "a long coin"}),
        ("buy", {"coin": "btc", "amount": "much"}),
        ("buy", {"coin": "btc", "amount": 0.5}),
        ("buy", {"coin": "btc", "days": 8}),
        ("buy", {"coin": "btc", "quiet": "yes"}),
    ],
)
async def test_a_client_does_not_let_him_run(bare, command, options):
    await sync(bare, BUY)
    with pytest.raises(NotOffered):
        await bare.server.user(7).runs(command, **options)
    assert bare.server.world.interactions == {}


async def test_a_command_is_offered_where_it_was_said_to_be(bare):
    server = bare.server
    ana, bia = server.user(7), server.user(8, has_installed=False)
    foreign = server.guild(501, "Elsewhere", has_bot=False)["general"]
    desk = server.guild(500, "Desk")["general"]
    everywhere = {"contexts": [0, 1, 2], "integration_types": [0, 1]}
    admin = str(MANAGE_GUILD)
    await sync(
        bare,
        BUY,
        _command(name="price", **everywhere),
        _command(name="admin", default_member_permissions=admin),
    )
    for person, command, place in [
        (ana, "buy", foreign),
        (bia, "price", foreign),
        (ana, "buy", server.private(ana, bia)),
        (ana, "admin", desk),
    ]:
        with pytest.raises(NotOffered):
            await person.runs(command, place, coin="btc")
    desk.guild.joins(ana.account, MEMBER | MANAGE_GUILD)
    for command, place in [("price", foreign), ("admin", desk), ("price", ana.dm)]:
        assert (await ana.runs(command, place)).interaction.kind == 2


async def acknowledge(bare: Bare, turn, kind: int = 4, data: dict | None = None) -> tuple[int, Any]:
    one = turn.interaction
    body = {"type": kind, "data": data or {"content": "done"}}
    return await bare.post(f"/interactions/{one.id}/{one.token}/callback?with_response=true", body)


async def test_a_foreign_guild_gets_five_follow_ups(bare):
    await sync(bare, _command(integration_types=[1]))
    place = bare.server.guild(501, "Elsewhere", has_bot=False)["general"]
    turn = await bare.server.user(7).runs("buy", place)
    hook = f"/webhooks/{bare.server.world.bot.id}/{turn.interaction.token}"
    assert (await bare.post(hook, {"content": "early"}))[1]["code"] == 10015
    assert (await acknowledge(bare, turn))[0] == 200
    codes = [(await bare.post(hook, {"content": str(n)}))[0] for n in range(6)]
    assert codes == [200] * 5 + [400]
    status, body = await bare.post(f"/channels/{place.id}/messages", {"content": "hello"})
    assert (status, body["code"]) == (403, 50001)


@pytest.mark.parametrize("kind", [6, 7, 8, 12, None])
async def test_a_command_cannot_be_answered_by(bare, kind):
    await sync(bare, _command())
    turn = await bare.server.user(7).runs("buy")
    assert (await acknowledge(bare, turn, kind))[1]["code"] == 50035
    assert (await acknowledge(bare, turn))[0] == 200
    assert (await acknowledge(bare, turn))[1]["code"] == 40060


@pytest.mark.parametrize(
    "data",
    [
        {"custom_id": "m", "title": "a" * 46, "components": _row({"type": 4})},
        {"custom_id": "m", "title": "a", "components": _row(_button())},
        {"custom_id": "m", "title": "a", "components": []},
        {"title": "a", "components": [{"type": 18, "label": "a", "component": {"type": 10}}]},
    ],
)
async def test_a_form_is_refused(bare, data):
    await sync(bare, _command())
    turn = await bare.server.user(7).runs("buy")
    assert (await acknowledge(bare, turn, 9, data))[1]["code"] == 50035


async def test_more_than_25_choices_are_refused(bare):
    await sync(bare, _command(options=[_option(autocomplete=True)]))
    waiting = asyncio.create_task(bare.server.user(7).completes("buy", "coin", "b"))
    found = lambda: next(iter(bare.server.world.interactions.values()), None)  # noqa: E731
    one = await bare.server.world.wait(found, 5, "nothing was typed")
    path = f"/interactions/{one.id}/{one.token}/callback"
    choices = [{"name": str(n), "value": str(n)} for n in range(26)]
    body = {"type": 8, "data": {"choices": choices}}
    assert (await bare.post(path, body))[1]["code"] == 50035
    assert await bare.post(path, {"type": 8, "data": {"choices": choices[:1]}}) == (204, "")
    assert await waiting == [("0", "0")]


async def test_a_message_of_the_second_kind_stays_one(bare):
    made = (await bare.post(bare.channel, {"flags": V2, "components": _texts(1)}))[1]
    path = f"{bare.channel}/{made['id']}"
    status, body = await bare.ask("PATCH", path, json={"flags": 0, "components": []})
    assert (status, body["code"]) == (400, 50035)
    assert (await bare.ask("PATCH", path, json={"content": "a"}))[1]["code"] == 50035
    assert (await bare.ask("PATCH", path, json={"components": []}))[1]["code"] == 50006
    assert bare.server.user(7).messages[0].text == "a"


@pytest.mark.parametrize(
    ("allowed", "pings", "everyone"),
    [
        (None, {7}, True),
        ({"parse": []}, set(), False),
        ({"parse": [], "users": ["7", "8"]}, {7}, False),
        ({"parse": ["everyone"]}, set(), True),
    ],
)
async def test_who_is_called_is_known(bare, allowed, pings, everyone):
    await bare.post(bare.channel, {"content": "@everyone <@7>", "allowed_mentions": allowed})
    seen = await bare.server.user(7).next()
    assert (seen.pings, seen.pings_everyone) == (pings, everyone)


async def test_what_is_not_there_or_not_allowed_has_its_code(bare):
    server = bare.server
    desk = server.guild(500, "Desk", "general", "closed", "read-only")
    desk["closed"].bot_sees = desk["read-only"].bot_writes = False
    said = await server.user(7).says("hi", desk["general"])
    messages = f"/channels/{desk['general'].id}/messages"
    tries = [
        ("GET", "/nowhere", 404, 0),
        ("GET", "/channels/1", 404, 10003),
        ("GET", "/guilds/1", 404, 10004),
        ("GET", f"/guilds/500/members/{server.user(8).id}", 404, 10007),
        ("GET", f"{messages}/1", 404, 10008),
        ("GET", "/users/99", 404, 10013),
        ("GET", f"/channels/{desk['closed'].id}", 403, 50001),
        ("POST", f"/channels/{desk['read-only'].id}/messages", 403, 50013),
        ("PATCH", f"{messages}/{said.id}", 403, 50005),
        ("DELETE", f"{messages}/{said.id}", 403, 50013),
        ("POST", messages, 400, 50006),
    ]
    for method, path, status, code in tries:
        found, body = await bare.ask(method, path, json={})
        assert (path, found, body["code"]) == (path, status, code)
    assert (await bare.ask("POST", messages, data="{"))[1]["code"] == 50109
    big = aiohttp.FormData({"payload_json": "{}"})
    big.add_field("files[0]", io.BytesIO(bytes(FILE_BYTES_MAX + 1)), filename="a.png")
    assert (await bare.ask("POST", messages, data=big))[1]["code"] == 40005
    assert await bare.ask("DELETE", "/users/@me/guilds/500") == (204, "")
    assert (await bare.ask("GET", messages))[1]["code"] == 50001


async def test_it_runs_as_a_process_and_is_played_with_through_its_door():
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.support.discord"),
        cwd=PROJECT,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    told = json.loads(await asyncio.wait_for(process.stdout.readline(), 20))
    door = told["control"].removesuffix("help")
    async with aiohttp.ClientSession() as session:

        async def play(what: str, **given) -> Any:
            async with session.post(door + what, json=given) as answer:
                return await answer.json()

        assert "runs" in await play("help")
        assert (await play("guild", guild=501, channels=["a"])).keys() == {"a"}
        user = await play("user", user=9, name="Caio", locale="pt-BR")
        headers = {"Authorization": f"Bot {told['DISCORD_TOKEN']}"}
        url = f"{told['DISCORD_API_URL']}/channels/{user['dm']}/messages"
        async with session.post(url, json={"content": "olá"}, headers=headers) as answer:
            assert answer.headers["X-RateLimit-Limit"] == "5"
        assert [one["text"] for one in await play("chat", user=9)] == ["olá"]
        assert "NotOffered" in (await play("runs", user=9, command="buy"))["error"]
        assert (await play("state"))["last"] == [f"200 POST /channels/{user['dm']}/messages"]
    process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(process.wait(), 5) == 0


async def test_menus_links_and_stale_buttons_are_pressed_as_a_phone_would(bare):
    ana = bare.server.user(7)
    options = [{"label": "One percent", "value": "1"}, {"label": "Two", "value": "2"}]
    menu = {"type": 3, "custom_id": "m", "placeholder": "How much?", "options": options}
    link = {"type": 2, "style": 5, "label": "Site", "url": "https://example.org"}
    components = [*_row(menu), *_row(link, _button(label="Off", disabled=True))]
    await bare.post(bare.channel, {"content": "pick", "components": components})
    message = await ana.next()
    assert [one["placeholder"] for one in message.selects] == ["How much?"]
    sent = (await ana.picks(message, "How much?", "Two")).interaction.data
    assert (sent["values"], sent["component_type"]) == (["2"], 3)
    for button in ("Site", "Off", "Gone"):
        with pytest.raises(NotOffered):
            await ana.presses(message, button)
    with pytest.raises(NotOffered):
        await ana.picks(message, "m", "3")
    turn = await ana.forges(message, "close:99")
    assert turn.interaction.data["custom_id"] == "close:99"
    assert (await acknowledge(bare, turn, 7, {"content": "no", "components": []}))[0] == 200
    assert (await turn.reply(), message.text, message.labels) == (message, "no", [])


async def test_a_form_holds_every_kind_of_field(bare):
    await sync(bare, _command())
    ana = bare.server.user(7)
    turn = await ana.runs("buy")
    choice = [{"label": "Long", "value": "long"}, {"label": "Short", "value": "short"}]
    inputs = [
        {"type": 4, "custom_id": "price", "style": 1, "required": False, "value": "9"},
        {"type": 3, "custom_id": "side", "options": choice},
        {"type": 21, "custom_id": "one", "options": choice},
        {"type": 23, "custom_id": "sure"},
    ]
    fields = [{"type": 18, "label": f"Field {n}", "component": one} for n, one in enumerate(inputs)]
    data = {"custom_id": "m", "title": "Order", "components": fields}
    assert (await acknowledge(bare, turn, 9, data))[0] == 200
    sent = await ana.submits(await turn.form(), side="long", one="short", sure=True)
    found = [one["component"] for one in sent.interaction.data["components"]]
    assert found[0]["value"] == "9"
    assert (found[1]["values"], found[2]["value"], found[3]["value"]) == (["long"], "short", True)
    with pytest.raises(NotOffered):
        await ana.submits(await turn.form(), nothing="1")


async def test_every_kind_of_component_is_resolved(bare):
    picture = {"media": {"url": "attachment://a.png"}}
    text = {"type": 10, "content": "one"}
    inside = [
        {"type": 9, "components": [text], "accessory": {"type": 11, **picture}},
        {"type": 14},
        {"type": 12, "items": [picture]},
        {"type": 13, "file": {"url": "attachment://b.csv"}},
        {"type": 9, "components": [text], "accessory": _button()},
    ]
    body = {"flags": V2, "components": [{"type": 17, "accent_color": 255, "components": inside}]}
    form = aiohttp.FormData({"payload_json": json.dumps(body)}, quote_fields=False)
    form.add_field("files[0]", io.BytesIO(b"png"), filename="a.png")
    form.add_field("files[1]", io.BytesIO(b"1;2"), filename="b.csv")
    status, made = await bare.ask("POST", bare.channel, data=form)
    assert status == 200, made
    seen = await bare.server.user(7).next()
    assert (seen.text, seen.labels, seen.accent) == ("one\none", ["Go"], 255)
    assert [one.content for one in seen.pictures] == [b"png", b"1;2"]
    file = made["components"][0]["components"][3]
    assert (file["name"], file["size"]) == ("b.csv", 3)
    async with aiohttp.ClientSession() as session, session.get(file["file"]["url"]) as answer:
        assert (answer.status, await answer.read()) == (200, b"1;2")


async def test_what_is_known_can_be_asked_for(bare):
    server = bare.server
    desk = server.guild(500, "Desk")
    ana = server.user(7)
    desk.joins(ana.account)
    messages = f"/channels/{desk['general'].id}/messages"
    bot = server.world.bot.id
    await bare.post(messages, {"content": "a"})
    await bare.ask("PUT", f"/applications/{bot}/guilds/500/commands", json=[BUY])
    assert (await ana.runs("buy", desk["general"], coin="btc")).interaction.data[
        "guild_id"
    ] == "500"
    for path, key, value in [
        ("/gateway", "url", server.gateway_url),
        ("/gateway/bot", "shards", 1),
        ("/guilds/500", "name", "Desk"),
        ("/guilds/500/members/7", "nick", None),
        ("/users/@me", "id", str(bot)),
        ("/applications/@me", "bot_public", True),
        (f"/channels/{desk['general'].id}", "name", "general"),
    ]:
        status, body = await bare.ask("GET", path)
        assert (path, status, body[key]) == (path, 200, value)
    assert [one["content"] for one in (await bare.ask("GET", messages))[1]] == ["a"]
    path = f"/applications/{bot}/guilds/500/commands"
    plain = (await bare.ask("GET", path))[1][0]
    told = (await bare.ask("GET", f"{path}?with_localizations=true"))[1][0]
    assert "name_localizations" not in plain
    assert told["name_localizations"] == {"pt-BR": "comprar"}


@pytest.mark.parametrize("code", [4009, 4004, 1000])
async def test_a_session_is_closed_with_a_code(bare, code):
    url = bare.server.gateway_url
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as ws:
        await ws.send_json({"op": 2, "d": {"token": TOKEN, "intents": 1}})
        await bare.server.connected()
        bare.server.gateway.close(code)
        found = [message.type async for message in ws]
        assert found == [aiohttp.WSMsgType.TEXT] * 2
        assert ws.close_code == code


async def test_a_gateway_that_is_not_there_answers_as_a_page(bare):
    bare.server.faults.on("^/$", status=503)
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(bare.server.gateway_url)
        async with session.ws_connect(bare.server.gateway_url) as ws:
            assert (await ws.receive_json())["op"] == 10
            bare.server.gateway.send_raw([1])
            bare.server.gateway.send_raw(b"\x00")
            assert await ws.receive_json() == [1]
            assert (await ws.receive()).data == b"\x00"
