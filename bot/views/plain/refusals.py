"""Every no in plain text: what was understood, why not, and one line that works."""

from decimal import Decimal

from bot.grammar.numbers import typed
from bot.grammar.requests import MisreadCode
from bot.grammar.words import in_words_of
from bot.text.words import Words
from bot.views.plain.pieces import direction_word, price_word, try_line
from bot.views.refusals import (
    MisreadView,
    OrderFailedView,
    ProblemCode,
    ProblemView,
    RefusedView,
)
from engine.core.commands import RefusalCode

Refused = RefusedView | OrderFailedView

_WITHOUT_DETAIL = frozenset({RefusalCode.CANCELED, RefusalCode.ALERT_NOT_ARMED})
_WRONG_SIDES = frozenset({RefusalCode.STOP_WRONG_SIDE, RefusalCode.TARGET_WRONG_SIDE})
_PLACEHOLDERS = (
    *("coin", "number", "unit", "pair", "quote", "name"),
    *("price", "now", "seconds", "limit"),
)
_SPEAKS_OF_MONEY = frozenset({RefusalCode.STALE_PRICE})


def refused(view: RefusedView, words: Words) -> list[str]:
    """Write the engine's no to a command."""
    retry = retry_of(view)
    lines = tapped_refused(view, words)
    return [*lines, try_line(retry, words)] if retry else lines


def tapped_refused(view: RefusedView, words: Words) -> list[str]:
    """Write the engine's no, without the line that would work."""
    return _refusal(view, words)


def retry_of(view: RefusedView) -> str | None:
    """Return the line that would work, in the words of `en`, when there is one."""
    return view.retry or _repaired(view)


def order_failed(view: OrderFailedView, words: Words) -> list[str]:
    """Write why an accepted order ended without a fill."""
    lines = tapped_order_failed(view, words)
    return [*lines, try_line(view.retry, words)] if view.retry else lines


def tapped_order_failed(view: OrderFailedView, words: Words) -> list[str]:
    """Write why an accepted order ended without a fill, without the line that would work."""
    return _refusal(view, words)


def _refusal(view: Refused, words: Words) -> list[str]:
    code = view.refusal.code
    name = code.value
    if code is RefusalCode.STALE_PRICE and not _has_age(view):
        name = "no_price"
    title = "refused-open" if view.number is None else "refused-other"
    is_of_alert = isinstance(view, RefusedView) and view.of_alert
    if is_of_alert:
        title = "refused-alert"
    lines = [words.say(title, why=words.say(f"why-{name}", **_facts(view, words)))]
    if code not in _WITHOUT_DETAIL:
        detail = f"{name}-alert" if is_of_alert and code is RefusalCode.STALE_PRICE else name
        lines.append(words.say(f"detail-{detail}", **_facts(view, words)))
    if isinstance(view, OrderFailedView) and code not in _SPEAKS_OF_MONEY and view.number is None:
        lines.append(words.say("nothing-spent"))
    return lines


def _has_age(view: Refused) -> bool:
    return bool(view.refusal.facts.get("age_ms")) and bool(view.refusal.facts.get("price"))


def _repaired(view: RefusedView) -> str | None:
    """Return the edit that would be accepted, when the refusal knows the level."""
    level = view.refusal.facts.get("suggestion")
    if view.refusal.code not in _WRONG_SIDES or view.number is None or not level:
        return None
    command = "sl" if view.refusal.code is RefusalCode.STOP_WRONG_SIDE else "tp"
    return f"/{command} {view.number} {typed(Decimal(level))}"


def _facts(view: Refused, words: Words) -> dict[str, str]:
    """Return every placeholder that a sentence about a refusal may name, as the language writes it.

    A fact that the engine did not give is an ellipsis, never an error.
    """
    facts = view.refusal.facts
    instrument = view.instrument
    prices = (
        {}
        if instrument is None
        else {
            name: words.price(Decimal(facts[name]), instrument)
            for name in ("price", "level")
            if facts.get(name)
        }
    )
    money = {
        name: words.money(Decimal(facts[name]), view.currency)
        for name in ("needed", "balance")
        if facts.get(name)
    }
    quote = instrument.quote if instrument else facts.get("quote", "")
    notional, least = facts.get("notional"), facts.get("notional_min")
    given = {
        "coin": instrument.base if instrument else facts.get("symbol"),
        "base": instrument.base if instrument else facts.get("base"),
        "quote": quote,
        "direction": direction_word(view.direction, words) if view.direction else None,
        "side": facts.get("side"),
        "limit": facts.get("limit"),
        "order": "entry" if view.number is None else "close",
        "currency": view.currency,
        "symbols": facts.get("rate_symbols") or facts.get("rate_symbol"),
        "age": words.span(int(facts["age_ms"])) if facts.get("age_ms") else None,
        "notional": words.money(Decimal(notional), quote) if notional else None,
        "quantity": _quantity(facts.get("quantity"), words),
        "minimum": words.asked(Decimal(least), quote)
        if least
        else _quantity(facts.get("quantity_min"), words),
        "step": _quantity(facts.get("step_size"), words),
        "share": words.percent(Decimal(facts["share"])) if facts.get("share") else None,
    }
    expected = dict.fromkeys(("price", "level", "needed", "balance"), "…")
    return expected | {name: text or "…" for name, text in given.items()} | prices | money


def _quantity(text: str | None, words: Words) -> str | None:
    return words.quantity(Decimal(text)) if text else None


def problem(view: ProblemView, words: Words) -> list[str]:
    """Write a use case's no."""
    lines = tapped_problem(view, words)
    if view.suggestion is None or view.code is ProblemCode.NOT_YOURS:
        return lines
    return [*lines, try_line(view.suggestion, words)]


def tapped_problem(view: ProblemView, words: Words) -> list[str]:
    """Write a use case's no, without the line that would work."""
    numbers = {
        name: price_word(Decimal(view.facts[name]), view.instrument, words)
        for name in ("price", "now")
        if view.facts.get(name)
    }
    if seconds := view.facts.get("seconds"):
        numbers["seconds"] = words.span(int(Decimal(seconds) * 1_000))
    placeholders = dict.fromkeys(_PLACEHOLDERS, "…") | view.facts | numbers
    lines = [words.say(f"problem-{view.code.value}", **placeholders)]
    is_toast = view.code is ProblemCode.NOT_YOURS  # it has no buttons: the line stands in it
    if is_toast and view.suggestion and view.suggestion.startswith("/"):
        line = in_words_of(view.suggestion, words.locale)
        lines.append(words.say("problem-not_yours-line", line=line))
    return lines


def misread(view: MisreadView, words: Words) -> list[str]:
    """Write why a line was not understood."""
    misread, lines = view.misread, tapped_misread(view, words)
    if misread.suggestion and misread.code is not MisreadCode.EMPTY:
        lines.append(words.say("try-line", line=misread.suggestion))
    return lines


def tapped_misread(view: MisreadView, words: Words) -> list[str]:
    """Write why a line was not understood, without the line that would be."""
    misread = view.misread
    facts = dict(misread.facts)
    if "feature" in facts:
        facts["feature"] = words.say(f"feature-{facts['feature']}")
    return [words.say(f"misread-{misread.code.value}", **facts)]
