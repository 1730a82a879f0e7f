"""What each request may change, and for whom: the one table that the matrix and its attacks obey.

A request, a command, a kind of button or a hidden line without a row here fails the tests.
"""

from dataclasses import dataclass

from bot.conversation.presses import PressKind
from bot.grammar import requests as asked
from bot.grammar.catalogue import Audience, Kind

MONEY = frozenset({"accounts", "trades", "fills", "ledger", "orders", "notices", "users"})
NOTHING = frozenset[str]()
ALL_OF_ONE = MONEY | {"chats", "plans", "codes", "alerts"}
HOUSE_KINDS = frozenset({"rooms", "values", "audit"})


@dataclass(frozen=True)
class Rule:
    """Who may ask, and what of his own (or of the house) may be other than before."""

    audience: Audience
    may_change: frozenset[str] = NOTHING


_OWN, _ANY, _TERMINAL = Audience.OWNER, Audience.ANYONE, Audience.TERMINAL

RULES: dict[type, Rule] = {
    asked.Start: Rule(_OWN, frozenset({"users", "chats", "accounts"})),
    asked.Menu: Rule(_OWN),
    asked.Help: Rule(_ANY),
    asked.Price: Rule(_ANY),
    asked.Open: Rule(_OWN, MONEY),
    asked.SellPicker: Rule(_OWN),
    asked.ListTrades: Rule(_OWN),
    asked.ShowTrade: Rule(_OWN),
    asked.SetStop: Rule(_OWN, frozenset({"trades", "notices"})),
    asked.SetTarget: Rule(_OWN, frozenset({"trades", "notices"})),
    asked.Close: Rule(_OWN, MONEY),
    asked.CloseMany: Rule(_OWN, MONEY),
    asked.PreviewMany: Rule(_OWN),
    asked.PickPage: Rule(_OWN),
    asked.Again: Rule(_OWN, MONEY),
    asked.Plan: Rule(_OWN, frozenset({"plans"})),
    asked.SetAlert: Rule(_OWN, frozenset({"alerts"})),
    asked.RemoveAlerts: Rule(_OWN, frozenset({"alerts"})),
    asked.ListAlerts: Rule(_OWN),
    asked.Chart: Rule(_ANY),
    asked.Card: Rule(_OWN),
    asked.Share: Rule(_ANY),
    asked.Practice: Rule(_OWN),
    asked.Link: Rule(_OWN, frozenset({"codes", "chats"})),
    asked.Unlink: Rule(_OWN, frozenset({"codes", "chats"})),
    asked.Settings: Rule(_OWN, frozenset({"users", "chats"})),
    asked.GroupSettings: Rule(Audience.CHAT_ADMIN, frozenset({"rooms"})),
    asked.Admin: Rule(Audience.HOST, frozenset({"values", "audit", "notices"})),
    asked.Balance: Rule(_OWN),
    asked.Pnl: Rule(_OWN),
    asked.History: Rule(_OWN),
    asked.Reset: Rule(_OWN, MONEY),
    asked.DeleteMe: Rule(_OWN, ALL_OF_ONE),
    asked.Export: Rule(_OWN),
    asked.Language: Rule(_OWN, frozenset({"users"})),
    asked.Timezone: Rule(_OWN, frozenset({"users"})),
    asked.Status: Rule(_OWN),
    asked.Wait: Rule(_TERMINAL),
    asked.Quit: Rule(_TERMINAL),
    asked.Yes: Rule(_OWN),
    asked.No: Rule(_OWN),
}

# Whether a kind of button does what its line says, or only asks, grows or drops something first.
ACTS = {
    PressKind.DO: True,
    PressKind.ASK: False,
    PressKind.STEP: True,
    PressKind.FORM: False,
    PressKind.PARKED: True,
    PressKind.LEAVE: False,
    PressKind.MORE: True,
}

# Hidden lines by their word; `{n}` and `{m}` stand for trades' numbers.
HIDDEN = {
    "x": ("=x {n} 100", "=x {n} 50", "=x {n},{m} 100"),
    "reset": ("=reset",),
    "delete_me": ("=delete_me",),
    "link": ("=link ABCD2345",),
    "unlink": ("=unlink telegram:{victim}", "=unlink discord:{victim}"),
    "admin": ("=admin health", "=admin pause", "=admin resume", "=admin broadcast Hello"),
    "trades": ("=trades 2",),
    "plans": ("=plans 2",),
    "preview": ("=preview 1 {n},{m} 100",),
    "pick": ("=pick 2 /close", "=pick 1 /close btc", "=pick 1 /sl btc 2%", "=pick 1 /sell btc 100"),
}

# What is typed for a parameter of a kind; texts are named by command and parameter.
VALUES = {
    Kind.COIN: "btc",
    Kind.AMOUNT: "100",
    Kind.LEVEL: "2%",
    Kind.PRICE: "+5%",
    Kind.TRADE: "{n}",
    Kind.CLOSING: "{n}",
    Kind.PAST: "{n}",
    Kind.SHARE: "50%",
    Kind.PAGE: "1",
    Kind.INTERVAL: "15m",
    Kind.LANGUAGE: "pt",
    Kind.ZONE: "Europe/Berlin",
    Kind.PLAN: "swing",
    Kind.COMMAND: "buy",
}
TEXTS = {
    "settings confirm": "confirm always",
    "settings money": "money shown",
    "settings theme": "theme light",
    "settings alerts": "alerts telegram",
    "group language": "language pt",
    "group cooldown": "cooldown 30",
    "admin health": "health",
    "admin pause": "pause",
    "admin resume": "resume",
    "admin broadcast": "broadcast Hello",
    "link code": "ABCD2345",
}
