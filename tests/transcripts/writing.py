"""Writes messages as each surface shows them: lines, Telegram's HTML, Discord's components.

Below a chat's text stand its buttons, and what each does.
"""

import asyncio
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from telegram import InlineKeyboardMarkup

from bot.conversation.presses import decode
from bot.messages import Message
from bot.messages.layout import lay
from bot.messages.parking import Parking
from bot.surfaces.discord.rendering import rendered
from bot.surfaces.telegram.keyboards import Keyboards
from bot.surfaces.telegram.markup import text_html
from bot.text import Words
from bot.text.catalog import LOCALES
from bot.views import View
from bot.views.plain import lines_of
from tests.bot.views.samples import CATALOG
from tests.transcripts.samples import KINDS, SAMPLES

FOLDER = Path(__file__).parent
KEYBOARDS = Keyboards(CATALOG, "vigilante_bot")
DISCORD_STYLES = {3: "+", 4: "!"}
TEXT_DISPLAY, ACTION_ROW, MEDIA, FILE = 10, 1, 12, 13

Writer = Callable[[View, Words], str]


async def _park(line: str) -> str:
    del line
    return "T" * 16


def message_of(view: View, words: Words) -> Message:
    """Lay a view out as a talk does, what is too long parked."""
    return asyncio.run(Parking(_park).fitted(lay(view, words, owner="1234567890123456789")))


def terminal(view: View, words: Words) -> str:
    """Write a view as the terminal's lines."""
    return "\n".join(lines_of(view, words))


def telegram(view: View, words: Words) -> str:
    """Write a view as Telegram gets it."""
    message = message_of(view, words)
    lines = [text_html(message), *_marks(message)]
    markup = KEYBOARDS.under(message, is_group=False)
    if isinstance(markup, InlineKeyboardMarkup):
        for row in markup.inline_keyboard:
            styles = {"success": "+", "danger": "!"}
            labels = [f"[{styles.get(str(one.style), '')}{one.text}]" for one in row]
            does = [_does(str(one.callback_data or one.url or "copy")) for one in row]
            lines += [" ".join(labels), "    " + " · ".join(does)]
    return "\n".join(lines)


def discord(view: View, words: Words) -> str:
    """Write a view as Discord gets it."""
    message = message_of(view, words)
    made = rendered(message, b"" if message.picture else None)
    lines: list[str] = []
    for item in _items(made.view.to_components()):
        if item["type"] == TEXT_DISPLAY:
            lines += [item["content"], *_marks(message)]
        elif item["type"] == ACTION_ROW:
            row = item["components"]
            labels = [f"[{DISCORD_STYLES.get(one['style'], '')}{one['label']}]" for one in row]
            does = [_does(one["custom_id"].removeprefix("v1:")) for one in row]
            lines += [" ".join(labels), "    " + " · ".join(does)]
    return "\n".join(lines)


def _items(components: list[dict]) -> Iterator[dict]:
    for component in components:
        if component["type"] == ACTION_ROW:
            yield component
            continue
        yield component
        yield from _items(component.get("components", []))


def _marks(message: Message) -> list[str]:
    marks = {
        "picture": message.picture is not None,
        "file": message.file is not None,
        "live": message.is_live,
        "silent": message.is_silent,
        f"asks room for {message.asks_room}": bool(message.asks_room),
        f"answers by text, like {message.placeholder}": message.answers_by_text,
    }
    held = [name for name, is_held in marks.items() if is_held]
    return [f"({', '.join(held)})"] if held else []


def _does(payload: str) -> str:
    press = decode(payload)
    return (
        f"{press.kind.name.lower()} {press.line!s}".replace("\n", "⏎").rstrip()
        if press
        else payload
    )


WRITERS: dict[str, Writer] = {"terminal": terminal, "telegram": telegram, "discord": discord}


def transcripts() -> Iterator[tuple[Path, str]]:
    """Return every file with what it should hold: one for each locale, surface and kind of view."""
    for locale in LOCALES:
        words = Words(CATALOG, locale)
        for surface, write in WRITERS.items():
            for kind in KINDS:
                named = {name: view for name, view in SAMPLES.items() if type(view) is kind}
                texts = [f"── {name}\n{write(view, words)}\n" for name, view in named.items()]
                yield FOLDER / locale / surface / f"{_name(kind)}.txt", "\n".join(texts)


def _name(kind: type) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", kind.__name__.removesuffix("View")).lower()
