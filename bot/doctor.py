"""`doctor`: checks what the desk stands on, one line each, and says what to do. Changes nothing.

Lines are for whoever hosts the bot, in English; the exit code is 0 only when all is well.
"""

import asyncio
import sys
from collections.abc import Callable
from contextlib import AsyncExitStack
from random import Random

from bot.app import feed_config
from bot.operator_text import explain
from bot.platform_checks import CheckFailed, DiscordCheck, TelegramCheck
from bot.settings import Settings
from db.embedded import EmbeddedError, EmbeddedPostgres
from db.migrate import MigrationFailed, pending
from db.pool import Database
from db.snapshots import describe_server
from engine.clock import SystemClock
from engine.core.events import PriceTick, TapeQuiet
from engine.market.binance_history import BinanceHistory, HistoryError
from engine.market.feed import Feed
from engine.ports import StoreUnavailable

OFFSET_MS_MAX = 2_000
PRINT_SECONDS = 12.0

Say = Callable[[bool, str, str], None]


class _Deaf:
    """A sink that lets every print pass."""

    def on_tick(self, tick: PriceTick) -> bool:
        return bool(tick.id)

    def on_quiet(self, quiet: TapeQuiet) -> None:
        assert quiet.symbol


def examine(settings: Settings) -> bool:
    """Check everything and print a line for each; return whether all is well."""
    findings: list[bool] = []

    def say(is_well: bool, part: str, finding: str) -> None:  # noqa: FBT001 - the mark of its line
        findings.append(is_well)
        sys.stdout.write(f"{'✓' if is_well else '✕'} {part:<9} {finding}\n")
        sys.stdout.flush()

    say(True, "settings", "read")
    server = None
    dsn = settings.database_url
    try:
        if dsn is None:
            server = EmbeddedPostgres(settings.home)
            dsn = server.start()
            say(True, "folder", str(settings.home))
        asyncio.run(_database(settings, dsn, say))
    except EmbeddedError as error:
        say(False, "database", explain(error))
    finally:
        if server is not None:
            server.stop()
    asyncio.run(_venue(settings, say))
    asyncio.run(_platforms(settings, say))
    return all(findings)


async def _database(settings: Settings, dsn: str, say: Say) -> None:
    database = await Database.open(dsn)
    try:
        name = await describe_server(database, is_embedded=settings.database_url is None)
        await database.ping()
        say(True, "database", name)
        missing = await pending(dsn)
        text = f"{len(missing)} to apply: python -m bot migrate" if missing else "up to date"
        say(not missing, "schema", text)
    except (StoreUnavailable, MigrationFailed) as error:
        say(False, "database", f"does not answer: {error}")
    finally:
        await database.close()


async def _platforms(settings: Settings, say: Say) -> None:
    """Ask each platform whose token it is; one without a token is no fault."""
    checks: list[TelegramCheck | DiscordCheck] = []
    if settings.telegram_token is not None:
        checks.append(TelegramCheck(settings.telegram_api_url, settings.telegram_token))
    if settings.discord_token is not None:
        checks.append(DiscordCheck(settings.discord_api_url, settings.discord_token))
    for check in checks:
        try:
            name = await check.who()
        except CheckFailed as error:
            say(False, check.platform, explain(error))
        else:
            say(True, check.platform, f"the token is {name.name}'s")
    if not checks:
        say(True, "chats", "no token is set: python -m bot setup")


async def _venue(settings: Settings, say: Say) -> None:
    config = feed_config(settings)
    clock, chance = SystemClock(), Random()  # noqa: S311 - spreads attempts, hides nothing
    async with AsyncExitStack() as stack:
        history = BinanceHistory(config, clock, chance)
        stack.push_async_callback(history.close)
        try:
            async with asyncio.timeout(PRINT_SECONDS):
                venue_ms, at_monotonic = await history.measure_clock()
        except (HistoryError, TimeoutError) as error:
            say(False, "prices", f"{settings.rest_urls[0]} does not answer ({error})")
            return
        say(True, "prices", f"{history.host} answers")
        offset_ms = clock.now_ms() - venue_ms - round((clock.monotonic() - at_monotonic) * 1000)
        say(
            abs(offset_ms) <= OFFSET_MS_MAX,
            "clock",
            f"{offset_ms:+d} ms against the venue (the desk goes by the venue's)",
        )
        feed = Feed(config, _Deaf(), clock, chance)
        async with asyncio.TaskGroup() as group:
            running = group.create_task(feed.run())
            feed.want(config.canary)
            is_live = await feed.wait_ready(config.canary, PRINT_SECONDS)
            place = feed.place(config.canary)
            running.cancel()
        price = place.last_price if place else "none"
        text = f"{config.canary} {price} over the stream" if is_live else "no print over the stream"
        say(is_live, "stream", text)
