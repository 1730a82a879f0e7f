"""REST v10: routes, the record of requests, who may ask what, and the answers' headers."""

import json
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from aiohttp import BodyPartReader, web

from tests.support.discord import refusals, shapes
from tests.support.discord.answers import Answers
from tests.support.discord.command_rules import check_commands
from tests.support.discord.messages import Messages
from tests.support.discord.refusals import Form, Refused
from tests.support.discord.traffic import Fault, Faults, Limits, Request, Room, Upload
from tests.support.discord.world import DM, Account, Channel, Guild, World

if TYPE_CHECKING:  # its library is not loaded where no description is given
    from tests.support.specs.discord import DiscordSpec

JSON = dict[str, Any]
Handler = Callable[[Request], Any]
OPEN_TO_ALL = ("/gateway",)


class Rest:
    """The REST side. `requests` holds all that was asked, `problems` what a `spec` objected to."""

    def __init__(self, world: World, messages: Messages, spec: "DiscordSpec | None") -> None:
        self._world = world
        self._messages = messages
        self._spec = spec
        self._answers = Answers(world, messages)
        self.requests: list[Request] = []
        self.problems: list[str] = []
        self.limits = Limits()
        self.faults = Faults()
        self.commands: dict[int, list[JSON]] = {}
        self.syncs = 0
        self.identifies = 0

    def add_routes(self, app: web.Application) -> None:
        """Add every route under `/api/v10`."""
        answers, message = self._answers, "/channels/{channel_id}/messages"
        token = "/webhooks/{webhook_id}/{token}"
        commands = "/applications/{application_id}/commands"
        in_guild = "/applications/{application_id}/guilds/{guild_id}/commands"
        routes: list[tuple[str, str, Handler]] = [
            ("GET", "/users/@me", lambda _: shapes.me(self._world)),
            ("GET", "/users/{user_id}", self._user),
            ("GET", "/oauth2/applications/@me", lambda _: shapes.application(self._world)),
            ("GET", "/applications/@me", lambda _: shapes.application(self._world)),
            ("GET", "/gateway", lambda _: {"url": self._gateway_url}),
            ("GET", "/gateway/bot", self._gateway_bot),
            ("GET", commands, self._read_commands),
            ("PUT", commands, self._sync),
            ("GET", in_guild, self._read_commands),
            ("PUT", in_guild, self._sync),
            ("POST", "/interactions/{interaction_id}/{token}/callback", answers.callback),
            ("POST", token, answers.follow_up),
            ("GET", token + "/messages/{message_id}", answers.read),
            ("PATCH", token + "/messages/{message_id}", answers.edit),
            ("DELETE", token + "/messages/{message_id}", answers.delete),
            ("GET", message, self._list),
            ("POST", message, self._send),
            ("GET", message + "/{message_id}", self._read),
            ("PATCH", message + "/{message_id}", self._edit),
            ("DELETE", message + "/{message_id}", self._delete),
            ("POST", "/channels/{channel_id}/typing", self._typing),
            ("GET", "/channels/{channel_id}", self._channel_shape),
            ("POST", "/users/@me/channels", self._open_dm),
            ("DELETE", "/users/@me/guilds/{guild_id}", self._leave),
            ("GET", "/guilds/{guild_id}", lambda one: shapes.guild(self._guild(one))),
            ("GET", "/guilds/{guild_id}/members/{user_id}", self._member),
        ]
        for method, template, handler in routes:
            app.router.add_route(method, f"/api/v10{template}", self._serve(template, handler))
        app.router.add_route("*", "/api/{rest:.*}", self._serve("", _nowhere))

    @property
    def _gateway_url(self) -> str:
        return self._world.base_url.replace("http", "ws", 1) + "/"

    def _serve(
        self, template: str, handler: Handler
    ) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def serve(raw: web.Request) -> web.StreamResponse:
            path = raw.path.removeprefix("/api/v10")
            match = dict(raw.match_info)
            request = Request(time.monotonic(), raw.method, path, template, match, dict(raw.query))
            request.is_authorized = raw.headers.get("Authorization") == f"Bot {self._world.token}"
            is_sound = await _read_body(raw, request)
            self.requests.append(request)
            fault = await self.faults.meet(request.method, path)
            if fault is not None and fault.drop == "before":
                return _cut(raw)
            room = self.limits.take(request)
            if fault is not None and fault.status:
                answer = self._fail(request, fault, room)
            else:
                answer = self._answer(request, handler if is_sound else _unreadable, room)
            request.answered_at = time.monotonic()
            self._world.touch()
            if fault is not None and fault.drop == "after":
                request.status = 0
                return _cut(raw)
            return answer

        return serve

    def _answer(self, request: Request, handler: Handler, room: Room) -> web.Response:
        headers = room.headers()
        try:
            if room.retry_after:
                return self._limited(request, room.retry_after, headers, is_global=room.is_global)
            if not request.is_authorized and not _is_open(request):
                raise refusals.unauthorized()
            self._check(request)
            answer = handler(request)
        except Refused as refused:
            return self._say(request, refused.status, refused.body, headers)
        return self._say(request, 204 if answer is None else 200, answer, headers)

    def _fail(self, request: Request, fault: Fault, room: Room) -> web.Response:
        headers = room.headers()
        if fault.html:
            request.status = fault.status
            return web.Response(status=fault.status, text=fault.html, content_type="text/html")
        if fault.status != 429:
            body = {"message": fault.message, "code": fault.code}
            return self._say(request, fault.status, body, headers)
        headers["X-RateLimit-Scope"] = fault.scope
        is_global = fault.scope == "global"
        if is_global:
            headers["X-RateLimit-Global"] = "true"
        return self._limited(request, fault.retry_after, headers, is_global=is_global)

    def _limited(
        self, request: Request, seconds: float, headers: dict[str, str], *, is_global: bool
    ) -> web.Response:
        headers["Retry-After"] = f"{seconds:.3f}"
        text = "You are being rate limited."
        told = {"retry_after": round(seconds, 3), "global": is_global}
        body = {"message": text, "code": 0} | told
        return self._say(request, 429, body, headers)

    def _say(
        self, request: Request, status: int, answer: Any, headers: dict[str, str]
    ) -> web.Response:
        request.status, request.answer = status, answer
        if self._spec is not None:
            found = self._spec.check_response(request.method, request.path, status, answer)
            self.problems += [
                f"answer {status} to {request.method} {request.template}: {one}" for one in found
            ]
        headers["Via"] = "1.1 stand-in"  # without it, the library takes a 429 for a ban
        if status == 204:
            return web.Response(status=204, headers=headers)
        headers["Content-Type"] = "application/json"  # exactly: a charset makes it a text
        return web.Response(status=status, body=json.dumps(answer).encode(), headers=headers)

    def _check(self, request: Request) -> None:
        if self._spec is not None and request.template:
            body = _with_text_ids(request.body)
            found = self._spec.check_request(request.method, request.path, body)
            self.problems += [f"{request.method} {request.template}: {one}" for one in found]

    def _user(self, request: Request) -> JSON:
        return shapes.user(self._account(request.match["user_id"]))

    def _account(self, account_id: object) -> Account:
        found = (
            self._world.accounts.get(int(str(account_id))) if str(account_id).isdigit() else None
        )
        if found is None:
            raise refusals.unknown_user()
        return found

    def _gateway_bot(self, _: Request) -> JSON:
        remaining = max(0, 1000 - self.identifies)
        limit = {"total": 1000, "remaining": remaining, "reset_after": 0, "max_concurrency": 1}
        return {"url": self._gateway_url, "shards": 1, "session_start_limit": limit}

    def _guild(self, request: Request) -> Guild:
        key = request.match["guild_id"]
        found = self._world.guilds.get(int(key)) if key.isdigit() else None
        if found is None or not found.has_bot:
            raise refusals.unknown_guild()
        return found

    def _member(self, request: Request) -> JSON:
        guild = self._guild(request)
        account = self._account(request.match["user_id"])
        if account is not self._world.bot and account not in guild.members:
            raise refusals.unknown_member()
        return shapes.member(guild, account)

    def _leave(self, request: Request) -> None:
        guild = self._guild(request)
        guild.has_bot = False
        self._world.publish("GUILD_DELETE", {"id": str(guild.id)}, 1)

    def _scope(self, request: Request) -> int:
        if request.match["application_id"] != str(self._world.bot.id):
            raise Refused(403, 20012, "You are not authorized to perform this action")
        if "guild_id" not in request.match:
            return 0
        key = request.match["guild_id"]
        guild = self._world.guilds.get(int(key)) if key.isdigit() else None
        if guild is None or not guild.has_bot:
            raise refusals.missing_access()
        return guild.id

    def _read_commands(self, request: Request) -> list[JSON]:
        known = self.commands.get(self._scope(request), [])
        if request.query.get("with_localizations", "false").lower() in ("true", "1"):
            return known
        hidden = ("name_localizations", "description_localizations")
        return [{key: one[key] for key in one if key not in hidden} for one in known]

    def _sync(self, request: Request) -> list[JSON]:
        scope = self._scope(request)
        check_commands(request.body)
        before = {(one["type"], one["name"]): one["id"] for one in self.commands.get(scope, [])}
        made = []
        for body in request.body:
            kind = body.get("type") or 1
            given = {key: value for key, value in body.items() if value is not None}
            defaults: JSON = {"description": "", "default_member_permissions": None}
            defaults |= {"dm_permission": True, "contexts": None, "integration_types": [0]}
            defaults |= {"nsfw": False, "name_localizations": None}
            own = {
                "id": before.get((kind, body["name"])) or str(self._world.new_id()),
                "application_id": str(self._world.bot.id),
                "version": str(self._world.new_id()),
                "type": kind,
            }
            if permissions := given.get("default_member_permissions"):
                own["default_member_permissions"] = str(permissions)
            made.append(defaults | {"description_localizations": None} | given | own)
            if scope:
                made[-1]["guild_id"] = str(scope)
        self.commands[scope] = made
        self.syncs += 1
        return made

    def _channel(self, request: Request) -> Channel:
        key = request.match["channel_id"]
        found = self._world.channels.get(int(key)) if key.isdigit() else None
        if found is None:
            raise refusals.unknown_channel()
        guild = found.guild
        is_inside = self._world.bot in found.people if guild is None else guild.has_bot
        if not is_inside or not found.bot_sees:
            raise refusals.missing_access()
        return found

    def _channel_shape(self, request: Request) -> JSON:
        return shapes.channel(self._channel(request), self._world)

    def _typing(self, request: Request) -> None:
        self._channel(request)

    def _open_dm(self, request: Request) -> JSON:
        form = Form()
        form.length(("recipient_id",), str(request.form.get("recipient_id") or ""), 1, 30)
        form.finish()
        account = self._account(request.form["recipient_id"])
        if account.is_bot:
            raise refusals.cannot_dm()
        return shapes.channel(self._world.dm(account), self._world)

    def _list(self, request: Request) -> list[JSON]:
        place = self._channel(request)
        limit = min(100, int(request.query.get("limit", "50")))
        shown = [one for one in place.messages.values() if not (one.is_deleted or one.is_ephemeral)]
        return [shapes.message(one, self._world) for one in reversed(shown[-limit:])]

    def _send(self, request: Request) -> JSON:
        place = self._channel(request)
        if place.kind == DM and not self._world.is_reachable(place.people[0]):
            raise refusals.cannot_dm()
        if not place.bot_writes or (request.files and not place.bot_attaches):
            raise refusals.missing_permissions()
        made = self._messages.create(request, request.form, place)
        return shapes.message(made, self._world)

    def _read(self, request: Request) -> JSON:
        found = self._messages.find(self._channel(request), request.match["message_id"])
        return shapes.message(found, self._world)

    def _edit(self, request: Request) -> JSON:
        found = self._messages.find(self._channel(request), request.match["message_id"])
        if found.author is not self._world.bot:
            raise refusals.not_the_author()
        self._messages.edit(found, request, request.form)
        return shapes.message(found, self._world)

    def _delete(self, request: Request) -> None:
        place = self._channel(request)
        found = self._messages.find(place, request.match["message_id"])
        if found.author is not self._world.bot:
            raise refusals.missing_permissions()
        self._messages.delete(found)


def _is_open(request: Request) -> bool:
    return request.is_of_interaction or request.template in OPEN_TO_ALL


def _with_text_ids(body: Any) -> Any:
    """Return a body with the ids that may be numbers as texts; the description knows no numbers."""
    if not isinstance(body, dict):
        return body
    data = body.get("data")
    changed = {"data": _with_text_ids(data)} if isinstance(data, dict) else {}
    if "recipient_id" in body:
        changed["recipient_id"] = str(body["recipient_id"])
    if listed := body.get("attachments"):
        changed["attachments"] = [{**one, "id": str(one["id"])} for one in listed]
    return body | changed


def _nowhere(_: Request) -> None:
    raise refusals.not_found()


def _unreadable(_: Request) -> None:
    raise refusals.invalid_json()


def _cut(raw: web.Request) -> web.Response:
    if raw.transport is not None:
        raw.transport.abort()
    return web.Response(status=500)


async def _read_body(raw: web.Request, request: Request) -> bool:
    """Read JSON, or multipart with `payload_json`; tell whether it could be understood."""
    try:
        if raw.content_type.startswith("multipart/"):
            async for part in await raw.multipart():
                assert isinstance(part, BodyPartReader)
                content = bytes(await part.read())
                if part.name == "payload_json":
                    request.body = json.loads(content)
                else:
                    kind = part.headers.get("Content-Type", "")
                    request.files[part.name or ""] = Upload(part.filename or "", content, kind)
        elif text := await raw.text():
            request.body = json.loads(text)
    except ValueError:
        return False
    return True
