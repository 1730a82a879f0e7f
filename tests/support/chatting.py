"""People chatting with the whole application over stand-ins: lines in, rendered lines out."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count

from bot.app import App, live_venue, opened
from bot.conversation import Dialogue
from bot.settings import Settings
from bot.text import Words, load_catalog
from bot.use_cases.context import Identity
from bot.views.plain import lines_of
from tests.support.house import quick_feed

CATALOG = load_catalog()
_keys = count(1)


class Chat:
    """One person's chat: `say` a line, get what is shown."""

    def __init__(self, app: App, name: str, locale: str = "en") -> None:
        self.door = app.door(Identity("terminal", name, name, locale, "UTC"))
        self.dialogue = Dialogue(self.door, is_asking=True)

    async def say(self, line: str) -> str:
        """Return everything that a line leads to, as one text."""
        heard = self.dialogue.hear(line)
        shown = [self._text(view) for view in heard.views]
        if heard.request is not None:
            views = self.dialogue.answer(heard.request, f"test:{next(_keys)}")
            shown.extend([self._text(view) async for view in views])
        return "\n".join(shown)

    async def notice(self) -> str:
        """Return the next thing that is told unasked."""
        async for view in self.door.notices():
            return self._text(view)
        raise AssertionError("notices never end")

    def _text(self, view) -> str:
        words = Words(CATALOG, self.door.locale, self.door.zone)
        return "\n".join(lines_of(view, words))


@asynccontextmanager
async def open_app(dsn: str, stand_in) -> AsyncIterator[App]:
    """Run the whole application against a stand-in."""
    async with opened(Settings.from_environ({}), dsn, live_venue(quick_feed(stand_in))) as app:
        assert await app.engine.wait_armed(10)
        yield app
