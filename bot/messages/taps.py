"""Makes buttons: a label, what it does, and whose it is."""

import secrets
import string
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.conversation.presses import Press, PressKind
from bot.grammar.words import in_words_of
from bot.messages import Button, Tone
from bot.text import Words
from bot.views import AskCode
from bot.views.paging import page_count, page_of

LABEL_MAX = 40
NONCE_LETTERS = 6
ALPHABET = string.ascii_letters + string.digits

Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True)
class Taps:
    """Buttons in one person's words, bound to `owner` where others could press."""

    words: Words
    owner: str = ""

    def say(self, name: str, /, **placeholders: object) -> str:
        """Return a button's text."""
        return self.words.say(f"button-{name}", **placeholders)

    def do(self, label: str, line: str, tone: Tone = Tone.PLAIN) -> Button:
        """Do a line that changes no money; pressing twice does no harm."""
        return self._button(label, Press(kind=PressKind.DO, line=line, owner=self.owner), tone)

    def once(self, label: str, line: str, tone: Tone = Tone.PLAIN) -> Button:
        """Do a line that may change money, once however often it is pressed."""
        press = Press(kind=PressKind.DO, line=line, owner=self.owner, nonce=nonce())
        return self._button(label, press, tone)

    def ask(self, label: str, line: str, tone: Tone = Tone.PLAIN) -> Button:
        """Preview a line and ask; it is done at once for who wants no questions, and once."""
        press = Press(kind=PressKind.ASK, line=line, owner=self.owner, nonce=nonce())
        return self._button(label, press, tone)

    def step(self, label: str, line: str, asked: tuple[AskCode, ...] = ()) -> Button:
        """Go on with an order that is still growing; the first of `asked` was just answered."""
        press = Press(
            kind=PressKind.STEP,
            line=line,
            owner=self.owner,
            asks=asked[0] if asked else None,
            asked=asked[1:],
        )
        return self._button(label, press)

    def form(self, label: str, line: str, asked: tuple[AskCode, ...] = ()) -> Button:
        """Ask for one more word, typed; the first of `asked` is what it answers."""
        press = Press(
            kind=PressKind.FORM,
            line=line,
            owner=self.owner,
            asks=asked[0] if asked else None,
            asked=asked[1:],
        )
        return self._button(label, press)

    def press(self, label: str, kind: PressKind, line: str = "") -> Button:
        """Make a button of any other kind."""
        return self._button(label, Press(kind=kind, line=line, owner=self.owner))

    def go(self, name: str, line: str) -> Button:
        """Do a line under its usual name."""
        return self.do(self.say(name), line)

    def trade(self, number: int) -> Button:
        """Show a trade."""
        return self.do(self.say("trade", number=str(number)), f"/trades {number}")

    def line(self, line: str, *, is_typed: bool = False) -> str:
        """Return a line as its reader would type it; `is_typed`: its numbers are his already."""
        return in_words_of(line, self.words.locale, is_typed=is_typed)

    def marked(self, button: Button, *, is_chosen: bool) -> Button:
        """Mark the button of what holds now."""
        if not is_chosen:
            return button
        label = clipped(self.say("chosen", label=button.label))
        return Button(label=label, press=button.press, tone=button.tone)

    def _button(self, label: str, press: Press, tone: Tone = Tone.PLAIN) -> Button:
        return Button(label=clipped(label), press=press, tone=tone)


def clipped(label: str) -> str:
    """Return one printable line of at most 40 characters."""
    line = " ".join(label.split())
    return line if len(line) <= LABEL_MAX else line[: LABEL_MAX - 1] + "…"


def nonce() -> str:
    """Return five letters or digits that name one showing of a button."""
    return "".join(secrets.choice(ALPHABET) for _ in range(NONCE_LETTERS))


def in_rows(buttons: list[Button], width: int) -> Rows:
    """Return buttons in rows of so many."""
    return tuple(tuple(buttons[at : at + width]) for at in range(0, len(buttons), width))


def turning(rows: Sequence[object], page: int, line_of: Callable[[int], str], taps: Taps) -> Rows:
    """Return the row that turns to the page before and after; none where there is one page.

    `line_of` writes the line that shows a page.
    """
    now = page_of(rows, page)
    before = [taps.go("page-previous", line_of(now - 1))] if now > 1 else []
    after = [taps.go("page-next", line_of(now + 1))] if now < page_count(rows) else []
    return (tuple(before + after),) if before or after else ()
