"""The command line: `python -m bot` runs everything configured; `--help` lists the rest.

Exit codes: 0 done, 1 a check failed, 2 a bad setting or argument, 3 the database is away.
"""

import argparse
import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from dotenv import dotenv_values

from bot import logs
from bot.operator_text import explain, explain_file
from bot.settings import Settings, SettingsError
from db.backup import BackupError
from db.embedded import EmbeddedError, EmbeddedPostgres
from db.migrate import MigrationFailed

DONE, FAILED, BAD_SETTING, NO_DATABASE = 0, 1, 2, 3
NAME_MAX = 64
SPEED_MAX = 100_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    chosen = _parser().parse_args(arguments)
    try:
        settings = Settings.from_environ(environ())
    except SettingsError as error:
        return _complain(str(error), BAD_SETTING)
    database = settings.database
    password = database.password if database else None
    logs.hide(settings.telegram_token, settings.discord_token, password)
    logs.set_up(_level(settings, chosen.command or "run"), settings.log_format)
    try:
        return _RUN[chosen.command or "run"](settings, chosen)
    except EmbeddedError as error:
        return _complain(explain(error), NO_DATABASE)
    except BackupError as error:
        return _complain(explain(error), FAILED)
    except MigrationFailed as error:
        return _complain(f"The database could not be migrated: {error}", NO_DATABASE)
    except BrokenPipeError:  # whoever read us has left
        return DONE
    except OSError as error:  # a folder or file that cannot be made, read or written
        return _complain(explain_file(error), BAD_SETTING)
    except KeyboardInterrupt:
        return DONE


def env_file() -> Path:
    """Return where settings of this folder are kept: `.env` beside the program's start."""
    return Path.cwd() / ".env"


def environ() -> dict[str, str]:
    """Return the environment; what it does not set is taken from `.env`."""
    kept = dotenv_values(env_file(), interpolate=False)
    return {name: value for name, value in kept.items() if value} | dict(os.environ)


def _chat(settings: Settings, chosen: argparse.Namespace) -> int:
    from bot.terminal_run import has_listener, run_chat, run_watch

    database = _Database(settings)
    with database as dsn:
        if not chosen.command and (settings.telegram_token or settings.discord_token):
            from bot.chats import run_chats

            return run_chats(settings, dsn, database.revive)
        if not chosen.command and not has_listener(os.environ):
            return run_watch(settings, dsn, database.revive)
        return run_chat(settings, dsn, chosen.name, database.revive)


def _demo(settings: Settings, chosen: argparse.Namespace) -> int:
    from bot.demo import run_demo

    return run_demo(settings, speed=chosen.speed)


def _setup(settings: Settings, _chosen: argparse.Namespace) -> int:
    from bot.setup import run_setup

    return DONE if run_setup(settings, env_file()) else FAILED


def _doctor(settings: Settings, _chosen: argparse.Namespace) -> int:
    from bot.doctor import examine

    return DONE if examine(settings) else FAILED


def _migrate(settings: Settings, _chosen: argparse.Namespace) -> int:
    from db.migrate import migrate

    with _Database(settings) as dsn:
        applied = asyncio.run(migrate(dsn))
    _say("\n".join(applied) if applied else "The database is up to date.")
    return DONE


def _backup(settings: Settings, chosen: argparse.Namespace) -> int:
    from db.backup import backup

    with _Database(settings) as dsn:
        asyncio.run(backup(dsn, chosen.file))
    _say(f"Saved to {chosen.file}.")
    return DONE


def _restore(settings: Settings, chosen: argparse.Namespace) -> int:
    from db.backup import restore
    from db.migrate import migrate

    async def run(dsn: str) -> None:
        await migrate(dsn)
        await restore(dsn, chosen.file)

    with _Database(settings) as dsn:
        asyncio.run(run(dsn))
    _say(f"Restored from {chosen.file}.")
    return DONE


_RUN: dict[str, Callable[[Settings, argparse.Namespace], int]] = {
    "run": _chat,
    "chat": _chat,
    "demo": _demo,
    "setup": _setup,
    "doctor": _doctor,
    "migrate": _migrate,
    "backup": _backup,
    "restore": _restore,
}


class _Database:
    """The configured database's address; the embedded server runs while it is needed."""

    def __init__(self, settings: Settings) -> None:
        self._url = settings.database_url
        self._server = None if self._url else EmbeddedPostgres(settings.home)

    def __enter__(self) -> str:
        return self._url or (self._server.start() if self._server else "")

    def revive(self) -> None:
        """Start an embedded server again that ended by itself; another's is another's affair."""
        if self._server is not None:
            self._server.revive()

    def __exit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.stop()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bot",
        usage="%(prog)s [-h] [COMMAND ...]",
        description="Vigilante: a trading desk in a chat, with simulated money on real prices.",
    )
    parser.set_defaults(name=None)
    commands = parser.add_subparsers(
        dest="command", metavar="COMMAND", required=False, prog="python -m bot"
    )
    chat = commands.add_parser("chat", help="chat in this terminal; a piped stdin is a script")
    chat.add_argument(
        "--as", dest="name", metavar="NAME", type=_name, help="who you are (default: your login)"
    )
    demo = commands.add_parser("demo", help="a generated market day, fast, with no network")
    demo.add_argument("--speed", type=_speed, default=2400.0, help="market seconds per second")
    commands.add_parser("setup", help="from two tokens to a working bot, step by step")
    commands.add_parser("doctor", help="check database, price feed, clock and tokens")
    commands.add_parser("migrate", help="bring the database to this version's schema")
    for name, text in (("backup", "save all data to FILE"), ("restore", "load FILE into an empty")):
        command = commands.add_parser(name, help=text if name == "backup" else f"{text} database")
        command.add_argument("file", metavar="FILE", type=Path)
    return parser


def _name(text: str) -> str:
    """Read who somebody says he is: printable, for it is stored and shown."""
    name = text.strip()
    if not 1 <= len(name) <= NAME_MAX or not name.isprintable():
        raise argparse.ArgumentTypeError(f"a name has 1 to {NAME_MAX} printable characters")
    return name


def _speed(text: str) -> float:
    speed = float(text)
    if not 1 <= speed <= SPEED_MAX:
        raise argparse.ArgumentTypeError(f"a speed is from 1 to {SPEED_MAX}")
    return speed


def _level(settings: Settings, command: str) -> str:
    """Keep a chat's screen clean unless somebody asked for more."""
    is_chat = command in ("chat", "demo", "setup") or (
        command == "run" and not (settings.telegram_token or settings.discord_token)
    )
    if is_chat and "LOG_LEVEL" not in os.environ:
        return "ERROR"
    return settings.log_level


def _complain(sentence: str, code: int) -> int:
    sys.stderr.write(f"{sentence}\n")
    return code


def _say(sentence: str) -> None:
    sys.stdout.write(f"{sentence}\n")


if __name__ == "__main__":
    sys.exit(main())
