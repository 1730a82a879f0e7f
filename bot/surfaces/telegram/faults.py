"""Telegram's errors in the words of the house; their texts, which may hold a token, stay behind.

What a person or a platform can cause is a CourierError; everything in FAULTS may happen anywhere.
"""

import logging
import traceback
from datetime import timedelta

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    EndPointNotFound,
    Forbidden,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.delivery.courier import CourierError, Gone, TryLater, Unreachable, Unsendable
from bot.logs import redact
from engine.defects import DEFECTS
from engine.ports import StoreError

FAULTS = (*DEFECTS, CourierError, TelegramError, StoreError, OSError, RuntimeError)

_GONE = (
    *("chat not found", "user not found", "peer_id_invalid", "chat_id is empty"),
    *("group chat was deactivated", "group chat was deleted", "bot was kicked", "user is deactiv"),
    *("rights to send text", "have no rights to send a message", "chat_write_forbidden"),
    *("bot is not a member", "need administrator rights in the channel"),
)
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_UNKNOWN_GATEWAYS = ("bad gateway", "gateway time")


def translated(error: TelegramError) -> CourierError:
    """Say what an error means for the message that was to be sent."""
    match error:
        case RetryAfter():
            return TryLater(seconds_of(error.retry_after))
        case ChatMigrated():
            return Gone("moved", moved_to=str(error.new_chat_id))
        case Forbidden():
            return Gone(reason_of(error))
        case EndPointNotFound():
            return Unsendable("unknown method")
        case BadRequest():
            text = error.message.lower()
            is_gone = any(part in text for part in _GONE)
            return Gone(reason_of(error)) if is_gone else Unsendable(reason_of(error))
        case TimedOut() | NetworkError():
            return Unreachable(type(error).__name__, is_unknown=_may_have_arrived(error))
        case _:  # a token that was withdrawn, an answer that is no JSON
            return Unreachable(type(error).__name__, is_unknown=True)


def seconds_of(pause: float | timedelta) -> float:
    """Return a pause that the library gives as either."""
    return pause.total_seconds() if isinstance(pause, timedelta) else float(pause)


def reason_of(error: TelegramError) -> str:
    """Return the server's short reason, with nothing in it that looks like a secret."""
    return redact(error.message)[:100]


def says(error: TelegramError, *parts: str) -> bool:
    """Return whether the server's reason has one of these (lower case) in it."""
    return any(part in error.message.lower() for part in parts)


def _may_have_arrived(error: TelegramError) -> bool:
    """Tell an answer that was lost from a server that was not reached or said no."""
    if isinstance(error.__cause__, httpx.HTTPError):
        return not isinstance(error.__cause__, _NOT_SENT)
    return isinstance(error, TimedOut) or says(error, *_UNKNOWN_GATEWAYS)


def log_fault(log: logging.Logger, what: str, error: BaseException) -> None:
    """Log what failed, the error's class and where; never its text."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}" if frames else "?"
    log.error("%s: %s at %s", what, type(error).__name__, where)
