"""Binance over loopback sockets: streams, REST, tapes, limits, faults, and a door to control it.

In a test: `async with BinanceStandIn() as venue:` ... `venue.print("BTCUSDT", "100.5")`.
As a process: `python -m tests.support.binance`; then POST to `/control/...` of its REST port.
"""

import asyncio
import json
from collections import Counter
from dataclasses import asdict, fields
from random import Random
from typing import Any, Self

from tests.support.binance.faults import Faults
from tests.support.binance.player import Player
from tests.support.binance.rest_server import Request, RestServer
from tests.support.binance.stream_server import StreamServer
from tests.support.binance.tapes import Print
from tests.support.binance.venue import Venue


class BinanceStandIn:
    """One venue on two loopback ports. `counts` holds what was asked and which rules were broken.

    Broken rules: `rest_in_ban`, `over_weight`, `too_many_messages`, `too_many_streams`.
    """

    def __init__(self, *, seed: int = 1, stream_port: int = 0, rest_port: int = 0) -> None:
        self._ports = (stream_port, rest_port)
        self._players: set[asyncio.Task[None]] = set()
        self.faults = Faults()
        self.counts: Counter[str] = Counter()
        self.venue = Venue(self.faults)
        self.streams = StreamServer(self.faults, Random(seed), self.counts)
        self.rest = RestServer(self.venue, self.counts, self._control)
        self.venue.listen = self._on_print
        self.stream_url = self.rest_url = ""

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Open both ports."""
        stream_port = await self.streams.start(self._ports[0])
        rest_port = await self.rest.start(self._ports[1])
        self.stream_url = f"ws://127.0.0.1:{stream_port}"
        self.rest_url = f"http://127.0.0.1:{rest_port}"

    async def stop(self) -> None:
        """Stop playing and close both ports."""
        for task in self._players:
            task.cancel()
        await asyncio.gather(*self._players, return_exceptions=True)
        await self.streams.stop()
        await self.rest.stop()

    @property
    def broken_rules(self) -> dict[str, int]:
        """Return how often a client broke which of the venue's rules."""
        names = ("rest_in_ban", "over_weight", "too_many_messages", "too_many_streams")
        return {name: self.counts[name] for name in names if self.counts[name]}

    def print(self, symbol: str, price: object, time_ms: int | None = None) -> Print:
        """Make one print now."""
        return self.venue.print(symbol, str(price), time_ms)

    def play(
        self, tapes: dict[str, list[Print]], *, speed: float, head_seconds: float = 0
    ) -> Player:
        """Play tapes from now on; their times are moved to the venue's clock and compressed.

        The tapes as served (ids and prices unchanged, times moved) are in `venue.markets`.
        """
        player = Player(self.venue, speed=speed)
        origin_ms = min(tape[0].time_ms for tape in tapes.values() if tape)
        for symbol, tape in tapes.items():
            player.add(symbol, tape, origin_ms=origin_ms, head_seconds=head_seconds)
        task = asyncio.get_running_loop().create_task(player.run())
        self._players.add(task)
        task.add_done_callback(self._players.discard)
        return player

    def _on_print(self, symbol: str, made: Print) -> None:
        self.streams.on_print(symbol, made, self.venue.now_ms())

    async def _control(self, request: Request) -> object:
        """Answer the control door: what is behind it are the `_do_` methods below."""
        name = request.path.removeprefix("/control/")
        given: dict[str, Any] = json.loads(request.body) if request.body else {}
        given |= request.query
        return getattr(self, f"_do_{name}")(given)

    def _do_print(self, given: dict[str, Any]) -> object:
        """`symbol`, and `price` or a list `prices`; answers the ids."""
        prices = given.get("prices") or [given["price"]]
        return {"ids": [self.print(given["symbol"], price).id for price in prices]}

    def _do_fault(self, given: dict[str, Any]) -> object:
        """Set fields of `Faults` by name."""
        for item in fields(Faults):
            if item.name in given:
                value = given[item.name]
                setattr(self.faults, item.name, set(value) if isinstance(value, list) else value)
        return self._do_state({})

    def _do_heal(self, given: dict[str, Any]) -> object:
        self.faults.heal()
        return {}

    def _do_drop(self, given: dict[str, Any]) -> object:
        self.streams.drop()
        return {}

    def _do_deafen(self, given: dict[str, Any]) -> object:
        self.streams.deafen()
        return {}

    def _do_close(self, given: dict[str, Any]) -> object:
        self.streams.close(int(given.get("code", 1008)))
        return {}

    def _do_shutdown(self, given: dict[str, Any]) -> object:
        after_ms = int(given.get("after_ms", 1000))
        self.streams.announce_shutdown(after_ms, now_ms=self.venue.now_ms())
        return {}

    def _do_clock(self, given: dict[str, Any]) -> object:
        self.venue.offset_ms = int(given["offset_ms"])
        return {"now_ms": self.venue.now_ms()}

    def _do_state(self, given: dict[str, Any]) -> object:
        return {
            "now_ms": self.venue.now_ms(),
            "counts": self.counts,
            "broken_rules": self.broken_rules,
            "last_ids": {name: market.next_id - 1 for name, market in self.venue.markets.items()},
            "clients": len(self.streams.clients),
            "subscriptions": sorted(self.streams.subscriptions()),
            "is_playing": bool(self._players),
        }

    def _do_tape(self, given: dict[str, Any]) -> object:
        """Return the prints of `symbol` with `from` <= id <= `to`: the oracle's input."""
        prints = self.venue.markets[given["symbol"]].prints
        low, high = int(given.get("from", 0)), int(given.get("to", 1 << 62))
        return [asdict(item) for item in prints if low <= item.id <= high]
