"""Reads the environment once, at start, into values that can be trusted; changes nothing.

SettingsError
    `settings.missing`, `settings.bad` or `settings.secret`. Its text is one sentence with the
    variable's name and an example; the caller exits with code 2.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Literal, Self, TypeVar, cast
from urllib.parse import urlsplit

from bot.operator_text import explain
from db.embedded.folders import state_folder
from db.url import DatabaseSettings, DatabaseUrlError, database_settings

Locale = Literal["en", "pt-BR"]
LogFormat = Literal["text", "json"]
Value = TypeVar("Value")

STREAM_URLS = (
    "wss://data-stream.binance.vision",
    "wss://stream.binance.com:9443",
    "wss://stream.binance.com:443",
)
REST_URLS = ("https://data-api.binance.vision", "https://api.binance.com")
TELEGRAM_API_URL = "https://api.telegram.org"
DISCORD_API_URL = "https://discord.com/api/v10"
STARTING_BALANCE: Mapping[str, Decimal] = MappingProxyType(
    {"USDT": Decimal(10_000), "BRL": Decimal(50_000)}
)
FEE_RATE = Decimal("0.001")
FEE_RATE_MAX = Decimal("0.1")

_AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,8})?")
_CURRENCY = re.compile(r"[A-Z0-9]{2,10}")
_PERSON = re.compile(r"(telegram|discord):([0-9]{1,20})|(terminal):([\w.-]{1,64})")
_CHAT = re.compile(r"(telegram):(-?[0-9]{1,20})|(discord):([0-9]{1,20})")
_TOKENS = {
    "TELEGRAM_TOKEN": (
        re.compile(r"[0-9]{4,16}:[A-Za-z0-9_-]{16,}"),
        "a token of @BotFather",
        "123456789:AAE...",
    ),
    "DISCORD_TOKEN": (
        re.compile(r"[\w-]{18,}\.[\w-]{4,}\.[\w-]{20,}"),
        "a bot token of the Discord developer portal",
        "MTIz....abc...xyz",
    ),
}
_LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


class SettingsError(ValueError):
    """A variable is missing or has a value that cannot be used."""

    def __init__(self, code: str, **placeholders: str) -> None:
        """Keep the code and what fills its sentence."""
        super().__init__(code, placeholders)
        self.code = code
        self.placeholders = placeholders

    def __str__(self) -> str:
        """Return the one sentence."""
        return explain(self)


@dataclass(frozen=True)
class PlatformId:
    """Somebody or some chat on one platform: `telegram`, `discord` or `terminal`."""

    platform: str
    id: str


@dataclass(frozen=True)
class Settings:
    """Everything the environment decides. `database_url` None means the embedded server.

    `starting_balance` is by currency; `fee_rate` is a ratio of each fill's notional; an empty
    `allowed_chats` allows all, and so does one without a chat of that platform; `default_locale`
    None follows each user's own.
    """

    home: Path
    database_url: str | None = field(default=None, repr=False)
    database: DatabaseSettings | None = None
    stream_urls: tuple[str, ...] = STREAM_URLS
    rest_urls: tuple[str, ...] = REST_URLS
    starting_balance: Mapping[str, Decimal] = field(default_factory=lambda: STARTING_BALANCE)
    fee_rate: Decimal = FEE_RATE
    default_locale: Locale | None = None
    telegram_token: str | None = field(default=None, repr=False)
    telegram_api_url: str = TELEGRAM_API_URL
    discord_token: str | None = field(default=None, repr=False)
    discord_api_url: str = DISCORD_API_URL
    discord_gateway_url: str | None = None
    admins: frozenset[PlatformId] = frozenset()
    allowed_chats: frozenset[PlatformId] = frozenset()
    log_level: str = "INFO"
    log_format: LogFormat = "text"

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Self:
        """Read the variables; an empty one counts as not set. Raises `SettingsError`."""
        environ = {name: value.strip() for name, value in environ.items() if value.strip()}
        read = _Reader(environ)
        return cls(
            home=state_folder(environ),
            database_url=environ.get("DATABASE_URL"),
            database=_database(environ),
            stream_urls=read("BINANCE_STREAM_URL", STREAM_URLS, _urls("wss", "ws")),
            rest_urls=read("BINANCE_REST_URL", REST_URLS, _urls("https", "http")),
            starting_balance=read("STARTING_BALANCE", STARTING_BALANCE, _balances),
            fee_rate=read("FEE_RATE", FEE_RATE, _fee_rate),
            default_locale=read("DEFAULT_LOCALE", None, _locale),
            telegram_token=_token(environ, "TELEGRAM_TOKEN"),
            telegram_api_url=read("TELEGRAM_API_URL", TELEGRAM_API_URL, _url("https", "http")),
            discord_token=_token(environ, "DISCORD_TOKEN"),
            discord_api_url=read("DISCORD_API_URL", DISCORD_API_URL, _url("https", "http")),
            discord_gateway_url=read("DISCORD_GATEWAY_URL", None, _url("wss", "ws")),
            admins=read("ADMINS", frozenset(), _ids(_PERSON)),
            allowed_chats=read("ALLOWED_CHATS", frozenset(), _ids(_CHAT)),
            log_level=read("LOG_LEVEL", "INFO", _log_level),
            log_format=read("LOG_FORMAT", "text", _log_format),
        )


_WANTED = {
    "ADMINS": ("a list of platform:id", "telegram:123,discord:456"),
    "ALLOWED_CHATS": ("a list of platform:id", "telegram:-100123,discord:456"),
    "BINANCE_REST_URL": ("a list of http addresses", REST_URLS[0]),
    "BINANCE_STREAM_URL": ("a list of websocket addresses", STREAM_URLS[0]),
    "DEFAULT_LOCALE": ("en or pt-BR", "pt-BR"),
    "DISCORD_API_URL": ("an http address", DISCORD_API_URL),
    "DISCORD_GATEWAY_URL": ("a websocket address", "wss://gateway.discord.gg"),
    "FEE_RATE": ("a ratio from 0 to 0.1", "0.001"),
    "LOG_FORMAT": ("text or json", "json"),
    "LOG_LEVEL": ("debug, info, warning or error", "info"),
    "TELEGRAM_API_URL": ("an http address", TELEGRAM_API_URL),
    "STARTING_BALANCE": ("a list of currency:amount", "usdt:10000,brl:50000"),
}


class _Reader:
    """Reads one variable after the other; a parser returns None for what it cannot use."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def __call__(self, name: str, default: Value, parse: Callable[[str], Value | None]) -> Value:
        text = self._environ.get(name)
        if text is None:
            return default
        value = parse(text)
        if value is None:
            wanted, example = _WANTED[name]
            shown = text if len(text) <= 60 else f"{text[:60]}…"
            raise SettingsError(
                "settings.bad", name=name, value=shown, wanted=wanted, example=example
            )
        return value


def _database(environ: Mapping[str, str]) -> DatabaseSettings | None:
    url = environ.get("DATABASE_URL")
    if url is None:
        return None
    try:
        return database_settings(url, environ=environ)
    except DatabaseUrlError as error:
        raise SettingsError(
            "settings.secret",
            name="DATABASE_URL",
            wanted=f"a Postgres address ({explain(error)})",
            example="postgresql://user:password@host:5432/vigilante",
        ) from error


def _token(environ: Mapping[str, str], name: str) -> str | None:
    text = environ.get(name)
    if text is None:
        return None
    pattern, wanted, example = _TOKENS[name]
    if pattern.fullmatch(text) is None:
        raise SettingsError("settings.secret", name=name, wanted=wanted, example=example)
    return text


def _items(text: str) -> list[str]:
    return [item.strip() for item in text.split(",") if item.strip()]


def _urls(*schemes: str) -> Callable[[str], tuple[str, ...] | None]:
    def parse(text: str) -> tuple[str, ...] | None:
        urls = tuple(item.rstrip("/") for item in _items(text))
        return urls if urls and all(_is_url(url, schemes) for url in urls) else None

    return parse


def _url(*schemes: str) -> Callable[[str], str | None]:
    def parse(text: str) -> str | None:
        url = text.rstrip("/")
        return url if _is_url(url, schemes) else None

    return parse


def _is_url(text: str, schemes: tuple[str, ...]) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _balances(text: str) -> Mapping[str, Decimal] | None:
    balances: dict[str, Decimal] = {}
    for item in _items(text):
        currency, _, amount = (part.strip() for part in item.upper().partition(":"))
        if not _CURRENCY.fullmatch(currency) or not _AMOUNT.fullmatch(amount):
            return None
        if currency in balances or not Decimal(amount):
            return None
        balances[currency] = Decimal(amount)
    return MappingProxyType(balances) if balances else None


def _fee_rate(text: str) -> Decimal | None:
    rate = Decimal(text) if _AMOUNT.fullmatch(text) else None
    return rate if rate is not None and rate <= FEE_RATE_MAX else None


def _locale(text: str) -> Locale | None:
    language = re.split(r"[-_.]", text.lower())[0]
    found: dict[str, Locale] = {"en": "en", "pt": "pt-BR"}
    return found.get(language)


def _ids(pattern: re.Pattern[str]) -> Callable[[str], frozenset[PlatformId] | None]:
    def parse(text: str) -> frozenset[PlatformId] | None:
        found = [pattern.fullmatch(item) for item in _items(text)]
        if not all(found):
            return None
        pairs = [[part for part in match.groups() if part] for match in found if match]
        return frozenset(PlatformId(platform, name) for platform, name in pairs)

    return parse


def _log_level(text: str) -> str | None:
    return text.upper() if text.upper() in _LOG_LEVELS else None


def _log_format(text: str) -> LogFormat | None:
    return cast("LogFormat", text.lower()) if text.lower() in ("text", "json") else None
