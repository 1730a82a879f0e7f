"""What somebody wants to be told of: set, listed, taken back, told on his chats."""

import asyncio

import pytest

from db.store.quotas import ARMED_ALERTS_MAX
from tests.bot.conversation.desk import open_desk


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
