"""Buttons and table of trades: opened, listed, in detail, changed, ended."""

from decimal import Decimal

from bot.messages import Button, Message, Tone
from bot.messages.table import aligned
from bot.messages.taps import Rows, Taps, in_rows, turning
from bot.text import Words
from bot.views import (
    ExitsSetView,
    ExitView,
    ManyClosedView,
    OpenedView,
    OrderWaitingView,
    TradeRow,
    TradesView,
    TradeView,
)
from bot.views.paging import page_rows
from bot.views.plain import lines_of
from bot.views.plain.lists import trade_list_end
from engine.core.numbers import ZERO

LIST_WIDTH = 2
CARDS_MAX, CARDS_WIDTH = 12, 3


def tone_of(pnl: Decimal | None) -> Tone:
    """Return the tone of a result; none for zero and for what is not known."""
    if pnl is None or pnl == ZERO:
        return Tone.PLAIN
    return Tone.GOOD if pnl > ZERO else Tone.BAD


def of_open_trade(number: int, taps: Taps) -> Rows:
    """Return what can be done with an open trade."""
    protect = (
        taps.go("stop", f"/sl {number}"),
        taps.go("targets", f"/tp {number}"),
        taps.go("break-even", f"/sl {number} be"),
    )
    leave = (
        taps.ask(taps.say("half"), f"/close {number} 50%"),
        taps.ask(taps.say("close"), f"/close {number}", Tone.BAD),
    )
    look = (taps.go("chart", f"/chart {number}"), taps.go("trades", "/trades"))
    return (protect, leave, look)


def of_closed_trade(number: int, taps: Taps) -> Rows:
    """Return what can be done with a closed trade."""
    return (
        (
            taps.go("card", f"/card {number}"),
            taps.go("chart", f"/chart {number}"),
            taps.ask(taps.say("again"), f"/again {number}"),
        ),
    )


def opened(view: OpenedView, taps: Taps) -> Message:
    """Show an opened trade with everything that can be done with it."""
    lines = tuple(lines_of(view, taps.words))
    return Message(lines=lines, rows=of_open_trade(view.number, taps))


def exited(view: ExitView, taps: Taps) -> Message:
    """Show an exit: loud when the trade is closed, silent when a part of it is."""
    rows = of_closed_trade if view.is_closed else of_open_trade
    return Message(
        lines=tuple(lines_of(view, taps.words)),
        rows=rows(view.number, taps),
        tone=tone_of(view.pnl),
        is_silent=not view.is_closed,
    )


def many_closed(view: ManyClosedView, taps: Taps) -> Message:
    """Show what several exits came to together, with the cards of those that are closed."""
    closed = [one.number for one in view.exits if one.is_closed]
    cards = [
        taps.do(taps.say("card-of", number=str(number)), f"/card {number}")
        for number in closed[:CARDS_MAX]
    ]
    rest = [taps.go("history", "/history")] if len(closed) > CARDS_MAX else []
    return Message(
        lines=tuple(lines_of(view, taps.words)),
        rows=(
            *in_rows(cards, CARDS_WIDTH),
            (taps.go("trades", "/trades"), *rest, taps.go("menu", "/menu")),
        ),
        tone=tone_of(sum((one.pnl for one in view.exits), ZERO)),
    )


def trade(view: TradeView, taps: Taps) -> Message:
    """Show one trade."""
    rows = of_open_trade if view.is_open else of_closed_trade
    return Message(
        lines=tuple(lines_of(view, taps.words)),
        rows=rows(view.number, taps),
        tone=tone_of(view.pnl),
    )


def exits_set(view: ExitsSetView, taps: Taps) -> Message:
    """Show the exits as they stand after a change."""
    lines = tuple(lines_of(view, taps.words))
    return Message(lines=lines, rows=of_open_trade(view.number, taps))


def order_waiting(view: OrderWaitingView, taps: Taps) -> Message:
    """Show that an order waits; its result takes this message's place."""
    lines = tuple(lines_of(view, taps.words))
    way = taps.go("trades", "/trades") if view.number is None else taps.trade(view.number)
    return Message(lines=lines, rows=((way,),))


def trade_list(view: TradesView, taps: Taps) -> Message:
    """Show a page of the open trades, live; a button for each."""
    rows = page_rows(view.rows, view.page)
    buttons = [_of_row(row, view.currency, taps) for row in rows]
    end = (taps.step(taps.say("buy"), "/buy"), taps.go("refresh", _page_line(view.page)))
    if not view.rows:
        buttons, end = [], (taps.step(taps.say("buy"), "/buy"), taps.go("practice", "/practice"))
    paging = turning(view.rows, view.page, _page_line, taps)
    return Message(
        lines=tuple(lines_of(view, taps.words, is_tapped=True)),
        table=aligned(rows, view.currency, taps.words) if rows else (),
        footer=tuple(trade_list_end(view, taps.words)),
        rows=(*in_rows(buttons, LIST_WIDTH), *paging, end),
        tone=tone_of(view.pnl),
        is_live=bool(view.rows),
    )


def _of_row(row: TradeRow, currency: str, taps: Taps) -> Button:
    return taps.do(row_label(row, currency, taps.words), f"/trades {row.number}")


def row_label(row: TradeRow, currency: str, words: Words) -> str:
    """Name a trade on a button: `#47 BTC ▲ +2.51`."""
    name = f"#{row.number} {words.coin(row.instrument, currency)}"
    if row.pnl is None:
        return name
    return f"{name} {words.arrow(row.pnl)} {words.amount(row.pnl, is_signed=True)}"


def _page_line(page: int) -> str:
    return "/trades" if page <= 1 else f"=trades {page}"
