"""Views as lines of plain text: the first names event, coin and money; none decides anything."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from bot.text.words import Words
from bot.views import (
    AskView,
    BalanceView,
    ChoiceView,
    ConfirmView,
    DoneView,
    ExitsSetView,
    ExitView,
    ExportView,
    FeedView,
    HelpView,
    HistoryView,
    MisreadView,
    OpenedView,
    OrderFailedView,
    OrderWaitingView,
    PnlView,
    PriceView,
    ProblemView,
    RefusedView,
    StatusView,
    TradesView,
    TradeView,
    View,
    WelcomeView,
)
from bot.views.plain.account import balance, done, export, history, pnl, welcome
from bot.views.plain.exits import exited
from bot.views.plain.lists import trade_detail, trade_list
from bot.views.plain.market import feed, help_screen, price, status
from bot.views.plain.questions import ask, choice, confirm
from bot.views.plain.refusals import misread, order_failed, problem, refused
from bot.views.plain.trades import exits_set, opened, order_waiting

Renderer = Callable[[Any, Words], list[str]]

_RENDERERS: Mapping[type, Renderer] = MappingProxyType(
    {
        OpenedView: opened,
        ExitView: exited,
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
    }
)


def lines_of(view: View, words: Words) -> list[str]:
    """Write a view as lines, the first of them what a push notification would show."""
    written = _RENDERERS[type(view)](view, words)
    return [line for text in written for line in text.splitlines()]
