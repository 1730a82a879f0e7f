"""The door to play with the stand-in from outside: POST JSON to `/control/<what>`."""

import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.support.discord.people import Modal, Person, Turn
from tests.support.discord.world import Channel, Message, NotSeen

if TYPE_CHECKING:
    from tests.support.discord.stand_in import DiscordStandIn

Given = dict[str, Any]
ANSWER_SECONDS = 5.0


class Control:
    """What is behind the door; a GET of any name lists it.

    A person is named by `user` (an id; the first one without it), a place by `guild` and `channel`
    (a name); without them it is the private chat with the bot.
    """

    def __init__(self, server: "DiscordStandIn") -> None:
        self._server = server
        self._forms: dict[str, Modal] = {}
        self._doors: dict[str, Callable[[Given], Awaitable[Any]]] = {
            "user": self._user,
            "guild": self._guild,
            "runs": self._runs,
            "completes": self._completes,
            "presses": self._presses,
            "picks": self._picks,
            "submits": self._submits,
            "says": self._says,
            "chat": self._chat,
            "blocks": self._blocks,
            "fault": self._fault,
            "limits": self._limits,
            "gateway": self._gateway,
            "advance": self._advance,
            "heal": self._heal,
            "state": self._state,
        }

    async def serve(self, request: web.Request) -> web.Response:
        """Answer one request."""
        door = self._doors.get(request.match_info["what"])
        if door is None:
            told = {name: (one.__doc__ or "").strip() for name, one in self._doors.items()}
            return _json(told, 404)
        try:
            given: Given = await request.json() if request.can_read_body else {}
            return _json(await door(given | dict(request.query)))
        except (AssertionError, KeyError, TypeError, ValueError) as error:
            return _json({"error": f"{type(error).__name__}: {error}"}, 400)

    def _person(self, given: Given) -> Person:
        people = self._server.people
        return self._server.user(int(given.get("user") or next(iter(people))))

    def _where(self, given: Given) -> Channel | None:
        if not given.get("guild"):
            return None
        guild = self._server.world.guilds[int(given["guild"])]
        return guild[given.get("channel") or next(iter(guild.channels))]

    async def _user(self, given: Given) -> Any:
        """Make somebody: `user` (id), `name`, `locale`, `has_installed`."""
        has_installed = bool(given.get("has_installed", True))
        name, locale = given.get("name", "Ana"), given.get("locale", "en-US")
        made = self._server.user(int(given["user"]), name, locale, has_installed=has_installed)
        return {"user": made.id, "dm": str(made.dm.id)}

    async def _guild(self, given: Given) -> Any:
        """Make a server: `guild` (id), `name`, `channels`, `locale`, `has_bot`."""
        made = self._server.guild(
            int(given["guild"]),
            given.get("name", "Desk"),
            *given.get("channels", ["general"]),
            locale=given.get("locale", "en-US"),
            has_bot=bool(given.get("has_bot", True)),
        )
        return {name: str(one.id) for name, one in made.channels.items()}

    async def _runs(self, given: Given) -> Any:
        """Run `command` with `options`; tells what is shown in answer."""
        options = given.get("options") or {}
        turn = await self._person(given).runs(given["command"], self._where(given), **options)
        return await self._outcome(turn)

    async def _completes(self, given: Given) -> Any:
        """Type `typed` into `option` of `command`; tells the choices."""
        person, where = self._person(given), self._where(given)
        return await person.completes(given["command"], given["option"], given["typed"], where)

    async def _presses(self, given: Given) -> Any:
        """Press `button` (label or custom id) of `message` (an id; the newest with buttons)."""
        person = self._person(given)
        return await self._outcome(await person.presses(self._message(given), given["button"]))

    async def _picks(self, given: Given) -> Any:
        """Choose `values` in `menu` (placeholder or custom id) of `message`."""
        person, values = self._person(given), given["values"]
        turn = await person.picks(self._message(given), given["menu"], *values)
        return await self._outcome(turn)

    async def _submits(self, given: Given) -> Any:
        """Send the form that opened last, with `values` in order or `fields` by name."""
        person = self._person(given)
        form = self._forms.pop(str(person.id))
        turn = await person.submits(form, *given.get("values", []), **given.get("fields", {}))
        return await self._outcome(turn)

    async def _says(self, given: Given) -> Any:
        """Write `text`."""
        return _told(await self._person(given).says(given["text"], self._where(given)))

    async def _chat(self, given: Given) -> Any:
        """Tell what somebody sees in a place, the last `limit` (20) messages."""
        person = self._person(given)
        shown = person.sees(self._where(given) or person.dm)
        return [_told(one) for one in shown[-int(given.get("limit", 20)) :]]

    async def _blocks(self, given: Given) -> Any:
        """Shut somebody's private chat; `undo` opens it."""
        self._person(given).blocks(not given.get("undo"))
        return {}

    async def _fault(self, given: Given) -> Any:
        """Add a fault; the keys are the fields of `Fault`."""
        self._server.faults.on(**given)
        return {}

    async def _limits(self, given: Given) -> Any:
        """Set fields of `Limits`; nothing given: as the real ones."""
        limits = self._server.limits
        if not given:
            limits.be_real()
        for key in ("channel", "webhook", "everything"):
            setattr(limits, key, int(given.get(key, getattr(limits, key))))
        return {"channel": limits.channel, "everything": limits.everything}

    async def _gateway(self, given: Given) -> Any:
        """`do`: drop, close (`code`), reconnect, invalidate, raw (`payload`), mute, unmute."""
        gateway, what = self._server.gateway, given["do"]
        if what in ("mute", "unmute"):
            gateway.is_mute = what == "mute"
        elif what == "close":
            gateway.close(int(given["code"]))
        elif what == "raw":
            gateway.send_raw(given["payload"])
        else:
            acts = (gateway.drop, gateway.reconnect, gateway.invalidate)
            {one.__name__: one for one in acts}[what]()
        return {}

    async def _advance(self, given: Given) -> Any:
        """Let `seconds` pass on its clock."""
        self._server.advance(float(given["seconds"]))
        return {}

    async def _heal(self, given: Given) -> Any:
        """Forget every fault."""
        self._server.faults.heal()
        return {}

    async def _state(self, given: Given) -> Any:
        """Tell what was asked and synced, and who is connected."""
        server = self._server
        asked = [f"{one.status} {one.method} {one.path}" for one in server.requests[-20:]]
        return {
            "requests": len(server.requests),
            "last": asked,
            "problems": server.problems,
            "commands": sorted(one["name"] for one in server.commands),
            "sessions": len(server.gateway.ready),
            "identifies": len(server.gateway.identified_at),
            "client_closes": server.gateway.client_closes,
            "users": {str(id_): one.name for id_, one in server.people.items()},
            "guilds": {str(id_): one.name for id_, one in server.world.guilds.items()},
        }

    def _message(self, given: Given) -> Message:
        person = self._person(given)
        every = list(self._server.world.messages_of(person.account))
        if given.get("message"):
            return next(one for one in every if one.id == int(given["message"]))
        found = next((one for one in every if one.buttons or one.selects), None)
        assert found is not None, "there is nothing to press"
        return found

    async def _outcome(self, turn: Turn) -> Any:
        kind = await turn.answered(ANSWER_SECONDS)
        if kind == 9:
            form = await turn.form()
            self._forms[str(turn.interaction.account.id)] = form
            return {"answer": kind, "form": form.title, "fields": form.fields}
        try:
            shown = _told(await turn.reply(ANSWER_SECONDS))
        except NotSeen:
            shown = None
        return {"answer": kind, "shown": shown, "in_all": len(turn.replies)}


def _told(one: Message) -> Any:
    return {
        "message": str(one.id),
        "from": one.author.name,
        "text": one.text,
        "buttons": one.labels,
        "menus": [menu.get("placeholder") or menu["custom_id"] for menu in one.selects],
        "files": [file.filename for file in one.attachments],
        "is_ephemeral": one.is_ephemeral,
        "is_thinking": one.is_loading,
        "edits": len(one.history) - 1,
    }


def _json(value: Any, status: int = 200) -> web.Response:
    text = json.dumps(value, ensure_ascii=False, indent=1)
    return web.Response(status=status, text=text + "\n", content_type="application/json")
