"""The chart, 1280 x 960: candles, volume, and one's own trade upon them."""

from collections.abc import Iterator
from decimal import Decimal

from bot.charts.boxes import Box, around, free_label, free_spot
from bot.charts.canvas import Canvas, Lettering, Pen, fitted, width_of
from bot.charts.palette import Palette, palette_of
from bot.charts.panel import Panel
from bot.charts.pills import MARGIN, PITCH, Pill, column_width, draw_pills
from bot.charts.ticks import month_of, price_ticks, time_ticks
from bot.text import Words
from bot.views import ChartLevel, ChartView, LevelKind, Mark, MarkKind
from engine.core.instrument import Direction

WIDTH, HEIGHT = 1280, 960
EDGE = 40
TITLE_Y, SUBTITLE_Y = 64, 118
PLOT_TOP, PLOT_BOTTOM = 160, 738
VOLUME_TOP, VOLUME_BOTTOM = 758, 862
TIME_Y = 908
TITLE_PX, SIDE_PX, SMALL_PX = 48.0, 40.0, 28.0
COLUMN_MAX = 460
COLUMN_GAP = 30
DOT, NUMBERED_DOT = 13, 22
NAME_HALF, NAME_MARGIN = 19, 6
GRID_LINES = 5
MONTH_MS, YEAR_MS = 31 * 86_400_000, 330 * 86_400_000


def draw_chart(view: ChartView, words: Words) -> Canvas:
    """Return the finished picture; `words` are those of the viewer, in the view's zone."""
    palette = palette_of(view.theme)
    canvas = Canvas(WIDTH, HEIGHT, palette.ground)
    pills = list(_pills(view, words, palette))
    axis = [words.price(price, view.instrument) for price in _axis_prices(view)]
    column = min(column_width(pills, axis), COLUMN_MAX)
    plot = Box(EDGE, PLOT_TOP, WIDTH - EDGE / 2 - column - COLUMN_GAP, PLOT_BOTTOM)
    panel = Panel(plot, view.candles, [*_seen_prices(view)])
    right = Box(plot.right + COLUMN_GAP, PLOT_TOP, WIDTH - EDGE / 2, PLOT_BOTTOM)
    _head(canvas, view, words, palette)
    grid = price_ticks(panel.low, panel.high, GRID_LINES) if view.candles else []
    for price in grid:
        y = round(panel.y(price))
        canvas.fill(Box(plot.left, y - 1, plot.right, y + 1), palette.grid)
    panel.draw_volume(canvas, palette, Box(plot.left, VOLUME_TOP, plot.right, VOLUME_BOTTOM))
    _times(canvas, panel, words, palette)
    for level in view.levels:
        _level(canvas, panel, level, palette)
    panel.draw(canvas, palette, palette.ground)
    _marks(canvas, panel, view.marks, palette)
    taken = draw_pills(canvas, panel, pills, right)
    for price in grid:
        text, y = words.price(price, view.instrument), panel.y(price)
        label = Box(right.left, y - PITCH / 2, right.right, y + PITCH / 2)
        if not any(label.overlaps(box) for box in taken):
            canvas.write(text, right.left + MARGIN, y, Lettering(SMALL_PX, palette.quiet_ink))
    if not view.candles:
        said = Lettering(SIDE_PX, palette.quiet_ink, at=0.5)
        canvas.write(words.say("picture-no-candles"), *plot.middle, said)
    return canvas


def _head(canvas: Canvas, view: ChartView, words: Words, palette: Palette) -> None:
    name = f"{view.instrument.base}/{view.instrument.quote}".strip("/")
    side = _side(view, words)
    lettering = Lettering(SIDE_PX, palette.ink, is_bold=True, at=1.0)
    if side:
        canvas.write(side, WIDTH - EDGE, TITLE_Y, lettering)
    room = WIDTH - 3 * EDGE - width_of(side, SIDE_PX, is_bold=True) - 120
    title = fitted(name, Lettering(TITLE_PX, palette.ink, is_bold=True), room, SIDE_PX)
    end = canvas.write(title[0], EDGE, TITLE_Y, title[1]).right
    canvas.write(view.interval, end + 24, TITLE_Y, Lettering(SIDE_PX, palette.quiet_ink))
    quiet = Lettering(SMALL_PX, palette.quiet_ink)
    room = WIDTH - 2 * EDGE
    if view.is_invented:
        label = Lettering(SMALL_PX, palette.ink, is_bold=True, at=1.0)
        label = canvas.write(words.say("picture-invented"), WIDTH - EDGE, SUBTITLE_Y, label)
        room -= label.width + EDGE
    if view.candles:
        span = _span(view.candles[0].open_ms, view.candles[-1].open_ms, words)
        canvas.write(fitted(span, quiet, room)[0], EDGE, SUBTITLE_Y, quiet)


def _span(since_ms: int, until_ms: int, words: Words) -> str:
    """Return the time that is shown, as finely as its length needs."""
    zone = words.zone.replace("_", " ")
    since, until = (words.day_and_minute(time_ms) for time_ms in (since_ms, until_ms))
    if until_ms - since_ms > YEAR_MS:
        since, until = (month_of(time_ms, words) for time_ms in (since_ms, until_ms))
    elif until_ms - since_ms > MONTH_MS:
        since, until = (words.day(time_ms) for time_ms in (since_ms, until_ms))
    return words.say("picture-span", since=since, until=until, zone=zone)


def _side(view: ChartView, words: Words) -> str:
    if view.direction is None or view.number is None:
        return " ".join(f"#{number}" for number in view.trades)
    return words.say(
        "picture-trade", number=str(view.number), direction=direction_of(view.direction, words)
    )


def direction_of(direction: Direction, words: Words) -> str:
    """Return a direction as pictures print it."""
    return words.say("picture-long" if direction is Direction.LONG else "picture-short")


def _times(canvas: Canvas, panel: Panel, words: Words, palette: Palette) -> None:
    opens = [candle.open_ms for candle in panel.candles]
    lettering = Lettering(SMALL_PX, palette.quiet_ink, at=0.5)
    for x, label in time_ticks(opens, words, SMALL_PX, panel.middle):
        half = width_of(label, SMALL_PX) / 2
        if x - half >= panel.box.left and x + half <= panel.box.right:
            canvas.write(label, x, TIME_Y, lettering)
            canvas.fill(Box(x - 1, VOLUME_BOTTOM, x + 1, VOLUME_BOTTOM + 14), palette.quiet_ink)


def _level(canvas: Canvas, panel: Panel, level: ChartLevel, palette: Palette) -> None:
    pen = {
        LevelKind.ENTRY: Pen(palette.ink, 3),
        LevelKind.STOP: Pen(palette.loss, 4, (16.0, 9.0)),
        LevelKind.TARGET: Pen(palette.gain, 5, (5.0, 9.0)),
    }[level.kind]
    for points in _paths(panel, level):
        canvas.line(points, pen)


def _paths(panel: Panel, level: ChartLevel) -> Iterator[list[tuple[float, float]]]:
    """Yield the lines of a level: its moves as steps, a gap where it was away."""
    points: list[tuple[float, float]] = []
    for step in level.steps:
        x = panel.x(step.time_ms)
        x = panel.middle(0) if x is None else x
        if points:
            points.append((x, points[-1][1]))
        if step.price is not None and not panel.is_beyond(step.price):
            points.append((x, panel.y(step.price)))
        elif points:
            yield points
            points = []
    if points:
        yield [*points, (panel.box.right, points[-1][1])]


def _marks(canvas: Canvas, panel: Panel, marks: tuple[Mark, ...], palette: Palette) -> None:
    """Draw fills: entry ○, exit ●, partials as numbered dots that cover no other.

    A fill of one of several trades bears that trade's number beside it.
    """
    taken: list[Box] = []
    numbered: list[tuple[Mark, float]] = []
    named: list[Mark] = []
    for mark in marks:
        x, y = panel.x(mark.time_ms), panel.y(mark.price)
        if x is None:
            continue
        if mark.kind is MarkKind.PARTIAL:
            numbered.append((mark, x))
            continue
        is_entry = mark.kind is MarkKind.ENTRY
        canvas.dot(x, y, DOT + 3, Pen(palette.ground, 4), None)
        canvas.dot(x, y, DOT, Pen(palette.ink, 5), palette.ground if is_entry else palette.ink)
        taken.append(around(x, y, DOT + 3))
        if mark.trade:
            named.append(mark)
    for mark in named:
        _name(canvas, panel, mark, palette, taken)
    for mark, x in numbered:
        y = panel.y(mark.price)
        spot = free_spot(x, y, NUMBERED_DOT + 3, taken, panel.box)
        canvas.line([(x, y), spot], Pen(palette.ink, 3))
        canvas.dot(*spot, NUMBERED_DOT + 3, Pen(palette.ground, 4), palette.ink)
        middle = Lettering(SMALL_PX, palette.ground, is_bold=True, at=0.5)
        canvas.write(str(mark.number), *spot, middle)
        taken.append(around(*spot, NUMBERED_DOT + 3))


def _name(canvas: Canvas, panel: Panel, mark: Mark, palette: Palette, taken: list[Box]) -> None:
    """Write a trade's number above or below its dot, where it covers nothing."""
    text, x = f"#{mark.trade}", panel.x(mark.time_ms) or panel.box.left
    half = width_of(text, SMALL_PX, is_bold=True) / 2 + NAME_MARGIN
    middle = min(max(x, panel.box.left + half), panel.box.right - half)
    spot = free_label(middle, panel.y(mark.price), (half, NAME_HALF), taken, panel.box)
    box = Box(spot[0] - half, spot[1] - NAME_HALF, spot[0] + half, spot[1] + NAME_HALF)
    canvas.fill(box, palette.ground, radius=8)
    lettering = Lettering(SMALL_PX, palette.ink, is_bold=True, at=0.5)
    canvas.write(text, *spot, lettering)
    taken.append(box)


def _pills(view: ChartView, words: Words, palette: Palette) -> Iterator[Pill]:
    def price(value: Decimal) -> str:
        return words.price(value, view.instrument)

    exits = [mark for mark in view.marks if mark.kind is MarkKind.EXIT and not mark.trade]
    ended_ms = exits[-1].time_ms if exits else None
    for mark in exits[-1:]:
        text = words.say("picture-exit", price=price(mark.price))
        yield Pill(text, mark.price, palette.ground, palette.ink, rank=0)
    for level in view.levels:
        value = _standing(level, ended_ms)
        if value is None:
            continue
        of = f"#{level.trade} " if level.trade else ""
        match level.kind:
            case LevelKind.ENTRY:
                text = of + words.say("picture-entry", price=price(value))
                yield Pill(text, value, palette.ink, rank=1)
            case LevelKind.STOP:
                text = of + words.say("picture-stop", price=price(value))
                yield Pill(text, value, palette.ink_on_color, palette.loss, rank=2)
            case _:
                number = str(level.number)
                text = of + words.say("picture-target", number=number, price=price(value))
                yield Pill(text, value, palette.ink_on_color, palette.gain, rank=9 + level.number)
    if view.price is not None:
        yield Pill(price(view.price), view.price, palette.ground, palette.ink, rank=3)


def _standing(level: ChartLevel, ended_ms: int | None) -> Decimal | None:
    """Return where a level stands, or where it stood when the trade ended."""
    if not level.steps:
        return None
    last = level.steps[-1]
    if last.price is None and ended_ms is not None and last.time_ms >= ended_ms:
        return next((step.price for step in reversed(level.steps) if step.price), None)
    return last.price


def _seen_prices(view: ChartView) -> Iterator[Decimal]:
    for level in view.levels:
        yield from (step.price for step in level.steps if step.price is not None)
    yield from (mark.price for mark in view.marks)
    if view.price is not None:
        yield view.price


def _axis_prices(view: ChartView) -> list[Decimal]:
    """Return the prices whose texts are about as wide as the axis' own."""
    prices = [candle.high for candle in view.candles] + [candle.low for candle in view.candles]
    return [max(prices), min(prices)] if prices else []
