"""Somebody at the desk of a whole application: he says and presses, and reads what is shown."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec

from bot.conversation.presses import Press, encode
from bot.conversation.said import Asked, Room, Shown
from bot.messages import Message
from tests.security import scene
from tests.security.scene import House, Person, open_house

GROUP = Room(id="-77", is_private=False, name="Traders")


class Somebody:
    """One person in one room. `shown` is what the last thing he did has led to."""

    def __init__(self, house: House, person: Person, room: Room) -> None:
        self.house = house
        self.person = person
        self.room = room
        self.shown: list[Shown | Asked] = []

    async def says(self, line: str, **more: Any) -> str:
        """Say a line and return what is shown."""
        return await self.does(line=line, **more)

    async def presses(self, label: str, **more: Any) -> str:
        """Press the button of this label, or one that begins with it, as shown last."""
        found = [press for name, press in self.buttons.items() if name.startswith(label)]
        assert found, f"no {label!r} among {list(self.buttons)}"
        return await self.does(payload=encode(found[0]), **{"message_id": "7", **more})

    async def does(self, **said: Any) -> str:
        """Do anything that can be done; nobody asks too fast here."""
        self.house.app.talks._talk.floods._people._buckets.clear()
        self.shown = await self.house.hears(self.person, self.room, **said)
        return self.text

    @property
    def messages(self) -> list[Message]:
        return [one.message for one in self.shown if isinstance(one, Shown)]

    @property
    def text(self) -> str:
        return "\n".join(
            line for one in self.messages for line in (*one.lines, *one.table, *one.footer)
        )

    @property
    def buttons(self) -> dict[str, Press]:
        """Return the last messages' buttons by their labels."""
        rows = (row for one in self.messages for row in one.rows)
        return {one.label: one.press for row in rows for one in row if one.press}

    def in_room(self, room: Room) -> "Somebody":
        """Return the same person elsewhere."""
        return Somebody(self.house, self.person, room)


class Desk:
    """The application and its market."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.app = house.app

    async def opens(self, **named: str) -> Somebody:
        """Return somebody new with 10,000 USDT, in his private chat."""
        return Somebody(self.house, await self.house.enrolled(**named), self.house.room())

    def stranger(self, **named: str) -> Somebody:
        """Return somebody without an account, in his private chat."""
        return Somebody(self.house, self.house.person(**named), self.house.room())

    async def moves(self, symbol: str, price: str) -> None:
        """Let a price move, and wait until the desk has seen it."""
        scene.PRICES[symbol] = price
        async with asyncio.timeout(10):
            while True:
                place = await self.app.context.desk.quote(symbol)
                if place is not None and place.last_price == price:
                    return
                await asyncio.sleep(0.01)


@asynccontextmanager
async def open_desk(dsn: str, **environ: str) -> AsyncIterator[Desk]:
    """Run the application; prices are afterwards what they were before."""
    before = dict(scene.PRICES)
    scene.PRICES["USDTBRL"] = "5.5"
    try:
        async with open_house(dsn, **environ) as house:
            desk = Desk(house)
            for symbol, price in scene.PRICES.items():
                await desk.moves(symbol, price)
            yield desk
    finally:
        scene.PRICES.clear()
        scene.PRICES.update(before)


def everything_of(shown: list[Shown | Asked]) -> str:
    """Return all that was shown, pictures and buttons included, as one text."""
    return str(msgspec.to_builtins([one.message for one in shown if isinstance(one, Shown)]))
