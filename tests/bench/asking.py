"""Asks the desk until it takes an order: it has no fresh numbers now and then."""

import asyncio
from collections.abc import Awaitable, Callable

from engine.desk import Answer
from engine.tickets import Ticket


async def ticket_of(ask: Callable[[], Awaitable[Answer]]) -> Ticket:
    """Return the ticket of what is asked; at most half a minute."""
    async with asyncio.timeout(30):
        while True:
            answer = await ask()
            if isinstance(answer, Ticket):
                return answer
            await asyncio.sleep(0.05)
