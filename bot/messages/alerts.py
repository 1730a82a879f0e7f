"""Buttons of price alerts: what to do at the price that was reached, and what to take back."""

from bot.grammar.numbers import typed
from bot.messages import Message
from bot.messages.market import trading
from bot.messages.taps import Taps, in_rows
from bot.views import AlertEndedView, AlertFiredView, AlertRow, AlertSetView, AlertsView
from bot.views.plain import lines_of
from bot.views.plain.alerts import alert_name

SHOWN_MAX = 50
LIST_WIDTH = 2


def alert_set(view: AlertSetView, taps: Taps) -> Message:
    """Show that an alert is armed; it can be taken back."""
    off = taps.once(
        taps.say("alert-off", alert=alert_name(view.row, taps.words)), off_line(view.row)
    )
    lines = tuple(lines_of(view, taps.words))
    return Message(lines=lines, rows=((off, taps.go("alerts", "/alerts")),))


def alerts(view: AlertsView, taps: Taps) -> Message:
    """Show the alerts, each with a button that takes it back."""
    offs = [
        taps.once(taps.say("alert-off", alert=alert_name(row, taps.words)), off_line(row))
        for row in view.rows[:SHOWN_MAX]
    ]
    end = (taps.step(taps.say("alert-new"), "/alert"), taps.go("menu", "/menu"))
    lines = tuple(lines_of(view, taps.words, is_tapped=True))
    return Message(lines=lines, rows=(*in_rows(offs, LIST_WIDTH), end))


def alert_fired(view: AlertFiredView, taps: Taps) -> Message:
    """Show that a price was reached, with what can be done at it."""
    symbol = view.row.instrument.symbol.lower()
    again = taps.step(taps.say("alert-new"), f"/alert {symbol}")
    lines = tuple(lines_of(view, taps.words))
    return Message(lines=lines, rows=(trading(symbol, taps), (again,)))


def alert_ended(view: AlertEndedView, taps: Taps) -> Message:
    """Show that an alert will never be reached."""
    lines = tuple(lines_of(view, taps.words))
    return Message(lines=lines, rows=((taps.go("alerts", "/alerts"),),))


def off_line(row: AlertRow) -> str:
    """Return the line that takes an alert back."""
    return f"/alert {row.instrument.symbol.lower()} {typed(row.price)} off"
