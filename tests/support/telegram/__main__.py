"""Runs the stand-in as a process: `python -m tests.support.telegram --port 8081`.

The first line on stdout is JSON with the address and the token, for TELEGRAM_API_URL and
TELEGRAM_TOKEN of the unmodified program. Then POST to `/control/says` with `{"text": "/start"}`.
"""

import argparse
import asyncio
import contextlib
import json
import signal
from pathlib import Path

from tests.support.specs.telegram import TelegramSpec
from tests.support.telegram.stand_in import TOKEN, TelegramStandIn


async def serve(options: argparse.Namespace) -> None:
    """Serve until SIGTERM or SIGINT."""
    spec = TelegramSpec(Path(options.spec)) if options.spec else None
    server = TelegramStandIn(spec=spec, port=options.port, token=options.token)
    server.flood.is_on = options.flood
    server.world.knows_rich = not options.plain
    async with server:
        server.user(1, "Ana", "en")
        told = {"url": server.url, "token": server.token}
        print(json.dumps(told), flush=True)  # noqa: T201 - whoever started it reads this line
        stopped = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stopped.set)
        await stopped.wait()


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(prog="python -m tests.support.telegram", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: any")
    parser.add_argument("--token", default=TOKEN, help="the bot's token")
    parser.add_argument("--flood", action="store_true", help="limits like the real ones")
    parser.add_argument("--plain", action="store_true", help="a server without rich messages")
    parser.add_argument("--spec", help="a telegram-bot-api.json to check every call against")
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
