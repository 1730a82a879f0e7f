"""The surface begins, lives through what servers do, and ends, without losing or doubling."""

import asyncio
import logging

import pytest

from bot.conversation.said import Shown
from bot.surfaces.telegram import TelegramSettings
from bot.views import PlatformState
from tests.bot.telegram.scene import QUICK, Scene, do, echo, scene, text, until
from tests.support.telegram.faults import Fault
from tests.support.telegram.stand_in import TOKEN, TelegramStandIn


async def test_a_line_is_heard_and_answered_under_the_updates_own_key():
    async with scene() as it:
        ana = it.server.user(7, "Ana", "pt-br")
        await ana.says("btc?")
        assert (await ana.next()).text == "heard btc?"
        talk, said = it.talks.heard[0]
        assert talk.identity.channel == "telegram:7"
        assert (talk.identity.name, talk.identity.locale) == ("Ana", "pt-br")
        assert said.key == f"telegram:{it.server.bot.id}:{it.server.bot.updates.confirmed + 1}" or (
            said.key == f"telegram:{it.server.bot.id}:{it.server.bot.updates.confirmed}"
        )


async def test_nothing_is_polled_before_the_lease_is_held():
    async with scene(begin=False) as it:
        it.lease.clear()
        it.starts()
        await until(lambda: it.server.calls("getMe", "deleteWebhook"))
        await asyncio.sleep(0.1)
        assert "getUpdates" not in {call.method for call in it.server.requests}
        assert it.attached == []
        it.lease.set()
        await it.is_up()
        assert it.attached[0] is not None


async def test_the_end_is_quick_and_confirms_the_offset():
    async with scene() as it:
        ana = it.server.user(7)
        await ana.says("one")
        await ana.next()
        assert await it.ends() < 1.0
        assert len(it.server.bot.updates) == 0
        last = [call for call in it.server.requests if call.method == "getUpdates"][-1]
        assert int(last.params["offset"]) == it.server.bot.updates.confirmed + 1
        assert it.attached[-1] is None


async def test_the_end_waits_for_what_is_under_way_but_not_for_ever():
    gate = asyncio.Event()

    async def slow(talk, said):
        await asyncio.sleep(0.1 if said.line == "quick" else 60)
        yield Shown(message=text(f"done {said.line}"))

    async with scene() as it:
        it.talks.script = slow
        ana, ben = it.server.user(7), it.server.user(8, "Ben")
        await ana.says("quick")
        await ben.says("never")
        await until(lambda: len(it.talks.heard) == 2)
        assert await it.ends() < 2.0
        gate.set()
        assert ana.last().text == "done quick"
        assert ben.last() is None


async def test_the_end_waits_for_no_answer_to_a_press_and_no_silent_server():
    async def stuck(talk, said):
        if said.payload:
            await asyncio.sleep(60)
        yield Shown(message=text("first", rows=((do("/price btc"),),)))

    async with scene() as it:
        it.talks.script = stuck
        ana = it.server.user(7)
        await ana.says("/help")
        card = await ana.next()
        it.server.faults.delay("*", 30)
        ana.presses_only(card, card.buttons[0][0].data)
        await until(lambda: len(it.talks.heard) == 2)
        it.server.faults.delay("getUpdates", 30)
        assert await it.ends() < 2.0


async def test_what_was_not_served_comes_again_after_a_restart_under_the_same_key():
    async def stuck(talk, said):
        await asyncio.sleep(60)
        yield Shown(message=text("too late"))

    async with scene() as it:
        it.talks.script = stuck
        ana = it.server.user(7)
        await ana.says("/buy btc 500")
        await until(lambda: it.talks.heard)
        await it.ends()
        it.talks.script = echo
        it.starts()
        assert (await ana.next()).text == "heard /buy btc 500"
        first, second = (said.key for _, said in it.talks.heard)
        assert first == second


async def test_what_was_served_does_not_come_again_after_a_restart():
    async with scene() as it:
        ana = it.server.user(7)
        for number in range(15):
            await ana.says(f"line {number}")
        await until(lambda: len(it.talks.ended) == 15)
        await it.ends()
        it.starts()
        await it.is_up()
        await ana.says("after")
        await until(lambda: len(it.talks.ended) == 16)
        keys = [said.key for _, said in it.talks.heard]
        assert len(set(keys)) == len(keys) == 16


async def test_a_killed_process_loses_nothing_that_it_had_in_hand():
    async def stuck(talk, said):
        await asyncio.sleep(60)
        yield Shown(message=text("too late"))

    async with scene() as it:
        it.talks.script = stuck
        await it.server.user(7).says("in hand")
        await until(lambda: it.talks.heard)
        await asyncio.sleep(0.3)  # it polls on, and does not confirm what it has in hand
        assert len(it.server.bot.updates) == 1
        ben = it.server.user(8, "Ben")
        it.talks.script = echo
        await ben.says("not held up")
        assert (await ben.next(seconds=2)).text == "heard not held up"


async def test_one_slow_answer_keeps_no_crowd_from_being_heard():
    async def slow_for_ana(talk, said):
        if talk.identity.id == "7":
            await asyncio.sleep(60)
        yield Shown(message=text("done"))

    async with scene() as it:
        it.talks.script = slow_for_ana
        await it.server.user(7).says("slow")
        for number in range(130):
            await it.server.user(100 + number, "One").says("quick")
        await until(lambda: len(it.talks.ended) == 130, 20)


async def test_an_overlapping_poller_is_reported_and_polled_through():
    async with scene() as it, scene(begin=False) as other:
        other.server = it.server
        other.starts()
        await until(lambda: PlatformState.OTHER_POLLER in {state for state, _ in it.states})
        await other.ends()
        await it.is_up()
        ana = it.server.user(7)
        await ana.says("still here")
        assert (await ana.next()).text == "heard still here"
        other.running = None


async def test_a_refused_token_is_told_and_tried_again_slowly(caplog):
    secret = "7000001:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    with caplog.at_level(logging.DEBUG):
        async with scene(begin=False) as it:
            it.starts(token=secret)
            await until(lambda: len(it.server.calls("getMe")) >= 3)
            assert it.states[-1] == (PlatformState.BAD_TOKEN, "InvalidToken")
            it.server.new_bot(secret, "vigilante_bot", "Vigilante")
            await it.is_up()
    assert secret not in "".join(
        record.getMessage() + str(record.exc_text)
        for record in caplog.records
        if not record.name.startswith(("httpx", "httpcore", "telegram"))
    )
    assert secret not in repr(it.settings)


async def test_a_malformed_token_is_never_sent():
    async with scene(begin=False) as it:
        it.starts(token="no token\n")
        await until(lambda: it.states and it.states[-1][0] is PlatformState.BAD_TOKEN)
        assert it.server.requests == []


async def test_an_outage_at_the_start_is_waited_out():
    async with scene(begin=False) as it:
        await it.server.goes_down()
        it.starts()
        await until(lambda: it.states and it.states[-1][0] is PlatformState.AWAY)
        await it.server.comes_back()
        await it.is_up()
        ana = it.server.user(7)
        await ana.says("hello")
        assert (await ana.next()).text == "heard hello"


async def test_an_outage_later_is_waited_out_and_nothing_is_lost():
    async with scene() as it:
        await it.server.goes_down()
        await until(lambda: it.states[-1][0] is PlatformState.AWAY)
        ana = it.server.user(7)
        await ana.says("said meanwhile")
        await it.server.comes_back()
        assert (await ana.next()).text == "heard said meanwhile"
        assert it.states[-1][0] is PlatformState.UP


@pytest.mark.parametrize(
    "break_it",
    [
        lambda faults: faults.fail("getUpdates", 500, times=3),
        lambda faults: faults.fail("getUpdates", 502, times=3),
        lambda faults: faults.drop("getUpdates", times=2),
        lambda faults: faults.garbage("getUpdates", times=2),
        lambda faults: faults.garbage("getUpdates", b'{"ok": true}', times=2),
        lambda faults: faults.garbage("getUpdates", b'{"ok": true, "result": 5}', times=2),
        lambda faults: faults.garbage("getUpdates", b'{"ok":true,"result":[7,{"x":1}]}', times=2),
        lambda faults: faults.garbage("getUpdates", b"[]", times=2),
        lambda faults: faults.fail("getMe", 500, times=2),
        lambda faults: faults.garbage("getMe", b'{"ok":true,"result":{"id":"?"}}', times=2),
        lambda faults: faults.fail("deleteWebhook", 502, times=2),
    ],
)
async def test_what_a_broken_server_answers_is_survived(break_it):
    async with scene(begin=False) as it:
        break_it(it.server.faults)
        ana = it.server.user(7)
        it.starts()
        await it.is_up()
        await ana.says("hello")
        assert (await ana.next()).text == "heard hello"


async def test_a_poisonous_update_stops_no_other(caplog):
    async with scene() as it:
        ana = it.server.user(7)
        updates = it.server.bot.updates
        updates.push("message", {"message_id": "x", "date": "never", "chat": 5})
        updates.push("callback_query", {"id": 1})
        updates.push("my_chat_member", {"chat": {"id": []}})
        await ana.says("hello")
        assert (await ana.next()).text == "heard hello"
        await until(lambda: len(updates) == 0)
    assert "an update cannot be read" in caplog.text


async def test_a_talk_that_breaks_stops_no_other(caplog):
    async def broken(talk, said):
        if said.line == "poison":
            raise ZeroDivisionError("a secret")
        yield Shown(message=text("fine"))

    async with scene() as it:
        it.talks.script = broken
        ana = it.server.user(7)
        await ana.says("poison")
        await ana.says("hello")
        assert (await ana.next()).text == "fine"
    assert "ZeroDivisionError" in caplog.text
    assert "a secret" not in caplog.text


async def test_people_are_served_side_by_side_and_each_in_order():
    async def slow_for_ana(talk, said):
        if talk.identity.id == "7":
            await asyncio.sleep(0.1)
        yield Shown(message=text(said.line or ""))

    async with scene() as it:
        it.talks.script = slow_for_ana
        ana, ben = it.server.user(7), it.server.user(8, "Ben")
        for number in range(5):
            await ana.says(str(number))
        await ben.says("quick")
        await ben.next(seconds=0.4)
        await until(lambda: len(it.talks.ended) == 6)
        assert [said.line for said in it.talks.ended if said.line != "quick"] == list("01234")


async def test_a_flood_of_one_person_is_dropped_and_others_are_served():
    gate = asyncio.Event()

    async def gated(talk, said):
        if talk.identity.id == "7":
            await gate.wait()
        yield Shown(message=text("done"))

    async with scene() as it:
        it.talks.script = gated
        ana, ben = it.server.user(7), it.server.user(8, "Ben")
        for number in range(80):
            await ana.says(str(number))
        await ben.says("quick")
        await ben.next()
        gate.set()
        await until(lambda: len([1 for talk, _ in it.talks.heard if talk.identity.id == "7"]) >= 20)
        await it.ends()
        count = len([1 for talk, _ in it.talks.heard if talk.identity.id == "7"])
        assert 20 <= count <= 25


async def test_a_token_that_is_withdrawn_later_is_told():
    async with scene() as it:
        bot = it.server.world.bots.pop(TOKEN)
        bot.updates.push("message", {})  # ends the poll that waits
        await until(lambda: it.states[-1][0] is PlatformState.BAD_TOKEN)
        it.server.world.bots[TOKEN] = bot
        await it.is_up()


def test_a_token_is_in_no_repr():
    assert "AAE" not in repr(TelegramSettings(token="1:AAE", pace=QUICK))


async def test_two_scenes_need_no_shared_server():
    async with TelegramStandIn() as server:
        assert Scene(server).states == []


@pytest.mark.parametrize("error", [KeyError("x"), Exception("nobody thought of this")])
async def test_an_end_that_nobody_thought_of_is_a_new_beginning(error, caplog):
    async with scene(begin=False) as it:
        errors = [error]

        async def wait_for_lease():
            if errors:
                raise errors.pop()

        it.wait_for_lease = wait_for_lease
        it.starts()
        await it.is_up()
        assert PlatformState.AWAY in {state for state, _ in it.states}
        await it.server.user(7).says("hello")
        assert (await it.server.user(7).next()).text == "heard hello"
    assert "x" not in [record.getMessage() for record in caplog.records]


async def test_an_error_that_nobody_thought_of_ends_its_own_event_alone(caplog):
    async def odd(talk, said):
        if said.line == "odd":
            raise Exception("secret")  # noqa: TRY002 - the point
        yield Shown(message=text("fine"))

    async with scene() as it:
        it.talks.script = odd
        ana = it.server.user(7)
        await ana.says("odd")
        await ana.says("hello")
        assert (await ana.next()).text == "fine"
        await until(lambda: not len(it.server.bot.updates))
    assert "nobody thought of" in caplog.text
    assert "secret" not in caplog.text


async def test_a_pause_that_is_asked_for_in_one_chat_delays_no_other():
    async with scene() as it:
        ana, ben = it.server.user(7), it.server.user(8, "Ben")
        it.server.flood.refuse_next(7, 1)
        await ana.says("slow")
        await ben.says("quick")
        assert (await ben.next(seconds=0.8)).text == "heard quick"
        assert ana.last() is None
        assert (await ana.next(seconds=3)).text == "heard slow"
        assert it.server.flood.counts["in_pause"] == 0


async def test_polling_keeps_a_pause_and_drops_a_webhook():
    async with scene(begin=False) as it:
        it.server.faults.add(Fault("fail", "getUpdates", status=429))
        it.server.faults.fail("getUpdates", 400)
        it.starts()
        await it.is_up()
        assert len(it.server.calls("deleteWebhook")) == 1
