"""What is sent to a chat, before any platform's widgets: lines, buttons, pictures.

A message is made from a view (`layout`); a surface turns it into its own idiom. It knows intents,
never widgets, and decides nothing.
"""

from enum import StrEnum

from msgspec import Struct

from bot.conversation.presses import Press
from bot.views import CardView, ChartView


class Tone(StrEnum):
    """What a button or a message means; a surface chooses the color."""

    PLAIN = "plain"
    GOOD = "good"
    BAD = "bad"


class Button(Struct, frozen=True, kw_only=True):
    """One thing to tap: exactly one of a press, a text to copy, an address to open.

    `label` is plain text of at most 40 characters.
    """

    label: str
    press: Press | None = None
    copied: str = ""
    url: str = ""
    tone: Tone = Tone.PLAIN


class File(Struct, frozen=True, kw_only=True):
    """Something to download."""

    filename: str
    content: bytes


class Message(Struct, frozen=True, kw_only=True):
    """One message. The first of `lines` is what a push notification shows; only it is bold.

    `table`: rows for an aligned block, at most 28 columns, shown after the first line in place of
    `lines[1:]` where a surface can; `footer` follows either. `rows` of buttons: at most 8 of 4.
    `is_live`: it refreshes itself. `is_silent`: it comes without a sound. `answers_by_text`: the
    next line is its answer (`placeholder` is an example), so a surface may open its keyboard.
    `asks_room`: the line to be done in the room that its reader chooses.
    `locale` is the language it is written in, also for its picture.
    """

    lines: tuple[str, ...]
    table: tuple[str, ...] = ()
    footer: tuple[str, ...] = ()
    rows: tuple[tuple[Button, ...], ...] = ()
    tone: Tone = Tone.PLAIN
    picture: ChartView | CardView | None = None
    file: File | None = None
    is_live: bool = False
    is_silent: bool = False
    answers_by_text: bool = False
    placeholder: str = ""
    asks_room: str = ""
    locale: str = "en"


class Form(Struct, frozen=True, kw_only=True):
    """One question with a line to type: a modal where there are modals."""

    title: str
    label: str
    placeholder: str
