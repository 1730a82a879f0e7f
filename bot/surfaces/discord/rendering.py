"""Turns a message into Discord's components: one container with text, picture, file and buttons.

Discord takes at most 40 components and 4,000 characters; what is too much is cut at a line.
"""

import io
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import discord
from discord import ui

from bot.conversation.presses import encode
from bot.messages import Button, Form, Message, Tone
from bot.surfaces.discord.escaping import as_code, harmless, one_line

TEXT_MAX = 4000
COMPONENTS_MAX = 40
ROW_MAX = 5
LABEL_MAX = 80
PREFIX = "v1:"
PICTURE = "vigilante.png"
TYPED = "typed"
ACCENTS = {Tone.GOOD: 0x3FD0C9, Tone.BAD: 0xF2643D}
STYLES = {
    Tone.PLAIN: discord.ButtonStyle.secondary,
    Tone.GOOD: discord.ButtonStyle.success,
    Tone.BAD: discord.ButtonStyle.danger,
}


@dataclass(frozen=True)
class Rendered:
    """A message as Discord takes it. `files` are what the view's attachments name."""

    view: ui.LayoutView
    files: list[discord.File]


def rendered(
    message: Message, picture: bytes | None = None, choice: ui.Select[Any] | None = None
) -> Rendered:
    """Return a message's components; `picture` is the PNG painted for `message.picture`.

    `choice` is a menu for what the message asks to choose.
    The view is stopped: presses are found by their template, so the library keeps nothing.
    """
    container = ui.Container(accent_color=ACCENTS.get(message.tone))
    files: list[discord.File] = []
    container.add_item(ui.TextDisplay(_text(message)))
    if picture is not None:
        files.append(discord.File(io.BytesIO(picture), PICTURE))
        container.add_item(ui.MediaGallery(discord.MediaGalleryItem(f"attachment://{PICTURE}")))
    if message.file is not None:
        file = discord.File(io.BytesIO(message.file.content), message.file.filename)
        files.append(file)
        container.add_item(ui.File(file))
    if choice is not None:
        container.add_item(ui.ActionRow(choice))
    used = 1 + sum(1 for _ in container.walk_children())
    for row in _rows(message.rows, COMPONENTS_MAX - used):
        container.add_item(ui.ActionRow(*(_button(button) for button in row)))
    view = ui.LayoutView(timeout=None)
    view.add_item(container)
    view.stop()
    return Rendered(view, files)


def modal(payload: str, form: Form) -> ui.Modal:
    """Return a form with one line to type; its answer comes back under the same payload."""
    shown = ui.Modal(title=_cut(form.title, 45), custom_id=PREFIX + payload, timeout=None)
    line = ui.TextInput[ui.Modal](
        custom_id=TYPED, placeholder=_cut(form.placeholder, 100) or None, max_length=200
    )
    shown.add_item(ui.Label(text=_cut(form.label, 45), component=line))
    shown.stop()
    return shown


def _text(message: Message) -> str:
    first, *rest = message.lines or ("",)
    copied = {button.copied: button.label for button in _flat(message.rows) if button.copied}
    below = _block(message.table) if message.table else [_line(line, copied) for line in rest]
    below.extend(map(harmless, message.footer))
    below.extend(
        f"{harmless(label)}: {_span(text)}" for text, label in copied.items() if text not in rest
    )
    title = harmless(first.strip()) if first.strip() else ""
    lines = [f"**{title}**", *below] if title else below
    return _fitting(lines) if any(lines) else "…"


def _line(line: str, copied: Container[str]) -> str:
    """Write one line; what is to be copied, and stands alone in it, as code: a tap holds it."""
    return _span(line) if line in copied else harmless(line)


def _span(text: str) -> str:
    return f"`{as_code(text)}`"


def _block(table: Sequence[str]) -> list[str]:
    return ["```", *(as_code(line) for line in table), "```"]


def _fitting(lines: list[str]) -> str:
    """Cut at a line where Discord would refuse; an open code block is closed."""
    text = "\n".join(lines)
    if len(text) <= TEXT_MAX:
        return text
    room = TEXT_MAX - len("\n```\n…")
    kept: list[str] = []
    for line in lines:
        if room < len(line) + 1:
            break
        room -= len(line) + 1
        kept.append(line)
    is_open = kept.count("```") % 2 == 1
    shown = kept or [lines[0][: TEXT_MAX // 2].rstrip("\\")]
    return "\n".join([*shown, "```", "…"] if is_open else [*shown, "…"])


def _flat(rows: Iterable[Iterable[Button]]) -> list[Button]:
    return [button for row in rows for button in row]


def _rows(rows: Sequence[Sequence[Button]], room: int) -> list[list[Button]]:
    """Keep the rows where they fit, else fill them up; what is still too much goes, not the end."""
    kept = _pressable(rows)
    if _cost(kept) > room or any(len(row) > ROW_MAX for row in kept):
        kept = _filled(_flat(kept))
    buttons, end = _flat(kept), kept[-1] if kept else []
    while _cost(kept) > room:
        del buttons[-len(end) - 1 if len(buttons) > len(end) else -1]
        kept = _filled(buttons)
    return kept


def _pressable(rows: Sequence[Sequence[Button]]) -> list[list[Button]]:
    """Leave out what is only copied, and a second button that does the very same."""
    seen: set[str] = set()
    kept: list[list[Button]] = []
    for row in rows:
        fresh: list[Button] = []
        for button in row:
            name = encode(button.press) if button.press else button.url
            if name and name not in seen:
                seen.add(name)
                fresh.append(button)
        if fresh:
            kept.append(fresh)
    return kept


def _filled(buttons: list[Button]) -> list[list[Button]]:
    return [buttons[at : at + ROW_MAX] for at in range(0, len(buttons), ROW_MAX)]


def _cost(rows: Sequence[Sequence[Button]]) -> int:
    return sum(1 + len(row) for row in rows)


def _button(button: Button) -> ui.Button[ui.LayoutView]:
    label = _cut(button.label, LABEL_MAX) or "…"
    if button.press is None:
        return ui.Button(label=label, url=button.url)
    custom_id = PREFIX + encode(button.press)
    return ui.Button(label=label, custom_id=custom_id, style=STYLES[button.tone])


def _cut(text: str, length: int) -> str:
    """Labels and forms show no markup, so there is nothing to escape in them."""
    line = one_line(text).strip()
    return line if len(line) <= length else f"{line[: length - 1]}…"
