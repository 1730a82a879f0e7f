"""Which trade is meant when none is named: the only one, or a question with all of them."""

from collections.abc import Sequence
from decimal import Decimal

from msgspec import structs

from bot.grammar.numbers import PERCENT
from bot.grammar.parse import parse
from bot.grammar.requests import (
    ByCoin,
    ByNumber,
    Close,
    Misread,
    Open,
    PickPage,
    Request,
    SellPicker,
    SetStop,
    SetTarget,
    ShowTrade,
    SizeText,
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
from engine.core.numbers import ONE

OnTrade = Close | SetStop | SetTarget | ShowTrade
NO_TRADES = ProblemView(code=ProblemCode.NO_OPEN_TRADES)


def pick(request: Request, open_trades: TradesView) -> Request | ChoiceView | ProblemView:
    """Complete a request that names no trade, or ask, or say that there is none."""
    if isinstance(request, SellPicker):
        return _sell(request, open_trades)
    assert isinstance(request, OnTrade), "only these act on a trade"
    rows = open_trades.rows
    if not rows:
        return NO_TRADES
    if len(rows) == 1:
        return structs.replace(request, target=ByNumber(rows[0].number))
    return _which(request, rows, open_trades.currency)


def turned(asked: PickPage, open_trades: TradesView) -> ChoiceView | ProblemView:
    """Ask the same question again on another page: it stays one even with one trade left."""
    request = parse(asked.line, "en")
    if isinstance(request, SellPicker):
        return structs.replace(_sell(request, open_trades), page=asked.page)
    if isinstance(request, Misread) or not isinstance(request, OnTrade):
        return ProblemView(code=ProblemCode.EXPIRED)
    rows = [row for row in open_trades.rows if _is_meant(row, request)]
    if not rows:
        return NO_TRADES
    return structs.replace(_which(request, rows, open_trades.currency), page=asked.page)


def _which(request: OnTrade, rows: Sequence[TradeRow], currency: str) -> ChoiceView:
    coin = {"coin": request.target.text} if isinstance(request.target, ByCoin) else {}
    return ChoiceView(
        code=ChoiceCode.WHICH_TRADE,
        options=tuple(_option(request, row) for row in rows),
        facts=coin,
        currency=currency,
        line=spelled(request),
    )


def _is_meant(row: TradeRow, request: OnTrade) -> bool:
    target = request.target
    names = {row.instrument.base, row.instrument.symbol}
    return target.text in names if isinstance(target, ByCoin) else target is None


def _option(request: OnTrade, row: TradeRow) -> Option:
    chosen = structs.replace(request, target=ByNumber(row.number))
    return Option(request=chosen, line=spelled(chosen), row=row)


def _sell(request: SellPicker, open_trades: TradesView) -> ChoiceView:
    """Offer what is held (and named, if a coin was), then the short that was perhaps meant."""
    held = [row for row in open_trades.rows if _is_held(row, request.symbol)]
    options = [_option(Close(share=_share(request.size)), row) for row in held]
    short = Open(Direction.SHORT, request.symbol, request.size)
    options.append(Option(request=short, line=spelled(short)))
    is_amount = request.size is not None and request.size.unit != PERCENT
    return ChoiceView(
        code=ChoiceCode.SELL_WHOLE if held and is_amount else ChoiceCode.SELL_WHAT,
        options=tuple(options),
        currency=open_trades.currency,
        line=spelled(request),
    )


def _share(size: SizeText | None) -> Decimal:
    """Return how much of a trade a size closes: a percentage its share, all else the whole."""
    return size.value / 100 if size is not None and size.unit == PERCENT else ONE


def _is_held(row: TradeRow, symbol: str | None) -> bool:
    names = {row.instrument.base, row.instrument.symbol}
    return row.direction is Direction.LONG and (symbol is None or symbol in names)
