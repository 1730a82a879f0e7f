"""Random faults by seed: what goes wrong next, for how long, and a heal at the end."""

import asyncio
from random import Random

from tests.support.binance.stand_in import BinanceStandIn

RATES = ("skip_rate", "duplicate_rate", "swap_rate", "late_rate", "garbage_rate")


class Chaos:
    """Switches one fault at a time on and off. `interval_seconds`: mean pause between faults."""

    def __init__(self, stand_in: BinanceStandIn, seed: int, interval_seconds: float = 2.0) -> None:
        self._stand_in = stand_in
        self._rng = Random(seed)
        self._interval = interval_seconds
        self.history: list[str] = []

    async def run(self) -> None:
        """Go on until cancelled, then heal."""
        kinds = ["drop", "stall", "rate", "rate", "rate", "rest_429", "rest_lag", "rest_500"]
        kinds += ["rest_short", "close", "mute", "shutdown", "refuse"]
        try:
            while True:
                await asyncio.sleep(self._rng.uniform(0.2, 1.8) * self._interval)
                kind = self._rng.choice(kinds)
                self.history.append(kind)
                await getattr(self, f"_{kind}")()
        finally:
            self._stand_in.faults.heal()

    async def _pause(self) -> None:
        await asyncio.sleep(self._rng.uniform(0.2, 1.0) * self._interval / 2)

    async def _drop(self) -> None:
        self._stand_in.streams.drop()

    async def _stall(self) -> None:
        await self._switch("is_stalled", True, False)

    async def _rate(self) -> None:
        await self._switch(self._rng.choice(RATES), self._rng.uniform(0.02, 0.3), 0.0)

    async def _rest_429(self) -> None:
        self._stand_in.faults.rest_retry_after = 1
        self._stand_in.faults.rest_status = 429

    async def _rest_lag(self) -> None:
        await self._switch("rest_lag_ms", self._rng.randint(200, 2000), 0)

    async def _rest_500(self) -> None:
        await self._switch("rest_status", 500, 0)

    async def _rest_short(self) -> None:
        await self._switch("rest_short_rows", self._rng.randint(1, 20), 0)

    async def _close(self) -> None:
        self._stand_in.streams.close(self._rng.choice([1000, 1001, 1008, 1011, 1012]))

    async def _mute(self) -> None:
        symbol = self._rng.choice(sorted(self._stand_in.venue.markets))
        await self._switch("muted", {symbol}, set())

    async def _shutdown(self) -> None:
        now_ms = self._stand_in.venue.now_ms()
        self._stand_in.streams.announce_shutdown(self._rng.randint(100, 1500), now_ms=now_ms)

    async def _refuse(self) -> None:
        self._stand_in.faults.refuse_retry_after = 1
        self._stand_in.streams.drop()
        await self._switch("refuse_status", self._rng.choice([503, 429, 403]), 0)

    async def _switch(self, name: str, on: object, off: object) -> None:
        setattr(self._stand_in.faults, name, on)
        try:
            await self._pause()
        finally:
            setattr(self._stand_in.faults, name, off)
