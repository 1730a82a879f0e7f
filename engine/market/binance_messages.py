"""Binance's words, stream and REST, turned into the engine's: pure, and it never raises on garbage.

Sources: web-socket-streams.md, rest-api.md, errors.md, enums.md of binance-spot-api-docs.
"""

import re
from enum import StrEnum
from typing import cast

import msgspec
from msgspec import Struct, field

from engine.core.events import PriceTick

MICROSECONDS_FROM = 100_000_000_000_000
"""Times beyond this (year 5138 in milliseconds) are microseconds (`timeUnit=MICROSECOND`)."""

is_price = re.compile(r"(?=.*[1-9])[0-9]{1,15}(?:\.[0-9]{1,12})?", re.ASCII).fullmatch
"""Truthy for a plain decimal > 0: no sign, exponent, NaN, infinity or foreign digits."""


class AggTrade(Struct, gc=False):
    """The parts of an `aggTrade` event that count. Any other event leaves `id` negative."""

    event: str = field(default="", name="e")
    symbol: str = field(default="", name="s")
    id: int = field(default=-1, name="a")
    price: str = field(default="", name="p")
    time: int = field(default=-1, name="T")


class StreamFrame(Struct, gc=False):
    """A frame of a combined stream; whatever is not a wrapped print goes to `parse_control`."""

    data: AggTrade | None = None


decode_frame = msgspec.json.Decoder(StreamFrame).decode
"""Decode a frame on the hot path. Raises `msgspec.MsgspecError` or `UnicodeDecodeError`."""


class ControlKind(StrEnum):
    """What a frame that is no print says."""

    ACK = "ack"
    LISTING = "listing"
    ERROR = "error"
    SHUTDOWN = "shutdown"
    OTHER = "other"
    GARBAGE = "garbage"


class Control(Struct, frozen=True):
    """A control frame: the id of the request it answers, a listing, or an error's code and text."""

    kind: ControlKind
    request_id: int | None = None
    streams: tuple[str, ...] = ()
    code: int = 0
    message: str = ""


class RestPrint(Struct, gc=False):
    """One row of `/api/v3/aggTrades`."""

    id: int = field(name="a")
    price: str = field(name="p")
    time: int = field(name="T")


class RestError(Struct):
    """The body of a refused REST request."""

    code: int = 0
    msg: str = ""


_decode_any = msgspec.json.Decoder().decode
_decode_rows = msgspec.json.Decoder(list[RestPrint]).decode
_decode_error = msgspec.json.Decoder(RestError).decode


class BadAnswer(Exception):
    """A REST answer that is not what the venue documents."""


def to_ms(time: int) -> int:
    """Return milliseconds from the venue's milliseconds or microseconds."""
    return time // 1000 if time >= MICROSECONDS_FROM else time


def stream_of(symbol: str) -> str:
    """Return the stream that carries the symbol's prints. Symbols need not be ASCII."""
    return f"{symbol.lower()}@aggTrade"


def subscribe(streams: list[str], request_id: int) -> str:
    """Return the SUBSCRIBE message."""
    return _request("SUBSCRIBE", streams, request_id)


def unsubscribe(streams: list[str], request_id: int) -> str:
    """Return the UNSUBSCRIBE message."""
    return _request("UNSUBSCRIBE", streams, request_id)


def list_subscriptions(request_id: int) -> str:
    """Return the LIST_SUBSCRIPTIONS message."""
    return msgspec.json.encode({"method": "LIST_SUBSCRIPTIONS", "id": request_id}).decode()


def parse_control(frame: bytes) -> Control:
    """Read a frame that is no print: ack, listing, error (both shapes), shutdown (both shapes)."""
    try:
        message = _decode_any(frame)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return Control(ControlKind.GARBAGE)
    known = _as_object(message)
    return Control(ControlKind.GARBAGE) if known is None else _read_control(known)


def parse_rows(body: bytes, symbol: str) -> list[PriceTick]:
    """Read a page of aggTrades in id order; a row with an impossible price is left out.

    Raises `BadAnswer`.
    """
    try:
        rows = _decode_rows(body)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BadAnswer("agg_trades") from error
    ticks = [
        PriceTick(symbol, row.id, row.price, to_ms(row.time)) for row in rows if is_price(row.price)
    ]
    ticks.sort(key=_id_of)
    return ticks


def parse_error(body: bytes) -> RestError:
    """Read the venue's error body; an unreadable one has code 0."""
    try:
        return _decode_error(body)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return RestError()


def parse_time(body: bytes) -> int:
    """Read `/api/v3/time` in milliseconds. Raises `BadAnswer`."""
    try:
        return to_ms(int(_decode_any(body)["serverTime"]))
    except (msgspec.MsgspecError, UnicodeDecodeError, KeyError, TypeError, ValueError) as error:
        raise BadAnswer("time") from error


def _request(method: str, streams: list[str], request_id: int) -> str:
    return msgspec.json.encode({"method": method, "params": streams, "id": request_id}).decode()


def _read_control(message: dict[str, object]) -> Control:
    data = message.get("data")
    if _is_shutdown(message) or _is_shutdown(data) or message.get("stream") == "!serverShutdown":
        return Control(ControlKind.SHUTDOWN)
    raw_id = message.get("id")
    request_id = raw_id if isinstance(raw_id, int) else None
    error = _as_object(message.get("error", message if "code" in message else None))
    if error is not None:
        return _read_error(error, request_id)
    if "result" not in message:
        return Control(ControlKind.OTHER)
    result = message["result"]
    if isinstance(result, list):
        items = cast("list[object]", result)
        streams = tuple(item for item in items if isinstance(item, str))
        return Control(ControlKind.LISTING, request_id, streams)
    return Control(ControlKind.ACK, request_id)


def _is_shutdown(event: object) -> bool:
    known = _as_object(event)
    return known is not None and known.get("e") == "serverShutdown"


def _as_object(value: object) -> dict[str, object] | None:
    return cast("dict[str, object]", value) if isinstance(value, dict) else None


def _read_error(error: dict[str, object], request_id: int | None) -> Control:
    code, text = error.get("code"), error.get("msg")
    return Control(
        ControlKind.ERROR,
        request_id,
        code=code if isinstance(code, int) else 0,
        message=text[:200] if isinstance(text, str) else "",
    )


def _id_of(tick: PriceTick) -> int:
    return tick.id
