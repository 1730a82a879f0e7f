"""Where log lines go and what never stands in one: no token, no password, whatever wrote it."""

import json
import logging
import re
import sys
from typing import Literal
from urllib.parse import quote, unquote

_SECRETS = (
    re.compile(r"(?<=://)[^/@\s:]*:[^/@\s]+(?=@)"),  # user:password in an address
    re.compile(r"\d{6,12}:[A-Za-z0-9_-]{30,}"),  # a Telegram token
    re.compile(r"\b[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}"),  # a Discord token
)
MUTE = ("discord.client",)  # warns at each start of voice libraries that nobody needs
QUIET = ("httpx", "httpcore", "websockets", "tortoise", "aerich", "asyncio", "telegram")


SECRET_LETTERS = 4
_known: set[str] = set()


def hide(*secrets: str | None) -> None:
    """Strike these very texts out from now on, as they are and as they stand in an address."""
    for secret in secrets:
        if secret and len(secret) >= SECRET_LETTERS:
            _known.update((secret, quote(secret, safe=""), unquote(secret)))


def redact(text: str) -> str:
    """Return `text` without what is known to be a secret, and what looks like one."""
    for known in _known:
        text = text.replace(known, "[secret]")
    for secret in _SECRETS:
        text = secret.sub("[secret]", text)
    return text


class _Text(logging.Formatter):
    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the library's name
        """Keep a message on its line: what somebody typed cannot pose as another line."""
        return super().formatMessage(record).replace("\n", "\\n").replace("\r", "\\r")

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        fields = {
            "at": self.formatTime(record),
            "level": record.levelname.lower(),
            "room": record.name,
            "text": record.getMessage(),
        }
        if record.exc_info:
            fields["trace"] = self.formatException(record.exc_info)
        return redact(json.dumps(fields, ensure_ascii=False))


def set_up(level: str, form: Literal["text", "json"]) -> None:
    """Send log lines of `level` and above to stderr, redacted. Libraries speak from warnings on."""
    handler = logging.StreamHandler(sys.stderr)
    plain = _Text("%(asctime)s %(levelname)s %(name)s: %(message)s")
    handler.setFormatter(_Json() if form == "json" else plain)
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in MUTE:
        logging.getLogger(name).setLevel(logging.ERROR)
