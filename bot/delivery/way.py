"""The way out that surfaces and the relay share: one gate per platform, and what a failure means.

It changes no message and remembers none.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from bot.delivery.courier import Courier, Handle, Priority, TryLater, Unreachable
from bot.delivery.gate import BUDGETS, Gate
from bot.messages import Message
from engine.clock import Clock

ANSWER_SECONDS = 60.0
OTHERS_SECONDS = 600.0
CHAT_REST_SECONDS = 0.5
PAUSE_SECONDS = 0.5
PAUSE_SECONDS_MAX = 8.0

Sent = TypeVar("Sent")


class NoTurn(Unreachable):
    """No turn came in time: nothing was sent."""


class GatedWay:
    """Send and edit when it is one's turn. One gate per platform."""

    def __init__(self, gates: Mapping[str, Gate], clock: Clock) -> None:
        self._gates = gates
        self._clock = clock

    def gate(self, platform: str) -> Gate:
        """Return a platform's gate."""
        return self._gates[platform]

    async def send(
        self, courier: Courier, chat_id: str, message: Message, priority: Priority, **where: Any
    ) -> Handle:
        """Send, again and again as the platform asks; see `_persist`."""

        async def attempt(within_seconds: float) -> Handle:
            await self.turn(courier, chat_id, priority, within_seconds)
            return await self.send_now(courier, chat_id, message, **where)

        return await self._persist(priority, attempt)

    async def edit(
        self, courier: Courier, handle: Handle, message: Message, priority: Priority
    ) -> None:
        """Edit, again and again as the platform asks; an edit may safely be repeated."""

        async def attempt(within_seconds: float) -> None:
            await self.turn(courier, handle.chat_id, priority, within_seconds)
            await self.edit_now(courier, handle, message)

        await self._persist(priority, attempt, is_harmless=True)

    async def send_soon(
        self, courier: Courier, chat_id: str, message: Message, priority: Priority
    ) -> Handle:
        """Send once, for who has other chats to go on with: a chat's pause is raised, not kept."""
        await self.turn_soon(courier, chat_id, priority, OTHERS_SECONDS)
        return await self.send_now(courier, chat_id, message)

    async def turn(
        self, courier: Courier, chat_id: str, priority: Priority, within_seconds: float
    ) -> None:
        """Take one turn. Raises NoTurn when none comes in time, Crowded."""
        gate = self._gates[courier.platform]
        async with _in_time(within_seconds):
            await gate.turn(chat_id, priority, is_group=is_group(chat_id))

    async def turn_soon(
        self, courier: Courier, chat_id: str, priority: Priority, within_seconds: float
    ) -> None:
        """Take one turn. Raises Resting once the chat rests for more than half a second, too."""
        gate, patience = self._gates[courier.platform], CHAT_REST_SECONDS
        async with _in_time(within_seconds):
            await gate.turn(chat_id, priority, is_group=is_group(chat_id), patience=patience)

    async def send_now(
        self, courier: Courier, chat_id: str, message: Message, **where: Any
    ) -> Handle:
        """Send within a turn that was taken. A pause that is asked for is kept, and raised."""
        try:
            return await courier.send(chat_id, message, **where)
        except TryLater as error:
            self._keep_pause(courier, chat_id, error)
            raise
        except (
            OSError,
            RuntimeError,
        ) as error:  # a courier names its failures; this one slipped through
            raise Unreachable(type(error).__name__, is_unknown=True) from error

    async def edit_now(self, courier: Courier, handle: Handle, message: Message) -> None:
        """Edit within a turn that was taken."""
        try:
            await courier.edit(handle, message)
        except TryLater as error:
            self._keep_pause(courier, handle.chat_id, error)
            raise
        except (OSError, RuntimeError) as error:
            raise Unreachable(type(error).__name__, is_unknown=True) from error

    def hold(self, platform: str, chat_id: str, seconds: float) -> None:
        """Keep a chat's turn back, or (an empty id) everybody's."""
        self._gates[platform].hold(chat_id, seconds)

    def _keep_pause(self, courier: Courier, chat_id: str, asked: TryLater) -> None:
        self.hold(courier.platform, "" if asked.is_global else chat_id, asked.seconds)

    async def _persist(
        self,
        priority: Priority,
        attempt: Callable[[float], Awaitable[Sent]],
        *,
        is_harmless: bool = False,
    ) -> Sent:
        """Try until it is done, refused, or too late: 60 s for an ANSWER, else 10 minutes.

        An ANSWER outlives a platform that does not answer, unless it may have arrived.
        """
        seconds = ANSWER_SECONDS if priority is Priority.ANSWER else OTHERS_SECONDS
        deadline = self._clock.monotonic() + seconds
        pause = PAUSE_SECONDS
        while True:
            try:
                return await attempt(deadline - self._clock.monotonic())
            except TryLater as error:
                if self._clock.monotonic() + error.seconds >= deadline:
                    raise
            except Unreachable as error:
                is_final = error.is_unknown and not is_harmless
                is_late = self._clock.monotonic() + pause >= deadline
                if priority is not Priority.ANSWER or is_final or is_late:
                    raise
                await asyncio.sleep(pause)
                pause = min(pause * 2, PAUSE_SECONDS_MAX)


@asynccontextmanager
async def _in_time(seconds: float) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(max(0.0, seconds)):
            yield
    except TimeoutError:
        raise NoTurn("no turn in time") from None


def make_way(clock: Clock) -> GatedWay:
    """Return the way out of a process, with both platforms' budgets."""
    return GatedWay({name: Gate(budget, clock) for name, budget in BUDGETS.items()}, clock)


def is_group(chat_id: str) -> bool:
    """Tell a room of many: Telegram's have negative ids; Discord limits none per minute."""
    return chat_id.startswith("-")
