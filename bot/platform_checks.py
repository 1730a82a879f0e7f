"""Asks a platform who a token is, and sends its host a test message. For `setup` and `doctor`.

CheckFailed
    `token.refused`, `platform.away`, `message.refused`: a code and its placeholders, no secret.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import httpx

TIMEOUT_SECONDS = 10.0
POLL_SECONDS = 25
OK, UNAUTHORIZED, NOT_FOUND = 200, 401, 404
# view channels, send messages (in threads too), embed links, attach files, read history
DISCORD_PERMISSIONS = 1 << 10 | 1 << 11 | 1 << 14 | 1 << 15 | 1 << 16 | 1 << 38


class CheckFailed(Exception):
    """A platform said no, or nothing."""

    def __init__(self, code: str, **placeholders: str) -> None:
        """Keep the code and what fills its sentence."""
        super().__init__(code, placeholders)
        self.code = code
        self.placeholders = placeholders


@dataclass(frozen=True)
class BotName:
    """Who a token is. `id` is the application's on Discord; `owner_id` its owner, if known."""

    platform: str
    id: str
    name: str
    owner_id: str = ""

    @property
    def links(self) -> tuple[tuple[str, str], ...]:
        """Return (what for, address): how people reach the bot, with the rights it needs."""
        if self.platform == "telegram":
            here = f"https://t.me/{self.name}"
            return (("chat with it", here), ("add it to a group", f"{here}?startgroup=true"))
        page = "https://discord.com/oauth2/authorize?"
        server = {
            "client_id": self.id,
            "scope": "bot applications.commands",
            "permissions": str(DISCORD_PERMISSIONS),
        }
        person = {"client_id": self.id, "integration_type": "1", "scope": "applications.commands"}
        return (
            ("add it to a server", page + urlencode(server)),
            ("add it to your account", page + urlencode(person)),
        )


class TelegramCheck:
    """A few calls of the Bot API, as one token. The address holds the token: it is never shown."""

    platform = "telegram"

    def __init__(self, api_url: str, token: str) -> None:
        self._base = f"{api_url}/bot{token}"

    def __repr__(self) -> str:
        """Say nothing of the token."""
        return "TelegramCheck()"

    async def who(self) -> BotName:
        """Return whose token it is. Raises `CheckFailed`."""
        found = await self._call("getMe", {})
        return BotName("telegram", str(found["id"]), str(found.get("username", "")))

    async def starter(self, after: int | None) -> tuple[str, str, int] | None:
        """Return (id, name, update id) of somebody who pressed Start, or None after a while.

        Nothing is confirmed: the bot itself greets him when it starts.
        """
        wanted = {"timeout": POLL_SECONDS, "allowed_updates": ["message"]}
        updates = await self._call("getUpdates", wanted | ({"offset": after} if after else {}))
        for update in updates:
            message = update.get("message", {})
            chat = message.get("chat", {})
            if chat.get("type") == "private" and str(message.get("text", "")).startswith("/start"):
                name = str(message.get("from", {}).get("first_name", ""))
                return str(chat["id"]), name, int(update["update_id"])
        return None

    async def send(self, person_id: str, text: str) -> None:
        """Send a plain message. Raises `CheckFailed`."""
        await self._call("sendMessage", {"chat_id": int(person_id), "text": text})

    async def _call(self, method: str, body: dict[str, Any]) -> Any:
        limit = TIMEOUT_SECONDS + (POLL_SECONDS if method == "getUpdates" else 0)
        request = httpx.Request("POST", f"{self._base}/{method}", json=body)
        answer = await _asked("Telegram", request, limit)
        if answer.status_code in (UNAUTHORIZED, NOT_FOUND):
            raise CheckFailed("token.refused", platform="Telegram")
        found = _json("Telegram", answer)
        if answer.status_code != OK or not found.get("ok"):
            reason = str(found.get("description", answer.status_code))[:120]
            raise CheckFailed("message.refused", platform="Telegram", reason=reason)
        return found["result"]


class DiscordCheck:
    """A few calls of Discord's API, as one token."""

    platform = "discord"

    def __init__(self, api_url: str, token: str) -> None:
        self._api_url = api_url
        self._headers = {"Authorization": f"Bot {token}"}

    def __repr__(self) -> str:
        """Say nothing of the token."""
        return "DiscordCheck()"

    async def who(self) -> BotName:
        """Return whose token it is, and who owns its application. Raises `CheckFailed`."""
        me = await self._call("GET", "/users/@me", None)
        application = await self._call("GET", "/applications/@me", None)
        team = application.get("team") or {}
        owner = team.get("owner_user_id") or (application.get("owner") or {}).get("id", "")
        return BotName("discord", str(application["id"]), str(me["username"]), str(owner))

    async def send(self, person_id: str, text: str) -> None:
        """Send a plain direct message. Raises `CheckFailed`."""
        wanted = {"recipient_id": person_id}
        channel = await self._call("POST", "/users/@me/channels", wanted)
        await self._call("POST", f"/channels/{channel['id']}/messages", {"content": text})

    async def _call(self, method: str, path: str, body: dict[str, Any] | None) -> Any:
        url = f"{self._api_url}{path}"
        request = httpx.Request(method, url, json=body, headers=self._headers)
        answer = await _asked("Discord", request, TIMEOUT_SECONDS)
        if answer.status_code == UNAUTHORIZED:
            raise CheckFailed("token.refused", platform="Discord")
        found = _json("Discord", answer)
        if not answer.is_success:
            reason = str(found.get("message", answer.status_code))[:120]
            raise CheckFailed("message.refused", platform="Discord", reason=reason)
        return found


async def _asked(platform: str, request: httpx.Request, limit: float) -> httpx.Response:
    """Send one request; what goes wrong is told without its address."""
    try:
        async with httpx.AsyncClient(timeout=limit) as client:
            return await client.send(request)
    except httpx.HTTPError as error:
        reason = type(error).__name__
        raise CheckFailed("platform.away", platform=platform, reason=reason) from None


def _json(platform: str, answer: httpx.Response) -> dict[str, Any]:
    try:
        found = answer.json()
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise CheckFailed("platform.away", platform=platform, reason=str(answer.status_code))
    return found
