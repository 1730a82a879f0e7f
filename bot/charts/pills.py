"""Prices at the right of a chart, each in a pill at its height; none ever covers another."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.charts.boxes import Box, spread
from bot.charts.canvas import Canvas, Lettering, Pen, width_of
from bot.charts.panel import Panel

TEXT_PX = 28.0
HEIGHT = 44.0
PITCH = 50.0
MARGIN = 14.0
BEYOND = {1: "▲ ", -1: "▼ ", 0: ""}


@dataclass(frozen=True)
class Pill:
    """One price to name. `ground` fills it; without one its outline is drawn in `ink`.

    Where there are more than fit, those of low `rank` stay.
    """

    text: str
    price: Decimal
    ink: str
    ground: str | None = None
    rank: int = 0


def column_width(pills: Sequence[Pill], panel_texts: Sequence[str]) -> float:
    """Return how much room the pills and the axis' own texts need at the right."""
    texts = [f"{BEYOND[1]}{pill.text}" for pill in pills]
    return max(width_of(text, TEXT_PX) for text in (*texts, *panel_texts, "")) + 2 * MARGIN


def draw_pills(canvas: Canvas, panel: Panel, pills: Sequence[Pill], column: Box) -> list[Box]:
    """Draw pills into a column beside the panel; return their boxes."""
    room = int(column.height // PITCH)
    kept = sorted(pills, key=lambda pill: pill.rank)[:room]
    kept.sort(key=lambda pill: (panel.y(pill.price), -pill.price))
    wanted = [panel.y(pill.price) for pill in kept]
    boxes: list[Box] = []
    for pill, y, at in zip(
        kept, spread(wanted, PITCH, column.top, column.bottom), wanted, strict=True
    ):
        text = BEYOND[panel.is_beyond(pill.price)] + pill.text
        box = Box(
            column.left,
            round(y - HEIGHT / 2),
            column.left + width_of(text, TEXT_PX) + 2 * MARGIN,
            round(y + HEIGHT / 2),
        )
        color = pill.ground or pill.ink
        elbow = [(panel.box.right, at), (column.left - 8, y), (column.left, y)]
        canvas.line(elbow, Pen(color, 3))
        if pill.ground:
            canvas.fill(box, pill.ground, radius=10)
        else:
            canvas.frame(box, Pen(pill.ink, 3), radius=10)
        canvas.write(text, column.left + MARGIN, y, Lettering(TEXT_PX, pill.ink))
        boxes.append(box)
    return boxes
