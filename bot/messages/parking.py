"""Makes every button fit: what is too long for one is parked, and the button carries its ticket."""

from collections.abc import Awaitable, Callable

from msgspec import structs

from bot.conversation.presses import Press, PressKind, encode
from bot.messages import Button, Message

Park = Callable[[str], Awaitable[str]]


class Parking:
    """Parks lines of buttons by `park`, which returns a ticket."""

    def __init__(self, park: Park) -> None:
        self._park = park

    async def fitted(self, message: Message) -> Message:
        """Return the message with buttons that all can be sent."""
        if all(_fits(button) for row in message.rows for button in row):
            return message
        rows = [tuple([await self._fitted(one) for one in row]) for row in message.rows]
        return structs.replace(message, rows=tuple(rows))

    async def _fitted(self, button: Button) -> Button:
        if _fits(button) or button.press is None:
            return button
        ticket = await self._park(f"{button.press.kind}|{button.press.line}")
        owner, nonce = button.press.owner, button.press.nonce
        parked = Press(kind=PressKind.PARKED, line=ticket, owner=owner, nonce=nonce)
        return structs.replace(button, press=parked)


def _fits(button: Button) -> bool:
    if button.press is None:
        return True
    try:
        encode(button.press)
    except ValueError:
        return False
    return True
