"""The program as it is started: exit codes, sentences, scripts, signals."""

import asyncio
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.support.binance.stand_in import BinanceStandIn

ROOT = Path(__file__).parents[2]


@pytest.fixture
async def venue():
    async with BinanceStandIn() as stand_in:
        for symbol, price in (("BTCUSDT", "60000"), ("BTCBRL", "330000")):
            stand_in.print(symbol, price)
        yield stand_in


class Run:
    """One started program."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    async def end(self, text: str = "", seconds: float = 60) -> tuple[int | None, str, str]:
        async with asyncio.timeout(seconds):
            is_fed = self.process.stdin is not None
            out, err = await self.process.communicate(text.encode() if is_fed else None)
        return self.process.returncode, out.decode(), err.decode()


async def start(*arguments: str, stdin: int = asyncio.subprocess.PIPE, **environ: str) -> Run:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    traced = {name: value for name, value in os.environ.items() if name.startswith("COVERAGE")}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *arguments,
        cwd=ROOT,
        env=kept | traced | {"LANG": "C.UTF-8"} | environ,
        stdin=stdin,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    return Run(process)


def hosts(venue) -> dict[str, Any]:
    return {"BINANCE_STREAM_URL": venue.stream_url, "BINANCE_REST_URL": venue.rest_url}


async def test_a_piped_script_is_played_and_ends_with_0(venue, dsn):
    async def prints():
        while True:
            venue.print("BTCUSDT", "60000")
            await asyncio.sleep(0.05)

    printing = asyncio.create_task(prints())
    run = await start("chat", "--as", "ana", DATABASE_URL=dsn, **hosts(venue))
    code, out, err = await run.end("/buy btc 500 sl2% tp4%\n/trades\n/close all\nyes\n/balance\n")
    printing.cancel()
    assert (code, err) == (0, "")
    assert "> /buy btc 500 sl2% tp4%\n✅ BTC long #1 · 499.80 USDT" in out
    assert "⚪ BTC closed" in out
    assert "Balance 9,999.00" in out


async def test_where_binance_cannot_be_reached_no_price_is_promised(dsn):
    nowhere: dict[str, Any] = {
        "BINANCE_STREAM_URL": "ws://127.0.0.1:9",
        "BINANCE_REST_URL": "http://127.0.0.1:9",
    }
    run = await start("chat", "--as", "ana", DATABASE_URL=dsn, **nowhere)
    code, out, _ = await run.end("/buy btc 500 sl2%\n/alert btc +5%\n/trades\n")
    assert code == 0
    assert out.count("⛔ No price of BTC now\nCan't reach Binance; still trying.") == 2
    assert "No open trades" in out


async def test_portuguese_comes_from_the_environment_and_brings_reais(venue, dsn):
    run = await start(DATABASE_URL=dsn, LANG="pt_BR.UTF-8", **hosts(venue))
    code, out, _ = await run.end("/saldo\n")
    assert code == 0
    assert "R$ 50.000,00" in out


async def test_a_bad_setting_is_one_sentence_and_exit_code_2():
    run = await start("chat", STARTING_BALANCE="lots")
    code, out, err = await run.end()
    assert (code, out) == (2, "")
    assert err.startswith("STARTING_BALANCE is 'lots'")
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "environ", "expected"),
    [
        (["chat"], {"DATABASE_URL": "mysql://x"}, "DATABASE_URL is not a Postgres address"),
        (["chat"], {"VIGILANTE_HOME": "/etc/passwd"}, "/etc/passwd: File exists"),
        (["chat", "--as", "x" * 65], {}, "1 to 64 printable characters"),
        (["chat", "--as", "a\x01b"], {}, "1 to 64 printable characters"),
        (["chat", "--as", "\udcff"], {}, "1 to 64 printable characters"),
        (["demo", "--speed", "0"], {}, "a speed is from 1 to"),
        (["demo", "--speed", "nan"], {}, "a speed is from 1 to"),
    ],
)
async def test_what_cannot_be_used_is_said_in_words_and_exit_code_2(arguments, environ, expected):
    given: dict[str, Any] = environ
    run = await start(*arguments, **given)
    code, out, err = await run.end()
    assert (code, out) == (2, "")
    assert expected in err
    assert "Traceback" not in err


async def test_without_a_listener_the_vigil_is_kept_until_the_process_is_asked_to_end(venue, dsn):
    run = await start(stdin=asyncio.subprocess.DEVNULL, DATABASE_URL=dsn, **hosts(venue))
    assert run.process.stderr is not None
    async with asyncio.timeout(20):
        line = await run.process.stderr.readline()
    assert b"Keeping the vigil on PostgreSQL" in line
    asked = time.monotonic()
    run.process.send_signal(signal.SIGTERM)
    code, _, _ = await run.end()
    assert code == 0
    assert time.monotonic() - asked < 5


async def test_a_dyno_keeps_the_vigil_whatever_stands_at_its_standard_input(venue, dsn):
    run = await start(DYNO="worker.1", DATABASE_URL=dsn, **hosts(venue))
    assert run.process.stdin is not None
    assert run.process.stderr is not None
    run.process.stdin.close()
    async with asyncio.timeout(20):
        assert b"Keeping the vigil" in await run.process.stderr.readline()
    run.process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(10):
        assert await run.process.wait() == 0


async def test_all_data_goes_into_a_file_and_back_into_an_empty_database(
    venue, dsn, pg, template, tmp_path
):
    run = await start("chat", "--as", "ana", DATABASE_URL=dsn, **hosts(venue))
    await run.end("/balance\n")
    file = str(tmp_path / "all.zip")
    code, out, _ = await (await start("backup", file, DATABASE_URL=dsn)).end()
    assert (code, out) == (0, f"Saved to {file}.\n")
    code, _, err = await (await start("backup", file, DATABASE_URL=dsn)).end()
    assert code == 1
    assert "exists already" in err
    empty = await pg.create("restored", template)
    try:
        code, out, _ = await (await start("restore", file, DATABASE_URL=empty)).end()
        assert (code, out) == (0, f"Restored from {file}.\n")
        run = await start("chat", "--as", "ana", DATABASE_URL=empty, **hosts(venue))
        assert "Welcome back, ana" in (await run.end("/balance\n"))[1]
    finally:
        await pg.drop("restored")


async def test_migrate_says_when_there_is_nothing_to_do(dsn):
    code, out, _ = await (await start("migrate", DATABASE_URL=dsn)).end()
    assert (code, out) == (0, "The database is up to date.\n")


async def test_the_doctor_finds_a_healthy_desk_healthy(venue, dsn):
    run = await start("doctor", DATABASE_URL=dsn, **hosts(venue))
    code, out, _ = await run.end()
    assert code == 0, out
    assert "✓ database  PostgreSQL" in out
    assert "✓ schema    up to date" in out
    assert "✓ stream    BTCUSDT 60000" in out
    assert "✕" not in out


async def test_the_doctor_names_what_does_not_answer(pg):
    await pg.run("CREATE DATABASE unmigrated")
    nowhere: dict[str, Any] = {
        "BINANCE_STREAM_URL": "ws://127.0.0.1:9",
        "BINANCE_REST_URL": "http://127.0.0.1:9",
    }
    try:
        run = await start("doctor", DATABASE_URL=pg.dsn("unmigrated"), **nowhere)
        code, out, _ = await run.end()
    finally:
        await pg.drop("unmigrated")
    assert code == 1
    assert "✕ schema    7 to apply: python -m bot migrate" in out
    assert "✕ prices    http://127.0.0.1:9 does not answer" in out


async def test_a_dead_database_is_waited_for_and_then_named(monkeypatch):
    from bot import app

    said: list[str] = []
    monkeypatch.setattr(app, "DATABASE_SECONDS", 0.3)
    monkeypatch.setattr(app, "DATABASE_RETRY_SECONDS", 0.1)
    assert not await app.migrated("postgresql://nobody@127.0.0.1:9/nothing", said.append)
    assert [sentence.partition(":")[0].partition(" (")[0] for sentence in said] == [
        "The database does not answer",
        "The database does not answer",
    ]
    assert said[-1].endswith("giving up after a minute.")


async def test_the_demo_plays_an_invented_day_and_says_so(tmp_path):
    tmp_path.parent.chmod(0o755)
    home = Path("/tmp") / f"vigilante-demo-{os.getpid()}"
    run = await start("demo", "--speed", "12000", VIGILANTE_HOME=str(home))
    code, out, err = await run.end()
    assert (code, err) == (0, "")
    assert out.startswith("DEMO · an invented market day")
    assert "✅ BTC long #1" in out
    assert "Closed trades" in out
    assert out.rstrip().endswith("For real prices: make run")
    assert not (home / "demo").exists()
    home.rmdir()
