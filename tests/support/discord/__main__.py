"""Runs the stand-in as a process: `python -m tests.support.discord --port 8090`.

The first line on stdout is JSON with what the program needs in its environment.
"""

import argparse
import asyncio
import contextlib
import json
import signal

from tests.support.discord.stand_in import TOKEN, DiscordStandIn


async def serve(options: argparse.Namespace) -> None:
    """Serve until SIGTERM or SIGINT."""
    async with DiscordStandIn(token=options.token, port=options.port) as server:
        if not options.unlimited:
            server.limits.be_real()
        server.user(7, "Ana")
        server.user(8, "Bia", "pt-BR")
        server.guild(500, "Desk", "general", "trades")
        told = {
            "DISCORD_API_URL": server.api_url,
            "DISCORD_GATEWAY_URL": server.gateway_url,
            "DISCORD_TOKEN": server.token,
            "control": f"{server.world.base_url}/control/help",
        }
        print(json.dumps(told), flush=True)  # noqa: T201 - whoever started it reads this line
        stopped = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stopped.set)
        await stopped.wait()


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(prog="python -m tests.support.discord", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="REST and gateway (0: any)")
    parser.add_argument("--token", default=TOKEN, help="the only token that is accepted")
    parser.add_argument("--unlimited", action="store_true", help="no rate limits")
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
