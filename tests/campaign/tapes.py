"""Tapes through the stand-in at many times their speed, with random trades and random feed faults.

One engine, real sockets, real Postgres; every closure must be the offline reference's. The places
at which entries were accepted are the engine's; everything after them is judged.
"""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from random import Random

from engine.core.commands import Refusal
from engine.core.events import PriceTick
from engine.core.instrument import Direction
from engine.core.orders import Level, Size
from engine.desk import EntryWish, Owner
from tests.campaign.oracle import Judge, Verdict
from tests.campaign.records import read_records
from tests.campaign.scene import own_database
from tests.support.binance.chaos import Chaos
from tests.support.binance.player import Player
from tests.support.binance.stand_in import BinanceStandIn
from tests.support.binance.tapes import Print, Walk, from_jsonl, random_walk
from tests.support.builders import FEE, instrument
from tests.support.house import House, holder, open_house, quick_feed

SPEED = 50.0
ROUNDS = 3
CHAOS_SECONDS = 0.5
TRADES = 500
USERS = 5
CATCH_UP_SECONDS = 90.0
LISTED_GRAIN = {"tick": "0.01", "step": "0.00001", "quantity_min": "0.00001"}
Tapes = dict[str, list[Print]]


@dataclass
class Played:
    """What one play of tapes came to."""

    verdict: Verdict = field(default_factory=Verdict)
    owners: list[Owner] = field(default_factory=list)
    trades: int = 0
    closures: int = 0
    refusals: int = 0
    faults: list[str] = field(default_factory=list)
    broken_rules: dict[str, int] = field(default_factory=dict)

    @property
    def is_clean(self) -> bool:
        """Whether all closures are the reference's and no rule of the venue was broken."""
        return self.verdict.is_clean and not self.broken_rules

    def say(self) -> str:
        """Return the figures."""
        rules = f", broken rules of the venue: {self.broken_rules}" if self.broken_rules else ""
        return (
            f"{self.trades} trades, {self.closures} closures, {len(self.faults)} faults"
            f" ({', '.join(sorted(set(self.faults)))}),"
            f" {self.refusals} entries refused meanwhile{rules}\n{self.verdict.say()}"
        )


@dataclass(frozen=True)
class Play:
    """What is to be played. `chaos_seconds`: mean pause between faults, 0 for none."""

    tapes: Tapes
    seed: int
    trades: int = TRADES
    speed: float = SPEED
    chaos_seconds: float = 0.0


async def tapes(folder: Path | None, seed: int, trades: int) -> bool:
    """Play the recorded tapes of a folder and generated ones, without faults and with them.

    Each on a database of its own: a tape's ids begin again.
    """
    chosen = {"generated": generated(seed)}
    if folder is not None:
        recorded = {}
        for path in sorted(folder.glob("*usdt-*.jsonl.gz")):
            recorded |= from_jsonl(path)
        assert recorded, f"no recorded tapes in {folder}"
        chosen = {"recorded": recorded, **chosen}
    is_clean = True
    for name, one in chosen.items():
        for chance in range(1 + ROUNDS):
            chaos_seconds = CHAOS_SECONDS if chance else 0.0
            async with own_database() as (dsn, _):
                played = await play(dsn, Play(one, seed + chance, trades, SPEED, chaos_seconds))
            faults = "random faults" if chance else "no faults"
            print(f"-- {name} tapes ({', '.join(one)}) at x{SPEED:.0f}, {faults}")
            print(played.say(), flush=True)
            is_clean = is_clean and played.is_clean
    return is_clean


def generated(seed: int, count: int = 12_000) -> Tapes:
    """Return walks that cross many levels."""
    walks = {
        "BTCUSDT": Walk(seed, count, "60000.00", "0.01", 1_500),
        "ETHUSDT": Walk(seed + 1, count, "3000.00", "0.01", 90),
    }
    return {symbol: random_walk(walk) for symbol, walk in walks.items()}


async def play(dsn: str, wanted: Play) -> Played:
    """Play tapes with trades and faults on them, until the engine has seen their end; judge."""
    played, rng = Played(), Random(wanted.seed)
    played.owners = [await holder(dsn, "USDT", "10000000") for _ in range(USERS)]
    async with BinanceStandIn(seed=wanted.seed) as venue:
        for symbol, tape in wanted.tapes.items():
            venue.venue.add(symbol, first_id=tape[0].id)
            venue.venue.put(symbol, tape[0])
        async with open_house(dsn, quick_feed(venue), 30) as house:
            rest = {symbol: tape[1:] for symbol, tape in wanted.tapes.items()}
            player = venue.play(rest, speed=wanted.speed)
            async with _faults(venue, wanted, played):
                await _trade(house, player, wanted, rng, played)
                await player.is_over.wait()
            await _catch_up(house, venue, wanted.tapes)
        played.broken_rules = venue.broken_rules
        served = {
            symbol: [PriceTick(symbol, row.id, row.price, row.time_ms) for row in market.prints]
            for symbol, market in venue.venue.markets.items()
        }
    records = await read_records(dsn)
    listed = {symbol: instrument(symbol, **LISTED_GRAIN) for symbol in served}
    played.verdict = Judge(records, served, listed).judge()
    played.closures = sum(fill["kind"] == "exit" for fill in records.fills)
    return played


@asynccontextmanager
async def _faults(venue: BinanceStandIn, wanted: Play, played: Played):
    if not wanted.chaos_seconds:
        yield
        return
    chaos = Chaos(venue, wanted.seed, wanted.chaos_seconds)
    running = asyncio.create_task(chaos.run())
    try:
        yield
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        played.faults = chaos.history


async def _trade(house: House, player: Player, wanted: Play, rng: Random, played: Played) -> None:
    """Open random trades all over the tape; one that the feed's state refuses is asked again."""
    span_ms = max(tape[-1].time_ms - tape[0].time_ms for tape in wanted.tapes.values())
    pause_seconds = span_ms / 1000 / wanted.speed / wanted.trades * 0.5
    loop = asyncio.get_running_loop()
    due = loop.time()
    while played.trades < wanted.trades and not player.is_over.is_set():
        due += rng.expovariate(1 / pause_seconds)
        await asyncio.sleep(max(0.0, due - loop.time()))
        symbol = rng.choice(list(wanted.tapes))
        wish = EntryWish(
            rng.choice(played.owners),
            symbol,
            rng.choice((Direction.LONG, Direction.SHORT)),
            Size(Decimal(rng.randrange(20, 900))),
            FEE,
            stop=_away(rng),
            target=_away(rng),
        )
        answer = await house.desk.open(wish, f"{wanted.seed}-{rng.getrandbits(64)}")
        if isinstance(answer, Refusal):
            played.refusals += 1
        else:
            played.trades += 1


def _away(rng: Random) -> Level:
    """Return a level 0.01 to 0.4 % away."""
    return Level(ratio=Decimal(rng.randrange(100, 4_000)) / 10**6)


async def _catch_up(house: House, venue: BinanceStandIn, tapes: Tapes) -> None:
    """Wait until everything printed is decided and stored, and no order waits any more."""
    async with asyncio.timeout(CATCH_UP_SECONDS):
        while not _is_through(house, venue, tapes):  # noqa: ASYNC110 - many causes, one look
            await asyncio.sleep(0.05)


def _is_through(house: House, venue: BinanceStandIn, tapes: Tapes) -> bool:
    term = house.engine.armed
    if term is None:
        return False
    vigil = term.monitor.vigil
    for symbol in tapes:
        last = vigil.last(symbol)
        is_behind = last is None or last.id < venue.venue.markets[symbol].next_id - 1
        if vigil.needs(symbol) and is_behind:
            return False
    return vigil.counts().orders == 0
