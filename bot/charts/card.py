"""The card, 1080 x 1350: a closed trade, a gain or a loss in the same dress."""

from decimal import Decimal

from bot.charts.boxes import Box
from bot.charts.canvas import Canvas, Lettering, Pen, fitted, width_of
from bot.charts.chart import direction_of
from bot.charts.palette import Palette, palette_of
from bot.charts.panel import Panel
from bot.text import Words
from bot.text.numbers import signed
from bot.views import CardView, MarkKind
from engine.core.trade import ExitReason

WIDTH, HEIGHT = 1080, 1350
EDGE = 64
NAME_Y, PLACE_Y = 92, 150
TITLE_Y, PERCENT_Y, MONEY_Y = 246, 384, 520
NAME_PX, TITLE_PX, PERCENT_PX, MONEY_PX, LINE_PX, SMALL_PX = 52.0, 76.0, 170.0, 60.0, 46.0, 36.0
PLOT_TOP, PLOT_BOTTOM = 520, 990
PLOT_TOP_BELOW_MONEY = 612
ROUTE_Y, HELD_Y, REASON_Y, FOOT_Y = 1072, 1142, 1212, 1292
DOT = 17
WHOLE_PERCENT_FROM = Decimal(10)
FULL_LOSS = (Decimal("-1.1"), Decimal("-0.9"))
TENTH = Decimal("0.1")

SAID = {
    ExitReason.STOP_LOSS: "picture-stopped",
    ExitReason.TRAILING_STOP: "picture-trailed",
    ExitReason.BREAK_EVEN: "picture-break-even",
    ExitReason.TARGET_STOP: "picture-target-stop",
    ExitReason.TAKE_PROFIT: "picture-target-reached",
    ExitReason.TIME_EXIT: "picture-on-time",
    ExitReason.MANUAL: "picture-by-hand",
    ExitReason.SIGNAL: "picture-signal",
    ExitReason.COPY_LEADER: "picture-leader",
    ExitReason.COPY_STOP: "picture-copy-stop",
    ExitReason.LIQUIDATION: "picture-liquidated",
    ExitReason.ACCOUNT_RESET: "picture-reset",
    ExitReason.DELISTED: "picture-delisted",
    ExitReason.ADMIN: "picture-admin",
}


def draw_card(view: CardView, words: Words) -> Canvas:
    """Return the finished picture; `words` are those of whom it is shown to."""
    palette = palette_of(view.theme)
    canvas = Canvas(WIDTH, HEIGHT, palette.ground)
    _head(canvas, view, words, palette)
    _result(canvas, view, words, palette)
    top = PLOT_TOP if view.pnl is None else PLOT_TOP_BELOW_MONEY
    _plot(canvas, view, Box(EDGE, top, WIDTH - EDGE, PLOT_BOTTOM), palette)
    _facts(canvas, view, words, palette)
    return canvas


def _head(canvas: Canvas, view: CardView, words: Words, palette: Palette) -> None:
    day = words.day(view.closed_at_ms)
    canvas.write(day, WIDTH - EDGE, NAME_Y, Lettering(SMALL_PX, palette.quiet_ink, at=1.0))
    room = WIDTH - 3 * EDGE - width_of(day, SMALL_PX)
    name = Lettering(NAME_PX, palette.ink, is_bold=True)
    text, name = fitted(view.name, name, room, SMALL_PX + 4)
    canvas.write(text, EDGE, NAME_Y, name)
    place = Lettering(SMALL_PX, palette.quiet_ink)
    text, place = fitted(view.place, place, WIDTH - 2 * EDGE)
    canvas.write(text, EDGE, PLACE_Y if canvas.texts[1:] else NAME_Y, place)


def _result(canvas: Canvas, view: CardView, words: Words, palette: Palette) -> None:
    title = words.say(
        "picture-card-title",
        coin=words.coin(view.instrument, view.currency),
        direction=direction_of(view.direction, words),
    )
    text, lettering = fitted(
        title, Lettering(TITLE_PX, palette.ink, is_bold=True), WIDTH - 2 * EDGE, SMALL_PX
    )
    canvas.write(text, EDGE, TITLE_Y, lettering)
    color = palette.ink
    if view.return_ratio:
        color = palette.of(is_gain=view.return_ratio > 0)
    decimals = 0 if abs(view.return_ratio) >= WHOLE_PERCENT_FROM else 2
    percent = words.percent(view.return_ratio, decimals, is_signed=True, is_full=True)
    lettering = Lettering(PERCENT_PX, color, is_bold=True)
    text, lettering = fitted(percent, lettering, WIDTH - 2 * EDGE, SMALL_PX)
    canvas.write(text, EDGE - 6, PERCENT_Y, lettering)
    if view.pnl is not None:
        money = words.money(view.pnl, view.currency, is_signed=True)
        text, lettering = fitted(
            money, Lettering(MONEY_PX, color, is_bold=True), WIDTH - 2 * EDGE, SMALL_PX
        )
        canvas.write(text, EDGE, MONEY_Y, lettering)


def _plot(canvas: Canvas, view: CardView, box: Box, palette: Palette) -> None:
    """Draw the candles with entry and exit; without any, the way between the two."""
    canvas.fill(box.grown(20), palette.panel, radius=24)
    panel = Panel(box, view.candles, [view.entry_price, view.exit_price])
    panel.draw(canvas, palette, palette.panel)
    start = panel.x(view.opened_at_ms) if view.candles else box.left + box.width * 0.15
    end = panel.x(view.closed_at_ms) if view.candles else box.right - box.width * 0.15
    left = [mark.price for mark in view.marks if mark.kind is MarkKind.EXIT]  # not the average
    points = [
        (box.left + DOT if start is None else start, panel.y(view.entry_price)),
        (box.right - DOT if end is None else end, panel.y(left[-1] if left else view.exit_price)),
    ]
    if not view.candles:
        canvas.line(points, Pen(palette.of(is_gain=view.return_ratio >= 0), 6))
    for mark in view.marks:
        at = panel.x(mark.time_ms)
        if mark.kind is MarkKind.PARTIAL and at is not None:
            canvas.dot(at, panel.y(mark.price), DOT - 4, Pen(palette.panel, 4), palette.ink)
    for (x, y), ground in zip(points, (palette.panel, palette.ink), strict=True):
        canvas.dot(x, y, DOT + 4, Pen(palette.panel, 5), None)
        canvas.dot(x, y, DOT, Pen(palette.ink, 6), ground)


def _facts(canvas: Canvas, view: CardView, words: Words, palette: Palette) -> None:
    entry, leave = (
        words.price(price, view.instrument) for price in (view.entry_price, view.exit_price)
    )
    lines = (
        (ROUTE_Y, words.say("picture-route", entry=f"○ {entry}", exit=f"● {leave}"), palette.ink),
        (HELD_Y, _held(view, words), palette.ink),
        (REASON_Y, _reason(view, words), palette.ink),
    )
    for y, line, color in lines:
        text, lettering = fitted(line, Lettering(LINE_PX, color), WIDTH - 2 * EDGE, SMALL_PX)
        canvas.write(text, EDGE, y, lettering)
    foot = words.say("picture-invented-money" if view.is_invented else "picture-simulated")
    small = Lettering(SMALL_PX, palette.quiet_ink)
    canvas.write(fitted(foot, small, WIDTH - 2 * EDGE)[0], EDGE, FOOT_Y, small)


def _held(view: CardView, words: Words) -> str:
    return words.say("picture-held", span=words.span(view.closed_at_ms - view.opened_at_ms))


def _reason(view: CardView, words: Words) -> str:
    reason = words.say(_said(view))
    if view.r_multiple is None:
        return reason
    rounded = view.r_multiple.quantize(TENTH)
    multiple = signed(words.quantity(rounded), rounded)
    return words.say("picture-reason-multiple", reason=reason, multiple=multiple)


def _said(view: CardView) -> str:
    if view.reason is ExitReason.STOP_LOSS:
        if view.return_ratio > 0:
            return "picture-stopped-in-profit"
        if view.r_multiple is not None and FULL_LOSS[0] <= view.r_multiple <= FULL_LOSS[1]:
            return "picture-as-planned"
    return SAID[view.reason]
