"""The open trades as an aligned block of at most 28 columns: trade, result, distance to stop."""

from decimal import Decimal

from bot.text import Words
from bot.views import TradeRow
from engine.core.instrument import Direction

COLUMNS_MAX = 28
WHOLE_FROM = Decimal(10_000)


def aligned(rows: tuple[TradeRow, ...], currency: str, words: Words) -> tuple[str, ...]:
    """Return a header and a line per trade; a coin that is too long ends in `…`."""
    header = tuple(words.say(f"table-{name}") for name in ("trade", "pnl", "stop"))
    cells = [(_name(row, currency, words), _pnl(row, words), _stop(row, words)) for row in rows]
    pnl_width = max(len(cell[1]) for cell in [header, *cells])
    stop_width = max(len(cell[2]) for cell in [header, *cells])
    room = COLUMNS_MAX - pnl_width - stop_width - 2
    name_width = min(room, max(len(cell[0]) for cell in [header, *cells]))
    return tuple(
        f"{_cut(name, name_width):{name_width}} {pnl:>{pnl_width}} {stop:>{stop_width}}"
        for name, pnl, stop in [header, *cells]
    )


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
