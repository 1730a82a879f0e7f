"""The whole application between Binance, Telegram and Discord that stand in, over real Postgres.

`serving` runs it in this process with budgets of a test's choice; `Program` is the unmodified
`python -m bot`, which can be asked to end, or killed.
"""

import asyncio
import os
import signal
import sys
import time
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from bot.app import App, live_venue, opened
from bot.chats import serve
from bot.delivery.courier import Budget
from bot.delivery.gate import Gate
from bot.delivery.way import GatedWay
from bot.settings import Settings
from bot.surfaces.discord import run_discord
from bot.surfaces.discord.pacing import Pace as DiscordPace
from bot.surfaces.telegram import TelegramSettings
from bot.surfaces.telegram.polling import Pace as TelegramPace
from bot.views import PlatformState
from engine.clock import Clock
from tests.support.binance.stand_in import BinanceStandIn
from tests.support.discord.stand_in import DiscordStandIn
from tests.support.house import quick_feed
from tests.support.shell import until
from tests.support.telegram.stand_in import TelegramStandIn

ROOT = Path(__file__).parents[2]
PLATFORMS = ("telegram", "discord")
PRICES = {"BTCUSDT": "60000", "ETHUSDT": "2500", "BTCBRL": "330000", "USDTBRL": "5.5"}
PRINT_SECONDS = 0.05
TELEGRAM_PACE = TelegramPace(away=0.05, away_max=0.2, bad_token=0.2, other_poller=0.2)
DISCORD_PACE = DiscordPace(first=0.05, longest=0.2, bad_token=0.2, identify_again=0.05)
UP_SECONDS = 15.0
END_SECONDS = 5.0
QUICK = Budget(per_second=1_000, chat_per_second=500, chat_burst=500, live_seconds=0.1)


class Market:
    """A market that prints each price again and again, so that every order finds its print."""

    def __init__(self, venue: BinanceStandIn) -> None:
        self._venue = venue
        self.prices = dict(PRICES)

    def moves(self, symbol: str, price: str) -> None:
        """Print a new price at once, and from now on."""
        self.prices[symbol] = price
        self._venue.print(symbol, price)

    async def run(self) -> None:
        """Print until canceled."""
        while True:
            for symbol, price in self.prices.items():
                self._venue.print(symbol, price)
            await asyncio.sleep(PRINT_SECONDS)


@dataclass
class Town:
    """The three servers, the market and the database that one application lives with."""

    dsn: str
    home: Path
    venue: BinanceStandIn = field(default_factory=BinanceStandIn)
    telegram: TelegramStandIn = field(default_factory=TelegramStandIn)
    discord: DiscordStandIn = field(default_factory=DiscordStandIn)

    def __post_init__(self) -> None:
        self.market = Market(self.venue)

    def environ(self, **more: str) -> dict[str, str]:
        """Return the environment that points the program at these servers; `X=""` leaves X out."""
        given = {
            "BINANCE_STREAM_URL": self.venue.stream_url,
            "BINANCE_REST_URL": self.venue.rest_url,
            "DATABASE_URL": self.dsn,
            "VIGILANTE_HOME": str(self.home),
            "TELEGRAM_TOKEN": self.telegram.token,
            "TELEGRAM_API_URL": self.telegram.url,
            "DISCORD_TOKEN": self.discord.token,
            "DISCORD_API_URL": self.discord.api_url,
            "DISCORD_GATEWAY_URL": self.discord.gateway_url,
        }
        return {name: value for name, value in (given | more).items() if value}

    async def discord_is_up(self, seconds: float = UP_SECONDS) -> None:
        """Wait until the program is connected and has told its commands."""
        await until(lambda: self.discord.gateway.ready and self.discord.commands, seconds)


@asynccontextmanager
async def open_town(dsn: str, home: Path, **servers: Any) -> AsyncIterator[Town]:
    """Open the servers and let the market print until the block ends."""
    town = Town(dsn, home, **servers)
    async with town.venue, town.telegram, town.discord:
        printing = asyncio.create_task(town.market.run(), name="market")
        try:
            yield town
        finally:
            printing.cancel()
            await asyncio.gather(printing, return_exceptions=True)


@dataclass
class Serving:
    """The application at work in this process; `wait_up` and `ends` are for its platforms."""

    app: App
    stop: asyncio.Event
    task: asyncio.Task[None]

    def state(self, platform: str) -> PlatformState | None:
        """Return how a platform says it is; None before it has said anything."""
        rows = {row.platform: row.state for row in self.app.delivery.platforms.rows()}
        return rows.get(platform)

    async def wait_state(
        self, platform: str, state: PlatformState, seconds: float = UP_SECONDS
    ) -> None:
        """Wait until a platform is in a state."""
        await until(lambda: self.state(platform) is state, seconds)

    async def ends(self) -> float:
        """Ask it to end; return the seconds it took."""
        began = time.monotonic()
        self.stop.set()
        async with asyncio.timeout(END_SECONDS):
            await self.task
        return time.monotonic() - began


@asynccontextmanager
async def serving(
    town: Town, *, budget: Budget = QUICK, up: tuple[str, ...] = PLATFORMS, **environ: str
) -> AsyncIterator[Serving]:
    """Run the application over `town`; the block begins when the platforms of `up` are up."""
    settings = Settings.from_environ(town.environ(**environ))
    venue = live_venue(quick_feed(town.venue))
    with patch("bot.app.make_way", _way_of(budget)), _in_a_hurry():
        async with opened(settings, town.dsn, venue) as app:
            assert await app.engine.wait_armed(UP_SECONDS)
            stop = asyncio.Event()
            task = asyncio.create_task(serve(app, settings, stop), name="serve")
            now = Serving(app, stop, task)
            try:
                await _wait_up(town, now, settings, up)
                yield now
            finally:
                await now.ends()


@contextmanager
def _in_a_hurry() -> Iterator[None]:
    """Shorten the pauses between two attempts to reach a platform."""
    telegram = partial(TelegramSettings, pace=TELEGRAM_PACE)
    discord = partial(run_discord, pace=DISCORD_PACE)
    with (
        patch("bot.surfaces.telegram.TelegramSettings", telegram),
        patch("bot.surfaces.discord.run_discord", discord),
    ):
        yield


async def _wait_up(town: Town, now: Serving, settings: Settings, up: tuple[str, ...]) -> None:
    tokens = {"telegram": settings.telegram_token, "discord": settings.discord_token}
    for platform in up:
        if tokens[platform] is not None:
            await now.wait_state(platform, PlatformState.UP)
    if "discord" in up and settings.discord_token is not None:
        await town.discord_is_up()


def _way_of(budget: Budget) -> Callable[[Clock], GatedWay]:
    return lambda clock: GatedWay({name: Gate(budget, clock) for name in PLATFORMS}, clock)


@dataclass
class Program:
    """`python -m bot` as a process; `output` is all that it has written."""

    process: Process
    lines: list[str] = field(default_factory=list)

    @property
    def output(self) -> str:
        return "".join(self.lines)

    @property
    def complaints(self) -> list[str]:
        """What it has written that nobody should ever read."""
        bad = ("Traceback", "Task was destroyed", "never retrieved", "never awaited", " ERROR ")
        return [line for line in self.lines if any(sign in line for sign in bad)]

    async def read(self) -> None:
        """Take in what it writes until it ends."""
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            self.lines.append(line.decode(errors="replace"))

    async def terminate(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, float]:
        """Ask it to end; return its exit code and the seconds it took."""
        began = time.monotonic()
        self.process.send_signal(number)
        async with asyncio.timeout(3 * END_SECONDS):
            code = await self.process.wait()
        return code, time.monotonic() - began

    async def kill(self) -> None:
        """Take it away in the middle of whatever it does."""
        self.process.send_signal(signal.SIGKILL)
        await self.process.wait()


@asynccontextmanager
async def program(town: Town, *, is_awaited: bool = True, **environ: str) -> AsyncIterator[Program]:
    """Run the unmodified program over `town`; in the end it is killed if it still runs."""
    polls, sessions = len(town.telegram.requests), len(town.discord.gateway.identified_at)
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-X", "dev", "-W", "ignore", "-m", "bot"),
        env={**kept, **town.environ(**environ)},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=PIPE,
        stderr=STDOUT,
        cwd=ROOT,
    )
    found = Program(process)
    reading = asyncio.create_task(found.read(), name="program output")

    def is_up() -> bool:
        assert process.returncode is None, found.output
        calls = town.telegram.requests[polls:]
        is_polling = any(call.method == "getUpdates" for call in calls)
        has_joined = len(town.discord.gateway.identified_at) > sessions
        return is_polling and has_joined and bool(town.discord.gateway.ready)

    try:
        if is_awaited:
            await until(is_up, 2 * UP_SECONDS)
            await town.discord_is_up()
        yield found
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        await reading
