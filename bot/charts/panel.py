"""A panel of candles: which pixel a price and a moment have, and the candles themselves."""

from bisect import bisect_right
from collections.abc import Sequence
from decimal import Decimal

from bot.charts.boxes import Box
from bot.charts.canvas import Canvas, Pen
from bot.charts.palette import Palette
from bot.views import Candle

PADDING = 0.15
CANDLES_MAX = 240
SLOT_MAX = 26.0
BODY_SHARE = 0.7
CANDLES_SHARE_MIN = 0.4
FLAT_RATIO = 0.005
WICK = 2


class Panel:
    """Maps prices and times into `box`. What lies beyond its scale is held at its edge.

    `others` are prices that should be seen too (levels, fills); one so far off that the candles
    would lose over 60 % of the height to it stays outside.
    """

    def __init__(self, box: Box, candles: Sequence[Candle], others: Sequence[Decimal]) -> None:
        self.box = box
        self.candles = candles[-CANDLES_MAX:]
        self.low, self.high = _scale(self.candles, [float(one) for one in others])
        self.slot = min(box.width / max(len(self.candles), 1), SLOT_MAX)
        self._opens = [candle.open_ms for candle in self.candles]
        self._left = box.right - self.slot * len(self.candles)

    def y(self, price: float | Decimal) -> float:
        """Return the pixel of a price, held within the box."""
        share = (float(price) - self.low) / (self.high - self.low)
        return self.box.bottom - min(max(share, 0.0), 1.0) * self.box.height

    def is_beyond(self, price: Decimal) -> int:
        """Return 1 for a price above the scale, -1 for one below, else 0."""
        return (float(price) > self.high) - (float(price) < self.low)

    def x(self, time_ms: int) -> float | None:
        """Return the middle of the candle of a moment; None when it is before the first."""
        index = bisect_right(self._opens, time_ms) - 1
        return None if index < 0 else self.middle(index)

    def middle(self, index: int) -> float:
        """Return the middle of a candle, on a whole pixel."""
        return round(self._left + self.slot * (index + 0.5))

    def half_body(self) -> int:
        """Return half the width of a candle's body in whole pixels."""
        return max(2, round(self.slot * BODY_SHARE / 2))

    def draw(self, canvas: Canvas, palette: Palette, ground: str) -> None:
        """Draw the candles: risen ones hollow (`ground` shows through), fallen ones filled."""
        half = self.half_body()
        for index, candle in enumerate(self.candles):
            x, is_up = self.middle(index), candle.close >= candle.open
            color = palette.of(is_gain=is_up)
            high, low = round(self.y(candle.high)), round(self.y(candle.low))
            top = round(self.y(max(candle.open, candle.close)))
            bottom = max(round(self.y(min(candle.open, candle.close))), top + WICK)
            body = Box(x - half, top, x + half, bottom)
            canvas.fill(Box(x - WICK / 2, high, x + WICK / 2, max(low, high + WICK)), color)
            if is_up and bottom - top > 2 * WICK:
                canvas.frame(body, Pen(color, WICK), ground)
            else:
                canvas.fill(body, color)

    def draw_volume(self, canvas: Canvas, palette: Palette, strip: Box) -> None:
        """Draw the candles' volume into a strip below."""
        largest = max((candle.volume for candle in self.candles), default=Decimal(0))
        if largest <= 0:
            return
        half = self.half_body()
        for index, candle in enumerate(self.candles):
            height = round(strip.height * float(candle.volume / largest))
            x, is_up = self.middle(index), candle.close >= candle.open
            color = palette.quiet_gain if is_up else palette.quiet_loss
            if height:
                canvas.fill(Box(x - half, strip.bottom - height, x + half, strip.bottom), color)


def _scale(candles: Sequence[Candle], others: Sequence[float]) -> tuple[float, float]:
    prices = [float(price) for candle in candles for price in (candle.high, candle.low)]
    low, high = _range(prices or others or (0.0, 1.0))
    room = (high - low) / CANDLES_SHARE_MIN
    for price in sorted(others, key=lambda one: max(low - one, one - high)):
        wider = min(low, price), max(high, price)
        if wider[1] - wider[0] <= room:
            low, high = wider
    padding = (high - low) * PADDING
    return low - padding, high + padding


def _range(prices: Sequence[float]) -> tuple[float, float]:
    """Return lowest and highest, apart from each other even where nothing moved."""
    low, high = min(prices), max(prices)
    slack = abs(high) * FLAT_RATIO or 1.0
    return (low, high) if high - low > slack / 1_000 else (low - slack, high + slack)
