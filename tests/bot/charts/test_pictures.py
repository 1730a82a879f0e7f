"""What pictures look like: sizes, room between labels, colors where they must be, all glyphs."""

import struct
from decimal import Decimal
from itertools import combinations, pairwise

import pytest
from fluent.syntax import ast, parse
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.charts.boxes import Box, around, free_spot, spread
from bot.charts.canvas import Canvas, Lettering, Pen, fitted, plain, width_of
from bot.charts.card import SAID, draw_card
from bot.charts.chart import draw_chart
from bot.charts.palette import DARK, LIGHT, palette_of
from bot.charts.panel import PADDING, Panel
from bot.charts.ticks import price_ticks, time_ticks
from bot.text import Words, load_catalog
from bot.text.catalog import FOLDER, LOCALES
from bot.views import (
    Candle,
    ChartLevel,
    ChartView,
    LevelKind,
    Mark,
    MarkKind,
    Step,
    Theme,
)
from engine.core.instrument import Direction
from engine.core.trade import ExitReason
from tests.bot.charts.sitters import HOSTILE, START_MS, candles, card, chart, several_on, trade_on
from tests.support.builders import instrument

CATALOG = load_catalog()
D = Decimal


def words(locale="en", zone="America/Sao_Paulo"):
    return Words(CATALOG, locale, zone)


def draw(view, locale="en"):
    said = words(locale, view.zone)
    return draw_chart(view, said) if isinstance(view, ChartView) else draw_card(view, said)


def crowded():
    bars = candles(120, "15m", seed=8)
    fields = trade_on(bars, direction=Direction.SHORT, at=20, until=90, targets=("-0.01", "-0.011"))
    partials = [
        Mark(MarkKind.PARTIAL, bars[at].open_ms, bars[at].close, number)
        for number, at in enumerate((40, 41, 41, 41, 60), 1)
    ]
    entry, *rest = fields["marks"]
    return chart(**{**fields, "marks": (entry, *partials, *rest)})


def jump():
    calm, wild = candles(40), candles(80, seed=6)[40:]
    return (
        *calm,
        *(
            Candle(c.open_ms, c.open * 3, c.high * 3, c.low * 3, c.close * 3, c.volume)
            for c in wild
        ),
    )


def charts():
    tiny = candles(90, "5m", price=0.00001234, tick="0.00000001")
    dear = candles(90, "1d", price=1_612_345_678.0, seed=5)
    ladder = tuple(f"0.0{n:02}" for n in range(1, 30))
    bars = candles(100)
    return {
        "a coin alone": chart(),
        "an open trade": chart(**trade_on(bars, targets=("0.02", "0.04", "0.08"))),
        "a closed trade with many partials": crowded(),
        "30 targets": chart(**trade_on(bars, targets=ladder)),
        "targets on one price": chart(**trade_on(bars, targets=("0.01",) * 5)),
        "tiny prices": chart(
            instrument=instrument("PEPEUSDT", tick="0.00000001"),
            **trade_on(tiny, targets=("0.01",)),
        ),
        "huge prices": chart(
            instrument=instrument("BTCBRL"), currency="BRL", **trade_on(dear, targets=("0.01",))
        ),
        "a jump and a far target": chart(**trade_on(jump(), at=10, targets=("0.5", "6"))),
        "several open trades and recent exits": chart(**several_on(bars)),
        "two open trades": chart(**several_on(bars, 2, exits=1)),
        "recent exits alone": chart(**several_on(bars, 0, exits=6)),
        "one candle": chart(1),
        "one flat candle": chart(candles=(Candle(START_MS, D(5), D(5), D(5), D(5), D(0)),)),
        "no candle": chart(candles=()),
        "200 weeks": chart(200, "1w", is_invented=True),
        "a name that is no symbol": chart(
            instrument=replace(instrument(), base="X" * 60, quote="")
        ),
    }


def cards():
    return {
        "a gain": card(place="Traders do Zé", r_multiple=D("2.43")),
        "a loss, money shown": card(
            "-0.022", reason=ExitReason.STOP_LOSS, r_multiple=D("-1.02"), pnl=D("-11")
        ),
        "a large gain in a far currency": card(
            "123.4567", instrument=instrument("1000SATSBRL"), pnl=D("1234567890.12")
        ),
        "nothing": card("0", pnl=D(0)),
        "no candles": card("-0.02", candles=()),
        "a hostile name": card(name=HOSTILE, place=HOSTILE, is_invented=True),
        "no name": card(name="", place="somewhere"),
        "partials": card(
            marks=(Mark(MarkKind.PARTIAL, candles()[20].open_ms, candles()[20].close, 1),)
        ),
        "longer than its candles": card(
            opened_at_ms=START_MS - 10**9, closed_at_ms=START_MS - 10**8, entry_price=D(61_000)
        ),
    }


PICTURES = {**charts(), **cards()}


@pytest.mark.parametrize("theme", Theme)
@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("name", PICTURES)
def test_every_text_is_large_inside_and_covers_no_other(name, locale, theme):
    view = replace(PICTURES[name], theme=theme)
    canvas = draw(view, locale)
    least = 28 if isinstance(view, ChartView) else 36
    assert canvas.texts
    assert [text for text, px, _ in canvas.texts if px < least] == []
    assert [text for text, _, box in canvas.texts if not canvas.box.holds(box)] == []
    pairs = combinations(canvas.texts, 2)
    assert [(a[0], b[0]) for a, b in pairs if a[2].overlaps(b[2])] == []


@pytest.mark.parametrize(("view", "size"), [(chart(), (1280, 960)), (card(), (1080, 1350))])
def test_a_picture_is_a_png_of_its_size(view, size):
    png = draw(view).png()
    assert png.startswith(b"\x89PNG")
    assert struct.unpack(">II", png[16:24]) == size
    assert len(png) < 200_000


@pytest.mark.parametrize("theme", Theme)
def test_risen_candles_are_hollow_and_fallen_ones_filled(theme):
    rise = Candle(START_MS, D(100), D(110), D(100), D(110), D(1))
    fall = Candle(START_MS + 3_600_000, D(110), D(110), D(100), D(100), D(1))
    palette = palette_of(theme)
    box = Box(100, 100, 300, 300)
    canvas = Canvas(400, 400, palette.ground)
    panel = Panel(box, (rise, fall), ())
    panel.draw(canvas, palette, palette.ground)
    y, half = round(panel.y(103)), panel.half_body()
    up, down = (int(panel.middle(index)) for index in (0, 1))
    assert canvas.color_at(up, y) == palette.ground
    assert canvas.color_at(up - half, y) == palette.gain
    assert canvas.color_at(up + half - 1, y) == palette.gain
    assert canvas.color_at(down, y) == palette.loss
    assert canvas.color_at(down - half + 1, y) == palette.loss


def test_an_entry_is_a_ring_and_an_exit_a_disk():
    bars = candles(100)
    view = chart(**trade_on(bars, at=30, until=70))
    canvas = draw(view)
    spots = {}
    for mark in view.marks:
        found = [text for text, _, _ in canvas.texts if text[0] in "○●"]
        assert len(found) == 2
        spots[mark.kind] = mark
    panel = panel_of(canvas, view)
    entry, leave = spots[MarkKind.ENTRY], spots[MarkKind.EXIT]
    assert canvas.color_at(*pixel(panel, entry)) == DARK.ground
    assert canvas.color_at(*pixel(panel, leave)) == DARK.ink


def panel_of(canvas, view):
    """The panel that a chart of one trade was drawn with: its right edge ends its grid."""
    row = [canvas.color_at(x, y) for y in range(160, 738) for x in (41,)]
    y = 160 + row.index(DARK.grid)
    right = max(x for x in range(41, 1280) if canvas.color_at(x, y) == DARK.grid) + 1
    prices = [step.price for level in view.levels for step in level.steps if step.price]
    others = [*prices, *(mark.price for mark in view.marks), view.price]
    return Panel(Box(40, 160, right, 738), view.candles, others)


def pixel(panel, mark):
    return round(panel.x(mark.time_ms)), round(panel.y(mark.price))


def test_a_stop_that_moved_is_drawn_as_steps():
    bars = candles(50, sigma=0.0001)
    first, second = bars[0].low * D("0.998"), bars[0].low * D("0.999")
    steps = (
        Step(bars[5].open_ms, first),
        Step(bars[25].open_ms, second),
        Step(bars[40].open_ms, None),
    )
    canvas = draw(chart(candles=bars, levels=(ChartLevel(LevelKind.STOP, steps),)))
    panel = Panel(Box(40, 160, 1280 - 20 - 30 - 40, 738), bars, [first, second])
    heights = {round(panel.y(price)): price for price in (first, second)}
    for y, price in heights.items():
        drawn = [x for x in range(40, 1000) if canvas.color_at(x, y) == DARK.loss]
        assert drawn, price
    low, high = sorted(heights)  # the second, higher one lies above
    left = min(x for x in range(40, 1000) if canvas.color_at(x, high) == DARK.loss)
    begun = min(x for x in range(40, 1000) if canvas.color_at(x, low) == DARK.loss)
    assert left < begun
    assert "Stop" not in " ".join(text for text, _, _ in canvas.texts)  # it was taken away


def test_a_panel_leaves_15_percent_above_and_below():
    bars = (Candle(START_MS, D(100), D(200), D(100), D(150), D(1)),)
    panel = Panel(Box(0, 0, 100, 130), bars, ())
    assert (panel.low, panel.high) == (100 - 100 * PADDING, 200 + 100 * PADDING)
    assert panel.y(panel.high) == 0
    assert panel.y(panel.low) == 130


def test_a_level_far_off_does_not_flatten_the_candles():
    bars = (Candle(START_MS, D(100), D(110), D(100), D(110), D(1)),)
    panel = Panel(Box(0, 0, 100, 100), bars, (D(95), D(1_000)))
    assert panel.is_beyond(D(1_000)) == 1
    assert panel.is_beyond(D(95)) == 0
    assert panel.y(1_000) == 0
    bars = jump()
    texts = [text for text, _, _ in draw(chart(**trade_on(bars, at=10, targets=("6",)))).texts]
    assert any(text.startswith("▲ T1 ") for text in texts)


@pytest.mark.parametrize("locale", LOCALES)
def test_times_are_those_of_the_viewers_zone(locale):
    opens = [candle.open_ms for candle in candles(24, "15m")]
    labels = {
        zone: [text for _, text in time_ticks(opens, words(locale, zone), 28, lambda at: at * 40.0)]
        for zone in ("UTC", "Asia/Kathmandu")
    }
    assert labels["UTC"]
    assert labels["Asia/Kathmandu"]
    clocks = [text for texts in labels.values() for text in texts if ":" in text]
    assert {text[-3:] for text in clocks} == {":00"}  # round hours of that very zone
    assert set(labels["UTC"]) != set(labels["Asia/Kathmandu"])


@pytest.mark.parametrize(
    ("count", "interval", "said"),
    [
        (100, "1h", "Nov 18 18:00 – Nov 22 21:00 · America/Sao Paulo"),
        (100, "1d", "Nov 18 – Feb 25 · America/Sao Paulo"),
        (100, "1w", "Nov 2025 – Oct 2027 · America/Sao Paulo"),
    ],
)
def test_the_time_shown_is_named_as_finely_as_it_needs(count, interval, said):
    assert said in [text for text, _, _ in draw(chart(count, interval)).texts]


def test_a_day_without_an_hour_still_has_its_times():
    start = 1_772_931_600_000  # a night in which New York's clocks skip an hour
    opens = [start + index * 900_000 for index in range(40)]
    ticks = time_ticks(opens, words("en", "America/New_York"), 28, lambda at: at * 30.0)
    assert all(right[0] - left[0] > 100 for left, right in pairwise(ticks))
    assert len(ticks) > 3


@pytest.mark.parametrize(
    ("low", "high", "count"), [(100, 130, 5), (1e-8, 3e-8, 4), (1e9, 1e9 + 1, 5), (-1, 1, 3)]
)
def test_price_ticks_are_round_few_and_within(low, high, count):
    ticks = price_ticks(low, high, count)
    assert 1 <= len(ticks) <= count
    assert all(low <= tick <= high for tick in ticks)
    assert len({right - left for left, right in pairwise(ticks)}) <= 1


def test_price_ticks_of_nothing_are_none():
    assert price_ticks(1, 1, 5) == []
    assert price_ticks(1, 2, 1) == []


@pytest.mark.parametrize("locale", LOCALES)
def test_every_word_of_a_picture_can_be_drawn(locale):
    text = (FOLDER / locale / "pictures.ftl").read_text(encoding="utf-8")
    messages = [one for one in parse(text).body if isinstance(one, ast.Message)]
    literals = [
        part.value.strip()
        for message in messages
        for part in message.value.elements
        if isinstance(part, ast.TextElement)
    ]
    signs = ["→ ○ ● ▲ ▼ − … 0.0₄1234 ₀₁₂₃₄₅₆₇₈₉ R$ ãçéíóúõâê ÃÇÉÍÓÚÕÂÊ"]
    for literal in (*literals, *signs):
        assert plain(literal) == literal
        assert plain(literal, is_bold=True) == literal


def test_every_reason_has_its_words():
    assert set(SAID) == set(ExitReason)
    for locale in LOCALES:
        said = {words(locale).say(message) for message in SAID.values()}
        assert len(said) == len(ExitReason)


@pytest.mark.parametrize(
    ("ratio", "fields", "said"),
    [
        (
            "-0.02",
            {"reason": ExitReason.STOP_LOSS, "r_multiple": D("-1.04")},
            "Stopped as planned, −1R",
        ),
        ("-0.04", {"reason": ExitReason.STOP_LOSS, "r_multiple": D("-2")}, "Stopped out, −2R"),
        ("-0.04", {"reason": ExitReason.STOP_LOSS}, "Stopped out"),
        (
            "0.01",
            {"reason": ExitReason.STOP_LOSS, "r_multiple": D("0.5")},
            "Stopped in profit, +0.5R",
        ),
        ("0.01", {"reason": ExitReason.MANUAL}, "Closed by hand"),
    ],
)
def test_a_card_says_how_it_ended(ratio, fields, said):
    assert said in [text for text, _, _ in draw(card(ratio, **fields)).texts]


def test_money_is_on_a_card_only_when_its_owner_shows_it():
    hidden = " ".join(text for text, _, _ in draw(card("0.01")).texts)
    shown = " ".join(text for text, _, _ in draw(card("0.01", pnl=D("12.5"))).texts)
    assert "USDT" not in hidden
    assert "+12.50 USDT" in shown


def test_a_loss_wears_the_same_dress_as_a_gain():
    gain, loss = (draw(card(ratio, pnl=D(money))) for ratio, money in (("0.02", 5), ("-0.02", -5)))
    assert [(px, box.top) for _, px, box in gain.texts] == [
        (px, box.top) for _, px, box in loss.texts
    ]


def test_the_percent_stands_170_pixels_high():
    sizes = {text: px for text, px, _ in draw(card("0.0123")).texts}
    assert sizes["+1.23%"] == 170


def test_invented_prices_are_called_so():
    assert "invented prices" in [text for text, _, _ in draw(chart(is_invented=True)).texts]
    assert "invented prices" not in [text for text, _, _ in draw(chart()).texts]
    texts = [text for text, _, _ in draw(card(is_invented=True), "pt-BR").texts]
    assert "preços inventados, dinheiro simulado" in texts


@pytest.mark.parametrize(
    ("typed", "drawn"),
    [
        ("a\u202eb\u2066c\u200f", "abc"),
        ("one\ntwo\r\n\tthree", "one two three"),
        ("$\\frac{1}{0}$", "$\\frac{1}{0}$"),
        ("👻 Ana 👻", "Ana"),
        ("Z\u0337\u0321a\u0337lgo", "Zalgo"),
        ("e\u0301", "é"),
        ("日本", ""),
        ("שלום", "שלום"),
        ("x" * 500, "x" * 120),
        ("\x00\x1b[31m", "[31m"),
    ],
)
def test_a_name_is_drawn_harmlessly(typed, drawn):
    assert plain(typed) == drawn


@pytest.mark.parametrize("typed", ["$\\nonsense{$", "$x^2$", "a $_$ b"])
def test_a_formula_is_drawn_as_its_letters(typed):
    canvas = Canvas(600, 100, "#000000")
    box = canvas.write(typed, 10, 50, Lettering(60, "#FFFFFF"))  # the first would not even parse
    assert canvas.texts == [(typed, 60, box)]
    last = range(round(box.right) - 30, round(box.right))
    assert any(canvas.color_at(x, y) == "#FFFFFF" for x in last for y in range(100))


def test_a_long_text_shrinks_first_and_is_cut_then():
    wide = Lettering(60, "#FFFFFF")
    assert fitted("short", wide, 600) == ("short", wide)
    text, smaller = fitted("a rather long line", wide, 400, 30)
    assert text == "a rather long line"
    assert 30 <= smaller.px < 60
    text, smallest = fitted("W" * 100, wide, 400, 30)
    assert text.endswith("…")
    assert smallest.px == 30
    assert width_of(text, 30) <= 400 < width_of("W" + text, 30)


@given(
    st.lists(st.floats(-500, 1_500), max_size=20).map(sorted),
    st.floats(1, 50),
)
def test_spread_labels_keep_their_order_their_distance_and_their_room(wanted, height):
    placed = spread(wanted, height, 0, 1_000)
    assert len(placed) == len(wanted)
    assert all(right - left >= height - 1e-6 for left, right in pairwise(placed))
    assert all(height / 2 - 1e-6 <= middle <= 1_000 - height / 2 + 1e-6 for middle in placed)


def test_labels_with_room_stay_where_they_belong():
    assert spread([100, 300, 302], 10, 0, 1_000) == [100, 296, 306]


def test_a_dot_gives_way_to_what_is_there():
    room = Box(0, 0, 100, 100)
    taken = [around(50, 50, 10)]
    x, y = free_spot(50, 50, 10, taken, room)
    assert x == 50
    assert not around(x, y, 10).overlaps(taken[0])
    full = [room]
    assert free_spot(50, 50, 10, full, room) == (50, 50)


@pytest.mark.parametrize("palette", [DARK, LIGHT])
def test_every_ink_can_be_read_on_its_ground(palette):
    pairs = [
        (palette.ink, palette.ground),
        (palette.quiet_ink, palette.ground),
        (palette.quiet_ink, palette.panel),
        (palette.gain, palette.ground),
        (palette.loss, palette.ground),
        (palette.ink_on_color, palette.gain),
        (palette.ink_on_color, palette.loss),
    ]
    assert [pair for pair in pairs if contrast(*pair) < 4.5] == []


def contrast(one, other):
    """The ratio of two colors' luminance, as WCAG 2 counts it."""

    def luminance(color):
        parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dark, bright = sorted((luminance(one), luminance(other)))
    return (bright + 0.05) / (dark + 0.05)


def test_a_dashed_line_has_gaps():
    canvas = Canvas(200, 20, "#000000")
    canvas.line([(0, 10), (200, 10)], Pen("#FFFFFF", 4, (10.0, 10.0)))
    row = {canvas.color_at(x, 10) for x in range(200)}
    assert {"#000000", "#FFFFFF"} <= row
