"""Memory of the unmodified program over an hour of live lists for a hundred people on Telegram.

`SOAK_MINUTES` makes it shorter. The program runs as a process of its own, over real sockets.
"""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from random import Random
from statistics import linear_regression
from tempfile import TemporaryDirectory

from tests.support.binance.stand_in import BinanceStandIn
from tests.support.telegram.phone import NoSuchButton, Phone
from tests.support.telegram.stand_in import TOKEN, TelegramStandIn

MINUTES = 60.0
PEOPLE = 100
SAMPLE_SECONDS = 15.0
SETTLING_SHARE = 0.2
PRINT_SECONDS = 0.2
PATIENCE_SECONDS = 60.0


async def measure(dsn: str) -> dict[str, float]:
    """Return the memory's size and slope, and how many edits it took."""
    minutes = float(os.environ.get("SOAK_MINUTES", MINUTES))
    async with BinanceStandIn() as venue, TelegramStandIn() as telegram:
        telegram.flood.is_on = True
        venue.print("BTCUSDT", 60_000)
        async with _program(dsn, venue, telegram) as process:
            samples = await _soaked(process, venue, telegram, minutes)
        edits = len(telegram.calls("editMessageText"))
    settled = samples[int(len(samples) * SETTLING_SHARE) :]
    slope, _ = linear_regression([at for at, _ in settled], [rss for _, rss in settled])
    return {
        "soak_minutes": minutes,
        "soak_edits": float(edits),
        "soak_rss_first_mb": samples[0][1],
        "soak_rss_settled_mb": settled[0][1],
        "soak_rss_last_mb": settled[-1][1],
        "soak_rss_slope_mb_per_hour": slope * 3_600,
    }


async def _soaked(
    process: asyncio.subprocess.Process,
    venue: BinanceStandIn,
    telegram: TelegramStandIn,
    minutes: float,
) -> list[tuple[float, float]]:
    printing = asyncio.create_task(_prints(venue))
    people = [telegram.user(number + 1, f"Ana {number}") for number in range(PEOPLE)]
    watching: list[asyncio.Task[None]] = []
    try:
        for phone in people:
            await _begun(phone)
            watching.append(asyncio.create_task(_watches(phone)))
        return await _sampled(process.pid, minutes * 60)
    finally:
        for task in (printing, *watching):
            task.cancel()
        await asyncio.gather(printing, *watching, return_exceptions=True)


async def _prints(venue: BinanceStandIn) -> None:
    chance, price = Random(1), 60_000.0
    while True:
        price *= 1 + chance.gauss(0, 0.0002)
        venue.print("BTCUSDT", f"{price:.2f}")
        await asyncio.sleep(PRINT_SECONDS)


async def _begun(phone: Phone) -> None:
    """Open an account and a trade; under a flood limit answers take their time."""
    phone.patience_seconds = PATIENCE_SECONDS
    for line in ("/start usdt en", "/buy btc 100 sl50%"):
        await phone.says(line)
        await phone.next(seconds=PATIENCE_SECONDS)


async def _watches(phone: Phone) -> None:
    """Keep a live list open: a new one now and then, and on again when it has ended."""
    chance = Random(phone.id)
    while True:
        await phone.says("/trades")
        with suppress(TimeoutError, NoSuchButton):
            shown = await phone.next(seconds=PATIENCE_SECONDS)
            await asyncio.sleep(chance.uniform(400, 1_000))
            await phone.presses(shown, shown.buttons[-1][-1].label)


async def _sampled(pid: int, seconds: float) -> list[tuple[float, float]]:
    samples: list[tuple[float, float]] = []
    began = time.monotonic()
    while (at := time.monotonic() - began) < seconds or len(samples) < 3:
        samples.append((at, _rss_mb(pid)))
        await asyncio.sleep(min(SAMPLE_SECONDS, seconds / 20))
    return samples


def _rss_mb(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


@asynccontextmanager
async def _program(
    dsn: str, venue: BinanceStandIn, telegram: TelegramStandIn
) -> AsyncIterator[asyncio.subprocess.Process]:
    with TemporaryDirectory() as folder:
        environ = {
            "PATH": os.environ.get("PATH", ""),
            "HOME": folder,
            "DATABASE_URL": dsn,
            "BINANCE_STREAM_URL": venue.stream_url,
            "BINANCE_REST_URL": venue.rest_url,
            "TELEGRAM_TOKEN": TOKEN,
            "TELEGRAM_API_URL": telegram.url,
            "LOG_LEVEL": "WARNING",
        }
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", env=environ, stdin=asyncio.subprocess.DEVNULL
        )
        try:
            yield process
        finally:
            process.terminate()
            async with asyncio.timeout(20):
                await process.wait()
