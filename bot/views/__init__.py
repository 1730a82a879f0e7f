"""What people are told: typed views with raw values, and their rendering as plain text."""

from bot.views.account import (
    BalanceView,
    DoneCode,
    DoneView,
    ExportView,
    HistoryRow,
    HistoryView,
    PnlRow,
    PnlView,
    WelcomeView,
)
from bot.views.market import CaughtUp, FeedRow, FeedState, FeedView, HelpView, PriceView, StatusView
from bot.views.questions import (
    AskCode,
    AskView,
    ChoiceCode,
    ChoiceView,
    ConfirmKind,
    ConfirmView,
    Option,
)
from bot.views.refusals import MisreadView, OrderFailedView, ProblemCode, ProblemView, RefusedView
from bot.views.trades import (
    ExitPlan,
    ExitsSetView,
    ExitView,
    FillRow,
    Late,
    OpenedView,
    OrderWaitingView,
    Print,
    TradeRow,
    TradesView,
    TradeView,
    WaitingRow,
)

View = (
    OpenedView
    | ExitView
    | OrderWaitingView
    | OrderFailedView
    | RefusedView
    | ProblemView
    | MisreadView
    | ChoiceView
    | TradesView
    | TradeView
    | ExitsSetView
    | PriceView
    | BalanceView
    | PnlView
    | HistoryView
    | StatusView
    | ConfirmView
    | AskView
    | DoneView
    | WelcomeView
    | FeedView
    | HelpView
    | ExportView
)

__all__ = [
    "AskCode",
    "AskView",
    "BalanceView",
    "CaughtUp",
    "ChoiceCode",
    "ChoiceView",
    "ConfirmKind",
    "ConfirmView",
    "DoneCode",
    "DoneView",
    "ExitPlan",
    "ExitView",
    "ExitsSetView",
    "ExportView",
    "FeedRow",
    "FeedState",
    "FeedView",
    "FillRow",
    "HelpView",
    "HistoryRow",
    "HistoryView",
    "Late",
    "MisreadView",
    "OpenedView",
    "Option",
    "OrderFailedView",
    "OrderWaitingView",
    "PnlRow",
    "PnlView",
    "PriceView",
    "Print",
    "ProblemCode",
    "ProblemView",
    "RefusedView",
    "StatusView",
    "TradeRow",
    "TradeView",
    "TradesView",
    "View",
    "WaitingRow",
    "WelcomeView",
]
