"""How a room of many is spoken to: in its own language, and with its pause between two answers."""

from bot.conversation.said import Room
from bot.use_cases.context import Context


class Manners:
    """What holds in one room. `spoken`: when each room was last answered (monotonic s)."""

    def __init__(
        self, context: Context, spoken: dict[str, float], platform: str, room: Room
    ) -> None:
        self._context = context
        self._spoken = spoken
        self._platform = platform
        self._room = room
        self._cooldown = 0
        self.locale: str | None = None

    @property
    def name(self) -> str:
        """Name the room among all platforms'."""
        return f"{self._platform}:{self._room.id}"

    async def learn(self) -> None:
        """Read what the room's admin has set; nothing holds in private. Raises StoreError."""
        if self._room.is_private:
            return
        settings = await self._context.house.room(self._platform, self._room.id)
        self.locale, self._cooldown = settings.locale, settings.cooldown_seconds

    def may_speak(self) -> bool:
        """Tell whether the room's pause between two answers has passed, and begin the next."""
        now = self._context.clock.monotonic()
        if now - self._spoken.get(self.name, -self._cooldown) < self._cooldown:
            return False
        self._spoken[self.name] = now
        return True
