"""Bars of the venue: what a minute's range was. A bar never decides between two levels."""

import msgspec
from msgspec import Struct

from engine.market.binance_messages import BadAnswer, to_ms


class Bar(Struct, frozen=True, gc=False):
    """One candle. Prices and volume are the venue's text; times are milliseconds UTC, inclusive."""

    open_ms: int
    open: str
    high: str
    low: str
    close: str
    volume: str
    close_ms: int


_Row = tuple[int, str, str, str, str, str, int, str, int, str, str, str]
_decode_rows = msgspec.json.Decoder(list[_Row]).decode


def parse_candles(body: bytes) -> list[Bar]:
    """Read a page of `/api/v3/klines`, oldest first; the last may still be open.

    Raises `BadAnswer`.
    """
    try:
        rows = _decode_rows(body)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BadAnswer("klines") from error
    return [Bar(to_ms(row[0]), *row[1:6], to_ms(row[6])) for row in rows]
