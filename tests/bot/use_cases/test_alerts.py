"""What somebody wants to be told of: set, listed, taken back, told on his chats."""

import asyncio
import re
from decimal import Decimal

import pytest
from msgspec.structs import replace

from db.store.quotas import ARMED_ALERTS_MAX
from tests.bot.conversation.desk import open_desk
from tests.security import scene


async def notices_of(desk, somebody):
    """Return what his chats are told unasked, until something is."""
    rows = []
    async with asyncio.timeout(10):
        while not rows:
            await asyncio.sleep(0.02)
            rows = await desk.house.tables.fetch(
                "SELECT code, alert_id, payload FROM notices WHERE user_id = $1 "
                "AND alert_id IS NOT NULL ORDER BY id",
                somebody.person.user_id,
            )
    return rows


def armed_in(desk):
    """Return the symbols that the engine watches for somebody."""
    return desk.app.context.desk._engine.armed.monitor.vigil.needed_symbols()


def grows_old(desk, milliseconds):
    """Let a last print be old sooner."""
    feed = desk.app.context.desk._engine.term.feed
    feed._config = replace(feed._config, fresh_print_ms=milliseconds)


async def test_an_alert_is_set_listed_reached_and_gone(dsn):
    async with open_desk(dsn) as desk:
        ana = await desk.opens()
        assert await ana.says("/alerts") == "No alerts"
        said = await ana.says("/alert btc 61000")
        assert said == "🔔 BTC alert at 61,000.00 USDT\nNow 60,000.00 · 1.67% away"
        assert "is set already" in await ana.says("/alert btc 61,000.00")
        assert "alert at 2,375.00 USDT" in await ana.says("/alert eth -5%")
        listed = await ana.says("/alerts")
        assert listed.splitlines()[0] == "2 alerts"
        assert "BTC ▲ 61,000.00 USDT · 1.67% away" in listed
        assert "ETH ▼ 2,375.00 USDT · 5% away" in listed
        await desk.moves("BTCUSDT", "61000")
        (notice,) = await notices_of(desk, ana)
        assert notice["code"] == "alert_fired"
        assert (await ana.says("/alerts")).splitlines()[0] == "1 alert"


async def test_an_alert_is_taken_back_by_a_tap_by_coin_or_all(dsn):
    async with open_desk(dsn) as desk:
        ana = await desk.opens()
        await ana.says("/alert btc 61000")
        assert "Alert removed" in await ana.presses("✕ BTC 61,000.00")
        for line in ("/alert btc 61000", "/alert btc 62000", "/alert eth 3000"):
            await ana.says(line)
        removed = await ana.says("/alert btc 62000 off")
        assert removed.splitlines()[:2] == ["✅ Alert removed", "2 alerts"]
        assert "✅ Alert removed" in await ana.says("/alert btc off")
        assert "✕ You have no such alert" in await ana.says("/alert btc off")
        assert await ana.says("/alerts off") == "✅ Alert removed"
        assert await ana.says("/alerts off") == "No alerts"
        await desk.moves("BTCUSDT", "63000")
        assert await desk.house.tables.fetchval("SELECT count(*) FROM notices") == 0


async def test_the_price_card_leads_to_an_alert_in_two_taps(dsn):
    async with open_desk(dsn) as desk:
        ana = await desk.opens()
        await ana.says("btc?")
        asked = await ana.presses("Alert")
        assert "alert at which price?" in asked
        assert "alert at 60,600.00 USDT" in await ana.presses("+1%")


async def test_a_number_can_be_typed_for_it_and_nonsense_is_asked_about(dsn):
    async with open_desk(dsn) as desk:
        ana = await desk.opens()
        await ana.says("/alert")
        await ana.says("eth")
        assert "up or down?" in await ana.says("3%")
        assert "alert at 2,600.00 USDT" in await ana.says("2600")
        asked = await ana.says("/alert btc 5")
        assert "%" in asked
        assert "alert at 63,000.00 USDT" in await ana.presses("5")


@pytest.mark.parametrize("line", ["/alert btc 60000", "/alert nosuchcoin 5", "/alert btc 500eth"])
async def test_what_cannot_be_is_one_sentence_and_nothing_is_set(dsn, line):
    async with open_desk(dsn) as desk:
        ana = await desk.opens()
        assert (await ana.says(line))[0] in "⛔✕"
        assert await ana.says("/alerts") == "No alerts"


async def test_one_more_than_may_be_is_refused(dsn):
    async with open_desk(dsn) as desk:
        ana = await desk.opens()
        for number in range(ARMED_ALERTS_MAX):
            assert "🔔" in await ana.says(f"/alert btc {61_000 + number}")
        refused = await ana.says("/alert btc 70000")
        assert str(ARMED_ALERTS_MAX) in refused
        assert (await ana.says("/alerts")).splitlines()[0] == f"{ARMED_ALERTS_MAX} alerts"
        assert f"{ARMED_ALERTS_MAX} alerts removed" in await ana.says("/alerts off")


async def test_who_leaves_takes_his_alerts_along(dsn):
    async with open_desk(dsn) as desk:
        ana = await desk.opens()
        await ana.says("/alert btc 61000")
        await ana.says("/delete_me")
        await ana.presses("Yes")
        assert await desk.house.tables.fetchval("SELECT count(*) FROM alerts") == 0
        await desk.moves("BTCUSDT", "62000")
        bob = await desk.opens()
        assert "🔔" in await bob.says("/alert btc 63000"), "the vigil goes on"
        assert await desk.house.tables.fetchval("SELECT count(*) FROM notices") == 0


async def test_who_leaves_is_forgotten_by_the_engine_too(dsn):
    async with open_desk(dsn) as desk:
        ana = await desk.opens()
        await ana.says("/alert eth 3000")
        assert "ETHUSDT" in armed_in(desk)
        await ana.says("/delete_me")
        await ana.presses("Yes")
        assert "ETHUSDT" not in armed_in(desk)


async def test_who_joins_another_account_leaves_no_alert_behind(dsn):
    async with open_desk(dsn) as desk:
        ana, bob = await desk.opens(), await desk.opens(platform="discord")
        await bob.says("/alert eth 3000")
        code = re.search(r"/link (\w+)", await ana.says("/link"))[1]
        assert "1 price alert ends." in await bob.says(f"/link {code}")
        assert "ETHUSDT" in armed_in(desk)
        await bob.presses("Yes")
        assert "ETHUSDT" not in armed_in(desk)
        assert await bob.says("/alerts") == "No alerts"
        await desk.moves("ETHUSDT", "3100")
        assert (
            await desk.house.tables.fetchval("SELECT count(*) FROM notices WHERE alert_id > 0") == 0
        )


async def test_a_coin_that_seldom_trades_can_have_an_alert(dsn):
    async with open_desk(dsn) as desk:
        ana = await desk.opens()
        scene.PRICES.pop("ETHUSDT")
        grows_old(desk, 100)
        await asyncio.sleep(0.4)
        assert not desk.app.context.desk.place("ETHUSDT").is_fresh
        assert "🔔 ETH alert at 2,600.00 USDT" in await ana.says("/alert eth 2600")
        desk.house.venue.print("ETHUSDT", "2600.50")
        (notice,) = await notices_of(desk, ana)
        assert notice["code"] == "alert_fired"


async def test_a_fall_to_nothing_is_an_alert_at_the_lowest_price(dsn):
    before = dict(scene.PRICES)
    scene.PRICES["DOGEUSDT"] = "0.15"
    try:
        async with open_desk(dsn) as desk:
            ana = await desk.opens()
            tick = desk.app.context.desk.instrument("DOGEUSDT").tick_size
            assert "🔔" in await ana.says("/alert doge -99.9%")
            price = await desk.house.tables.fetchval("SELECT price FROM alerts")
            assert Decimal(price) == tick > 0
    finally:
        scene.PRICES.clear()
        scene.PRICES.update(before)


async def test_a_price_between_two_ticks_is_one_alert_however_often_it_is_typed(dsn):
    async with open_desk(dsn) as desk:
        ana = await desk.opens()
        assert "alert at 61,000.01 USDT" in await ana.says("/alert btc 61000.005")
        assert "is set already" in await ana.says("/alert btc 61000.005")
        assert "is set already" in await ana.says("/alert btc 61000.01")
        assert "✅ Alert removed" in await ana.says("/alert btc 61000.005 off")
        assert await ana.says("/alerts") == "No alerts"


async def test_the_same_alert_from_two_chats_at_once_is_set_once(dsn):
    async with open_desk(dsn) as desk:
        ana = await desk.opens()
        other = ana.in_room(desk.house.room())
        said = await asyncio.gather(ana.says("/alert btc 61000"), other.says("/alert btc 61000"))
        assert sorted("is set already" in one for one in said) == [False, True]
        assert (await ana.says("/alerts")).splitlines()[0] == "1 alert"
