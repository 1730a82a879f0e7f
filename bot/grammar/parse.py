"""The one way from a line to a request: pure, bounded, and never half obeyed."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from msgspec import structs

from bot.grammar.alerts import read_alert, read_alerts
from bot.grammar.asks import (
    read_admin,
    read_again,
    read_broadcast,
    read_card,
    read_chart,
    read_group,
    read_link,
    read_plan,
    read_settings,
    read_share,
)
from bot.grammar.edits import (
    extra,
    read_close,
    read_set_stop,
    read_set_target,
    read_trades,
)
from bot.grammar.entries import read_open, read_sell
from bot.grammar.fillers import without_fillers
from bot.grammar.line import shown, words_of
from bot.grammar.requests import (
    Balance,
    DeleteMe,
    Export,
    Help,
    History,
    Language,
    Menu,
    Misread,
    MisreadCode,
    No,
    Open,
    Pnl,
    Practice,
    Price,
    Quit,
    Request,
    Reset,
    ShowTrade,
    Start,
    Status,
    Timezone,
    Wait,
    Yes,
)
from bot.grammar.symbols import WELL_KNOWN, read_symbol, read_target
from bot.grammar.words import (
    COMMANDS,
    CURRENCIES,
    LANGUAGES,
    LATER_COMMANDS,
    bare,
    nearest,
    spoken,
    unaccented,
)
from engine.core.instrument import Direction

WAIT_SECONDS_MAX = 86_400
PAGE_MAX = 9_999

Reader = Callable[[list[str], str], Request | Misread]

_PERIOD = re.compile(r"([0-9]{1,8})(?:[.,]([0-9]{1,3}))?(ms|seg|sec|s|min|m|h)?", re.ASCII)
_PERIOD_SECONDS = MappingProxyType({"ms": 0.001, "min": 60.0, "m": 60.0, "h": 3600.0})
_PAGE = re.compile(r"[0-9]{1,4}")
_ZONE = re.compile(r"[A-Za-z0-9_+/-]{1,64}")
_TICKET = re.compile(r"[A-Za-z0-9]{16}", re.ASCII)
_SUGGESTIONS_MAX = 4


def parse(line: str, locale: str) -> Request | Misread:
    """Read one line of a person whose locale is `en` or `pt-BR`; never raises.

    A suggestion that comes back would itself be understood.
    """
    broadcast = read_broadcast(line)
    if broadcast is not None:
        return broadcast
    words = words_of(line)
    if isinstance(words, Misread):
        return words
    answer = _read(words, locale)
    if isinstance(answer, Misread) and answer.suggestion is not None:
        return structs.replace(answer, suggestion=_proven(answer.suggestion, locale))
    return answer


def _proven(suggestion: str, locale: str) -> str | None:
    """Follow suggestions until one is understood; a line may have several faults."""
    line: str | None = suggestion
    for _ in range(_SUGGESTIONS_MAX):
        if line is None:
            return None
        answer = _read(line.split(), locale)
        if not isinstance(answer, Misread):
            return _completed(line, answer)
        line = answer.suggestion
    return None


def _completed(line: str, request: Request) -> str:
    """Put an example where a suggested line would only be asked about what it lacks.

    Never a level: one tap would move a stop to where nobody meant; it is asked for.
    """
    words = line.split()
    match request:
        case Open(symbol=None):
            words.insert(1, "btc")
        case Open(size=None):
            at = next(at for at, word in enumerate(words) if read_symbol(word) == request.symbol)
            words.insert(at + 1, "100")
        case _:
            pass
    return " ".join(words)


def _read(words: list[str], locale: str) -> Request | Misread:
    if not words:
        return Misread(MisreadCode.EMPTY, suggestion=spoken("help", locale))
    head = words[0]
    if head.startswith("#"):
        target = read_target(head)
        return target if isinstance(target, Misread) else extra(words, 1) or ShowTrade(target)
    if (asked := _asked_coin(words)) is not None:
        return Price(asked)
    word = bare(head[:64]).removeprefix("/").partition("@")[0]
    command = COMMANDS.get(word)
    if command is None:
        return _unknown(words, word, locale)
    return _READERS[command](words, locale)


def _asked_coin(words: list[str]) -> str | None:
    """Return the coin of `btc?`, `btc ?`, or of a well-known coin's name alone."""
    head, mark = words[0].removesuffix("?"), "".join(words)[-1:]
    if mark == "?" and words[1:] in ([], ["?"]):
        return read_symbol(head)
    return (
        read_symbol(head)
        if len(words) == 1 and bare(head[:16]).removeprefix("$") in WELL_KNOWN
        else None
    )


def _unknown(words: list[str], word: str, locale: str) -> Misread:
    facts = {"text": shown(words[0])}
    if word in LATER_COMMANDS:
        facts["feature"] = LATER_COMMANDS[word]
        return Misread(MisreadCode.NOT_YET, facts, suggestion=spoken("help", locale))
    near = nearest(word[:24], locale) if words[0].startswith("/") or len(words) > 1 else None
    if near is None:
        return Misread(MisreadCode.UNKNOWN_COMMAND, facts, suggestion=spoken("help", locale))
    line = " ".join([near, *words[1:]])
    return Misread(MisreadCode.UNKNOWN_COMMAND, facts, suggestion=line)


def _alone(request: Request) -> Reader:
    def read(words: list[str], locale: str) -> Request | Misread:
        del locale
        return extra(words, 1) or request

    return read


def _entry(direction: Direction) -> Reader:
    def read(words: list[str], locale: str) -> Request | Misread:
        return read_open(words, locale, direction)

    return read


def _start(words: list[str], locale: str) -> Start | Misread:
    """Read `/start`, and what a deep link or a button adds: currency, language, ticket."""
    del locale
    currency = language = None
    for word in words[1:]:
        plain = bare(word[:24])
        if _TICKET.fullmatch(word):
            return Start(currency, language, word)
        currency = currency or CURRENCIES.get(plain)
        language = language or LANGUAGES.get(plain)
        if plain not in CURRENCIES and plain not in LANGUAGES:
            return extra(words, words.index(word)) or Start()
    return Start(currency, language)


def _help(words: list[str], locale: str) -> Help | Misread:
    del locale
    topic = COMMANDS.get(bare(words[1]).removeprefix("/")) if len(words) > 1 else None
    at = 1 if topic is None else 2
    return extra(words, at) or Help(topic)


def _price(words: list[str], locale: str) -> Price | Misread:
    words = [each for each in (word.rstrip("?") for word in without_fillers(words, locale)) if each]
    if len(words) == 1:
        return Price()
    symbol = read_symbol(words[1])
    if symbol is None:
        facts = {"text": shown(words[1])}
        return Misread(MisreadCode.BAD_COIN, facts, suggestion=f"{words[0]} btc")
    return extra(words, 2) or Price(symbol)


def _history(words: list[str], locale: str) -> History | Misread:
    del locale
    if len(words) == 1:
        return History()
    if not _PAGE.fullmatch(words[1]) or not 1 <= int(words[1]) <= PAGE_MAX:
        facts = {"text": shown(words[1])}
        return Misread(MisreadCode.BAD_NUMBER, facts, suggestion=f"{words[0]} 2")
    return extra(words, 2) or History(int(words[1]))


def _language(words: list[str], locale: str) -> Language | Misread:
    del locale
    if len(words) == 1:
        return Language()
    code = LANGUAGES.get(bare(words[1]))
    if code is None:
        facts = {"text": shown(words[1])}
        return Misread(MisreadCode.BAD_LANGUAGE, facts, suggestion=f"{words[0]} en")
    return extra(words, 2) or Language(code)


def _timezone(words: list[str], locale: str) -> Timezone | Misread:
    del locale
    if len(words) == 1:
        return Timezone()
    typed = " ".join(words[1:])
    name = unaccented("_".join(words[1:]))
    if not _ZONE.fullmatch(name):
        line = f"{words[0]} America/Sao_Paulo"
        return Misread(MisreadCode.BAD_TIMEZONE, {"text": shown(typed)}, suggestion=line)
    return Timezone(name)


def _wait(words: list[str], locale: str) -> Wait | Misread:
    del locale
    text = "".join(words[1:])
    found = _PERIOD.fullmatch(text.lower())
    if found:
        number = float(f"{found[1]}.{found[2] or '0'}")
        seconds = number * _PERIOD_SECONDS.get(found[3], 1.0)
        if seconds <= WAIT_SECONDS_MAX:
            return Wait(seconds)
    facts = {"text": shown(text) or "none", "limit": str(WAIT_SECONDS_MAX // 3600)}
    return Misread(MisreadCode.BAD_PERIOD, facts, suggestion=f"{words[0]} 30s")


_READERS: Mapping[str, Reader] = MappingProxyType(
    {
        "start": _start,
        "help": _help,
        "price": _price,
        "buy": _entry(Direction.LONG),
        "short": _entry(Direction.SHORT),
        "sell": read_sell,
        "trades": read_trades,
        "sl": read_set_stop,
        "tp": read_set_target,
        "close": read_close,
        "again": read_again,
        "plan": read_plan,
        "chart": read_chart,
        "alert": read_alert,
        "alerts": read_alerts,
        "card": read_card,
        "share": read_share,
        "practice": _alone(Practice()),
        "link": read_link,
        "settings": read_settings,
        "group": read_group,
        "admin": read_admin,
        "menu": _alone(Menu()),
        "balance": _alone(Balance()),
        "pnl": _alone(Pnl()),
        "history": _history,
        "reset": _alone(Reset()),
        "delete_me": _alone(DeleteMe()),
        "export": _alone(Export()),
        "language": _language,
        "timezone": _timezone,
        "status": _alone(Status()),
        "wait": _wait,
        "yes": _alone(Yes()),
        "no": _alone(No()),
        "quit": _alone(Quit()),
    }
)
