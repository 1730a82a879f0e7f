"""Every command there is, once: its words in both languages, its parameters, who may see it.

Menus, slash commands, help, completion and the authorization matrix are made from this table.
Summaries and parameter descriptions are texts: `command-<name>`, `parameter-<name>`.
"""

from enum import StrEnum

from msgspec import Struct


class Audience(StrEnum):
    """Who sees the answer, and who may ask."""

    ANYONE = "anyone"  # answered where it is asked, in a group too
    OWNER = "owner"  # about one's own money: answered to him alone
    CHAT_ADMIN = "chat_admin"  # only who administers the group or server
    HOST = "host"  # only who is named in ADMINS; never in a menu
    TERMINAL = "terminal"  # means something only in a script or a terminal


class Group(StrEnum):
    """Where a command stands in help and menus."""

    TRADE = "trade"
    LOOK = "look"
    MONEY = "money"
    ME = "me"
    HOUSE = "house"
    ANSWER = "answer"


class Kind(StrEnum):
    """What a parameter is, for typed options, pickers and completion."""

    COIN = "coin"
    AMOUNT = "amount"
    LEVEL = "level"
    PRICE = "price"  # a price to reach, or how far from the present one
    TRADE = "trade"
    CLOSING = "closing"  # a trade, or several by a word: all, winners
    PAST = "past"  # a trade, a closed one too
    SHARE = "share"
    PAGE = "page"
    INTERVAL = "interval"
    LANGUAGE = "language"
    ZONE = "zone"
    PLAN = "plan"
    COMMAND = "command"
    TEXT = "text"


class Parameter(Struct, frozen=True):
    """One parameter. `word` precedes its value in a line (`sl`), empty: its place is enough.

    `spoken` is its name in Portuguese; `choices` are the only values, as typed in English.
    """

    name: str
    spoken: str
    kind: Kind
    word: str = ""
    is_required: bool = False
    choices: tuple[str, ...] = ()


class Command(Struct, frozen=True, kw_only=True):
    """One command. The first of `words` is taught in English, `spoken` in Portuguese."""

    name: str
    words: tuple[str, ...]
    spoken: str
    group: Group
    audience: Audience = Audience.OWNER
    parameters: tuple[Parameter, ...] = ()

    def line(self, values: dict[str, str], locale: str = "en") -> str:
        """Write the line that means the same as these parameters, in a language's words.

        Empty ones are left out; the values stay as they were typed.
        """
        is_spoken = locale == "pt-BR"
        parts = [f"/{self.spoken if is_spoken else self.words[0]}"]
        for parameter in self.parameters:
            value = " ".join(values.get(parameter.name, "").split())
            if value and parameter.word:
                word = parameter.spoken if is_spoken else parameter.word
                parts.append(f"{word}={value.replace(' ', '')}")
            elif value:
                parts.append(_placed(parameter.kind, value, is_first=len(parts) == 1))
        return " ".join(parts)


def _placed(kind: Kind, value: str, *, is_first: bool) -> str:
    """Write a value so that its place in the line leaves no doubt: a lone number is a trade's."""
    if not value.isdecimal():
        return value
    if kind is Kind.SHARE:
        return f"{value}%"
    return f"{value}.0" if kind is Kind.LEVEL and is_first else value


_COIN = Parameter("coin", "moeda", Kind.COIN)
_AMOUNT = Parameter("amount", "valor", Kind.AMOUNT)
_STOP = Parameter("stop", "stop", Kind.LEVEL, word="sl")
_TARGET = Parameter("target", "alvo", Kind.LEVEL, word="tp")
_PLAN = Parameter("plan", "plano", Kind.PLAN, word="plan")
_TRADE = Parameter("trade", "operacao", Kind.TRADE)
_CLOSING = Parameter("trade", "operacao", Kind.CLOSING)
_PAST = Parameter("trade", "operacao", Kind.PAST)
_LEVEL = Parameter("level", "nivel", Kind.LEVEL)
_ENTRY = (_COIN, _AMOUNT, _STOP, _TARGET, _PLAN)


def _command(
    line: str, spoken: str, group: Group, *parameters: Parameter, to: Audience = Audience.OWNER
) -> Command:
    name, *words = line.split()
    return Command(
        name=name,
        words=tuple(words),
        spoken=spoken,
        group=group,
        audience=to,
        parameters=parameters,
    )


# The name by which the program calls it, then its words; then its word in Portuguese.
COMMANDS: tuple[Command, ...] = (
    _command("buy buy b long comprar compra compre comprado c", "comprar", Group.TRADE, *_ENTRY),
    _command("short short vendido", "short", Group.TRADE, *_ENTRY),
    _command(
        "sell sell vender vende venda",
        "vender",
        Group.TRADE,
        _COIN,
        _AMOUNT,
    ),
    _command("trades trades trade t operacoes operacao op", "operacoes", Group.TRADE, _TRADE),
    _command("sl sl stop", "stop", Group.TRADE, _TRADE, _LEVEL),
    _command("tp tp alvo target", "alvo", Group.TRADE, _TRADE, _LEVEL),
    _command(
        "close close x fechar fecha feche zerar zera",
        "fechar",
        Group.TRADE,
        _CLOSING,
        Parameter("share", "parte", Kind.SHARE),
    ),
    _command("again again repetir", "repetir", Group.TRADE, _PAST),
    _command(
        "plan plan plans plano planos",
        "plano",
        Group.TRADE,
        Parameter("name", "nome", Kind.PLAN),
        _AMOUNT,
        _STOP,
        _TARGET,
    ),
    _command(
        "price price p preco cotacao",
        "preco",
        Group.LOOK,
        _COIN,
        to=Audience.ANYONE,
    ),
    _command(
        "chart chart grafico",
        "grafico",
        Group.LOOK,
        _COIN,
        Parameter(
            "interval",
            "intervalo",
            Kind.INTERVAL,
            choices=("1m", "5m", "15m", "1h", "4h", "1d", "1w"),
        ),
        to=Audience.ANYONE,
    ),
    _command(
        "alert alert alerta",
        "alerta",
        Group.LOOK,
        _COIN,
        Parameter("price", "preco", Kind.PRICE),
    ),
    _command("alerts alerts alertas", "alertas", Group.LOOK),
    _command("card card cartao", "cartao", Group.LOOK, _PAST),
    _command("share share compartilhar", "compartilhar", Group.LOOK, _PAST, to=Audience.ANYONE),
    _command("balance balance saldo", "saldo", Group.MONEY),
    _command("pnl pnl resultado lucro", "resultado", Group.MONEY),
    _command(
        "history history historico",
        "historico",
        Group.MONEY,
        Parameter("page", "pagina", Kind.PAGE),
    ),
    _command("reset reset reiniciar", "reiniciar", Group.MONEY),
    _command("start start comecar iniciar", "comecar", Group.ME),
    _command("menu menu", "menu", Group.ME),
    _command("practice practice treino praticar training", "treino", Group.ME),
    _command(
        "settings settings setting ajustes ajuste configuracoes",
        "ajustes",
        Group.ME,
        Parameter(
            "setting",
            "ajuste",
            Kind.TEXT,
            choices=("confirm", "money", "theme", "alerts"),
        ),
        Parameter("value", "escolha", Kind.TEXT),
    ),
    _command(
        "language language lang idioma",
        "idioma",
        Group.ME,
        Parameter("language", "idioma", Kind.LANGUAGE, choices=("en", "pt")),
    ),
    _command(
        "timezone timezone fuso",
        "fuso",
        Group.ME,
        Parameter("zone", "fuso", Kind.ZONE),
    ),
    _command(
        "link link vincular",
        "vincular",
        Group.ME,
        Parameter("code", "codigo", Kind.TEXT),
    ),
    _command("export export exportar", "exportar", Group.ME),
    _command("delete_me delete_me apagar_me", "apagar_me", Group.ME),
    _command(
        "help help h ajuda",
        "ajuda",
        Group.HOUSE,
        Parameter("command", "comando", Kind.COMMAND),
        to=Audience.ANYONE,
    ),
    _command("status status estado", "status", Group.HOUSE),
    _command(
        "group group grupo",
        "grupo",
        Group.HOUSE,
        Parameter("setting", "ajuste", Kind.TEXT, choices=("language", "cooldown")),
        Parameter("value", "escolha", Kind.TEXT),
        to=Audience.CHAT_ADMIN,
    ),
    _command(
        "admin admin",
        "admin",
        Group.HOUSE,
        Parameter("action", "acao", Kind.TEXT, choices=("health", "pause", "resume", "broadcast")),
        Parameter("text", "texto", Kind.TEXT),
        to=Audience.HOST,
    ),
    _command("wait wait esperar", "esperar", Group.HOUSE, to=Audience.TERMINAL),
    _command("quit quit exit sair", "sair", Group.HOUSE, to=Audience.TERMINAL),
    _command("yes yes y sim s ok", "sim", Group.ANSWER),
    _command("no no n nao cancel cancelar cancela", "nao", Group.ANSWER),
)

BY_NAME = {command.name: command for command in COMMANDS}


def offered(*audiences: Audience) -> tuple[Command, ...]:
    """Return the commands that a chat offers to these audiences, in the order of the table."""
    return tuple(
        command
        for command in COMMANDS
        if command.audience in audiences and command.group is not Group.ANSWER
    )
