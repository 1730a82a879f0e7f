"""The words people may type, in both languages at once: commands, options, units, answers."""

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from difflib import get_close_matches
from types import MappingProxyType

from bot.grammar.catalogue import COMMANDS as CATALOGUE
from bot.grammar.catalogue import Audience, Group

_LATER_COMMANDS = {
    "trail": "trail movel",
    "add": "add aumentar",
    "when": "when quando",
    "backtest": "backtest testar",
    "whatif": "whatif simular",
    "orders": "orders ordens",
    "wallet": "wallet carteira",
    "journal": "journal diario",
    "note": "note nota",
}
_LATER_OPTIONS = {
    "trail": "trail movel",
    "limit": "at @ limit limite",
    "entry_trigger": "above acima below abaixo",
    "risk": "risk risco",
    "oco": "oco",
    "expiry": "expires validade",
    "after_target": "after_target apos_alvo",
    "break_even": "break_even",
    "stop_timeout": "stop_timeout",
    "time_exit": "for por until ate",
    "max": "max",
}


def _by_word(table: dict[str, str]) -> Mapping[str, str]:
    words = {word: name for name, line in table.items() for word in line.split()}
    return MappingProxyType(words)


# Said alone, or with a trade, these move a stop to break-even: `zero a zero`, `be 47`.
BREAK_EVEN_HEADS = frozenset(
    [
        "be",
        "break",
        "breakeven",
        "break-even",
        "break_even",
        "zero",
        "0x0",
        "0a0",
        "zeroazero",
        "zero-a-zero",
        "zeroxzero",
    ]
)
COMMANDS = MappingProxyType(
    {
        **_by_word({each.name: " ".join(each.words) for each in CATALOGUE}),
        **dict.fromkeys(BREAK_EVEN_HEADS, "sl"),
    }
)
LATER_COMMANDS = _by_word(_LATER_COMMANDS)
LATER_OPTIONS = _by_word(_LATER_OPTIONS)
STOP_WORDS = frozenset({"sl", "stop", "stoploss", "stop_loss"})
OFF_WORDS = frozenset(
    {
        *("off", "no", "none", "remove"),
        *("nao", "sem", "nenhum", "nenhuma", "remover", "tira", "tirar"),
    }
)
HALF_WORDS = frozenset({"half", "metade"})
GROUPS = MappingProxyType(
    {
        "all": "all",
        "tudo": "all",
        "todas": "all",
        "todos": "all",
        "winners": "winners",
        "ganhadoras": "winners",
        "vencedoras": "winners",
        "losers": "losers",
        "perdedoras": "losers",
    }
)
MULTIPLIERS = MappingProxyType(
    {
        "mil": Decimal(1_000),
        "mi": Decimal(1_000_000),
        "k": Decimal(1_000),
        "m": Decimal(1_000_000),
    }
)
# Without the spaces and dashes that people put in them; then what only looks like one of them.
BREAK_EVEN_WORDS = frozenset({"be", "breakeven", "0x0", "0a0", "zeroazero", "zeroxzero"})
BREAK_EVEN_LIKE = (*sorted(BREAK_EVEN_WORDS), "break", "zero", "even", "entry", "entrada", "empate")
# The words of the screen of settings among them.
SETTINGS = _by_word(
    {
        "confirm": "confirm ask confirmar perguntar",
        "money": "money cards dinheiro valores cartoes",
        "theme": "theme pictures tema imagens",
        "alerts": "alerts notices notifications alertas avisos notificacoes",
        "language": "language idioma",
        "cooldown": "cooldown pause intervalo pausa",
    }
)
VALUES = _by_word(
    {
        "always": "always sempre",
        "buttons": "buttons taps botoes toques",
        "never": "never nunca",
        "shown": "shown show mostrar visivel visiveis",
        "hidden": "hidden hide esconder oculto ocultos ocultar",
        "dark": "dark escuro escura escuras",
        "light": "light claro clara claras",
        "all": "all todos tudo",
        "telegram": "telegram",
        "discord": "discord",
        "terminal": "terminal",
        "en": "en english ingles",
        "pt-BR": "pt pt-br portugues portuguese",
        "each": "each cada",
    }
)
CURRENCIES = MappingProxyType(
    {
        "r$": "BRL",
        "brl": "BRL",
        "real": "BRL",
        "reais": "BRL",
        "$": "USDT",
        "us$": "USDT",
        "usdt": "USDT",
        "usd": "USDT",
        "dollar": "USDT",
        "dollars": "USDT",
        "dolar": "USDT",
        "dolares": "USDT",
    }
)
LANGUAGES = MappingProxyType(
    {
        "en": "en",
        "english": "en",
        "ingles": "en",
        "pt": "pt-BR",
        "br": "pt-BR",
        "ptbr": "pt-BR",
        "pt-br": "pt-BR",
        "pt_br": "pt-BR",
        "portugues": "pt-BR",
        "portuguese": "pt-BR",
    }
)
_OPTION = re.compile(r"(?:sl|tp)(?==|[0-9])|plan(?==)")
_OPTIONS_TAUGHT = MappingProxyType({"sl": "stop", "tp": "alvo", "plan": "plano"})
_WORDS_TAUGHT = MappingProxyType(
    {
        "off": "nao",
        "be": "0x0",
        "sl": "stop",
        "tp": "alvo",
        "all": "tudo",
        "winners": "ganhadoras",
        "losers": "perdedoras",
    }
)
LIKENESS_MIN = 0.75
SHORT = 2
_MARK = re.compile(r"(?<=[0-9])[.,](?=[0-9])")
_OTHER_MARK = MappingProxyType({".": ",", ",": "."})
_GUESSED = frozenset(
    each.name
    for each in CATALOGUE
    if each.group is not Group.ANSWER and each.audience is not Audience.TERMINAL
)
_SPOKEN = {
    "en": MappingProxyType({each.name: each.words[0] for each in CATALOGUE}),
    "pt-BR": MappingProxyType({each.name: each.spoken for each in CATALOGUE}),
}


def bare(word: str) -> str:
    """Return `word` in lower case without accents; meant for words of bounded length."""
    return unaccented(word.lower())


def unaccented(word: str) -> str:
    """Return `word` without accents; meant for words of bounded length."""
    decomposed = unicodedata.normalize("NFD", word)
    return "".join(mark for mark in decomposed if not unicodedata.combining(mark))


def spoken(command: str, locale: str) -> str:
    """Return the word that teaches `command` in a language, with its slash."""
    return "/" + _SPOKEN["pt-BR" if locale == "pt-BR" else "en"][command]


def taught(locale: str) -> list[str]:
    """Return every command's word in a language, with its slash: for completion."""
    return [spoken(each.name, locale) for each in CATALOGUE if each.name not in {"yes", "no"}]


def renumbered(line: str, locale: str) -> str:
    """Write a line of `en` with its numbers as `locale` writes them; its words stay.

    Every number keeps its meaning and its doubt: the locales differ in two marks, exchanged.
    """
    return _MARK.sub(lambda mark: _OTHER_MARK[mark[0]], line) if locale == "pt-BR" else line


def in_words_of(line: str, locale: str, *, is_typed: bool = False) -> str:
    """Write a line that is suggested with the words of the reader's language; it means the same.

    `is_typed`: the reader typed its numbers, so they stay as they are.
    """
    head, *rest = line.split(" ")
    command = COMMANDS.get(head.removeprefix("/"))
    if locale != "pt-BR" or command is None or not head.startswith("/"):
        return line
    taught = [_portuguese(word, is_typed=is_typed) for word in rest]
    return " ".join([spoken(command, locale), *taught])


def _portuguese(word: str, *, is_typed: bool) -> str:
    if word in _WORDS_TAUGHT:
        return _WORDS_TAUGHT[word]
    if not is_typed:
        word = renumbered(word, "pt-BR")
    found = _OPTION.match(word)
    return _OPTIONS_TAUGHT[found[0]] + word[found.end() :] if found else word


def nearest(word: str, locale: str) -> str | None:
    """Return the command that a word looks most like, as a language teaches it, or None.

    Never an answer, never what only a terminal knows, and never a word for break-even.
    """
    known = [
        each
        for each, command in COMMANDS.items()
        if len(each) > SHORT and command in _GUESSED and each not in BREAK_EVEN_HEADS
    ]
    found = get_close_matches(word, known, n=1, cutoff=LIKENESS_MIN)
    found = found or [each for each in known if sorted(each) == sorted(word)]
    return spoken(COMMANDS[found[0]], locale) if found else None
