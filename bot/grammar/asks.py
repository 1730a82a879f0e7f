"""`/plan`, `/again`, `/chart`, `/link`, `/settings`, `/admin` and the like: the rest of a chat."""

import re

from msgspec import structs

from bot.grammar.edits import extra
from bot.grammar.entries import read_entry
from bot.grammar.levels import option_of
from bot.grammar.line import shown
from bot.grammar.requests import (
    Admin,
    Again,
    Card,
    Chart,
    GroupSettings,
    Link,
    Misread,
    MisreadCode,
    Off,
    Plan,
    Settings,
    Share,
    Target,
)
from bot.grammar.symbols import read_symbol, read_target
from bot.grammar.words import OFF_WORDS, SETTINGS, VALUES, bare

INTERVALS = ("1m", "5m", "15m", "1h", "4h", "1d", "1w")
PLAN_DEFAULT = "default"
COOLDOWN_SECONDS_MAX = 3_600
BROADCAST_MAX = 3_000

_PLAN_NAME = re.compile(r"[a-z][a-z0-9_-]{0,23}", re.ASCII)
_CODE = re.compile(r"[A-Za-z0-9]{8}", re.ASCII)
_SECONDS = re.compile(r"([0-9]{1,4})s?", re.ASCII)
_BROADCAST = re.compile(
    r"\s*/?admin(?:@\w+)?\s+(?:broadcast|avisar)\s+(?P<text>.+)", re.DOTALL | re.IGNORECASE
)
_ACTIONS = {
    "health": "health",
    "saude": "health",
    "pause": "pause",
    "pausar": "pause",
    "resume": "resume",
    "retomar": "resume",
}


def read_again(words: list[str], locale: str) -> Again | Misread:
    """Read `/again [trade]`."""
    del locale
    target = _target(words)
    return target if isinstance(target, Misread) else extra(words, 2) or Again(target)


def read_card(words: list[str], locale: str) -> Card | Misread:
    """Read `/card [trade]`."""
    del locale
    target = _target(words)
    return target if isinstance(target, Misread) else extra(words, 2) or Card(target)


def read_share(words: list[str], locale: str) -> Share | Misread:
    """Read `/share [trade]`."""
    del locale
    target = _target(words)
    return target if isinstance(target, Misread) else extra(words, 2) or Share(target)


def _target(words: list[str]) -> Target | Misread | None:
    if len(words) == 1:
        return None
    target = read_target(words[1])
    return structs.replace(target, suggestion=words[0]) if isinstance(target, Misread) else target


def read_chart(words: list[str], locale: str) -> Chart | Misread:
    """Read `/chart [coin or #trade] [interval]`, and `/chart 4h`."""
    del locale
    if len(words) == 1:
        return Chart()
    if words[1].lower() in INTERVALS:
        return extra(words, 2) or Chart(None, words[1].lower())
    interval = None
    if len(words) > 2:
        interval = words[2].lower()
        if interval not in INTERVALS:
            facts = {"text": shown(words[2]), "intervals": ", ".join(INTERVALS)}
            line = f"{words[0]} {words[1]} 1h"
            return Misread(MisreadCode.BAD_INTERVAL, facts, suggestion=line)
    if refused := extra(words, 3):
        return refused
    number = read_target(words[1])
    symbol = read_symbol(words[1])
    if symbol is None and isinstance(number, Misread):
        facts = {"text": shown(words[1])}
        return Misread(MisreadCode.BAD_COIN, facts, suggestion=f"{words[0]} btc 1h")
    if symbol is None:
        assert not isinstance(number, Misread)
        return Chart(None, interval, number)
    return Chart(symbol, interval)


def read_plan(words: list[str], locale: str) -> Plan | Misread:
    """Read `/plan`, `/plan NAME`, `/plan NAME off`, `/plan NAME 500 sl2% tp4%`."""
    if len(words) == 1:
        return Plan()
    name, rest = PLAN_DEFAULT, words[1:]
    if _PLAN_NAME.fullmatch(bare(words[1][:32])) and not _is_part(words[1]):
        name, rest = bare(words[1]), words[2:]
    elif not _is_part(words[1]):
        line = f"{words[0]} default sl=2% tp=4%"
        facts = {"text": shown(words[1])}
        return Misread(MisreadCode.BAD_PLAN_NAME, facts, suggestion=line)
    if not rest:
        return Plan(name)
    if len(rest) == 1 and bare(rest[0]) in OFF_WORDS:
        return Plan(name, is_removed=True)
    return _plan_parts(words, name, rest, locale)


def _is_part(word: str) -> bool:
    """Tell whether a word is an amount or a level, and so no name."""
    is_money = word[:1].isdecimal() or word[:1] in "+-$" or bare(word[:2]) == "r$"
    return is_money or option_of(word) is not None


def _plan_parts(words: list[str], name: str, rest: list[str], locale: str) -> Plan | Misread:
    entry = read_entry([words[0], *rest], locale)
    if isinstance(entry, Misread):
        if entry.suggestion is None:
            return entry
        tail = entry.suggestion.split()[1:]
        return structs.replace(entry, suggestion=" ".join([words[0], name, *tail]))
    if entry.symbol is not None:
        kept = [word for word in rest if read_symbol(word) != entry.symbol]
        line = " ".join([words[0], name, *kept])
        return Misread(MisreadCode.EXTRA_WORD, {"text": entry.symbol}, suggestion=line)
    stop = None if isinstance(entry.stop, Off) else entry.stop
    target = None if isinstance(entry.target, Off) else entry.target
    return Plan(name, entry.size, stop, target)


def read_link(words: list[str], locale: str) -> Link | Misread:
    """Read `/link` and `/link CODE`."""
    del locale
    if len(words) == 1:
        return Link()
    code = "".join(words[1:]).replace("-", "")
    if not _CODE.fullmatch(code):
        facts = {"text": shown(words[1])}
        return Misread(MisreadCode.BAD_CODE, facts, suggestion=words[0])
    return Link(code.upper())


def read_settings(words: list[str], locale: str) -> Settings | Misread:
    """Read `/settings` and `/settings confirm always`; a setting alone shows them all."""
    del locale
    if len(words) == 1:
        return Settings()
    name = SETTINGS.get(bare(words[1][:24]))
    if len(words) == 2 and name in _VALUES_OF:
        return Settings()
    value = VALUES.get(bare(words[2][:24])) if len(words) > 2 else None
    if name is None or value is None or value not in _VALUES_OF[name]:
        facts = {"text": shown(" ".join(words[1:3]))}
        return Misread(MisreadCode.BAD_SETTING, facts, suggestion=words[0])
    return extra(words, 3) or Settings(name, value)


_VALUES_OF = {
    "confirm": ("always", "buttons", "never"),
    "money": ("shown", "hidden"),
    "theme": ("dark", "light"),
    "alerts": ("all", "telegram", "discord", "terminal"),
}


def read_group(words: list[str], locale: str) -> GroupSettings | Misread:
    """Read `/group`, `/group language pt`, `/group cooldown 10s`."""
    del locale
    if len(words) == 1:
        return GroupSettings()
    name = SETTINGS.get(bare(words[1][:24]))
    if len(words) == 2 and name in ("language", "cooldown"):
        return GroupSettings()
    value = _group_value(name, words[2]) if len(words) > 2 else None
    if value is None:
        facts = {"text": shown(" ".join(words[1:3]))}
        return Misread(MisreadCode.BAD_SETTING, facts, suggestion=words[0])
    return extra(words, 3) or GroupSettings(name, value)


def _group_value(name: str | None, word: str) -> str | None:
    if name == "language":
        found = VALUES.get(bare(word[:24]))
        return found if found in ("en", "pt-BR", "each") else None
    if name == "cooldown" and bare(word[:24]) in OFF_WORDS:
        return "0"
    seconds = _SECONDS.fullmatch(word.lower())
    if name != "cooldown" or seconds is None or int(seconds[1]) > COOLDOWN_SECONDS_MAX:
        return None
    return seconds[1]


def read_admin(words: list[str], locale: str) -> Admin | Misread:
    """Read `/admin` and its actions; a broadcast is read from the raw line."""
    del locale
    if len(words) == 1:
        return Admin()
    action = _ACTIONS.get(bare(words[1][:24]))
    if bare(words[1][:24]) in ("broadcast", "avisar"):  # its text is missing
        return Misread(MisreadCode.MISSING_TEXT, {}, suggestion=words[0])
    if action is None:
        facts = {"text": shown(words[1])}
        return Misread(MisreadCode.BAD_SETTING, facts, suggestion=words[0])
    return extra(words, 2) or Admin(action)


def read_broadcast(line: str) -> Admin | None:
    """Read `/admin broadcast TEXT` with the text as it was typed; None for any other line."""
    if len(line) > BROADCAST_MAX + 100:
        return None
    found = _BROADCAST.fullmatch(line)
    return Admin("broadcast", found["text"].strip()[:BROADCAST_MAX]) if found else None
