"""The stand-in is strict and steerable: as a process, with tapes, limits and a control door."""

import asyncio
import gzip
import itertools
import json
import sys
from pathlib import Path

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.market.conftest import until
from tests.support.binance.chaos import Chaos
from tests.support.binance.stand_in import BinanceStandIn
from tests.support.binance.tapes import (
    CandleSpan,
    Walk,
    from_candles,
    from_jsonl,
    random_walk,
    read_candles,
)


async def read_on(socket: ClientConnection) -> None:
    while True:
        await socket.recv()


async def test_it_runs_as_a_process_and_obeys_its_control_door(tmp_path: Path):
    recorded = tmp_path / "x.jsonl.gz"
    rows = [{"s": "BTCUSDT", "a": 70 + n, "p": "5.0", "q": "1", "T": n * 10, "m": True}
            for n in range(100)]  # fmt: skip
    recorded.write_bytes(gzip.compress("\n".join(json.dumps(row) for row in rows).encode()))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.support.binance", "--tape", str(recorded)),
        *("--tape", "walk:ETHUSDT:3:50", "--speed", "20", "--head", "0.01"),
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        urls = json.loads(await asyncio.wait_for(process.stdout.readline(), 20))
        async with httpx.AsyncClient(base_url=urls["rest"]) as client:
            state = {}
            for _ in range(100):
                state = (await client.get("/control/state")).json()
                if not state["is_playing"]:
                    break
                await asyncio.sleep(0.05)
            assert state["last_ids"] == {"BTCUSDT": 169, "ETHUSDT": 50}
            given = {"symbol": "BTCUSDT", "prices": ["6", "7"]}
            assert (await client.post("/control/print", json=given)).json() == {"ids": [170, 171]}
            tape = (await client.get("/control/tape?symbol=BTCUSDT&from=170")).json()
            assert [item["price"] for item in tape] == ["6", "7"]
            await client.post("/control/fault", json={"rest_status": 500})
            assert (await client.get("/api/v3/time")).status_code == 500
            for name in ("heal", "drop", "deafen", "close", "shutdown"):
                assert (await client.post(f"/control/{name}")).status_code == 200
            assert (await client.get("/api/v3/time")).status_code == 200
            given = {"offset_ms": -5000}
            moved = (await client.post("/control/clock", json=given)).json()["now_ms"]
            assert abs((await client.get("/api/v3/time")).json()["serverTime"] - moved) < 1000
    finally:
        process.terminate()
        await process.wait()
    assert process.returncode == 0


async def test_too_many_messages_or_streams_cost_the_connection(venue: BinanceStandIn):
    async with connect(venue.stream_url + "/stream") as socket:
        for number in range(8):
            await socket.send(json.dumps({"method": "LIST_SUBSCRIPTIONS", "id": number}))
        with pytest.raises(ConnectionClosed) as closed:
            await read_on(socket)
        assert closed.value.rcvd.code == 1008
    async with connect(venue.stream_url + "/ws/btcusdt@aggTrade") as socket:
        streams = [f"s{number}@aggTrade" for number in range(1025)]
        await socket.send(json.dumps({"method": "SUBSCRIBE", "params": streams, "id": 1}))
        with pytest.raises(ConnectionClosed):
            await read_on(socket)
    assert venue.broken_rules.keys() == {"too_many_messages", "too_many_streams"}


async def test_a_raw_stream_is_not_wrapped(venue: BinanceStandIn):
    async with connect(venue.stream_url + "/ws/btcusdt@aggTrade") as socket:
        await until(lambda: bool(venue.streams.clients))
        venue.print("BTCUSDT", "9.5")
        event = json.loads(await asyncio.wait_for(socket.recv(), 2))
        assert (event["e"], event["a"], event["p"]) == ("aggTrade", 4, "9.5")
        venue.streams.announce_shutdown(50, now_ms=1)
        assert json.loads(await asyncio.wait_for(socket.recv(), 2))["e"] == "serverShutdown"


async def test_calling_on_during_a_ban_is_counted(venue: BinanceStandIn):
    venue.faults.rest_status, venue.faults.rest_retry_after = 429, 1
    async with httpx.AsyncClient(base_url=venue.rest_url) as client:
        answer = await client.get("/api/v3/ping")
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")
        await asyncio.sleep(0.2)
        assert (await client.get("/api/v3/ping")).status_code == 429
        assert venue.broken_rules == {"rest_in_ban": 1}
        await asyncio.sleep(1)
        assert (await client.get("/api/v3/ping")).status_code == 200
        price = await client.get("/api/v3/ticker/price", params={"symbol": "BTCUSDT"})
        assert price.json() == {"symbol": "BTCUSDT", "price": "60000.00"}
        query = {"symbol": "BTCUSDT", "fromId": 1, "startTime": 1}
        assert (await client.get("/api/v3/aggTrades", params=query)).json()["code"] == -1128


def test_a_walk_is_contiguous_seeded_and_positive():
    tape = random_walk(Walk(seed=4, count=500, price="0.05", first_id=9))
    assert [item.id for item in tape] == list(range(9, 509))
    assert all(a.time_ms <= b.time_ms for a, b in itertools.pairwise(tape))
    assert min(float(item.price) for item in tape) > 0
    assert tape == random_walk(Walk(seed=4, count=500, price="0.05", first_id=9))


def test_candles_become_prints_that_make_the_same_candles(tmp_path: Path):
    rows = [[60_000, 5.0, 9.0, 4.0, 6.0, 10.0], [120_000, 6.0, 6.0, 6.0, 6.0, 0.0],
            [180_000, 6.0, 7.0, 6.0, 6.5, 1.0], [240_000, 1.0, 1.0, 1.0, 1.0, 1.0]]  # fmt: skip
    path = tmp_path / "A_B-1m.json.gz"
    path.write_bytes(gzip.compress(json.dumps(rows).encode()))
    tape = from_candles(read_candles(path), CandleSpan(end_ms=240_000, prints=9))
    assert [item.id for item in tape] == list(range(1, len(tape) + 1))
    first = [float(item.price) for item in tape if item.time_ms < 120_000]
    assert (first[0], max(first), min(first), first[-1]) == (5.0, 9.0, 4.0, 6.0)
    assert not [item for item in tape if 120_000 <= item.time_ms < 180_000]
    assert tape[-1].price == "6.50"


def test_recorded_lines_are_read_by_symbol(tmp_path: Path):
    path = tmp_path / "t.jsonl.gz"
    line = {"s": "BTCUSDT", "a": 7, "p": "61837.63000000", "q": "0.02", "T": 5, "m": True}
    path.write_bytes(gzip.compress(json.dumps(line).encode()))
    assert from_jsonl(path)["BTCUSDT"][0].price == "61837.63000000"


async def test_chaos_breaks_things_and_heals_at_the_end(venue: BinanceStandIn):
    chaos = Chaos(venue, seed=11, interval_seconds=0.05)
    running = asyncio.create_task(chaos.run())
    await asyncio.sleep(1.0)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert len(set(chaos.history)) > 4
    assert venue.faults.rest_lag_ms == venue.faults.skip_rate == 0
    assert not venue.faults.is_stalled
