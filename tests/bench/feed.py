"""CPU per print from socket bytes to the sink, beside the bare websocket and the path without it.

The sender is a process of its own, so that only the receiver's CPU is counted.
"""

import asyncio
import sys
import time
from collections.abc import Callable
from random import Random

import msgspec
from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve

from engine.clock import SystemClock
from engine.core.events import PriceTick, TapeQuiet
from engine.market.connection import Connection
from engine.market.feed import Feed
from engine.market.ports import Anchor, FeedConfig

PRINTS = 60_000
FRAMES_PER_SEND = 50
ROUNDS = 3
SYMBOLS = ("BTCUSDT", "ETHUSDT")


class CountingSink:
    """Takes prints and counts; `done` is set at the last expected one."""

    def __init__(self, expected: int) -> None:
        self.left = expected
        self.done = asyncio.Event()

    def on_tick(self, tick: PriceTick) -> bool:
        self.left -= 1
        if not self.left:
            self.done.set()
        return True

    def on_quiet(self, quiet: TapeQuiet) -> None:
        raise AssertionError(quiet)


def frames(count: int) -> list[str]:
    """Return `count` combined aggTrade frames, alternating the symbols, ids from 1."""
    rng, texts = Random(3), []
    for number in range(count):
        symbol, made = SYMBOLS[number % 2], number // 2 + 1
        price = f"{60000 + rng.randint(-500, 500) / 100:.8f}"
        texts.append(
            f'{{"stream":"{symbol.lower()}@aggTrade","data":{{"e":"aggTrade","E":1723161255342,'
            f'"s":"{symbol}","a":{made},"p":"{price}","q":"0.02000000","f":{made * 2},'
            f'"l":{made * 2},"T":1723161255342,"m":true,"M":true}}}}'
        )
    return texts


def measure() -> dict[str, float]:
    """Return microseconds of CPU per print (best of a few rounds) and prints per second."""
    return asyncio.run(_measure())


async def _measure() -> dict[str, float]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.feed", "send", stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        url = (await process.stdout.readline()).decode().strip()
        whole = [await _through_feed(url) for _ in range(ROUNDS)]
        bare = [await _bare_socket(url) for _ in range(ROUNDS)]
    finally:
        process.terminate()
        await process.wait()
    path = [await _without_socket() for _ in range(ROUNDS)]
    best = min(whole)
    return {
        "feed_us_per_print": best[0],
        "feed_prints_per_second": best[1],
        "feed_loop_lag_ms_p99": best[2],
        "bare_websocket_us_per_print": min(bare)[0],
        "path_without_socket_us_per_print": min(path)[0],
    }


async def _through_feed(url: str) -> tuple[float, float, float]:
    sink = CountingSink(PRINTS)
    config = FeedConfig(stream_urls=(url,), rest_urls=("http://127.0.0.1:9",))
    feed = Feed(config, sink, SystemClock(), Random(1))
    for symbol in SYMBOLS:
        feed.want(symbol, Anchor(0, "1", 0))
    lags: list[float] = []
    started = _Stopwatch()
    running = [asyncio.create_task(feed.run()), asyncio.create_task(_probe(lags))]
    async with asyncio.timeout(60):
        await sink.done.wait()
    result = started.per_print()
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    return (*result, sorted(lags)[int(len(lags) * 0.99)] * 1000)


async def _probe(lags: list[float]) -> None:
    """Note how late a timer of 5 ms comes while the feed works."""
    while True:
        before = time.perf_counter()
        await asyncio.sleep(0.005)
        lags.append(time.perf_counter() - before - 0.005)


async def _bare_socket(url: str) -> tuple[float, float]:
    async with connect(url + "/stream", compression=None, ping_interval=None) as socket:
        started = _Stopwatch()
        for _ in range(PRINTS):
            await socket.recv(decode=False)
        return started.per_print()


async def _without_socket() -> tuple[float, float]:
    sink = CountingSink(PRINTS)
    feed = Feed(FeedConfig(), sink, SystemClock(), Random(1))
    for symbol in SYMBOLS:
        feed.want(symbol, Anchor(0, "1", 0))
    on_frame: Callable[[bytes], None] = Connection(
        feed._lanes[0],
        _NoSession(),  # pyright: ignore[reportArgumentType]
        is_overlap=False,
    ).on_frame
    texts = [text.encode() for text in frames(PRINTS)]
    started = _Stopwatch()
    for text in texts:
        on_frame(text)
    assert sink.done.is_set()
    return started.per_print()


class _NoSession:
    """Stands where a socket would be: nothing is sent."""

    last_frame_at = 0.0

    async def send(self, message: str) -> None:
        raise AssertionError(message)


class _Stopwatch:
    def __init__(self) -> None:
        self._cpu, self._wall = time.process_time(), time.perf_counter()

    def per_print(self) -> tuple[float, float]:
        """Return microseconds of CPU per print, and prints per second."""
        cpu, wall = time.process_time() - self._cpu, time.perf_counter() - self._wall
        return cpu / PRINTS * 1e6, PRINTS / wall


async def _send_all(socket: ServerConnection) -> None:
    for number, text in enumerate(frames(PRINTS)):
        await socket.send(text)
        if number % FRAMES_PER_SEND == 0:
            await asyncio.sleep(0)
    await socket.wait_closed()


async def _serve() -> None:
    async with serve(_send_all, "127.0.0.1", 0, compression=None) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        print(f"ws://127.0.0.1:{port}", flush=True)
        await asyncio.get_running_loop().create_future()


if __name__ == "__main__":
    if sys.argv[1:] == ["send"]:
        asyncio.run(_serve())
    else:
        print(msgspec.json.encode(measure()).decode())
