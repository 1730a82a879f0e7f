"""Phrases that several messages share: a direction, an exit plan, a silence, a trade's row."""

from decimal import Decimal
from typing import Protocol

from bot.grammar.requests import LevelText, SizeText
from bot.grammar.words import in_words_of
from bot.text.words import Words
from bot.views.trades import ExitPlan, Late, TradeRow
from engine.core.instrument import Direction, Instrument

HALF = Decimal("0.5")
QUOTES = ("USDT", "BRL")
PERCENT_DECIMALS = 4


class OfTrade(Protocol):
    """Any view of one trade."""

    @property
    def instrument(self) -> Instrument: ...
    @property
    def currency(self) -> str: ...


def direction_word(direction: Direction, words: Words) -> str:
    """Return long or short as the language says it."""
    return words.say(f"direction-{direction.value}")


def try_line(line: str, words: Words) -> str:
    """Write a line that would work, in the words of the reader's language."""
    return words.say("try-line", line=in_words_of(line, words.locale))


def share_word(share: Decimal, words: Words) -> str:
    """Return half as a word, another share as a percentage."""
    return words.say("share-half") if share == HALF else words.percent(share)


def pair_word(symbol: str) -> str:
    """Write a symbol as a pair: `BTCUSDT` is BTC/USDT; a lone coin stays as it is."""
    for quote in QUOTES:
        if symbol.endswith(quote) and len(symbol) > len(quote):
            return f"{symbol.removesuffix(quote)}/{quote}"
    return symbol


def size_word(size: SizeText, currency: str, words: Words) -> str:
    """Write an amount as it was asked for; an empty `currency` is the account's."""
    if size.unit == "%":
        return words.percent(size.value / 100)
    unit = size.unit or currency
    if unit in {"", "BRL", "USDT"}:
        return words.asked(size.value, unit)
    return f"{words.quantity(size.value)} {unit}"


def level_word(level: LevelText, words: Words, instrument: Instrument | None = None) -> str:
    """Write a level as it was asked for; a price in the grain of its instrument, if known."""
    if level.is_percent:
        return words.percent(level.value / 100, PERCENT_DECIMALS)
    return price_word(level.value, instrument, words)


def price_word(price: Decimal, instrument: Instrument | None, words: Words) -> str:
    """Write a price as its symbol has it; of an unknown symbol, without needless zeros."""
    return words.quantity(price) if instrument is None else words.price(price, instrument)


def plan_line(message_id: str, plan: ExitPlan, view: OfTrade, words: Words) -> str:
    """Write a level with its distance and what it would book."""
    return words.say(
        message_id,
        price=words.price(plan.price, view.instrument),
        percent=words.percent(plan.ratio, is_signed=True),
        money=words.brief(plan.pnl, view.currency, is_signed=True),
    )


def late_lines(late: Late, happened_ms: int, subject: dict[str, str], words: Words) -> list[str]:
    """Write when something happened, in which silence, and that it changes nothing.

    `subject` is the `price`, and the `number` of the trade that it ended.
    """
    is_exit = "number" in subject
    since, until = bounds(late, words)
    if words.day(late.since_ms) != words.day(late.until_ms):
        across = "late-exit-days" if is_exit else "late-entry-days"
        day, minute = words.day(happened_ms), words.minute(happened_ms)
        happened = words.say("late-happened-day", day=day, time=minute)
        silence = words.say(across, since=since, until=until, **subject)
    else:
        within = "late-exit" if is_exit else "late-entry"
        happened = words.say("late-happened", time=words.clock(happened_ms))
        silence = words.say(within, since=since, until=until, **subject)
    return [happened, silence, words.say("late-same")]


def bounds(late: Late, words: Words) -> tuple[str, str]:
    """Write the beginning and the end of a silence, no more exactly than tells them apart."""
    if words.day(late.since_ms) != words.day(late.until_ms):
        write = words.day_and_minute
    else:
        is_short = words.minute(late.since_ms) == words.minute(late.until_ms)
        write = words.clock if is_short else words.minute
    return write(late.since_ms), write(late.until_ms)


def row_lines(rows: tuple[TradeRow, ...], currency: str, words: Words) -> list[str]:
    """Write the first line of each trade, their results in one column."""
    heads = row_heads(rows, currency, words)
    width = max(map(len, heads), default=0)
    return [
        f"{head:{width}} {row_result(row, words)}" for head, row in zip(heads, rows, strict=True)
    ]


def row_heads(rows: tuple[TradeRow, ...], currency: str, words: Words) -> list[str]:
    """Name each trade: number, coin, direction."""
    return [
        f"#{row.number} {words.coin(row.instrument, currency)} "
        f"{direction_word(row.direction, words)}"
        for row in rows
    ]


def row_result(row: TradeRow, words: Words) -> str:
    """Write what closing a trade now would book."""
    if row.pnl is None or row.return_ratio is None:
        return words.say("trades-row-no-price")
    return words.say(
        "trades-row",
        arrow=words.arrow(row.pnl),
        money=words.amount(row.pnl, is_signed=True),
        percent=words.percent(row.return_ratio, is_signed=True, is_full=True),
    )
