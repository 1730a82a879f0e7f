"""`/plan` and `/again`: an order's usual parts, saved; and the same trade once more."""

from decimal import Decimal

from msgspec import structs

from bot.grammar.asks import PLAN_DEFAULT
from bot.grammar.parse import parse
from bot.grammar.requests import Again, ByCoin, ByNumber, LevelText, Open, Plan, SizeText, Target
from bot.use_cases.amounts import ask_of_money
from bot.use_cases.books import EntryRecord, StoredPlan
from bot.use_cases.context import Caller, Context
from bot.use_cases.lines import level_line, size_line
from bot.use_cases.valuing import instrument_of
from bot.views import PlanRow, PlansView, ProblemCode, ProblemView, View
from engine.core.numbers import CONTEXT
from engine.core.orders import Level, SizeUnit

__all__ = ["PLAN_DEFAULT", "again", "plan_request", "plans"]

SIZE_DEFAULT = SizeText(Decimal(5), "%")
"""What a plan without an amount opens: so that `/buy btc` is complete once a plan is saved."""


async def plans(context: Context, caller: Caller, request: Plan) -> View:
    """Save, remove or show plans."""
    user_id = caller.person.user_id
    saved = removed = None
    if request.name is not None and request.is_removed:
        if not await context.books.remove_plan(user_id, request.name):
            return _unknown(request.name)
        removed = request.name
    elif request.name is not None and _has_parts(request):
        asked = ask_of_money(request.size, lambda size: structs.replace(request, size=size))
        if asked is not None:
            return asked
        plan = structs.replace(request, size=request.size or SIZE_DEFAULT)
        if not await context.books.save_plan(user_id, _stored(plan)):
            return ProblemView(code=ProblemCode.QUOTA, facts={"limit": "20"}, suggestion="/plan")
        saved = request.name
    rows = [_row(one) for one in await context.books.plans(user_id)]
    if request.name is not None and not saved and not removed:
        rows = [row for row in rows if row.name == request.name]
        if not rows:
            return _unknown(request.name)
    return PlansView(
        rows=tuple(rows),
        currency=caller.person.currency,
        page=request.page,
        saved=saved,
        removed=removed,
    )


def plan_request(plan: StoredPlan) -> Plan:
    """Return a stored plan's parts, read again as they were typed."""
    stop = f"sl={plan.stop}" if plan.stop else ""
    target = f"tp={plan.target}" if plan.target else ""
    words = [f"/plan {plan.name}", plan.size or "", stop, target]
    read = parse(" ".join(word for word in words if word), "en")
    assert isinstance(read, Plan), "a plan is stored as it can be read"
    return read


async def again(context: Context, caller: Caller, request: Again) -> Open | View:
    """Return the order that opens the same trade once more, its exits by their distance."""
    number = await _number(context, caller, request.target)
    if isinstance(number, ProblemView):
        return number
    record = await context.books.entry(caller.person.user_id, number)
    if record is None and number is None:
        return ProblemView(code=ProblemCode.NO_TRADE_YET, suggestion="/buy btc 100 sl2% tp4%")
    if record is None:
        facts = {"number": str(number)}
        return ProblemView(code=ProblemCode.NO_SUCH_TRADE, facts=facts, suggestion="/history")
    return await _order(context, caller, record, is_asking=request.is_asking)


async def _number(
    context: Context, caller: Caller, target: Target | None
) -> int | ProblemView | None:
    if target is None or isinstance(target, ByNumber):
        return target.number if target else None
    return await _newest_of(context, caller, target)


async def _newest_of(context: Context, caller: Caller, coin: ByCoin) -> int | ProblemView:
    """Return the newest trade of a coin, open or closed."""
    user_id = caller.person.user_id
    found = [(item.number, item.trade.symbol) for item in await context.books.open_trades(user_id)]
    rows, _ = await context.books.history(user_id, 1, 50)
    found += [(row.number, row.symbol) for row in rows]
    for number, symbol in sorted(found, reverse=True):
        if coin.text in (symbol, instrument_of(context, symbol).base):
            return number
    facts = {"coin": coin.text}
    return ProblemView(code=ProblemCode.COIN_NOT_OPEN, facts=facts, suggestion="/history")


async def _order(context: Context, caller: Caller, record: EntryRecord, *, is_asking: bool) -> Open:
    order = record.order
    file = await context.books.trade(caller.person.user_id, record.number)
    entry = file.trade.entry_price if file else None
    unit = {
        SizeUnit.ACCOUNT: None,
        SizeUnit.QUOTE: instrument_of(context, order.symbol).quote,
        SizeUnit.BASE: instrument_of(context, order.symbol).base,
    }[order.size.unit]
    return Open(
        direction=order.direction,
        symbol=order.symbol,
        size=SizeText(order.size.amount, unit),
        stop=_distance(order.stop, entry),
        target=_distance(order.target, entry),
        is_asking=is_asking,
    )


def _distance(level: Level | None, entry: Decimal | None) -> LevelText | None:
    """Return a level as a percentage of the entry it had, to two decimals."""
    if level is None:
        return None
    ratio = level.ratio
    if ratio is None:
        if level.price is None or entry is None:
            return None
        ratio = CONTEXT.divide(abs(level.price - entry), entry)
    percent = (ratio * 100).quantize(Decimal("0.01"))
    return LevelText(percent.normalize(CONTEXT) if percent else Decimal("0.01"), is_percent=True)


def _has_parts(plan: Plan) -> bool:
    return any(part is not None for part in (plan.size, plan.stop, plan.target))


def _stored(plan: Plan) -> StoredPlan:
    """Write a plan's parts as they can be read again, whatever the language."""
    size = plan.size
    return StoredPlan(
        name=plan.name or PLAN_DEFAULT,
        size=None if size is None else size_line(size),
        stop=None if plan.stop is None else level_line(plan.stop),
        target=None if plan.target is None else level_line(plan.target),
    )


def _row(plan: StoredPlan) -> PlanRow:
    read = plan_request(plan)
    return PlanRow(name=plan.name, size=read.size, stop=read.stop, target=read.target)


def _unknown(name: str) -> ProblemView:
    return ProblemView(code=ProblemCode.NO_PLAN, facts={"name": name}, suggestion="/plan")
