"""From what was typed to what exists: the pair that is meant, the trade that is meant."""

from collections.abc import Callable, Sequence
from decimal import Decimal

from msgspec.structs import replace

from bot.grammar.requests import ByCoin, ByNumber, Request, Target
from bot.use_cases.books import NumberedTrade
from bot.use_cases.context import Caller, Context
from bot.use_cases.lines import spelled
from bot.use_cases.status import feed_state
from bot.use_cases.valuing import row_of
from bot.views import ChoiceCode, ChoiceView, FeedState, Option, ProblemCode, ProblemView, TradeRow
from engine.core.events import Place
from engine.core.instrument import Instrument
from engine.core.orders import PRICE_AGE_MAX_MS

FALLBACK_QUOTE = "USDT"


async def find_instrument(context: Context, text: str, currency: str) -> Instrument | ProblemView:
    """Return the pair that a coin or symbol means for this account.

    A lone coin is its pair in the account's currency when that trades and has printed within
    60 s, else its USDT pair.
    """
    instruments = context.desk.instruments
    found = instruments.find(text, currency)
    if not found and await instruments.refresh_for_unknown():
        found = instruments.find(text, currency)
    if not found:
        code = ProblemCode.UNKNOWN_COIN if len(instruments) else without_price(context)
        return ProblemView(code=code, facts={"coin": text}, suggestion="/price btc")
    first = found[0]
    if len(found) == 1 or first.quote == FALLBACK_QUOTE:
        return first
    place = await context.desk.quote(first.symbol)
    if first.is_trading and place is not None and _is_recent(place):
        return first
    return next((item for item in found if item.quote == FALLBACK_QUOTE), first)


def without_price(context: Context) -> ProblemCode:
    """Return why a price is not there: it is about to come, or the venue cannot be reached."""
    if feed_state(context.desk.facts()) is FeedState.OFFLINE:
        return ProblemCode.NO_FEED
    return ProblemCode.NO_PRICE


async def find_trade(
    context: Context, caller: Caller, target: Target, ask: Callable[[Target], Request]
) -> NumberedTrade | ProblemView | ChoiceView:
    """Return the caller's open trade that is meant, or what to say instead.

    Where a coin means several, it asks which; `ask` makes the request that means a target.
    """
    trades = await context.books.open_trades(caller.person.user_id)
    if isinstance(target, ByNumber):
        chosen = [item for item in trades if item.number == target.number]
        if chosen:
            return chosen[0]
        known = await context.books.trade(caller.person.user_id, target.number)
        code = ProblemCode.TRADE_CLOSED if known else ProblemCode.NO_SUCH_TRADE
        return ProblemView(code=code, facts={"number": str(target.number)}, suggestion="/trades")
    matching = [item for item in trades if means(context, target, item)]
    if len(matching) == 1:
        return matching[0]
    if matching:
        requests = [ask(ByNumber(item.number)) for item in matching]
        rows = [row_of(context, item, context.desk.place(item.trade.symbol)) for item in matching]
        which = _which(target.text, rows, requests, caller.person.currency)
        return replace(which, line=spelled(ask(target)))
    if not trades:
        return ProblemView(code=ProblemCode.NO_OPEN_TRADES, suggestion="/buy btc 100 sl2% tp4%")
    return ProblemView(
        code=ProblemCode.COIN_NOT_OPEN, facts={"coin": target.text}, suggestion="/trades"
    )


def means(context: Context, target: ByCoin, item: NumberedTrade) -> bool:
    """Return whether a coin or pair means this trade."""
    instrument = context.desk.instrument(item.trade.symbol)
    base = instrument.base if instrument else item.trade.symbol
    return target.text in (item.trade.symbol, base)


def _which(
    coin: str, rows: Sequence[TradeRow], requests: Sequence[Request], currency: str
) -> ChoiceView:
    answers = tuple(
        Option(row=row, request=request, line=spelled(request))
        for row, request in zip(rows, requests, strict=True)
    )
    return ChoiceView(
        code=ChoiceCode.WHICH_TRADE, options=answers, facts={"coin": coin}, currency=currency
    )


def is_far(value: Decimal, price: Decimal) -> bool:
    """Return whether a price is more than 50 % off the market."""
    return abs(value - price) > price / 2


def _is_recent(place: Place) -> bool:
    return place.now_ms - place.last_time_ms <= PRICE_AGE_MAX_MS
