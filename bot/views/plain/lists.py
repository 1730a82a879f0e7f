"""The open trades as a list, and one trade in detail with its fills, in plain text."""

from decimal import Decimal

from bot.text.words import Words
from bot.views.paging import page_rows
from bot.views.plain.pieces import direction_word, plan_line, row_lines
from bot.views.trades import FillRow, TradeRow, TradesView, TradeView, WaitingRow
from engine.core.instrument import Instrument

STALE_MS = 5_000
DISTANCE_DECIMALS = 1


def trade_list(view: TradesView, words: Words) -> list[str]:
    """Write every open trade in two lines, then the equity and how fresh it all is."""
    *waiting, equity = trade_list_end(view, words)
    if not view.rows:
        return [words.say("trades-none"), *waiting, words.say("trades-try"), equity]
    return [_list_title(view, words), *_two_lines_each(view.rows, view, words), *waiting, equity]


def tapped_trade_list(view: TradesView, words: Words) -> list[str]:
    """Write one page of the open trades in two lines each; `trade_list_end` follows it."""
    if not view.rows:
        return [words.say("trades-none")]
    return [
        _list_title(view, words),
        *_two_lines_each(page_rows(view.rows, view.page), view, words),
    ]


def trade_list_end(view: TradesView, words: Words) -> list[str]:
    """Write what waits, then the equity and how fresh it all is."""
    message_id = "trades-equity" if view.is_live else "trades-equity-old"
    equity = words.say(
        message_id,
        money=words.brief(view.equity, view.currency),
        time=words.clock(view.at_ms),
    )
    return [*(_waiting_line(row, words) for row in view.waiting), equity]


def _list_title(view: TradesView, words: Words) -> str:
    return words.say(
        "trades-title",
        count=len(view.rows),
        arrow=words.arrow(view.pnl),
        money=words.money(view.pnl, view.currency, is_signed=True),
    )


def _two_lines_each(rows: tuple[TradeRow, ...], view: TradesView, words: Words) -> list[str]:
    heads = row_lines(rows, view.currency, words)
    lines: list[str] = []
    for head, row in zip(heads, rows, strict=True):
        lines += [head, *_row_detail(row, words)]
    return lines


def _row_detail(row: TradeRow, words: Words) -> list[str]:
    if row.price is None:
        return []
    price = words.price(row.price, row.instrument)
    if row.price_age_ms is not None and row.price_age_ms > STALE_MS:
        price = words.say("trades-price-old", price=price, age=words.span(row.price_age_ms))
    else:
        price = words.say("trades-price", price=price)
    if row.stop_distance_ratio is not None:
        away = words.percent(row.stop_distance_ratio, DISTANCE_DECIMALS, is_full=True)
        return [f"  {price} · {words.say('trades-stop', percent=away)}"]
    if row.target_distance_ratio is not None:
        away = words.percent(row.target_distance_ratio, DISTANCE_DECIMALS, is_full=True)
        return [f"  {price} · {words.say('trades-target', percent=away)}"]
    return [f"  {price} · {words.say('trades-no-stop')}"]


def _waiting_line(row: WaitingRow, words: Words) -> str:
    coin = row.instrument.base
    if row.number is None:
        direction = direction_word(row.direction, words)
        return words.say("trades-waiting-entry", coin=coin, direction=direction)
    return words.say("trades-waiting-close", coin=coin, number=str(row.number))


def trade_detail(view: TradeView, words: Words) -> list[str]:
    """Write one trade with each fill and the print that justifies it."""
    lines = [_trade_title(view, words), *_trade_state(view, words)]
    for fill in view.fills:
        lines += _fill_lines(fill, view, words)
    return lines


def _trade_title(view: TradeView, words: Words) -> str:
    names = {
        "number": str(view.number),
        "coin": words.coin(view.instrument, view.currency),
        "direction": direction_word(view.direction, words),
    }
    if view.pnl is None or view.return_ratio is None:
        return words.say("trade-open-no-price", **names)
    money = words.money(view.pnl, view.currency, is_signed=True)
    percent = words.percent(view.return_ratio, is_signed=True, is_full=True)
    if view.is_open:
        arrow = words.arrow(view.pnl)
        return words.say("trade-open", arrow=arrow, money=money, percent=percent, **names)
    return words.say("trade-closed", money=money, percent=percent, **names)


def _trade_state(view: TradeView, words: Words) -> list[str]:
    size = words.say(
        "trade-size",
        quantity=words.quantity(view.quantity),
        base=view.instrument.base,
        money=words.brief(view.notional, view.currency),
        entry=words.price(view.entry_price, view.instrument),
    )
    opened = words.day_and_minute(view.opened_at_ms)
    if view.closed_at_ms is not None:
        held = words.span(view.closed_at_ms - view.opened_at_ms)
        closed = words.day_and_minute(view.closed_at_ms)
        return [size, words.say("trade-span", opened=opened, closed=closed, held=held)]
    return [*_now(view, words), size, *_exits(view, words), words.say("trade-opened", when=opened)]


def _now(view: TradeView, words: Words) -> list[str]:
    if view.price is None or view.price_age_ms is None:
        return []
    price = words.price(view.price, view.instrument)
    return [words.say("trade-now", price=price, age=words.span(view.price_age_ms))]


def _exits(view: TradeView, words: Words) -> list[str]:
    lines: list[str] = []
    if view.stop is not None:
        lines.append(plan_line("stop-plan", view.stop, view, words))
    if view.target is not None:
        lines.append(plan_line("target-plan", view.target, view, words))
    if not lines:
        lines.append(words.say("trade-no-stop", number=str(view.number)))
    if view.liquidation_price is not None:
        at = words.price(view.liquidation_price, view.instrument)
        lines.append(words.say("liquidation-level", price=at))
    if any(fill.reason is not None for fill in view.fills):
        booked = words.brief(view.realized_pnl, view.currency, is_signed=True)
        lines.append(words.say("trade-booked", money=booked))
    return lines


def _fill_lines(fill: FillRow, view: TradeView, words: Words) -> list[str]:
    message_id = "trade-fill-entry" if fill.reason is None else "trade-fill-exit"
    head = words.say(
        message_id,
        quantity=words.quantity(fill.quantity),
        price=words.price(fill.price, view.instrument),
        fee=words.amount(fill.fee),
    )
    lines = [head]
    if fill.reason is not None:
        reason = words.say(f"reason-{fill.reason.value}")
        result = words.brief(fill.pnl, view.currency, is_signed=True)
        lines.append("  " + words.say("trade-fill-result", reason=reason, money=result))
    if fill.rate != Decimal(1):
        lines.append("  " + words.say("trade-fill-rate", rate=words.quantity(fill.rate)))
    return [*lines, "  " + _print_line(fill, view.instrument, words)]


def _print_line(fill: FillRow, instrument: Instrument, words: Words) -> str:
    seen = fill.justified_by
    return words.say(
        "trade-fill-print",
        id=str(seen.id),
        price=words.price(seen.price, instrument),
        time=words.clock(seen.time_ms),
    )
