"""Prices, the feed, the desk's state and the help screen in plain text."""

from bot.grammar.catalogue import BY_NAME
from bot.grammar.words import spoken
from bot.text.words import Words
from bot.views.market import (
    GROUP_HELLO,
    FeedRow,
    FeedState,
    FeedView,
    HelpView,
    PriceView,
    StatusView,
)

SHORT_OUTAGE_MS = 3_600_000
CLOCK_OFFSET_SHOWN_MS = 1_000


def price(view: PriceView, words: Words) -> list[str]:
    """Write a coin's last price with its age and print."""
    if view.price is None:
        return [words.say("price-none", coin=view.instrument.base)]
    title = words.say(
        "price-title",
        coin=view.instrument.base,
        price=words.quoted(view.price, view.instrument),
    )
    if view.age_ms is None:
        return [title]
    number = "…" if view.print_id is None else str(view.print_id)
    message_id = "price-age" if view.is_fresh else "price-old"
    return [title, words.say(message_id, age=words.span(view.age_ms), id=number)]


def feed(view: FeedView, words: Words) -> list[str]:
    """Write that prices went away, come, or are back."""
    lines = [words.say(f"feed-{view.state.value}")]
    if view.state is FeedState.LIVE and view.away_ms is not None:
        return [*lines, words.say("feed-live-since", span=words.span(view.away_ms))]
    return lines


def status(view: StatusView, words: Words) -> list[str]:
    """Write how feed, database and engine are, one fact a line."""
    lines = [words.say(f"status-feed-{view.feed.value}")]
    lines += ["  " + _symbol(row, words) for row in view.rows]
    lines += _database(view, words)
    if view.database_is_up:
        counts = {"count": view.open_count, "waiting": view.waiting_count}
        lines.append(words.say("status-open", **counts))
    if view.clock_offset_ms is not None and abs(view.clock_offset_ms) >= CLOCK_OFFSET_SHOWN_MS:
        lines.append(words.say("status-clock", span=words.span(abs(view.clock_offset_ms))))
    lines.append(_caught_up(view, words))
    running = words.span(view.now_ms - view.started_at_ms)
    return [*lines, words.say("status-running", span=running)]


def _symbol(row: FeedRow, words: Words) -> str:
    if row.last_id is None or row.age_ms is None:
        return words.say("status-symbol-none", symbol=row.symbol)
    return words.say(
        "status-symbol" if row.is_fresh else "status-symbol-old",
        symbol=row.symbol,
        id=str(row.last_id),
        age=words.span(row.age_ms),
    )


def _database(view: StatusView, words: Words) -> list[str]:
    state = words.say("status-database-up" if view.database_is_up else "status-database-down")
    if view.database_is_up and view.database_latency_ms is not None:
        state = f"{state} · {words.span(view.database_latency_ms)}"
    if view.database is None:
        return [state]
    kind = view.database.replace("embedded", words.say("status-embedded"))
    return [state, f"  {kind}"]


def _caught_up(view: StatusView, words: Words) -> str:
    found = view.caught_up
    if found is None:
        return words.say("status-nothing-caught-up")
    is_short = found.until_ms - found.since_ms < SHORT_OUTAGE_MS
    moment = words.clock if is_short else words.day_and_minute
    return words.say(
        "status-caught-up",
        prints=found.prints,
        fills=found.fills,
        since=moment(found.since_ms),
        until=moment(found.until_ms),
    )


def help_screen(view: HelpView, words: Words) -> list[str]:
    """Write the one screen that teaches by examples, or what there is to one command."""
    if view.topic == GROUP_HELLO:
        return [words.say("group-hello")]
    if view.topic not in BY_NAME:
        return [words.say("help-screen")]
    line, summary = spoken(view.topic, words.locale), words.say(f"command-{view.topic}")
    title = words.say("help-title", line=line, summary=summary)
    return [title, words.say(f"help-{view.topic}")]
