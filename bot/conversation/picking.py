"""Which trade is meant when none is named: the only one, or a question with all of them."""

from msgspec import structs

from bot.grammar.requests import (
    ByNumber,
    Close,
    Open,
    Request,
    SellPicker,
    SetStop,
    SetTarget,
)
from bot.use_cases.lines import spelled
from bot.views import (
    ChoiceCode,
    ChoiceView,
    Option,
    ProblemCode,
    ProblemView,
    TradeRow,
    TradesView,
)
from engine.core.instrument import Direction

ROWS_MAX = 9

OnTrade = Close | SetStop | SetTarget


def pick(request: Request, open_trades: TradesView) -> Request | ChoiceView | ProblemView:
    """Complete a request that names no trade, or ask, or say that there is none."""
    if isinstance(request, SellPicker):
        return _sell(request, open_trades)
    assert isinstance(request, OnTrade), "only these act on a trade"
    rows = open_trades.rows
    if not rows:
        return ProblemView(code=ProblemCode.NO_OPEN_TRADES)
    if len(rows) == 1:
        return structs.replace(request, target=ByNumber(rows[0].number))
    options = tuple(_option(request, row) for row in rows[:ROWS_MAX])
    return ChoiceView(code=ChoiceCode.WHICH_TRADE, options=options, currency=open_trades.currency)


def _option(request: OnTrade, row: TradeRow) -> Option:
    chosen = structs.replace(request, target=ByNumber(row.number))
    return Option(request=chosen, line=spelled(chosen), row=row)


def _sell(request: SellPicker, open_trades: TradesView) -> ChoiceView:
    """Offer what is held (and named, if a coin was), then the short that was perhaps meant."""
    held = [row for row in open_trades.rows if _is_held(row, request.symbol)]
    options = [_option(Close(), row) for row in held[: ROWS_MAX - 1]]
    short = Open(Direction.SHORT, request.symbol, request.size)
    options.append(Option(request=short, line=spelled(short)))
    return ChoiceView(
        code=ChoiceCode.SELL_WHAT, options=tuple(options), currency=open_trades.currency
    )


def _is_held(row: TradeRow, symbol: str | None) -> bool:
    names = {row.instrument.base, row.instrument.symbol}
    return row.direction is Direction.LONG and (symbol is None or symbol in names)
