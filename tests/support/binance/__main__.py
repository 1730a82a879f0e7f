"""Runs the stand-in as a process: `python -m tests.support.binance --tape FILE... --speed 50`.

A tape is a `.jsonl.gz` of aggregate trades, a candle `.json.gz` (named BASE_QUOTE...), or
`walk:SYMBOL:SEED:COUNT`. The first line on stdout is JSON with both URLs.
"""

import argparse
import asyncio
import contextlib
import gzip
import json
import signal
from datetime import UTC, datetime
from pathlib import Path

from tests.support.binance.chaos import Chaos
from tests.support.binance.stand_in import BinanceStandIn
from tests.support.binance.tapes import (
    CandleSpan,
    Print,
    Walk,
    from_candles,
    from_jsonl,
    random_walk,
    read_candles,
)


def read_tape(name: str, span: CandleSpan) -> dict[str, list[Print]]:
    """Return the tapes by symbol that `name` stands for."""
    if name.startswith("walk:"):
        _, symbol, seed, count = name.split(":")
        return {symbol: random_walk(Walk(seed=int(seed), count=int(count), tick=span.tick))}
    path = Path(name)
    if path.name.endswith(".jsonl.gz"):
        return from_jsonl(path)
    symbol = "".join(path.name.split("-")[0].split("_"))
    return {symbol: from_candles(read_candles(path), span)}


def _to_ms(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


async def serve(options: argparse.Namespace) -> None:
    """Serve until SIGTERM or SIGINT."""
    stand_in = BinanceStandIn(
        seed=options.seed, stream_port=options.port, rest_port=options.port and options.port + 1
    )
    if options.exchange_info:
        with gzip.open(options.exchange_info, "rt", encoding="utf-8") as file:
            text = file.read()
        stand_in.rest.info_extra = json.loads(text[text.index("{") :])["symbols"]
    async with stand_in:
        span = CandleSpan(_to_ms(options.since), _to_ms(options.until), tick=options.tick)
        for tapes in [read_tape(name, span) for name in options.tape]:
            # Each file begins now: files of different days would else wait for each other.
            stand_in.play(tapes, speed=options.speed, head_seconds=options.head)
        urls = {"stream": stand_in.stream_url, "rest": stand_in.rest_url}
        print(json.dumps(urls), flush=True)  # noqa: T201 - whoever started it reads this line
        stopped = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stopped.set)
        async with asyncio.TaskGroup() as group:
            chaos = None
            if options.chaos:
                chaos = group.create_task(Chaos(stand_in, options.chaos).run())
            await stopped.wait()
            if chaos is not None:
                chaos.cancel()


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(prog="python -m tests.support.binance", description=__doc__)
    parser.add_argument(
        "--tape", action="append", default=[], help="file, or walk:SYMBOL:SEED:COUNT"
    )
    parser.add_argument("--speed", type=float, default=1.0, help="tape seconds per second")
    parser.add_argument("--head", type=float, default=0.0, help="seconds of tape already past")
    parser.add_argument("--port", type=int, default=0, help="streams; REST is the next (0: any)")
    parser.add_argument("--since", default="2000-01-01", help="first candle, ISO time in UTC")
    parser.add_argument("--until", default="2100-01-01", help="end of the candles, ISO time in UTC")
    parser.add_argument("--tick", default="0.01", help="tick of generated prints")
    parser.add_argument("--seed", type=int, default=1, help="of faults by chance")
    parser.add_argument("--chaos", type=int, default=0, help="seed of random faults (0: none)")
    parser.add_argument("--exchange-info", help="a recorded answer (gzip) with more symbols")
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
