"""What Discord's refusals mean for a message: the one table of its error codes."""

import asyncio

import aiohttp
import discord

from bot.delivery.courier import CourierError, Gone, TryLater, Unreachable, Unsendable

# Unknown channel or guild, missing access or permission, the person takes no messages from us.
CHAT_IS_GONE = frozenset({10003, 10004, 10013, 50001, 50007, 50013, 50278})
# Unknown message or webhook, a token that is over, a message too old to be edited so often.
MESSAGE_IS_GONE = frozenset({10008, 10015, 30046, 50027})
ANSWERED_ELSEWHERE = frozenset({10062, 40060})
OPENING_TOO_FAST = 40003
PAUSE_SECONDS = 60.0
PAUSE_SECONDS_MAX = 3_600.0
# RuntimeError: what aiohttp raises when its session was closed meanwhile
REACHING = (
    discord.DiscordException,
    aiohttp.ClientError,
    OSError,
    RuntimeError,
    asyncio.TimeoutError,
)


def is_answered_elsewhere(error: BaseException) -> bool:
    """Whether another session of ours has answered this interaction, or its time is over."""
    return isinstance(error, discord.HTTPException) and error.code in ANSWERED_ELSEWHERE


def reason_of(error: BaseException) -> str:
    """Describe a failure without any address or text of others: its status and code."""
    if isinstance(error, discord.HTTPException):
        return f"{error.status} {error.code}"
    return type(error).__name__


def courier_error(error: BaseException) -> CourierError:
    """Tell what a failed request means for the delivery it carried."""
    if isinstance(error, discord.RateLimited):
        return TryLater(_bounded(error.retry_after))
    if not isinstance(error, discord.HTTPException):
        return Unreachable(reason_of(error), is_unknown=not _never_left(error))
    if error.code in CHAT_IS_GONE or error.code in MESSAGE_IS_GONE:
        return Gone(reason_of(error))
    if error.status == 429 or error.code == OPENING_TOO_FAST:
        return TryLater(_pause(error), is_global=_is_global(error))
    if error.status == 401 or (error.status == 403 and not error.code):
        # The token, or our address, is refused: that says nothing of this chat.
        return TryLater(PAUSE_SECONDS, is_global=True)
    if error.status >= 500:
        return Unreachable(reason_of(error), is_unknown=True)
    return Unsendable(reason_of(error))


def _never_left(error: BaseException) -> bool:
    return isinstance(error, aiohttp.ClientConnectorError)


def _bounded(seconds: float) -> float:
    return min(max(seconds, 1.0), PAUSE_SECONDS_MAX)


def _pause(error: discord.HTTPException) -> float:
    text = error.response.headers.get("Retry-After", "")
    try:
        return _bounded(float(text))
    except ValueError:
        return PAUSE_SECONDS


def _is_global(error: discord.HTTPException) -> bool:
    """Whether the pause holds for all: Discord says so, or its front door (no `Via`) refused us."""
    headers = error.response.headers
    return error.code != OPENING_TOO_FAST and (
        "X-RateLimit-Global" in headers or "Via" not in headers
    )
