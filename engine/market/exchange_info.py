"""Reads exchangeInfo: pure. Only `TRADING` trades; a filter that is missing sets no limit."""

import re
from decimal import Decimal

import msgspec
from msgspec import Struct, field

from engine.core.instrument import Instrument
from engine.core.numbers import ZERO
from engine.market.binance_messages import BadAnswer

SYMBOL_LENGTH_MAX = 40
_is_plain = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,15})?", re.ASCII).fullmatch


class _Filter(Struct):
    kind: str = field(default="", name="filterType")
    tick_size: str = field(default="0", name="tickSize")
    step_size: str = field(default="0", name="stepSize")
    quantity_min: str = field(default="0", name="minQty")
    notional_min: str = field(default="0", name="minNotional")


class _Symbol(Struct):
    symbol: str = ""
    status: str = ""
    base: str = field(default="", name="baseAsset")
    quote: str = field(default="", name="quoteAsset")
    filters: list[_Filter] = field(default_factory=list)


class _Info(Struct):
    symbols: list[_Symbol]


_decode = msgspec.json.Decoder(_Info).decode
_NO_FILTER = _Filter()


def parse_exchange_info(body: bytes) -> list[Instrument]:
    """Return every symbol of the answer that has a usable name. Raises `BadAnswer`."""
    try:
        info = _decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BadAnswer("exchange_info") from error
    return [_instrument(row) for row in info.symbols if _is_usable(row)]


def _is_usable(row: _Symbol) -> bool:
    names = (row.symbol, row.base, row.quote)
    return all(
        0 < len(name) <= SYMBOL_LENGTH_MAX and name.isprintable() and " " not in name
        for name in names
    )


def _instrument(row: _Symbol) -> Instrument:
    filters = {item.kind: item for item in row.filters}
    notional = filters.get("NOTIONAL") or filters.get("MIN_NOTIONAL") or _NO_FILTER
    lot = filters.get("LOT_SIZE", _NO_FILTER)
    return Instrument(
        symbol=row.symbol,
        base=row.base,
        quote=row.quote,
        is_trading=row.status == "TRADING",
        tick_size=_number(filters.get("PRICE_FILTER", _NO_FILTER).tick_size),
        step_size=_number(lot.step_size),
        quantity_min=_number(lot.quantity_min),
        notional_min=_number(notional.notional_min),
    )


def _number(text: str) -> Decimal:
    return Decimal(text).normalize() if _is_plain(text) and Decimal(text) else ZERO
