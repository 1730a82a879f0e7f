"""The checkers of the platforms' own descriptions, on descriptions small enough to read."""

import json
from pathlib import Path

import pytest

from tests.support.specs.discord import DiscordSpec
from tests.support.specs.telegram import TelegramSpec


def field(name: str, *types: str, required: bool = False, description: str = "") -> dict:
    return {
        "name": name,
        "types": list(types),
        "required": required,
        "description": description,
    }


def kind(text: str, *others: dict) -> dict:
    told = f"Type of the thing, always “{text}”"
    return {"fields": [field("type", "String", required=True, description=told), *others]}


TELEGRAM = {
    "methods": {
        "send": {
            "returns": ["Message", "Boolean"],
            "fields": [
                field("chat_id", "Integer", "String", required=True),
                field("text", "String", required=True),
                field("is_silent", "Boolean"),
                field("pause", "Float"),
                field("rows", "Array of Array of Button"),
                field("media", "Media"),
                field("photo", "InputFile", "String"),
            ],
        },
        "stop": {"returns": ["Array of Message"]},
    },
    "types": {
        "Message": {"fields": [field("id", "Integer", required=True), field("reply", "Message")]},
        "Button": {"fields": [field("text", "String", required=True), field("game", "Game")]},
        "Game": {},
        "Media": {"subtypes": ["Photo", "Video"]},
        "Photo": kind("photo", field("media", "String", required=True)),
        "Video": kind("video", field("seconds", "Integer", required=True)),
    },
}
WELL = {"chat_id": "7", "text": "x"}
CALLS = {
    "all is well": ("send", WELL, set(), []),
    "a name for a chat": ("send", {**WELL, "chat_id": "@desk"}, set(), []),
    "a text that is a number": ("send", {**WELL, "text": "47"}, set(), []),
    "JSON values": ("send", {"chat_id": 7, "text": "x", "is_silent": True}, set(), []),
    "form values": ("send", {**WELL, "is_silent": "True", "pause": "1"}, set(), []),
    "a file": ("send", WELL, {"photo"}, []),
    "a nested file": (
        "send",
        {**WELL, "media": '{"type": "photo", "media": "attach://p"}'},
        {"p"},
        [],
    ),
    "no method": ("sing", {}, set(), ["no such method: sing"]),
    "a lack": ("send", {"text": "x"}, set(), ["chat_id: required"]),
    "a stranger": ("send", {**WELL, "colour": "red"}, set(), ["colour: unknown parameter"]),
    "a stray file": ("send", WELL, {"p"}, ["p: a file that nothing names"]),
    "no number": ("send", {**WELL, "pause": "soon"}, set(), ["pause: 'soon' is no Float"]),
    "a flag for a number": ("send", {**WELL, "pause": "true"}, set(), ["pause: True is no Float"]),
    "a number for a text": ("send", {"chat_id": 7, "text": 5}, set(), ["text: 5 is no String"]),
    "a row that is none": (
        "send",
        {**WELL, "rows": '[{"text": "a"}]'},
        set(),
        ["rows[0]: not an array"],
    ),
    "a wrong button": (
        "send",
        {**WELL, "rows": '[[{"text": 1, "x": 2}, "b", {"text": "c", "game": {}}]]'},
        set(),
        [
            "rows[0][0].text: 1 is no String",
            "rows[0][0].x: unknown in Button",
            "rows[0][1]: 'b' is no Button",
        ],
    ),
    "a kind that lacks something": (
        "send",
        {**WELL, "media": '{"type": "video", "media": "x"}'},
        set(),
        ["media.seconds: required in Video", "media.media: unknown in Video"],
    ),
    "an unknown kind": (
        "send",
        {**WELL, "media": '{"type": "song", "media": "x"}'},
        set(),
        ["media.type: 'song' is not 'photo' (another kind)"],
    ),
}


@pytest.fixture
def telegram(tmp_path: Path) -> TelegramSpec:
    path = tmp_path / "telegram.json"
    path.write_text(json.dumps(TELEGRAM))
    return TelegramSpec(path)


@pytest.mark.parametrize("what", CALLS)
def test_a_telegram_call_is_held_to_its_description(telegram, what):
    method, fields, files, problems = CALLS[what]
    assert telegram.check_call(method, fields, files) == problems


@pytest.mark.parametrize(
    ("method", "result", "problems"),
    [
        ("send", True, []),
        ("send", {"id": 1, "reply": {"id": 2}}, []),
        ("send", {"id": 1, "reply": {"id": "2"}}, ["result.reply.id: '2' is no Integer"]),
        ("send", "x", ["result: 'x' is no Message"]),
        ("stop", [{"id": 1}, {}], ["result[1].id: required in Message"]),
        ("stop", {}, ["result: not an array"]),
        ("sing", {}, ["no such method: sing"]),
    ],
)
def test_a_telegram_answer_is_held_to_its_description(telegram, method, result, problems):
    assert telegram.check_result(method, result) == problems


DISCORD = {
    "openapi": "3.1.0",
    "paths": {
        "/users/@me": {"get": {"responses": {"200": {"$ref": "#/components/responses/Me"}}}},
        "/users/{user_id}": {"get": {"responses": {"200": {"description": "anybody"}}}},
        "/channels/{channel_id}/messages": {
            "post": {
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/Create"}}
                    },
                },
                "responses": {
                    "200": {"$ref": "#/components/responses/Me"},
                    "4XX": {
                        "content": {
                            "application/json": {"schema": {"$ref": "#/components/schemas/Error"}}
                        }
                    },
                },
            },
            "delete": {"responses": {"204": {"description": "gone"}}},
        },
    },
    "components": {
        "responses": {
            "Me": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Me"}}}}
        },
        "schemas": {
            "Me": {
                "type": "object",
                "required": ["id", "primary_guild"],
                "properties": {
                    "id": {"type": "string"},
                    "owner": {"$ref": "#/components/schemas/Me"},
                },
            },
            "Error": {"type": "object", "required": ["code"]},
            "Create": {
                "type": "object",
                "properties": {
                    "content": {"type": ["string", "null"], "maxLength": 5},
                    "components": {
                        "type": "array",
                        "items": {
                            "oneOf": [
                                {"$ref": "#/components/schemas/Text"},
                                {"$ref": "#/components/schemas/Button"},
                            ]
                        },
                    },
                },
            },
            "Text": {
                "type": "object",
                "required": ["content"],
                "properties": {"type": {"const": 10}},
            },
            "Button": {
                "type": "object",
                "required": ["custom_id", "label"],
                "properties": {"type": {"const": 2}},
            },
        },
    },
}
ROUTE = "/api/v10/channels/5/messages?wait=true"


@pytest.fixture
def discord(tmp_path: Path) -> DiscordSpec:
    path = tmp_path / "discord.json"
    path.write_text(json.dumps(DISCORD))
    return DiscordSpec(path)


@pytest.mark.parametrize(
    ("request_line", "payload", "problems"),
    [
        (f"POST {ROUTE}", {"content": "x", "components": [{"type": 10, "content": "x"}]}, []),
        (f"POST {ROUTE}", None, ["body required"]),
        (f"POST {ROUTE}", {"content": "too long"}, ["content: 'too long' is too long"]),
        (
            f"POST {ROUTE}",
            {"components": [{"type": 2, "label": "x"}]},
            ["components.0: 'custom_id' is a required property"],
        ),
        (f"DELETE {ROUTE}", None, []),
        (f"DELETE {ROUTE}", {"x": 1}, ["a body where none is known"]),
        ("GET /nothing", None, ["no such operation: GET /nothing"]),
        ("PUT /users/@me", None, ["no such operation: PUT /users/@me"]),
    ],
)
def test_a_discord_request_is_held_to_its_description(discord, request_line, payload, problems):
    method, _, path = request_line.partition(" ")
    assert discord.check_request(method, path, payload) == problems


@pytest.mark.parametrize(
    ("request_line", "status", "answer", "problems"),
    [
        ("GET /users/@me", 200, {"id": "1"}, []),
        ("GET /users/@me", 200, {}, ["body: 'id' is a required property"]),
        (
            "GET /users/@me",
            200,
            {"id": "1", "owner": {"id": 2}},
            ["owner.id: 2 is not of type 'string'"],
        ),
        ("GET /users/7", 200, None, []),
        (f"POST {ROUTE}", 403, {"code": 50013}, []),
        (f"POST {ROUTE}", 403, {}, ["body: 'code' is a required property"]),
        (f"POST {ROUTE}", 204, None, ["status 204 is not among 200, 4XX"]),
        (f"POST {ROUTE}", 502, None, []),
        (f"DELETE {ROUTE}", 204, None, []),
        (f"DELETE {ROUTE}", 204, {"id": "1"}, ["a body with 204"]),
        ("GET /nothing", 200, {}, ["no such operation: GET /nothing"]),
    ],
)
def test_a_discord_answer_is_held_to_its_description(
    discord, request_line, status, answer, problems
):
    method, _, path = request_line.partition(" ")
    assert discord.check_response(method, path, status, answer) == problems


def test_what_answers_need_not_have_can_be_chosen(tmp_path):
    path = tmp_path / "discord.json"
    path.write_text(json.dumps(DISCORD))
    strict = DiscordSpec(path, lenient=frozenset())
    told = strict.check_response("GET", "/users/@me", 200, {"id": "1"})
    assert told == ["body: 'primary_guild' is a required property"]
