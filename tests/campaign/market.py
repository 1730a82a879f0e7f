"""A busy market as a process of its own: it goes on printing while engines die and rise.

The stand-in with random walks that never end; one symbol is pumped over twice its price and falls
again, so that shorts are liquidated; one speaks seldom, so that orders meet their deadline.
First line on stdout: JSON with both URLs. The control door also knows `pause` and `resume`.
"""

import argparse
import asyncio
import json
import math
import signal
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any

from tests.support.binance.stand_in import BinanceStandIn
from tests.support.builders import instrument

QUANTITY_MIN = "0.00001"


@dataclass(frozen=True)
class Walk:
    """One symbol's walk: mean seconds between prints, step as a ratio, how high it is pumped."""

    price: float
    tick: str
    every_seconds: float
    step: float
    pump: float = 1.0


WALKS = {
    "BTCUSDT": Walk(60_000, "0.01", 0.10, 0.0003),
    "ETHUSDT": Walk(3_000, "0.01", 0.10, 0.0004),
    "BTCBRL": Walk(324_000, "0.01", 0.4, 0.0004),
    "USDTBRL": Walk(5.4, "0.001", 0.2, 0.0003),
    "DOGEUSDT": Walk(0.1, "0.00001", 0.15, 0.004, pump=2.3),
    "SOLUSDT": Walk(150, "0.01", 2.5, 0.002),
}
PUMP_SECONDS = 25.0

LISTED = {
    symbol: instrument(symbol, tick=walk.tick, quantity_min=QUANTITY_MIN)
    for symbol, walk in WALKS.items()
}


class Market(BinanceStandIn):
    """The stand-in with walks of its own that can be paused."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed=seed)
        self._chance = Random(seed)
        self._going = asyncio.Event()
        self._going.set()
        for symbol, walk in WALKS.items():
            self.venue.add(symbol).tick_size = walk.tick
            self._step(symbol, 0.0)

    async def walk(self, symbol: str) -> None:
        """Print until canceled."""
        loop, since = asyncio.get_running_loop(), asyncio.get_running_loop().time()
        while True:
            await asyncio.sleep(self._chance.expovariate(1 / WALKS[symbol].every_seconds))
            await self._going.wait()
            self._step(symbol, loop.time() - since)

    def _step(self, symbol: str, seconds: float) -> None:
        """Step from where the walk's center is now; a quarter of the way back to it."""
        walk, tick = WALKS[symbol], Decimal(WALKS[symbol].tick)
        prints = self.venue.add(symbol).prints
        last = float(prints[-1].price) if prints else walk.price
        swing = (1 - math.cos(2 * math.pi * seconds / PUMP_SECONDS)) / 2
        center = walk.price * walk.pump**swing
        pulled = last + (center - last) * (0.25 if walk.pump > 1 else 0.0005)
        moved = Decimal(pulled * (1 + self._chance.gauss(0, walk.step)))
        self.print(symbol, f"{max(tick, moved // tick * tick):f}")

    def _do_pause(self, _given: dict[str, Any]) -> object:
        self._going.clear()
        return self._do_state({})

    def _do_resume(self, _given: dict[str, Any]) -> object:
        self._going.set()
        return {}


async def serve(seed: int) -> None:
    """Print until SIGTERM or SIGINT."""
    async with Market(seed) as market:
        print(json.dumps({"stream": market.stream_url, "rest": market.rest_url}), flush=True)
        stopped = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stopped.set)
        async with asyncio.TaskGroup() as group:
            walks = [group.create_task(market.walk(symbol)) for symbol in WALKS]
            await stopped.wait()
            for task in walks:
                task.cancel()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.campaign.market", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    asyncio.run(serve(parser.parse_args().seed))


if __name__ == "__main__":
    main()
