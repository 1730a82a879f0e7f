"""An entry, its wait, and changes of a trade's exits, in plain text."""

from decimal import Decimal

from bot.text.words import Words
from bot.views.plain.pieces import direction_word, late_lines, plan_line
from bot.views.trades import ExitsSetView, OpenedView, OrderWaitingView
from engine.core.numbers import ZERO

RISK_SHOWN_MIN = Decimal("0.0001")


def opened(view: OpenedView, words: Words) -> list[str]:
    """Write what was bought or sold short, and what protects it."""
    title = words.say(
        "opened-title",
        emoji="⏳" if view.late else "✅",
        coin=words.coin(view.instrument, view.currency),
        direction=direction_word(view.direction, words),
        number=str(view.number),
        money=words.money(view.notional, view.currency),
    )
    lines = [title]
    if view.late:
        at = words.price(view.price, view.instrument)
        lines += late_lines(view.late, view.justified_by.time_ms, {"price": at}, words)
    return [*lines, *_opened_details(view, words)]


def _opened_details(view: OpenedView, words: Words) -> list[str]:
    entry = words.say(
        "opened-entry",
        price=words.price(view.price, view.instrument),
        quantity=words.quantity(view.quantity),
        base=view.instrument.base,
        fee=words.amount(view.fee),
    )
    lines = [entry]
    if view.stop is None:
        lines.append(words.say("opened-no-stop", number=str(view.number)))
    else:
        lines.append(plan_line("stop-plan", view.stop, view, words))
    if view.target is not None:
        lines.append(plan_line("target-plan", view.target, view, words))
    if view.stop is None and view.liquidation_price is not None:
        at = words.price(view.liquidation_price, view.instrument)
        lines.append(words.say("liquidation-level", price=at))
    if view.risk_ratio is not None:
        risk = words.say("opened-risk", percent=_risk(view.risk_ratio, words))
        lines.append(f"{risk} {_latency(view, words)}".rstrip())
    return lines


def _risk(ratio: Decimal, words: Words) -> str:
    """Write what is at risk; a little is not nothing."""
    if ZERO < ratio < RISK_SHOWN_MIN:
        return f"<{words.percent(RISK_SHOWN_MIN)}"
    return words.percent(ratio)


def _latency(view: OpenedView, words: Words) -> str:
    if view.latency_ms is None or view.late:
        return ""
    return words.say("latency", span=words.span(view.latency_ms))


def order_waiting(view: OrderWaitingView, words: Words) -> list[str]:
    """Write that an accepted order still waits, and for what."""
    if view.number is None:
        title = words.say(
            "waiting-entry",
            coin=view.instrument.base,
            direction=direction_word(view.direction, words),
        )
        return [title, words.say("waiting-entry-detail")]
    title = words.say("waiting-close", coin=view.instrument.base, number=str(view.number))
    if view.is_patient and view.price_age_ms is not None:
        age = words.span(view.price_age_ms)
        return [title, words.say("waiting-close-patient", age=age)]
    return [title, words.say("waiting-entry-detail")]


def exits_set(view: ExitsSetView, words: Words) -> list[str]:
    """Write the stop and target as they stand after a change."""
    plan, name = (view.stop, "stop") if view.is_stop else (view.target, "target")
    title = words.say(
        f"exits-{name}-off" if plan is None else f"exits-{name}-set",
        coin=words.coin(view.instrument, view.currency),
        number=str(view.number),
        **({} if plan is None else {"price": words.price(plan.price, view.instrument)}),
    )
    lines = [title]
    if view.stop is not None:
        lines.append(plan_line("stop-plan", view.stop, view, words))
    if view.target is not None:
        lines.append(plan_line("target-plan", view.target, view, words))
    if view.stop is None:
        lines.append(words.say("opened-no-stop", number=str(view.number)))
    if plan is not None and view.price:
        away = abs(plan.price - view.price) / view.price
        at = words.price(view.price, view.instrument)
        lines.append(words.say("exits-now", price=at, percent=words.percent(away)))
    return lines
