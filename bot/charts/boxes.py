"""Where things stand on a canvas: pixels from the top left, and labels that give way to others."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels, y downwards."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """How wide it is."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """How high it is."""
        return self.bottom - self.top

    @property
    def middle(self) -> tuple[float, float]:
        """The point in its middle."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def overlaps(self, other: "Box") -> bool:
        """Return whether they share any area."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def holds(self, other: "Box") -> bool:
        """Return whether the other lies within."""
        return (
            self.left <= other.left
            and self.top <= other.top
            and other.right <= self.right
            and other.bottom <= self.bottom
        )

    def grown(self, pixels: float) -> "Box":
        """Return it with a margin around."""
        return Box(self.left - pixels, self.top - pixels, self.right + pixels, self.bottom + pixels)


def around(x: float, y: float, radius: float) -> Box:
    """Return the square around a dot."""
    return Box(x - radius, y - radius, x + radius, y + radius)


def spread(wanted: Sequence[float], height: float, top: float, bottom: float) -> list[float]:
    """Return middles of labels of one `height` near the wanted ones, none over another.

    `wanted` ascends. All lie between `top` and `bottom`, which must have room for them.
    """
    assert len(wanted) * height <= bottom - top, "more labels than there is room for"
    groups: list[tuple[float, int]] = []  # (middle of the group, how many)
    for middle in wanted:
        group = (middle, 1)
        while True:
            group = _held(group, height, top, bottom)
            if not groups or _bottom(groups[-1], height) <= _top(group, height) + 1e-9:
                break
            before = groups.pop()
            count = before[1] + group[1]
            group = ((before[0] * before[1] + group[0] * group[1]) / count, count)
        groups.append(group)
    return [
        _top(group, height) + height * (index + 0.5)
        for group in groups
        for index in range(group[1])
    ]


def free_spot(
    x: float, y: float, radius: float, taken: Sequence[Box], room: Box
) -> tuple[float, float]:
    """Return the nearest place above or below (x, y) where a dot covers nothing that is taken."""
    return free_label(x, y, (radius, radius), taken, room)


def free_label(
    x: float, y: float, halves: tuple[float, float], taken: Sequence[Box], room: Box
) -> tuple[float, float]:
    """Return the same for a label; `halves` are half of its width and of its height."""
    half_width, half_height = halves
    for step in range(40):
        for sign in (-1, 1):
            spot = y + sign * step * half_height / 2
            box = Box(x - half_width, spot - half_height, x + half_width, spot + half_height)
            if room.holds(box) and not any(box.overlaps(other) for other in taken):
                return x, spot
    return x, y


def _top(group: tuple[float, int], height: float) -> float:
    return group[0] - group[1] * height / 2


def _bottom(group: tuple[float, int], height: float) -> float:
    return group[0] + group[1] * height / 2


def _held(group: tuple[float, int], height: float, top: float, bottom: float) -> tuple[float, int]:
    half = group[1] * height / 2
    return min(max(group[0], top + half), bottom - half), group[1]
