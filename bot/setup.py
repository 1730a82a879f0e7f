"""`setup`: from two tokens to a working bot. Asks, checks, prints the links, writes `.env`.

For whoever hosts the bot, in English. Nothing is written before a token was accepted.
"""

import asyncio
import getpass
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import dotenv

from bot.operator_text import explain
from bot.platform_checks import BotName, CheckFailed, DiscordCheck, TelegramCheck
from bot.settings import Settings, SettingsError

WAIT_ROUNDS = 5
HELLO = "Vigilante is ready. Start it with: make run"
TELEGRAM_HOW = (
    "Telegram: talk to @BotFather, send /newbot, and paste the token that it gives you.\n"
)
DISCORD_HOW = (
    "Discord: discord.com/developers/applications, New Application, Bot, Reset Token;"
    " paste it here.\n"
)


@dataclass
class Found:
    """What setup came to: lines for `.env`."""

    values: dict[str, str] = field(default_factory=dict[str, str])
    hosts: list[str] = field(default_factory=list[str])


@dataclass(frozen=True)
class Console:
    """How a host is asked and told; `ask` returns an empty text where nobody can be asked."""

    ask: Callable[[str], str]
    say: Callable[[str], None]
    is_interactive: bool


def run_setup(settings: Settings, file: Path, console: Console | None = None) -> bool:
    """Set the bot up and return whether at least one platform works now."""
    return asyncio.run(_setup(settings, file, console or terminal()))


def terminal() -> Console:
    """Return the console of this terminal; what is pasted is not shown."""
    is_interactive = sys.stdin.isatty()

    def say(line: str) -> None:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()

    def ask(question: str) -> str:
        return getpass.getpass(question).strip() if is_interactive else ""

    return Console(ask, say, is_interactive)


async def _setup(settings: Settings, file: Path, console: Console) -> bool:
    found = Found()
    await _telegram(settings, console, found)
    await _discord(settings, console, found)
    if not found.values:
        console.say("No platform was set up. Nothing was written; run it again when you have one.")
        return False
    await asyncio.to_thread(_write, file, found, settings)
    console.say(f"Written to {file}, readable by you alone. Start the bot: make run")
    return True


async def _telegram(settings: Settings, console: Console, found: Found) -> None:
    token = _token("TELEGRAM_TOKEN", settings.telegram_token, TELEGRAM_HOW, console)
    if token is None:
        return
    check = TelegramCheck(settings.telegram_api_url, token)
    name = await _who(check, console)
    if name is None:
        return
    found.values["TELEGRAM_TOKEN"] = token
    if console.is_interactive:
        await _greet_starter(check, console, found)


async def _greet_starter(check: TelegramCheck, console: Console, found: Found) -> None:
    """Wait until the host presses Start, make him the host, and send him a message."""
    console.say("  Open the first link and press Start; I am waiting, two minutes at most.")
    for _ in range(WAIT_ROUNDS):
        try:
            starter = await check.starter(None)
            if starter is None:
                continue
            person_id, name, _ = starter
            await check.send(person_id, HELLO)
        except CheckFailed as error:
            console.say(f"  {explain(error)}")
            return
        found.hosts.append(f"telegram:{person_id}")
        console.say(f"  ✓ {name or 'You'} will be its host ({person_id}); a message is on its way.")
        return
    console.say("  Nobody pressed Start. Set ADMINS=telegram:<your id> later to be its host.")


async def _discord(settings: Settings, console: Console, found: Found) -> None:
    token = _token("DISCORD_TOKEN", settings.discord_token, DISCORD_HOW, console)
    if token is None:
        return
    check = DiscordCheck(settings.discord_api_url, token)
    name = await _who(check, console)
    if name is None:
        return
    found.values["DISCORD_TOKEN"] = token
    if not name.owner_id:
        return
    found.hosts.append(f"discord:{name.owner_id}")
    if console.is_interactive:
        console.ask("  Add it with the first link, then press Enter here. ")
    try:
        await check.send(name.owner_id, HELLO)
    except CheckFailed as error:
        console.say(f"  No test message: {explain(error)}. You have to share a server with it.")
    else:
        console.say("  ✓ A message is on its way to the application's owner.")


def _token(name: str, known: str | None, how: str, console: Console) -> str | None:
    """Return the token that is set already, or ask for one; an empty answer skips the platform."""
    if known is not None:
        console.say(f"{name} is set already; checking it.")
        return known
    console.say(how + "  Empty skips it.")
    while text := console.ask(f"  {name}: "):
        try:
            Settings.from_environ({**_home(), name: text})
        except SettingsError as error:
            console.say(f"  ✕ {error}")
        else:
            return text
    return None


def _home() -> dict[str, str]:
    return {name: os.environ[name] for name in ("HOME", "VIGILANTE_HOME") if name in os.environ}


async def _who(check: TelegramCheck | DiscordCheck, console: Console) -> BotName | None:
    try:
        name = await check.who()
    except CheckFailed as error:
        console.say(f"  ✕ {explain(error)}")
        return None
    console.say(f"  ✓ It is {name.name} ({name.id}).")
    for purpose, link in name.links:
        console.say(f"    {purpose}: {link}")
    return name


def _write(file: Path, found: Found, settings: Settings) -> None:
    """Put the values into `.env` beside what stands there; only its owner may read it."""
    file.touch(mode=0o600)
    file.chmod(0o600)
    hosts = [f"{one.platform}:{one.id}" for one in settings.admins]
    hosts += [host for host in found.hosts if host not in hosts]
    values = found.values | ({"ADMINS": ",".join(hosts)} if hosts else {})
    for name, value in values.items():
        dotenv.set_key(file, name, value, quote_mode="never")
