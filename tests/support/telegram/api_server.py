"""The Bot API over HTTP on loopback: tokens, bodies, faults, and every call on record."""

import asyncio
import json
import re
import time
from typing import Any, Protocol

from aiohttp import web

from tests.support.telegram.calls import Call
from tests.support.telegram.editing import Editing
from tests.support.telegram.faults import STATUS_TEXTS, Fault, Faults
from tests.support.telegram.forms import BODY_MAX, Form, read_form
from tests.support.telegram.people import BotAccount
from tests.support.telegram.refusals import NOT_FOUND, UNAUTHORIZED, Refusal
from tests.support.telegram.sending import Method, Sending
from tests.support.telegram.settings import Registration
from tests.support.telegram.world import World

_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")


class Spec(Protocol):
    """What checks calls and results against the platform's own description."""

    def check_call(self, method: str, fields: dict[str, Any], files: set[str]) -> list[str]:
        """Return what is wrong with a call."""
        ...

    def check_result(self, method: str, result: Any) -> list[str]:
        """Return what is wrong with an answer."""
        ...


class ApiServer:
    """Answers `/bot<token>/<method>`; `requests` holds every call in the order it came."""

    def __init__(self, world: World, spec: Spec | None = None) -> None:
        self._world = world
        self._spec = spec
        sending = Sending(world)
        rooms = (sending, Editing(world, sending), Registration(world))
        self._methods: dict[str, Method] = {
            name.lower(): method for room in rooms for name, method in room.methods().items()
        }
        self.names = {name.lower(): name for room in rooms for name in room.methods()}
        self.names["getupdates"] = "getUpdates"
        self.faults = Faults()
        self.requests: list[Call] = []
        self._running: set[asyncio.Task[Any]] = set()

    def routes(self, app: web.Application) -> None:
        """Serve the API in an application."""
        app.router.add_route("*", "/bot{token}/{method}", self._serve)

    async def stop(self) -> None:
        """End the calls whose client has gone away: no connection ends them."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        task = asyncio.current_task()
        assert task is not None
        self._running.add(task)
        try:
            return await self._serve_one(request)
        finally:
            self._running.discard(task)

    async def _serve_one(self, request: web.Request) -> web.StreamResponse:
        given = request.match_info["method"]
        call = Call(self.names.get(given.lower(), given), time.monotonic())
        self.requests.append(call)
        try:
            return await self._answer(request, call)
        except Refusal as refusal:
            is_heard = request.transport is not None and not request.transport.is_closing()
            call.status = refusal.code if is_heard else 0
            call.description = refusal.description
            return _to_json(refusal.body(), refusal)
        finally:
            call.answered_at = time.monotonic()
            self._world.changed()

    async def _answer(self, request: web.Request, call: Call) -> web.StreamResponse:
        form = await read_form(request)
        call.params, call.files = form.decoded(), form.files
        token = request.match_info["token"]
        bot = self._world.bots.get(token)
        if bot is None:
            raise Refusal(*(UNAUTHORIZED if _TOKEN.fullmatch(token) else NOT_FOUND))
        call.bot = bot.username
        faults = self.faults.take(call.method, form.fields.get("chat_id", 0))
        await _pause(faults.get("delay"))
        if "drop" in faults:
            return _cut(request)
        if "fail" in faults:
            status = faults["fail"].status
            raise Refusal(status, STATUS_TEXTS.get(status, "Error"))
        call.result = await self._do(bot, form, call)
        await _pause(faults.get("delay_after"))
        if "drop_after" in faults:
            return _cut(request)
        call.status = 200
        if "garbage" in faults:
            return web.Response(body=faults["garbage"].body, content_type="text/html")
        return _to_json({"ok": True, "result": call.result})

    async def _do(self, bot: BotAccount, form: Form, call: Call) -> Any:
        if self._spec is not None:
            call.problems += self._spec.check_call(call.method, form.fields, set(form.files))
        if call.method == "getUpdates":
            result = await self._poll(bot, form)
        elif call.method.lower() in self._methods:
            result = self._methods[call.method.lower()](bot, form)
        else:
            raise Refusal(*NOT_FOUND)
        if self._spec is not None:
            call.problems += self._spec.check_result(call.method, result)
        return result

    async def _poll(self, bot: BotAccount, form: Form) -> list[dict[str, Any]]:
        bot.updates.allow(form.json("allowed_updates"))
        return await bot.updates.poll(
            form.number("offset", 0) or 0,
            form.number("limit", 100) or 100,
            form.number("timeout", 0) or 0,
        )


class Listener:
    """One application on one loopback port, which it keeps over outages."""

    def __init__(self, port: int = 0) -> None:
        self.port = port
        self._runner: web.AppRunner | None = None

    async def start(self, app: web.Application) -> None:
        """Listen."""
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", self.port)
        await site.start()
        self.port = runner.addresses[0][1]
        self._runner = runner

    async def stop(self) -> None:
        """Close every connection and stop listening."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None


def new_app() -> web.Application:
    """Return an application that takes the API's largest body."""
    return web.Application(client_max_size=BODY_MAX + (1 << 20))


def _to_json(body: dict[str, Any], refusal: Refusal | None = None) -> web.Response:
    status = refusal.code if refusal else 200
    text = json.dumps(body, ensure_ascii=False)
    return web.Response(text=text, status=status, content_type="application/json")


def _cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _pause(fault: Fault | None) -> None:
    if fault is not None:
        await asyncio.sleep(fault.seconds)
