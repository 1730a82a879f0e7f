"""What passes between the main process and the painter: plain bytes, a length before each."""

from struct import Struct as Frame

import msgspec
from msgspec import Struct

from bot.views import CardView, ChartView

HEAD = Frame(">I")
FRAME_MAX = 8 * 1024 * 1024
PICTURE = b"P"
FAILURE = b"F"


class Job(Struct, frozen=True):
    """One picture to draw, in a language."""

    view: ChartView | CardView
    locale: str


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Job).decode


def packed(job: Job) -> bytes:
    """Return a job as bytes: equal jobs give equal bytes."""
    return _encode(job)


def unpacked(body: bytes) -> Job:
    """Return the job again."""
    return _decode(body)


def framed(body: bytes) -> bytes:
    """Return a body with its length before it."""
    assert len(body) <= FRAME_MAX, "a picture or a job, nothing larger"
    return HEAD.pack(len(body)) + body
