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
from bot.views.alerts import AlertEndedView, AlertFiredView, AlertRow, AlertSetView, AlertsView
from bot.views.house import (
    AdminDoneView,
    BroadcastPreview,
    BroadcastView,
    ChannelRow,
    GroupView,
    HandOffView,
    HealthView,
    LinkedView,
    LinkView,
    MenuView,
    PlanRow,
    PlansView,
    PlatformRow,
    PlatformState,
    PracticeStep,
    PracticeView,
    ReceiptView,
    Savings,
    SettingsView,
    ShareView,
)
from bot.views.market import CaughtUp, FeedRow, FeedState, FeedView, HelpView, PriceView, StatusView
from bot.views.pictures import (
    Candle,
    CardView,
    ChartLevel,
    ChartView,
    LevelKind,
    Mark,
    MarkKind,
    Step,
    Theme,
)
from bot.views.questions import (
    LETTERS,
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
    ManyClosedView,
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
    | ManyClosedView
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
    | MenuView
    | PlansView
    | PracticeView
    | LinkView
    | LinkedView
    | SettingsView
    | ShareView
    | GroupView
    | HandOffView
    | HealthView
    | ReceiptView
    | AdminDoneView
    | BroadcastView
    | ChartView
    | CardView
    | AlertSetView
    | AlertsView
    | AlertFiredView
    | AlertEndedView
)

__all__ = [
    "LETTERS",
    "AdminDoneView",
    "AlertEndedView",
    "AlertFiredView",
    "AlertRow",
    "AlertSetView",
    "AlertsView",
    "AskCode",
    "AskView",
    "BalanceView",
    "BroadcastPreview",
    "BroadcastView",
    "Candle",
    "CardView",
    "CaughtUp",
    "ChannelRow",
    "ChartLevel",
    "ChartView",
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
    "GroupView",
    "HandOffView",
    "HealthView",
    "HelpView",
    "HistoryRow",
    "HistoryView",
    "Late",
    "LevelKind",
    "LinkView",
    "LinkedView",
    "ManyClosedView",
    "Mark",
    "MarkKind",
    "MenuView",
    "MisreadView",
    "OpenedView",
    "Option",
    "OrderFailedView",
    "OrderWaitingView",
    "PlanRow",
    "PlansView",
    "PlatformRow",
    "PlatformState",
    "PnlRow",
    "PnlView",
    "PracticeStep",
    "PracticeView",
    "PriceView",
    "Print",
    "ProblemCode",
    "ProblemView",
    "ReceiptView",
    "RefusedView",
    "Savings",
    "SettingsView",
    "ShareView",
    "StatusView",
    "Step",
    "Theme",
    "TradeRow",
    "TradeView",
    "TradesView",
    "View",
    "WaitingRow",
    "WelcomeView",
]
