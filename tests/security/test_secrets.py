"""Canaries: tokens and passwords that must be found nowhere, whatever goes wrong."""

import asyncio
import sys
from asyncio.subprocess import PIPE, STDOUT
from urllib.parse import quote

import asyncpg
import pytest

from bot.chats import _hosts
from bot.delivery.courier import Handle
from bot.settings import Settings, SettingsError
from bot.surfaces.discord import DiscordSettings
from bot.surfaces.telegram import TelegramSettings
from tests.support.discord.stand_in import DiscordStandIn
from tests.support.platforms import ROOT, Town, open_town, program, serving
from tests.support.shell import until
from tests.support.telegram.stand_in import TelegramStandIn

TELEGRAM = "7000001:AAEcanaryTelegram_q7XbNcrGbqCr4Kz9wPd"
DISCORD = "MTEwMDAwMDAwMDAwMDAwMDAwMQ.Gcanry.canaryDiscord-9f8e7d6c5b4a39281706-xyz"
PASSWORD = "c4nary/P@ss:w#rd-Z9"
HEROKU = f"postgres://u7heroku:{quote(PASSWORD, safe='')}@127.0.0.1:1/d9heroku"
PIECE = 9
ROWS = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"


def pieces(secret: str) -> set[str]:
    """Return every run of nine characters of a secret."""
    return {secret[at : at + PIECE] for at in range(len(secret) - PIECE + 1)}


# The beginnings of both tokens are the bots' ids, which everybody may know.
CANARIES = frozenset[str]().union(
    pieces(TELEGRAM.partition(":")[2]),
    pieces(DISCORD.partition(".")[2]),
    pieces(PASSWORD),
    pieces(quote(PASSWORD, safe="")),
    {"canary", "c4nary"},
)


def leaks(text: str) -> list[str]:
    """Return the lines of a text in which a piece of a secret is."""
    return [line for line in text.splitlines() if any(one in line for one in CANARIES)]


def with_password(dsn: str) -> str:
    """Return the address with a password that its server does not ask for."""
    return dsn.replace("postgres@", f"postgres:{quote(PASSWORD, safe='')}@", 1)


@pytest.fixture
async def town(dsn, tmp_path):
    servers = {
        "telegram": TelegramStandIn(token=TELEGRAM),
        "discord": DiscordStandIn(token=DISCORD),
    }
    async with open_town(with_password(dsn), tmp_path, **servers) as found:
        yield found


async def stored(dsn: str) -> str:
    """Return every row of every table as text."""
    connection = await asyncpg.connect(dsn, timeout=10)
    try:
        names = [row["tablename"] for row in await connection.fetch(ROWS)]
        rows = [await connection.fetch(f'SELECT t::text FROM "{name}" t') for name in names]
    finally:
        await connection.close(timeout=5)
    return "\n".join(row["t"] for table in rows for row in table)


async def break_everything(town: Town, dsn: str) -> list[str]:
    """Let every server fail in every way in turn; return the interactions' tokens."""
    ana, bob = town.telegram.user(7, "Ana"), town.discord.user(8, "Bob")
    for kind in ("sendMessage", "getUpdates", "answerCallbackQuery", "setMyCommands"):
        town.telegram.faults.garbage(kind)
        town.telegram.faults.fail(kind, 500)
        town.telegram.faults.drop(kind)
        town.telegram.faults.fail(kind, 401 if kind == "sendMessage" else 409)
    for status in (500, 401, 403, 429):
        town.discord.faults.on("callback|webhooks|messages", status=status, retry_after=0.1)
    town.discord.faults.on("callback|webhooks", drop="before")
    town.discord.faults.on("callback|webhooks", html="<html>bad gateway</html>")
    turns = []
    for _ in range(3):
        await ana.says("/start")
        await ana.says("/price btc")
        turns.append(await bob.runs("start"))
        turns.append(await bob.runs("help"))
        await asyncio.sleep(0.2)
    town.discord.gateway.send_raw("{no json")
    town.discord.gateway.send_raw({"op": 0, "t": "INTERACTION_CREATE", "s": 9_000, "d": {"id": []}})
    town.discord.gateway.drop()
    bot = town.telegram.bot
    bot.updates.push("message", {"message_id": "x", "text": ["/start"], "chat": 7})
    await cut_database(dsn)
    await ana.says("/balance")
    await asyncio.sleep(1.0)
    town.telegram.faults.heal()
    town.discord.faults.heal()
    return [turn.interaction.token for turn in turns]


async def cut_database(dsn: str) -> None:
    """End every connection that the program has."""
    connection = await asyncpg.connect(dsn, timeout=10)
    try:
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    finally:
        await connection.close(timeout=5)


@pytest.mark.timeout(180)
@pytest.mark.parametrize("form", ["text", "json"])
async def test_no_failure_brings_a_secret_to_light(town, dsn, form):
    async with program(town, LOG_LEVEL="DEBUG", LOG_FORMAT=form) as process:
        tokens = await break_everything(town, dsn)
        polls = len(town.telegram.requests)
        await until(lambda: len(town.telegram.requests) > polls + 1, 30)
        await process.terminate()
    assert len(process.output) > 500, "it said something"
    assert leaks(process.output) == []
    assert leaks(await stored(dsn)) == []
    for token in tokens:
        assert token not in process.output
        assert token not in await stored(dsn)


@pytest.mark.timeout(120)
async def test_a_refused_token_is_not_repeated(dsn, tmp_path):
    async with open_town(with_password(dsn), tmp_path) as town:
        told = {"TELEGRAM_TOKEN": TELEGRAM, "DISCORD_TOKEN": DISCORD}
        log = {"LOG_LEVEL": "DEBUG", "LOG_FORMAT": "text"}
        async with program(town, is_awaited=False, **told, **log) as process:
            await until(lambda: any(one.status == 401 for one in town.telegram.requests), 60)
            await until(lambda: any(one.status == 401 for one in town.discord.requests), 60)
            await asyncio.sleep(0.5)
            await process.terminate()
    assert "bad" in process.output.lower() or "token" in process.output.lower()
    assert leaks(process.output) == []


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    ("command", "environ"),
    [
        ((), {"DATABASE_URL": HEROKU}),
        (("doctor",), {"DATABASE_URL": HEROKU}),
        (("setup",), {"DATABASE_URL": HEROKU}),
        (("backup", "x.dump"), {"DATABASE_URL": HEROKU}),
        (("doctor",), {"DATABASE_URL": HEROKU.replace("127.0.0.1", "nowhere.invalid")}),
        ((), {"DATABASE_URL": HEROKU.replace("postgres:", "mysql:")}),
        (("backup", "x.dump"), {"DATABASE_URL": f"postgres://u7:{PASSWORD}@127.0.0.1:1/d9"}),
        ((), {"TELEGRAM_TOKEN": TELEGRAM.replace(":", ";")}),
        (("setup",), {"TELEGRAM_TOKEN": TELEGRAM + " "}),
        (("doctor",), {"DISCORD_TOKEN": DISCORD.replace(".", " ")}),
        ((), {"DISCORD_TOKEN": f"Bot {DISCORD}"}),
    ],
    ids=str,
)
async def test_settings_that_do_not_work_are_not_repeated(tmp_path, command, environ):
    given = {"PATH": "/usr/bin:/bin", "VIGILANTE_HOME": str(tmp_path), "LOG_LEVEL": "DEBUG"}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-X", "dev", "-W", "ignore", "-m", "bot", *command),
        env={**given, "DYNO": "web.1", "BINANCE_REST_URL": "http://127.0.0.1:1", **environ},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=PIPE,
        stderr=STDOUT,
        cwd=ROOT,
    )
    try:
        output = await asyncio.wait_for(process.stdout.read(), 3)
    except TimeoutError:  # it tries again until the database answers
        output = b"it waits"
        process.terminate()
        output += await process.stdout.read()
    await process.wait()
    assert output
    assert leaks(output.decode()) == []


def test_a_piece_of_a_secret_is_found():
    for secret in (TELEGRAM[12:30], DISCORD[30:45], PASSWORD[3:], quote(PASSWORD, safe="")[2:14]):
        assert leaks(f"one line\nfailed: {secret!r}\nanother") == [f"failed: {secret!r}"]
    assert leaks("7000001 is a bot, and so is MTEwMDAwMDAwMDAwMDAwMDAwMQ") == []


async def test_nothing_that_is_printed_shows_a_secret(town, dsn):
    """`repr` and `str` of everything that holds one, and of the errors that could name one."""
    settings = Settings.from_environ(town.environ())
    telegram = TelegramSettings(token=TELEGRAM, api_url=town.telegram.url)
    discord = DiscordSettings(token=DISCORD, api_url=town.discord.api_url, gateway_url="")
    handle = Handle(platform="discord", chat_id="1", message_id="2", token="c4nary-interaction")
    shown = [settings, telegram, discord, handle, _hosts(settings.admins, "telegram")]
    for wrong in ({"TELEGRAM_TOKEN": f"x{TELEGRAM}"}, {"DATABASE_URL": f"{HEROKU}?nonsense=1"}):
        try:
            shown.append(Settings.from_environ(wrong))
        except SettingsError as error:
            shown.append(error)
    async with serving(town) as now:
        shown += [now, now.app, now.app.context, now.app.delivery, now.app.delivery.relay]
        lines = now.app.delivery.posting._lines
        shown += [line.courier for line in lines.values()]
        shown += [vars(line.courier) for line in lines.values()]
        shown += [task.get_coro() for task in asyncio.all_tasks()]
    for one in shown:
        assert leaks(f"{one!r} {one!s}") == [], type(one)
