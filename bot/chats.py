"""Serves Telegram and Discord, each on its own, until the process is asked to end.

Neither platform's trouble reaches the other or the engine; whoever hosts is told after a restart.
"""

import asyncio
import logging
import signal
from collections.abc import Callable, Coroutine

from bot.app import App, feed_config, live_venue, migrated, opened
from bot.settings import PlatformId, Settings
from bot.terminal_run import aside, kept
from bot.use_cases.status import caught_up
from bot.views import CaughtUp, ReceiptView

log = logging.getLogger(__name__)

DONE, NO_DATABASE = 0, 3
ENDINGS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
END_SECONDS = 4.0
ARMED_SECONDS = 600.0

Surface = Callable[[asyncio.Event], Coroutine[None, None, None]]


def run_chats(settings: Settings, dsn: str, revive: Callable[[], None]) -> int:
    """Serve every platform that has a token; return the process's exit code."""
    return asyncio.run(kept(_run(settings, dsn), revive))


async def _run(settings: Settings, dsn: str) -> int:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for ending in ENDINGS:
        loop.add_signal_handler(ending, stop.set)
    if not await migrated(dsn, aside):
        return NO_DATABASE
    async with opened(settings, dsn, live_venue(feed_config(settings))) as app:
        names = ", ".join(platforms(settings))
        aside(f"Keeping the vigil on {app.context.database}; serving {names}.")
        await serve(app, settings, stop)
    return DONE


def platforms(settings: Settings) -> tuple[str, ...]:
    """Return the platforms that have a token."""
    tokens = {"telegram": settings.telegram_token, "discord": settings.discord_token}
    return tuple(name for name, token in tokens.items() if token is not None)


async def serve(app: App, settings: Settings, stop: asyncio.Event) -> None:
    """Serve until `stop`; what does not end in 4 s is canceled."""
    serving = [
        asyncio.create_task(surface(stop), name=name)
        for name, surface in _surfaces(app, settings).items()
    ]
    for task in serving:
        task.add_done_callback(_note_end)
    receipt = asyncio.create_task(_hand_receipt(app, settings), name="receipt")
    try:
        await stop.wait()
        await asyncio.wait(serving, timeout=END_SECONDS)
    finally:
        for task in (*serving, receipt):
            task.cancel()
        await asyncio.gather(*serving, receipt, return_exceptions=True)


def _note_end(task: asyncio.Task[None]) -> None:
    """Note a surface that broke; the text of its error may hold a token, its name does not."""
    error = None if task.cancelled() else task.exception()
    if error is not None:
        log.error("%s is not served any more: %s", task.get_name(), type(error).__name__)


def _surfaces(app: App, settings: Settings) -> dict[str, Surface]:
    found: dict[str, Surface] = {}
    locale = settings.default_locale or "en"
    if settings.telegram_token is not None:
        from bot.surfaces.telegram import TelegramSettings, run_telegram

        telegram = TelegramSettings(
            token=settings.telegram_token,
            api_url=settings.telegram_api_url,
            hosts=_hosts(settings.admins, "telegram"),
            default_locale=locale,
        )
        found["telegram"] = lambda stop: run_telegram(app.front("telegram"), telegram, stop)
    if settings.discord_token is not None:
        from bot.surfaces.discord import DiscordSettings, run_discord

        discord = DiscordSettings(
            token=settings.discord_token,
            api_url=settings.discord_api_url,
            gateway_url=settings.discord_gateway_url or "",
            hosts=_hosts(settings.admins, "discord"),
            default_locale=locale,
        )
        found["discord"] = lambda stop: run_discord(app.front("discord"), discord, stop)
    return found


def _hosts(admins: frozenset[PlatformId], platform: str) -> frozenset[str]:
    return frozenset(one.id for one in admins if one.platform == platform)


async def _hand_receipt(app: App, settings: Settings) -> None:
    """Tell the hosts what the start found of the time before it; one that stands by waits long."""
    while not await app.engine.wait_armed(ARMED_SECONDS):
        log.info("no receipt yet: nothing is armed")
    found: CaughtUp | None = caught_up(app.context.desk.facts())
    if found is None:
        return
    for host in settings.admins:
        app.post(f"{host.platform}:{host.id}", ReceiptView(found=found))
