"""Cards follow the message that told a trade's end; no chat's pause holds up another's."""

import asyncio
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import pytest

from bot.delivery import cards as cards_module
from bot.delivery.cards import CROWD, CardParts, Cards
from bot.delivery.courier import Gone, Priority, TryLater, Unreachable
from bot.delivery.gate import Gate
from bot.delivery.way import GatedWay
from bot.text import load_catalog
from bot.use_cases import charting
from engine.clock import SystemClock
from tests.bot.charts.sitters import card as a_card
from tests.bot.delivery.scene import QUICK, ListCourier

ANA = SimpleNamespace(locale="en", zone="UTC")


class Stage:
    """Cards of people 1 to 9 on platforms that are lists."""

    def __init__(self) -> None:
        self.clock = SystemClock()
        self.couriers = {name: ListCourier(name) for name in ("telegram", "discord")}
        self.telegram = self.couriers["telegram"]
        self.way = GatedWay({name: Gate(QUICK, self.clock) for name in self.couriers}, self.clock)
        books: Any = SimpleNamespace(person=self._person)
        context: Any = SimpleNamespace(books=books, clock=self.clock)
        self.cards = Cards(CardParts(context, self.way, load_catalog()))
        for name, courier in self.couriers.items():
            self.cards.attach(name, courier)

    async def _person(self, _platform: str, person_id: str) -> Any:
        return ANA if person_id in "123456789" else None


@pytest.fixture
async def stage(monkeypatch) -> AsyncIterator[Stage]:
    async def card(_context: Any, _caller: Any, _request: Any) -> Any:
        return a_card()

    monkeypatch.setattr(cards_module, "BREATH_SECONDS", 0.02)
    monkeypatch.setattr(charting, "card", card)
    stage = Stage()
    task = asyncio.create_task(stage.cards.run())
    yield stage
    assert not task.done(), task.exception()
    task.cancel()
    await asyncio.wait({task})


async def test_a_chat_that_must_rest_holds_up_no_other_chats_card(stage: Stage):
    stage.telegram.script["1"] = [TryLater(1.5)]
    stage.cards.follow("telegram:1", 1)
    await asyncio.sleep(0.2)
    stage.cards.follow("telegram:2", 1)
    stage.cards.follow("discord:3", 1)
    assert await stage.telegram.told("2") < 1
    assert await stage.couriers["discord"].told("3") < 1
    assert stage.telegram.texts("1") == []
    await stage.telegram.told("1")


async def test_a_chat_gets_its_cards_in_order_and_a_pause_keeps_it(stage: Stage):
    stage.telegram.script["1"] = [TryLater(0.3)]
    for number in (1, 2, 3):
        stage.cards.follow("telegram:1", number)
    await stage.telegram.told("1", 3)
    assert stage.telegram.calls == 4


async def test_one_chat_that_rests_leaves_room_for_the_others(stage: Stage):
    stage.telegram.script["1"] = [TryLater(30)]
    for number in range(500):
        stage.cards.follow("telegram:1", number)
    stage.cards.follow("telegram:2", 1)
    await stage.telegram.told("2")


@pytest.mark.parametrize("trouble", [Gone("blocked"), Unreachable("away"), KeyError("x")])
async def test_a_card_that_cannot_be_sent_costs_no_other(stage: Stage, trouble: Any):
    stage.telegram.script["1"] = [trouble]
    for chat_id in ("1", "2"):
        stage.cards.follow(f"telegram:{chat_id}", 1)
    await stage.telegram.told("2")
    assert stage.telegram.texts("1") == []


async def test_there_are_no_cards_for_strangers_for_a_crowd_or_without_a_way_out(stage: Stage):
    gate = stage.way.gate("telegram")
    gate.hold("9", 30)
    crowd = [asyncio.create_task(gate.turn("9", Priority.EXIT)) for _ in range(CROWD)]
    await asyncio.sleep(0)
    stage.cards.follow("telegram:1", 1)
    for task in crowd:
        task.cancel()
    await asyncio.wait(crowd)
    stage.cards.attach("discord", None)
    stage.cards.follow("discord:1", 1)
    stage.cards.follow("telegram:77", 1)
    stage.cards.follow("telegram:2", 1)
    await stage.telegram.told("2")
    assert stage.telegram.calls == 1
    assert stage.couriers["discord"].calls == 0
