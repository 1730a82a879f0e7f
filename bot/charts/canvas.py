"""A sheet of pixels: text, lines, boxes and dots, drawn at once. It knows nothing of trades.

Text is drawn as it is: no markup, no formulas, no marks that turn it round.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from io import BytesIO
from unicodedata import category, normalize

import numpy as np
from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_rgba
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.path import Path
from matplotlib.transforms import Affine2D
from PIL import Image

from bot.charts.boxes import Box

FAMILY = "DejaVu Sans"
DOTS_PER_INCH = 72  # so that a point is a pixel
ELLIPSIS = "…"
CAP_HEIGHT = 0.73
DESCENT = 0.24
LETTERS_MAX = 120


@dataclass(frozen=True)
class Lettering:
    """How a text looks. `px` is its size; `at`: which end of it x means (0 left, 1 right)."""

    px: float
    color: str
    is_bold: bool = False
    at: float = 0.0


@dataclass(frozen=True)
class Pen:
    """How a line looks; `dash` is on, off, ... in pixels."""

    color: str
    width: float
    dash: tuple[float, ...] = ()


class Canvas:
    """A picture while it is drawn. `texts` are all that was written, with their boxes."""

    def __init__(self, width: int, height: int, ground: str) -> None:
        self.box = Box(0, 0, width, height)
        self.texts: list[tuple[str, float, Box]] = []
        self._height = height
        self._renderer = RendererAgg(width, height, DOTS_PER_INCH)
        self._upright = Affine2D().scale(1, -1).translate(0, height)
        self.fill(self.box, ground)

    def write(self, text: str, x: float, y: float, lettering: Lettering) -> Box:
        """Write one line whose capitals are centered on `y`; return the box around it."""
        text = plain(text, is_bold=lettering.is_bold)
        width = width_of(text, lettering.px, is_bold=lettering.is_bold)
        left = x - width * lettering.at
        baseline = y + lettering.px * CAP_HEIGHT / 2
        box = Box(
            left,
            baseline - lettering.px * CAP_HEIGHT,
            left + width,
            baseline + lettering.px * DESCENT,
        )
        if text:
            context = self._context(lettering.color)
            font = _font(lettering.px, is_bold=lettering.is_bold)
            self._renderer.draw_text(context, left, baseline, text, font, 0, ismath=False)
            self.texts.append((text, lettering.px, box))
        return box

    def fill(self, box: Box, color: str, radius: float = 0) -> None:
        """Fill a box, its corners rounded by `radius`."""
        self._draw(_rounded(box, radius), None, color)

    def frame(self, box: Box, pen: Pen, ground: str | None = None, radius: float = 0) -> None:
        """Draw a box's outline inside its edges, filled with `ground` if given."""
        inside = box.grown(-pen.width / 2)
        self._draw(_rounded(inside, radius), pen, ground)

    def line(self, points: Sequence[tuple[float, float]], pen: Pen) -> None:
        """Draw a line through points."""
        self._draw(Path(points), pen, None)

    def dot(self, x: float, y: float, radius: float, pen: Pen, ground: str | None) -> None:
        """Draw a circle with its outline inside `radius`, filled with `ground` if given."""
        around = Affine2D().scale(radius - pen.width / 2).translate(x, y)
        self._draw(Path.unit_circle().transformed(around), pen, ground)

    def polygon(self, points: Sequence[tuple[float, float]], color: str) -> None:
        """Fill a closed shape."""
        self._draw(Path([*points, points[0]], closed=True), None, color)

    def color_at(self, x: int, y: int) -> str:
        """Return a pixel as `#RRGGBB`."""
        red, green, blue = (int(part) for part in self._pixels()[y, x, :3])
        return f"#{red:02X}{green:02X}{blue:02X}"

    def png(self) -> bytes:
        """Return the picture as a PNG."""
        buffer = BytesIO()
        Image.fromarray(self._pixels()).convert("RGB").save(buffer, "PNG")
        return buffer.getvalue()

    def _pixels(self) -> np.ndarray:
        return np.asarray(self._renderer.buffer_rgba())

    def _draw(self, path: Path, pen: Pen | None, ground: str | None) -> None:
        context = self._context(pen.color if pen else ground or "#000000")
        context.set_linewidth(pen.width if pen else 0)
        if pen and pen.dash:
            context.set_dashes(0, pen.dash)
        context.set_joinstyle("miter")
        face = to_rgba(ground) if ground else None
        self._renderer.draw_path(context, path, self._upright, face)

    def _context(self, color: str) -> GraphicsContextBase:
        context = self._renderer.new_gc()
        context.set_foreground(color)
        return context


def width_of(text: str, px: float, *, is_bold: bool = False) -> float:
    """Return how wide a line is, in pixels."""
    return _width(plain(text, is_bold=is_bold), px, is_bold=is_bold)


def fitted(
    text: str, lettering: Lettering, width: float, px_min: float | None = None
) -> tuple[str, Lettering]:
    """Return a line that is at most `width` wide: smaller down to `px_min`, then cut short."""
    text = plain(text, is_bold=lettering.is_bold)

    def is_too_wide(count: int) -> bool:
        kept = _cut(text[:count], text)
        return width_of(kept, lettering.px, is_bold=lettering.is_bold) > width

    while is_too_wide(len(text)) and lettering.px > (px_min or lettering.px):
        lettering = replace(lettering, px=lettering.px - 1)
    if not is_too_wide(len(text)):
        return text, lettering
    kept = bisect_left(range(1, len(text)), True, key=is_too_wide)
    return _cut(text[:kept], text), lettering


def plain(text: str, *, is_bold: bool = False) -> str:
    """Return what of a text can be drawn, on one line: no control, no stray mark, no tofu."""
    kept = [
        " " if letter.isspace() else letter
        for letter in normalize("NFC", text[: LETTERS_MAX * 4])
        if letter.isspace() or _is_drawn(letter, is_bold=is_bold)
    ]
    return " ".join("".join(kept).split())[:LETTERS_MAX]


def _cut(kept: str, whole: str) -> str:
    return kept if kept == whole else kept.rstrip() + ELLIPSIS


@lru_cache(4096)
def _is_drawn(letter: str, *, is_bold: bool) -> bool:
    return category(letter)[0] not in "CM" and bool(
        _face(is_bold=is_bold).get_char_index(ord(letter))
    )


@lru_cache(1024)
def _width(text: str, px: float, *, is_bold: bool) -> float:
    if not text:
        return 0.0
    renderer = _measure()
    return renderer.get_text_width_height_descent(text, _font(px, is_bold=is_bold), False)[0]


@cache
def _measure() -> RendererAgg:
    return RendererAgg(8, 8, DOTS_PER_INCH)


@cache
def _face(*, is_bold: bool):  # noqa: ANN202 - the library's own font type
    return get_font(findfont(_font(16, is_bold=is_bold)))


@lru_cache(64)
def _font(px: float, *, is_bold: bool) -> FontProperties:
    return FontProperties(family=FAMILY, weight="bold" if is_bold else "normal", size=px)


def _rounded(box: Box, radius: float) -> Path:
    """Return a box's outline; a quarter of a circle at each corner if `radius` is not 0."""
    if not radius:
        return Path(
            [
                (box.left, box.top),
                (box.right, box.top),
                (box.right, box.bottom),
                (box.left, box.bottom),
                (box.left, box.top),
            ],
            closed=True,
        )
    radius = min(radius, box.width / 2, box.height / 2)
    corners = (
        (box.right - radius, box.bottom - radius, 0),
        (box.left + radius, box.bottom - radius, 90),
        (box.left + radius, box.top + radius, 180),
        (box.right - radius, box.top + radius, 270),
    )
    points = [
        (x + radius * np.cos(angle), y + radius * np.sin(angle))
        for x, y, start in corners
        for angle in np.radians(np.linspace(start, start + 90, 9))
    ]
    return Path([*points, points[0]], closed=True)
