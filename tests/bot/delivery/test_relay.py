"""Notices on their way to the platforms: none lost, none out of order, each ended with a reason."""

import asyncio
from dataclasses import replace

import pytest

from bot.delivery.courier import Budget, Gone, TryLater, Unreachable, Unsendable
from bot.delivery.relay import Relay
from db.outbox import Outbox, OutboxConfig
from engine.ports import StoreUnavailable
from tests.bot.delivery.scene import Scene

IN, OUT = "✅ BTC long", "🛑 BTC stop"


def kinds(texts: list[str]) -> list[str]:
    return [next(kind for kind in (IN, OUT) if text.startswith(kind)) for text in texts]


async def test_every_chat_of_a_person_is_told_in_order_once(scene: Scene):
    await scene.attach()
    ana = await scene.person("telegram:1", "discord:2")
    bob = await scene.person("telegram:3")
    for owner in (ana, bob, ana):
        await scene.trade(owner)
    assert await scene.settled() == {"delivered": 10}
    assert kinds(scene.telegram.texts("1")) == [IN, OUT, IN, OUT]
    assert kinds(scene.couriers["discord"].texts("2")) == [IN, OUT, IN, OUT]
    assert kinds(scene.telegram.texts("3")) == [IN, OUT]
    assert len(set(scene.couriers["discord"].sent)) == 4, "each has a nonce of its own"
    assert len(scene.arrived) == 10


async def test_what_is_heard_is_told_without_waiting_for_a_sweep(postgres):
    scene = Scene(postgres, Outbox(postgres.database))
    scene.relay = Relay(replace(scene.parts, sweep_seconds=3600), tuple(scene.couriers))
    async with scene.running():
        await scene.attach("telegram")
        ana = await scene.person("telegram:1")
        await asyncio.sleep(0.3)
        await scene.trade(ana)
        await scene.until(lambda: len(scene.telegram.sent) == 2, seconds=3)


async def test_a_platform_that_is_away_loses_nothing_and_keeps_the_order(scene: Scene):
    people = [await scene.person(f"telegram:{number}") for number in range(1, 6)]
    await scene.attach("discord")
    for _ in range(3):
        for owner in people:
            await scene.trade(owner)
    await asyncio.sleep(0.3)
    assert scene.relay.postman("telegram").lanes.__len__() == 0
    assert (await scene.statuses()).get("delivered") is None
    await scene.attach("telegram")
    assert await scene.settled() == {"delivered": 30}
    for number in range(1, 6):
        assert kinds(scene.telegram.texts(str(number))) == [IN, OUT] * 3


async def test_an_outage_is_probed_gently_and_kills_nothing(scene: Scene):
    await scene.attach("telegram")
    scene.telegram.is_down = True
    people = [await scene.person(f"telegram:{number}") for number in range(1, 31)]
    for owner in people:
        await scene.trade(owner)
    await asyncio.sleep(3)
    assert scene.telegram.calls <= 40, "an outage is not hammered"
    assert (await scene.statuses()).keys() == {"pending"}
    worst = await scene.bench.one("SELECT max(attempts) FROM deliveries")
    assert worst <= 3, "an outage counts against no notice"
    scene.telegram.is_down = False
    await scene.attach("telegram")
    assert await scene.settled(30) == {"delivered": 60}
    for number in range(1, 31):
        assert kinds(scene.telegram.texts(str(number))) == [IN, OUT]


async def test_a_chat_that_must_rest_delays_nobody_else(scene: Scene):
    await scene.attach("telegram")
    scene.telegram.script["1"] = [TryLater(1.5)]
    ana, bob = await scene.person("telegram:1"), await scene.person("telegram:2")
    began = asyncio.get_running_loop().time()
    await scene.trade(ana)
    for _ in range(5):
        await scene.trade(bob)
    await scene.until(lambda: len(scene.telegram.texts("2")) == 10)
    assert asyncio.get_running_loop().time() - began < 1.2
    assert scene.telegram.texts("1") == []
    assert await scene.settled() == {"delivered": 12}
    assert asyncio.get_running_loop().time() - began >= 1.5
    assert kinds(scene.telegram.texts("1")) == [IN, OUT]


async def test_a_chat_that_is_gone_is_written_to_no_more(scene: Scene):
    await scene.attach("telegram")
    scene.telegram.script["1"] = [Gone("bot was blocked by the user")]
    ana, bob = await scene.person("telegram:1"), await scene.person("telegram:2")
    await scene.trade(ana)
    await scene.trade(bob)
    assert await scene.settled() == {"dead": 2, "delivered": 2}
    assert set(await scene.reasons()) == {"bot was blocked by the user"}
    await scene.trade(ana)
    await scene.trade(bob)
    await scene.until(lambda: len(scene.telegram.texts("2")) == 4)
    await scene.settled()
    assert scene.telegram.texts("1") == []
    assert scene.telegram.calls == 5


async def test_a_message_that_cannot_be_sent_goes_plain_or_dies_alone(scene: Scene):
    await scene.attach("telegram")
    scene.telegram.script["1"] = [Unsendable("bad markup")]
    scene.telegram.script["2"] = [Unsendable("bad markup"), Unsendable("bad text")]
    ana, bob = await scene.person("telegram:1"), await scene.person("telegram:2")
    await scene.trade(ana)
    await scene.trade(bob)
    assert await scene.settled() == {"dead": 1, "delivered": 3}
    assert kinds(scene.telegram.texts("1")) == [IN, OUT]
    assert kinds(scene.telegram.texts("2")) == [OUT]
    assert await scene.reasons() == ["bad text"]
    assert scene.relay.postman("telegram").counted.dead == 1


async def test_a_chat_that_moved_is_told_where_it_is_now(scene: Scene):
    await scene.attach("telegram")
    scene.telegram.script["1"] = [Gone("moved", moved_to="77")]
    await scene.trade(await scene.person("telegram:1"))
    assert await scene.settled() == {"delivered": 2}
    assert kinds(scene.telegram.texts("77")) == [IN]


async def test_only_a_lost_answer_leads_to_a_repeat_under_the_same_name(scene: Scene):
    await scene.attach("discord")
    discord = scene.couriers["discord"]
    discord.script["1"] = [Unreachable("timed out", is_unknown=True), Unreachable("refused")]
    await scene.trade(await scene.person("discord:1"))
    assert await scene.settled() == {"delivered": 2}
    assert kinds(discord.texts("1")) == [IN, IN, OUT]
    assert discord.sent[0] == discord.sent[1]
    assert len(discord.sent[0][2]) <= 25
    counted = scene.relay.postman("discord").counted
    assert (counted.repeated, counted.delivered, counted.failed) == (1, 2, 2)


async def test_what_a_reply_tells_is_told_by_no_relay_on_any_chat(scene: Scene):
    await scene.attach()
    ana = await scene.person("telegram:1", "discord:2")
    async with scene.board.answering(ana.user_id, "telegram:1") as orders:
        orders.add(1)
        await scene.trade(ana)
        await scene.until(lambda: len(scene.couriers["discord"].sent) == 0)
        await asyncio.sleep(0.5)
        assert scene.telegram.sent == []
    assert await scene.settled() == {"delivered": 4}
    assert kinds(scene.telegram.texts("1")) == [OUT]
    assert kinds(scene.couriers["discord"].texts("2")) == [OUT]


async def test_a_reply_that_broke_off_leaves_its_news_to_the_relay(scene: Scene):
    await scene.attach("telegram")
    ana = await scene.person("telegram:1")

    async def answer() -> None:
        async with scene.board.answering(ana.user_id, "telegram:1") as orders:
            orders.add(1)
            await scene.trade(ana)
            raise RuntimeError("the surface broke")

    with pytest.raises(RuntimeError):
        await answer()
    assert await scene.settled() == {"delivered": 2}
    assert kinds(scene.telegram.texts("1")) == [IN, OUT]


async def test_a_notice_that_cannot_be_worded_dies_alone(scene: Scene, monkeypatch):
    await scene.attach("telegram")
    broken = iter([True])
    wording = scene.parts.wording.message

    def message(claimed):
        if next(broken, False):
            raise KeyError("a defect")
        return wording(claimed)

    monkeypatch.setattr(scene.parts.wording, "message", message)
    await scene.trade(await scene.person("telegram:1"))
    assert await scene.settled() == {"dead": 1, "delivered": 1}
    assert await scene.reasons() == ["untellable"]
    assert kinds(scene.telegram.texts("1")) == [OUT]


async def test_what_arrived_is_not_sent_again_when_that_could_not_be_noted(postgres):
    outbox = Outbox(postgres.database, OutboxConfig(claim_seconds=1))
    scene = Scene(postgres, outbox)
    note, failures = outbox.told, iter([True, True])

    async def told(*given, **options):
        if next(failures, False):
            raise StoreUnavailable("away")
        await note(*given, **options)

    outbox.told = told
    async with scene.running():
        await scene.attach("telegram")
        await scene.trade(await scene.person("telegram:1"))
        assert await scene.settled() == {"delivered": 2}
    assert kinds(scene.telegram.texts("1")) == [IN, OUT]


async def test_an_exit_overtakes_a_crowd_of_other_news(postgres):
    slow = Budget(per_second=100, chat_per_second=500, chat_burst=500)
    scene = Scene(postgres, Outbox(postgres.database), slow)
    crowd = [await scene.person(f"telegram:{number}") for number in range(100, 300)]
    ana = await scene.person("telegram:1")
    await scene.trade(ana, is_told=False)
    assert await scene.house.broadcast("telegram:9", "maintenance") == len(crowd) + 1
    async with scene.running():
        await scene.attach("telegram")
        assert await scene.settled(20) == {"delivered": 203}
    places = [place for place, (to, _, _) in enumerate(scene.telegram.sent) if to == "1"]
    assert places[1] < 64, "both of ana's own come before what everybody is told"
    assert scene.telegram.texts("100") == ["📣 maintenance"]


async def test_a_database_that_is_away_only_delays(scene: Scene):
    await scene.attach("telegram")
    ana = await scene.person("telegram:1")
    find, take, failures = scene.outbox.due, scene.outbox.take, iter([True] * 2)

    async def away(*given, **options):
        if next(failures, False):
            raise StoreUnavailable("away")
        return await find(*given, **options)

    async def take_away(*given, **options):
        if next(taking, False):
            raise StoreUnavailable("away")
        return await take(*given, **options)

    taking = iter([True])
    scene.outbox.due, scene.outbox.take = away, take_away
    await scene.trade(ana)
    assert await scene.settled() == {"delivered": 2}
    assert kinds(scene.telegram.texts("1")) == [IN, OUT]


async def test_a_platform_that_goes_away_in_between_takes_nothing_with_it(scene: Scene):
    await scene.attach("telegram")
    scene.telegram.seconds = 0.05
    people = [await scene.person(f"telegram:{number}") for number in range(1, 101)]
    for owner in people:
        await scene.trade(owner)
    await scene.until(lambda: len(scene.telegram.sent) > 10)
    await scene.relay.attach("telegram", None)
    assert not scene.relay.postman("telegram").is_attached
    await asyncio.sleep(0.3)
    told = len(scene.telegram.sent)
    await asyncio.sleep(0.3)
    assert len(scene.telegram.sent) == told < 200
    await scene.attach("telegram")
    assert await scene.settled(30) == {"delivered": 200}
    assert len(scene.telegram.sent) == 200
    for number in range(1, 101):
        assert kinds(scene.telegram.texts(str(number))) == [IN, OUT]
