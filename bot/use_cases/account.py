"""`/balance`, `/pnl`, `/language`, `/timezone`, `/export`: one's own money and settings."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

from bot.use_cases.books import Result
from bot.use_cases.context import Caller, Context
from bot.use_cases.valuing import value_of
from bot.views import (
    BalanceView,
    DoneCode,
    DoneView,
    ExportView,
    PnlRow,
    PnlView,
    ProblemCode,
    ProblemView,
    View,
)

WEEK = timedelta(days=7)


async def balance(context: Context, caller: Caller) -> View:
    """Return balance, reserve and equity."""
    person = caller.person
    trades = await context.books.open_trades(person.user_id)
    for item in trades:
        await context.desk.quote(item.trade.symbol, 0.5)
    value = value_of(context, trades)
    return BalanceView(
        currency=person.currency,
        balance=person.balance,
        reserved=value.reserved,
        unrealized_pnl=value.pnl,
        equity=person.balance + value.reserved + value.pnl,
        start=person.starting_balance,
        open_count=len(trades),
        is_live=value.is_live,
    )


async def pnl(context: Context, caller: Caller) -> View:
    """Return the results of today (in the caller's zone), of 7 days and of the account's life."""
    person = caller.person
    now = datetime.fromtimestamp(context.clock.now_ms() / 1000, tz=ZoneInfo(person.zone))
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    rows = [
        await context.books.result_since(person.account_id, since)
        for since in (_ms(midnight), _ms(now - WEEK), None)
    ]
    trades = await context.books.open_trades(person.user_id)
    value = value_of(context, trades)
    return PnlView(
        currency=person.currency,
        today=_row(rows[0]),
        week=_row(rows[1]),
        all_time=_row(rows[2]),
        unrealized_pnl=value.pnl,
        open_count=len(trades),
    )


async def set_language(context: Context, caller: Caller, code: str) -> View:
    """Change the language."""
    await context.books.set_locale(caller.person.user_id, code)
    return DoneView(code=DoneCode.LANGUAGE)


async def set_timezone(context: Context, caller: Caller, name: str | None) -> View:
    """Change the time zone, or tell the present one."""
    if name is None:
        return DoneView(code=DoneCode.TIMEZONE_NOW, facts={"name": caller.person.zone})
    known = find_zone(name)
    if known is None:
        return ProblemView(
            code=ProblemCode.BAD_TIMEZONE,
            facts={"name": name},
            suggestion="/timezone America/Sao_Paulo",
        )
    await context.books.set_zone(caller.person.user_id, known)
    return DoneView(code=DoneCode.TIMEZONE, facts={"name": known})


async def export(context: Context, caller: Caller) -> View:
    """Hand out all of the caller's own data."""
    content = await context.books.export(caller.person.user_id)
    day = datetime.fromtimestamp(context.clock.now_ms() / 1000, tz=UTC)
    return ExportView(filename=f"vigilante-{day:%Y%m%d-%H%M%S}.json", content=content)


def find_zone(name: str) -> str | None:
    """Return the IANA zone of that name in any case, or of that city alone; None if there is none.

    `sao paulo`, `Sao_Paulo` and `america/sao_paulo` are all America/Sao_Paulo.
    """
    wanted = name.strip().replace(" ", "_").casefold()
    by_city: str | None = None
    for zone in sorted(available_timezones()):
        folded = zone.casefold()
        if folded == wanted:
            return zone
        if folded.rpartition("/")[2] == wanted and by_city is None:
            by_city = zone
    return by_city


def _row(result: Result) -> PnlRow:
    return PnlRow(
        realized_pnl=result.realized_pnl,
        closed_count=result.closed_count,
        winner_count=result.winner_count,
    )


def _ms(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)
