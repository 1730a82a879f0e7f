"""What hosts order: health, a pause that outlives a restart, a broadcast seen before it is sent."""

from typing import Any

from bot.conversation.said import Shown
from bot.use_cases.hosting import health
from bot.use_cases.opening import PAUSED
from tests.bot.conversation.desk import GROUP, open_desk
from tests.security.scene import HOST
from tests.support.pg_proxy import PgProxy

ADMINS = f"telegram:{HOST}"


async def test_only_hosts_and_what_they_see_is_theirs_alone(dsn):
    async with open_desk(dsn, ADMINS=ADMINS) as desk:
        ana, host = await desk.opens(), await desk.opens(person_id=HOST)
        namesake = await desk.opens(platform="discord", person_id=HOST)
        for line in ("/admin", "/admin pause", "/admin broadcast Hello"):
            assert await ana.says(line) == "✕ That is for admins only"
            assert await namesake.says(line) == "✕ That is for admins only"
        assert "database up" in await host.says("/admin")
        in_group = host.in_room(GROUP)
        assert "database up" in await in_group.says("/admin")
        assert all(isinstance(one, Shown) and one.is_personal for one in in_group.shown)
        assert await desk.app.context.house.value(PAUSED) is None


async def test_a_pause_holds_entries_over_a_restart_and_lets_exits_pass(dsn):
    async with open_desk(dsn, ADMINS=ADMINS) as desk:
        host = await desk.opens(person_id=HOST)
        await host.says("/buy btc 100")
        assert "paused" in await host.says("/admin pause")
        assert "paused" in await host.says("/buy btc 100")
    async with open_desk(dsn, ADMINS=ADMINS) as desk:
        host = desk.stranger(person_id=HOST)
        assert "paused" in await host.says("/buy btc 100")
        assert "paused" in await host.says("/admin")
        assert "closed" in await host.says("/close 1")
        assert "open again" in await host.says("/admin resume")
        assert "#2" in await host.says("/buy btc 100")
        actions = await desk.house.tables.fetch("SELECT action FROM host_actions ORDER BY id")
        assert [row["action"] for row in actions] == ["pause", "resume"]


async def test_what_cannot_be_audited_is_not_done(dsn):
    async with open_desk(dsn, ADMINS=ADMINS) as desk:
        host, value = await desk.opens(person_id=HOST), desk.app.context.house.value
        await desk.house.tables.execute(
            "ALTER TABLE host_actions ADD CONSTRAINT none CHECK (action <> 'pause') NOT VALID"
        )
        assert "paused" not in await host.says("/admin pause")
        assert await value(PAUSED) is None
        await desk.house.tables.execute("ALTER TABLE host_actions DROP CONSTRAINT none")
        assert "paused" in await host.says("/admin pause")
        await desk.house.tables.execute(
            "ALTER TABLE host_actions ADD CONSTRAINT none CHECK (action <> 'resume') NOT VALID"
        )
        assert "open again" not in await host.says("/admin resume")
        assert await value(PAUSED) == "1"


async def test_a_broadcast_is_previewed_whole_and_sent_once(dsn):
    async with open_desk(dsn, ADMINS=ADMINS) as desk:
        host = await desk.opens(person_id=HOST)
        await desk.opens()
        text = "a | b\n" + "More to come. " * 60
        preview = await host.says(f"/admin broadcast {text}")
        assert "to 2 people?" in preview
        assert "a | b" in preview
        before = host.shown
        assert await host.presses("Send to 2") == "✅ On its way to 2 people"
        host.shown = before
        assert "too old" in await host.presses("Send to 2", message_id="8")
        payloads = await desk.house.tables.fetch("SELECT payload FROM notices")
        assert len(payloads) == 2
        for row in payloads:
            assert str(row["payload"]).count("More to come.") == 60


async def test_health_is_told_while_the_database_is_away(dsn):
    async with PgProxy(dsn).running() as proxy, open_desk(proxy.dsn, ADMINS=ADMINS) as desk:
        host = await desk.opens(person_id=HOST)
        gauges = desk.app.doors.gauges
        proxy.swallow()
        try:
            view: Any = await health(desk.app.context, gauges)
        finally:
            proxy.pass_on()
        assert not view.database_is_up
        assert view.people == 0
        assert "database up" in await host.says("/admin")
