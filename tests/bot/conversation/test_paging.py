"""What is too long for one screen turns its pages, and no trade is ever left out."""

import re

import pytest

from bot.conversation.presses import encode
from tests.bot.conversation.desk import open_desk

MANY = 12


@pytest.fixture
async def desk(dsn):
    async with open_desk(dsn) as found:
        yield found


async def opened(desk, *coins):
    """Return somebody who has opened a trade of each coin."""
    ana = await desk.opens()
    for coin in coins:
        await ana.says(f"/buy {coin} 100")
    return ana


def numbers(ana):
    """Return the trades that have a button."""
    found = [re.match(r"#(\d+)", label) for label in ana.buttons]
    return [int(one[1]) for one in found if one]


async def all_pages(ana):
    """Turn to the last page and return the trades of all of them."""
    seen = numbers(ana)
    while "▶" in ana.buttons:
        await ana.presses("▶")
        assert "◀" in ana.buttons
        seen += numbers(ana)
    return seen


@pytest.mark.parametrize(
    "line",
    ["/close", "/close 50%", "/sl", "/tp", "/sell", "/close btc", "/sl btc 2%", "/trades btc"],
)
async def test_a_question_has_a_button_for_every_trade(desk, line):
    ana = await opened(desk, *["btc"] * MANY)
    await ana.says(line)
    assert await all_pages(ana) == list(range(1, MANY + 1))
    await ana.presses("◀")
    assert numbers(ana) == list(range(1, 9))


async def test_the_short_that_was_perhaps_meant_is_on_every_page(desk):
    ana = await opened(desk, *["btc"] * MANY)
    await ana.says("/sell btc 100")
    assert "Short" in ana.buttons
    await ana.presses("▶")
    assert "Short" in ana.buttons


async def test_turning_a_page_never_acts_even_when_one_trade_is_left(desk):
    ana = await opened(desk, "btc", "btc", "btc", "eth", *["btc"] * 6)
    await ana.says("/sl btc 2%")
    turn = ana.buttons["▶"]
    for number in (1, 2, 3, 5, 6, 7, 8, 9):
        await ana.says(f"/close {number}")
    await ana.does(payload=encode(turn), message_id="9")
    assert numbers(ana) == [10]
    assert await desk.house.tables.fetchval("SELECT count(stop_price) FROM trades") == 0


async def test_a_number_on_another_page_answers_as_well(desk):
    ana = await opened(desk, *["btc"] * MANY)
    await ana.says("/close")
    assert "#12" in await ana.says("12")


def listed(ana):
    """Return the trades that are listed in a line each."""
    return [int(number) for number in re.findall(r"^#(\d+)", ana.text, re.MULTILINE)]


async def test_a_group_is_previewed_in_pages_and_closed_as_it_was_shown(desk):
    ana = await opened(desk, *["btc"] * MANY)
    assert "these 12 trades" in await ana.says("/close all")
    seen, turn = listed(ana), ana.buttons["▶"]
    await ana.says("/buy btc 100")  # no part of what was shown
    await ana.does(payload=encode(turn), message_id="9")
    assert "these 12 trades" in ana.text
    assert seen + listed(ana) == list(range(1, MANY + 1))
    await ana.presses("Close 12")
    assert "12 trades closed" in ana.text
    assert "#13" in await ana.says("/trades")


async def test_every_plan_has_a_button(desk):
    ana = await desk.opens()
    for number in range(20):
        await ana.says(f"/plan p{number:02} {100 + number}")
    await ana.says("/plan")
    named = plans_of(ana)
    while "▶" in ana.buttons:
        await ana.presses("▶")
        named += plans_of(ana)
    assert named == [f"/buy plan=p{number:02}" for number in range(20)]


def plans_of(ana):
    """Return the orders that the buttons begin with a plan."""
    return [press.line for press in ana.buttons.values() if "plan=" in press.line]
