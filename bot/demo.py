"""`demo`: one invented market day, played fast with the real engine, database and messages."""

import asyncio
import os
import secrets
import shutil
from collections.abc import Sequence
from pathlib import Path

from bot.app import App, migrated, opened
from bot.invented import invented_venue
from bot.settings import Settings
from bot.surfaces.terminal import TerminalChat, open_console
from bot.surfaces.terminal.chat import ChatParts
from bot.surfaces.terminal.console import STDOUT_FD
from bot.surfaces.terminal.teaching import Teaching
from bot.terminal_run import aside, terminal_identity
from bot.text import Words, load_catalog
from db.embedded import EmbeddedPostgres
from engine.clock import SystemClock

DAY_MS = 86_400_000
SEED = 11
PACE = 2_400.0
FAILED = 1

# Pauses are in seconds at the pace of 2,400 market seconds a second.
SCRIPT = {
    "en": (
        (0.5, "/price btc"),
        (1.0, "/buy btc 1000 sl1% tp1.5%"),
        (1.5, "/short eth 800 sl1.5% tp2%"),
        (1.5, "/buy sol 500 sl2%"),
        (5.0, "/trades"),
        (6.0, "/close sol 50%"),
        (6.0, "/trades"),
        (0.5, "/buy btc 400 sl8% tp9%"),
        (6.0, "/close all"),
        (0.5, "yes"),
        (1.0, "/history"),
        (0.5, "/pnl"),
        (0.5, "/balance"),
    ),
    "pt-BR": (
        (0.5, "/preco btc"),
        (1.0, "/comprar btc 5000 stop1% alvo1,5%"),
        (1.5, "/short eth 4000 stop1,5% alvo2%"),
        (1.5, "/comprar sol 2500 stop2%"),
        (5.0, "/operacoes"),
        (6.0, "/fechar sol 50%"),
        (6.0, "/operacoes"),
        (0.5, "/comprar btc 2000 stop8% alvo9%"),
        (6.0, "/fechar tudo"),
        (0.5, "sim"),
        (1.0, "/historico"),
        (0.5, "/resultado"),
        (0.5, "/saldo"),
    ),
}


def run_demo(settings: Settings, *, speed: float) -> int:
    """Play the day at `speed` market seconds a second, on a database that is thrown away."""
    folder = settings.home / "demo"
    shutil.rmtree(folder, ignore_errors=True)
    server = EmbeddedPostgres(folder, durable=False)
    try:
        return asyncio.run(_play(settings, server.start(), speed))
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


async def _play(settings: Settings, dsn: str, speed: float) -> int:
    if not await migrated(dsn, aside):
        return FAILED
    today = SystemClock().now_ms() // DAY_MS * DAY_MS
    async with opened(settings, dsn, invented_venue(today, speed, SEED)) as app:
        if not await app.engine.wait_armed(30):
            return FAILED
        await _tell(app, settings, PACE / speed)
    return 0


async def _tell(app: App, settings: Settings, pace: float) -> None:
    identity = terminal_identity(settings, os.environ, "demo")
    words = Words(load_catalog(), identity.locale)
    source, typing = os.pipe()
    hands = asyncio.create_task(_type(typing, SCRIPT[identity.locale], pace))
    try:
        async with open_console(False, Teaching(), (source, STDOUT_FD)) as console:
            await console.show([words.say("demo-begin"), ""])
            parts = ChatParts(
                door=app.door(identity),
                console=console,
                catalog=load_catalog(),
                session=f"demo:{secrets.token_hex(6)}",
                folder=Path.cwd(),
            )
            await TerminalChat(parts).run()
            await console.show(["", words.say("demo-end")])
    finally:
        hands.cancel()


async def _type(descriptor: int, script: Sequence[tuple[float, str]], pace: float) -> None:
    with os.fdopen(descriptor, "w", buffering=1) as hands:
        for pause_seconds, line in script:
            await asyncio.sleep(pause_seconds * pace)
            hands.write(f"{line}\n")
