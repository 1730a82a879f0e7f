"""Price alerts in plain text."""

from bot.text.words import Words
from bot.views.alerts import AlertEndedView, AlertFiredView, AlertRow, AlertSetView, AlertsView
from bot.views.plain.pieces import bounds, try_line
from engine.core.alerts import Crossing

EXAMPLE = "/alert btc +5%"
LATE_MS = 60_000


def alert_set(view: AlertSetView, words: Words) -> list[str]:
    """Write that an alert is armed, and how far the price has to go."""
    row = view.row
    name = "alert-set-known" if view.was_armed else "alert-set"
    lines = [words.say(name, coin=row.instrument.base, price=_level(row, words))]
    if view.now is None or row.distance_ratio is None:
        return lines
    now = words.price(view.now, row.instrument)
    return [*lines, words.say("alert-away", now=now, percent=_distance(row, words))]


def alerts(view: AlertsView, words: Words) -> list[str]:
    """Write the alerts, and how to set one."""
    lines = tapped_alerts(view, words)
    return lines if view.rows else [*lines, try_line(EXAMPLE, words)]


def tapped_alerts(view: AlertsView, words: Words) -> list[str]:
    """Write the alerts."""
    removed = [words.say("alerts-removed", count=view.removed)] if view.removed else []
    if not view.rows:
        return removed or [words.say("alerts-none")]
    return [*removed, words.say("alerts-title", count=len(view.rows)), *_rows(view, words)]


def alert_fired(view: AlertFiredView, words: Words) -> list[str]:
    """Write that a price was reached; the mark says whether it was found late."""
    row, instrument = view.row, view.row.instrument
    is_late = view.late is not None and view.late.until_ms - view.time_ms > LATE_MS
    title = words.say(
        f"alert-fired-{row.crossing.value}",
        mark="⏳" if is_late else "🔔",
        coin=instrument.base,
        price=words.quoted(view.price, instrument),
    )
    level = words.say("alert-level", price=_level(row, words), time=words.clock(view.time_ms))
    if view.late is None or not is_late:
        return [title, level]
    since, until = bounds(view.late, words)
    return [title, level, words.say("alert-late", since=since, until=until)]


def alert_ended(view: AlertEndedView, words: Words) -> list[str]:
    """Write that an alert will never be reached."""
    coin = view.row.instrument.base or view.row.instrument.symbol
    title = words.say("alert-ended", coin=coin, price=_level(view.row, words))
    return [title, words.say("alert-ended-detail")]


def alert_name(row: AlertRow, words: Words) -> str:
    """Name an alert on a button: `BTC 70,000.00`."""
    return f"{row.instrument.base} {words.price(row.price, row.instrument)}"


def _rows(view: AlertsView, words: Words) -> list[str]:
    return [
        words.say(
            "alert-row" if row.distance_ratio is not None else "alert-row-bare",
            coin=row.instrument.base,
            arrow="▲" if row.crossing is Crossing.UP else "▼",
            price=_level(row, words),
            percent=_distance(row, words),
        )
        for row in view.rows
    ]


def _level(row: AlertRow, words: Words) -> str:
    return words.quoted(row.price, row.instrument).rstrip()


def _distance(row: AlertRow, words: Words) -> str:
    return "" if row.distance_ratio is None else words.percent(row.distance_ratio)
