"""The door to play with the stand-in from outside: POST JSON to `/control/<what>`."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.support.telegram.messages import Message
from tests.support.telegram.phone import Phone
from tests.support.telegram.rooms import Group

if TYPE_CHECKING:
    from tests.support.telegram.stand_in import TelegramStandIn

Given = dict[str, Any]


class Control:
    """What is behind the door: `user`, `group`, `says`, `presses`, `taps`, `chat`, `blocks`, ...

    Every person is named by `user` (an id), every group by `group`; without one it is the private
    chat with the bot.
    """

    def __init__(self, server: "TelegramStandIn") -> None:
        self._server = server
        self._doors: dict[str, Callable[[Given], Awaitable[Any]]] = {
            "user": self._user,
            "group": self._group,
            "says": self._says,
            "presses": self._presses,
            "taps": self._taps,
            "chat": self._chat,
            "blocks": self._blocks,
            "fault": self._fault,
            "flood": self._flood,
            "heal": self._heal,
            "state": self._state,
        }

    def routes(self, app: web.Application) -> None:
        """Serve the door in an application."""
        app.router.add_route("*", "/control/{what}", self._serve)

    async def _serve(self, request: web.Request) -> web.Response:
        given: Given = await request.json() if request.can_read_body else {}
        given |= request.query
        door = self._doors.get(request.match_info["what"])
        if door is None:
            return web.json_response({"doors": sorted(self._doors)}, status=404)
        try:
            return web.json_response(await door(given))
        except (AssertionError, KeyError, TimeoutError, ValueError) as error:
            return web.json_response({"error": f"{type(error).__name__}: {error}"}, status=400)

    def _phone(self, given: Given) -> Phone:
        return self._server.user(int(given.get("user", 1)))

    def _where(self, given: Given) -> Group | None:
        return self._server.world.groups[int(given["group"])] if given.get("group") else None

    async def _user(self, given: Given) -> Any:
        """Make somebody: `user` (id), `name`, `language`."""
        phone = self._server.user(
            int(given["user"]), given.get("name", "Ana"), given.get("language", "en")
        )
        return {"user": phone.id}

    async def _group(self, given: Given) -> Any:
        """Make a group of `users` with the bot in it: `group` (id), `title`, `topics`."""
        people = [self._server.user(int(user)) for user in given["users"]]
        topics = {int(key): name for key, name in given.get("topics", {}).items()}
        title = given.get("title", "Desk")
        group = self._server.group(int(given["group"]), title, *people, topics=topics)
        await people[0].adds_bot(group)
        return {"group": group.id}

    async def _says(self, given: Given) -> Any:
        """`text`, in a private chat or `group`; `reply_to` a message id; answers what comes."""
        phone, where = self._phone(given), self._where(given)
        replied = phone.room(where).messages.get(int(given.get("reply_to", 0)))
        phone.reads_all(where)
        topic = int(given["topic"]) if given.get("topic") else None
        await phone.says(given["text"], where, reply_to=replied, topic=topic)
        seconds = float(given.get("seconds", 3))
        try:
            first = await phone.next(where, seconds=seconds)
        except TimeoutError:
            return []
        return [_told(item) for item in [first, *phone.reads_all(where)]]

    async def _presses(self, given: Given) -> Any:
        """`message` (id; else the newest) and `button` (label or payload)."""
        phone, where = self._phone(given), self._where(given)
        message = phone.last(where)
        if given.get("message"):
            message = phone.room(where).messages[int(given["message"])]
        assert message is not None, "there is nothing to press"
        pressed = await phone.presses(message, given["button"])
        told = {"toast": pressed.toast, "is_alert": pressed.is_alert, "opened": pressed.opened}
        return {**told, "copied": pressed.copied, "message": _told(message)}

    async def _taps(self, given: Given) -> Any:
        """`label` of the persistent keyboard."""
        return _told(await self._phone(given).taps(given["label"]))

    async def _chat(self, given: Given) -> Any:
        """Return the chat as it stands, its keyboard and its command menu."""
        phone, where = self._phone(given), self._where(given)
        return {
            "messages": [_told(item) for item in phone.messages(where)],
            "keyboard": phone.keyboard(),
            "menu": phone.menu(where),
        }

    async def _blocks(self, given: Given) -> Any:
        """Block the bot; `undo` takes it back."""
        phone = self._phone(given)
        await (phone.unblocks() if given.get("undo") else phone.blocks())
        return {}

    async def _fault(self, given: Given) -> Any:
        """`kind` (fail, drop, garbage, delay), `method`, and what that kind takes."""
        kind = given.pop("kind")
        assert kind in ("fail", "drop", "garbage", "delay"), kind
        getattr(self._server.faults, kind)(**given)
        return {}

    async def _flood(self, given: Given) -> Any:
        """`is_on`, or a pause: `chat` (0: all) and `seconds`."""
        flood = self._server.flood
        flood.is_on = bool(given.get("is_on", flood.is_on))
        if "seconds" in given:
            flood.pause(float(given["seconds"]), int(given.get("chat", 0)))
        return {"is_on": flood.is_on, "counts": flood.counts}

    async def _heal(self, given: Given) -> Any:
        self._server.faults.heal()
        self._server.flood.heal()
        return {}

    async def _state(self, given: Given) -> Any:
        calls = self._server.calls()
        return {
            "calls": len(calls),
            "refused": [f"{c.method}: {c.description}" for c in calls if c.status >= 400][-20:],
            "waiting_updates": len(self._server.bot.updates),
            "problems": self._server.problems[-20:],
        }


def _told(message: Message) -> dict[str, Any]:
    return {
        "id": message.id,
        "from": message.sender.first_name,
        "text": message.text,
        "html": message.html,
        "buttons": [[button.label for button in row] for row in message.buttons],
        "has_photo": message.photo is not None,
        "edits": len(message.history) - 1,
    }
