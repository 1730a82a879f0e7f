"""Reads DATABASE_URL into what asyncpg and tortoise want; opens no connection.

DatabaseUrlError
    `code` is `database_url.scheme`, `.port`, `.sslmode` or `.unreadable`. The URL holds a
    password, so no error repeats it.
"""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from ipaddress import ip_address
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

_SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
_PORT = 5432


class DatabaseUrlError(ValueError):
    """The address cannot be used; `code` and `placeholders` say why."""

    def __init__(self, code: str, **placeholders: str) -> None:
        """Keep what the sentence at the edge will need."""
        super().__init__(code, placeholders)
        self.code = code
        self.placeholders = placeholders

    def __str__(self) -> str:
        """Return the code and its placeholders on one line."""
        return " ".join(
            [self.code, *(f"{name}={said}" for name, said in self.placeholders.items())]
        )


@dataclass(frozen=True)
class DatabaseSettings:
    """Where the database is. `host` may be a socket's folder; None leaves the choice to asyncpg.

    `is_pooled` tells that a transaction pooler stands between, so statements cannot be prepared.
    """

    host: str | None
    port: int
    user: str | None
    password: str | None = field(repr=False)
    database: str | None
    ssl_mode: str | None = None
    ssl_root: str | None = None
    is_pooled: bool = False

    @property
    def is_local(self) -> bool:
        """Tell whether the server is reached without leaving this machine."""
        if self.host is None or self.host.startswith(("/", "@")) or self.host == "localhost":
            return True
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return False

    def connect_arguments(self) -> dict[str, Any]:
        """Return the keyword arguments for `asyncpg.connect` and `asyncpg.create_pool`."""
        arguments: dict[str, Any] = {
            "host": self.host,
            "port": self.port,
            "user": self.user,
            "password": self.password,
            "database": self.database,
        }
        if self.ssl_mode in ("verify-ca", "verify-full"):
            context = ssl.create_default_context(cafile=self.ssl_root)
            context.check_hostname = self.ssl_mode == "verify-full"
            arguments["ssl"] = context
        elif self.ssl_mode:
            arguments["ssl"] = self.ssl_mode
        if self.is_pooled:
            arguments["statement_cache_size"] = 0
        return arguments

    def tortoise_credentials(self) -> dict[str, Any]:
        """Return tortoise's `credentials` for the engine `tortoise.backends.asyncpg`."""
        return {
            **self.connect_arguments(),
            "minsize": 1,
            "maxsize": 8,
            "application_name": "vigilante",
            "command_timeout": 30,
        }


def database_settings(url: str, *, environ: Mapping[str, str]) -> DatabaseSettings:
    """Read a `postgres://` or `postgresql://` address.

    On a Heroku dyno (`DYNO` is set) a remote server gets TLS without verification, since its
    certificate is self-signed; a `sslmode` in the address wins. `pgbouncer=true` marks a pooler.
    Raises `DatabaseUrlError`.
    """
    parts = _split(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    mode = query.get("sslmode") or None
    if mode not in (None, *_SSL_MODES):
        raise DatabaseUrlError("database_url.sslmode", value=mode, allowed=", ".join(_SSL_MODES))
    found = DatabaseSettings(
        host=_decoded(parts.hostname) or query.get("host") or None,
        port=_port(parts, query),
        user=_decoded(parts.username) or query.get("user") or None,
        password=_decoded(parts.password) or query.get("password") or None,
        database=_decoded(parts.path.removeprefix("/")) or query.get("dbname") or None,
        ssl_mode=mode,
        ssl_root=query.get("sslrootcert") or None,
        is_pooled=query.get("pgbouncer", "").lower() == "true",
    )
    if mode is None and environ.get("DYNO") and not found.is_local:
        return replace(found, ssl_mode="require")
    return found


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        # Without its cause: urllib quotes what it could not read, and that holds the password.
        raise DatabaseUrlError("database_url.unreadable") from None
    if parts.scheme not in ("postgres", "postgresql"):
        raise DatabaseUrlError("database_url.scheme")
    return parts


def _port(parts: SplitResult, query: Mapping[str, str]) -> int:
    try:
        port = parts.port or int(query.get("port") or _PORT)
    except ValueError:
        raise DatabaseUrlError("database_url.port") from None
    if not 0 < port < 65536:
        raise DatabaseUrlError("database_url.port")
    return port


def _decoded(part: str | None) -> str | None:
    return unquote(part) if part else None
