"""The human side: a person runs commands, presses, types into forms, and reads what he can see."""

import secrets
from collections.abc import Callable
from typing import Any

from tests.support.discord import shapes
from tests.support.discord.messages import Messages
from tests.support.discord.offers import Filled, NotOffered, filled_form, find_command
from tests.support.discord.rest import Rest
from tests.support.discord.world import (
    MENUS,
    Account,
    Channel,
    Interaction,
    Message,
    World,
    every_component,
)

JSON = dict[str, Any]
WAIT_SECONDS = 15.0


class Modal:
    """A form on somebody's screen."""

    def __init__(self, shape: JSON, opened_by: Interaction) -> None:
        self.shape = shape
        self.opened_by = opened_by
        self.title: str = shape["title"]
        self.custom_id: str = shape["custom_id"]

    @property
    def fields(self) -> dict[str, JSON]:
        """Its inputs by custom id, as on the wire."""
        every = every_component(self.shape["components"])
        return {one["custom_id"]: one for one in every if one.get("custom_id")}

    @property
    def labels(self) -> list[str]:
        every = every_component(self.shape["components"])
        return [one["label"] for one in every if one.get("label")]


class Turn:
    """What somebody did, and what the bot makes of it."""

    def __init__(self, interaction: Interaction, world: World) -> None:
        self.interaction = interaction
        self._world = world

    @property
    def replies(self) -> list[Message]:
        """Every message shown in answer so far, each once, in order."""
        return list(dict.fromkeys(self.interaction.shown))

    @property
    def follow_ups(self) -> list[Message]:
        return self.interaction.follow_ups

    @property
    def seconds_to_answer(self) -> float:
        """How long the first answer (a deferral, too) took."""
        assert self.interaction.acknowledged_at is not None
        return self.interaction.acknowledged_at - self.interaction.created_at

    async def answered(self, seconds: float = WAIT_SECONDS) -> int:
        """Wait for the first answer and return its type (5: deferred, 6: deferred update)."""
        look = lambda: self.interaction.answer_type or None  # noqa: E731 - one expression
        return await self._world.wait(look, seconds, "the application did not respond")

    async def reply(self, seconds: float = WAIT_SECONDS) -> Message:
        """Wait for the first message that is shown in answer: new, or the pressed one edited."""
        look = lambda: next(iter(self.interaction.shown), None)  # noqa: E731 - one expression
        return await self._world.wait(look, seconds, "no message came in answer")

    async def replies_are(self, count: int, seconds: float = WAIT_SECONDS) -> list[Message]:
        """Wait until `count` messages were shown in answer and return them."""
        look = lambda: self.replies if len(self.replies) >= count else None  # noqa: E731
        return await self._world.wait(look, seconds, f"no {count} messages came in answer")

    async def form(self, seconds: float = WAIT_SECONDS) -> Modal:
        """Wait for a modal."""
        shape = await self._world.wait(lambda: self.interaction.modal, seconds, "no form opened")
        return Modal(shape, self.interaction)

    async def choices(self, seconds: float = WAIT_SECONDS) -> list[tuple[str, Any]]:
        """Wait for completions and return (name, value)."""
        look = lambda: self.interaction.choices  # noqa: E731 - one expression
        found = await self._world.wait(look, seconds, "no completions came")
        return [(one["name"], one["value"]) for one in found]


class Person:
    """Somebody with a phone. Where no channel is given, he is in his private chat with the bot."""

    def __init__(self, account: Account, world: World, rest: Rest, messages: Messages) -> None:
        self.account = account
        self._world = world
        self._rest = rest
        self._messages = messages
        self._read: set[int] = set()

    @property
    def id(self) -> int:
        return self.account.id

    @property
    def name(self) -> str:
        return self.account.name

    @property
    def dm(self) -> Channel:
        """His private chat with the bot."""
        return self._world.dm(self.account)

    @property
    def messages(self) -> list[Message]:
        """What is in his private chat now, oldest first."""
        return [one for one in self.dm.messages.values() if one.is_seen_by(self.account)]

    def sees(self, place: Channel) -> list[Message]:
        """Return what he sees in a channel, oldest first."""
        return [one for one in place.messages.values() if one.is_seen_by(self.account)]

    def blocks(self, is_blocked: bool = True) -> None:
        """Shut his private chat to the bot (50007), or open it."""
        self.account.blocks_dms = is_blocked

    async def runs(self, command: str, /, where: Channel | None = None, **options: Any) -> Turn:
        """Run a slash command ("alert add" names a subcommand). Raises NotOffered."""
        place = self._at(where)
        name, *words = command.split()
        found = find_command(name, self._rest.commands, self.account, place, self._world)
        data = Filled(found, self.account).data(words, options)
        return self._send(2, place, data)

    async def asks(self, command: str, /, where: Channel | None = None, **options: Any) -> Message:
        """Run a slash command and return the first message that is shown in answer."""
        return await (await self.runs(command, where, **options)).reply()

    async def completes(
        self, command: str, option: str, typed: str, where: Channel | None = None, **others: Any
    ) -> list[tuple[str, Any]]:
        """Type into an option and return the (name, value) that are offered."""
        place = self._at(where)
        name, *words = command.split()
        found = find_command(name, self._rest.commands, self.account, place, self._world)
        data = Filled(found, self.account).data(words, {**others, option: typed}, focused=option)
        return await self._send(4, place, data).choices()

    async def presses(self, message: Message, button: str) -> Turn:
        """Press a button by its label or custom id. Raises NotOffered if he cannot."""
        self._must_see(message)
        for one in every_component(message.components):
            if one["type"] == 2 and button in (one.get("label"), one.get("custom_id")):
                if one.get("disabled") or not one.get("custom_id"):
                    raise NotOffered(f"{button!r} cannot be pressed")
                data = {"component_type": 2, "id": one["id"], "custom_id": one["custom_id"]}
                return self._send(3, message.channel, data, message)
        raise NotOffered(f"no button {button!r}: {message.labels}")

    async def picks(self, message: Message, menu: str, *values: str) -> Turn:
        """Choose options of a menu (by its custom id or placeholder), by value or label."""
        self._must_see(message)
        for one in every_component(message.components):
            if one["type"] in MENUS and menu in (one.get("placeholder"), one["custom_id"]):
                chosen = [_option(one, value) for value in values]
                data = {"component_type": one["type"], "id": one["id"], "values": chosen}
                data["custom_id"] = one["custom_id"]
                return self._send(3, message.channel, data, message)
        raise NotOffered(f"no menu {menu!r}")

    async def forges(self, message: Message, custom_id: str) -> Turn:
        """Press what is not there, or not his: a button of before, or a made-up one."""
        data = {"component_type": 2, "id": 1, "custom_id": custom_id}
        return self._send(3, message.channel, data, message)

    async def submits(self, form: Modal, *values: str, **fields: Any) -> Turn:
        """Send a form: values in order, or fields by custom id or label."""
        components = filled_form(form.shape, values, fields)
        data = {"custom_id": form.custom_id, "components": components}
        before = form.opened_by
        return self._send(5, before.channel, data, before.pressed, before)

    async def says(self, text: str, where: Channel | None = None) -> Message:
        """Write a message, which the bot gets to know only with the intents for it."""
        return self._messages.say(self.account, self._at(where), text)

    async def next(self, seconds: float = WAIT_SECONDS) -> Message:
        """Return the next message that the bot sent to his private chat unasked.

        Each is returned once, in order; answers to what he did come from their `Turn`.
        """

        def look() -> Message | None:
            for one in self.messages:
                is_pushed = one.author is self._world.bot and one.interaction is None
                if is_pushed and one.id not in self._read:
                    self._read.add(one.id)
                    return one
            return None

        return await self._world.wait(look, seconds, f"{self.name} got no message")

    async def until(
        self, predicate: Callable[[Message], bool], seconds: float = WAIT_SECONDS
    ) -> Message:
        """Wait until a message anywhere he can see fits, as it is then, and return it."""

        def look() -> Message | None:
            every = self._world.messages_of(self.account)
            return next((one for one in every if not one.is_loading and predicate(one)), None)

        try:
            return await self._world.wait(look, seconds, f"{self.name} saw no such message")
        except AssertionError as error:
            seen = [one.text for one in self._world.messages_of(self.account)][:5]
            raise type(error)(f"{error}; newest: {seen}") from None

    def _at(self, where: Channel | None) -> Channel:
        place = self.dm if where is None else where
        if place.guild is not None and self.account not in place.guild.members:
            place.guild.joins(self.account)
        if not place.is_open_to(self.account):
            raise NotOffered(f"{self.name} is not in this channel")
        return place

    def _must_see(self, message: Message) -> None:
        if message.is_loading or not message.is_seen_by(self.account):
            raise NotOffered(f"{self.name} does not see this message")

    def _send(
        self,
        kind: int,
        place: Channel,
        data: JSON,
        pressed: Message | None = None,
        before: Interaction | None = None,
    ) -> Turn:
        world = self._world
        made = Interaction(
            world.new_id(), secrets.token_urlsafe(48), kind, self.account, place, world.now(), data
        )
        made.pressed, made.opened_by = pressed, before
        world.interactions[made.token] = made
        world.publish("INTERACTION_CREATE", shapes.interaction_create(made, world), 0)
        world.touch()
        return Turn(made, world)


def _option(menu: JSON, value: str) -> str:
    for option in menu.get("options", []):
        if value in (option["value"], option["label"]):
            return option["value"]
    raise NotOffered(f"no option {value!r}")
