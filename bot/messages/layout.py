"""From a view to a message: lines, and everything that can be tapped below them.

It words and arranges; it decides nothing and remembers nothing. One module a family of views.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from msgspec import structs

from bot import views
from bot.conversation.presses import Press, PressKind
from bot.messages import Button, Message, account, alerts, house, market, questions, trades
from bot.messages.forms import form_of
from bot.messages.taps import Taps, clipped
from bot.text import Words
from bot.views import View
from bot.views.plain import lines_of

TOAST_MAX = 200

__all__ = ["ended", "form_of", "keyboard", "lay", "toast"]

Layout = Callable[[Any, Taps], Message]

_LAYOUTS: Mapping[type, Layout] = MappingProxyType(
    {
        views.OpenedView: trades.opened,
        views.ExitView: trades.exited,
        views.ManyClosedView: trades.many_closed,
        views.OrderWaitingView: trades.order_waiting,
        views.OrderFailedView: questions.order_failed,
        views.TradesView: trades.trade_list,
        views.TradeView: trades.trade,
        views.ExitsSetView: trades.exits_set,
        views.RefusedView: questions.refused,
        views.ProblemView: questions.problem,
        views.MisreadView: questions.misread,
        views.ChoiceView: questions.choice,
        views.ConfirmView: questions.confirm,
        views.AskView: questions.ask,
        views.PriceView: market.price,
        views.ChartView: market.chart,
        views.CardView: market.card,
        views.AlertSetView: alerts.alert_set,
        views.AlertsView: alerts.alerts,
        views.AlertFiredView: alerts.alert_fired,
        views.AlertEndedView: alerts.alert_ended,
        views.StatusView: market.status,
        views.FeedView: market.feed,
        views.HelpView: market.help_screen,
        views.BalanceView: account.balance,
        views.PnlView: account.pnl,
        views.HistoryView: account.history,
        views.DoneView: account.done,
        views.WelcomeView: account.welcome,
        views.ExportView: account.export,
        views.MenuView: house.menu,
        views.PlansView: house.plans,
        views.PracticeView: house.practice,
        views.ShareView: house.share,
        views.LinkView: house.link,
        views.LinkedView: house.linked,
        views.SettingsView: house.settings,
        views.GroupView: house.group,
        views.HandOffView: house.hand_off,
        views.HealthView: house.health,
        views.ReceiptView: house.receipt,
        views.AdminDoneView: house.admin_done,
        views.BroadcastView: house.broadcast,
    }
)


def lay(view: View, words: Words, *, owner: str = "") -> Message:
    """Write a view as a message; `owner` binds every button to the only one who may press it."""
    message = _LAYOUTS[type(view)](view, Taps(words, owner))
    return structs.replace(message, locale=words.locale)


def ended(message: Message, words: Words) -> Message:
    """Return a live list that has ended: its footer says so, and a button goes on.

    The last button of a list refreshes the page that is shown, so it is that page that goes on.
    """
    last = message.rows[-1] if message.rows else ()
    again = next((one.press for one in reversed(last) if one.press), None)
    line, owner = (again.line, again.owner) if again else ("/trades", "")
    press = Press(kind=PressKind.MORE, line=line, owner=owner)
    more = Button(label=clipped(words.say("button-more")), press=press)
    return structs.replace(
        message,
        footer=(*message.footer, words.say("live-ended")),
        rows=(*message.rows[:-1], (more,)),
        is_live=False,
    )


def keyboard(words: Words) -> tuple[tuple[str, str], ...]:
    """Return the labels of the persistent keyboard with the line that each stands for."""
    return (
        (words.say("keyboard-trades"), "/trades"),
        (words.say("keyboard-buy"), "/buy"),
        (words.say("keyboard-balance"), "/balance"),
        (words.say("keyboard-menu"), "/menu"),
    )


def toast(view: View, words: Words) -> str:
    """Write a view as at most 200 characters, for who pressed alone."""
    text = "\n".join(lines_of(view, words, is_tapped=True))
    return text if len(text) <= TOAST_MAX else text[: TOAST_MAX - 1] + "…"
