"""The connection to the Bot API: a library's bot that also hands out updates unread.

An update that the library cannot read must not hold up those that come with it.
"""

import logging
import os
import ssl
from typing import Any

import httpx
from telegram import Bot
from telegram.request import HTTPXRequest

# Else the library warns about its own pauses each time the server asks for one.
os.environ.setdefault("PTB_TIMEDELTA", "1")
# What it logs itself quotes the server's answers, which hold what people wrote.
logging.getLogger("telegram").setLevel(logging.CRITICAL + 1)

CONNECTIONS_MAX = 24  # more cost the loop more than they bring: a pool looks at each, each time
ANSWER_SECONDS = 10.0
UPLOAD_SECONDS = 30.0
CONNECT_SECONDS = 5.0
POLL_SECONDS = 30
UPDATES = ("message", "callback_query", "my_chat_member")


class WireBot(Bot):
    """The Bot API's methods. Its `repr` and its errors at the start hold the token: never log."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Name it without its token."""
        return "WireBot"

    async def raw_updates(self, offset: int, seconds: int, limit: int = 100) -> list[Any]:
        """Return what came in from `offset` on, as JSON; waits up to `seconds` for the first.

        Everything below `offset` is confirmed by it. Raises TelegramError, TypeError for an
        answer that is no list.
        """
        asked = {
            "offset": offset,
            "timeout": seconds,
            "limit": limit,
            "allowed_updates": list(UPDATES),
        }
        found = await self._post("getUpdates", asked, read_timeout=ANSWER_SECONDS + seconds)
        if not isinstance(found, list):
            raise TypeError(type(found))
        return found

    async def edit_rich(self, asked: dict[str, Any]) -> None:
        """Edit a message into a rich one: a parameter that the library does not know yet."""
        await self._post("editMessageText", asked)


def make_bot(token: str, api_url: str) -> WireBot:
    """Return a bot that speaks to `api_url`; nothing is sent yet."""
    base = api_url.rstrip("/")
    trust = httpx.create_ssl_context()
    return WireBot(
        token,
        base_url=f"{base}/bot",
        base_file_url=f"{base}/file/bot",
        request=_request(CONNECTIONS_MAX, trust),
        get_updates_request=_request(2, trust),
    )


def _request(connections: int, trust: ssl.SSLContext) -> HTTPXRequest:
    return HTTPXRequest(
        connection_pool_size=connections,
        read_timeout=ANSWER_SECONDS,
        write_timeout=ANSWER_SECONDS,
        connect_timeout=CONNECT_SECONDS,
        pool_timeout=CONNECT_SECONDS,
        media_write_timeout=UPLOAD_SECONDS,
        httpx_kwargs={"verify": trust},
    )
