"""Who asks too fast is told once; the others do not notice. What cannot be read stops nobody."""

import asyncio
import time
from decimal import Decimal
from pathlib import Path

import pytest

from bot.use_cases.context import Identity
from bot.use_cases.house_books import RoomSettings
from tests.security.scene import open_house, text_of
from tests.support.platforms import program, serving

ASKED = 40
ANSWERED_MAX = 20  # what flows in meanwhile is little
TOO_FAST = "Too fast"

OTHERS = 12
ROUNDS = 2
ROUND_SECONDS = 1.1
SPREAD_SECONDS = 0.1  # within the platform's budget
PER_SECOND = 1_000
GROWTH_MB_MAX = 40

NUMBERS = (
    *("1e999999999", "1E+400", "NaN", "sNaN", "Infinity", "-inf", "-0", "0", "1_000"),
    *("٣٠٠", "３００", "9" * 3_000, "0." + "0" * 3_000 + "1", "1" + "," * 500, "0x10", "1e-9"),
)


async def test_nobody_gets_more_answers_by_another_name_or_in_another_room(dsn):
    async with open_house(dsn) as house:
        person = await house.enrolled()
        answered, scolded = 0, 0
        for number in range(ASKED):
            known = person.identity
            person.identity = Identity(known.platform, known.id, f"Bo {number}", "en", "UTC")
            text = text_of(await house.hears(person, house.room(), line="/help"))
            scolded += TOO_FAST in text
            answered += bool(text) and TOO_FAST not in text
        assert 5 < answered <= ANSWERED_MAX
        assert scolded == 1


@pytest.mark.timeout(180)
async def test_a_thousand_lines_a_second_of_one_delay_nobody_else(town, books):
    people = [town.telegram.user(100 + number, "Ana") for number in range(OTHERS)]
    flooder = town.telegram.user(99, "Bo")
    for phone in (*people, flooder):
        await books.enroll("telegram", str(phone.id), "en", "UTC", ("USDT", Decimal(10_000)))
    async with program(town) as process:
        calm = await answers(people)
        before = memory_mb(process.process.pid)
        flooding = asyncio.create_task(flood(flooder, ROUNDS * ROUND_SECONDS))
        during = await answers(people)
        sent = await flooding
        grown = memory_mb(process.process.pid) - before
        told = [one.text for one in flooder.messages() if one.sender.is_bot]
    figures = f"p99 {calm[-1] * 1000:.0f} ms, in a flood of {sent:,} lines {during[-1] * 1000:.0f}"
    print(f"{figures} ms; memory grew by {grown:.1f} MB")  # noqa: T201
    assert sent > PER_SECOND * ROUNDS * ROUND_SECONDS / 3, "this was no flood"
    assert during[len(during) // 2] < 4.0, figures
    assert during[-1] < 12.0, figures  # two shared cores, the flood itself on one of them
    assert grown < GROWTH_MB_MAX
    assert sum(TOO_FAST in text for text in told) <= 1  # the surface drops most of it unheard
    assert len(told) <= ANSWERED_MAX
    assert process.complaints == []


async def test_a_strangers_orders_in_a_group_come_to_one_invitation_and_its_the_newest(town):
    async with serving(town, DISCORD_TOKEN=""):
        bia, caio = town.telegram.user(8, "Bia", "en"), town.telegram.user(9, "Caio", "en")
        desk = await brought_into(town, bia, caio)
        for number in range(ASKED):
            await caio.says(f"/buy btc {100 + number}", desk)
            await asyncio.sleep(0.02)
        invited = await bia.next(desk)
        await asyncio.sleep(1.5)
        assert [one for one in bia.reads_all(desk) if one.sender.is_bot] == []
        assert len(town.telegram.calls("sendChatAction")) <= ANSWERED_MAX
        await caio.opens((await caio.presses(invited, invited.labels[0])).opened)
        card = await caio.next()
        for label in ("English", "10,000.00 USDT"):
            await (await caio.presses(card, label)).edited()
        asked = await caio.sees("❓ BTC/USDT long")
        heard = int(asked.text.split("·")[1].split()[0])
        assert 110 <= heard <= 139, "the newest of those that were heard"


async def test_an_invitation_keeps_a_groups_pause_as_every_public_answer_does(town, books):
    async with serving(town, DISCORD_TOKEN="") as now:
        bia, caio = town.telegram.user(8, "Bia", "en"), town.telegram.user(9, "Caio", "en")
        desk = await brought_into(town, bia, caio)
        await now.app.context.house.set_room(
            "telegram", str(desk.id), RoomSettings(cooldown_seconds=2)
        )
        await asyncio.sleep(2.1)
        await bia.says("/price btc", desk)
        assert "BTC" in (await bia.next(desk)).text
        await caio.says("/buy btc 100", desk)
        await asyncio.sleep(1)
        assert [one for one in bia.reads_all(desk) if one.sender.is_bot] == []
        await asyncio.sleep(1.1)
        await caio.says("/buy btc 100", desk)
        assert (await bia.next(desk)).text.startswith("👉 Caio")


async def brought_into(town, *people):
    """Return a group with the bot in it, its first words read."""
    desk = town.telegram.group(-100500, "Desk", *people)
    await people[0].adds_bot(desk)
    await people[0].next(desk)
    for one in people:
        one.reads_all(desk)
    return desk


async def test_a_crowd_in_one_room_is_heard_as_far_as_the_rooms_bucket_goes(dsn):
    async with open_house(dsn) as house:
        room, answered = house.room(is_private=False), 0
        for _ in range(60):
            answered += bool(await house.hears(house.person(), room, line="/help"))
        assert 40 <= answered <= 55
        assert await house.hears(house.person(), house.room(is_private=False), line="/help")


async def test_who_types_without_end_gets_no_choices_and_his_order_is_heard_all_the_same(dsn):
    async with open_house(dsn) as house:
        person, room = await house.enrolled(), house.room()
        talk = house.app.talks.of(person.identity, room)
        offered = [bool(await talk.complete("coin", "b")) for _ in range(100)]
        assert 30 <= sum(offered) <= 60
        assert not offered[-1]
        assert "10,000.00" in text_of(await house.hears(person, room, line="/balance"))


async def answers(people) -> list[float]:
    """Let everybody ask in rounds; return the seconds that each answer took, slowest last."""
    took: list[float] = []
    for _ in range(ROUNDS):
        began = time.monotonic()
        asking = enumerate(people)
        took += await asyncio.gather(*(answer(phone, at * SPREAD_SECONDS) for at, phone in asking))
        await asyncio.sleep(max(0.0, ROUND_SECONDS - (time.monotonic() - began)))
    return sorted(took)


async def answer(phone, pause: float) -> float:
    await asyncio.sleep(pause)
    phone.reads_all()
    began = time.monotonic()
    await phone.says("/balance")
    await phone.next(seconds=20)
    return time.monotonic() - began


async def flood(phone, seconds: float) -> int:
    """Say a line a thousand times a second; return how many were said."""
    since, said = time.monotonic(), 0
    while (passed := time.monotonic() - since) < seconds:
        while said < passed * PER_SECOND:
            await phone.says("/price btc")
            said += 1
        await asyncio.sleep(0.005)
    return said


def memory_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


async def test_numbers_that_no_machine_should_read_cost_no_time(town, books):
    people = [town.telegram.user(1_000 + at, "Ana") for at in range(len(NUMBERS))]
    for phone in people:  # one for each number, so that none of them is too fast
        await books.enroll("telegram", str(phone.id), "en", "UTC", ("USDT", Decimal(10_000)))
    async with serving(town, DISCORD_TOKEN=""):
        for phone, number in zip(people, NUMBERS, strict=True):
            for line in (f"/buy btc {number}", f"/sl 1 {number}", f"/close 1 {number}"):
                began = time.monotonic()
                phone.reads_all()
                await phone.says(line[:4_000])
                said = await phone.next()
                assert time.monotonic() - began < 2.0, line[:60]
                assert "✅" not in said.text, line[:60]
                assert "Something went wrong" not in said.text, line[:60]
                assert TOO_FAST not in said.text, line[:60]
        assert await town_is_served(people[0])


async def town_is_served(ana) -> bool:
    ana.reads_all()
    await ana.says("/balance")
    return "10,000.00" in (await ana.next()).text
