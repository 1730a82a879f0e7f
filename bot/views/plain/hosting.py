"""What a host is told, in plain text: health, receipts, what was carried out, his own words."""

from bot.text.words import Words
from bot.views.house import (
    AdminDoneView,
    BroadcastView,
    HealthView,
    PlatformRow,
    ReceiptView,
)
from bot.views.plain.house import chat_name


def health(view: HealthView, words: Words) -> list[str]:
    """Write what a host wants to know at a glance, what is wrong before what is well."""
    title = words.say(
        "health-title",
        span=words.span(view.up_ms),
        count=view.people,
        people=words.whole(view.people),
    )
    engine = words.say(
        "health-engine",
        armed="yes" if view.is_armed else "no",
        database="yes" if view.database_is_up else "no",
    )
    numbers = [
        words.say(
            "health-trades",
            count=view.open_trades,
            open=words.whole(view.open_trades),
            waiting=words.whole(view.waiting_orders),
        ),
        words.say(
            "health-deliveries",
            pending=words.whole(view.pending_deliveries),
            dead=words.whole(view.dead_deliveries),
        ),
        words.say(
            "health-machine",
            memory=words.whole(view.memory_mb),
            lag=words.span(view.lag_ms),
        ),
    ]
    paused = [words.say("health-paused")] if view.is_paused else []
    platforms = [line for row in view.platforms for line in _platform(row, words)]
    return [title, *paused, *platforms, engine, *numbers]


def _platform(row: PlatformRow, words: Words) -> list[str]:
    state = words.say(
        f"health-platform-{row.state.value}",
        chat=chat_name(row.platform, words),
        since=words.minute(row.since_ms),
    )
    facts = [state]
    if row.queued:
        facts.append(words.say("health-queued", count=words.whole(row.queued)))
    line = " · ".join(facts)
    return [line, "  " + words.say("health-reason", reason=row.reason)] if row.reason else [line]


def receipt(view: ReceiptView, words: Words) -> list[str]:
    """Write how long the desk was away, and what it found of that time."""
    found = view.found
    detail = words.say(
        "receipt-detail",
        count=found.prints,
        prints=words.whole(found.prints),
        fills=found.fills,
        exits=words.whole(found.fills),
    )
    away = words.span(found.until_ms - found.since_ms)
    return [words.say("receipt-title", span=away), detail]


def admin_done(view: AdminDoneView, words: Words) -> list[str]:
    """Write that a host's order was carried out."""
    people = words.whole(view.count)
    title = words.say(f"admin-done-{view.action}", count=view.count, people=people)
    return [title, words.say("admin-done-pause-detail")] if view.action == "pause" else [title]


def broadcast(view: BroadcastView, words: Words) -> list[str]:
    """Write a host's words as they are."""
    return [words.say("broadcast-title", text=view.text)]
