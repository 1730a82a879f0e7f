"""The venue's absence is said once, and its return."""

import asyncio

import pytest

from bot.invented import invented_venue
from bot.text.zones import local_zone
from tests.support.binance.stand_in import BinanceStandIn
from tests.support.chatting import Chat, open_app

START_MS = 1_700_000_000_000


async def test_a_venue_that_goes_away_is_named_once_and_greeted_when_it_is_back(dsn):
    async with BinanceStandIn() as venue:
        venue.print("BTCUSDT", "60000")
        async with open_app(dsn, venue) as app:
            chat = Chat(app, "ana")
            await chat.say("/start")
            await chat.say("1")
            await chat.say("/price btc")
            told: list[str] = []
            telling = asyncio.create_task(_collect(chat, told))
            await asyncio.sleep(0.7)
            venue.faults.refuse_status = 503
            venue.streams.drop()
            await _until(lambda: len(told) == 1)
            refused = await chat.say("/buy btc 100")
            venue.faults.heal()
            await _until(lambda: len(told) == 2)
            telling.cancel()
    assert "reach Binance" in told[0]
    assert refused.startswith("⛔ Not opened")
    assert told[1].startswith("✅ Prices are live\nAway for ")


async def _collect(chat: Chat, told: list[str]) -> None:
    async for view in chat.door.notices():
        told += [chat._text(view)]


async def _until(is_so, seconds: float = 15) -> None:
    async with asyncio.timeout(seconds):
        while not is_so():  # noqa: ASYNC110
            await asyncio.sleep(0.05)


@pytest.mark.parametrize(
    ("environ", "locale", "zone"),
    [
        ({"TZ": "America/New_York"}, "pt-BR", "America/New_York"),
        ({"TZ": ":Europe/Lisbon"}, "en", "Europe/Lisbon"),
        ({"TZ": "UTC"}, "pt-BR", "America/Sao_Paulo"),
        ({"TZ": "nonsense"}, "en", "UTC"),
    ],
)
def test_a_zone_is_the_environments_or_the_languages_home(environ, locale, zone, tmp_path):
    assert local_zone(environ, locale, tmp_path / "missing") == zone


def test_the_machines_zone_is_read_from_its_link(tmp_path):
    link = tmp_path / "localtime"
    link.symlink_to("/usr/share/zoneinfo/Asia/Tokyo")
    assert local_zone({}, "en", link) == "Asia/Tokyo"


async def test_an_invented_market_remembers_what_it_printed():
    venue = invented_venue(START_MS, 2_400, 3)
    ticks = await venue.tape.prints_before("USDTBRL", START_MS + 600_000, 60_000)
    assert ticks == sorted(ticks, key=lambda tick: tick.id)
    assert {tick.symbol for tick in ticks} == {"USDTBRL"}
    assert all(START_MS + 540_000 <= tick.time_ms <= START_MS + 600_000 for tick in ticks)
    assert [found async for found in venue.tape.catch_up({})] == []
