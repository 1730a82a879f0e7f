"""Runs the whole desk behind one terminal chat, from the first line to a clean end."""

import asyncio
import contextlib
import getpass
import hashlib
import os
import secrets
import signal
import stat
import sys
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from pathlib import Path

from bot.app import App, Venue, feed_config, live_venue, migrated, opened
from bot.grammar.words import taught
from bot.settings import Settings
from bot.surfaces.terminal import TerminalChat, open_console
from bot.surfaces.terminal.chat import ChatParts
from bot.surfaces.terminal.teaching import Teaching
from bot.talks import harmless
from bot.text import load_catalog
from bot.text.locales import locale_of
from bot.text.zones import local_zone
from bot.use_cases.context import Identity

DONE, NO_DATABASE = 0, 3
REVIVE_SECONDS = 1.0
ENDINGS = (signal.SIGTERM, signal.SIGHUP)


def run_chat(settings: Settings, dsn: str, name: str | None, revive: Callable[[], None]) -> int:
    """Chat until the person leaves, the script ends or the process is asked to end.

    `revive` is called every second: it starts a database of ours again that has ended.
    """
    identity = terminal_identity(settings, os.environ, name)
    venue = live_venue(feed_config(settings))
    return asyncio.run(kept(_run(dsn, venue, settings, _chat(settings, identity)), revive))


def run_watch(settings: Settings, dsn: str, revive: Callable[[], None]) -> int:
    """Keep the vigil with nobody to talk to, until the process is asked to end."""
    venue = live_venue(feed_config(settings))
    return asyncio.run(kept(_run(dsn, venue, settings, _watch), revive))


def has_listener(environ: Mapping[str, str]) -> bool:
    """Return whether somebody may speak: standard input is a terminal, a pipe or a file.

    On a Heroku dyno (`DYNO`) nobody does, whatever stands at its standard input.
    """
    if "DYNO" in environ:
        return False
    if sys.stdin is None or sys.stdin.isatty():
        return sys.stdin is not None
    mode = os.fstat(sys.stdin.fileno()).st_mode
    return not stat.S_ISCHR(mode)


def terminal_identity(settings: Settings, environ: Mapping[str, str], name: str | None) -> Identity:
    """Return who sits at this terminal: the name given, else the login."""
    who = name or _login()
    locale = locale_of(environ, settings.default_locale)
    return Identity("terminal", who, harmless(who), locale, local_zone(environ, locale))


def _chat(settings: Settings, identity: Identity) -> Callable[[App], Awaitable[None]]:
    async def chat(app: App) -> None:
        is_interactive = sys.stdin.isatty() and sys.stdout.isatty()
        teaching = Teaching(taught(identity.locale), settings.home / history_name(identity.id))
        async with open_console(is_interactive, teaching) as console:
            parts = ChatParts(
                door=app.door(identity),
                console=console,
                catalog=load_catalog(),
                session=f"terminal:{identity.id}:{secrets.token_hex(6)}",
                folder=Path.cwd(),
            )
            await TerminalChat(parts).run()

    return chat


async def _watch(app: App) -> None:
    aside(f"Keeping the vigil on {app.context.database}; no chat is attached.")
    await asyncio.Event().wait()


async def kept(running: Coroutine[None, None, int], revive: Callable[[], None]) -> int:
    """Run to the end, and meanwhile keep the embedded database alive."""

    async def keep() -> None:
        while True:
            await asyncio.sleep(REVIVE_SECONDS)
            with contextlib.suppress(OSError):  # a full disk, no room for a process: the next time
                revive()

    keeping = asyncio.ensure_future(keep())
    try:
        return await running
    finally:
        keeping.cancel()


async def _run(
    dsn: str, venue: Venue, settings: Settings, serve: Callable[[App], Awaitable[None]]
) -> int:
    if not await migrated(dsn, aside):
        return NO_DATABASE
    async with opened(settings, dsn, venue) as app:
        serving = asyncio.ensure_future(serve(app))
        loop = asyncio.get_running_loop()
        for ending in ENDINGS:
            loop.add_signal_handler(ending, serving.cancel)
        with contextlib.suppress(asyncio.CancelledError):
            await serving
    return DONE


def history_name(name: str) -> str:
    """Return the file that remembers a person's lines: each has his own."""
    return f"history-{hashlib.sha256(name.encode()).hexdigest()[:16]}"


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "me"


def aside(sentence: str) -> None:
    """Say something to whoever hosts, beside the chat."""
    sys.stderr.write(f"{sentence}\n")
    sys.stderr.flush()
