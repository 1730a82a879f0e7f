"""The open trades as an aligned block of at most 28 columns: trade, result, distance to stop."""

from decimal import Decimal

from bot.text import Words
from bot.views import TradeRow
from engine.core.instrument import Direction

COLUMNS_MAX = 28
WHOLE_FROM = Decimal(10_000)


def aligned(rows: tuple[TradeRow, ...], currency: str, words: Words) -> tuple[str, ...]:
    """Return a header and a line per trade; a coin that is too long ends in `…`."""
    cells = [(_name(row, currency, words), _pnl(row, words), _stop(row, words)) for row in rows]
    header = _header("to-stop", words)
    if sum(_widths([header, *cells])) + 2 > COLUMNS_MAX:
        header = _header("stop", words)
    name_width, pnl_width, stop_width = _widths([header, *cells])
    name_width = min(name_width, COLUMNS_MAX - pnl_width - stop_width - 2)
    return tuple(
        f"{_cut(name, name_width):{name_width}} {pnl:>{pnl_width}} {stop:>{stop_width}}"
        for name, pnl, stop in [header, *cells]
    )


def _header(distance: str, words: Words) -> tuple[str, ...]:
    return tuple(words.say(f"table-{name}") for name in ("trade", "pnl", distance))


def _widths(lines: list[tuple[str, ...]]) -> list[int]:
    return [max(map(len, column)) for column in zip(*lines, strict=True)]


def _name(row: TradeRow, currency: str, words: Words) -> str:
    side = words.say("table-long" if row.direction is Direction.LONG else "table-short")
    return f"#{row.number} {side} {words.coin(row.instrument, currency)}"


def _pnl(row: TradeRow, words: Words) -> str:
    if row.pnl is None:
        return "–"
    if abs(row.pnl) >= WHOLE_FROM:
        text = words.whole(int(row.pnl))
        return f"+{text}" if row.pnl > 0 else text
    return words.amount(row.pnl, is_signed=True)


def _stop(row: TradeRow, words: Words) -> str:
    if row.stop_distance_ratio is None:
        return "–"
    return words.percent(row.stop_distance_ratio, 1, is_full=True)


def _cut(name: str, width: int) -> str:
    return name if len(name) <= width else name[: width - 1] + "…"
