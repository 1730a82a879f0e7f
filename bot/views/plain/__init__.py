"""Views as lines of plain text: the first names event, coin and money; none decides anything."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, cast

from bot.text.words import Words
from bot.views import (
    AdminDoneView,
    AlertEndedView,
    AlertFiredView,
    AlertSetView,
    AlertsView,
    AskView,
    BalanceView,
    BroadcastView,
    CardView,
    ChartView,
    ChoiceView,
    ConfirmView,
    DoneView,
    ExitsSetView,
    ExitView,
    ExportView,
    FeedView,
    GroupView,
    HandOffView,
    HealthView,
    HelpView,
    HistoryView,
    LinkedView,
    LinkView,
    ManyClosedView,
    MenuView,
    MisreadView,
    OpenedView,
    OrderFailedView,
    OrderWaitingView,
    PlansView,
    PnlView,
    PracticeView,
    PriceView,
    ProblemView,
    ReceiptView,
    RefusedView,
    SettingsView,
    ShareView,
    StatusView,
    TradesView,
    TradeView,
    View,
    WelcomeView,
)
from bot.views.house import PracticeStep
from bot.views.plain.account import (
    balance,
    done,
    export,
    history,
    pnl,
    tapped_history,
    tapped_welcome,
    welcome,
)
from bot.views.plain.alerts import (
    alert_ended,
    alert_fired,
    alert_set,
    alerts,
    tapped_alerts,
)
from bot.views.plain.exits import exited, many_closed
from bot.views.plain.hosting import admin_done, broadcast, health, receipt
from bot.views.plain.house import (
    group,
    hand_off,
    link,
    linked,
    menu,
    plans,
    settings,
    share,
    tapped_group,
    tapped_menu,
    tapped_plans,
    tapped_settings,
)
from bot.views.plain.lists import tapped_trade_list, trade_detail, trade_list
from bot.views.plain.market import feed, help_screen, price, status
from bot.views.plain.pictures import card, chart
from bot.views.plain.questions import (
    ask,
    choice,
    confirm,
    tapped_ask,
    tapped_choice,
    tapped_confirm,
)
from bot.views.plain.refusals import (
    misread,
    order_failed,
    problem,
    refused,
    tapped_misread,
    tapped_order_failed,
    tapped_problem,
    tapped_refused,
)
from bot.views.plain.trades import exits_set, opened, order_waiting

Renderer = Callable[[Any, Words], list[str]]


def practice(view: PracticeView, words: Words) -> list[str]:
    """Write one step of the practice minute, its event as it would really be told, labeled."""
    if view.event is None or view.step is not PracticeStep.EVENT:
        name = f"practice-{view.step.value}"
        known = {"practice-begin", "practice-end"}
        return [words.say(each) for each in (name, f"{name}-detail") if name in known]
    first, *rest = lines_of(cast("View", view.event), words)
    if isinstance(view.event, CardView) and view.event.is_invented:
        return [first, *rest]  # it says so itself
    return [first, words.say("practice-label"), *rest]


_RENDERERS: Mapping[type, Renderer] = MappingProxyType(
    {
        OpenedView: opened,
        ExitView: exited,
        ManyClosedView: many_closed,
        OrderWaitingView: order_waiting,
        OrderFailedView: order_failed,
        RefusedView: refused,
        ProblemView: problem,
        MisreadView: misread,
        ChoiceView: choice,
        TradesView: trade_list,
        TradeView: trade_detail,
        ExitsSetView: exits_set,
        PriceView: price,
        BalanceView: balance,
        PnlView: pnl,
        HistoryView: history,
        StatusView: status,
        ConfirmView: confirm,
        AskView: ask,
        DoneView: done,
        WelcomeView: welcome,
        FeedView: feed,
        HelpView: help_screen,
        ExportView: export,
        MenuView: menu,
        PlansView: plans,
        PracticeView: practice,
        ShareView: share,
        LinkView: link,
        LinkedView: linked,
        SettingsView: settings,
        GroupView: group,
        HandOffView: hand_off,
        HealthView: health,
        ReceiptView: receipt,
        AdminDoneView: admin_done,
        BroadcastView: broadcast,
        ChartView: chart,
        CardView: card,
        AlertSetView: alert_set,
        AlertsView: alerts,
        AlertFiredView: alert_fired,
        AlertEndedView: alert_ended,
    }
)
# What reads differently beside buttons: how to type it is left out.
_TAPPED: Mapping[type, Renderer] = MappingProxyType(
    {
        ConfirmView: tapped_confirm,
        AskView: tapped_ask,
        ChoiceView: tapped_choice,
        RefusedView: tapped_refused,
        OrderFailedView: tapped_order_failed,
        ProblemView: tapped_problem,
        MisreadView: tapped_misread,
        TradesView: tapped_trade_list,
        HistoryView: tapped_history,
        WelcomeView: tapped_welcome,
        MenuView: tapped_menu,
        PlansView: tapped_plans,
        AlertsView: tapped_alerts,
        SettingsView: tapped_settings,
        GroupView: tapped_group,
    }
)


def lines_of(view: View, words: Words, *, is_tapped: bool = False) -> list[str]:
    """Write a view as lines, the first of them what a push notification would show.

    `is_tapped`: buttons stand beside them, so they do not say how to type the same.
    """
    kind = type(view)
    write = _TAPPED.get(kind, _RENDERERS[kind]) if is_tapped else _RENDERERS[kind]
    written = write(view, words)
    return [line for text in written for line in text.splitlines()]
